"""Reports: filed by anybody, lying at once with the duty unit where the person is, never ending unanswered."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.clocks import CLOCKS, report_reply_clock
from domain.identifiers import new_id
from domain.mandates import EMERGENCY_DUTY
from domain.reports import Concern, person_on_receipt
from domain.timeline import GENESIS
from services.cases import Origin, open_new_case
from services.database import now
from services.duty_units import Duty, duty_at, spared_offices
from services.receipts import give_receipt
from services.records.reports import ReportRow
from services.report_clocks import await_answer
from services.report_files import ReportFile, note_of, seal_sections, start_report, with_values
from services.sealed_values import Content


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it comes in; `message` and `reporter` are sealed.

    `elsewhere`: not to the office there. `safe_contact`: how the person who reports themselves can be reached. `case_id`: the
    case of this transaction, where the person is in one already; then nothing is opened twice.
    """

    kind: str
    place_id: UUID
    concerns: tuple[Concern, ...]
    message: Content
    reporter: Content
    elsewhere: bool = False
    safe_contact: str | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """The report with the two halves of its receipt; the secret is shown once and stored nowhere."""

    report: ReportRow
    number: str
    secret: str


def file_report(session: Session, actor: Actor | None, new: NewReport) -> Filed:
    """Take a report. In an emergency the case, its investigation and a child's guardianship open by rule on receipt."""
    urgent, duty = bool(new.concerns), duty_at(session, new.place_id, elsewhere=new.elsewhere)
    file = _new_file(session, actor, new, duty)
    file.note(
        with_values(
            note_of(file, "receive", None),
            seal_sections(file, {"message": new.message, "reporter": new.reporter}),
        )
    )
    if urgent and new.case_id is None:
        _open_on_receipt(file, new, duty)
    number, secret = give_receipt(session, file.id, file.at)
    file.save()
    return Filed(file.report, number, secret)


def _new_file(session: Session, actor: Actor | None, new: NewReport, duty: Duty) -> ReportFile:
    at, urgent = now(session), bool(new.concerns)
    report = ReportRow(
        id=new_id(),
        kind=new.kind,
        place_id=new.place_id,
        concerns=[str(concern) for concern in new.concerns],
        state="received",
        unit_id=duty.first,
        second_unit_id=duty.second if urgent else None,
        filed_by_unit_id=actor.unit_id if actor else None,
        received_at=at,
        reply_by=CLOCKS[report_reply_clock(urgent=urgent)].due(at).at,
        earliest_at=at,
        elsewhere=new.elsewhere,
        case_id=new.case_id,
        version=0,
        seq=0,
        head=GENESIS,
    )
    file = start_report(session, actor, report, at, other=new.case_id is not None)
    await_answer(file, at)
    return file


def _open_on_receipt(file: ReportFile, new: NewReport, duty: Duty) -> None:
    """Whoever the report is about is in the case at once, nameless if need be: guardianship does not wait for screening."""
    report = file.report
    known = person_on_receipt(new.concerns)
    if known is not None and new.safe_contact:
        known["contact"] = {**known["contact"], "safe_contact": new.safe_contact}
    people = [] if known is None else [known]
    spared = spared_offices(file.session, report.place_id, elsewhere=report.elsewhere)
    rule = "on_receipt_in_emergency"
    origin = Origin(duty.place_id, report.unit_id, EMERGENCY_DUTY[0], report.id, rule, spared)
    case = open_new_case(file.session, file.actor, file.at, origin, people)
    report.case_id = case.case.id
    file.note(replace(note_of(file, "open_case", report.state), rule=rule))
