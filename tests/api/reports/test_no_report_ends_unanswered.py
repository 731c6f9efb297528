"""Whatever becomes of a report, its answer stays owed until somebody gave it, and its reporter is told back (C-8, C-9)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx
import pytest

from domain.clocks import CLOCKS
from services.demo_desk import Desk, Json
from tests.api.reports.conftest import Doors

Decide = Callable[[Doors, Json], Json]


def accept(doors: Doors, report: Json) -> Json:
    return doors.desk("psb-1").move(report, "accept", {})


def mark_duplicate(doors: Doors, report: Json) -> Json:
    other = doors.screened()
    return doors.desk("psb-1").move(report, "mark_duplicate", {"duplicate_of": other["id"]})


def find_unfounded(doors: Doors, report: Json) -> Json:
    return doors.unfounded(report)


def only_screen(_doors: Doors, report: Json) -> Json:
    return report


DECISIONS: Final[dict[str, Decide]] = {
    "screening": only_screen,
    "accepted": accept,
    "duplicate": mark_duplicate,
    "unfounded": find_unfounded,
}


@pytest.mark.parametrize("state", DECISIONS)
def test_the_answer_stays_owed_in_every_state_until_it_is_given(doors: Doors, state: str) -> None:
    receipt = doors.report()
    report = DECISIONS[state](doors, doors.desk("psb-1").move(doors.newest(), "screen"))
    assert (report["state"], report["answered_at"]) == (state, None)
    owed = doors.clock(report, "report_reply")
    assert (owed.state, owed.next_at is not None) == ("running", True)
    assert doors.status(receipt) == "being_handled"
    answered = doors.desk("psb-1").move(report, "answer", {"text": "已处理"})
    assert (answered["state"], answered["answered_at"] is not None) == (state, True)
    assert doors.clock(report, "report_reply").state == "met"
    assert doors.status(receipt) == "answered"


def test_a_report_that_nobody_screened_cannot_be_answered_away(
    doors: Doors, refused: Callable[..., httpx.Response]
) -> None:
    doors.report()
    report = doors.newest()
    answer = refused(
        doors.desk("psb-1"), f"{report['links']['self']}/answer", {"text": "好"}, report["version"]
    )
    assert (answer.status_code, answer.json()["state"]) == (409, "received")
    assert doors.clock(report, "report_reply").state == "running"


def test_feedback_is_due_within_three_days_of_acceptance_and_met_by_telling_back(doors: Doors) -> None:
    police = doors.desk("psb-1")
    report = police.move(doors.screened(), "answer", {"text": "已收到，正在核实"})
    accepted = police.move(report, "accept", {})
    due = doors.clock(accepted, "report_feedback")
    assert (due.state, due.due_at) == ("running", CLOCKS["report_feedback"].due(due.started_at).at)
    police.move(accepted, "answer", {"text": "已立案调查"})
    assert doors.clock(accepted, "report_feedback").state == "met"


@pytest.mark.parametrize("decision", ["filed", "not_filed"])
def test_every_reporter_of_a_case_is_told_back_of_the_filing_decision(doors: Doors, decision: str) -> None:
    police = doors.desk("psb-1")
    first = police.move(doors.screened(), "accept", {})
    second = police.move(doors.screened(), "accept", {"case_id": first["case_id"]})
    for report in (first, second):
        police.move(report, "answer", {"text": "已受理"})
    stages = police.get(f"{first['links']['case']}/stages")["items"]
    investigation = next(stage for stage in stages if stage["code"] == "investigation")
    police.accept(investigation)
    police.move(investigation, "begin")
    now = datetime.now(UTC)
    police.record(investigation, "acceptances", now, number="受〔示〕8号")
    said = {"number": "立〔示〕8号"} if decision == "filed" else {"reason": "无犯罪事实"}
    police.record(investigation, "filing_decisions", now, decision=decision, **said)
    for report in (first, second):
        due = doors.clock(report, "report_feedback")
        assert (due.state, due.due_at) == ("running", CLOCKS["report_feedback"].due(due.started_at).at)


# --- referred out ---


@pytest.fixture
def offered(doors: Doors) -> Json:
    """Under screening in the north, offered to the south."""
    report = doors.screened("danger")
    offer = {"unit_id": doors.unit("south-psb-1"), "reason": "人已在南师市"}
    return doors.desk("psb-1").move(report, "refer_out", offer)


def read(doors: Doors, username: str, report: Json) -> Json:
    return doors.desk(username).get(report["links"]["self"])


def test_until_the_receiver_accepts_the_sender_acts_and_the_transfer_is_due_within_a_day(
    doors: Doors, offered: Json
) -> None:
    assert (offered["state"], offered["unit_id"]) == ("screening", doors.unit("psb-1"))
    clock = doors.clock(offered, "jurisdiction_transfer")
    assert (clock.state, clock.due_at - clock.started_at) == ("running", timedelta(hours=24))
    assert doors.clock(offered, "report_reply_urgent").state == "running"
    seen = read(doors, "south-psb-1", offered)
    assert ("reporter" in seen, seen["_redacted"]) == (False, ["reporter"])
    accepted = doors.desk("psb-1").move(offered, "accept", {})
    assert (accepted["state"], accepted["offered_unit_id"]) == ("accepted", None)
    assert doors.clock(offered, "jurisdiction_transfer").state == "stopped"
    answer = doors.client.get(offered["links"]["self"], headers=bearer(doors.desk("south-psb-1")))
    assert answer.status_code == 404


def bearer(desk: Desk) -> dict[str, str]:
    return {"Authorization": f"Bearer {desk.token}"}


def test_a_refusal_leaves_it_with_the_sender(doors: Doors, offered: Json) -> None:
    south = doors.desk("south-psb-1")
    south.move(offered, "refuse_referral", {"reason": "人不在本地"})
    kept = read(doors, "psb-1", offered)
    assert (kept["state"], kept["offered_unit_id"]) == ("screening", None)
    assert doors.clock(offered, "jurisdiction_transfer").state == "stopped"
    assert doors.clock(offered, "report_reply_urgent").state == "running"
    assert doors.client.get(offered["links"]["self"], headers=bearer(south)).status_code == 404


def test_on_acceptance_receipt_answer_and_case_go_along(doors: Doors) -> None:
    receipt = doors.report("danger")
    police, south = doors.desk("psb-1"), doors.desk("south-psb-1")
    report = police.move(doors.newest(), "screen")
    offer = {"unit_id": doors.unit("south-psb-1"), "reason": "人已在南师市"}
    report = police.move(report, "refer_out", offer)
    south.move(report, "accept_referral")
    assert read(doors, "psb-1", report)["state"] == "referred_out"
    onward = doors.newest("south-psb-1")
    assert (onward["continues_id"], onward["state"]) == (report["id"], "received")
    assert (onward["unit_id"], onward["second_unit_id"]) == (
        doors.unit("south-psb-1"),
        doors.unit("south-cab-1"),
    )
    assert onward["message"] == report["message"]
    assert onward["reply_by"] == report["reply_by"]
    assert doors.clock(report, "jurisdiction_transfer").state == "met"
    assert doors.clock(report, "report_reply_urgent").state == "stopped"
    assert doors.clock(onward, "report_reply_urgent").state == "running"
    assert south.get(onward["links"]["case"])["owner_unit_id"] == doors.unit("south-psb-1")
    accepted = south.move(
        south.move(onward, "screen"), "accept", {"victims": [{"identity": {"sex": "female"}}]}
    )
    assert doors.status(receipt) == "being_handled"
    south.move(accepted, "answer", {"text": "南师市公安已受理"})
    assert doors.status(receipt) == "answered"
    assert doors.clock(onward, "report_reply_urgent").state == "met"


def test_only_who_may_takes_a_move_and_from_the_version_that_was_read(
    doors: Doors, offered: Json, refused: Callable[..., httpx.Response]
) -> None:
    address, version = offered["links"]["self"], offered["version"]
    south, stranger = doors.desk("south-psb-1"), doors.desk("women-1")
    moves: dict[str, Json] = {
        "accept": {},
        "mark_duplicate": {"duplicate_of": offered["id"]},
        "find_unfounded": {"reason": "无"},
        "answer": {"text": "好"},
    }
    for action, body in moves.items():
        answer = refused(south, f"{address}/{action}", body, version)
        assert (answer.status_code, answer.json()["lead"]) == (403, "PSB")
        assert refused(stranger, f"{address}/{action}", body, version).status_code == 404
    police = doors.desk("psb-1")
    assert refused(police, f"{address}/accept", {}).status_code == 428
    assert refused(police, f"{address}/accept", {}, version + 7).status_code == 412
    assert refused(police, f"{address}/accept_referral", {}, version).status_code == 403
    assert read(doors, "psb-1", offered)["version"] == version


def test_unfounded_needs_another_agencys_approval(
    doors: Doors, refused: Callable[..., httpx.Response]
) -> None:
    report, police = doors.screened(), doors.desk("psb-1")
    address = report["links"]["self"]
    answer = refused(police, f"{address}/find_unfounded", {"reason": "无"}, report["version"])
    assert [row["code"] for row in answer.json()["unmet"]] == ["approved_by_another_agency"]
    own = {"action": "find_unfounded", "approver_unit_id": doors.unit("psb-1"), "reason": "无"}
    assert refused(police, f"{address}/approvals", own).json()["errors"][0]["rule"] == "same_agency"
    ask = {**own, "approver_unit_id": doors.unit("women-1")}
    police.post(f"{address}/approvals", ask)
    assert "reporter" not in read(doors, "women-1", report)
    police.move(report, "accept", {})
    gone = doors.client.get(address, headers=bearer(doors.desk("women-1")))
    assert gone.status_code == 404, "the question is over, and with it the right to read"


def asked_to_approve(doors: Doors, report: Json) -> Json:
    ask = {"action": "find_unfounded", "approver_unit_id": doors.unit("women-1"), "reason": "现场核实"}
    return doors.desk("psb-1").post(f"{report['links']['self']}/approvals", ask)


@pytest.mark.parametrize("answer", ["approve", "refuse"])
def test_who_answered_the_question_reads_the_report_no_more(doors: Doors, answer: str) -> None:
    report, women = doors.screened(), doors.desk("women-1")
    asked = asked_to_approve(doors, report)
    assert women.get(report["links"]["self"])["id"] == report["id"]
    assert report["id"] not in {one["id"] for one in women.get("/reports", limit=100)["items"]}
    women.move(asked, answer)
    gone = doors.client.get(report["links"]["self"], headers=bearer(women))
    assert gone.status_code == 404


def test_when_the_question_is_taken_back_so_is_the_right_to_read(doors: Doors) -> None:
    report = doors.screened()
    doors.desk("psb-1").move(asked_to_approve(doors, report), "withdraw")
    gone = doors.client.get(report["links"]["self"], headers=bearer(doors.desk("women-1")))
    assert gone.status_code == 404
    assert read(doors, "psb-1", report)["state"] == "screening"


def test_an_approval_of_what_was_then_decided_otherwise_counts_no_more(
    doors: Doors, refused: Callable[..., httpx.Response]
) -> None:
    police, report = doors.desk("psb-1"), doors.screened()
    asked = asked_to_approve(doors, report)
    doors.desk("women-1").move(asked, "approve")
    police.move(report, "mark_duplicate", {"duplicate_of": doors.screened()["id"]})
    assert police.get(asked["links"]["self"])["state"] == "withdrawn"
    again = police.move(report, "screen_again", {"reason": "不是同一人"})
    address = f"{report['links']['self']}/find_unfounded"
    answer = refused(police, address, {"reason": "无"}, again["version"])
    assert [row["code"] for row in answer.json()["unmet"]] == ["approved_by_another_agency"]


def test_the_first_answer_is_the_one_that_counts(doors: Doors) -> None:
    police = doors.desk("psb-1")
    first = police.move(doors.screened(), "answer", {"text": "已收到"})
    second = police.move(first, "answer", {"text": "补充说明"})
    assert second["answered_at"] == first["answered_at"]
