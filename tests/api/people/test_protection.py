"""What the law of personal data gives: a hold that nobody lifts alone, an erasure or every reason against it, a whole copy."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from api.calls import House
from services.clockwork import DueFile, raise_due
from services.database import engine_for
from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage, boy_found_begging, woman_who_declines
from services.demo_journeys.woman_who_declines import PHONE
from tests.api.consents.conftest import child_of
from tests.api.own_door.conftest import code_for

Refuse = Callable[..., Json]


@pytest.fixture
def worker(house: House) -> Iterator[Engine]:
    engine = engine_for(house.settings.worker_database_url or "", 2)
    yield engine
    engine.dispose()


@pytest.fixture
def ended(play: Stage) -> Journey:
    """A closed case of an adult."""
    return woman_who_declines(play)


def age(admin: Engine, case_id: str, *, years: int) -> None:
    """Let so many years pass since the case was closed."""
    with admin.begin() as connection:
        for statement in (
            "update cases set closed_at = closed_at - make_interval(years => :y) where id = :id",
            "update deadlines set due_at = due_at - make_interval(years => :y),"
            " started_at = started_at - make_interval(years => :y) where file_id = :id and clock = 'case_file_term'",
        ):
            connection.execute(text(statement), {"id": case_id, "y": years})


def kept(admin: Engine, case_id: str, person: str) -> int:
    with admin.begin() as connection:
        return len(
            connection.execute(
                text(
                    "select 1 from sealed_values where file_id = :c and person_id = :p union all"
                    " select 1 from person_keys where file_id = :c and person_id = :p and wrapped is not null"
                    " union all select 1 from search_tokens where file_id = :c and person_id = :p"
                ),
                {"c": case_id, "p": person},
            ).all()
        )


def case_of(journey: Journey) -> str:
    return str(journey.case["id"])


def person_of(journey: Journey) -> str:
    return journey.person.rpartition("/")[2]


def last_entries(desk: Desk, journey: Journey, number: int = 1) -> list[Json]:
    page = desk.get(f"{journey.address}/timeline", limit=100)
    items = list(page["items"])
    while "next" in page["links"]:
        after = parse_qs(urlsplit(page["links"]["next"]).query)["after"][0]
        page = desk.get(f"{journey.address}/timeline", limit=100, after=after)
        items += page["items"]
    # who checks reads beside the entries who looked
    return [item["what"] for item in items if item["seq"] is not None][-number:]


REQUEST: Json = {"asked_by": "person", "own_words": "请删除我的资料"}


def test_an_erasure_that_cannot_be_is_refused_with_every_reason_and_entered(
    ended: Journey, desk: Callable[[str], Desk], refused: Refuse, admin: Engine
) -> None:
    officer = desk("data-officer")
    officer.post(f"{ended.address}/legal_holds", {"reason": "案件二审"})
    problem = refused(422, officer.post, f"{ended.person}/erasures", REQUEST)
    assert problem["type"] == "/problems/requirements_unmet"
    assert [unmet["code"] for unmet in problem["unmet"]] == ["no_legal_hold", "term_is_over"]
    (last,) = last_entries(officer, ended)
    assert (last["action"], last["reason"]) == ("refuse_erasure", "no_legal_hold,term_is_over")
    assert REQUEST["own_words"] not in str(last)
    assert kept(admin, case_of(ended), person_of(ended)) > 3


def test_an_open_case_is_not_erased(play: Stage, desk: Callable[[str], Desk], refused: Refuse) -> None:
    from tests.api.people.conftest import taken_in

    journey = taken_in(play, {"identity": {"name": "未结案者", "lowest_age": 20}})
    problem = refused(422, desk("data-officer").post, f"{journey.person}/erasures", REQUEST)
    assert [unmet["code"] for unmet in problem["unmet"]] == ["case_is_closed"]


def test_an_open_objection_holds_an_erasure_up(
    ended: Journey, desk: Callable[[str], Desk], refused: Refuse, admin: Engine
) -> None:
    age(admin, case_of(ended), years=11)
    with admin.begin() as connection:
        report = connection.execute(
            text("select id from reports where case_id = :id"), {"id": case_of(ended)}
        ).scalar_one()
    objection = {"kind": "prosecutor_demand", "narrative": "请说明理由"}
    demand = desk("proc-1").post(f"/reports/{report}/objections", objection)
    problem = refused(422, desk("data-officer").post, f"{ended.person}/erasures", REQUEST)
    assert [unmet["code"] for unmet in problem["unmet"]] == ["no_open_objection"]
    desk("proc-1").post(
        f"/reports/{report}/objections/{demand['id']}/close", {"reason": "已说明"}, version=demand["version"]
    )
    assert desk("data-officer").post(f"{ended.person}/erasures", REQUEST)["victim_id"] == person_of(ended)


def test_an_erasure_leaves_the_decision_and_a_digest_and_the_chain_is_whole(
    ended: Journey, desk: Callable[[str], Desk], refused: Refuse, admin: Engine
) -> None:
    officer, case = desk("data-officer"), case_of(ended)
    assert ended.owner.get(ended.person)["sections"]["contact"] == {"phone": PHONE}
    age(admin, case, years=11)
    done = officer.post(f"{ended.person}/erasures", REQUEST)
    assert kept(admin, case, person_of(ended)) == 0
    assert ended.owner.get(ended.person)["sections"] == {}
    (last,) = last_entries(officer, ended)
    assert last["action"] == "erase_person"
    assert len(done["erased_digest"]) == 64
    assert officer.get(f"{ended.address}/timeline/check")["whole"] is True
    problem = refused(409, officer.post, f"{ended.person}/erasures", REQUEST)
    assert problem["state"] == "erased"


def test_nobody_else_erases_anybody(ended: Journey, desk: Callable[[str], Desk], refused: Refuse) -> None:
    for who, status in (("cab-1", 403), ("cab-supervisor", 403), ("south-cab-1", 404)):
        refused(status, desk(who).post, f"{ended.person}/erasures", REQUEST)


def test_a_hold_stops_the_end_of_the_term_and_is_lifted_by_a_second_person(
    ended: Journey, desk: Callable[[str], Desk], refused: Refuse, admin: Engine, house: House, worker: Engine
) -> None:
    case, supervisor, officer = case_of(ended), desk("cab-supervisor"), desk("data-officer")
    hold = supervisor.post(f"{ended.address}/legal_holds", {"reason": "可能提起赔偿"})
    age(admin, case, years=11)

    def the_term_ends() -> None:
        with admin.begin() as connection:
            connection.execute(
                text(
                    "update deadlines set due_at = now(), next_at = now() where file_id = :id"
                    " and clock = 'case_file_term' and state = 'running'"
                ),
                {"id": case},
            )
        raise_due(worker, {"master_keys": house.master_keys}, DueFile("case", UUID(case)))

    the_term_ends()
    assert kept(admin, case, person_of(ended)) > 3
    release = f"{ended.address}/legal_holds/{hold['id']}/release"
    problem = refused(422, supervisor.post, release, {"reason": "已无需要"}, version=1)
    assert [error["rule"] for error in problem["errors"]] == ["own_request"]
    over = officer.post(release, {"reason": "判决已生效"}, version=1)
    assert (over["released_because"], over["reason"]) == ("判决已生效", "可能提起赔偿")
    refused(422, officer.post, release, {"reason": "再次"}, version=2)
    assert last_entries(officer, ended)[0]["action"] == "release_legal_hold"
    the_term_ends()
    assert kept(admin, case, person_of(ended)) == 0


def test_who_may_set_a_hold(ended: Journey, desk: Callable[[str], Desk], client: Any) -> None:
    asked = {
        who: client.post(
            f"{ended.address}/legal_holds",
            json={"reason": "待审"},
            headers={"Authorization": f"Bearer {desk(who).token}"},
        ).status_code
        for who in ("cab-1", "psb-supervisor", "south-cab-1", "north-data-officer")
    }
    assert asked == {"cab-1": 403, "psb-supervisor": 404, "south-cab-1": 404, "north-data-officer": 201}


def test_a_dry_run_counts_what_is_due_and_changes_nothing(
    ended: Journey, desk: Callable[[str], Desk], refused: Refuse, admin: Engine
) -> None:
    case = case_of(ended)
    desk("cab-supervisor").post(f"{ended.address}/legal_holds", {"reason": "待审"})
    age(admin, case, years=11)
    due = desk("data-officer").get("/retention/due")
    files = next(item for item in due["items"] if item["category"] == "closed_case_file")
    assert files["count"] == len(files["files"]) >= 1
    assert files["held"] >= 1
    assert all(line["number"].startswith("D-") for line in files["files"])
    assert case not in str(due)
    counted = desk("auditor").get("/retention/due")
    told = next(item for item in counted["items"] if item["category"] == "closed_case_file")
    assert (told["count"], told["files"]) == (files["count"], [])
    assert kept(admin, case, person_of(ended)) > 3
    before = desk("data-officer").get("/retention/due", by="2020-01-01T00:00:00+08:00")
    assert [item["count"] for item in before["items"]] == [0, 0]
    refused(403, desk("admin").get, "/retention/due")
    refused(403, desk("cab-1").get, "/retention")
    assert {row["category"] for row in desk("admin").get("/retention")["items"]} >= {"closed_case_file"}


@pytest.fixture(scope="module")
def boy(module_play: Stage) -> Journey:
    return boy_found_begging(module_play)


def export(desk: Desk, journey: Journey, recipient: str = "person") -> Json:
    known: Json = desk.post(f"{journey.person}/exports", {"recipient": recipient})["known"]
    return known


def test_a_whole_copy_for_the_person(boy: Journey, desk: Callable[[str], Desk], admin: Engine) -> None:
    bundle = export(desk("data-officer"), boy)
    seen = boy.owner.get(boy.person)["sections"]
    for name, section in seen.items():
        newest = bundle["sections"][name][0]["content"]
        assert set(section) - set(newest) <= {
            "advocate_account_id",
            "support_person",
            "support_person_contact",
        }
    assert {"medical_care", "schooling", "shelter"} <= {line["stage"] for line in bundle["records"]}
    assert not [line for line in bundle["records"] if line["stage"] in ("investigation", "rescue")]
    assert {"what": "records of rescue", "why": "investigation"} in bundle["withheld"]
    assert bundle["consents"]
    assert any(one["shared"] for one in bundle["consents"])
    assert {line["agency"] for line in bundle["readers"]} >= {"PSB", "CAB"}
    assert bundle["deadlines"]
    assert bundle["sources"]
    (last,) = last_entries(desk("auditor"), boy)
    assert (last["action"], last["reason"]) == ("export_person", "for_person")
    with admin.begin() as connection:
        subjects = connection.execute(
            text("select subject from read_log where file_id = :id and subject = 'subject_export'"),
            {"id": case_of(boy)},
        ).scalars()
        assert "subject_export" in set(subjects)
        accounts = connection.execute(
            text("select id::text from accounts union select username from accounts")
        )
        told = str({name: value for name, value in bundle.items() if name != "links"})
        assert [one for (one,) in accounts if one in told and len(one) > 8] == []


def test_an_export_is_kept_nowhere(boy: Journey, desk: Callable[[str], Desk], admin: Engine) -> None:
    export(desk("data-officer"), boy)
    with admin.begin() as connection:
        found = connection.execute(
            text("select route from idempotency_keys where route like '%/exports'")
        ).all()
    assert found == []


def test_a_unit_hands_over_what_it_reads_itself_and_names_the_rest(
    boy: Journey, desk: Callable[[str], Desk]
) -> None:
    bundle = export(desk("cab-1"), boy)
    not_read = {line["what"] for line in bundle["withheld"] if line["why"] == "not_read_by_this_unit"}
    assert {"medical_care.appointment", "shelter.placement"} <= not_read
    assert not [line for line in bundle["records"] if line["stage"] == "medical_care"]
    assert [line for line in bundle["records"] if line["stage"] == "schooling"]


@pytest.mark.parametrize(("who", "status"), [("psb-1", 404), ("south-cab-1", 404), ("edu-1", 404)])
def test_nobody_else_gets_a_copy(
    boy: Journey, desk: Callable[[str], Desk], refused: Refuse, who: str, status: int
) -> None:
    refused(status, desk(who).post, f"{boy.person}/exports", {"recipient": "person"})


def test_a_guardian_is_handed_no_more_than_they_read_at_their_own_door(
    play: Stage, desk: Callable[[str], Desk]
) -> None:
    child, owner = child_of(play, 14, "safe"), desk("cab-1")
    told = {
        "exploitation": {"types": ["forced_begging"]},
        "contact": {"safe_contact": "找班主任", "phone": "+8613900000001"},
        "documents": {"identity_number": "CANARY-7"},
    }
    owner.patch(child.person, told, version=int(owner.get(child.person)["version"]))
    whole, less = export(desk("data-officer"), child), export(desk("data-officer"), child, "guardian")
    assert {"exploitation", "contact", "documents"} <= set(whole["sections"])
    door = play.client.post("/door", json={"code": code_for(owner, child, "guardian")}).json()["door_token"]
    read = play.client.get("/door/record", headers={"Authorization": f"Bearer {door}"}).json()["sections"]
    assert {name: set(revisions[0]["content"]) for name, revisions in less["sections"].items()} == {
        name: set(fields) for name, fields in read.items()
    }
    for secret in ("forced_begging", "找班主任", "+8613900000001"):
        assert secret in str(whole)
        assert secret not in str(less)
    assert {line["code"] for line in whole["stages"]} >= {"guardianship"}
    assert not {line["code"] for line in less["stages"]} & {"guardianship", "rescue", "family_tracing"}
    assert {line["kind"] for line in less["records"]} <= {"child_view"}


def test_a_guardian_of_whom_nothing_is_confirmed_is_handed_nothing(
    play: Stage, desk: Callable[[str], Desk], refused: Refuse
) -> None:
    child = child_of(play, 12, "unknown")
    problem = refused(422, desk("cab-1").post, f"{child.person}/exports", {"recipient": "guardian"})
    assert [error["rule"] for error in problem["errors"]] == ["guardian_not_confirmed"]


def test_a_guardian_in_question_gets_nothing_and_an_adult_has_none(
    play: Stage, desk: Callable[[str], Desk], refused: Refuse, ended: Journey
) -> None:
    child, owner = child_of(play, 14, "safe"), desk("cab-1")
    guardianship = child.stage("guardianship")
    heard = {"language": "zh", "heard_alone": True}
    day = datetime.now(UTC) - timedelta(hours=1)
    for words, private in (("可以告诉监护人", False), ("不要告诉监护人", True)):
        owner.record(guardianship, "child_views", day, own_words=words, keep_from_guardian=private, **heard)
    told = export(owner, child, "guardian")
    assert "可以告诉监护人" in str(told["records"])
    assert "不要告诉监护人" not in str(told)
    assert {"what": "guardianship.child_view", "why": "kept_from_guardian"} in told["withheld"]
    assert "不要告诉监护人" in str(export(owner, child))
    owner.post(f"{child.person}/guardian_conflicts", {"reason": "说不清孩子的生日"})
    problem = refused(422, owner.post, f"{child.person}/exports", {"recipient": "guardian"})
    assert [error["rule"] for error in problem["errors"]] == ["guardian_in_question"]
    problem = refused(422, desk("data-officer").post, f"{ended.person}/exports", {"recipient": "guardian"})
    assert [error["rule"] for error in problem["errors"]] == ["not_a_child"]
