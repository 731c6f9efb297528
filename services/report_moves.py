"""Moving a report: screened, accepted into a case, referred, found unfounded, answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, cast
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.identifiers import new_id
from domain.mandates import MANDATES
from domain.refusals import CaseClosed, FieldRefused, NotFound, Unmet
from domain.stages import StageCode
from domain.texts import Text
from domain.timeline import GENESIS
from domain.workflow import decide, require_standing
from services import access, approvals
from services.case_files import CaseFile
from services.case_loading import open_case
from services.cases import name_people, open_new_case
from services.records.agencies import UnitRow
from services.records.cases import ApprovalRow
from services.records.reports import ReceiptRow, ReportRow
from services.report_files import (
    ARTICLES,
    ReportFile,
    note_of,
    open_report,
    seal_sections,
    start_report,
    subject_of_report,
    with_values,
)
from services.reports import origin_of
from services.sealed_values import Content
from services.stages import Move
from services.timeline import Note
from services.versions import require_version
from services.victim_sections import Sections


def move_report(session: Session, actor: Actor, report_id: UUID, move: Move) -> ReportFile:
    """Take a move of the report machine. Refusals in the order of `move_stage`."""
    file = open_report(session, actor, report_id, lock=True)
    require_standing(subject_of_report(file), move.action, actor)
    require_version(move.version, file.report.version)
    transition = decide(subject_of_report(file), move.action, actor)
    if transition.approved:
        decide(subject_of_report(file), move.action, actor, _approval_missing(file, move.action))
        approvals.use_approval(file, report_id, move.action)
    source = file.report.state
    values = _EFFECTS[move.action](file, move.body)
    if transition.target is not None:
        file.report.state = transition.target
    file.note(
        replace(
            with_values(note_of(file, move.action, source), values),
            unit_id=cast(UUID | None, move.body.get("unit_id")),
        )
    )
    _tell_reporter(file)
    file.save()
    return file


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


def _nothing_else(_file: ReportFile, _body: Content) -> _Values:
    return {}


def _accept(file: ReportFile, body: Content) -> _Values:
    people = cast(Sequence[Sections], body.get("victims") or ())
    joined = cast(UUID | None, body.get("case_id"))
    known = file.report.case_id
    if known is not None and joined not in (None, known):
        raise FieldRefused(("case_id", "report_has_a_case"))
    case_id = joined or known
    if case_id is None:
        file.report.case_id = _open_accepted(file, people).case.id
        return {}
    _join(file, case_id, people)
    file.report.case_id = case_id
    return {}


def _open_accepted(file: ReportFile, people: Sequence[Sections]) -> CaseFile:
    return open_new_case(file.session, file.actor, file.at, origin_of(file.report, "report_accepted"), people)


def _join(file: ReportFile, case_id: UUID, people: Sequence[Sections]) -> None:
    assert file.actor is not None
    try:
        case = open_case(file.session, file.actor, case_id, lock=True, beside_report=True)
    except NotFound:
        raise FieldRefused(("case_id", "unknown_case")) from None
    if case.case.state == "closed":
        raise CaseClosed(case_id)
    if people and file.actor.unit_id != case.case.owner_unit_id:
        raise FieldRefused(("victims", "owner_names_people"))
    case.note(Note("join_report", "case", case_id, articles=ARTICLES, reason=str(file.report.id)))
    name_people(case, people)


def _mark_duplicate(file: ReportFile, body: Content) -> _Values:
    assert file.actor is not None
    other = cast(UUID, body["duplicate_of"])
    known = select(ReportRow.id).where(ReportRow.id == other, access.visible_to(file.actor, ReportRow.id))
    if other == file.report.id or file.session.execute(known).scalar_one_or_none() is None:
        raise FieldRefused(("duplicate_of", "unknown_report"))
    file.report.duplicate_of = other
    return {}


def _refer_out(file: ReportFile, body: Content) -> _Values:
    unit_id = cast(UUID, body["unit_id"])
    agency = file.session.execute(select(UnitRow.agency).where(UnitRow.id == unit_id)).scalar_one_or_none()
    if agency != MANDATES[StageCode.REPORT].accountable or unit_id == file.report.unit_id:
        raise FieldRefused(("unit_id", "not_another_duty_unit"))
    file.report.offered_unit_id = unit_id
    return seal_sections(file, {"referral": {"reason": body.get("reason")}}, _next(file, "referral"))


def _accept_referral(file: ReportFile, _body: Content) -> _Values:
    """The receiver gets a report of its own that continues this one; the reporter's receipt goes with it."""
    onward = _continue(file)
    file.session.execute(
        update(ReceiptRow)
        .where(ReceiptRow.file_id == file.id)
        .values(file_id=onward.id, status="being_handled")
        .execution_options(synchronize_session=False)
    )
    file.report.offered_unit_id = None
    return {}


def _continue(file: ReportFile) -> ReportFile:
    report, actor = file.report, file.actor
    assert actor is not None
    onward = ReportRow(
        id=new_id(),
        kind=report.kind,
        place_id=report.place_id,
        concerns=list(report.concerns),
        state="received",
        unit_id=actor.unit_id,
        filed_by_unit_id=report.filed_by_unit_id,
        case_id=report.case_id,
        continues_id=report.id,
        received_at=report.received_at,
        reply_by=report.reply_by,
        earliest_at=report.earliest_at,
        version=0,
        seq=0,
        head=GENESIS,
    )
    continued = start_report(file.session, actor, onward, file.at, other=True)
    values = seal_sections(continued, {name: file.sections.get(name, {}) for name in ("message", "reporter")})
    continued.note(with_values(note_of(continued, "receive", None), values))
    continued.save()
    return continued


def _refuse_referral(file: ReportFile, _body: Content) -> _Values:
    file.report.offered_unit_id = None
    return {}


def _answer(file: ReportFile, body: Content) -> _Values:
    file.report.answered_at = file.report.answered_at or file.at
    file.clocks.stop(file.id, file.at, met=True)
    return seal_sections(file, {"answer": {"text": body.get("text")}}, _next(file, "answer"))


def _reason(file: ReportFile, body: Content) -> _Values:
    return seal_sections(file, {"decision": {"reason": body.get("reason")}}, _next(file, "decision"))


def _next(file: ReportFile, section: str) -> int:
    """Answers and decisions are kept one after the other; the count of moves gives each a revision of its own."""
    return file.report.version + 1 if section in file.sections else 1


_EFFECTS: Final[Mapping[str, Callable[[ReportFile, Content], _Values]]] = {
    "screen": _nothing_else,
    "accept": _accept,
    "mark_duplicate": _mark_duplicate,
    "find_unfounded": _reason,
    "refer_out": _refer_out,
    "accept_referral": _accept_referral,
    "refuse_referral": _refuse_referral,
    "screen_again": _nothing_else,
    "answer": _answer,
}


def ask_report_approval(
    session: Session, actor: Actor, report_id: UUID, request: approvals.Ask
) -> tuple[ReportFile, ApprovalRow]:
    """Ask another agency to approve a move of this report; its unit reads the report until it has answered."""
    file = open_report(session, actor, report_id, lock=True)
    require_standing(subject_of_report(file), request.action, actor)
    row = approvals.ask(file, actor, request)
    access.keep_access(
        session, "report", report_id, file.units_at_work(), file.units_at_work() | {row.approver_unit_id}
    )
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
    kept = file.units_at_work()
    access.keep_access(session, "report", file.id, kept | {actor.unit_id}, kept)
    file.save()
    return row
