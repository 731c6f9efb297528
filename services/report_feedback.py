"""Whoever reported is told back: within three days of acceptance, and again within three days of filing (C-8)."""

from sqlalchemy import select

from services.case_files import CaseFile, OpenRecord
from services.database import working_on
from services.deadlines import RunningClocks, Subject
from services.records.cases import StageRow
from services.records.reports import ReportRow
from services.report_clocks import FEEDBACK


def feedback_after_filing(file: CaseFile, _stage: StageRow, _record: OpenRecord) -> None:
    """Filed or not, every reporter of the case hears of it, from the unit that answers each of them."""
    accepted = (ReportRow.case_id == file.id) & (ReportRow.state == "accepted")
    for report_id in file.session.execute(select(ReportRow.id).where(accepted)).scalars().all():
        working_on(file.session, report_id, other=True)
        clocks = RunningClocks(file.clocks.amounts)
        clocks.start(Subject("report", report_id), FEEDBACK, file.at)
        clocks.write(file.session, "report", report_id)
