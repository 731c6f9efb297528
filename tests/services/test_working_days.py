"""The official arrangements as the library holds them. The library is the source: these rows pin what was read from it."""

from datetime import date, timedelta

import pytest
from holidays.countries.china import ChinaStaticHolidays

from domain.working_days import add_working_days
from services.working_days import OFFICIAL

HELD = sorted(ChinaStaticHolidays.special_public_holidays)


@pytest.mark.parametrize(
    "day",
    [
        date(2001, 12, 29), date(2001, 12, 30), date(2011, 12, 31), date(2018, 12, 29), date(2025, 1, 26),
        date(2025, 10, 11), date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20),
        date(2026, 10, 10),
    ],
    ids=str,
)  # fmt: skip
def test_make_up_saturdays_and_sundays_are_worked(day: date) -> None:
    assert day.weekday() >= 5
    assert OFFICIAL.is_working(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2018, 12, 31), date(2025, 1, 28), date(2026, 1, 1), date(2026, 1, 2), date(2026, 2, 16), date(2026, 2, 17),
        date(2026, 2, 18), date(2026, 2, 19), date(2026, 2, 20), date(2026, 2, 23), date(2026, 4, 6), date(2026, 5, 5),
        date(2026, 6, 19), date(2026, 9, 25), date(2026, 10, 7),
    ],
    ids=str,
)  # fmt: skip
def test_holidays_and_the_days_given_for_them_are_off_though_they_are_weekdays(day: date) -> None:
    assert day.weekday() < 5
    assert not OFFICIAL.is_working(day)


@pytest.mark.parametrize("year", HELD)
def test_every_swap_of_every_year_that_the_library_holds(year: int) -> None:
    """Each arrangement says: this weekday is off, that Saturday or Sunday is worked for it."""
    for off_month, off_day, *worked_for_it in ChinaStaticHolidays.special_public_holidays[year]:
        assert not OFFICIAL.is_working(date(year, off_month, off_day))
        if worked_for_it and all(isinstance(part, int) for part in worked_for_it):
            month, day, *other_year = map(int, worked_for_it)
            assert OFFICIAL.is_working(date(other_year[0] if other_year else year, month, day))
    assert OFFICIAL.is_published(year)


def test_the_years_held_are_those_of_the_library_and_the_next_is_not_published() -> None:
    assert list(range(2001, HELD[-1] + 1)) == HELD
    assert not OFFICIAL.is_published(HELD[-1] + 1)
    assert not OFFICIAL.is_published(2000)


@pytest.mark.parametrize(
    ("start", "amount", "last"),
    [
        # Spring Festival 2026: the 14th (a Saturday) is worked, the 16th to the 23rd are off, the 28th is worked
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 13), 7, date(2026, 3, 2)),
        (date(2025, 1, 24), 1, date(2025, 1, 26)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
    ],
)
def test_counted_across_a_festival(start: date, amount: int, last: date) -> None:
    assert add_working_days(start, amount, OFFICIAL) == (last, False)


def test_a_count_into_the_first_year_without_an_arrangement_is_provisional() -> None:
    last_day = date(HELD[-1], 12, 31)
    counted = add_working_days(last_day, 3, OFFICIAL)
    assert counted.provisional
    # the statutory holiday is known before the arrangement is
    assert counted.day > last_day + timedelta(days=3)
