"""Follow-up as the person chose it: contacts when agreed, help where needed, an end at once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from api.representations.records import RECORD_BODIES
from domain.stages import StageCode
from services.demo_desk import Desk, Json, Refused
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.demo_journeys.woman_who_declines import FREE, found_and_free


def begun(play: Stage) -> tuple[Journey, Desk]:
    """A free woman who declined shelter and agreed to be called."""
    journey, desk = found_and_free(play), play.desk("cab-1")
    no = {"said_by": "self", "said_at": play.day(FREE + 1).isoformat(), "in_private": True}
    desk.move(journey.stage("shelter"), "decline", no)
    desk.accept(journey.stage("follow_up"))
    first.ask_consent(journey, desk, "follow_up")
    desk.move(journey.stage("follow_up"), "begin")
    return journey, desk


def file_of(journey: Journey, desk: Desk) -> Json:
    return desk.get(journey.stage("follow_up")["links"]["self"])


def test_each_planned_contact_has_its_clock_and_a_contact_meets_it(play: Stage, admin: Engine) -> None:
    journey, desk = begun(play)
    stage = journey.stage("follow_up")
    desk.record(stage, "contact_plans", play.day(FREE + 2), months=[3, 1], channel="phone", place="老地方")
    first_due = datetime.fromisoformat(file_of(journey, desk)["due_at"])
    assert timedelta(days=28) <= first_due - play.day(FREE) <= timedelta(days=31)
    desk.record(stage, "contacts", play.day(FREE + 3), channel="phone", reached=False, month=1)
    second_due = datetime.fromisoformat(file_of(journey, desk)["due_at"])
    assert timedelta(days=59) <= second_due - first_due <= timedelta(days=62)
    desk.record(stage, "contacts", play.day(FREE + 4), channel="phone", reached=True, month=3)
    assert file_of(journey, desk)["due_at"] is None
    with admin.connect() as connection:
        ran = connection.execute(
            text(
                "select state from deadlines where stage_id = :id and clock = 'follow_up_contact' order by id"
            ),
            {"id": stage["id"]},
        ).scalars()
        assert list(ran) == ["met", "met"]
    assert desk.move(stage, "complete")["state"] == "completed"


def test_a_difficulty_opens_what_solves_it_and_follow_up_waits_for_its_end(play: Stage) -> None:
    journey, desk = begun(play)
    stage = journey.stage("follow_up")
    desk.record(stage, "contact_plans", play.day(FREE + 2), months=[1], channel="phone")
    desk.record(stage, "contacts", play.day(FREE + 3), channel="phone", reached=True, month=1)
    needs = {"description": "没有收入，也没有住处"}
    desk.record(stage, "difficulties", play.day(FREE + 3), **needs)
    opened = desk.get(journey.stage("reintegration_support")["links"]["self"])
    assert (opened["state"], opened["opened_by"]) == ("routed", "difficulty")
    with pytest.raises(Refused) as refused:
        desk.move(stage, "complete")
    assert [row["code"] for row in refused.value.problem["unmet"]] == ["difficulties_solved"]
    (told,) = desk.get(f"{stage['links']['self']}/difficulties")["items"]
    assert (told["description"], told["stage_id"], told["solved"]) == (
        needs["description"],
        opened["id"],
        False,
    )
    _helped(play, journey, desk, opened)
    (told,) = desk.get(f"{stage['links']['self']}/difficulties")["items"]
    assert (told["state"], told["solved"]) == ("completed", True)
    _again_with_the_same(play, journey, desk, stage)


def _helped(play: Stage, journey: Journey, desk: Desk, support: Json) -> None:
    desk.accept(support)
    first.ask_consent(journey, desk, "reintegration_support")
    desk.move(support, "begin")
    desk.record(support, "reviews", play.day(FREE + 5), outcome="goals_met", person_heard=True)
    desk.move(support, "complete")


def _again_with_the_same(play: Stage, journey: Journey, desk: Desk, stage: Json) -> None:
    """It ended and opens again by rule; while it is open another difficulty leaves it alone; its old review counts no more."""
    desk.record(stage, "difficulties", play.day(FREE + 6), description="又没有收入了")
    support = journey.stage("reintegration_support")
    assert support["state"] == "routed"
    desk.record(stage, "difficulties", play.day(FREE + 7), description="还要付房租")
    assert journey.stage("reintegration_support")["version"] == support["version"]
    entries = desk.get(journey.case["links"]["timeline"], limit=100)["items"]
    reopened = [e["what"] for e in entries if e["what"]["action"] == "reopen"]
    assert [(what["rule"], what["articles"][0]) for what in reopened] == [("difficulty", 38)]
    desk.accept(support)
    desk.move(support, "begin")
    assert [row["code"] for row in desk.get(support["links"]["self"])["blockers"]] == ["goals_settled"]


def test_who_was_invited_reads_no_difficulty_of_another_and_no_stage_that_is_not_theirs(play: Stage) -> None:
    journey, desk = begun(play)
    stage, women = journey.stage("follow_up"), play.desk("women-1")
    desk.post(f"{stage['links']['self']}/invitations", {"unit_id": play.unit(women)})
    desk.record(stage, "difficulties", play.day(FREE + 3), description="债主上门", stage="rights_support")
    women.record(
        stage, "difficulties", play.day(FREE + 4), description="想学手艺", stage="reintegration_support"
    )
    theirs, own = women.get(f"{stage['links']['self']}/difficulties")["items"]
    solving = ["solved", "stage", "stage_id", "state", "state_name"]
    assert theirs["_redacted"] == ["description", *solving]
    assert set(theirs["_redacted"]) & set(theirs) == set()
    assert (own["description"], own["_redacted"]) == ("想学手艺", solving)
    assert set(solving) & set(own) == set()
    with pytest.raises(Refused) as refused:
        play.desk("hrss-1").get(f"{stage['links']['self']}/difficulties")
    assert refused.value.status == 404


def test_an_adult_ends_follow_up_at_once_and_its_clocks_with_it(play: Stage, admin: Engine) -> None:
    journey, desk = begun(play)
    stage = journey.stage("follow_up")
    desk.record(stage, "contact_plans", play.day(FREE + 2), months=[1, 3], channel="phone")
    others = {code: state for code, state in journey.states().items() if code != "follow_up"}
    with pytest.raises(Refused) as refused:
        desk.record(stage, "ends", play.day(FREE + 3), said_by="safe_guardian")
    assert [row["code"] for row in refused.value.problem["unmet"]] == ["said_by_the_person"]
    desk.record(stage, "ends", play.day(FREE + 3), said_by="self", in_own_words="不用再打电话了")
    assert journey.states() == {**others, "follow_up": "completed"}
    with admin.connect() as connection:
        running = "select clock from deadlines where stage_id = :id and state in ('running', 'paused')"
        assert list(connection.execute(text(running), {"id": stage["id"]}).scalars()) == []
    last = desk.get(journey.case["links"]["timeline"], limit=100)["items"][-1]["what"]
    assert (last["action"], last["rule"]) == ("complete", "ended_by_the_person")


def test_the_police_never_hold_follow_up(play: Stage) -> None:
    journey, desk = begun(play)
    offer = {"unit_id": play.unit(play.desk("psb-1")), "reason": "转公安"}
    with pytest.raises(Refused) as refused:
        desk.move(journey.stage("follow_up"), "hand_over", offer)
    assert refused.value.status == 422


def test_no_record_of_follow_up_has_a_field_that_traces_anybody() -> None:
    fields = {name for body in RECORD_BODIES[StageCode.FOLLOW_UP].values() for name in body.model_fields}
    assert fields == {
        "happened_at", "months", "channel", "place", "reached", "month", "wish", "own_words", "description", "stage",
        "said_by", "child_heard", "in_own_words",
    }  # fmt: skip
