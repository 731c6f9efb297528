"""Places and units: what exists in the house. Every change is entered on the register's own chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.agencies import Agency, InstitutionKind, PlaceKind, may_run
from domain.identifiers import new_id
from domain.refusals import AlreadyExists, FieldRefused
from domain.timeline import GENESIS
from services.database import now
from services.records.accounts import AccountRow
from services.records.agencies import PlaceRow, RegisterRow, UnitRow
from services.records.clients import IssuerRow
from services.timeline import Note, append

REGISTER_ID: Final = UUID("00000000-0000-7000-8000-000000000001")
LEVELS: Final = (PlaceKind.CORPS, PlaceKind.DIVISION, PlaceKind.FARM, PlaceKind.COMPANY)


@dataclass(frozen=True, slots=True)
class NewPlace:
    parent_id: UUID | None
    kind: PlaceKind
    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class NewUnit:
    agency: Agency
    place_id: UUID
    institution: InstitutionKind | None
    name_zh: str
    name_en: str
    is_default: bool


def enter(session: Session, actor: Actor | None, at: datetime, note: Note) -> None:
    """One more entry on the register's chain; its row is the lock."""
    register = session.execute(
        select(RegisterRow)
        .where(RegisterRow.id == REGISTER_ID)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if register is None:
        register = RegisterRow(id=REGISTER_ID, version=0, seq=0, head=GENESIS)
        session.add(register)
        session.flush()
    register.version += 1
    append(session, register, actor, at, [note])
    session.flush()


def add_row(session: Session, row: PlaceRow | UnitRow | AccountRow | IssuerRow, field: str) -> None:
    """AlreadyExists for a second one of the same name; the database decides, not a look beforehand."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise AlreadyExists(field) from None


def add_place(session: Session, actor: Actor | None, new: NewPlace) -> PlaceRow:
    """A place below one of the level above it; FieldRefused for another order of levels."""
    parent = session.get(PlaceRow, new.parent_id) if new.parent_id else None
    above = LEVELS.index(new.kind) - 1
    if (parent is None) != (above < 0) or (parent is not None and parent.kind != LEVELS[above]):
        raise FieldRefused(("parent_id", "unknown_place"))
    row = PlaceRow(
        id=new_id(),
        parent_id=new.parent_id,
        kind=new.kind,
        code=new.code,
        name_zh=new.name_zh,
        name_en=new.name_en,
    )
    add_row(session, row, "code")
    enter(session, actor, now(session), Note("add_place", "place", row.id, articles=(3,), target=new.kind))
    return row


def add_unit(session: Session, actor: Actor | None, new: NewUnit) -> UnitRow:
    """A unit of an agency at a place; the agency must be one that runs such an institution."""
    if session.get(PlaceRow, new.place_id) is None:
        raise FieldRefused(("place_id", "unknown_place"))
    if new.institution is not None and not may_run(new.agency, new.institution):
        raise FieldRefused(("institution", "institution_of_another_agency"))
    row = UnitRow(
        id=new_id(),
        agency=new.agency,
        place_id=new.place_id,
        institution=new.institution,
        name_zh=new.name_zh,
        name_en=new.name_en,
        is_default=new.is_default,
        version=1,
    )
    add_row(session, row, "is_default")
    enter(session, actor, now(session), Note("add_unit", "unit", row.id, articles=(3, 20), target=new.agency))
    return row


def places(session: Session, parent_id: UUID | None) -> list[PlaceRow]:
    """The places right below one, or the top; at most 500."""
    query = select(PlaceRow).where(
        PlaceRow.parent_id == parent_id if parent_id else PlaceRow.parent_id.is_(None)
    )
    return list(session.execute(query.order_by(PlaceRow.code).limit(500)).scalars())


def units(
    session: Session, filters: Mapping[str, object], *, after: UUID | None, limit: int
) -> list[UnitRow]:
    """Units by `agency` and `place_id`, in the order in which they were added."""
    query = select(UnitRow).order_by(UnitRow.id).limit(limit)
    if after is not None:
        query = query.where(UnitRow.id > after)
    for name, value in filters.items():
        if value is not None:
            query = query.where(getattr(UnitRow, name) == value)
    return list(session.execute(query).scalars())
