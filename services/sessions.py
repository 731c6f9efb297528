"""Sessions: asked about on every request, together with the row-level context, so that ending one acts at once."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.orm import Session

from domain.access_approvals import APPROVED_ROLES
from domain.actors import AUDIT_ROLES, CASE_ROLES, Actor, Role
from domain.agencies import Agency, InstitutionKind, PlaceKind, may_read_cases
from domain.refusals import NotSignedIn
from domain.signing_in import CONFIRMED_FOR, steps_left
from services.records.accounts import SessionRow

NOBODY: Final = UUID(int=0)

# One statement: is the session alive, who is it, and the context that row-level security compares with. A role
# or an agency that never reads cases gets no unit, so that the database shows it no file whatever its unit works on; nor does
# whoever nobody has let in yet.
_BEGIN: Final = text(
    "select a.id, a.role, u.id as unit_id, u.agency, u.place_id, p.kind, u.institution, s.purposes,"
    " a.demonstration, s.kind = 'person' and a.password_given_at is not null as password_given,"
    " coalesce(s.confirmed_at > clock_timestamp() - cast(:confirmed_for as interval), false) as confirmed,"
    " s.kind <> 'person' or exists (select from second_factors f where f.account_id = a.id and not f.pending)"
    "  as second_factor,"
    " c.account, c.approved, a.access_approved_until,"
    " set_config('homeward.unit', case when c.approved and a.role = any(:case_roles)"
    "  and u.agency <> all(:caseless) then u.id::text else '' end, true),"
    " set_config('homeward.desk', case when c.approved then u.id::text else '' end, true),"
    " set_config('homeward.office', case when a.role = 'coordinator'"
    "  then case when p.kind = 'corps' then 'all' else p.id::text end else '' end, true),"
    " set_config('homeward.audit', case when a.role = any(:audit_roles)"
    "  then case when p.kind = 'corps' then 'all' else p.id::text end else '' end, true),"
    " set_config('homeward.review', case when c.approved and a.role = 'supervisor' then u.id::text else '' end, true),"
    # what is open to this account in an emergency, up to the very second; its own row is all that it may see of these
    " set_config('homeward.emergency', coalesce((select g.case_id::text from emergency_grants g"
    "  where c.approved and g.account_id = c.account::uuid and g.ended_at is null"
    "  and g.expires_at > clock_timestamp()), ''), true)"
    " from sessions s join accounts a on a.id = s.account_id"
    " join units u on u.id = coalesce(s.unit_id, a.unit_id) join places p on p.id = u.place_id"
    # by itself, since what follows from the account's own rows needs it set before
    " cross join lateral (select set_config('homeward.account', a.id::text, true) as account,"
    "  a.role <> all(:approved_roles) or coalesce(a.access_approved_until > clock_timestamp(), false) as approved) c"
    " where s.id = :session and a.id = :account and s.revoked_at is null"
    " and s.expires_at > clock_timestamp() and a.disabled_at is null and a.suspended_at is null"
)
_CONTEXT: Final = {
    "confirmed_for": CONFIRMED_FOR,
    "case_roles": [str(role) for role in CASE_ROLES],
    "caseless": [str(agency) for agency in Agency if not may_read_cases(agency)],
    "approved_roles": [str(role) for role in APPROVED_ROLES],
    "audit_roles": [str(role) for role in AUDIT_ROLES],
}


def begin(session: Session, account_id: UUID, session_id: UUID) -> Actor:
    """The actor behind a token, with the row-level context set for this transaction; NotSignedIn when the session ended."""
    row = session.execute(_BEGIN, {"session": session_id, "account": account_id, **_CONTEXT}).one_or_none()
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
        confirmed=row.confirmed,
        to_set_up=steps_left(
            password_given=row.password_given,
            second_factor=row.second_factor,
            demonstration=row.demonstration,
        ),
        approved=row.approved,
        access_approved_until=row.access_approved_until,
        purposes=None if row.purposes is None else frozenset(row.purposes),
    )


def begin_as_nobody(session: Session) -> None:
    """The context of the public door: no unit, so no file."""
    session.execute(text("select set_config('homeward.account', :nobody, true)"), {"nobody": str(NOBODY)})


def sign_out(session: Session, actor: Actor) -> None:
    """End this session; its token is refused from the next request on."""
    _end(session, SessionRow.id == actor.session_id, "signed_out")


def end_other_sessions(session: Session, actor: Actor) -> None:
    """End every session of one's own but this one: for somebody who left a machine signed in."""
    own = (SessionRow.account_id == actor.account_id) & (SessionRow.id != actor.session_id)
    _end(session, own, "ended_by_its_owner")


def end_sessions_of(session: Session, account_id: UUID, because: str) -> None:
    """End all sessions of an account, with their access and refresh tokens."""
    _end(session, SessionRow.account_id == account_id, because)


def _end(session: Session, which: ColumnElement[bool], because: str) -> None:
    session.execute(
        update(SessionRow)
        .where(which, SessionRow.revoked_at.is_(None))
        .values(revoked_at=func.clock_timestamp(), revoked_because=because)
        .execution_options(synchronize_session=False)
    )


def own_sessions(session: Session, actor: Actor) -> list[SessionRow]:
    """The running sessions of one's own account, newest first, at most a hundred."""
    found = select(SessionRow).where(
        SessionRow.account_id == actor.account_id,
        SessionRow.revoked_at.is_(None),
        SessionRow.expires_at > func.clock_timestamp(),
    )
    return list(session.execute(found.order_by(SessionRow.id.desc()).limit(100)).scalars())
