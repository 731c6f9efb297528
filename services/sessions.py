"""Sign-ins: opened with name and password, asked about on every request together with the row-level context."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from domain.actors import AUDIT_ROLES, CASE_ROLES, Actor, Role
from domain.agencies import Agency, InstitutionKind, PlaceKind, may_read_cases
from domain.identifiers import new_id
from domain.refusals import NotSignedIn, SignInRefused
from services.database import now
from services.passwords import PasswordRefused, verify_password
from services.records.accounts import AccountRow, SessionRow

SESSION_LIFE: Final = timedelta(hours=12)
NOBODY: Final = UUID(int=0)

# One statement: is the session alive, who is it, and the context that row-level security compares with. A role
# or an agency that never reads cases gets no unit, so that the database shows it no file whatever its unit works on.
_BEGIN: Final = text(
    "select a.id, a.role, a.unit_id, u.agency, u.place_id, p.kind, u.institution,"
    " set_config('homeward.account', a.id::text, true),"
    " set_config('homeward.unit', case when a.role = any(:case_roles)"
    "  and u.agency <> all(:caseless) then u.id::text else '' end, true),"
    " set_config('homeward.desk', u.id::text, true),"
    " set_config('homeward.office', case when a.role = 'coordinator'"
    "  then case when p.kind = 'corps' then 'all' else p.id::text end else '' end, true),"
    " set_config('homeward.audit', case when a.role = any(:audit_roles)"
    "  then case when p.kind = 'corps' then 'all' else p.id::text end else '' end, true)"
    " from sessions s join accounts a on a.id = s.account_id"
    " join units u on u.id = a.unit_id join places p on p.id = u.place_id"
    " where s.id = :session and a.id = :account and s.revoked_at is null"
    " and s.expires_at > clock_timestamp() and a.disabled_at is null"
)
_CONTEXT_ROLES: Final = {
    "case_roles": [str(role) for role in CASE_ROLES],
    "caseless": [str(agency) for agency in Agency if not may_read_cases(agency)],
    "audit_roles": [str(role) for role in AUDIT_ROLES],
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    account_id: UUID
    session_id: UUID
    expires_at: datetime


def sign_in(session: Session, username: str, password: str) -> SignedIn:
    """Open a session; SignInRefused for an unknown name, a wrong password or a closed account alike, in the same time."""
    row = session.execute(
        select(AccountRow.id, AccountRow.password_hash, AccountRow.disabled_at).where(
            AccountRow.username == username
        )
    ).one_or_none()
    try:
        fits = verify_password(password, row.password_hash if row else None)
    except PasswordRefused:
        fits = False
    if row is None or not fits or row.disabled_at is not None:
        raise SignInRefused
    at = now(session)
    signed_in = SignedIn(row.id, new_id(), at + SESSION_LIFE)
    session.execute(
        insert(SessionRow).values(
            id=signed_in.session_id, account_id=row.id, created_at=at, expires_at=signed_in.expires_at
        )
    )
    return signed_in


def begin(session: Session, account_id: UUID, session_id: UUID) -> Actor:
    """The actor behind a token, with the row-level context set for this transaction; NotSignedIn when the session ended."""
    row = session.execute(
        _BEGIN, {"session": session_id, "account": account_id, **_CONTEXT_ROLES}
    ).one_or_none()
    if row is None:
        raise NotSignedIn
    return Actor(
        account_id=row.id,
        session_id=session_id,
        unit_id=row.unit_id,
        agency=Agency(row.agency),
        role=Role(row.role),
        place_id=row.place_id,
        place_kind=PlaceKind(row.kind),
        institution=InstitutionKind(row.institution) if row.institution else None,
    )


def begin_as_nobody(session: Session) -> None:
    """The context of the public door: no unit, so no file."""
    session.execute(text("select set_config('homeward.account', :nobody, true)"), {"nobody": str(NOBODY)})


def sign_out(session: Session, actor: Actor) -> None:
    """End this session; its token is refused from the next request on."""
    session.execute(
        update(SessionRow).where(SessionRow.id == actor.session_id).values(revoked_at=now(session))
    )
