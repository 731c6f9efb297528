"""Counting Chinese working days over any calendar; which years' arrangements a count touches."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple, Protocol

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
# an arrangement moves days of the last week of the year before: 29 and 30 December 2001 were worked for 2002
_NEXT_ARRANGEMENT_REACHES_BACK_TO: Final = (12, 25)


class Calendar(Protocol):
    """Which days are worked, and whether the arrangement of a year has been published."""

    def is_working(self, day: date) -> bool: ...

    def is_published(self, year: int) -> bool: ...


class PlainWeek:
    """Monday to Friday, of no published year: whatever is counted on it is provisional."""

    def is_working(self, day: date) -> bool:
        return day.weekday() < _SATURDAY

    def is_published(self, _year: int) -> bool:
        return False


PLAIN_WEEK: Final = PlainWeek()


class Counted(NamedTuple):
    """The day that a count ends on; `provisional` while the arrangement of a year that it touches is not published."""

    day: date
    provisional: bool


def add_working_days(start: date, amount: int, calendar: Calendar) -> Counted:
    """The last of `amount` working days after `start`, which is not counted itself. ValueError unless `amount` is positive."""
    if amount < 1:
        raise ValueError("at least one working day is counted")
    day, left = start, amount
    while left:
        day += _DAY
        left -= calendar.is_working(day)
    return Counted(day, not all(calendar.is_published(year) for year in arrangements(start, day)))


def arrangements(start: date, end: date) -> Iterator[int]:
    """The years whose arrangements say which of the days after `start` up to `end` are worked."""
    first = start + _DAY
    last_month_and_day = (end.month, end.day)
    yield from range(first.year, end.year + 1)
    if last_month_and_day >= _NEXT_ARRANGEMENT_REACHES_BACK_TO:
        yield end.year + 1
