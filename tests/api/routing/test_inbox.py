"""Every list in which work waits for a unit or an officer: each line in its tray, narrowed by the filters, in one statement."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from api.calls import House
from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.manners.operations import statements_of
from tests.api.routing.conftest import new_journey


def tray(desk: Desk, name: str, case: Json, **more: object) -> set[str]:
    """The stages of this case in one tray, however many pages of other work lie in it."""
    page = desk.get("/inbox", tray=name, limit=100, **more)
    found = [*page["items"]]
    while "next" in page["links"]:
        page = desk.get(page["links"]["next"])
        found += page["items"]
    return {line["code"] for line in found if line["links"]["case"] == case["links"]["self"]}


def test_each_stage_lies_in_the_trays_of_its_state(journey: Journey, play: Stage) -> None:
    health, south, case = play.desk("health-1"), play.desk("south-health-1"), journey.case
    stage = journey.stage("medical_care")
    assert tray(health, "routed", case) == tray(health, "all", case) == {"medical_care"}
    assert tray(health, "due", case) == {"medical_care"}  # an answer is due within a day
    health.accept(stage)
    assert tray(health, "routed", case) == set()
    assert tray(health, "active", case) == tray(health, "waiting_for_consent", case) == {"medical_care"}
    health.move(stage, "hand_over", {"unit_id": play.unit(south), "reason": "本人迁居"})
    assert tray(south, "offered", case) == tray(south, "all", case) == {"medical_care"}
    health.move(stage, "withdraw_hand_over")
    assert tray(south, "all", case) == set()


def test_a_stage_waits_for_consent_until_it_is_given(journey: Journey, play: Stage) -> None:
    health = play.desk("health-1")
    health.accept(journey.stage("medical_care"))
    first.begin_guardianship(play, journey, on=1)
    assert tray(health, "waiting_for_consent", journey.case) == {"medical_care"}
    first.ask_consent(journey, play.desk("cab-1"), "medical_care", given_by="temporary_guardian")
    assert tray(health, "waiting_for_consent", journey.case) == set()
    assert tray(health, "active", journey.case) == {"medical_care"}


def test_what_came_back_lies_with_the_owner_to_be_routed(journey: Journey, play: Stage) -> None:
    stage = journey.stage("medical_care")
    assert "medical_care" not in tray(journey.owner, "to_route", journey.case)
    play.desk("health-1").move(stage, "send_back", {"reason": "no_capacity"})
    assert "medical_care" in tray(journey.owner, "to_route", journey.case)
    assert tray(play.desk("health-1"), "all", journey.case) == set()


def test_the_personal_inbox_holds_what_one_is_officer_or_deputy_of(journey: Journey, play: Stage) -> None:
    health, other = play.desk("health-1"), play.desk("health-2")
    stage = journey.stage("medical_care")
    assert tray(health, "all", journey.case, whose="mine") == set()
    health.accept(stage)  # the two of them
    for desk in (health, other):
        assert tray(desk, "all", journey.case, whose="mine") == {"medical_care"}


def test_filters_narrow_by_stage_state_place_and_due_time(module_journey: Journey, play: Stage) -> None:
    """An answer is due within a day of routing."""
    health, case, ours = play.desk("health-1"), module_journey.case, {"medical_care"}
    assert tray(health, "all", case, stage="medical_care", state="routed") == ours
    assert tray(health, "all", case, stage="shelter") == tray(health, "all", case, state="active") == set()
    for code, found in (("0101", ours), ("01", ours), ("00", ours), ("0201", set())):
        assert tray(health, "all", case, place_id=play.place(code)) == found
    assert tray(health, "all", case, place_id=uuid4()) == set()
    soon, later = (datetime.now(UTC) + timedelta(hours=hours) for hours in (2, 48))
    for narrowed, found in (
        ({"due_before": later}, ours),
        ({"due_before": soon}, set()),
        ({"due_from": soon}, ours),
        ({"due_from": later}, set()),
        ({"due_from": soon, "due_before": later}, ours),
        ({"due_from": soon, "due_before": soon}, set()),
    ):
        asked = {name: at.isoformat() for name, at in narrowed.items()}
        assert tray(health, "all", case, **asked) == found, narrowed


@pytest.mark.parametrize("name", ["overdue", "to_route", "waiting_for_consent", "offered"])
def test_an_empty_tray_is_an_ordinary_answer(play: Stage, name: str) -> None:
    answer = play.desk("south-fao-1").get("/inbox", tray=name)
    assert (answer["tray"], answer["items"]) == (name, [])
    assert set(answer["links"]) == {"self", "alarms", "approvals", "requests", "reports"}


def test_reports_wait_for_an_answer_with_the_soonest_first(play: Stage) -> None:
    police = play.desk("psb-1")
    message = {"narrative": "有人需要帮助"}
    for concerns in ([], ["danger"]):
        first.report(play, "tip", concerns, message)
    waiting = police.get("/inbox/reports", limit=100)["items"]
    due = [datetime.fromisoformat(report["reply_by"]) for report in waiting]
    assert due == sorted(due)
    assert {report["answered_at"] for report in waiting} == {None}
    newest = police.get("/reports", state="received")["items"][0]
    assert newest["id"] in {report["id"] for report in waiting}


def test_no_list_asks_the_database_more_often_for_more_lines(play: Stage, house: House) -> None:
    police = play.desk("psb-1")
    lists = (
        "/inbox",
        "/inbox?tray=waiting_for_consent&whose=mine",
        "/alarms",
        "/inbox/reports",
        "/requests",
    )

    def statements() -> list[int]:
        found = []
        for path in lists:
            with statements_of(house.engine) as seen:
                police.get(path)
            found.append(len(seen))
        return found

    before = statements()
    new_journey(play)
    assert statements() == before
    assert max(before) <= 4
