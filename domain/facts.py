"""The facts that rules look at, and what a requirement is: a name, a ground, and a test on the facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from domain.agencies import Agency
from domain.people import Known, Person
from domain.refusals import Unmet
from domain.stages import StageCode
from domain.texts import Text

Json = object

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
SAFE_GUARDIANS: Final = frozenset(
    {"safe", "temporary_cab", "long_term_cab", "kin_care", "adoption", "restored"}
)
SETTLED_GUARDIANS: Final = SAFE_GUARDIANS - {"temporary_cab"}
CHECK_AFTER: Final = timedelta(days=90)
CHOOSING_AGE: Final = 16
"""From this age a child chooses whether to go back to the family (domain C-64)."""
SHARED_KINDS: Final = frozenset(
    {
        "guardian_status",
        "finding",
        "admission",
        "exit",
        "child_view",
        "court_order",
        "not_found_certificate",
    }
)
"""Record kinds that other stages' requirements look at."""


@dataclass(frozen=True, slots=True)
class Record:
    """One stage record as the rules see it: its kind, which unit and account added it, when it happened, and its body."""

    kind: str
    agency: Agency
    body: Mapping[str, Json]
    stage: StageCode | None = None
    happened_at: datetime | None = None
    recorded_at: datetime | None = None
    unit_id: UUID | None = None
    account_id: UUID | None = None

    def day(self, name: str) -> date | None:
        value = self.body.get(name)
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that requirements may look at. Testimony and cooperation with the police are not among it, on purpose.

    `records` are those of the stage itself since it was last opened, oldest first; `elsewhere` those of SHARED_KINDS in the
    person's other stages. `consents` holds each purpose in force (a consent, or another basis in its place) with the time since
    when. `guardian` is the status now, civil affairs while the child's own guardian is in question; `guardian_conflict` whether
    one is; `relative_suspect` whether anybody on file as a relative is marked so. `stages` are the states of the person's stages
    in this round. `move` is the body of the move, or of the record about to be added. `languages` are the person's.
    `offer_again_from`: since when a declined stage may be offered again at a review. `amounts`: what the division set in place
    of the clocks' own.
    """

    stage: StageCode
    person: Person | None
    at: datetime = LONG_AGO
    records: Sequence[Record] = ()
    elsewhere: Sequence[Record] = ()
    consents: Mapping[str, datetime] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()
    guardian: str = "unknown"
    guardian_conflict: bool = False
    relative_suspect: Known = Known.UNKNOWN
    finding: Mapping[str, Json] = field(default_factory=dict)
    stages: Mapping[StageCode, str] = field(default_factory=dict)
    move: Mapping[str, Json] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    offer_again_from: datetime | None = None
    amounts: Mapping[str, int] = field(default_factory=dict)

    @property
    def minor(self) -> bool:
        return self.person is None or self.person.minor

    @property
    def years(self) -> int | None:
        return self.person.years if self.person else None

    @property
    def probable_years(self) -> int | None:
        return self.person.probable_years if self.person else None

    def of(self, kind: str) -> tuple[Record, ...]:
        return tuple(record for record in self.records if record.kind == kind)

    def last(self, kind: str, name: str) -> Json:
        found = self.of(kind)
        return found[-1].body.get(name) if found else None

    def since(self, record: Record) -> Sequence[Record]:
        """The stage's records from this one on, oldest first."""
        return self.records[next(i for i, one in enumerate(self.records) if one is record) :]

    def any(self, kind: str, name: str, *values: Json) -> bool:
        return any(record.body.get(name) in values for record in self.of(kind))

    def shared(self, kind: str) -> tuple[Record, ...]:
        """Records of this kind in this stage or in another of the person's stages, oldest first."""
        return tuple(record for record in (*self.elsewhere, *self.records) if record.kind == kind)


@dataclass(frozen=True, slots=True)
class Requirement:
    """`action` is a move, or `record:<kind>` for a record that must not be added too early."""

    stage: StageCode | None
    action: str
    code: str
    text: Text
    met: Callable[[Facts], bool]
    articles: tuple[int, ...] = ()
    source: str = ""

    def unmet(self) -> Unmet:
        return Unmet(self.code, self.text, self.articles, self.source)


def on_or_after(check: Record, earliest: date) -> bool:
    """Whether a check was made on that day or later and did not find the person gone."""
    day = check.day("checked_on")
    return day is not None and day >= earliest and check.body.get("attending", True) is True


def child_heard(facts: Facts) -> bool:
    """Whether a child was heard before somebody spoke for them."""
    return not facts.minor or facts.move.get("child_heard") is True


def guardian_safe(facts: Facts) -> bool:
    """Whether somebody safe is a child's guardian; while the child's own is in question that is civil affairs."""
    return not facts.minor or facts.guardian in SAFE_GUARDIANS


def may_speak(facts: Facts, voice: Json) -> bool:
    """Whether somebody in this voice speaks for the person: for an adult nobody else, for a child the guardian that there is."""
    if not facts.minor:
        return voice == "self"
    if voice == "safe_guardian":
        return facts.guardian in SAFE_GUARDIANS - {"temporary_cab"}
    return voice == "temporary_guardian" and facts.guardian in SAFE_GUARDIANS


def right_voice(facts: Facts) -> bool:
    """Whether what this move or record says was said by somebody who speaks for the person."""
    return may_speak(facts, facts.move.get("said_by"))


def guardian_unquestioned(facts: Facts) -> bool:
    """While a child's guardian is in question the child goes to nobody's family."""
    return not facts.minor or not facts.guardian_conflict
