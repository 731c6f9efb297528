"""What happens by itself at the end of a closed case's term: everything personal in it is erased (C-56; PIPL 19, 47)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from domain.clocks import CASE_FILE_TERM, CHILD_KEPT_UNTIL, birthday, end_of, months_after
from domain.own_door import Voice
from domain.people import Person
from domain.workflow import ENDED, Machine, decide_by_rule
from services.case_facts import person_of, subject_of_case
from services.case_files import CaseFile
from services.deadlines import Subject
from services.door_endings import end_doors
from services.legal_holds import is_held
from services.records.clocks import DeadlineRow
from services.records.reports import ObjectionRow, ReportRow
from services.report_erasure import erase_report
from services.reports_behind import lock_reports_behind
from services.timeline import Note

RULE: Final = "end_of_the_term_of_the_file"
LOOKED_AT_AGAIN: Final = timedelta(days=30)


def begin_term(file: CaseFile) -> None:
    """The case is closed: its term runs, and not before its youngest person is 28. The caller saves."""
    due = file.clocks.start(_subject(file), CASE_FILE_TERM, file.at)
    youngest = max(grown_up(file), default=due)
    if youngest > due:
        file.clocks.start(_subject(file), CASE_FILE_TERM, file.at, youngest)


def erase_case(file: CaseFile, deadline: DeadlineRow) -> None:
    """Erase the case and the reports behind it; while one of them is objected to, or the case is held, look again later. The
    caller saves."""
    if is_objected_to(file) or is_held(file.session, file.id):
        file.clocks.start(_subject(file), CASE_FILE_TERM, deadline.started_at, file.at + LOOKED_AT_AGAIN)
        return
    decide_by_rule(subject_of_case(file), "erase")
    erase_now(file, RULE)


def erase_now(file: CaseFile, rule: str) -> None:
    """The erasure itself, whatever the state; the caller has decided and saves."""
    case = file.case
    case.erased_at, case.erased_digest = file.at, file.keys.destroy_all("case", file.at)
    for victim in file.victims.values():
        victim.row.erased_at = victim.row.erased_at or file.at
        victim.sections.clear()
    file.records.clear()
    end_doors(file, None, tuple(Voice), RULE)
    file.clocks.stop(file.id, file.at, CASE_FILE_TERM, met=True)
    note = Note("erase", "case", file.id, articles=(39,), source=case.state, target=case.state, rule=rule)
    digest = {"erased_digest": case.erased_digest.hex()}
    file.note(replace(note, changed=tuple(digest), values=digest))
    for report in lock_reports_behind(file.session, None, file.id):
        if report.report.state in ENDED[Machine.REPORT] and report.report.erased_at is None:
            erase_report(report, rule)
            report.save()


def _subject(file: CaseFile) -> Subject:
    return Subject("case", file.id)


def grown_up(file: CaseFile) -> list[datetime]:
    """When each who is a child today, or may be one, is old enough; without a birth date, counted from the lowest age."""
    people = [person_of(file, victim_id) for victim_id in file.victims]
    return [
        end_of(birthday(_born(person), CHILD_KEPT_UNTIL))
        for person in people
        if person is not None and person.minor
    ]


def _born(person: Person) -> date:
    return person.age.birth_date or months_after(person.today, -12 * (person.age.lowest or 0))


def is_objected_to(file: CaseFile) -> bool:
    """Whether a complaint, review or demand about a report behind the case is open."""
    objected = (
        select(ObjectionRow.id)
        .join(ReportRow, ReportRow.id == ObjectionRow.report_id)
        .where(ReportRow.case_id == file.id, ObjectionRow.closed_at.is_(None))
    )
    return file.session.execute(objected.limit(1)).first() is not None
