"""A case's timeline as its readers follow it: the entries of its chain and, for who checks, the log of reads, in one order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.actors import AUDIT_ROLES
from domain.stages import StageCode
from domain.timeline_kinds import Kind, actions_of
from services.access import REFUSED
from services.database import now
from services.records.access import ReadLogRow
from services.records.agencies import UnitRow
from services.records.timeline import EntryRow
from services.timeline import ReadEntry, entries_of, parsed
from services.timelines import Reader


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters; None: not asked for. The period is that in which it was learned, `until` not in it."""

    stage: StageCode | None = None
    unit_id: UUID | None = None
    kind: Kind | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def narrow(self) -> bool:
        """Whether an answer to it tells what an entry says."""
        return any(asked is not None for asked in (self.stage, self.unit_id, self.kind))


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which entry and which read a page begins. `horizon`: reads later than the first page are not in it, or reading
    the timeline would go on lengthening it for ever."""

    seq: int = 0
    read_at: datetime | None = None
    read_id: UUID | None = None
    horizon: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of the log of reads: which role of which unit looked at what, when and for what. Nobody is named."""

    id: UUID
    read_at: datetime
    role: str
    unit_id: UUID
    agency: str
    purpose: str | None
    subject: str
    subject_id: UUID | None

    @property
    def kind(self) -> Kind:
        return Kind.REFUSAL if self.subject == REFUSED else Kind.READ


Item = ReadEntry | ReadLine


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for, behind which place, and how many items at most."""

    wanted: Wanted
    place: Place
    limit: int


@dataclass(frozen=True, slots=True)
class Found:
    """An item, and the place behind it."""

    item: Item
    place: Place


def items_after(session: Session, reader: Reader, case_id: UUID, page: Page) -> list[Found]:
    """The items of a page in the order in which they were learned. The caller has decided access and records the read.

    A filter leaves out what this reader does not read in full: it tells as much as an answer.
    """
    entries = _entries(session, reader, case_id, page)
    reads: Sequence[ReadLine] = ()
    if reader.actor.role in AUDIT_ROLES:
        if page.place.horizon is None:
            page = replace(page, place=replace(page.place, horizon=now(session)))
        reads = _reads(session, case_id, page)
    return [*islice(_in_one_order(entries, reads, page.place), page.limit)]


def _in_one_order(entries: Sequence[ReadEntry], reads: Sequence[ReadLine], place: Place) -> Iterator[Found]:
    """Each of the two in its own order, the one that was first first; of two at once the entry."""
    left, right = [*reversed(entries)], [*reversed(reads)]
    while left or right:
        if left and (not right or left[-1].recorded_at <= right[-1].read_at):
            entry = left.pop()
            place = replace(place, seq=entry.seq)
            yield Found(entry, place)
            continue
        read = right.pop()
        place = replace(place, read_at=read.read_at, read_id=read.id)
        yield Found(read, place)


def _entries(session: Session, reader: Reader, case_id: UUID, page: Page) -> list[ReadEntry]:
    wanted = page.wanted
    if wanted.kind is Kind.READ:
        return []
    query = select(EntryRow).where(
        EntryRow.chain_id == case_id, EntryRow.seq > page.place.seq, *_period(EntryRow.recorded_at, wanted)
    )
    if wanted.narrow:
        query = query.where(_followed(reader), *_asked_of_entries(wanted))
    return entries_of(session.execute(query.order_by(EntryRow.seq).limit(page.limit)).scalars())


def _followed(reader: Reader) -> ColumnElement[bool]:
    if reader.whole:
        return EntryRow.seq > 0
    stages = [stage_id for stage_id in reader.stages if reader.follows(stage_id)]
    own = EntryRow.stage_id.is_(None) if reader.follows(None) else false()
    return or_(EntryRow.stage_id.in_(stages), own)


def _asked_of_entries(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    what, who = parsed(EntryRow.what), parsed(EntryRow.who)
    if wanted.stage is not None:
        yield what["stage"].astext == str(wanted.stage)
    if wanted.unit_id is not None:
        unit = str(wanted.unit_id)
        yield or_(what["unit_id"].astext == unit, who["unit_id"].astext == unit)
    if wanted.kind is Kind.CHANGE:
        known = [action for kind in Kind if kind is not Kind.CHANGE for action in actions_of(kind)]
        yield what["action"].astext.not_in(known)
    elif wanted.kind is not None:
        named = what["action"].astext.in_(sorted(actions_of(wanted.kind)))
        yield or_(named, what.has_key("clocks")) if wanted.kind is Kind.CLOCK else named


def _reads(session: Session, case_id: UUID, page: Page) -> list[ReadLine]:
    wanted, place = page.wanted, page.place
    if wanted.kind not in (None, Kind.READ, Kind.REFUSAL):
        return []
    refused = and_(ReadLogRow.subject == REFUSED, ReadLogRow.subject_id == case_id)
    of_case = {
        None: or_(ReadLogRow.file_id == case_id, refused),
        Kind.READ: ReadLogRow.file_id == case_id,
        Kind.REFUSAL: refused,
    }[wanted.kind]
    query = _lines().where(of_case, ReadLogRow.read_at <= place.horizon, *_period(ReadLogRow.read_at, wanted))
    if place.read_at is not None:
        query = query.where(tuple_(ReadLogRow.read_at, ReadLogRow.id) > (place.read_at, place.read_id))
    if wanted.unit_id is not None:
        query = query.where(ReadLogRow.unit_id == wanted.unit_id)
    if wanted.stage is not None:
        query = query.where(ReadLogRow.subject_id.in_(_stages_on_record(case_id, wanted.stage)))
    ordered = query.order_by(ReadLogRow.read_at, ReadLogRow.id).limit(page.limit)
    return [ReadLine(**row) for row in session.execute(ordered).mappings()]


def _lines() -> Select[UUID, datetime, str, UUID, str, str | None, str, UUID | None]:
    return select(
        ReadLogRow.id,
        ReadLogRow.read_at,
        ReadLogRow.role,
        ReadLogRow.unit_id,
        UnitRow.agency,
        ReadLogRow.purpose,
        ReadLogRow.subject,
        ReadLogRow.subject_id,
    ).join(UnitRow, UnitRow.id == ReadLogRow.unit_id)


def _stages_on_record(case_id: UUID, stage: StageCode) -> Select[UUID | None]:
    """The ids of the case's stages of a kind, by its entries: who checks sees no stage itself."""
    return select(EntryRow.stage_id).where(
        EntryRow.chain_id == case_id, parsed(EntryRow.what)["stage"].astext == str(stage)
    )


def _period(column: InstrumentedAttribute[datetime], wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield column >= wanted.since
    if wanted.until is not None:
        yield column < wanted.until
