"""A report as one piece: loaded under its lock, changed in memory, saved with its entries and access rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, String, cast, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import Uuid

from domain.actors import Actor
from domain.mandates import MANDATES
from domain.refusals import NotFound
from domain.stages import StageCode
from domain.workflow import Machine, Subject
from services import access
from services.database import working_on
from services.deadlines import RunningClocks
from services.records.cases import ApprovalRow
from services.records.reports import ObjectionRow, ReportRow
from services.sealed_values import Content, KeyRing, NewValue
from services.timeline import Note, append

ARTICLES: Final = MANDATES[StageCode.REPORT].articles
UNDECIDED: Final = ("received", "screening")
_FILE: Final = "homeward.file"
_OTHER_FILE: Final = "homeward.other_file"


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
    approvers: list[UUID] = field(default_factory=list)  # units asked to approve that it is unfounded
    deciders: list[UUID] = field(default_factory=list)  # units with an open objection to decide
    _units_before: set[UUID] = field(default_factory=set)

    @property
    def id(self) -> UUID:
        return self.report.id

    def note(self, note: Note) -> None:
        self.notes.append(note)

    def units_at_work(self) -> set[UUID]:
        """Every unit with work on this report now: the right to read it begins and ends with that work."""
        report = self.report
        units = {report.unit_id, report.offered_unit_id, report.above_unit_id, *self.deciders}
        if report.state in UNDECIDED:
            units |= {report.second_unit_id, *self.approvers}
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
    """A report on which the actor's unit works; NotFound else."""
    visible = access.visible_to(actor, ReportRow.id)
    return _load(session, actor, (ReportRow.id == report_id) & visible, _FILE if lock else None)


def open_report_beside(session: Session, actor: Actor, report_id: UUID) -> ReportFile:
    """A second report in a transaction that changes another one; NotFound where it is not visible to the actor."""
    visible = access.visible_to(actor, ReportRow.id)
    return _load(session, actor, (ReportRow.id == report_id) & visible, _OTHER_FILE)


def open_report_behind(session: Session, actor: Actor | None, report_id: UUID) -> ReportFile:
    """A report behind the case that this transaction changes; access to the case was decided."""
    working_on(session, report_id, other=True)
    return _load(session, actor, ReportRow.id == report_id, _OTHER_FILE)


def open_report_admitted(
    session: Session, actor: Actor | None, report_id: UUID, admitted: ColumnElement[bool]
) -> ReportFile:
    """A report for somebody whose way in is not their unit's work: a receipt, or a place above the duty unit.

    The condition decides in the same statement that reads; NotFound, and nothing read, where it does not hold.
    """
    working_on(session, report_id)
    return _load(session, actor, (ReportRow.id == report_id) & admitted, _FILE)


def open_report_by_rule(session: Session, report_id: UUID) -> ReportFile:
    """The report for a rule that acts by itself, in the worker: nobody's access is asked, nobody is the actor."""
    return _load(session, None, ReportRow.id == report_id, _FILE)


def _load(
    session: Session, actor: Actor | None, which: ColumnElement[bool], setting: str | None
) -> ReportFile:
    query = select(
        ReportRow,
        func.clock_timestamp(),
        func.set_config(setting, cast(ReportRow.id, String), True) if setting else literal(""),
        _units(ApprovalRow.approver_unit_id, (ApprovalRow.file_id == ReportRow.id) & (ApprovalRow.state == "asked")),
        _units(ObjectionRow.unit_id, (ObjectionRow.report_id == ReportRow.id) & ObjectionRow.closed_at.is_(None)),
    ).where(which)  # fmt: skip
    if setting:
        query = query.with_for_update(of=ReportRow).execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    report, at, _, approvers, deciders = found
    file = ReportFile(session, actor, report, at, KeyRing(session, report.id))
    file.approvers, file.deciders = list(approvers or ()), list(deciders or ())
    file.sections = {value.section: value.content for value in file.keys.read([report.id])}
    file.remember_access()
    return file


def _units(
    unit_id: InstrumentedAttribute[UUID], which: ColumnElement[bool]
) -> ScalarSelect[list[UUID] | None]:
    found = select(func.array_agg(unit_id, type_=ARRAY(Uuid()))).where(which)
    return found.correlate(ReportRow).scalar_subquery()


def list_reports(
    session: Session, actor: Actor, state: str | None, *, after: UUID | None, limit: int
) -> list[ReportRow]:
    """Reports with which the actor's unit has something to do, newest first; what they say is not in the list."""
    ours = or_(
        *(column == actor.unit_id for column in _UNITS_OF_A_REPORT),
        exists(ObjectionRow.id).where(
            ObjectionRow.report_id == ReportRow.id,
            ObjectionRow.unit_id == actor.unit_id,
            ObjectionRow.closed_at.is_(None),
        ),
    )
    query = (
        select(ReportRow)
        .where(access.visible_to(actor, ReportRow.id), ours)
        .order_by(ReportRow.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(ReportRow.id < after)
    if state is not None:
        query = query.where(ReportRow.state == state)
    return list(session.execute(query).scalars())


_UNITS_OF_A_REPORT: Final = (
    ReportRow.unit_id,
    ReportRow.second_unit_id,
    ReportRow.above_unit_id,
    ReportRow.offered_unit_id,
)


def subject_of_report(file: ReportFile) -> Subject:
    report = file.report
    return Subject(
        Machine.REPORT,
        report.state,
        responsible=report.unit_id,
        above=report.above_unit_id,
        offered=report.offered_unit_id,
    )


def seal_sections(file: ReportFile, sections: Mapping[str, Content]) -> dict[str, str]:
    """Seal what is given; what is sealed anew stays behind its next revision, which the count of moves makes unique.

    Returns the commitments for the entry.
    """
    report_id = file.report.id
    kept = {name: content for name, content in sections.items() if content}
    file.keys.write(
        [
            NewValue(report_id, name, report_id, c, file.report.version + 1 if name in file.sections else 1)
            for name, c in kept.items()
        ],
        file.at,
    )
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
