"""A child's guardian in question: who may say so, what opens for it, what it waits for, and how it ends."""

from datetime import timedelta

import pytest

from api.calls import House
from services.demo_desk import Desk, Json
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import Journey, Stage
from tests.api.conflicts.conftest import clock_of, refused

MESSAGE = {"narrative": "有个孩子不敢回家", "whereabouts": "学校门口"}


@pytest.fixture
def journey(play: Stage) -> Journey:
    """A girl of ten; her case lies with civil affairs."""
    receipt = first.report(play, "tip", ["child_alone"], MESSAGE)
    found = first.police_take_it_up(play, receipt, [])
    first.learn(found, identity={"lowest_age": 10, "sex": "female"}, situation={"apart_from_family": "yes"})
    first.hand_to_civil_affairs(play, found)
    return found


def doubt(play: Stage, journey: Journey, by: str) -> Json:
    return play.desk(by).post(f"{journey.person}/guardian_conflicts", {"reason": "孩子害怕回家"})


@pytest.mark.parametrize("by", ["edu-1", "edu-2", "justice-1", "psb-1", "cab-1"])
def test_any_officer_of_a_unit_that_works_for_the_child_may_alone(
    journey: Journey, play: Stage, by: str
) -> None:
    conflict = doubt(play, journey, by)
    assert (conflict["state"], conflict["set_by_unit_id"]) == ("open", play.unit(play.desk(by)))
    assert doubt_again(play, journey, by) == (422, "already_in_question")


def doubt_again(play: Stage, journey: Journey, by: str) -> tuple[int, str]:
    status, problem = refused(play.desk(by), f"{journey.person}/guardian_conflicts", {"reason": "同上"})
    return status, problem["errors"][0]["rule"]


def test_a_unit_that_works_on_something_else_in_the_case_may_not(journey: Journey, play: Stage) -> None:
    women = play.desk("women-1")
    ask = {
        "action": "close",
        "subject_id": journey.case["id"],
        "approver_unit_id": play.unit(women),
        "reason": "已办结",
    }
    journey.owner.post(f"{journey.address}/approvals", ask)
    status, problem = refused(women, f"{journey.person}/guardian_conflicts", {"reason": "听说"})
    assert (status, problem["lead"], problem["articles"]) == (403, "CAB", [40, 26])


def test_an_adult_has_no_guardian_to_doubt(play: Stage) -> None:
    receipt = first.report(play, "tip", [], MESSAGE)
    woman = first.police_take_it_up(play, receipt, [{"identity": {"birth_date": "1990-05-01"}}])
    status, problem = refused(play.desk("psb-1"), f"{woman.person}/guardian_conflicts", {"reason": "丈夫"})
    assert (status, problem["errors"][0]["rule"]) == (422, "not_a_child")


def test_a_relative_who_is_not_on_file_is_nobody(journey: Journey, play: Stage) -> None:
    body = {"relative_id": journey.victim_id, "reason": "舅舅"}
    status, problem = refused(play.desk("psb-1"), f"{journey.person}/guardian_conflicts", body)
    assert (status, problem["errors"][0]["rule"]) == (422, "unknown_relative")


def test_guardianship_that_had_ended_is_open_again_and_somebody_answers_for_it(
    journey: Journey, play: Stage, house: House
) -> None:
    bureau, guardianship = play.desk("cab-1"), journey.stage("guardianship")
    bureau.accept(guardianship)
    bureau.move(guardianship, "begin")
    first.assess_family(play, journey, "mother", on=1)
    bureau.record(guardianship, "guardian_statuses", play.day(1), status="safe", relation="mother")
    assert bureau.move(guardianship, "complete")["state"] == "completed"
    conflict = doubt(play, journey, "psb-1")
    again = bureau.get(guardianship["links"]["self"])
    assert (again["state"], again["unit_id"]) == ("routed", play.unit(bureau))
    assert clock_of(house, conflict) == (timedelta(hours=24), "running")
    bureau.accept(guardianship)
    bureau.record(guardianship, "guardian_statuses", play.day(2), status="temporary_cab")
    assert clock_of(house, conflict)[1] == "met"
    bureau.move(guardianship, "begin")
    status, problem = refused(
        bureau,
        f"{guardianship['links']['self']}/complete",
        version=bureau.get(guardianship["links"]["self"])["version"],
    )
    assert status == 422
    assert {row["code"] for row in problem["unmet"]} == {"guardianship_settled", "no_guardian_conflict"}


