"""Reports: filed by anybody, lying at once with the duty unit where the person is, never ending unanswered."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, cast
from uuid import UUID

from sqlalchemy import String, func, insert, literal, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from domain import clocks
from domain.actors import Actor
from domain.agencies import Agency
from domain.identifiers import new_id
from domain.mandates import MANDATES
from domain.numbers import receipt_number
from domain.refusals import FieldRefused, NotFound, Unmet
from domain.stages import StageCode
from domain.texts import Text
from domain.timeline import GENESIS
from domain.workflow import Machine, Subject, decide, require_standing
from services import access, approvals
from services.case_files import CaseFile, open_case, require_version
from services.cases import Origin, name_people, open_new_case
from services.database import now, working_on
from services.records.agencies import UnitRow
from services.records.cases import ApprovalRow
from services.records.reports import ReceiptRow, ReportRow
from services.routing import serving
from services.sealed_values import Content, KeyRing, NewValue
from services.stages import Move
from services.timeline import Note, append
from services.victims import Sections


class Concern(StrEnum):
    """What makes a report urgent: both duty units at once, a case on receipt, an answer within 15 minutes."""

    DANGER = "danger"
    MISSING_MINOR = "missing_minor"
    CHILD_ALONE = "child_alone"
    SELF_REPORT = "self_report"


CHILD_CONCERNS: Final = frozenset({Concern.MISSING_MINOR, Concern.CHILD_ALONE})
ARTICLES: Final = MANDATES[StageCode.REPORT].articles


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it comes in; `message` and `reporter` are sealed."""

    kind: str
    place_id: UUID
    concerns: tuple[Concern, ...]
    message: Content
    reporter: Content


@dataclass(frozen=True, slots=True)
class Filed:
    """The report with the two halves of its receipt; the secret is shown once and stored nowhere."""

    report: ReportRow
    number: str
    secret: str


@dataclass(slots=True)
class ReportFile:
    """One report in one transaction, with what it says."""

    session: Session
    actor: Actor | None
    report: ReportRow
    at: datetime
    keys: KeyRing
    sections: dict[str, Content] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    _units_before: set[UUID] = field(default_factory=set)

    @property
    def id(self) -> UUID:
        return self.report.id

    def note(self, note: Note) -> None:
        self.notes.append(note)

    def units_at_work(self) -> set[UUID]:
        report = self.report
        units = {report.unit_id, report.offered_unit_id}
        if report.state in ("received", "screening"):
            units.add(report.second_unit_id)
        return {unit_id for unit_id in units if unit_id is not None}

    def remember_access(self) -> None:
        self._units_before = self.units_at_work()

    def save(self) -> None:
        self.report.version += 1
        append(self.session, "report", self.report, self.actor, self.at, self.notes)
        self.notes.clear()
        access.keep_access(self.session, "report", self.report.id, self._units_before, self.units_at_work())
        self.session.flush()
        self.remember_access()


def file_report(session: Session, actor: Actor | None, new: NewReport) -> Filed:
    """Take a report. In an emergency the case, its investigation and a child's guardianship open by rule on receipt."""
    served = serving(session, new.place_id, (Agency.PSB, Agency.CAB))
    if Agency.PSB not in served.units:
        raise FieldRefused(("place_id", "no_duty_unit"))
    urgent = bool(new.concerns)
    file = _new_file(
        session, actor, new, served.units[Agency.PSB], served.units.get(Agency.CAB) if urgent else None
    )
    file.note(
        _note(file, "receive", None, values=_seal(file, {"message": new.message, "reporter": new.reporter}))
    )
    if urgent:
        _open_on_receipt(file)
    number, secret = _give_receipt(file)
    file.save()
    return Filed(file.report, number, secret)


