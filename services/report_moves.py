"""Moving a report: screened, accepted into a case, referred, found unfounded, answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, cast
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.approvals import approval_articles
from domain.refusals import CaseClosed, FieldRefused, MoveNotPossible, NotFound, Unmet
from domain.texts import Text
from domain.workflow import Machine, Transition, decide, require_standing
from services import approvals
from services import report_referrals as referrals
from services.case_loading import open_case
from services.cases import Origin, name_people, open_new_case
from services.conflicts import shut_out_alike
from services.duty_units import place_of, spared_offices
from services.records.cases import ApprovalRow
from services.records.reports import ReceiptRow
from services.report_clocks import ERASURE, FEEDBACK, REPLY, start, stop
from services.report_files import (
    ARTICLES,
    UNDECIDED,
    ReportFile,
    note_of,
    open_report,
    seal_sections,
    subject_of_report,
    with_values,
)
from services.report_links import join_reports, link_duplicate, unlink_duplicate
from services.sealed_values import Content
from services.stages import Move
from services.timeline import Note
from services.versions import require_version
from services.victim_sections import Sections


def move_report(session: Session, actor: Actor, report_id: UUID, move: Move) -> ReportFile:
    """Take a move of the report machine. Refusals in the order of `move_stage`; nothing moves an erased report."""
    file = open_report(session, actor, report_id, lock=True)
    require_standing(subject_of_report(file), move.action, actor)
    require_version(move.version, file.report.version)
    if file.report.erased_at is not None:
        raise MoveNotPossible("report", move.action, "erased", ())
    transition = decide(subject_of_report(file), move.action, actor)
    if transition.approved:
        decide(subject_of_report(file), move.action, actor, _approval_missing(file, move.action))
        approvals.use_approval(file, report_id, move.action)
    source = file.report.state
    values = _EFFECTS[move.action](file, actor, move.body)
    _arrive(file, transition)
    file.note(
        replace(
            with_values(note_of(file, move.action, source), values),
            unit_id=cast(UUID | None, move.body.get("unit_id")),
        )
    )
    _tell_reporter(file)
    file.save()
    return file


def _arrive(file: ReportFile, transition: Transition) -> None:
    if transition.target is None:
        return
    file.report.state = transition.target
    if transition.target in UNDECIDED:
        return
    if file.report.offered_unit_id is not None:
        referrals.withdraw(file)
    approvals.end_with_subject(file, file.id)
    file.approvers.clear()


def _approval_missing(file: ReportFile, action: str) -> list[Unmet]:
    if approvals.approved(file.session, file.report.id, file.report.id, action):
        return []
    text = Text("另一机构已批准", "another agency has approved")
    return [Unmet("approved_by_another_agency", text, ARTICLES)]


def _tell_reporter(file: ReportFile) -> None:
    status = "answered" if file.report.answered_at else "being_handled"
    file.session.execute(
        update(ReceiptRow)
        .where(ReceiptRow.file_id == file.report.id, ReceiptRow.status != status)
        .values(status=status)
        .execution_options(synchronize_session=False)
    )


# --- what each move changes besides the state ---

_Values = Mapping[str, str]


def _screen(_file: ReportFile, _actor: Actor, _body: Content) -> _Values:
    return {}


def _accept(file: ReportFile, actor: Actor, body: Content) -> _Values:
    people = cast(Sequence[Sections], body.get("victims") or ())
    joined = cast(UUID | None, body.get("case_id"))
    known = file.report.case_id
    if known is not None and joined not in (None, known):
        raise FieldRefused(("case_id", "report_has_a_case"))
    start(file, FEEDBACK, file.at)
    if joined is None and known is None:
        file.report.case_id = open_new_case(file.session, actor, file.at, _origin(file, actor), people).id
        return {}
    if people or known is None:
        _join(file, actor, cast(UUID, joined or known), people)
    return {}


def _origin(file: ReportFile, actor: Actor) -> Origin:
    """Whoever accepts owns the case: the duty unit, or the level above in its place."""
    report = file.report
    place_id = place_of(file.session, report.unit_id) if report.elsewhere else report.place_id
    spared = spared_offices(file.session, report.place_id, elsewhere=report.elsewhere)
    return Origin(place_id, actor.unit_id, actor.agency, report.id, "report_accepted", spared)


def _join(file: ReportFile, actor: Actor, case_id: UUID, people: Sequence[Sections]) -> None:
    try:
        case = open_case(file.session, actor, case_id, lock=True, beside_report=True)
    except NotFound:
        raise FieldRefused(("case_id", "unknown_case")) from None
    if case.case.state == "closed":
        raise CaseClosed(case_id)
    if people and actor.unit_id != case.case.owner_unit_id:
        raise FieldRefused(("victims", "owner_names_people"))
    for unit_id in case.units_at_work():
        referrals.require_not_spared(file, "case_id", unit_id)
    case.note(Note("join_report", "case", case_id, articles=ARTICLES, reason=str(file.report.id)))
    name_people(case, people)
    file.report.case_id = case_id
    shut_out_alike(file.session, case_id, file.id)
    join_reports(file, actor, case_id)


def _mark_duplicate(file: ReportFile, actor: Actor, body: Content) -> _Values:
    link_duplicate(file, actor, cast(UUID, body["duplicate_of"]))
    return {}


def _find_unfounded(file: ReportFile, _actor: Actor, body: Content) -> _Values:
    if file.report.answered_at is not None:
        start(file, ERASURE, file.at)
    return seal_sections(file, {"decision": {"reason": body.get("reason")}})


def _screen_again(file: ReportFile, actor: Actor, body: Content) -> _Values:
    stop(file, ERASURE)
    unlink_duplicate(file, actor)
    return seal_sections(file, {"decision": {"reason": body.get("reason")}})


def _answer(file: ReportFile, _actor: Actor, body: Content) -> _Values:
    """With the answer the right of the level above ends; a decision that was made before is thereby told back."""
    report = file.report
    report.answered_at, report.above_unit_id = report.answered_at or file.at, None
    stop(file, *REPLY, met=True)
    if report.state == "accepted":
        stop(file, FEEDBACK, met=True)
    if report.state == "unfounded":
        start(file, ERASURE, file.at)
    return seal_sections(file, {"answer": {"text": body.get("text")}})


_Effect = Callable[[ReportFile, Actor, Content], _Values]
_EFFECTS: Final[Mapping[str, _Effect]] = {
    "screen": _screen,
    "accept": _accept,
    "mark_duplicate": _mark_duplicate,
    "find_unfounded": _find_unfounded,
    "refer_out": lambda file, _actor, body: referrals.offer(file, body),
    "accept_referral": lambda file, actor, _body: referrals.accept(file, actor),
    "refuse_referral": lambda file, _actor, body: referrals.refuse(file, body),
    "screen_again": _screen_again,
    "answer": _answer,
}


def ask_report_approval(
    session: Session, actor: Actor, report_id: UUID, request: approvals.Ask
) -> tuple[ReportFile, ApprovalRow]:
    """Ask another agency to approve a move of this report; its unit reads the report until it has answered."""
    file = open_report(session, actor, report_id, lock=True)
    require_standing(subject_of_report(file), request.action, actor)
    referrals.require_not_spared(file, "approver_unit_id", request.approver_unit_id)
    articles = approval_articles(Machine.REPORT, request.action)
    row = approvals.ask(file, actor, replace(request, articles=articles))
    file.approvers.append(row.approver_unit_id)
    file.save()
    return file, row


def answer_report_approval(
    session: Session, actor: Actor, approval_id: UUID, *, approved: bool, version: int | None
) -> ApprovalRow:
    """Approve or refuse; with the answer the approver's right to read the report ends."""
    file = open_report(session, actor, approvals.find(session, actor, approval_id).file_id, lock=True)
    row = approvals.find(session, actor, approval_id)
    require_version(version, row.version)
    approvals.answer(file, actor, row, approved=approved)
    file.approvers.remove(actor.unit_id)
    file.save()
    return row


def withdraw_report_approval(
    session: Session, actor: Actor, approval_id: UUID, version: int | None
) -> ApprovalRow:
    """Take the question back; the approver's right to read the report ends with it."""
    file = open_report(session, actor, approvals.find(session, actor, approval_id).file_id, lock=True)
    row = approvals.find(session, actor, approval_id)
    require_version(version, row.version)
    approvals.withdraw(file, actor, row)
    if row.approver_unit_id in file.approvers:
        file.approvers.remove(row.approver_unit_id)
    file.save()
    return row
