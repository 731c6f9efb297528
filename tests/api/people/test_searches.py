"""Somebody is found by a part of their name, by number or telephone, in the cases of the asker's unit and nowhere else."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.calls import House
from domain.actors import Actor, Role
from domain.agencies import Agency, PlaceKind
from domain.identifiers import new_id
from services import rate_limits, search
from services.blind_index import digest_of
from services.database import transaction
from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage
from services.indexing import index_people
from services.name_tokens import anchors_of, tokens_of
from tests.api.manners.operations import statements_of
from tests.api.people.conftest import learn, taken_in

NAME, OTHER, NUMBER, PHONE = "贾寻芳", "阿寻", "110101200501010033", "13900001234"
Refuse = Callable[..., Json]


@pytest.fixture(scope="module")
def sought(module_play: Stage) -> Journey:
    person = {"identity": {"name": NAME, "other_names": [OTHER], "lowest_age": 20}}
    journey = taken_in(module_play, {**person, "situation": {"in_danger": "no", "apart_from_family": "yes"}})
    learn(
        module_play.desk("cab-1"),
        journey,
        documents={"identity_number": NUMBER},
        contact={"phone": PHONE},
    )
    return journey


def found(desk: Desk, **asked: Any) -> list[str]:
    return [item["victim_id"] for item in desk.post("/people/searches", asked)["items"]]


def victim_of(journey: Journey) -> str:
    return journey.person.rpartition("/")[2]


@pytest.mark.parametrize(
    "asked",
    [
        {"name": NAME},
        {"name": "寻芳"},
        {"name": OTHER},
        {"name": "jia xunfang"},
        {"name": "賈尋芳"},
        {"identity_number": NUMBER},
        {"identity_number": "110101 20050101 0033"},
        {"phone": PHONE},
        {"phone": "+86 139 0000 1234"},
        {"name": NAME, "case_state": "open"},
    ],
)
def test_the_owner_finds_them(sought: Journey, desk: Callable[[str], Desk], asked: Json) -> None:
    answer = desk("cab-1").post("/people/searches", asked)
    (item,) = answer["items"]
    assert (item["victim_id"], item["case_id"]) == (victim_of(sought), sought.case["id"])
    assert item["name"] == (NAME if "name" in asked else None)
    assert desk("cab-1").get(item["links"]["victim"])["id"] == victim_of(sought)


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "贾小芳"},
        {"identity_number": "110101200501010017"},
        {"phone": "13900001235"},
        {"name": NAME, "case_state": "closed"},
    ],
)
def test_nobody_is_found_by_what_is_not_theirs(
    sought: Journey, desk: Callable[[str], Desk], asked: Json
) -> None:
    assert found(desk("cab-1"), **asked) == []


def test_a_unit_that_does_not_work_on_the_case_finds_nobody(
    sought: Journey, desk: Callable[[str], Desk]
) -> None:
    for stranger in ("south-cab-1", "south-psb-1", "edu-1", "station-1"):
        assert found(desk(stranger), name=NAME) == []


@pytest.mark.parametrize(
    ("who", "asked"),
    [("psb-1", {"phone": PHONE}), ("edu-1", {"identity_number": NUMBER}), ("edu-1", {"phone": PHONE})],
)
def test_nobody_looks_by_what_they_do_not_read(
    sought: Journey, desk: Callable[[str], Desk], refused: Refuse, who: str, asked: Json
) -> None:
    problem = refused(422, desk(who).post, "/people/searches", asked)
    assert problem["errors"][0]["rule"] == "not_read_by_you"


@pytest.mark.parametrize("who", ["hotline", "admin", "office-1", "auditor"])
def test_these_roles_look_for_nobody(
    sought: Journey, desk: Callable[[str], Desk], refused: Refuse, who: str
) -> None:
    refused(403, desk(who).post, "/people/searches", {"name": NAME})


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "exactly_one"),
        ({"name": NAME, "phone": PHONE}, "exactly_one"),
        ({"name": "芳"}, "name_too_short"),
        ({"name": NAME, "after": "eHh4"}, "cursor"),
    ],
)
def test_exactly_one_thing_is_asked_for(
    sought: Journey, desk: Callable[[str], Desk], refused: Refuse, asked: Json, code: str
) -> None:
    problem = refused(422, desk("cab-1").post, "/people/searches", asked)
    assert [error["rule"] for error in problem["errors"]] == [code]
    assert NAME not in str(problem)


def test_a_name_that_was_changed_is_found_as_it_is_now(
    module_play: Stage, desk: Callable[[str], Desk], house: House, admin: Engine
) -> None:
    journey = taken_in(module_play, {"identity": {"name": "原名甲乙", "lowest_age": 20}})
    assert found(desk("cab-1"), name="原名甲乙") == [victim_of(journey)]
    learn(desk("cab-1"), journey, identity={"name": "新名丙丁"})
    assert found(desk("cab-1"), name="新名丙丁") == [victim_of(journey)]
    assert found(desk("cab-1"), name="原名甲乙") == []
    keys = house.master_keys
    now = {digest_of(keys, keys.current, "name", token) for token in tokens_of("新名丙丁")}
    with admin.connect() as connection:
        rows = text("select token from search_tokens where person_id = cast(:id as uuid) and field = 'name'")
        assert {bytes(t) for t in connection.execute(rows, {"id": victim_of(journey)}).scalars()} == now


def test_pages_follow_each_other_and_a_mark_is_good_for_its_search_alone(
    module_play: Stage, desk: Callable[[str], Desk], refused: Refuse
) -> None:
    everybody = {
        victim_of(taken_in(module_play, {"identity": {"name": "翻页同名", "lowest_age": 20}}))
        for _ in range(3)
    }
    seen, mark, last, pages = [], None, None, 0
    while pages < 10:
        page = desk("cab-1").post(
            "/people/searches", {"name": "翻页同名", "limit": 2, **({"after": mark} if mark else {})}
        )
        seen += [item["victim_id"] for item in page["items"]]
        pages, mark, last = pages + 1, page["next"], mark
        if mark is None:
            break
    assert sorted(seen) == sorted(everybody)
    assert last is not None
    refused(422, desk("cab-1").post, "/people/searches", {"name": "翻页", "limit": 2, "after": last})
    refused(422, desk("cab-2").post, "/people/searches", {"name": "翻页同名", "limit": 2, "after": last})


def test_the_log_keeps_who_was_found_and_never_the_words(
    sought: Journey, desk: Callable[[str], Desk], admin: Engine
) -> None:
    for asked in ({"name": NAME}, {"name": NAME}, {"name": "查无此人"}):
        desk("cab-1").post("/people/searches", asked)
    with admin.begin() as connection:
        rows = connection.execute(
            text(
                "select query_digest, found_ids, request_id from read_log where subject = 'search'"
                " and account_id = cast(:me as uuid) order by read_at desc limit 3"
            ),
            {"me": desk("cab-1").me["account_id"]},
        ).all()
        results = connection.execute(
            text(
                "select subject, subject_id from read_log where request_id = :id and file_id = cast(:case as uuid)"
            ),
            {"id": rows[1].request_id, "case": sought.case["id"]},
        ).all()
        everything = connection.execute(text("select read_log::text from read_log")).scalars().all()
    nobody, second, first = rows
    assert [str(one) for one in second.found_ids] == [victim_of(sought)]
    assert nobody.found_ids == []
    assert bytes(first.query_digest) == bytes(second.query_digest) != bytes(nobody.query_digest)
    assert [(row.subject, str(row.subject_id)) for row in results] == [("search_result", victim_of(sought))]
    assert not [row for row in everything if NAME in row or NAME.encode().hex() in row]


def test_candidates_come_in_one_statement(sought: Journey, desk: Callable[[str], Desk], house: House) -> None:
    with statements_of(house.engine) as seen:
        desk("cab-1").post("/people/searches", {"name": NAME})
    # session, the clock and the count of the quota, the candidates with their values and keys, the two lines of the log
    assert len(seen) == 6
    assert len([one for one in seen if "search_tokens" in one]) == 1


def test_digests_that_are_shared_by_chance_find_nobody(
    sought: Journey, desk: Callable[[str], Desk], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_tokens", lambda _session, _sought: _every_token_of(house, NAME))
    assert found(desk("cab-1"), name="别人乙丙") == []
    assert found(desk("cab-1"), name=NAME) == [victim_of(sought)]


def _every_token_of(house: House, name: str) -> list[bytes]:
    keys = house.master_keys
    return [digest_of(keys, keys.current, "name", token) for token in anchors_of(name)]


def test_the_quota_of_an_account_ends_and_is_told(
    sought: Journey, desk: Callable[[str], Desk], house: House, client: TestClient
) -> None:
    me, limit = desk("cab-2"), rate_limits.SEARCHES
    at = datetime.now(UTC)
    for _ in range(limit.requests - 1):
        rate_limits.count(house.engine, house.master_keys, limit, str(me.me["account_id"]), at)
    headers = {"Authorization": f"Bearer {me.token}"}
    last = client.post("/people/searches", json={"name": NAME}, headers=headers)
    assert (last.status_code, last.headers["RateLimit"].split(";")[1]) == (200, "r=0")
    refused = client.post("/people/searches", json={"name": NAME}, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too_many")
    assert refused.headers["Retry-After"]
    assert found(desk("cab-1"), name=NAME) == [victim_of(sought)]


def test_people_of_before_are_brought_into_the_index_by_the_worker(
    sought: Journey, desk: Callable[[str], Desk], house: House, admin: Engine, worker: Engine
) -> None:
    with admin.begin() as connection:
        connection.execute(text("delete from search_tokens"))
        connection.execute(text("update victims set indexed_with = null"))
    assert found(desk("cab-1"), name=NAME) == []
    assert index_people(worker, house.master_keys)["indexed"] >= 1
    assert found(desk("cab-1"), name=NAME) == [victim_of(sought)]
    assert index_people(worker, house.master_keys) == {"indexed": 0}


@pytest.fixture
def worker(house: House) -> Any:
    from services.database import engine_for

    engine = engine_for(house.settings.worker_database_url or "", 2)
    yield engine
    engine.dispose()


def test_the_application_alone_reads_no_index_of_a_file_it_does_not_work_on(
    sought: Journey, house: House
) -> None:
    with transaction(house.engine) as session:
        assert session.execute(text("select 1 from search_tokens")).first() is None


def test_the_search_itself_asks_whose_work_it_is(sought: Journey, house: House, admin: Engine) -> None:
    """With row-level security out of the way: as the database's superuser, whom nothing holds."""
    info = {"master_keys": house.master_keys, "request_id": new_id()}
    told = {}
    with transaction(admin, info) as session:
        for username in ("cab-1", "south-cab-1"):
            row = session.execute(
                text(
                    "select a.id, a.unit_id, u.place_id from accounts a join units u on u.id = a.unit_id"
                    " where username = :name"
                ),
                {"name": username},
            ).one()
            actor = Actor(
                row.id,
                new_id(),
                row.unit_id,
                Agency.CAB,
                Role.CASEWORKER,
                row.place_id,
                PlaceKind.DIVISION,
                None,
            )
            page = search.search(session, actor, search.Sought("name", NAME), after=None, limit=20)
            told[username] = [str(one.victim_id) for one in page.found]
    assert told == {"cab-1": [victim_of(sought)], "south-cab-1": []}