def test_a_recorded_conflict_sets_itself(journey: Journey, play: Stage) -> None:
    bureau, guardianship = play.desk("cab-1"), journey.stage("guardianship")
    bureau.accept(guardianship)
    bureau.record(guardianship, "guardian_statuses", play.day(1), status="conflict", relation="father")
    (conflict,) = bureau.get(f"{journey.address}/conflicts")["items"]
    assert (conflict["kind"], conflict["rule"], conflict["reason"]) == ("guardian", "conflict_recorded", None)


def test_it_is_cleared_by_a_second_officer_once_the_police_and_the_child_have_spoken(
    journey: Journey, play: Stage
) -> None:
    bureau, second, police = play.desk("cab-1"), play.desk("cab-2"), play.desk("psb-1")
    guardianship = journey.stage("guardianship")
    bureau.accept(guardianship)
    view = {"own_words": "我想妈妈", "language": "zh", "heard_alone": True, "keep_from_guardian": True}
    bureau.record(guardianship, "child_views", play.day(1), **view)
    conflict = doubt(play, journey, "psb-1")
    address = conflict["links"]["self"]

    ask = {"approver_unit_id": play.unit(play.desk("women-1")), "reason": "请核实"}
    status, problem = refused(bureau, f"{address}/approvals", ask)
    assert (status, problem["errors"][0]["rule"]) == (422, "not_the_police")
    assert refused(police, f"{address}/approvals", ask)[0] == 403
    asked = bureau.post(f"{address}/approvals", {**ask, "approver_unit_id": play.unit(police)})
    assert (asked["machine"], asked["action"]) == ("conflict", "clear_guardian_conflict")
    assert missing(bureau, address) == ["not_a_suspect", "child_heard_since", "second_person"]
    police.post(f"/approvals/{asked['id']}/approve", version=1)
    assert missing(bureau, address) == ["child_heard_since", "second_person"]
    bureau.record(guardianship, "child_views", play.day(2), **{**view, "heard_alone": False})
    assert missing(second, address) == ["child_heard_since"]
    bureau.record(guardianship, "child_views", play.day(2), **view)
    assert missing(bureau, address) == ["second_person"]

    cleared = second.move(conflict, "clear")
    assert (cleared["state"], cleared["version"]) == ("cleared", 2)
    assert refused(second, f"{address}/clear", version=2)[0] == 409
    (kept,) = bureau.get(f"{journey.address}/conflicts")["items"]
    assert (kept["state"], kept["reason"]) == ("cleared", conflict["reason"])


def missing(desk: Desk, address: str) -> list[str]:
    status, problem = refused(desk, f"{address}/clear", version=1)
    assert status == 422
    return [row["code"] for row in problem["unmet"]]


def test_what_the_family_tried_is_written_down_for_who_answers_for_the_child(
    journey: Journey, play: Stage
) -> None:
    doubt(play, journey, "psb-1")
    tried = {
        "happened_at": play.day(3).isoformat(),
        "channel": "in_person",
        "note": "母亲到校要求接走孩子，未予同意",
    }
    attempt = play.desk("edu-1").post(f"{journey.person}/guardian_attempts", tried)
    remarks = play.desk("cab-1").get(journey.stage("guardianship")["links"]["remarks"])["items"]
    (said,) = [remark["said"] for remark in remarks if remark["entry_id"] == attempt["id"]]
    assert (said["note"], said["channel"]) == (tried["note"], "in_person")
    entries = play.desk("cab-1").get(f"{journey.address}/timeline", limit=100)["items"]
    (entry,) = [entry["what"] for entry in entries if entry["id"] == attempt["id"]]
    assert (entry["action"], entry["articles"]) == ("guardian_attempt", [40, 26])
    assert tried["note"] not in str(entry)
