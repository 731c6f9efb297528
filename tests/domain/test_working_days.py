"""Counting working days, on a calendar that is a value of the test's own."""

from dataclasses import dataclass
from datetime import date

import pytest

from domain.working_days import PLAIN_WEEK, add_working_days, arrangements


@dataclass(frozen=True)
class Written:
    """A calendar written down: Monday to Friday but for these days off, and these weekend days that are worked."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset({2026})

    def is_working(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def is_published(self, year: int) -> bool:
        return year in self.years


FRIDAY = date(2026, 6, 5)
PLAIN = Written()


@pytest.mark.parametrize(
    ("amount", "last"),
    [(1, date(2026, 6, 8)), (5, date(2026, 6, 12)), (6, date(2026, 6, 15)), (10, date(2026, 6, 19))],
)
def test_the_day_of_the_start_is_not_counted_and_weekends_are_passed_over(amount: int, last: date) -> None:
    assert add_working_days(FRIDAY, amount, PLAIN).day == last


def test_a_start_on_a_day_off_counts_from_the_next_working_day() -> None:
    assert add_working_days(date(2026, 6, 6), 1, PLAIN).day == date(2026, 6, 8)


def test_a_holiday_is_passed_over_and_a_worked_saturday_counts() -> None:
    monday_off = Written(off=frozenset({date(2026, 6, 8)}))
    saturday_worked = Written(worked=frozenset({date(2026, 6, 6)}))
    assert add_working_days(FRIDAY, 1, monday_off).day == date(2026, 6, 9)
    assert add_working_days(FRIDAY, 1, saturday_worked).day == date(2026, 6, 6)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_not_counted(amount: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(FRIDAY, amount, PLAIN)


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (date(2026, 6, 1), date(2026, 6, 9), [2026]),
        (date(2026, 12, 20), date(2026, 12, 24), [2026]),
        # what is moved for New Year lies in the last week of the old one
        (date(2026, 12, 20), date(2026, 12, 25), [2026, 2027]),
        (date(2026, 12, 30), date(2027, 1, 4), [2026, 2027]),
        (date(2026, 12, 31), date(2027, 1, 4), [2027]),
        (date(2025, 12, 1), date(2027, 1, 4), [2025, 2026, 2027]),
    ],
)
def test_which_arrangements_a_count_touches(start: date, end: date, years: list[int]) -> None:
    assert list(arrangements(start, end)) == years


@pytest.mark.parametrize(
    ("start", "provisional"),
    [(date(2026, 12, 1), False), (date(2026, 12, 21), True), (date(2027, 3, 1), True)],
)
def test_a_count_over_an_unpublished_year_is_provisional(start: date, provisional: bool) -> None:
    assert add_working_days(start, 5, PLAIN).provisional is provisional


def test_once_the_year_is_published_the_same_count_is_final_and_may_end_elsewhere() -> None:
    start = date(2027, 2, 1)
    published = Written(off=frozenset({date(2027, 2, 8)}), years=frozenset({2026, 2027}))
    assert add_working_days(start, 5, PLAIN) == (date(2027, 2, 8), True)
    assert add_working_days(start, 5, published) == (date(2027, 2, 9), False)


def test_without_a_calendar_everything_is_provisional() -> None:
    assert add_working_days(FRIDAY, 1, PLAIN_WEEK) == (date(2026, 6, 8), True)
