"""Several reports about one concern: the earliest governs them all; who sent each stays with the unit that answers it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from domain.actors import Actor
from domain.refusals import FieldRefused, NotFound
from services import access
from services.records.reports import ReportRow
from services.report_clocks import await_answer
from services.report_files import ARTICLES, ReportFile, open_report_beside
from services.timeline import Note


def link_duplicate(file: ReportFile, actor: Actor, other_id: UUID) -> None:
    """This report says what another one said already. Each keeps its receipt, its reporter and its answer."""
    try:
        other = None if other_id == file.id else open_report_beside(file.session, actor, other_id)
    except NotFound:
        other = None
    if other is None:
        raise FieldRefused(("duplicate_of", "unknown_report"))
    if other.report.state == "duplicate" or other.report.erased_at is not None:
        raise FieldRefused(("duplicate_of", "leads_nowhere"))
    file.report.duplicate_of = other_id
    earliest = min(file.report.earliest_at, other.report.earliest_at)
    govern_by(file, earliest)
    govern_by(other, earliest)
    _enter(other, "gain_duplicate", file.id)


def unlink_duplicate(file: ReportFile, actor: Actor) -> None:
    """Taken apart again: each is governed by its own time and by what is still linked to it."""
    other_id, file.report.duplicate_of = file.report.duplicate_of, None
    if other_id is None:
        return
    govern_by(file, _earliest_of(file, without=file.id))
    try:
        other = open_report_beside(file.session, actor, other_id)
    except NotFound:
        return  # it lies with another office meanwhile
    govern_by(other, _earliest_of(other, without=file.id))
    _enter(other, "lose_duplicate", file.id)


def join_reports(file: ReportFile, actor: Actor, case_id: UUID) -> None:
    """This report joined the case of others: whoever is still owed an answer is owed it since the earliest of them."""
    others = file.session.execute(
        select(ReportRow.id, ReportRow.earliest_at)
        .where(ReportRow.case_id == case_id, ReportRow.id != file.id, access.visible_to(actor, ReportRow.id))
        .order_by(ReportRow.id)
    ).all()
    earliest = min([file.report.earliest_at, *(row.earliest_at for row in others)])
    govern_by(file, earliest)
    for row in others:
        if row.earliest_at > earliest:
            other = open_report_beside(file.session, actor, row.id)
            govern_by(other, earliest)
            _enter(other, "gain_report", file.id)


def govern_by(file: ReportFile, earliest: datetime) -> None:
    """The answer is owed since then, unless it has been given."""
    if file.report.earliest_at == earliest:
        return
    file.report.earliest_at = earliest
    if file.report.answered_at is None:
        await_answer(file, earliest)


def _earliest_of(file: ReportFile, *, without: UUID) -> datetime:
    report = file.report
    beside = ReportRow.duplicate_of == report.id
    if report.case_id is not None:
        beside |= ReportRow.case_id == report.case_id
    earliest: datetime | None = file.session.execute(
        select(func.min(ReportRow.received_at)).where(beside, ReportRow.id != without)
    ).scalar_one()
    return report.received_at if earliest is None else min(report.received_at, earliest)


def _enter(other: ReportFile, action: str, report_id: UUID) -> None:
    other.note(Note(action, "report", other.id, articles=ARTICLES, reason=str(report_id)))
    other.save()
