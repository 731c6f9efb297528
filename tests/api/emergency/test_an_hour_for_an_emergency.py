"""Emergency access: one case, one officer, one hour, told in the same transaction, never a way around anything else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import httpx
import pytest
from sqlalchemy import create_engine, insert, text

from domain.emergency import SHOWN, USUAL_IN_A_DAY
from domain.identifiers import new_id
from domain.numbers import case_number
from services.clockwork import DueFile, raise_due
from services.database import now, transaction
from services.demo_desk import Json
from services.records.accounts import SessionRow
from services.settings import APPLICATION_ROLE
from tests.api.access.world import EXPORTS, SECRETS, Matter, World, new_case, operations, same

ASKER: Final = "south-cab-1"
WORDS: Final = "安置处所来电，有人砸门"
NOBODYS: Final = case_number(8_000_000, 2026)
"""A number that nothing stands behind."""
READ_IN_AN_EMERGENCY: Final = ("name", "phone", "address")


def number_of(world: World, matter: Matter) -> str:
    return str(world.sql("select number from cases where id = :id", id=matter.case_id)[0][0])


def ask(world: World, username: str, number: str, **other: object) -> httpx.Response:
    body = {"case_number": number, "reason_code": "danger_call", "reason": WORDS, **other}
    return world.ask(username, "POST", "/emergency_access", body)


def opened(world: World, matter: Matter, username: str = ASKER) -> Json:
    answer = ask(world, username, number_of(world, matter))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def people(world: World, grant: Json, username: str = ASKER) -> httpx.Response:
    return world.ask(username, "GET", f"/emergency_access/{grant['id']}/people")


def grants(world: World) -> int:
    return len(world.sql("select 1 from emergency_grants"))


def test_it_opens_who_somebody_is_how_they_are_reached_and_where_they_sleep_and_nothing_more(
    world: World, north: Matter
) -> None:
    answer = people(world, opened(world, north))
    assert answer.status_code == 200
    found = {name for name, secret in SECRETS.items() if secret in answer.text}
    assert found == set(READ_IN_AN_EMERGENCY)
    (person,) = answer.json()["items"]
    for section, fields in SHOWN.items():
        assert set(person["sections"][section]) <= fields
    assert (person["minor"], person["sections"]["situation"]["in_danger"], person["guardian_in_question"]) == (
        True, "yes", True,
    )  # fmt: skip


def test_without_a_reason_nothing_opens(world: World, north: Matter) -> None:
    number = number_of(world, north)
    for left_out in ("reason", "reason_code"):
        body = {"case_number": number, "reason_code": "danger_call", "reason": WORDS}
        del body[left_out]
        assert world.ask(ASKER, "POST", "/emergency_access", body).status_code == 422
    for wrong in ({"reason": " "}, {"reason": ""}, {"reason_code": "curiosity"}):
        assert ask(world, ASKER, number, **wrong).status_code == 422
    assert grants(world) == 0


def token_without_proof(world: World, username: str) -> str:
    """A session that began long ago and proved nothing since."""
    account, session_id = world.desk(username).me["account_id"], new_id()
    with transaction(world.house.engine) as session:
        at = now(session)
        session.execute(
            insert(SessionRow).values(
                id=session_id, account_id=account, created_at=at, expires_at=at + timedelta(hours=1)
            )
        )
    keys = world.house.token_keys
    claims = keys.new_claims(account, session_id, now=datetime.now(UTC), life=timedelta(minutes=15))
    return keys.sign(claims)


def test_without_proving_once_more_who_it_is_nothing_opens(world: World, north: Matter) -> None:
    body = {"case_number": number_of(world, north), "reason_code": "danger_call", "reason": WORDS}
    headers = {"Authorization": f"Bearer {token_without_proof(world, ASKER)}"}
    answer = world.client.post("/emergency_access", json=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/confirmation_needed")
    assert grants(world) == 0


def test_a_second_case_does_not_open_while_one_is_open_whether_it_exists_or_not(
    world: World, north: Matter, fresh: Matter
) -> None:
    first = opened(world, north)
    real = ask(world, ASKER, number_of(world, fresh))
    assert (real.status_code, real.json()["type"]) == (409, "/problems/move_not_possible")
    assert same(real, ask(world, ASKER, NOBODYS))
    assert same(real, ask(world, ASKER, number_of(world, north)))
    address = f"/emergency_access/{first['id']}/end"
    assert world.ask(ASKER, "POST", address, {}, version=first["version"]).status_code == 200
    second = opened(world, fresh)
    assert people(world, first).status_code == 404
    assert people(world, second).status_code == 200


def test_it_ends_in_the_second_in_which_it_expires(world: World, north: Matter) -> None:
    grant = opened(world, north)
    life = datetime.fromisoformat(grant["expires_at"]) - datetime.fromisoformat(grant["opened_at"])
    assert life == timedelta(minutes=60)
    soon = "update emergency_grants set expires_at = clock_timestamp() + cast(:left as interval)"
    world.sql(soon, left="1 minute")
    assert people(world, grant).status_code == 200
    world.sql(soon, left="0 seconds")
    assert people(world, grant).status_code == 404
    # what ran out does not stand in the way of the next one
    assert opened(world, north)["id"] != grant["id"]


def test_nobody_else_reads_by_it_the_colleague_neither(world: World, north: Matter) -> None:
    grant = opened(world, north)
    for username in ("south-cab-2", "women-1", "south-cab-supervisor"):
        assert people(world, grant, username).status_code == 404


KEPT_CLOSED: Final = 404


def test_every_other_address_of_the_case_stays_closed_while_it_is_open(world: World, north: Matter) -> None:
    """Read or written: what the hour opens is one address."""
    opened(world, north)
    answered = {}
    for operation in (one for one in operations(world) if one.name not in EXPORTS):
        answer = world.ask(ASKER, operation.method, operation.at(north), operation.body, version=1)
        answered[operation.name] = answer.status_code
    assert {name: status for name, status in answered.items() if status != KEPT_CLOSED} == {}
    for path in ("/cases?limit=100", "/inbox?limit=100", "/approvals", "/reports", "/alarms"):
        assert north.case_id not in world.ask(ASKER, "GET", path).text


def kept_out_of(world: World, matter: Matter) -> Iterator[tuple[str, str]]:
    """Who asks, and for which number: each must look like a number that nobody has."""
    number = number_of(world, matter)
    yield "psb-1", number  # works on it anyway
    case = f"/cases/{matter.case_id}"
    doubt = {"account_id": world.desk("south-cab-2").me["account_id"], "reason": "亲属"}
    assert world.ask("psb-1", "POST", f"{case}/exclusions", doubt).status_code == 201
    yield "south-cab-2", number  # excluded
    doubt = {"unit_id": world.unit("women-1"), "reason": "有牵连"}
    assert world.ask("psb-1", "POST", f"{case}/unit_conflicts", doubt).status_code == 201
    yield "women-1", number  # the unit is in question
    spared = "update cases set kept_from = array[cast(:unit as uuid)] where id = :id"
    world.sql(spared, unit=world.unit("south-women-1"), id=matter.case_id)
    yield "south-women-1", number  # to be spared


def test_who_is_kept_from_a_case_cannot_tell_it_from_none(world: World, fresh: Matter) -> None:
    for username, number in kept_out_of(world, fresh):
        answer = ask(world, username, number)
        assert answer.status_code == 404, username
        assert same(answer, ask(world, username, NOBODYS))
    assert grants(world) == 0


def test_an_officer_or_a_unit_put_in_question_loses_it_in_the_same_transaction(
    world: World, fresh: Matter
) -> None:
    case = f"/cases/{fresh.case_id}"
    for path, doubt in (
        ("exclusions", {"account_id": world.desk(ASKER).me["account_id"]}),
        ("unit_conflicts", {"unit_id": world.unit("women-1")}),
    ):
        username = ASKER if path == "exclusions" else "women-1"
        grant = opened(world, fresh, username)
        assert people(world, grant, username).status_code == 200
        answer = world.ask("psb-1", "POST", f"{case}/{path}", {**doubt, "reason": "有牵连"})
        assert answer.status_code == 201
        assert people(world, grant, username).status_code == 404
        (because,) = world.sql("select ended_because from emergency_grants where id = :id", id=grant["id"])
        assert because[0] in ("exclusion", "unit_conflict")


# --- told ---


def told(world: World, username: str) -> list[Json]:
    return list(world.desk(username).get("/emergency_access")["items"])


def test_supervisors_of_both_units_and_the_auditors_of_the_places_are_told_and_nobody_else(
    world: World, north: Matter
) -> None:
    grant = opened(world, north)
    for username in (
        "south-cab-supervisor",
        "cab-supervisor",
        "auditor",
        "north-auditor",
        "south-auditor",
        "north-dpo",
    ):
        (line,) = told(world, username)
        assert (line["id"], line["reason"], line["more_than_usual"]) == (grant["id"], None, False)
        read = world.desk(username).get(f"/emergency_access/{grant['id']}")
        assert read["reason"] == WORDS
    for username in ("women-supervisor", "psb-supervisor"):
        assert told(world, username) == []
        assert world.ask(username, "GET", f"/emergency_access/{grant['id']}").status_code == 404
    # whose case it is, the asker's own supervisor need not know
    assert "case_id" in told(world, "south-cab-supervisor")[0]["_redacted"]
    assert "case_id" not in told(world, "south-cab-supervisor")[0]
    assert told(world, "cab-supervisor")[0]["case_id"] == north.case_id


@pytest.fixture
def deaf_notices(world: World) -> Iterator[None]:
    """Nobody can be told anything."""
    world.sql(f"revoke insert on emergency_notices from {APPLICATION_ROLE}")
    yield
    world.sql(f"grant insert on emergency_notices to {APPLICATION_ROLE}")


def test_where_nobody_can_be_told_nothing_opens(world: World, north: Matter, deaf_notices: None) -> None:
    before = world.sql("select seq from cases where id = :id", id=north.case_id)
    assert ask(world, ASKER, number_of(world, north)).status_code in (500, 503)
    assert grants(world) == 0
    assert world.sql("select seq from cases where id = :id", id=north.case_id) == before


def test_the_timeline_says_that_it_happened_and_not_in_which_words(world: World, north: Matter) -> None:
    grant = opened(world, north)
    entries = world.sql(
        "select convert_from(what, 'utf8'), convert_from(who, 'utf8') from timeline_entries where chain_id = :id"
        " order by seq desc limit 1",
        id=north.case_id,
    )
    what, who = entries[0]
    assert '"action":"open_in_emergency"' in what
    assert '"reason":"danger_call"' in what
    assert str(grant["id"]) in what
    assert world.desk(ASKER).me["account_id"] in who
    assert WORDS not in what
    assert world.ask("auditor", "GET", f"/cases/{north.case_id}/timeline/check").json()["whole"] is True


def test_what_is_read_is_recorded_as_an_emergency_whatever_the_reader_says(
    world: World, north: Matter
) -> None:
    grant = opened(world, north)
    headers = {
        "Authorization": f"Bearer {world.desk(ASKER).token}",
        "X-Purpose-Of-Use": "case_work",
    }
    answer = world.client.get(f"/emergency_access/{grant['id']}/people", headers=headers)
    rows = world.sql(
        "select account_id, file_id, purpose from read_log where request_id = cast(:id as uuid)",
        id=answer.headers["x-request-id"],
    )
    me = world.desk(ASKER).me["account_id"]
    assert [[str(value) for value in row] for row in rows] == [[me, north.case_id, "emergency"]]


def test_more_than_usual_in_a_day_opens_all_the_same_and_alarms_the_auditors(world: World) -> None:
    for number in range(USUAL_IN_A_DAY + 1):
        grant = opened(world, new_case(world, "0101", "psb-1"))
        assert grant["more_than_usual"] is (number >= USUAL_IN_A_DAY)
        unusual = world.desk("auditor").get(f"/emergency_access/{grant['id']}")["more_than_usual"]
        assert unusual is (number >= USUAL_IN_A_DAY)
        assert people(world, grant).status_code == 200
        world.ask(
            ASKER, "POST", f"/emergency_access/{grant['id']}/end", {}, version=grant["version"]
        ).raise_for_status()
    kinds = world.sql("select told, division_id from emergency_notices where kind = 'too_many'")
    assert {row[0] for row in kinds} == {"auditor"}


# --- a second person ---


def test_only_a_supervisor_of_the_unit_who_is_somebody_else_adds_an_hour(world: World, north: Matter) -> None:
    grant = opened(world, north)
    address, version = f"/emergency_access/{grant['id']}/renew", grant["version"]
    assert world.ask(ASKER, "POST", address, {}, version=version).status_code == 403
    for username in ("cab-supervisor", "women-supervisor"):
        assert world.ask(username, "POST", address, {}, version=version).status_code == 404
    world.sql("update emergency_grants set expires_at = clock_timestamp() + interval '1 minute'")
    renewed = world.ask("south-cab-supervisor", "POST", address, {}, version=version)
    assert renewed.status_code == 200, renewed.text
    left = datetime.fromisoformat(renewed.json()["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=55) < left <= timedelta(minutes=61)
    world.sql("update emergency_grants set expires_at = clock_timestamp()")
    late = world.ask("south-cab-supervisor", "POST", address, {}, version=renewed.json()["version"])
    assert late.status_code == 409


def test_a_supervisor_who_asked_does_not_lengthen_or_review_their_own(world: World, north: Matter) -> None:
    grant = opened(world, north, "south-cab-supervisor")
    for action, body in (("renew", {}), ("review", {"outcome": "approved"})):
        address = f"/emergency_access/{grant['id']}/{action}"
        answer = world.ask("south-cab-supervisor", "POST", address, body, version=grant["version"])
        assert answer.status_code == 404, action


def test_somebody_who_was_told_ends_it_and_says_what_it_was(world: World, north: Matter) -> None:
    grant = opened(world, north)
    base, version = f"/emergency_access/{grant['id']}", grant["version"]
    assert world.ask("south-cab-2", "POST", f"{base}/end", {}, version=version).status_code == 404
    ended = world.ask("cab-supervisor", "POST", f"{base}/end", {}, version=version).json()
    assert ended["ended_because"] == "by_supervisor"
    assert people(world, grant).status_code == 404
    assert [line["id"] for line in told(world, "auditor") if line["reviewed_at"] is None] == [grant["id"]]
    wait = datetime.fromisoformat(ended["review_by"]) - datetime.fromisoformat(ended["opened_at"])
    assert wait == timedelta(hours=24)
    said = {"outcome": "not_justified"}
    first = world.ask("north-dpo", "POST", f"{base}/review", said, version=ended["version"])
    assert (first.status_code, first.json()["outcome"]) == (200, "not_justified")
    again = world.ask("auditor", "POST", f"{base}/review", said, version=first.json()["version"])
    assert again.status_code == 409
    assert world.desk("auditor").get("/emergency_access", unreviewed="true")["items"] == []


def test_machines_and_agencies_that_read_no_cases_open_nothing(world: World, north: Matter) -> None:
    world.sql("update accounts set role = 'integration' where username = 'south-cab-2'")
    assert ask(world, "south-cab-2", number_of(world, north)).status_code == 403
    world.sql("update accounts set role = 'caseworker' where username = 'south-cab-2'")
    world.sql("update units set agency = 'HOUSING' where id = :id", id=world.unit("south-union-1"))
    assert ask(world, "south-union-1", number_of(world, north)).status_code == 404
    world.sql("update units set agency = 'UNION' where id = :id", id=world.unit("south-union-1"))
    assert grants(world) == 0


# --- the second layer by itself ---


def test_the_database_shows_the_account_what_the_hour_is_for_and_no_report_or_clinic(
    world: World, north: Matter
) -> None:
    opened(world, north)
    me = world.desk(ASKER).me["account_id"]
    with world.house.engine.connect() as connection:
        for name, value in (("account", me), ("emergency", north.case_id)):
            connection.execute(
                text(f"select set_config('homeward.{name}', :value, true)"), {"value": str(value)}
            )
        seen = {
            table: len(list(connection.execute(text(f"select 1 from {table}"))))  # noqa: S608
            for table in (
                "cases",
                "victims",
                "reports",
                "timeline_entries where chain <> 'register'",
                "consents",
                "relatives",
                "requests",
            )
        }
        kinds = set(connection.execute(text("select distinct kind from stage_records")).scalars())
        changed = connection.execute(text("update cases set state = 'closed'")).rowcount
        connection.rollback()
    assert seen == {
        "cases": 1, "victims": 1, "reports": 0, "timeline_entries where chain <> 'register'": 0,
        "consents": 0, "relatives": 0, "requests": 0,
    }  # fmt: skip
    assert (kinds, changed) == ({"placement"}, 0)


def test_what_nobody_reviewed_within_a_day_alarms_the_supervisors_and_then_the_auditors_until_it_is(
    world: World, fresh: Matter
) -> None:
    """By a rule of the worker, once a rung; no name and no reason is in it."""
    grant, case = opened(world, fresh), DueFile("case", UUID(fresh.case_id))
    worker = create_engine(world.house.settings.worker_database_url or "")

    def alarmed(since: str) -> list[int]:
        world.sql(
            "update deadlines set due_at = now() - cast(:since as interval), next_at = now() where subject_id = :id",
            since=since, id=grant["id"],
        )  # fmt: skip
        raise_due(worker, {"master_keys": world.house.master_keys}, case)
        raised = [
            world.desk(name).get("/alarms")["items"] for name in ("psb-supervisor", "south-cab-supervisor")
        ]
        seen = [[one for one in items if one["subject_id"] == grant["id"]] for items in raised]
        assert not [secret for secret in (WORDS, SECRETS["name"]) if secret in str(seen)]
        lines = [told(world, name)[0] for name in ("auditor", "north-auditor")]
        assert {line["id"] for line in lines} == {grant["id"]}
        return [*map(len, seen), *(line["review_overdue"] for line in lines)]

    assert alarmed("1 second") == [1, 1, False, False]
    assert alarmed("61 minutes") == [2, 2, True, True]
    # the owner's list of clocks says nothing of it
    clocks = world.desk("psb-1").get(f"/cases/{fresh.case_id}/deadlines")["items"]
    assert grant["id"] not in {one["subject_id"] for one in clocks}
    world.desk("north-auditor").move(grant, "review", {"outcome": "approved"})
    state = "select state, next_at from deadlines where subject_id = :id"
    assert world.sql(state, id=grant["id"])[0][0] == "met"
    assert alarmed("2 days")[:2] == [0, 0]
    worker.dispose()