def _new_file(
    session: Session, actor: Actor | None, new: NewReport, duty_unit: UUID, second_unit: UUID | None
) -> ReportFile:
    report_id, at = new_id(), now(session)
    working_on(session, report_id)
    report = ReportRow(
        id=report_id,
        kind=new.kind,
        place_id=new.place_id,
        concerns=[str(concern) for concern in new.concerns],
        state="received",
        unit_id=duty_unit,
        second_unit_id=second_unit,
        filed_by_unit_id=actor.unit_id if actor else None,
        received_at=at,
        reply_by=clocks.report_reply_by(at, urgent=bool(new.concerns)),
        version=0,
        seq=0,
        head=GENESIS,
    )
    session.add(report)
    session.flush()
    file = ReportFile(session, actor, report, at, KeyRing(session, report_id))
    file.keys.create(report_id, at)
    return file


def _seal(file: ReportFile, sections: Mapping[str, Content], revision: int = 1) -> dict[str, str]:
    report_id = file.report.id
    kept = {name: content for name, content in sections.items() if content}
    file.keys.write([NewValue(report_id, name, report_id, c, revision) for name, c in kept.items()], file.at)
    file.sections.update(kept)
    return {
        f"{name}.{member}": digest
        for name, content in kept.items()
        for member, digest in file.keys.commit_to(report_id, content).items()
    }


def _open_on_receipt(file: ReportFile) -> None:
    report = file.report
    origin = Origin(report.place_id, report.unit_id, Agency.PSB, report.id, "on_receipt_in_emergency")
    child = bool(CHILD_CONCERNS & set(report.concerns))
    nameless: Sections = (
        {"situation": {"in_danger": "yes"}}
        if "danger" in report.concerns
        else {"account": {"identification": "presumed"}}
    )
    case = open_new_case(file.session, file.actor, file.at, origin, [nameless] if child else [])
    report.case_id = case.case.id
    file.note(_note(file, "open_case", report.state, rule=origin.rule))


def _give_receipt(file: ReportFile) -> tuple[str, str]:
    number = receipt_number(f"{secrets.randbelow(10**10):010d}")
    secret = secrets.token_urlsafe(18)
    file.session.execute(
        insert(ReceiptRow).values(
            digest=receipt_digest(number, secret),
            file_id=file.report.id,
            received_at=file.at,
            status="received",
        )
    )
    return number, secret


def receipt_digest(number: str, secret: str) -> bytes:
    """What stands in the database for a receipt; the secret has 144 random bits, so that a plain digest holds."""
    return hashlib.sha256(f"homeward-receipt-v1\x00{number}\x00{secret}".encode()).digest()


def read_receipt(session: Session, number: str, secret: str) -> ReceiptRow:
    """With number and secret: received, being handled or answered, and no more. NotFound in every other case alike."""
    digest = receipt_digest(number, secret)
    session.execute(select(func.set_config("homeward.receipt", digest.hex(), True)))
    receipt = session.execute(select(ReceiptRow).where(ReceiptRow.digest == digest)).scalar_one_or_none()
    if receipt is None:
        raise NotFound
    return receipt


# --- reading and moving ---


def open_report(session: Session, actor: Actor, report_id: UUID, *, lock: bool = False) -> ReportFile:
    """A report that lies with the actor's unit (or was offered to it, or waits for its approval); NotFound else."""
    query = select(
        ReportRow,
        func.clock_timestamp(),
        func.set_config("homeward.file", sql_cast(ReportRow.id, String), True) if lock else literal(""),
    ).where(ReportRow.id == report_id, access.visible_to(actor, ReportRow.id))
    if lock:
        query = query.with_for_update(of=ReportRow).execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    file = ReportFile(session, actor, found[0], found[1], KeyRing(session, report_id))
    file.sections = {value.section: value.content for value in file.keys.read([report_id])}
    file.remember_access()
    return file


