"""The clocks of a report: its answer, its transfer to another office, what its reporter is told back, its erasure."""

from datetime import datetime
from typing import Final

from domain.clocks import report_reply_clock
from services.deadlines import Subject, amounts_in
from services.duty_units import division_of
from services.report_files import ReportFile

REPLY: Final = ("report_reply_urgent", "report_reply")
TRANSFER: Final = "jurisdiction_transfer"
FEEDBACK: Final = "report_feedback"
ERASURE: Final = "report_erasure"


def await_answer(file: ReportFile, since: datetime) -> None:
    """The reply runs from the earliest report about the concern, by the time that the division set for it."""
    report = file.report
    file.clocks.amounts = amounts_in(file.session, division_of(file.session, report.place_id))
    report.reply_by = start(file, report_reply_clock(urgent=bool(report.concerns)), since)


def start(file: ReportFile, clock: str, at: datetime, due: datetime | None = None) -> datetime:
    """Start a clock of this report, or start it anew; returns when it is due."""
    return file.clocks.start(Subject("report", file.id), clock, at, due)


def stop(file: ReportFile, *clocks: str, met: bool = False) -> None:
    """End these clocks of this report; the others run on."""
    for clock in clocks:
        file.clocks.stop(file.id, file.at, clock, met=met)
