"""What coordinators see: how much lies with which unit, and what is late under a number of its own. No case, nobody."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.actors import Actor
from domain.agencies import PlaceKind
from domain.refusals import FieldRefused
from domain.stages import StageCode
from services.master_keys import MasterKeys, WrapBroken
from services.records.clocks import AlarmRow, WorkloadRow

_POSITION: Final = b"late list position"
_NUMBER_BYTES: Final = 10  # 80 bits: no two of a lifetime's alarms share one


@dataclass(frozen=True, slots=True)
class LateFilter:
    """Narrowed to one stage or one unit; None: all that the coordinator's place covers."""

    stage: StageCode | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """Something late, told once however many were alarmed by it. `deadline_id` never leaves the house as it is."""

    deadline_id: UUID
    stage: str
    unit_id: UUID
    due_at: datetime


def workload(
    session: Session, actor: Actor, wanted: LateFilter, *, after: tuple[UUID, str, str] | None, limit: int
) -> list[WorkloadRow]:
    """Open work as the worker counted it last, by unit, stage and state: ordered by these, never by how much it is."""
    key = tuple_(WorkloadRow.unit_id, WorkloadRow.stage, WorkloadRow.state)
    query = select(WorkloadRow).where(_covered(actor, WorkloadRow.division_id)).order_by(*key).limit(limit)
    if wanted.stage is not None:
        query = query.where(WorkloadRow.stage == wanted.stage)
    if wanted.unit_id is not None:
        query = query.where(WorkloadRow.unit_id == wanted.unit_id)
    if after is not None:
        query = query.where(key > after)
    return list(session.execute(query).scalars())


def late_list(
    session: Session, actor: Actor, wanted: LateFilter, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Late]:
    """What is late and not settled, the longest first. Only stages and reports: what else has a clock tells of a person
    or of a unit in question."""
    stage = func.coalesce(AlarmRow.stage, StageCode.REPORT).label("stage")
    unit_id = func.coalesce(AlarmRow.late_unit_id, AlarmRow.unit_id).label("unit_id")
    once = (
        select(AlarmRow.deadline_id, stage, unit_id, AlarmRow.due_at)
        .ext(distinct_on(AlarmRow.deadline_id))
        .where(
            _covered(actor, AlarmRow.division_id),
            AlarmRow.settled_at.is_(None),
            AlarmRow.due_at < func.now(),
            or_(AlarmRow.stage.is_not(None), AlarmRow.kind == "report"),
        )
        .order_by(AlarmRow.deadline_id, AlarmRow.id)
        .subquery()
    )
    query = select(once).order_by(once.c.due_at, once.c.deadline_id).limit(limit)
    if wanted.stage is not None:
        query = query.where(once.c.stage == wanted.stage)
    if wanted.unit_id is not None:
        query = query.where(once.c.unit_id == wanted.unit_id)
    if after is not None:
        query = query.where(tuple_(once.c.due_at, once.c.deadline_id) > after)
    return [Late(*row) for row in session.execute(query)]


def _covered(actor: Actor, division_id: InstrumentedAttribute[UUID | None]) -> ColumnElement[bool]:
    """The coordinator's own division; at the corps, everything."""
    return true() if actor.place_kind is PlaceKind.CORPS else division_id == actor.place_id


def number_of(keys: MasterKeys, late: Late) -> str:
    """A number by which people can speak of it; nobody finds what stands behind it, and it is the same on every page,
    until the master key is rotated."""
    digest = hmac.digest(keys.derive("late list", keys.current), late.deadline_id.bytes, "sha256")[
        :_NUMBER_BYTES
    ]
    return f"L-{base64.b32encode(digest).decode()}"


def sealed_position(keys: MasterKeys, late: Late) -> list[str]:
    """Where a page ends, for its mark: a mark is read by whoever holds it, so that the id in it is encrypted."""
    version, wrapped = keys.wrap(late.deadline_id.bytes, _POSITION)
    return [late.due_at.isoformat(), str(version), base64.b64encode(wrapped).decode()]


def opened_position(keys: MasterKeys, position: list[str]) -> tuple[datetime, UUID]:
    due_at, version, wrapped = position
    try:
        opened = keys.unwrap(int(version), base64.b64decode(wrapped), _POSITION)
    except WrapBroken:
        # the master key of the mark is gone: the list begins anew
        raise FieldRefused(("after", "cursor")) from None
    return datetime.fromisoformat(due_at), UUID(bytes=opened)
