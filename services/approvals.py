"""Another agency's approval: asked by one, answered by another, used once. Nobody approves their own."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.agencies import NO_CASE_READING, Agency
from domain.identifiers import new_id
from domain.refusals import FieldRefused, NotFound
from services import access
from services.records.agencies import PlaceRow, UnitRow
from services.records.cases import ApprovalRow
from services.routing import serving
from services.sealed_values import KeyRing, NewValue
from services.timeline import Note

PENDING: Final = ("asked", "approved")
MAY_APPROVE: Final = frozenset(Agency) - NO_CASE_READING - {Agency.OFFICE}
"""Agencies that read a case while they look at what they are asked to approve."""


def require_other_agency(session: Session, actor: Actor, approver_unit_id: UUID) -> None:
    """The approver is another agency's unit; or, where no other agency's unit serves the place of the one that asks, the same
    agency at the level above. FieldRefused else."""
    field = "approver_unit_id"
    found = session.execute(
        select(UnitRow.agency, UnitRow.place_id).where(UnitRow.id == approver_unit_id)
    ).one_or_none()
    if found is None:
        raise FieldRefused((field, "unknown_unit"))
    if Agency(found.agency) not in MAY_APPROVE:
        raise FieldRefused((field, "agency_reads_no_cases"))
    if found.agency != actor.agency:
        return
    above = session.execute(select(PlaceRow.parent_id).where(PlaceRow.id == actor.place_id)).scalar_one()
    if above != found.place_id:
        raise FieldRefused((field, "same_agency"))
    if any(serving(session, actor.place_id, MAY_APPROVE - {actor.agency}).upward.values()):
        raise FieldRefused((field, "another_agency_serves"))


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for approval: of which move on what, by which unit, and why (the reason is sealed)."""

    machine: str
    subject_id: UUID
    action: str
    approver_unit_id: UUID
    reason: str
    articles: tuple[int, ...] = ()


class File(Protocol):
    """What a case and a report have in common as files that approvals are about."""

    session: Session
    at: datetime
    keys: KeyRing

    @property
    def id(self) -> UUID: ...

    def note(self, note: Note) -> None: ...


def ask(file: File, actor: Actor, request: Ask) -> ApprovalRow:
    """Enter the question; the approver's unit reads the file until it has answered (the caller saves and gives access)."""
    require_other_agency(file.session, actor, request.approver_unit_id)
    row = ApprovalRow(
        file_id=file.id,
        id=new_id(),
        machine=request.machine,
        subject_id=request.subject_id,
        action=request.action,
        state="asked",
        asked_by_unit_id=actor.unit_id,
        asked_by_id=actor.account_id,
        approver_unit_id=request.approver_unit_id,
        asked_at=file.at,
        version=1,
    )
    file.session.add(row)
    note = Note(
        "ask_approval",
        request.machine,
        request.subject_id,
        articles=request.articles,
        target="asked",
        reason=request.action,
        unit_id=request.approver_unit_id,
        values={
            f"reason.{k}": v for k, v in file.keys.commit_to(file.id, {"reason": request.reason}).items()
        },
    )
    file.keys.write([NewValue(row.id, "reason", file.id, {"reason": request.reason})], file.at)
    file.note(note)
    return row


def answer(file: File, actor: Actor, row: ApprovalRow, *, approved: bool) -> None:
    """Approve or refuse. NotFound unless it was this unit that was asked; FieldRefused when it is answered already, or
    by the very person who asked, whatever unit they sit in by now."""
    if row.approver_unit_id != actor.unit_id:
        raise NotFound
    if row.state != "asked":
        raise FieldRefused(("state", "already_answered"))
    if row.asked_by_id == actor.account_id:
        raise FieldRefused(("approver_unit_id", "own_request"))
    row.state = "approved" if approved else "refused"
    row.decided_by_id, row.decided_at = actor.account_id, file.at
    row.version += 1
    file.note(
        _note("approve" if approved else "refuse_approval", row, source="asked", unit_id=row.asked_by_unit_id)
    )


def withdraw(file: File, actor: Actor, row: ApprovalRow) -> None:
    """Take back what is asked or granted and not used. NotFound unless this unit asked; FieldRefused when it is over."""
    if row.asked_by_unit_id != actor.unit_id:
        raise NotFound
    if row.state not in PENDING:
        raise FieldRefused(("state", "already_answered"))
    source, row.state = row.state, "withdrawn"
    row.version += 1
    file.note(_note("withdraw_approval", row, source=source, unit_id=row.approver_unit_id))


def end_with_subject(file: File, subject_id: UUID) -> list[ApprovalRow]:
    """The subject came to its end: what is still asked or unused about it is withdrawn by rule. Returns those."""
    over = list(
        file.session.execute(
            select(ApprovalRow).where(
                ApprovalRow.file_id == file.id,
                ApprovalRow.subject_id == subject_id,
                ApprovalRow.state.in_(PENDING),
            )
        ).scalars()
    )
    for row in over:
        source, row.state = row.state, "withdrawn"
        row.version += 1
        note = _note("withdraw_approval", row, source=source, unit_id=row.approver_unit_id)
        file.note(replace(note, rule="subject_ended"))
    return over


def _note(action: str, row: ApprovalRow, *, source: str, unit_id: UUID) -> Note:
    return Note(
        action,
        row.machine,
        row.subject_id,
        source=source,
        target=row.state,
        reason=row.action,
        unit_id=unit_id,
    )


def find(session: Session, actor: Actor, approval_id: UUID) -> ApprovalRow:
    """An approval that the actor's unit asked for or was asked, while it works on the file; NotFound else.

    Always as it is now: asked for again under the file's lock, it shows what a colleague answered meanwhile.
    """
    between = or_(
        ApprovalRow.approver_unit_id == actor.unit_id, ApprovalRow.asked_by_unit_id == actor.unit_id
    )
    row = session.execute(
        select(ApprovalRow)
        .where(ApprovalRow.id == approval_id, between, access.visible_to(actor, ApprovalRow.file_id))
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def reason_of(session: Session, row: ApprovalRow) -> str | None:
    """Why it was asked; for the two units it is between."""
    values = KeyRing(session, row.file_id).read([row.id])
    return str(values[0].content["reason"]) if values else None


def waiting(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> list[ApprovalRow]:
    """What waits for this unit's answer, oldest first; `after` is the last id of the page before."""
    query = select(ApprovalRow).where(
        ApprovalRow.approver_unit_id == actor.unit_id,
        ApprovalRow.state == "asked",
        access.visible_to(actor, ApprovalRow.file_id),
    )
    if after is not None:
        query = query.where(ApprovalRow.id > after)
    return list(session.execute(query.order_by(ApprovalRow.id).limit(limit)).scalars())


def approved(session: Session, file_id: UUID, subject_id: UUID, action: str) -> bool:
    """Whether an approval of this move lies ready."""
    found = select(ApprovalRow.id).where(
        ApprovalRow.file_id == file_id,
        ApprovalRow.subject_id == subject_id,
        ApprovalRow.action == action,
        ApprovalRow.state == "approved",
    )
    return session.execute(select(found.exists())).scalar_one()


def use_approval(file: File, subject_id: UUID, action: str) -> None:
    """An approval allows one move; it is spent with it."""
    file.session.execute(
        update(ApprovalRow)
        .where(
            ApprovalRow.file_id == file.id,
            ApprovalRow.subject_id == subject_id,
            ApprovalRow.action == action,
            ApprovalRow.state == "approved",
        )
        .values(state="used", version=ApprovalRow.version + 1)
        .execution_options(synchronize_session=False)
    )
