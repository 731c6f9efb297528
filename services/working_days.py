"""The official arrangement of Chinese working days, as the library `holidays` holds it."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from holidays.countries.china import China, ChinaStaticHolidays

from domain.clocks import Clock, DayType
from domain.people import civil_day
from domain.working_days import arrangements

_SATURDAY: Final = 5


class OfficialCalendar:
    """Working days with make-up Saturdays and Sundays.

    Of a year that the library has no arrangement for, it knows the statutory holidays alone: what is counted there is
    provisional.
    """

    def is_working(self, day: date) -> bool:
        year = _year(day.year)
        return day in year.weekend_workdays or (day.weekday() < _SATURDAY and day not in year)

    def is_published(self, year: int) -> bool:
        return year in ChinaStaticHolidays.special_public_holidays


@cache
def _year(year: int) -> China:
    # filled here, since the library fills a year when it is asked for a weekday, and not when for a Sunday; with the
    # next one, whose arrangement reaches back into December
    return China(years=(year, year + 1), expand=False)  # type: ignore[no-untyped-call]  # the library types its attributes only


OFFICIAL: Final = OfficialCalendar()


def is_provisional(clock: Clock, due_at: datetime) -> bool:
    """Whether a due time rests on working days that are not yet published."""
    if clock.day_type is not DayType.WORKING:
        return False
    day = civil_day(due_at)
    return not all(OFFICIAL.is_published(year) for year in arrangements(day - timedelta(days=1), day))
