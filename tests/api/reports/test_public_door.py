"""The public door: a receipt that looks like every other, and opens received, being handled or answered, and no more."""

import pytest
from sqlalchemy import Engine, event

from services.demo_desk import Json, Refused
from tests.api.reports.conftest import Doors


def without_what_differs(receipt: Json) -> Json:
    return {**receipt, "number": "", "secret": "", "received_at": "", "links": {}}


@pytest.fixture(scope="module")
def receipts(doors: Doors) -> dict[str, Json]:
    """One of each fate, all answered in the end."""
    police, found = doors.desk("psb-1"), {}
    found["child alone"] = doors.child(hint="汽车站二楼", safe_way_to_answer="红衣服")
    found["tip"] = doors.report()
    found["emergency"] = doors.report("danger")
    found["not to this office"] = doors.report(not_this_office=True)
    found["unfounded"] = doors.report()
    report = doors.unfounded(police.move(doors.newest(), "screen"))
    police.move(report, "answer", {"text": "未发现问题"})
    found["erased"] = doors.report()
    report = doors.unfounded(police.move(doors.newest(), "screen"))
    report = police.move(report, "answer", {"text": "未发现问题"})
    doors.comes_due(report, "report_erasure")
    assert police.get(report["links"]["self"])["erased_at"] is not None
    return found


def test_every_receipt_has_the_same_words_shape_and_length_and_shows_110(receipts: dict[str, Json]) -> None:
    assert len({str(without_what_differs(receipt)) for receipt in receipts.values()}) == 1
    assert len({(len(r["number"]), len(r["secret"]), len(r["received_at"])) for r in receipts.values()}) == 1
    for receipt in receipts.values():
        assert receipt["emergency"] == "110"
        assert all("110" in words for words in receipt["what_now"].values())
        assert set(receipt["what_now"]) == {"zh-CN", "en"}


def test_a_receipt_tells_received_being_handled_or_answered_and_nothing_else(
    doors: Doors, receipts: dict[str, Json]
) -> None:
    told = {name: doors.receipt(receipt).json() for name, receipt in receipts.items()}
    assert {frozenset(answer) for answer in told.values()} == {
        frozenset({"number", "status", "status_name", "received_at"})
    }
    assert {name: answer["status"] for name, answer in told.items()} == {
        "child alone": "received",
        "tip": "received",
        "emergency": "received",
        "not to this office": "received",
        "unfounded": "answered",
        "erased": "answered",
    }
    assert len(doors.receipt(receipts["unfounded"]).content) == len(doors.receipt(receipts["erased"]).content)


def test_asking_costs_the_same_work_for_every_receipt_and_for_a_wrong_one(
    doors: Doors, receipts: dict[str, Json]
) -> None:
    asked = {
        name: statements(doors.house.engine, lambda r=receipt: doors.receipt(r))
        for name, receipt in receipts.items()
    }
    wrong = statements(doors.house.engine, lambda: doors.receipt(receipts["tip"], secret="x" * 24))
    assert len({*asked.values(), wrong}) == 1


def statements(engine: Engine, ask: object) -> int:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    ask()  # type: ignore[operator]
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize("number", ["as given", "R-00000-00000-0", "R-48392-07561-4", "nonsense"])
def test_a_wrong_number_or_secret_is_answered_alike_whatever_is_wrong(
    doors: Doors, receipts: dict[str, Json], number: str
) -> None:
    receipt = receipts["erased"]
    asked = {**receipt, "number": receipt["number"] if number == "as given" else number}
    for answer in (doors.receipt(asked, secret="x" * 24), doors.complain(asked, secret="x" * 24)):
        content = answer.json()
        assert answer.status_code == 404
        assert {**content, "instance": ""} == {**doors.receipt(asked, secret="y").json(), "instance": ""}


def test_a_complaint_is_taken_alike_whatever_became_of_the_report(
    doors: Doors, receipts: dict[str, Json]
) -> None:
    answers = {name: doors.complain(receipt) for name, receipt in receipts.items()}
    assert {answer.status_code for answer in answers.values()} == {201}
    assert {str({**answer.json(), "number": ""}) for answer in answers.values()} == {
        str({"number": "", "status": "received", "emergency": "110"})
    }


# --- a child alone ---


@pytest.mark.parametrize(("safe_now", "danger"), [("no", True), ("unknown", False), ("yes", False)])
def test_a_child_alone_is_in_a_case_at_once_and_nobody_at_home_is_told(
    doors: Doors, safe_now: str, danger: bool
) -> None:
    doors.child(safe_now, hint="汽车站二楼", safe_way_to_answer="请找穿红衣服的我")
    report = doors.newest()
    assert set(report["concerns"]) == {"self_report", "child_alone"} | ({"danger"} if danger else set())
    assert report["message"] == {"whereabouts": "汽车站二楼"}
    assert report["contact_nobody_at_home"] is True
    civil_affairs = doors.desk("cab-1")
    assert doors.newest("cab-1")["id"] == report["id"]
    stages = {s["code"]: s for s in civil_affairs.get(f"{report['links']['case']}/stages")["items"]}
    assert {"investigation", "guardianship", "rescue"} <= set(stages)
    child = civil_affairs.get(f"{report['links']['case']}/victims")["items"][0]
    assert child["sections"]["contact"] == {"contact_home": "no", "safe_contact": "请找穿红衣服的我"}
    assert child["sections"].get("situation", {}) == ({"in_danger": "yes"} if danger else {})
    assert child["minor"] is True


def test_a_child_need_say_no_more_than_where(doors: Doors) -> None:
    receipt = doors.child("unknown")
    assert receipt["status"] == "received"
    assert doors.newest()["case_id"] is not None


def test_no_consent_no_guardian_and_no_name_is_asked_of_a_child(doors: Doors) -> None:
    for field in ("name", "guardian", "consent", "age", "phone", "kind", "concerns"):
        with pytest.raises(Refused) as no:
            doors.child("no", **{field: "示例"})
        assert no.value.status == 422


def test_home_may_be_contacted_only_once_the_guardian_is_safe(doors: Doors) -> None:
    doors.child("no")
    police, report = doors.desk("psb-1"), doors.newest()
    child = police.get(f"{report['links']['case']}/victims")["items"][0]
    with pytest.raises(Refused) as no:
        police.patch(child["links"]["self"], {"contact": {"contact_home": "yes"}}, version=child["version"])
    assert no.value.status == 422
    kept = doors.desk("cab-1").get(f"{report['links']['case']}/victims")["items"][0]
    assert kept["sections"]["contact"]["contact_home"] == "no"
