"""Who was told of emergency access, and what they say of it afterwards: supervisors, auditors, data protection officers."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, any_, exists, false, func, literal, or_, select, true
from sqlalchemy.orm import Session

from domain.actors import AUDIT_ROLES, Actor, Role
from domain.agencies import PlaceKind
from domain.clocks import EMERGENCY_REVIEW
from domain.emergency import ARTICLES, REVIEWING_ROLES, ReviewOutcome
from domain.refusals import MoveNotPossible, NotFound
from services import access
from services.case_loading import open_case_by_rule
from services.database import working_on
from services.records.emergency import EmergencyGrantRow, EmergencyNoticeRow
from services.sealed_values import KeyRing
from services.timeline import Note
from services.versions import require_version


@dataclass(frozen=True, slots=True)
class Told:
    """One that the reader was told of; `alarm`: it was more than usual in a day; `late`: nobody reviewed it in time.
    `reason`: where it was asked for."""

    row: EmergencyGrantRow
    alarm: bool
    late: bool
    open_now: bool
    reason: str | None = None


def list_told(
    session: Session, actor: Actor, *, unreviewed: bool, after: UUID | None, limit: int
) -> list[Told]:
    """Newest first; without the words of the reasons."""
    query = select(EmergencyGrantRow, _alarm("too_many"), _alarm("unreviewed"), _open_now()).where(
        _told(actor)
    )
    if unreviewed:
        query = query.where(EmergencyGrantRow.reviewed_at.is_(None))
    if after is not None:
        query = query.where(EmergencyGrantRow.id < after)
    rows = session.execute(query.order_by(EmergencyGrantRow.id.desc()).limit(limit)).all()
    return [Told(row, bool(alarm), bool(late), bool(live)) for row, alarm, late, live in rows]


def read_told(session: Session, actor: Actor, grant_id: UUID) -> Told:
    """One, with why it was asked: for its holder and those who were told. NotFound for everybody else."""
    own = EmergencyGrantRow.account_id == actor.account_id
    found = session.execute(
        select(EmergencyGrantRow, _alarm("too_many"), _alarm("unreviewed"), _open_now()).where(
            EmergencyGrantRow.id == grant_id, or_(own, _told(actor))
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    row, alarm, late, live = found
    working_on(session, row.case_id, other=True)
    said = KeyRing(session, row.case_id).read([row.id])
    return Told(row, bool(alarm), bool(late), bool(live), str(said[0].content["reason"]) if said else None)


def as_told(session: Session, row: EmergencyGrantRow) -> Told:
    """The grant after a change of it, which this transaction still works on; without the words of the reason."""
    alarm, late, live = session.execute(
        select(_alarm("too_many"), _alarm("unreviewed"), _open_now()).where(
            EmergencyGrantRow.case_id == row.case_id, EmergencyGrantRow.id == row.id
        )
    ).one()
    return Told(row, bool(alarm), bool(late), bool(live))


def told_of(session: Session, actor: Actor, grant_id: UUID) -> EmergencyGrantRow:
    """The grant, if this actor was told of it; NotFound else."""
    found = session.execute(
        select(EmergencyGrantRow).where(EmergencyGrantRow.id == grant_id, _told(actor))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def review(
    session: Session, actor: Actor, grant_id: UUID, outcome: ReviewOutcome, version: int | None
) -> EmergencyGrantRow:
    """Somebody else than the holder says what they found; once. It ends nothing: ending has an address of its own."""
    row = told_of(session, actor, grant_id)
    if actor.role not in REVIEWING_ROLES or actor.account_id in (row.account_id, row.renewed_by_id):
        raise NotFound
    working_on(session, row.case_id)
    file = open_case_by_rule(session, row.case_id)
    file.actor = actor
    session.refresh(row)
    require_version(version, row.version)
    if row.reviewed_at is not None:
        raise MoveNotPossible("emergency_access", "review", "reviewed", ())
    row.reviewed_at, row.reviewed_by_id, row.outcome = file.at, actor.account_id, outcome
    row.version += 1
    file.clocks.stop(row.id, file.at, EMERGENCY_REVIEW, met=True)
    file.note(
        Note(
            "review_emergency_access", "emergency_access", row.id, articles=ARTICLES, target=outcome, unit_id=row.unit_id,
        )
    )  # fmt: skip
    file.save()
    return row


def _told(actor: Actor) -> ColumnElement[bool]:
    """Supervisors by their unit, auditors by their place; nobody who is kept from the case itself."""
    notice = select(EmergencyNoticeRow.id).where(
        EmergencyNoticeRow.case_id == EmergencyGrantRow.case_id,
        EmergencyNoticeRow.grant_id == EmergencyGrantRow.id,
        _addressed(actor),
    )
    case_id = EmergencyGrantRow.case_id
    told = exists(notice.correlate_except(EmergencyNoticeRow))
    spared = literal(actor.unit_id) == any_(EmergencyGrantRow.kept_from)
    return told & ~spared & access.not_excluded(actor, case_id) & access.not_in_question(actor, case_id)


def _addressed(actor: Actor) -> ColumnElement[bool]:
    if actor.role is Role.SUPERVISOR:
        return EmergencyNoticeRow.unit_id == actor.unit_id
    if actor.role not in AUDIT_ROLES:
        return false()
    if actor.place_kind is PlaceKind.CORPS:
        return true()
    return EmergencyNoticeRow.division_id == actor.place_id


def _alarm(kind: str) -> ColumnElement[bool]:
    unusual = select(EmergencyNoticeRow.id).where(
        EmergencyNoticeRow.case_id == EmergencyGrantRow.case_id,
        EmergencyNoticeRow.grant_id == EmergencyGrantRow.id,
        EmergencyNoticeRow.kind == kind,
    )
    return exists(unusual.correlate_except(EmergencyNoticeRow))


def _open_now() -> ColumnElement[bool]:
    return EmergencyGrantRow.ended_at.is_(None) & (EmergencyGrantRow.expires_at > func.clock_timestamp())
