"""Several reports about one person: the earliest governs what is still owed; who sent each stays with the unit that answers."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from services.demo_desk import Json
from tests.api.reports.conftest import REPORTER, Doors


def read(doors: Doors, report: Json) -> Json:
    return doors.desk("psb-1").get(report["links"]["self"])


@pytest.mark.parametrize("later_first", [True, False], ids=["later to earlier", "earlier to later"])
def test_whichever_is_marked_the_earliest_governs_both_clocks(doors: Doors, later_first: bool) -> None:
    earlier, later = doors.screened(), doors.screened()
    one, other = (later, earlier) if later_first else (earlier, later)
    doors.desk("psb-1").move(one, "mark_duplicate", {"duplicate_of": other["id"]})
    for report in (one, other):
        seen = read(doors, report)
        assert (seen["earliest_at"], seen["reply_by"]) == (earlier["received_at"], earlier["reply_by"])
        assert doors.clock(report, "report_reply").started_at == datetime.fromisoformat(
            earlier["received_at"]
        )


def test_an_answer_that_was_given_stays_given(doors: Doors) -> None:
    earlier = doors.screened()
    answered = doors.desk("psb-1").move(doors.screened(), "answer", {"text": "已处理"})
    doors.desk("psb-1").move(earlier, "mark_duplicate", {"duplicate_of": answered["id"]})
    assert doors.clock(answered, "report_reply").state == "met"
    assert doors.clock(earlier, "report_reply").state == "running"


def test_reports_that_join_one_case_are_owed_an_answer_since_the_first_of_them(doors: Doors) -> None:
    police = doors.desk("psb-1")
    earlier, later = doors.screened(), doors.screened()
    opened = police.move(later, "accept", {"victims": [{"identity": {"sex": "female"}}]})
    joined = police.move(earlier, "accept", {"case_id": opened["case_id"]})
    assert joined["case_id"] == opened["case_id"]
    assert read(doors, later)["earliest_at"] == read(doors, earlier)["earliest_at"] == earlier["received_at"]
    assert read(doors, later)["reply_by"] == earlier["reply_by"]
    assert len(police.get(opened["links"]["case"])["victims"]) == 1
    assert joined["reporter"] == REPORTER


def test_three_of_a_kind_taken_apart_one_by_one(doors: Doors) -> None:
    police = doors.desk("psb-1")
    first, second, third = doors.screened(), doors.screened(), doors.screened()
    for one in (first, second):
        police.move(one, "mark_duplicate", {"duplicate_of": third["id"]})
    assert read(doors, third)["earliest_at"] == first["received_at"]
    police.move(first, "screen_again", {"reason": "不是同一人"})
    assert read(doors, third)["earliest_at"] == second["received_at"]
    police.move(second, "screen_again", {"reason": "不是同一人"})
    assert read(doors, third)["earliest_at"] == third["received_at"]
    assert read(doors, third)["reply_by"] == third["reply_by"]


def test_a_duplicate_is_of_a_report_that_one_sees_and_that_is_none_itself(
    doors: Doors, refused: Callable[..., httpx.Response]
) -> None:
    police, one, other = doors.desk("psb-1"), doors.screened(), doors.screened()
    doors.report(at="0201")
    elsewhere = doors.newest("south-psb-1")
    address, version = f"{one['links']['self']}/mark_duplicate", one["version"]
    for known in (one["id"], elsewhere["id"], "0198c0de-0000-7000-8000-000000000006"):
        answer = refused(police, address, {"duplicate_of": known}, version)
        assert [error["rule"] for error in answer.json()["errors"]] == ["unknown_report"]
    police.move(other, "mark_duplicate", {"duplicate_of": one["id"]})
    back = refused(police, address, {"duplicate_of": other["id"]}, read(doors, one)["version"])
    assert [error["rule"] for error in back.json()["errors"]] == ["leads_nowhere"]


def test_an_accepted_report_is_not_screened_again(
    doors: Doors, refused: Callable[..., httpx.Response]
) -> None:
    accepted = doors.desk("psb-1").move(doors.screened(), "accept", {})
    address = f"{accepted['links']['self']}/screen_again"
    answer = refused(doors.desk("psb-1"), address, {"reason": "重看"}, accepted["version"])
    assert (answer.status_code, answer.json()["state"]) == (409, "accepted")


def test_an_unfounded_report_returns_to_screening_and_may_open_a_case_after_all(doors: Doors) -> None:
    report = doors.unfounded(doors.screened())
    again = doors.desk("psb-1").move(report, "screen_again", {"reason": "有新情况"})
    assert again["state"] == "screening"
    accepted = doors.desk("psb-1").move(again, "accept", {"victims": [{"identity": {"lowest_age": 9}}]})
    assert (accepted["state"], accepted["case_id"] is not None) == ("accepted", True)


def test_accepting_names_people_who_are_presumed_victims_and_perhaps_nameless(doors: Doors) -> None:
    police = doors.desk("psb-1")
    accepted = police.move(doors.screened(), "accept", {"victims": [{}, {"identity": {"name": "示例乙"}}]})
    people = police.get(f"{accepted['links']['case']}/victims")["items"]
    assert len(people) == 2
    assert [person["sections"].get("identity", {}).get("name") for person in people] == [None, "示例乙"]
    assert police.get(accepted["links"]["case"])["owner_unit_id"] == doors.unit("psb-1")


def test_what_was_erased_is_the_original_of_no_duplicate(
    doors: Doors, refused: Callable[..., httpx.Response]
) -> None:
    police = doors.desk("psb-1")
    erased = police.move(doors.unfounded(doors.screened()), "answer", {"text": "未发现问题"})
    doors.comes_due(erased, "report_erasure")
    later = doors.screened()
    address, body = f"{later['links']['self']}/mark_duplicate", {"duplicate_of": erased["id"]}
    assert rules(refused(police, address, body, later["version"])) == ["leads_nowhere"]


# --- joining the case of others ---


def rules(answer: httpx.Response) -> list[str]:
    return [error["rule"] for error in answer.json().get("errors") or ()]


def test_a_report_that_stands_behind_one_case_joins_no_other(
    doors: Doors, refused: Callable[..., httpx.Response]
) -> None:
    police = doors.desk("psb-1")
    other = police.move(doors.screened(), "accept", {})
    report = doors.screened("danger")
    address = f"{report['links']['self']}/accept"
    answer = refused(police, address, {"case_id": other["case_id"]}, report["version"])
    assert rules(answer) == ["report_has_a_case"]
    assert police.move(report, "accept", {"case_id": report["case_id"]})["state"] == "accepted"


def test_who_joins_the_case_of_others_names_nobody_in_it(
    doors: Doors, refused: Callable[..., httpx.Response]
) -> None:
    police, civil_affairs = doors.desk("psb-1"), doors.desk("cab-1")
    opened = police.move(doors.screened(), "accept", {})
    case = police.get(opened["links"]["case"])
    police.move(case, "hand_over", {"unit_id": doors.unit("cab-1"), "reason": "移交民政部门"})
    civil_affairs.move(case, "accept_hand_over")
    report = doors.screened()
    address, body = f"{report['links']['self']}/accept", {"case_id": case["id"]}
    answer = refused(police, address, {**body, "victims": [{}]}, report["version"])
    assert rules(answer) == ["owner_names_people"]
    assert police.move(report, "accept", body)["case_id"] == case["id"]


def test_a_report_that_is_not_to_be_seen_by_an_office_joins_no_case_that_it_works_on(
    doors: Doors, refused: Callable[..., httpx.Response]
) -> None:
    police, above = doors.desk("psb-1"), doors.desk("corps-psb-1")
    opened = police.move(doors.screened(), "accept", {})
    (investigation,) = police.get(f"{opened['links']['case']}/stages")["items"]
    police.accept(investigation)
    police.move(investigation, "hand_over", {"unit_id": doors.unit("corps-psb-1"), "reason": "提级办理"})
    above.accept(investigation, "accept_hand_over")
    assert above.get(opened["links"]["case"])["owner_unit_id"] == doors.unit("psb-1")
    doors.report(not_this_office=True)
    report = above.move(doors.newest("corps-psb-1"), "screen")
    address, body = f"{report['links']['self']}/accept", {"case_id": opened["case_id"]}
    assert rules(refused(above, address, body, report["version"])) == ["office_in_question"]


def test_a_closed_case_is_opened_again_before_a_report_joins_it(
    doors: Doors, refused: Callable[..., httpx.Response]
) -> None:
    police = doors.desk("psb-1")
    closed = _closed_case(doors)
    report = doors.screened()
    address, body = f"{report['links']['self']}/accept", {"case_id": closed["id"]}
    answer = refused(police, address, body, report["version"])
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/case_closed")
    police.move(closed, "reopen", {"reason": "有新线索"})
    assert police.move(report, "accept", body)["case_id"] == closed["id"]


def _closed_case(doors: Doors) -> Json:
    """Nobody was named in it; the investigation was withdrawn, and the women's federation approved."""
    police, women = doors.desk("psb-1"), doors.desk("women-1")
    accepted = police.move(doors.screened(), "accept", {})
    case = police.get(accepted["links"]["case"])
    (investigation,) = police.get(f"{case['links']['self']}/stages")["items"]
    police.accept(investigation)
    police.move(investigation, "begin")
    police.record(investigation, "withdrawals", datetime.now(UTC), reason="无犯罪事实")
    police.move(investigation, "complete")
    ask = {"action": "close", "subject_id": case["id"], "reason": "已查清"}
    asked = police.post(
        f"{case['links']['self']}/approvals", {**ask, "approver_unit_id": doors.unit("women-1")}
    )
    women.move(asked, "approve")
    return police.move(case, "close", {"reason": "goals_met"})
