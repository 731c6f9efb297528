"""A report for another office: offered by the one where it lies, which acts until the other one has accepted it (C-5)."""

from typing import cast
from uuid import UUID

from sqlalchemy import update

from domain.actors import Actor
from domain.identifiers import new_id
from domain.mandates import EMERGENCY_DUTY, MANDATES
from domain.refusals import FieldRefused
from domain.stages import StageCode
from domain.timeline import GENESIS
from services.case_loading import open_case_by_rule
from services.case_ownership import end_offer
from services.conflicts import shut_out_alike, units_in_question
from services.duty_units import spared_offices
from services.records.reports import ReceiptRow, ReportRow
from services.report_clocks import REPLY, TRANSFER, await_answer, start, stop
from services.report_files import ReportFile, note_of, seal_sections, start_report, with_values
from services.routing import serving
from services.sealed_values import Content
from services.timeline import Note
from services.units import unit_named


def offer(file: ReportFile, body: Content) -> dict[str, str]:
    """To another police unit, never to an office that the reporter asked to be spared. The transfer is due in a day."""
    unit_id = cast(UUID, body["unit_id"])
    unit = unit_named(file.session, unit_id)
    if unit.agency is not MANDATES[StageCode.REPORT].accountable or unit_id == file.report.unit_id:
        raise FieldRefused(("unit_id", "not_another_duty_unit"))
    require_not_spared(file, "unit_id", unit_id)
    file.report.offered_unit_id = unit_id
    start(file, TRANSFER, file.at)
    return seal_sections(file, {"referral": {"reason": body.get("reason")}})


def require_not_spared(file: ReportFile, field: str, unit_id: UUID) -> None:
    """Whoever serves the place of a report that came with "not to this office" is told nothing of it, nor is a unit in
    question in the case behind it: FieldRefused."""
    report = file.report
    if unit_id in spared_offices(file.session, report.place_id, elsewhere=report.elsewhere):
        raise FieldRefused((field, "office_in_question"))
    if report.case_id is not None and unit_id in units_in_question(file.session, report.case_id):
        raise FieldRefused((field, "unit_in_conflict"))


def accept(file: ReportFile, actor: Actor) -> dict[str, str]:
    """The receiver gets a report of its own that continues this one. Receipt, answer owed, and the case go along."""
    onward = _continue(file, actor)
    file.session.execute(
        update(ReceiptRow)
        .where(ReceiptRow.file_id == file.id)
        .values(file_id=onward.id, status="being_handled")
        .execution_options(synchronize_session=False)
    )
    file.report.offered_unit_id = file.report.above_unit_id = None
    stop(file, TRANSFER, met=True)
    stop(file, *REPLY)
    _hand_over_case(file, actor)
    return {}


def _continue(file: ReportFile, actor: Actor) -> ReportFile:
    report = file.report
    _first, second = EMERGENCY_DUTY
    served = serving(file.session, actor.place_id, [second]).units if report.concerns else {}
    onward = ReportRow(
        id=new_id(),
        kind=report.kind,
        place_id=report.place_id,
        concerns=list(report.concerns),
        state="received",
        unit_id=actor.unit_id,
        second_unit_id=served.get(second),
        filed_by_unit_id=report.filed_by_unit_id,
        case_id=report.case_id,
        continues_id=report.id,
        received_at=report.received_at,
        reply_by=report.reply_by,
        earliest_at=report.earliest_at,
        elsewhere=report.elsewhere,
        version=0,
        seq=0,
        head=GENESIS,
    )
    continued = start_report(file.session, actor, onward, file.at, other=True)
    shut_out_alike(file.session, file.id, continued.id)
    await_answer(continued, file.at if report.answered_at else report.earliest_at)
    values = seal_sections(continued, {name: file.sections.get(name, {}) for name in ("message", "reporter")})
    continued.note(with_values(note_of(continued, "receive", None), values))
    continued.save()
    return continued


def _hand_over_case(file: ReportFile, actor: Actor) -> None:
    """The sender's case, if one stands behind the report, is the receiver's from now on: they have just accepted it."""
    if file.report.case_id is None:
        return
    case = open_case_by_rule(file.session, file.report.case_id, beside_report=True)
    if case.case.owner_unit_id != file.report.unit_id or case.case.state != "open":
        return
    case.actor = actor
    case.case.owner_unit_id, case.case.owner_agency = actor.unit_id, actor.agency
    end_offer(case)
    case.note(
        Note(
            "accept_hand_over",
            "case",
            case.id,
            articles=(20,),
            source="open",
            target="open",
            rule="referral_accepted",
            unit_id=actor.unit_id,
        )
    )
    case.save()


def refuse(file: ReportFile, body: Content) -> dict[str, str]:
    """It stays where it lies; why is kept."""
    withdraw(file)
    return seal_sections(file, {"refusal": {"reason": body.get("reason")}})


def withdraw(file: ReportFile) -> None:
    """No office is asked any more to take it; the level above, if it watched only over that, is done."""
    report = file.report
    report.offered_unit_id = None
    if report.answered_at is not None:
        report.above_unit_id = None
    stop(file, TRANSFER)
