"""A report lies at once with the duty units of the place; in an emergency with both, and with a case behind it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest

from services.demo_desk import Refused
from tests.api.reports.conftest import REPORTER, Doors


def status_of(doors: Doors, username: str, address: str) -> int:
    try:
        doors.desk(username).get(address)
    except Refused as refused:
        return refused.status
    return 200


def test_an_ordinary_report_lies_with_the_police_there_and_with_nobody_else(doors: Doors) -> None:
    doors.report()
    report = doors.newest()
    assert (report["unit_id"], report["second_unit_id"], report["case_id"]) == (
        doors.unit("psb-1"),
        None,
        None,
    )
    received = datetime.fromisoformat(report["received_at"])
    assert datetime.fromisoformat(report["reply_by"]) - received == timedelta(hours=24)
    assert doors.clock(report, "report_reply").state == "running"
    for username in ("cab-1", "south-psb-1", "corps-psb-1", "women-1"):
        assert status_of(doors, username, report["links"]["self"]) == 404


@pytest.mark.parametrize("concern", ["danger", "missing_minor", "child_alone", "self_report"])
def test_an_emergency_lies_with_police_and_civil_affairs_together_and_is_answered_in_fifteen_minutes(
    doors: Doors, concern: str
) -> None:
    doors.report(concern)
    report = doors.newest()
    assert (report["unit_id"], report["second_unit_id"]) == (doors.unit("psb-1"), doors.unit("cab-1"))
    assert doors.newest("cab-1")["id"] == report["id"]
    received = datetime.fromisoformat(report["received_at"])
    assert datetime.fromisoformat(report["reply_by"]) - received == timedelta(minutes=15)
    assert doors.clock(report, "report_reply_urgent").due_at == received + timedelta(minutes=15)


CHILD = {"investigation", "guardianship", "rights_support", "rescue"}


@pytest.mark.parametrize(
    ("concerns", "opened"),
    [
        (["danger"], {"investigation"}),
        (["missing_minor"], CHILD),
        (["child_alone", "danger"], CHILD),
        (["self_report"], CHILD),
    ],
)
def test_case_investigation_and_a_minors_guardianship_open_on_receipt_without_screening(
    doors: Doors, concerns: list[str], opened: set[str]
) -> None:
    """Whoever reports themselves may be a minor until it is shown otherwise."""
    doors.report(*concerns)
    report = doors.newest()
    assert report["state"] == "received"
    case = doors.desk("psb-1").get(report["links"]["case"])
    assert case["opened_at"] == report["received_at"]
    assert len(case["victims"]) == (0 if concerns == ["danger"] else 1)
    assert {stage["code"] for stage in case["stages"]} == opened


def test_civil_affairs_read_an_emergency_until_it_is_decided_and_never_who_reported(doors: Doors) -> None:
    report, police = doors.screened("child_alone"), doors.desk("psb-1")
    seen = doors.newest("cab-1")
    assert ("reporter" in seen, seen["_redacted"]) == (False, ["reporter"])
    assert police.get(report["links"]["self"])["reporter"] == REPORTER
    police.move(report, "accept", {})
    assert status_of(doors, "cab-1", report["links"]["self"]) == 404


def test_the_level_above_acts_once_nobody_answered_and_its_right_ends_with_the_answer(doors: Doors) -> None:
    receipt = doors.report()
    report, above = doors.newest(), doors.desk("corps-psb-1")
    assert status_of(doors, "corps-psb-1", report["links"]["self"]) == 404
    assert doors.comes_due(report, "report_reply") == 1
    seen = doors.newest("corps-psb-1")
    assert (seen["id"], seen["above_unit_id"]) == (report["id"], doors.unit("corps-psb-1"))
    assert seen["reporter"] == REPORTER
    accepted = above.move(above.move(seen, "screen"), "accept", {})
    assert above.get(accepted["links"]["case"])["owner_unit_id"] == doors.unit("corps-psb-1")
    assert doors.clock(report, "report_reply").state == "running", "a decision is no answer"
    answered = above.move(accepted, "answer", {"text": "已由上级受理"})
    assert answered["above_unit_id"] is None
    assert status_of(doors, "corps-psb-1", report["links"]["self"]) == 404
    assert doors.clock(report, "report_reply").state == "met"
    assert doors.status(receipt) == "answered"


# --- not to this office ---


def test_not_to_this_office_goes_one_level_up_and_the_office_sees_neither_report_nor_case(
    doors: Doors,
) -> None:
    doors.report("child_alone", not_this_office=True)
    report = doors.newest("corps-psb-1")
    assert (report["elsewhere"], report["place_id"]) == (True, doors.place("0101"))
    assert (report["unit_id"], report["second_unit_id"]) == (
        doors.unit("corps-psb-1"),
        doors.unit("corps-cab-1"),
    )
    above = doors.desk("corps-psb-1")
    stages = above.get(f"{report['links']['case']}/stages")["items"]
    assert {stage["code"] for stage in stages} >= {"investigation", "guardianship"}
    theirs = {doors.unit("psb-1"), doors.unit("cab-1")}
    at_work = doors.sql(
        "select unit_id::text from case_access where file_id in (cast(:r as uuid), cast(:c as uuid))",
        r=report["id"],
        c=report["case_id"],
    )
    assert at_work
    assert not {row[0] for row in at_work} & theirs
    for username in ("psb-1", "cab-1"):
        assert status_of(doors, username, report["links"]["self"]) == 404
        assert status_of(doors, username, report["links"]["case"]) == 404


def test_nobody_can_bring_the_office_in_question_in_again(
    doors: Doors, refused: Callable[..., httpx.Response]
) -> None:
    ours = doors.desk("psb-1").move(doors.screened(), "accept", {})
    doors.report(not_this_office=True)
    above = doors.desk("corps-psb-1")
    report = above.move(doors.newest("corps-psb-1"), "screen")
    address, version = report["links"]["self"], report["version"]
    asked = {"unit_id": doors.unit("psb-1"), "reason": "属地"}
    answer = refused(above, f"{address}/refer_out", asked, version)
    assert [error["rule"] for error in answer.json()["errors"]] == ["office_in_question"]
    approval = {"action": "find_unfounded", "approver_unit_id": doors.unit("cab-1"), "reason": "核实"}
    answer = refused(above, f"{address}/approvals", approval)
    assert [error["rule"] for error in answer.json()["errors"]] == ["office_in_question"]
    assert refused(above, f"{address}/accept", {"case_id": ours["case_id"]}, version).status_code == 422
    accepted = above.move(report, "accept", {"victims": [{"identity": {"lowest_age": 9}}]})
    case = above.get(accepted["links"]["case"])
    assert (case["owner_unit_id"], case["place_id"]) == (above.me["unit_id"], doors.place("00"))
    for username in ("psb-1", "cab-1"):
        offer = {"unit_id": doors.unit(username), "reason": "属地"}
        answer = refused(above, f"{case['links']['self']}/hand_over", offer, case["version"])
        assert answer.status_code == 422, username
        assert status_of(doors, username, case["links"]["self"]) == 404


def test_above_the_corps_there_is_nobody_and_the_reporter_is_told_where_to_turn(doors: Doors) -> None:
    with pytest.raises(Refused) as no:
        doors.report(at="00", not_this_office=True)
    assert [error["rule"] for error in no.value.problem["errors"]] == ["no_level_above"]


def test_with_an_account_the_same_can_be_asked_for(doors: Doors) -> None:
    body = {"kind": "mandatory_report", "place_id": doors.place("0101"), "not_this_office": True}
    doors.desk("school-1").post("/reports", {**body, "message": {"narrative": "学生多日未到校"}})
    report = doors.newest("corps-psb-1")
    assert (report["kind"], report["elsewhere"]) == ("mandatory_report", True)
