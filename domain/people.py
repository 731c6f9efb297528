"""What the rules need to know of a person: age, freedom and present situation, each of which may be unknown."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from domain.person_codes import StayRequest

ADULT_AGE: Final = 18  # Law on the Protection of Minors, Art. 2
WILLING_FOR: Final = timedelta(days=30)
DAY_BOUNDARY: Final = ZoneInfo("Asia/Shanghai")


class Known(StrEnum):
    """A fact that nobody has asked about yet is `unknown`, never `no`."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Identification(StrEnum):
    """How far a decision went. Somebody presumed to be a victim is helped like somebody identified (workflow 4, rule 1)."""

    PRESUMED = "presumed"
    IDENTIFIED = "identified"
    NOT_A_VICTIM = "not_a_victim"


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
    abroad: Known = Known.UNKNOWN


@dataclass(frozen=True, slots=True)
class Stay:
    """Where the person stands between two countries (Art. 47), as far as return and embassy contact turn on it.

    `request` is what they said alone, in their own words; what was said in company is not among the facts.
    """

    status_explained_at: datetime | None = None
    asylum_seeker: Known = Known.UNKNOWN
    request: StayRequest = StayRequest.UNDECIDED


@dataclass(frozen=True, slots=True)
class Age:
    """Birth date by a document where known, else the lowest age thought possible; and what an age_decision said."""

    birth_date: date | None = None
    lowest: int | None = None
    decided_adult: bool = False

    def years(self, today: date) -> int | None:
        """Completed years as far as they are shown, or None when only an estimate exists. Decided adult: at least 18."""
        years = self._by_document(today)
        return max(years or ADULT_AGE, ADULT_AGE) if self.decided_adult else years

    def _by_document(self, today: date) -> int | None:
        if self.birth_date is None:
            return None
        before_birthday = (today.month, today.day) < (self.birth_date.month, self.birth_date.day)
        return today.year - self.birth_date.year - before_birthday

    def probably(self, today: date) -> int | None:
        """Completed years where known, else the lowest of the estimate: enough to offer a child a school place."""
        years = self.years(today)
        return self.lowest if years is None else years

    def minor(self, today: date) -> bool:
        """Doubt means minor: an estimate never makes an adult, only a document or an age_decision (workflow 1)."""
        years = self.years(today)
        return years is None or years < ADULT_AGE


def civil_day(moment: datetime) -> date:
    """The calendar day of an instant where the agencies work (Asia/Shanghai)."""
    return moment.astimezone(DAY_BOUNDARY).date()


def still_willing(said_at: datetime, at: datetime) -> bool:
    """What somebody said about wanting to work is taken for their will for thirty days (workflow 4, rule 7)."""
    return at - said_at <= WILLING_FOR


@dataclass(frozen=True, slots=True)
class Person:
    """The facts about one victim on which openings and requirements turn."""

    today: date
    age: Age = field(default_factory=Age)
    situation: Situation = field(default_factory=Situation)
    liberty_at: datetime | None = None
    willing_to_work: bool = False
    identification: Identification = Identification.PRESUMED
    dependant: bool = False  # lives with a victim and needs protection with them; no crime was done to them
    stay: Stay = field(default_factory=Stay)
    female: Known = Known.UNKNOWN

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
