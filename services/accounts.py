"""Accounts: added, changed, shut and opened by administrators, who read no cases. Every change is on the register's chain."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.actors import Actor, Role, may_sit_in
from domain.agencies import Agency
from domain.identifiers import new_id
from domain.refusals import FieldRefused, MoveNotPossible, NotFound, Possible, RequirementsUnmet, Unmet
from domain.stages import ENDED_STATES
from domain.texts import Text
from services.access_approvals import end_approval_of
from services.database import now
from services.records.accounts import AccountRow
from services.records.agencies import UnitRow
from services.records.cases import StageRow
from services.registers import add_row, enter
from services.second_factors import forget_second_factor
from services.sessions import end_sessions_of
from services.sign_in_failures import forgive
from services.signing_in import hashed_for
from services.timeline import Note
from services.versions import require_version

ARTICLES: Final = (20,)
WORK_HANDED_OVER: Final = Unmet(
    "work_handed_over",
    Text(
        "此人仍是某些阶段的经办人或替补，须先由其单位另行指定",
        "this person is still named officer or deputy of open stages: their unit names somebody else first",
    ),
    ARTICLES,
)
ANOTHER_ADMINISTRATOR: Final = Unmet(
    "another_administrator",
    Text("管理员不能这样更改自己的账号", "an administrator does not change their own account in this way"),
    source="ASVS 8.1.1",
)


@dataclass(frozen=True, slots=True)
class NewAccount:
    username: str
    password: str
    unit_id: UUID
    role: Role
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """Where somebody works, and as what; None: as before."""

    unit_id: UUID | None = None
    role: Role | None = None


def add_account(session: Session, actor: Actor | None, new: NewAccount) -> AccountRow:
    """An account of one unit with one role. OFFICE's coordinators sit in OFFICE, and nobody else does (Art. 3).

    The password is for the first sign-in, where its owner chooses another one and sets up a second factor.
    """
    _require_fitting(session, new.unit_id, new.role)
    at = now(session)
    row = AccountRow(
        id=new_id(),
        username=new.username,
        password_hash=hashed_for(new.username, new.password, "password"),
        password_given_at=at,
        unit_id=new.unit_id,
        role=new.role,
        demonstration=new.demonstration,
        created_at=at,
        version=1,
    )
    add_row(session, row, "username")
    note = Note("add_account", "account", row.id, articles=ARTICLES, target=new.role, unit_id=new.unit_id)
    enter(session, actor, at, note)
    return row


def change_account(
    session: Session, actor: Actor, account_id: UUID, version: int | None, post: Post
) -> AccountRow:
    """Another unit or role: only once open work is handed over, and never one's own. Every session ends, and so does the
    approval to work with people's data: it was given for what they did there."""
    row = _locked(session, account_id, version)
    _require_another(actor, row, "change_account")
    unit_id, role = post.unit_id or row.unit_id, post.role or Role(row.role)
    _require_fitting(session, unit_id, role)
    if (unit_id, role) == (row.unit_id, row.role):
        return row
    _require_nothing_open(session, row, "change_account")
    before, row.unit_id, row.role = row.role, unit_id, role
    _entered(session, actor, row, Note("change_account", "account", row.id, source=before, target=role))
    end_approval_of(session, actor, row, "account_changed")
    end_sessions_of(session, row.id, "account_changed")
    return row


def suspend_account(session: Session, actor: Actor, account_id: UUID, version: int | None) -> AccountRow:
    """Shut the account at once, whatever work is open: for a lost device or a doubt. It can be opened again, but who sits
    behind it then is for a responsible manager to say: the approval ends, and an administrator alone brings nobody back."""
    row = _locked(session, account_id, version)
    if row.suspended_at is None and row.disabled_at is None:
        row.suspended_at = now(session)
        _entered(session, actor, row, Note("suspend_account", "account", row.id, target="suspended"))
        end_approval_of(session, actor, row, "suspended")
        end_sessions_of(session, row.id, "suspended")
    return row


def reinstate_account(session: Session, actor: Actor, account_id: UUID, version: int | None) -> AccountRow:
    """Open a suspended account again, and one that was stopped for its failures. A closed one stays closed."""
    row = _locked(session, account_id, version)
    if row.disabled_at is not None:
        raise MoveNotPossible(
            "account", "reinstate", "disabled", (Possible("add_account", ("administrator",)),)
        )
    row.suspended_at = None
    forgive(session, row.username)
    _entered(session, actor, row, Note("reinstate_account", "account", row.id, target="open"))
    return row


