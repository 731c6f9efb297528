"""A unit itself in question (rule 4): in one transaction it loses access, notices and say, and its work goes up."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.conflicts import TERMS, ConflictKind
from domain.refusals import FieldRefused
from services.case_files import CaseFile
from services.case_loading import open_case_by_rule
from services.conflict_effects import cut_off_unit
from services.conflicts import InQuestion, clock_subject, is_set, put_in_question
from services.database import working_on
from services.merged_conflicts import stand_in_merged
from services.receipts import read_receipt
from services.records.conflicts import ConflictRow
from services.records.reports import ReceiptRow, ReportRow
from services.report_files import ReportFile
from services.reports_behind import lock_reports_behind, open_doubted
from services.ways_up import ways_up

_KIND = ConflictKind.UNIT


@dataclass(frozen=True, slots=True)
class UnitDoubted:
    """Which unit, and why (sealed)."""

    unit_id: UUID
    reason: str


def set_unit_conflict(
    session: Session, actor: Actor, case_id: UUID, doubt: UnitDoubted
) -> tuple[CaseFile, ConflictRow]:
    """Any unit in the case may, and the procuratorate there; the unit need not have work in it yet: it will get none.

    Refusals in order: NotFound, FieldRefused (`unknown_unit`, `already_in_question`, `no_unit_above`).
    """
    reports, file = open_doubted(session, actor, case_id)
    if is_set(file, _KIND, ConflictRow.unit_id == doubt.unit_id):
        raise FieldRefused(("unit_id", "already_in_question"))
    return file, _cut_off(file, reports, doubt)


def question_office(
    session: Session, number: str, secret: str, reason: str, unit_id: UUID | None
) -> ReceiptRow:
    """The reporter says so of a unit, by default of the office where the report lies. Tells no more than any receipt does:
    not whether there is a case yet, nor whether somebody said so before. NotFound for a wrong number or secret."""
    receipt = read_receipt(session, number, secret)
    working_on(session, receipt.file_id, other=True)
    report = session.execute(select(ReportRow).where(ReportRow.id == receipt.file_id)).scalar_one()
    if report.case_id is None:
        return receipt
    reports = lock_reports_behind(session, None, report.case_id)
    file = open_case_by_rule(session, report.case_id)
    if file.case.erased_at is not None:
        return receipt
    doubt = UnitDoubted(unit_id or report.unit_id, reason)
    repeated = unit_id is None and _a_reporter_said_so(file)
    if not repeated and not is_set(file, _KIND, ConflictRow.unit_id == doubt.unit_id):
        _cut_off(file, reports, doubt)
    return receipt


def _a_reporter_said_so(file: CaseFile) -> bool:
    """Who says it twice, with no unit named, means the office of the first time and not the one above it."""
    return is_set(file, _KIND, ConflictRow.set_by_unit_id.is_(None))


def _cut_off(file: CaseFile, reports: list[ReportFile], doubt: UnitDoubted) -> ConflictRow:
    ways = ways_up(file, doubt.unit_id)
    who = InQuestion(
        _KIND, unit_id=doubt.unit_id, reason=doubt.reason, above=ways.above, prosecutor=ways.prosecutor
    )
    row = put_in_question(file, who)
    file.clocks.start(clock_subject(row), TERMS[_KIND].clock, file.at)
    cut_off_unit(file, reports, doubt.unit_id, ways)
    stand_in_merged(file, row)
    return row
