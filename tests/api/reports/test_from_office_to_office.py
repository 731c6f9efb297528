"""A report that goes to another office: to whom it may go, what goes along with it, and what stays as it was."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import httpx
import pytest

from services.demo_desk import Json, Refused
from tests.api.reports.conftest import Doors

Refuse = Callable[..., httpx.Response]


def rules(answer: httpx.Response) -> list[str]:
    return [error["rule"] for error in answer.json().get("errors") or ()]


def refer(doors: Doors, report: Json, sender: str = "psb-1", receiver: str = "south-psb-1") -> Json:
    offer = {"unit_id": doors.unit(receiver), "reason": "人已在南师市"}
    return doors.desk(sender).move(report, "refer_out", offer)


def taken_on(doors: Doors, report: Json, receiver: str = "south-psb-1") -> Json:
    """The receiver's own report, which continues this one."""
    doors.desk(receiver).move(report, "accept_referral")
    return doors.newest(receiver)


@pytest.mark.parametrize("receiver", ["psb-1", "south-cab-1", "south-women-1", "school-1"])
def test_a_report_is_referred_to_another_police_unit_and_to_nobody_else(
    doors: Doors, refused: Refuse, receiver: str
) -> None:
    report = doors.screened()
    offer = {"unit_id": doors.unit(receiver), "reason": "属对方管辖"}
    answer = refused(doors.desk("psb-1"), f"{report['links']['self']}/refer_out", offer, report["version"])
    assert rules(answer) == ["not_another_duty_unit"]


def test_not_to_this_office_holds_at_the_next_office_too(doors: Doors, refused: Refuse) -> None:
    doors.report(not_this_office=True)
    sent = doors.desk("corps-psb-1").move(doors.newest("corps-psb-1"), "screen")
    south = doors.desk("south-psb-1")
    onward = taken_on(doors, refer(doors, sent, "corps-psb-1"))
    assert onward["elsewhere"] is True
    onward = south.move(onward, "screen")
    for username, act, named in (
        ("psb-1", "refer_out", {"unit_id": doors.unit("psb-1")}),
        ("cab-1", "approvals", {"action": "find_unfounded", "approver_unit_id": doors.unit("cab-1")}),
    ):
        body, address = {**named, "reason": "属地"}, f"{onward['links']['self']}/{act}"
        assert rules(refused(south, address, body, onward["version"])) == ["office_in_question"], username


def test_an_officer_who_is_in_question_reads_it_at_no_office(doors: Doors) -> None:
    report, suspect = doors.screened("danger"), doors.desk("south-psb-1")
    body = {"account_id": suspect.me["account_id"], "reason": "与收买人有亲属关系"}
    doors.desk("psb-1").post(f"{report['links']['case']}/exclusions", body)
    onward = taken_on(doors, refer(doors, report), "south-psb-2")
    assert onward["continues_id"] == report["id"]
    with pytest.raises(Refused) as no:
        suspect.get(onward["links"]["self"])
    assert no.value.status == 404


def test_what_was_answered_before_is_owed_anew_from_the_day_on_which_it_was_taken_on(doors: Doors) -> None:
    answered = doors.desk("psb-1").move(doors.screened(), "answer", {"text": "已转南师市公安机关研究"})
    onward = taken_on(doors, refer(doors, answered))
    assert onward["answered_at"] is None
    assert datetime.fromisoformat(onward["reply_by"]) > datetime.fromisoformat(answered["reply_by"])
    clock = doors.clock(onward, "report_reply")
    assert (clock.state, clock.started_at > datetime.fromisoformat(answered["answered_at"])) == (
        "running",
        True,
    )


def test_a_case_that_has_another_owner_meanwhile_stays_with_them(doors: Doors) -> None:
    report, civil_affairs = doors.screened("child_alone"), doors.desk("cab-1")
    case = doors.desk("psb-1").get(report["links"]["case"])
    doors.desk("psb-1").move(case, "hand_over", {"unit_id": doors.unit("cab-1"), "reason": "移交民政部门"})
    civil_affairs.move(case, "accept_hand_over")
    taken_on(doors, refer(doors, report))
    assert civil_affairs.get(case["links"]["self"])["owner_unit_id"] == doors.unit("cab-1")


def test_the_level_above_that_watched_over_a_transfer_is_done_when_it_is_refused(doors: Doors) -> None:
    answered = doors.desk("psb-1").move(doors.screened(), "answer", {"text": "已受理"})
    offered = refer(doors, answered)
    for _rung in range(4):
        if doors.desk("psb-1").get(offered["links"]["self"])["above_unit_id"] is None:
            assert doors.comes_due(offered, "jurisdiction_transfer") == 1
    assert doors.newest("corps-psb-1")["id"] == offered["id"]
    doors.desk("south-psb-1").move(offered, "refuse_referral", {"reason": "人不在本地"})
    assert doors.desk("psb-1").get(offered["links"]["self"])["above_unit_id"] is None
    with pytest.raises(Refused) as no:
        doors.desk("corps-psb-1").get(offered["links"]["self"])
    assert no.value.status == 404


def test_not_to_this_office_is_above_the_highest_unit_that_serves_the_place(doors: Doors) -> None:
    """Police at the farm, civil affairs at the division: only the level above both of them knows neither."""
    admin, code = doors.desk("admin"), uuid4().hex[:12]
    named = {"name_zh": "示范北二团", "name_en": "North Farm 2"}
    place = admin.post("/places", {"parent_id": doors.place("01"), "kind": "farm", "code": code, **named})
    unit = admin.post("/units", {"agency": "PSB", "place_id": place["id"], "is_default": True, **named})
    doors.report("child_alone", at=code)
    assert doors.newest("cab-1")["unit_id"] == unit["id"]
    doors.report("child_alone", at=code, not_this_office=True)
    report = doors.newest("corps-psb-1")
    assert (report["place_id"], report["elsewhere"]) == (place["id"], True)
    assert (report["unit_id"], report["second_unit_id"]) == (
        doors.unit("corps-psb-1"),
        doors.unit("corps-cab-1"),
    )