def disable_account(session: Session, actor: Actor, account_id: UUID, version: int | None) -> AccountRow:
    """Close an account for good and end its sessions; refused while its owner is named for open work, which would be lost
    with them (Art. 20)."""
    row = _locked(session, account_id, version)
    if row.disabled_at is None:
        _require_nothing_open(session, row, "disable_account")
        row.disabled_at = now(session)
        _entered(
            session, actor, row, Note("disable_account", "account", row.id, source="open", target="disabled")
        )
        end_approval_of(session, actor, row, "disabled")
        end_sessions_of(session, row.id, "disabled")
    return row


def end_sessions(session: Session, actor: Actor, account_id: UUID) -> AccountRow:
    """Sign somebody out everywhere, at once."""
    row = locked_account(session, account_id)
    _entered(session, actor, row, Note("end_sessions", "account", row.id))
    end_sessions_of(session, row.id, "ended_by_an_administrator")
    return row


def give_password(
    session: Session, actor: Actor, account_id: UUID, version: int | None, password: str
) -> AccountRow:
    """A password for the next sign-in of somebody who lost theirs, or their device: the second factor is set up anew.

    Never for oneself. Its owner sees that it happened: their own password no longer counts, and the chain says who did it.
    The approval ends, or an administrator could step into somebody's place: a responsible manager says that it is they.
    """
    row = _locked(session, account_id, version)
    _require_another(actor, row, "give_password")
    if row.password_hash is None:
        raise MoveNotPossible(
            "account", "give_password", "client", (Possible("add_client_key", ("administrator",)),)
        )
    row.password_hash, row.password_given_at = hashed_for(row.username, password, "password"), now(session)
    forget_second_factor(session, row.id)
    forgive(session, row.username)
    _entered(session, actor, row, Note("give_password", "account", row.id))
    end_approval_of(session, actor, row, "password_given")
    end_sessions_of(session, row.id, "password_given")
    return row


def account_of(session: Session, account_id: UUID) -> AccountRow:
    row = session.execute(select(AccountRow).where(AccountRow.id == account_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def colleagues(session: Session, unit_id: UUID, *, after: UUID | None, limit: int) -> list[AccountRow]:
    """The open accounts of a unit."""
    query = select(AccountRow).where(AccountRow.unit_id == unit_id, AccountRow.disabled_at.is_(None))
    if after is not None:
        query = query.where(AccountRow.id > after)
    return list(session.execute(query.order_by(AccountRow.id).limit(limit)).scalars())


def locked_account(session: Session, account_id: UUID) -> AccountRow:
    """The account under its lock, whatever its version; NotFound."""
    row = session.execute(
        select(AccountRow).where(AccountRow.id == account_id).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def _locked(session: Session, account_id: UUID, version: int | None) -> AccountRow:
    row = locked_account(session, account_id)
    require_version(version, row.version)
    return row


def _entered(session: Session, actor: Actor, row: AccountRow, note: Note) -> None:
    row.version += 1
    session.flush()
    enter(session, actor, now(session), note)


def _require_fitting(session: Session, unit_id: UUID, role: Role) -> None:
    unit = session.get(UnitRow, unit_id)
    if unit is None:
        raise FieldRefused(("unit_id", "unknown_unit"))
    if not may_sit_in(role, Agency(unit.agency)):
        raise FieldRefused(("role", "office_and_psb"))
    if role is Role.INTEGRATION:
        raise FieldRefused(("role", "machines_have_keys"))


def _require_another(actor: Actor, row: AccountRow, action: str) -> None:
    if actor.account_id == row.id:
        raise RequirementsUnmet(action, [ANOTHER_ADMINISTRATOR])


def _require_nothing_open(session: Session, row: AccountRow, action: str) -> None:
    session.execute(select(func.set_config("homeward.leaver", str(row.id), True)))
    named = select(StageRow.id).where(
        or_(StageRow.officer_id == row.id, StageRow.deputy_id == row.id), StageRow.state.not_in(ENDED_STATES)
    )
    still_open = session.execute(named.limit(1)).first() is not None
    session.execute(select(func.set_config("homeward.leaver", "", True)))
    if still_open:
        raise RequirementsUnmet(action, [WORK_HANDED_OVER])
