"""What happens by itself when an unfounded report has been answered for six months: its personal data is erased."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from domain.workflow import decide_by_rule
from services.legal_holds import is_held
from services.records.clocks import DeadlineRow
from services.report_clocks import ERASURE, start, stop
from services.report_files import ReportFile, note_of, open_report_by_rule, subject_of_report, with_values

RULE: Final = "six_months_after_the_answer"
LOOKED_AT_AGAIN: Final = timedelta(days=30)


def erase_when_free(file: ReportFile, deadline: DeadlineRow) -> None:
    """Erase it and every report that it continues; while one of them is objected to, or behind a case that is held, look again
    later. The caller saves."""
    continued = _continued(file)
    if any(one.deciders or is_held(one.session, one.report.case_id) for one in (file, *continued)):
        start(file, ERASURE, deadline.started_at, due=file.at + LOOKED_AT_AGAIN)
        return
    for one in (file, *continued):
        erase_report(one, RULE)
    for one in continued:
        one.save()


def _continued(file: ReportFile) -> list[ReportFile]:
    found, report_id = [], file.report.continues_id
    while report_id is not None:
        found.append(open_report_by_rule(file.session, report_id))
        report_id = found[-1].report.continues_id
    return found


def erase_report(file: ReportFile, rule: str) -> None:
    """Keys and values go; the decision, the entries and a digest of what was sealed stay; the chain holds. The caller saves."""
    decide_by_rule(subject_of_report(file), "erase")
    erase_report_now(file, rule)


def erase_report_now(file: ReportFile, rule: str) -> None:
    """The erasure itself, whatever the state; the caller has decided and saves."""
    report = file.report
    report.erased_at, report.erased_digest = file.at, file.keys.destroy_all("report", file.at)
    file.sections.clear()
    stop(file, ERASURE, met=True)
    note = replace(note_of(file, "erase", report.state), rule=rule)
    file.note(with_values(note, {"erased_digest": report.erased_digest.hex()}))
