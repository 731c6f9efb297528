"""Approvals of moves of a case and its stages."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.age_decisions import ACTION
from domain.approvals import approval_articles
from domain.bases import APPROVABLE
from domain.refusals import FieldRefused
from domain.workflow import require_standing
from services import approvals
from services.approval_ends import forget
from services.approvals import Ask
from services.case_facts import subject_of, subject_of_case
from services.case_files import Agreement, CaseFile
from services.case_loading import open_case
from services.consents import require_works_for
from services.deaths import RECORD_DEATH, require_may_ask_about_death
from services.identification import require_age_decider
from services.records.cases import ApprovalRow
from services.units import agency_of
from services.versions import require_version


def ask_case_approval(
    session: Session, actor: Actor, case_id: UUID, request: Ask
) -> tuple[CaseFile, ApprovalRow]:
    """Ask another agency to approve a move that is the caller's to take; its unit reads the case until it has answered."""
    file = open_case(session, actor, case_id, lock=True)
    wanted = _checked(file, actor, request)
    if request.approver_unit_id in file.units_in_conflict():
        raise FieldRefused(("approver_unit_id", "unit_in_conflict"))
    row = approvals.ask(file, actor, wanted)
    file.agreements.append(
        Agreement("approval", row.id, row.subject_id, row.action, row.state, row.approver_unit_id)
    )
    file.save()
    return file, row


def _checked(file: CaseFile, actor: Actor, request: Ask) -> Ask:
    """With what it is about and its articles, once it is the caller's to take. NotFound, StageNotYours, FieldRefused."""
    if request.subject_id in file.victims:
        _require_about_person(file, actor, request)
        return replace(request, machine="victim")
    whole_case = request.subject_id == file.id
    subject = subject_of_case(file) if whole_case else subject_of(file, file.stage(request.subject_id))
    require_standing(subject, request.action, actor)
    articles = approval_articles(subject.machine, request.action, subject.stage)
    return replace(request, machine=subject.machine, articles=articles)


def _require_about_person(file: CaseFile, actor: Actor, request: Ask) -> None:
    """A person's age is decided by two agencies, whatever the place; another basis than consent is approved for one purpose."""
    if request.action in APPROVABLE:
        require_works_for(file, actor, request.subject_id, "rest_on")
        return
    if request.action == RECORD_DEATH:
        require_may_ask_about_death(file, actor, request)
        return
    require_age_decider(file, actor, request.subject_id)
    if request.action != ACTION:
        raise FieldRefused(("action", "not_approvable"))
    if agency_of(file.session, request.approver_unit_id) == actor.agency:
        raise FieldRefused(("approver_unit_id", "same_agency"))


def answer_case_approval(
    session: Session, actor: Actor, approval_id: UUID, *, approved: bool, version: int | None
) -> ApprovalRow:
    """Approve or refuse; with the answer the approver's right to read ends, unless other work gives it one."""
    file, row = _open(session, actor, approval_id)
    require_version(version, row.version)
    approvals.answer(file, actor, row, approved=approved)
    forget(file, [row])
    file.save()
    return row


def withdraw_case_approval(
    session: Session, actor: Actor, approval_id: UUID, version: int | None
) -> ApprovalRow:
    """Take the question back, or an approval that was not used; the approver's right to read ends with it."""
    file, row = _open(session, actor, approval_id)
    require_version(version, row.version)
    approvals.withdraw(file, actor, row)
    forget(file, [row])
    file.save()
    return row


def _open(session: Session, actor: Actor, approval_id: UUID) -> tuple[CaseFile, ApprovalRow]:
    case_id = approvals.find(session, actor, approval_id).file_id
    return open_case(session, actor, case_id, lock=True), approvals.find(session, actor, approval_id)
