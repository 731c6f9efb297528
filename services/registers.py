"""Places, units and accounts: who exists in the house. Every change is entered on the register's own chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.agencies import Agency, InstitutionKind, PlaceKind, may_run
from domain.identifiers import new_id
from domain.refusals import AlreadyExists, FieldRefused, NotFound
from domain.timeline import GENESIS
from services.database import now
from services.passwords import PasswordRefused, hash_password
from services.records.accounts import AccountRow, SessionRow
from services.records.agencies import PlaceRow, RegisterRow, UnitRow
from services.timeline import Note, append
from services.versions import require_version

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


@dataclass(frozen=True, slots=True)
class NewAccount:
    username: str
    password: str
    unit_id: UUID
    role: Role
    demonstration: bool = False


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


def _add(session: Session, row: PlaceRow | UnitRow | AccountRow, field: str) -> None:
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
    _add(session, row, "code")
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
    _add(session, row, "is_default")
    enter(session, actor, now(session), Note("add_unit", "unit", row.id, articles=(3, 20), target=new.agency))
    return row


def add_account(session: Session, actor: Actor | None, new: NewAccount) -> AccountRow:
    """An account of one unit with one role. OFFICE's coordinators sit in OFFICE, and nobody else does (Art. 3)."""
    unit = session.get(UnitRow, new.unit_id)
    if unit is None:
        raise FieldRefused(("unit_id", "unknown_unit"))
    if (unit.agency == Agency.OFFICE) != (new.role is Role.COORDINATOR):
        raise FieldRefused(("role", "office_and_psb"))
    try:
        password_hash = hash_password(new.password)
    except PasswordRefused:
        raise FieldRefused(("password", "password_rule")) from None
    at = now(session)
    row = AccountRow(
        id=new_id(),
        username=new.username,
        password_hash=password_hash,
        unit_id=new.unit_id,
        role=new.role,
        demonstration=new.demonstration,
        created_at=at,
        version=1,
    )
    _add(session, row, "username")
    note = Note("add_account", "account", row.id, articles=(20,), target=new.role, unit_id=new.unit_id)
    enter(session, actor, at, note)
    return row


def disable_account(session: Session, actor: Actor, account_id: UUID, version: int | None) -> AccountRow:
    """Close an account and end its sessions at once."""
    row = session.execute(
        select(AccountRow).where(AccountRow.id == account_id).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    require_version(version, row.version)
    if row.disabled_at is None:
        at = now(session)
        row.disabled_at, row.version = at, row.version + 1
        _end_sessions(session, account_id, at)
        enter(
            session,
            actor,
            at,
            Note("disable_account", "account", row.id, articles=(20,), source="open", target="disabled"),
        )
    return row


def _end_sessions(session: Session, account_id: UUID, at: datetime) -> None:
    for open_session in session.execute(
        select(SessionRow).where(SessionRow.account_id == account_id, SessionRow.revoked_at.is_(None))
    ).scalars():
        open_session.revoked_at = at


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


def colleagues(session: Session, unit_id: UUID, *, after: UUID | None, limit: int) -> list[AccountRow]:
    """The open accounts of a unit."""
    query = select(AccountRow).where(AccountRow.unit_id == unit_id, AccountRow.disabled_at.is_(None))
    if after is not None:
        query = query.where(AccountRow.id > after)
    return list(session.execute(query.order_by(AccountRow.id).limit(limit)).scalars())
