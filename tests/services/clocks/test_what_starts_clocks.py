"""Records, moves and facts start clocks and meet them; holds pause only what may be paused."""

from datetime import datetime, timedelta

from domain.clocks import CLOCKS
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import date_of
from services.working_days import OFFICIAL
from tests.services.clocks.ground import Clocks, review


def test_an_admission_starts_what_an_unidentified_person_is_waited_for_with_and_a_transfer_does_not_start_it_anew(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id, station = str(journey.case["id"]), play.desk("station-1")
    first.shelter_at_the_station(play, journey, [], on=480)
    admitted = play.day(480)
    running = {row["clock"]: row for row in clocks.of(case_id) if row["started_at"] == admitted}
    assert set(running) == {"relief_stay", "stranded_period", "tracing_notice", "sample_request"}
    for code, row in running.items():
        due = CLOCKS[code].due(admitted, calendar=OFFICIAL)
        assert (row["due_at"], row["provisional"]) == due
    shelter = journey.stage("shelter")
    moved = {"needs": [], "rules_explained_in": "zh", "free_to_leave_explained": True}
    station.record(shelter, "admissions", play.day(485), institution_kind="hospital", **moved)
    stranded = clocks.of(case_id, "stranded_period")
    assert [(row["started_at"], row["subject"]) for row in stranded] == [(admitted, "victim")]
    assert [row["state"] for row in clocks.of(case_id, "relief_stay")] == ["met"]


def test_once_it_is_known_who_the_person_is_nobody_waits_for_that(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id = str(journey.case["id"])
    first.shelter_at_the_station(play, journey, [], on=480)
    first.learn(journey, situation={"identity_known": "yes"})
    for clock in ("stranded_period", "tracing_notice", "sample_request"):
        assert [row["state"] for row in clocks.of(case_id, clock)] == ["met"]


def test_the_annulment_year_runs_from_liberty_and_moves_with_its_correction(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id = str(journey.case["id"])
    for day in ("2026-03-12T06:10:00+08:00", "2026-03-11T22:00:00+08:00"):
        first.learn(journey, account={"liberty_at": day})
    year = clocks.of(case_id, "annulment_year")
    assert [row["state"] for row in year] == ["stopped", "running"]
    assert year[1]["due_at"] == datetime.fromisoformat("2027-03-11T23:59:59+08:00")
    assert year[1]["victim_id"] is not None


def test_a_birth_date_starts_the_eighteenth_birthday(journey: Journey, clocks: Clocks) -> None:
    case_id = str(journey.case["id"])
    first.learn(journey, identity={"birth_date": "2012-02-29"})
    assert [row["due_at"] for row in clocks.of(case_id, "eighteenth_birthday")] == [
        datetime.fromisoformat("2030-03-01T00:00:00+08:00")
    ]


def test_legal_aid_is_due_decision_by_decision(journey: Journey, play: Stage, clocks: Clocks) -> None:
    case_id, justice = str(journey.case["id"]), play.desk("justice-1")
    rights = first.explain_rights(play, journey, ["legal_aid"], on=470)
    asked = {"reference": "示例援申字0001号", "matter": "compensation", "applied_on": date_of(play.day(480))}
    justice.record(rights, "aid_applications", play.day(480), **asked)
    assert justice.get(rights["links"]["self"])["due"]["clock"] == "legal_aid_decision"
    granted = {"outcome": "granted", "number": "示例援决字0001号", "decided_on": date_of(play.day(482))}
    justice.record(rights, "aid_decisions", play.day(482), **granted)
    shown = justice.get(rights["links"]["self"])["due"]
    assert (shown["clock"], shown["verified"], shown["provisional"]) == ("legal_aid_lawyer", True, False)
    assert [row["state"] for row in clocks.of(case_id, "legal_aid_decision")] == ["met"]
    justice.record(rights, "lawyers_assigned", play.day(483), lawyer="示例律师", firm="示例律师事务所")
    assert [row["state"] for row in clocks.of(case_id, "legal_aid_lawyer")] == ["met"]
    assert justice.get(rights["links"]["self"])["due"] is None


def test_money_from_the_state_is_waited_for_in_working_days_and_beside_legal_aid(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id, justice = str(journey.case["id"]), play.desk("justice-1")
    rights = first.explain_rights(play, journey, ["compensation"], on=470)
    matter = {"matter": "compensation", "applied_on": date_of(play.day(480))}
    justice.record(rights, "aid_applications", play.day(480), reference="示例援申字0003号", **matter)
    assistance = {"aid": "judicial_assistance", "reference": "示例司救字0001号", **matter}
    justice.record(rights, "aid_applications", play.day(480), **assistance)
    (opinion,) = clocks.of(case_id, "judicial_assistance_opinion")
    due = CLOCKS["judicial_assistance_opinion"].due(play.day(480), calendar=OFFICIAL)
    assert (opinion["due_at"], opinion["state"]) == (due.at, "running")
    given = {"aid": "judicial_assistance", "outcome": "granted", "decided_on": date_of(play.day(485))}
    justice.record(rights, "aid_decisions", play.day(485), **given)
    assert [row["state"] for row in clocks.of(case_id, "judicial_assistance_opinion")] == ["met"]
    assert [row["state"] for row in clocks.of(case_id, "legal_aid_decision")] == ["running"]
    assert clocks.of(case_id, "legal_aid_lawyer") == []


def test_a_reconsideration_is_decided_within_thirty_days_of_the_day_it_was_asked_for(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id, police = str(journey.case["id"]), play.desk("psb-1")
    investigation = journey.stage("investigation")
    police.accept(investigation)
    police.move(investigation, "begin")
    police.record(investigation, "filing_decisions", play.day(470), decision="not_filed", reason="证据不足")
    assert [row["state"] for row in clocks.of(case_id, "reconsideration_request")] == ["running"]
    police.record(investigation, "reconsiderations", play.day(475), asked_on=date_of(play.day(474)))
    assert [row["state"] for row in clocks.of(case_id, "reconsideration_request")] == ["met"]
    (decision,) = clocks.of(case_id, "reconsideration_decision")
    due = CLOCKS["reconsideration_decision"].due(play.day(474)).at
    assert (decision["due_at"], decision["state"]) == (due, "running")
    police.record(investigation, "reconsiderations", play.day(490), outcome="upheld")
    assert [row["state"] for row in clocks.of(case_id, "reconsideration_decision")] == ["met"]
    assert [row["state"] for row in clocks.of(case_id, "higher_review")] == ["running"]


def test_a_hold_pauses_only_what_may_be_paused_and_moves_its_due_time(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id, edu = str(journey.case["id"]), play.desk("edu-1")
    stage = journey.stage("schooling")
    edu.accept(stage)
    edu.move(stage, "begin")
    edu.record(stage, "enrolments", play.day(480), enrolled_on=date_of(play.day(480)), school="示范学校")
    before = clocks.of(case_id, "schooling_check")[0]
    edu.move(stage, "hold", {"reason": "生病住院", "review_at": review()})
    assert clocks.of(case_id, "schooling_check")[0]["state"] == "paused"
    clocks.sql(
        "update deadlines set paused_at = paused_at - :by where id = :id",
        id=before["id"],
        by=timedelta(days=10),
    )
    resumed = edu.move(stage, "resume")
    after = clocks.of(case_id, "schooling_check")[0]
    assert after["state"] == "running"
    assert after["due_at"] - before["due_at"] in (timedelta(days=10), timedelta(days=11))
    assert after["due_at"].astimezone(CLOCKS["schooling_check"].due(play.day(0)).at.tzinfo).hour == 23
    assert after["moved_by"] == after["due_at"] - before["due_at"]
    assert datetime.fromisoformat(resumed["due"]["at"]) == after["due_at"]


def test_what_may_not_be_paused_runs_on_while_the_stage_waits(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id, justice = str(journey.case["id"]), play.desk("justice-1")
    rights = first.explain_rights(play, journey, ["legal_aid"], on=470)
    asked = {"reference": "示例援申字0002号", "matter": "wages", "applied_on": date_of(play.day(490))}
    justice.record(rights, "aid_applications", play.day(490), **asked)
    before = clocks.of(case_id, "legal_aid_decision")[0]
    justice.move(rights, "hold", {"reason": "等待本人决定", "review_at": review()})
    during = clocks.of(case_id, "legal_aid_decision")[0]
    assert (during["state"], during["due_at"]) == ("running", before["due_at"])
