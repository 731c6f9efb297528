"""A report as one piece: loaded under its lock, changed in memory, saved with its entries and access rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.mandates import MANDATES
from domain.refusals import NotFound
from domain.stages import StageCode
from domain.workflow import Machine, Subject
from services import access
from services.database import working_on
from services.deadlines import RunningClocks
from services.records.reports import ReportRow
from services.sealed_values import Content, KeyRing, NewValue
from services.timeline import Note, append

ARTICLES: Final = MANDATES[StageCode.REPORT].articles


@dataclass(slots=True)
class ReportFile:
    """One report in one transaction, with what it says and the clock of its answer."""

    session: Session
    actor: Actor | None
    report: ReportRow
    at: datetime
    keys: KeyRing
    sections: dict[str, Content] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    clocks: RunningClocks = field(default_factory=RunningClocks)
    _units_before: set[UUID] = field(default_factory=set)

    @property
    def id(self) -> UUID:
        return self.report.id

    def note(self, note: Note) -> None:
        self.notes.append(note)

    def units_at_work(self) -> set[UUID]:
        report = self.report
        units = {report.unit_id, report.offered_unit_id, report.above_unit_id}
        if report.state in ("received", "screening"):
            units.add(report.second_unit_id)
        return {unit_id for unit_id in units if unit_id is not None}

    def remember_access(self) -> None:
        self._units_before = self.units_at_work()

    def save(self) -> None:
        self.report.version += 1
        append(self.session, self.report, self.actor, self.at, self.notes)
        self.notes.clear()
        self.clocks.write(self.session, "report", self.report.id)
        access.keep_access(self.session, "report", self.report.id, self._units_before, self.units_at_work())
        self.session.flush()
        self.remember_access()


def start_report(
    session: Session, actor: Actor | None, report: ReportRow, at: datetime, *, other: bool = False
) -> ReportFile:
    """A new report with a key of its own; row-level security lets this transaction write it."""
    working_on(session, report.id, other=other)
    session.add(report)
    session.flush()
    file = ReportFile(session, actor, report, at, KeyRing(session, report.id))
    file.keys.create(report.id, at)
    return file


def open_report(session: Session, actor: Actor, report_id: UUID, *, lock: bool = False) -> ReportFile:
    """A report that lies with the actor's unit (or was offered to it, or waits for its approval); NotFound else."""
    query = select(
        ReportRow,
        func.clock_timestamp(),
        func.set_config("homeward.file", cast(ReportRow.id, String), True) if lock else literal(""),
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


def open_report_by_rule(session: Session, report_id: UUID) -> ReportFile:
    """A report for a rule that acts by itself, in the worker: nobody's access is asked, nobody is the actor."""
    query = select(ReportRow, func.clock_timestamp()).where(ReportRow.id == report_id)
    locked = query.with_for_update(of=ReportRow).execution_options(populate_existing=True)
    report, at = session.execute(locked).one()
    file = ReportFile(session, None, report, at, KeyRing(session, report_id))
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
    return Subject(
        Machine.REPORT,
        report.state,
        responsible=report.unit_id,
        above=report.above_unit_id,
        offered=report.offered_unit_id,
    )


def seal_sections(file: ReportFile, sections: Mapping[str, Content], revision: int = 1) -> dict[str, str]:
    report_id = file.report.id
    kept = {name: content for name, content in sections.items() if content}
    file.keys.write([NewValue(report_id, name, report_id, c, revision) for name, c in kept.items()], file.at)
    file.sections.update(kept)
    return {
        f"{name}.{member}": digest
        for name, content in kept.items()
        for member, digest in file.keys.commit_to(report_id, content).items()
    }


def note_of(file: ReportFile, action: str, source: str | None) -> Note:
    report = file.report
    return Note(action, "report", report.id, articles=ARTICLES, source=source, target=report.state)


def with_values(note: Note, values: Mapping[str, str]) -> Note:
    return replace(note, changed=tuple(values), values=values)
