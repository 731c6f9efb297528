"""Who is let in to people's data: approved by a responsible manager, never by who made the account; ended by anything that puts
it in doubt. Each is on the register's chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from domain.access_approvals import (
    APPROVED_FOR,
    APPROVED_ROLES,
    ARTICLES,
    ENDS_SOON,
    Approver,
    approvable_by,
)
from domain.actors import Actor, Role
from domain.refusals import MoveNotPossible, NotFound
from services.database import now
from services.records.accounts import AccountRow
from services.registers import enter
from services.timeline import Note
from services.versions import require_version

# Of each open account: the nearest unit with another supervisor who is let in themselves, first its own, then the default units
# of the same agency above it; and whether it lies within a place. A house stands below the default unit of its own place.
_WITHIN_REACH: Final = (
    "select a.id, turn.unit_id from accounts a join units u on u.id = a.unit_id cross join lateral ("
    " with recursive up(id, parent_id, distance) as ("
    "  select p.id, p.parent_id, 0 from places p where p.id = u.place_id"
    "  union all select p.id, p.parent_id, distance + 1 from places p join up on p.id = up.parent_id)"
    " select exists (select from up where up.id = :place) as within,"
    "  (select h.id from units h join up on up.id = h.place_id where h.agency = u.agency"
    "   and (h.id = u.id or (h.is_default and (up.distance > 0 or not u.is_default)))"
    "   and exists (select from accounts s where s.unit_id = h.id and s.role = 'supervisor' and s.id <> a.id"
    "    and s.disabled_at is null and s.suspended_at is null and s.access_approved_until > clock_timestamp())"
    "   order by h.id <> u.id, up.distance limit 1) as unit_id) turn"
    " where a.role = any(:roles) and a.id <> :actor and a.disabled_at is null and a.suspended_at is null"
    " and case when :officer then turn.within else turn.unit_id = :unit end"
)
_DUE: Final = text(
    f"{_WITHIN_REACH} and (a.access_approved_until is null or a.access_approved_until < clock_timestamp() + :soon)"
    " and (cast(:after as uuid) is null or a.id > :after) order by a.id limit :limit"
)
_ONE: Final = text(f"{_WITHIN_REACH} and a.id = :account")


@dataclass(frozen=True, slots=True)
class Approvable:
    """An account whose access somebody approves, and whose turn it is to do so."""

    row: AccountRow
    by: Approver


def due_approvals(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Sequence[Approvable]:
    """Accounts that wait, or whose approval ends within 30 days: for a supervisor those that are theirs to approve, for an
    officer of data protection all of their place."""
    asked = {**_reach(actor), "soon": ENDS_SOON, "after": after, "limit": limit}
    found = {row.id: row.unit_id for row in session.execute(_DUE, asked)}
    rows = select(AccountRow).where(AccountRow.id.in_(found)).order_by(AccountRow.id)
    return [Approvable(row, _turn(row, found[row.id])) for row in session.execute(rows).scalars()]


def approve_access(session: Session, actor: Actor, account_id: UUID, version: int | None) -> Approvable:
    """Let somebody work with people's data for a year from now; again before it ends. NotFound out of the actor's reach, which
    their own account always is; MoveNotPossible, with whose turn it is, for an officer where a supervisor is there."""
    found = _locked(session, actor, account_id, version)
    is_officer = actor.role is Role.DATA_PROTECTION_OFFICER
    if is_officer is not (found.by is Approver.DATA_PROTECTION_OFFICER):
        state = "waiting" if found.row.access_approved_until is None else "approved"
        raise MoveNotPossible("access_approval", "approve", state, (approvable_by(found.by),))
    row, at = found.row, now(session)
    row.access_approved_by_id, row.access_approved_at = actor.account_id, at
    row.access_approved_until, row.version = at + APPROVED_FOR, row.version + 1
    session.flush()
    note = Note(
        "approve_access", "account", row.id, articles=ARTICLES, target=row.role, reason=found.by, unit_id=row.unit_id,
    )  # fmt: skip
    enter(session, actor, at, note)
    return found


def end_access_approval(session: Session, actor: Actor, account_id: UUID, version: int | None) -> Approvable:
    """End it at once, from the next request on: by whose turn it is to approve, or an officer of data protection."""
    found = _locked(session, actor, account_id, version)
    if end_approval_of(session, actor, found.row, "ended_by_approver"):
        found.row.version += 1
        session.flush()
    return found


def end_approval_of(session: Session, actor: Actor, row: AccountRow, because: str) -> bool:
    """Whether there was one to end. The caller holds the row's lock and moves its version."""
    if row.access_approved_until is None:
        return False
    row.access_approved_by_id = row.access_approved_at = row.access_approved_until = None
    note = Note(
        "end_access_approval", "account", row.id, articles=ARTICLES, source="approved", target="ended", reason=because,
    )  # fmt: skip
    enter(session, actor, now(session), note)
    return True


def approvable(session: Session, actor: Actor, account_id: UUID, *, lock: bool = False) -> Approvable:
    """One account within the actor's reach; NotFound."""
    wanted = select(AccountRow).where(AccountRow.id == account_id)
    row = session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    found = session.execute(_ONE, {**_reach(actor), "account": account_id}).one_or_none()
    if row is None or found is None:
        raise NotFound
    return Approvable(row, _turn(row, found.unit_id))


def _locked(session: Session, actor: Actor, account_id: UUID, version: int | None) -> Approvable:
    found = approvable(session, actor, account_id, lock=True)
    require_version(version, found.row.version)
    return found


def _reach(actor: Actor) -> dict[str, object]:
    return {
        "actor": actor.account_id,
        "unit": actor.unit_id,
        "place": actor.place_id,
        "officer": actor.role is Role.DATA_PROTECTION_OFFICER,
        "roles": [str(role) for role in APPROVED_ROLES],
    }


def _turn(row: AccountRow, unit_id: UUID | None) -> Approver:
    if unit_id is None:
        return Approver.DATA_PROTECTION_OFFICER
    return Approver.SUPERVISOR_OF_THE_UNIT if unit_id == row.unit_id else Approver.SUPERVISOR_ABOVE