def list_reports(
    session: Session, actor: Actor, state: str | None, *, after: UUID | None, limit: int
) -> list[ReportRow]:
    """Reports that lie with the actor's unit, newest first; what they say is not in the list."""
    query = (
        select(ReportRow)
        .where(access.visible_to(actor, ReportRow.id))
        .where((ReportRow.unit_id == actor.unit_id) | (ReportRow.offered_unit_id == actor.unit_id))
        .order_by(ReportRow.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(ReportRow.id < after)
    if state is not None:
        query = query.where(ReportRow.state == state)
    return list(session.execute(query).scalars())


def subject_of_report(file: ReportFile) -> Subject:
    report = file.report
    return Subject(Machine.REPORT, report.state, responsible=report.unit_id, offered=report.offered_unit_id)


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
        _note(file, move.action, source, values=values, unit_id=cast(UUID | None, move.body.get("unit_id")))
    )
    _tell_reporter(file, move.action)
    file.save()
    return file


def _approval_missing(file: ReportFile, action: str) -> list[Unmet]:
    if approvals.approved(file.session, file.report.id, file.report.id, action):
        return []
    text = Text("另一机构已批准", "another agency has approved")
    return [Unmet("approved_by_another_agency", text, ARTICLES)]


def _tell_reporter(file: ReportFile, action: str) -> None:
    status = "answered" if file.report.answered_at else "being_handled"
    file.session.execute(
        update(ReceiptRow)
        .where(ReceiptRow.file_id == file.report.id, ReceiptRow.status != status)
        .values(status=status)
        .execution_options(synchronize_session=False)
    )


def _note(
    file: ReportFile,
    action: str,
    source: str | None,
    *,
    rule: str | None = None,
    values: Mapping[str, str] | None = None,
    unit_id: UUID | None = None,
) -> Note:
    return Note(
        action,
        "report",
        file.report.id,
        articles=ARTICLES,
        source=source,
        target=file.report.state,
        rule=rule,
        changed=tuple(values or ()),
        values=values or {},
        unit_id=unit_id,
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
    report = file.report
    origin = Origin(report.place_id, report.unit_id, Agency.PSB, report.id, "report_accepted")
    return open_new_case(file.session, file.actor, file.at, origin, people)


def _join(file: ReportFile, case_id: UUID, people: Sequence[Sections]) -> None:
    assert file.actor is not None
    try:
        case = open_case(file.session, file.actor, case_id, lock=True, beside_report=True)
    except NotFound:
        raise FieldRefused(("case_id", "unknown_case")) from None
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
    if agency != Agency.PSB or unit_id == file.report.unit_id:
        raise FieldRefused(("unit_id", "not_another_duty_unit"))
    file.report.offered_unit_id = unit_id
    return _seal(file, {"referral": {"reason": body.get("reason")}}, _next(file, "referral"))


def _accept_referral(file: ReportFile, _body: Content) -> _Values:
    """The receiver gets a report of its own that continues this one; the reporter's receipt goes with it."""
    report, actor = file.report, file.actor
    assert actor is not None
    new = NewReport(report.kind, report.place_id, (), {}, {})
    fresh_id = new_id()
    working_on(file.session, fresh_id, other=True)
    onward = ReportRow(
        id=fresh_id,
        kind=new.kind,
        place_id=new.place_id,
        concerns=list(report.concerns),
        state="received",
        unit_id=actor.unit_id,
        filed_by_unit_id=report.filed_by_unit_id,
        case_id=report.case_id,
        continues_id=report.id,
        received_at=report.received_at,
        reply_by=report.reply_by,
        version=0,
        seq=0,
        head=GENESIS,
    )
    file.session.add(onward)
    file.session.flush()
    continued = ReportFile(file.session, actor, onward, file.at, KeyRing(file.session, fresh_id))
    continued.keys.create(fresh_id, file.at)
    values = _seal(continued, {name: file.sections.get(name, {}) for name in ("message", "reporter")})
    continued.note(_note(continued, "receive", None, values=values))
    file.session.execute(
        update(ReceiptRow)
        .where(ReceiptRow.file_id == report.id)
        .values(file_id=fresh_id, status="being_handled")
        .execution_options(synchronize_session=False)
    )
    continued.save()
    report.offered_unit_id = None
    return {}


def _refuse_referral(file: ReportFile, _body: Content) -> _Values:
    file.report.offered_unit_id = None
    return {}


def _answer(file: ReportFile, body: Content) -> _Values:
    file.report.answered_at = file.report.answered_at or file.at
    return _seal(file, {"answer": {"text": body.get("text")}}, _next(file, "answer"))


def _reason(file: ReportFile, body: Content) -> _Values:
    return _seal(file, {"decision": {"reason": body.get("reason")}}, _next(file, "decision"))


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
