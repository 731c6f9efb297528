"""Objections to what became of a report: the reporter's complaint, the level above's review, the prosecutor's demand."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.identifiers import new_id
from domain.refusals import NotFound, Possible, StageNotYours
from domain.reports import COMPLAINTS_GO_TO, OBJECTORS, Objection, objections_open_to
from services import access
from services.deadlines import Subject
from services.duty_units import levels_above, place_of, unit_above
from services.receipts import read_receipt
from services.records.reports import ObjectionRow, ReportRow
from services.report_clocks import ERASURE, start
from services.report_files import ARTICLES, ReportFile, open_report, open_report_admitted
from services.sealed_values import Content, NewValue
from services.timeline import Note
from services.versions import require_version

DECISION: Final = "complaint"


@dataclass(frozen=True, slots=True)
class OpenObjection:
    """An objection with its words, and the units that answer the report."""

    row: ObjectionRow
    said: Content | None
    decided: Content | None
    answered_by: frozenset[UUID | None]


def complain(session: Session, number: str, secret: str, narrative: str) -> None:
    """A reporter's complaint, with the receipt alone. NotFound unless number and secret fit. It is heard above the duty unit,
    and whatever became of the report: also when it is erased."""
    report_id = read_receipt(session, number, secret).file_id
    file = open_report_admitted(session, None, report_id, ReportRow.id == report_id)
    _open(file, Objection.COMPLAINT, _who_hears(file), narrative)


def _who_hears(file: ReportFile) -> UUID:
    place_id = place_of(file.session, file.report.unit_id)
    for heard_by in COMPLAINTS_GO_TO:
        unit_id = unit_above(file.session, place_id, heard_by.agency, same_level=heard_by.same_level)
        if unit_id is not None:
            return unit_id
    return file.report.unit_id


def object_to(
    session: Session, actor: Actor, report_id: UUID, kind: Objection, narrative: str
) -> OpenObjection:
    """The level above asks for a review, or the procuratorate demands reasons (C-7): by its place, not by work in the report.

    NotFound for everybody who neither works on it nor stands above it; StageNotYours for an objection of another's.
    """
    file = open_report_admitted(session, actor, report_id, _not_excluded(actor))
    levels = levels_above(session, file.report.unit_id, actor.place_id)
    theirs = objections_open_to(actor.agency, levels) if actor.institution is None else frozenset()
    if not theirs and actor.unit_id not in file.units_at_work():
        raise NotFound
    if kind not in theirs:
        agency = OBJECTORS[kind].agency
        raise StageNotYours("object", Possible("object", (str(kind),), (agency,), ARTICLES), agency)
    row = _open(file, kind, actor.unit_id, narrative)
    return OpenObjection(row, {"narrative": narrative}, None, _answered_by(file))


def _not_excluded(actor: Actor) -> ColumnElement[bool]:
    return access.not_excluded(actor, ReportRow.id)


def _open(file: ReportFile, kind: Objection, unit_id: UUID, narrative: str) -> ObjectionRow:
    row = ObjectionRow(
        id=new_id(),
        report_id=file.id,
        kind=kind,
        opened_at=file.at,
        opened_by_unit_id=file.actor.unit_id if file.actor else None,
        unit_id=unit_id,
        version=1,
    )
    file.session.add(row)
    file.keys.create(row.id, file.at)
    file.deciders.append(unit_id)
    file.clocks.start(Subject("report", row.id), DECISION, file.at)
    file.note(_entered(file, row, "object", {"said": {"narrative": narrative}}))
    file.save()
    return row


def close_objection(
    session: Session, actor: Actor, where: tuple[UUID, UUID], reason: str, version: int | None
) -> OpenObjection:
    """The unit that decides it says how; its right to read the report ends. NotFound, StageNotYours, then the version."""
    report_id, objection_id = where
    file = open_report(session, actor, report_id, lock=True)
    row = _of(file, objection_id)
    if row.unit_id != actor.unit_id or row.closed_at is not None:
        possible = Possible("close_objection", ("unit_that_decides",), (), ARTICLES)
        raise StageNotYours("close_objection", possible, OBJECTORS[Objection.REVIEW].agency)
    require_version(version, row.version)
    row.closed_at, row.version = file.at, row.version + 1
    file.deciders.remove(actor.unit_id)
    file.clocks.stop(row.id, file.at, DECISION, met=True)
    said = file.keys.read([row.id])[0].content
    file.note(_entered(file, row, "close_objection", {"decided": {"reason": reason}}))
    _let_it_be_erased(file)
    file.save()
    return OpenObjection(row, said, {"reason": reason}, _answered_by(file))


def _let_it_be_erased(file: ReportFile) -> None:
    """The six months ran on meanwhile: what is over already is erased with the worker's next round."""
    report = file.report
    if report.state == "unfounded" and report.answered_at is not None and not file.deciders:
        start(file, ERASURE, report.answered_at)


def _of(file: ReportFile, objection_id: UUID) -> ObjectionRow:
    row = file.session.execute(
        select(ObjectionRow).where(ObjectionRow.id == objection_id, ObjectionRow.report_id == file.id)
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def list_objections(session: Session, actor: Actor, report_id: UUID) -> list[OpenObjection]:
    """Every objection to a report that the actor reads, oldest first, at most 100."""
    file = open_report(session, actor, report_id)
    rows = list(
        session.execute(
            select(ObjectionRow)
            .where(ObjectionRow.report_id == report_id)
            .order_by(ObjectionRow.id)
            .limit(100)
        ).scalars()
    )
    values = file.keys.read([row.id for row in rows])
    words = {(value.row_id, value.section): value.content for value in values}
    answered_by = _answered_by(file)
    return [
        OpenObjection(row, words.get((row.id, "said")), words.get((row.id, "decided")), answered_by)
        for row in rows
    ]


def _answered_by(file: ReportFile) -> frozenset[UUID | None]:
    return frozenset({file.report.unit_id, file.report.above_unit_id})


def _entered(file: ReportFile, row: ObjectionRow, action: str, words: dict[str, Content]) -> Note:
    """What was said is sealed under the objection's own key; the entry keeps its kind and commitments."""
    file.keys.write([NewValue(row.id, name, row.id, content) for name, content in words.items()], file.at)
    values = {
        f"{name}.{member}": digest
        for name, content in words.items()
        for member, digest in file.keys.commit_to(row.id, content).items()
    }
    return Note(
        action,
        "objection",
        row.id,
        articles=ARTICLES,
        reason=row.kind,
        unit_id=row.unit_id,
        changed=tuple(values),
        values=values,
    )
