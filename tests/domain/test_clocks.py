"""The table of clocks: every figure with its source, and how each length is counted."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.clock_starts import ENDS_WITH_STAGE, ON_MOVES, ON_RECORDS, WORK_CLOCKS, on_record
from domain.clocks import CLOCKS, DEFAULT, Clock, DayType, Unit, birthday, months_after
from domain.ladders import LADDERS, Ladder
from domain.people import DAY_BOUNDARY
from domain.stages import RECORD_KINDS, StageCode
from tests.domain.test_working_days import Written

PUBLISHED = Written(years=frozenset(range(2020, 2040)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# domain.md C: amount, unit, whether its primary text was read
FIGURES = {
    "report_reply_urgent": (15, "minutes", False),
    "report_reply": (24, "hours", False),
    "report_feedback": (3, "days", False),
    "jurisdiction_transfer": (24, "hours", True),
    "report_erasure": (6, "months", False),
    "complaint": (15, "days", False),
    "stage_reply_urgent": (1, "hours", False),
    "stage_reply": (24, "hours", False),
    "name_officers": (24, "hours", False),
    "stage_begin": (3, "days", False),
    "hand_over_reply": (24, "hours", False),
    "case_hand_over_reply": (72, "hours", False),
    "hold_review": (90, "days", False),
    "ask_again": (90, "days", False),
    "plan_review": (30, "days", False),
    "request_by": (7, "days", False),
    "unit_conflict_confirm": (72, "hours", False),
    "investigation_filing": (3, "days", False),
    "not_filed_notice": (3, "days", True),
    "reconsideration_request": (7, "days", True),
    "reconsideration_decision": (30, "days", True),
    "higher_review": (30, "days", True),
    "rescue_review": (90, "days", False),
    "relief_stay": (10, "days", False),
    "stranded_period": (90, "days", False),
    "tracing_notice": (24, "hours", False),
    "sample_request": (7, "working_days", False),
    "sample_taken": (1, "months", False),
    "tracing_certificate": (1, "months", False),
    "tracing_certificate_12": (12, "months", False),
    "welfare_transfer": (7, "days", False),
    "adoption_announcement": (60, "days", True),
    "birth_registration": (1, "months", True),
    "grading": (20, "working_days", False),
    "grading_objection": (10, "working_days", False),
    "schooling_check": (90, "days", False),
    "employment_check": (90, "days", False),
    "follow_up_contact": (1, "months", False),
    "reflection": (30, "days", False),
    "guardian_decision": (24, "hours", False),
    "guardianship_review": (90, "days", False),
    "temporary_placement": (365, "days", False),
    "eighteenth_birthday": (1, "days", True),
    "protection_order": (72, "hours", True),
    "protection_order_urgent": (24, "hours", True),
    "legal_aid_decision": (7, "days", True),
    "legal_aid_lawyer": (3, "days", True),
    "legal_aid_dispute": (5, "days", True),
    "judicial_assistance_opinion": (10, "working_days", False),
    "annulment_year": (12, "months", True),
    "consent_term": (12, "months", False),
    "other_basis": (30, "days", False),
    "emergency_review": (24, "hours", False),
    "letter_answer": (15, "days", False),
    "case_file_term": (120, "months", False),
    "relocation_cooling": (7, "days", False),
}


def test_the_figures_are_those_of_the_facts() -> None:
    assert {code: (c.amount, str(c.unit), c.verified) for code, c in CLOCKS.items()} == FIGURES


@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS)
def test_every_clock_says_in_both_languages_what_starts_it_and_what_it_is(clock: Clock) -> None:
    for text in (clock.text, clock.starts):
        assert re.search(r"[一-鿿]", text.zh)
        assert re.search(r"[a-z]{3}", text.en)


@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS)
def test_what_a_statute_fixes_nobody_sets_otherwise(clock: Clock) -> None:
    assert not (clock.verified and clock.overridable)
    assert not (clock.verified and clock.source == DEFAULT)
    assert clock.most is None or clock.most >= clock.amount


def test_time_that_is_the_person_s_own_and_the_term_of_their_file_are_never_made_shorter() -> None:
    bound = {code: (clock.least, clock.amount) for code, clock in CLOCKS.items() if clock.least > 1}
    own = {"plan_review": (30, 30), "reflection": (30, 30), "relocation_cooling": (7, 7)}
    assert bound == own | {"case_file_term": (120, 120)}


def test_no_clock_waits_before_a_missing_child_is_searched_for() -> None:
    """The 24 or 48 hours are folklore (C-1): no clock starts from a person being missing, none is named after it."""
    for clock in CLOCKS.values():
        said = f"{clock.code} {clock.starts.en} {clock.text.en} {clock.starts.zh} {clock.text.zh}"
        assert not re.search(r"missing (child|person|minor|since)|失踪|走失|wait", said), clock.code
    assert not [c.code for c in CLOCKS.values() if (c.unit, c.amount) == (Unit.HOURS, 48)]
    assert WORK_CLOCKS[StageCode.INVESTIGATION] == "investigation_filing"


def test_nobody_may_miss_these() -> None:
    assert {code for code, clock in CLOCKS.items() if clock.critical} == {
        "report_reply_urgent", "stranded_period", "annulment_year", "legal_aid_decision", "legal_aid_lawyer",
        "legal_aid_dispute", "guardian_decision", "guardianship_review", "temporary_placement",
    }  # fmt: skip


def test_the_annulment_year_is_never_paused_moved_or_set_otherwise() -> None:
    year = CLOCKS["annulment_year"]
    assert (year.pausable, year.extendable, year.overridable, year.outlives) == (False, False, False, True)


# --- counting ---


def test_minutes_and_hours_run_through_the_night() -> None:
    start = at("2026-03-01T23:50:00+08:00")
    assert CLOCKS["report_reply_urgent"].due(start).at == at("2026-03-02T00:05:00+08:00")
    assert CLOCKS["tracing_notice"].due(start).at == start + timedelta(hours=24)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-01T00:00:00+08:00", "2026-03-04T23:59:59+08:00"),
        ("2026-03-01T23:59:59+08:00", "2026-03-04T23:59:59+08:00"),
        # 16:30 UTC is half past midnight there: the next day
        ("2026-03-01T16:30:00+00:00", "2026-03-05T23:59:59+08:00"),
        ("2026-12-30T10:00:00+08:00", "2027-01-02T23:59:59+08:00"),
        ("2028-02-27T10:00:00+08:00", "2028-03-01T23:59:59+08:00"),
    ],
)
def test_days_end_with_the_civil_day_in_shanghai(start: str, due: str) -> None:
    assert CLOCKS["stage_begin"].due(at(start)).at == at(due)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 5, 30), 24, date(2028, 5, 30)),
    ],
)
def test_months_are_calendar_months(start: date, months: int, end: date) -> None:
    assert months_after(start, months) == end


def test_the_annulment_year_ends_on_the_same_day_a_year_later() -> None:
    assert CLOCKS["annulment_year"].due(at("2026-03-12T06:10:00+08:00")).at == at("2027-03-12T23:59:59+08:00")


def test_working_days_are_counted_on_the_calendar_that_is_given() -> None:
    start = at("2026-06-05T10:00:00+08:00")
    due = CLOCKS["sample_request"].due(start, calendar=PUBLISHED)
    assert due == (at("2026-06-16T23:59:59+08:00"), False)
    assert CLOCKS["sample_request"].due(start).provisional


def test_a_division_counts_its_own_amount_in_the_clocks_unit() -> None:
    start = at("2026-06-05T10:00:00+08:00")
    assert CLOCKS["sample_request"].due(start, 1, PUBLISHED).at == at("2026-06-08T23:59:59+08:00")
    assert CLOCKS["stage_reply"].due(start, 2).at == start + timedelta(hours=2)


def test_a_clock_that_stood_is_due_as_much_later_and_still_at_the_end_of_a_day() -> None:
    due, stood = at("2026-06-05T23:59:59+08:00"), timedelta(days=2, hours=1)
    assert CLOCKS["schooling_check"].later(due, stood) == at("2026-06-08T23:59:59+08:00")
    assert CLOCKS["stage_reply"].later(due, stood) == due + stood


@pytest.mark.parametrize(
    ("born", "day"),
    [(date(2010, 5, 6), date(2028, 5, 6)), (date(2008, 2, 29), date(2026, 3, 1))],
)
def test_the_eighteenth_birthday(born: date, day: date) -> None:
    assert birthday(born, 18) == day


# --- what starts them ---

# no record says these: their own use cases start them
STARTED_BY_USE_CASES = {
    "emergency_review", "letter_answer",
    "report_reply_urgent", "report_reply", "report_feedback", "jurisdiction_transfer", "report_erasure",
    "complaint", "stage_reply_urgent", "stage_reply", "stage_begin", "hand_over_reply", "case_hand_over_reply", "hold_review",
    "ask_again", "plan_review", "name_officers", "request_by", "unit_conflict_confirm", "follow_up_contact", "guardian_decision",
    "eighteenth_birthday", "annulment_year", "birth_registration", "consent_term", "other_basis",
    "relocation_cooling", "case_file_term",
}  # fmt: skip


def test_every_clock_is_started_somewhere() -> None:
    started = {start.clock for row in ON_RECORDS for start in row.starts} | set(WORK_CLOCKS.values())
    started |= {start.clock for row in ON_MOVES for start in row.starts}
    assert started | STARTED_BY_USE_CASES == set(CLOCKS)


def test_the_rows_name_records_and_clocks_that_exist() -> None:
    for row in ON_RECORDS:
        assert row.kind in RECORD_KINDS[row.stage]
    named = {clock for row in ON_RECORDS for clock, _ in row.meets}
    named |= {clock for clocks in ENDS_WITH_STAGE.values() for clock in clocks}
    assert named <= set(CLOCKS)


@pytest.mark.parametrize(
    ("stage", "kind", "body", "starts", "meets"),
    [
        (
            "shelter", "admission", {"institution_kind": "relief_station"},
            "stranded_period tracing_notice sample_request relief_stay", "",
        ),
        (
            "shelter", "admission", {"institution_kind": "hospital"},
            "stranded_period tracing_notice sample_request", "relief_stay",
        ),
        ("shelter", "exit", {}, "", "relief_stay"),
        ("rights_support", "aid_application", {}, "legal_aid_decision", ""),
        ("rights_support", "aid_decision", {"outcome": "granted"}, "legal_aid_lawyer", "legal_aid_decision legal_aid_dispute"),
        ("rights_support", "aid_decision", {"outcome": "refused"}, "legal_aid_dispute", "legal_aid_decision"),
        ("rights_support", "aid_application", {"aid": "legal_aid"}, "legal_aid_decision", ""),
        ("rights_support", "aid_application", {"aid": "judicial_assistance"}, "judicial_assistance_opinion", ""),
        *(
            (
                "rights_support", "aid_decision", {"aid": "judicial_assistance", "outcome": outcome},
                "", "judicial_assistance_opinion",
            )
            for outcome in ("granted", "refused")
        ),
        ("rights_support", "lawyer_assigned", {}, "", "legal_aid_lawyer"),
        ("rights_support", "claim", {"claim": "annulment"}, "", "annulment_year"),
        ("rights_support", "claim", {"claim": "wage"}, "", ""),
        (
            "investigation", "filing_decision", {"decision": "not_filed"},
            "not_filed_notice reconsideration_request", "investigation_filing",
        ),
        (
            "investigation", "reconsideration", {"asked_on": "2026-03-05"},
            "reconsideration_decision", "reconsideration_request",
        ),
        (
            "investigation", "reconsideration", {"asked_on": "2026-03-05", "outcome": "upheld"},
            "higher_review", "not_filed_notice reconsideration_request reconsideration_decision",
        ),
        (
            "investigation", "reconsideration", {"outcome": "changed"},
            "", "not_filed_notice reconsideration_request reconsideration_decision",
        ),
        ("medical_care", "disability_grading", {"status": "applied"}, "grading", ""),
        ("medical_care", "disability_grading", {"status": "certified"}, "grading_objection", "grading"),
        (
            "guardianship", "guardian_status", {"status": "temporary_cab"},
            "guardianship_review temporary_placement", "guardian_decision",
        ),
        ("schooling", "enrolment", {}, "schooling_check", ""),
    ],
)  # fmt: skip
def test_what_a_record_starts_and_meets(
    stage: str, kind: str, body: dict[str, object], starts: str, meets: str
) -> None:
    rows = list(on_record(StageCode(stage), kind, body))
    assert {start.clock for row in rows for start in row.starts} == set(starts.split())
    assert {clock for row in rows for clock, _ in row.meets} == set(meets.split())


def test_only_the_first_admission_starts_the_stranded_period() -> None:
    rows = on_record(StageCode.SHELTER, "admission", {"institution_kind": "relief_station"})
    start = next(s for row in rows for s in row.starts if s.clock == "stranded_period")
    assert (start.once, start.whose) == (True, "victim")


# --- ladders ---


def test_ladders_are_climbed_in_the_order_of_the_workflow() -> None:
    for ladder in (Ladder.STAGE, Ladder.STAGE_URGENT):
        told = [who for rung in LADDERS[ladder].rungs for who in rung.told]
        assert told == ["unit", "supervisor", "candidate", "owner", "corps"]
    for ladder, step in ((Ladder.REPORT, timedelta(days=1)), (Ladder.REPORT_URGENT, timedelta(minutes=15))):
        rungs = LADDERS[ladder].rungs
        assert [rung.told for rung in rungs] == [("unit", "above"), ("above",), ("above",), ("corps",)]
        assert [rung.after for rung in rungs] == [step * n for n in range(4)]


@pytest.mark.parametrize("ladder", Ladder)
def test_rungs_follow_each_other_in_time_and_one_is_at_the_due_time(ladder: Ladder) -> None:
    after = [rung.after for rung in LADDERS[ladder].rungs]
    assert after == sorted(set(after))
    assert after.count(timedelta(0)) == 1


def test_the_last_rung_of_what_nobody_may_miss_comes_again_until_it_is_met() -> None:
    steps = LADDERS[Ladder.CRITICAL]
    due = datetime(2026, 6, 30, tzinfo=UTC)
    last = len(steps.rungs) - 1
    times = [steps.next_at(number, due) for number in (last, last + 1, last + 2)]
    assert times == [due + timedelta(days=days) for days in (1, 8, 15)]
    assert steps.rung(last + 2) is not None
    assert LADDERS[Ladder.PLAIN].rung(2) is None


@pytest.mark.parametrize(
    ("days", "first"), [(365, 0), (31.5, 0), (30.5, 1), (7.5, 2), (3, 2), (1, 3), (0, 3)]
)
def test_warnings_come_only_where_the_clock_is_long_enough(days: float, first: int) -> None:
    due = datetime(2026, 6, 30, tzinfo=UTC)
    assert LADDERS[Ladder.CRITICAL].first(due, due - timedelta(days=days)) == first


def test_day_types_follow_from_the_unit() -> None:
    assert {str(c.unit): str(c.day_type) for c in CLOCKS.values()} == {
        "minutes": DayType.ELAPSED,
        "hours": DayType.ELAPSED,
        "days": DayType.CALENDAR,
        "months": DayType.CALENDAR,
        "working_days": DayType.WORKING,
    }
    assert CLOCKS["stage_begin"].due(at("2026-03-01T10:00:00+08:00")).at.tzinfo is DAY_BOUNDARY
