"""A case as it stood at an instant, folded from its entries alone.

Entries say how their case or stage stands after them (`stands`), so that the last one up to the instant says it whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from uuid import UUID

from domain.timeline import Value, moment

What = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CaseStanding:
    state: str
    round: int
    owner_unit_id: UUID | None
    owner_agency: str | None
    offered_unit_id: UUID | None
    closing_reason: str | None


@dataclass(frozen=True, slots=True)
class StageStanding:
    """Where a stage stands: its state, who holds it and who is offered it, what it waits for and until when."""

    code: str
    victim_id: UUID | None
    round: int
    state: str
    unit_id: UUID | None
    agency: str | None
    offered_unit_id: UUID | None
    officer_id: UUID | None
    deputy_id: UUID | None
    due_clock: str | None
    due_at: datetime | None


Standing = CaseStanding | StageStanding


def written(standing: Standing) -> dict[str, Value]:
    """The standing as it lies in an entry."""
    return {one.name: _plain(getattr(standing, one.name)) for one in fields(standing)}


def _plain(value: object) -> Value:
    if isinstance(value, datetime):
        return moment(value)
    return value if value is None or isinstance(value, int) else str(value)


@dataclass(frozen=True, slots=True)
class PastEntry:
    """What the fold needs of an entry."""

    seq: int
    recorded_at: datetime
    stage_id: UUID | None
    what: What


@dataclass(slots=True)
class PastCase:
    """`seq`: the last entry that counts, 0 before the first. `erased`: people whose values were destroyed by then."""

    seq: int = 0
    at: datetime | None = None
    case: CaseStanding | None = None
    stages: dict[UUID, StageStanding] = field(default_factory=dict)
    victims: list[UUID] = field(default_factory=list)
    erased: set[UUID] = field(default_factory=set)
    erased_at: datetime | None = None


def as_of(entries: Iterable[PastEntry], instant: datetime) -> PastCase:
    """Fold a case's entries, in the chain's order, up to those recorded by the instant: what was on record then, not what is
    known since to have been true."""
    past = PastCase()
    for entry in entries:
        if entry.recorded_at > instant:
            break
        past.seq, past.at = entry.seq, entry.recorded_at
        _take(past, entry)
    return past


def _take(past: PastCase, entry: PastEntry) -> None:
    what = entry.what
    stands = what.get("stands")
    if isinstance(stands, Mapping) and entry.stage_id is not None:
        past.stages[entry.stage_id] = _stage(stands)
    elif isinstance(stands, Mapping):
        past.case = _case(stands)
    if what["action"] == "add_victim":
        past.victims.append(UUID(str(what["subject_id"])))
    if what["action"] == "erase_person":
        past.erased.add(UUID(str(what["subject_id"])))
    if what["action"] == "erase" and what["subject"] == "case":
        past.erased_at = entry.recorded_at
        past.erased.update(past.victims)


def _case(stands: What) -> CaseStanding:
    return CaseStanding(
        state=str(stands["state"]),
        round=int(str(stands["round"])),
        owner_unit_id=_id(stands["owner_unit_id"]),
        owner_agency=_word(stands["owner_agency"]),
        offered_unit_id=_id(stands["offered_unit_id"]),
        closing_reason=_word(stands["closing_reason"]),
    )


def _stage(stands: What) -> StageStanding:
    due_at = _word(stands["due_at"])
    return StageStanding(
        code=str(stands["code"]),
        victim_id=_id(stands["victim_id"]),
        round=int(str(stands["round"])),
        state=str(stands["state"]),
        unit_id=_id(stands["unit_id"]),
        agency=_word(stands["agency"]),
        offered_unit_id=_id(stands["offered_unit_id"]),
        officer_id=_id(stands["officer_id"]),
        deputy_id=_id(stands["deputy_id"]),
        due_clock=_word(stands["due_clock"]),
        due_at=None if due_at is None else datetime.fromisoformat(due_at),
    )


def _word(value: object) -> str | None:
    return None if value is None else str(value)


def _id(value: object) -> UUID | None:
    return None if value is None else UUID(str(value))
