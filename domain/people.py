"""What the rules need to know of a person: age, freedom and present situation, each of which may be unknown."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

ADULT_AGE: Final = 18  # Law on the Protection of Minors, Art. 2
DAY_BOUNDARY: Final = ZoneInfo("Asia/Shanghai")


class Known(StrEnum):
    """A fact that nobody has asked about yet is `unknown`, never `no`."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Nationality(StrEnum):
    """Only what repatriation turns on (Art. 47); origin within the country is never held."""

    CHINESE = "chinese"
    FOREIGN = "foreign"
    STATELESS = "stateless"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Situation:
    """What a caseworker learned of the present need; each answer opens or spares help, none ends it."""

    in_danger: Known = Known.UNKNOWN
    safe_place_tonight: Known = Known.UNKNOWN
    injured_or_ill: Known = Known.UNKNOWN
    apart_from_family: Known = Known.UNKNOWN
    identity_known: Known = Known.UNKNOWN
    household_registered: Known = Known.UNKNOWN
    nationality: Nationality = Nationality.UNKNOWN


@dataclass(frozen=True, slots=True)
class Age:
    """Birth date where known, else the years between which the person's age is thought to lie."""

    birth_date: date | None = None
    lowest: int | None = None

    def years(self, today: date) -> int | None:
        """Completed years, or None when only an estimate exists."""
        if self.birth_date is None:
            return None
        before_birthday = (today.month, today.day) < (self.birth_date.month, self.birth_date.day)
        return today.year - self.birth_date.year - before_birthday

    def probably(self, today: date) -> int | None:
        """Completed years where known, else the lowest of the estimate: enough to offer a child a school place."""
        years = self.years(today)
        return self.lowest if years is None else years

    def minor(self, today: date) -> bool:
        """Doubt means minor: an estimate counts as adult only when its lowest year does."""
        years = self.years(today)
        if years is not None:
            return years < ADULT_AGE
        return self.lowest is None or self.lowest < ADULT_AGE


def civil_day(moment: datetime) -> date:
    """The calendar day of an instant where the agencies work (Asia/Shanghai)."""
    return moment.astimezone(DAY_BOUNDARY).date()


@dataclass(frozen=True, slots=True)
class Person:
    """The facts about one victim on which openings and requirements turn."""

    today: date
    age: Age = field(default_factory=Age)
    situation: Situation = field(default_factory=Situation)
    liberty_at: datetime | None = None
    willing_to_work: bool = False

    @property
    def minor(self) -> bool:
        return self.age.minor(self.today)

    @property
    def years(self) -> int | None:
        return self.age.years(self.today)

    @property
    def probable_years(self) -> int | None:
        return self.age.probably(self.today)

    @property
    def free(self) -> bool:
        return self.liberty_at is not None
