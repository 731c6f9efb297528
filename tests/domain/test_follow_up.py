"""When an agreed contact is due, and which stage solves a difficulty."""

from datetime import UTC, date, datetime

import pytest

from domain.agencies import Agency
from domain.follow_up import left_care_at, months_after, next_contact, solving, unsolved
from domain.people import Person
from domain.requirements import Facts, Record
from domain.stages import StageCode

FREE, IN, OUT = (datetime(2026, month, 31 if month in (1, 3) else 28, 4, tzinfo=UTC) for month in (1, 2, 3))
PERSON = Person(date(2026, 6, 1), liberty_at=FREE)
PLAN = Record("contact_plan", Agency.CAB, {"months": [1, 3, 6]})


def care(kind: str, at: datetime, destination: str = "family") -> Record:
    body = {"destination": destination} if kind == "exit" else {}
    return Record(kind, Agency.CAB, body, StageCode.SHELTER, at)


def facts(*elsewhere: Record, own: tuple[Record, ...] = (), shelter: str | None = None) -> Facts:
    stages = {} if shelter is None else {StageCode.SHELTER: shelter}
    return Facts(StageCode.FOLLOW_UP, PERSON, records=own, elsewhere=elsewhere, stages=stages)


@pytest.mark.parametrize(
    ("known", "left"),
    [
        (facts(), FREE),
        (Facts(StageCode.FOLLOW_UP, None), None),
        (Facts(StageCode.FOLLOW_UP, Person(date(2026, 6, 1))), None),
        (facts(shelter="declined"), FREE),
        (facts(shelter="routed"), None),
        (facts(care("admission", IN), shelter="active"), None),
        (facts(care("admission", IN), care("exit", OUT), shelter="active"), OUT),
        (facts(care("admission", IN), care("exit", OUT), shelter="completed"), OUT),
        (facts(care("admission", IN), care("exit", OUT, "other_shelter"), shelter="active"), None),
        (facts(care("admission", IN), care("exit", OUT, "long_term_institution"), shelter="active"), None),
        (facts(care("admission", IN), care("exit", OUT, "absent"), shelter="active"), None),
        (facts(care("exit", IN), care("admission", OUT), shelter="active"), None),
    ],
)
def test_care_is_left_with_the_exit_or_never_entered_with_liberty(
    known: Facts, left: datetime | None
) -> None:
    assert left_care_at(known) == left


@pytest.mark.parametrize(
    ("own", "due"),
    [
        ((), None),
        ((PLAN,), datetime(2026, 2, 28, 4, tzinfo=UTC)),
        (
            (PLAN, Record("contact", Agency.CAB, {"month": 1, "reached": True})),
            datetime(2026, 4, 30, 4, tzinfo=UTC),
        ),
        # somebody not reached is not searched for: the contact was tried, and the next one is the next one
        (
            (PLAN, Record("contact", Agency.CAB, {"month": 1, "reached": False})),
            datetime(2026, 4, 30, 4, tzinfo=UTC),
        ),
        ((PLAN, Record("contact", Agency.CAB, {"month": 3})), datetime(2026, 2, 28, 4, tzinfo=UTC)),
        (
            (PLAN, Record("contact_plan", Agency.CAB, {"months": [12]})),
            datetime(2027, 1, 31, 4, tzinfo=UTC),
        ),
        (
            (
                Record("contact_plan", Agency.CAB, {"months": [2]}),
                Record("contact", Agency.CAB, {"month": 2}),
            ),
            None,
        ),
    ],
)
def test_the_next_contact_is_the_earliest_planned_one_that_was_not_made(
    own: tuple[Record, ...], due: datetime | None
) -> None:
    assert next_contact(facts(own=own)) == due


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("2026-01-31T04:00:00+00:00", 1, "2026-02-28T04:00:00+00:00"),
        ("2024-01-31T04:00:00+00:00", 1, "2024-02-29T04:00:00+00:00"),
        ("2026-12-15T04:00:00+00:00", 1, "2027-01-15T04:00:00+00:00"),
        ("2026-03-15T04:00:00+00:00", 12, "2027-03-15T04:00:00+00:00"),
        # 23:30 UTC is already the next day where the agencies work
        ("2026-01-30T23:30:00+00:00", 1, "2026-02-27T23:30:00+00:00"),
    ],
)
def test_months_are_those_of_the_calendar_where_the_agencies_work(start: str, months: int, due: str) -> None:
    assert months_after(datetime.fromisoformat(start), months) == datetime.fromisoformat(due)


def test_a_difficulty_without_a_stage_is_reintegration_s() -> None:
    assert (solving(None), solving("schooling")) == (StageCode.REINTEGRATION_SUPPORT, StageCode.SCHOOLING)


def test_a_difficulty_whose_stage_is_not_even_there_is_not_solved() -> None:
    told = facts(own=(Record("difficulty", Agency.CAB, {"stage": "schooling"}),))
    assert unsolved(told) == (StageCode.SCHOOLING,)
