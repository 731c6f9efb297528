"""The reports behind a case: locked before the case, as everybody does who works on both, and changed with it."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from domain.actors import CASE_ROLES, Actor
from domain.conflicts import PROSECUTOR
from domain.mandates import EMERGENCY_DUTY
from domain.refusals import NotFound
from domain.stages import StageCode
from domain.workflow import decide_by_rule
from services import access
from services.case_files import CaseFile
from services.case_loading import open_case, open_case_by_rule, require_not_erased
from services.database import working_on, working_on_another
from services.moving_up import RULE, of_unit, settle_alarms, void_approvals
from services.records.cases import CaseRow
from services.records.conflicts import ExclusionRow
from services.records.reports import ObjectionRow, ReportRow
from services.report_files import ReportFile, note_of, open_report_behind, subject_of_report
from services.routing import serving
from services.ways_up import WaysUp

_SECOND: Final = EMERGENCY_DUTY[1]


def lock_reports_behind(session: Session, actor: Actor | None, case_id: UUID) -> list[ReportFile]:
    """The reports behind a case, locked in order; NotFound when the case is not the actor's to see. Nobody as the actor:
    the caller has decided that it may."""
    if actor is not None:
        seen = select(CaseRow.id).where(CaseRow.id == case_id, access.visible_to(actor, CaseRow.id))
        if session.execute(seen).scalar_one_or_none() is None:
            raise NotFound
    working_on(session, case_id)
    behind = select(ReportRow.id).where(ReportRow.case_id == case_id).order_by(ReportRow.id)
    return [open_report_behind(session, actor, one) for one in session.execute(behind).scalars().all()]


def open_doubted(session: Session, actor: Actor, case_id: UUID) -> tuple[list[ReportFile], CaseFile]:
    """A case in which somebody is to be put in question, locked, and the reports behind it: for any unit in the case, and for
    the procuratorate that serves its place, which need not have work in it. NotFound for everybody else."""
    if not _prosecutes_there(session, actor, case_id):
        return lock_reports_behind(session, actor, case_id), open_case(session, actor, case_id, lock=True)
    reports, file = lock_reports_behind(session, None, case_id), open_case_by_rule(session, case_id)
    require_not_erased(file.case)
    if actor.unit_id in file.units_in_conflict():
        raise NotFound
    file.actor = actor
    for report in reports:
        report.actor = actor
    return reports, file


def _prosecutes_there(session: Session, actor: Actor, case_id: UUID) -> bool:
    if actor.agency is not PROSECUTOR or actor.role not in CASE_ROLES:
        return False
    with working_on_another(session, case_id):
        seen = select(CaseRow.place_id).where(CaseRow.id == case_id, access.not_excluded(actor, CaseRow.id))
        place_id = session.execute(seen).scalar_one_or_none()
    if place_id is None:
        return False
    return actor.unit_id in serving(session, place_id, (PROSECUTOR,)).upward.get(PROSECUTOR, ())


def take_report_from(file: ReportFile, unit_id: UUID, ways: WaysUp) -> None:
    """A report that lies with the unit goes up; whatever else the unit had in it ends. Saves it where anything changed."""
    working_on(file.session, file.id, other=True)
    report, before = file.report, file.units_at_work()
    if report.unit_id == unit_id:
        decide_by_rule(subject_of_report(file), "escalate")
        report.unit_id = ways.lead(StageCode.REPORT).unit_id
        file.note(replace(note_of(file, "escalate", report.state), rule=RULE, unit_id=report.unit_id))
    if report.second_unit_id == unit_id:
        report.second_unit_id = next(iter(ways.upward.get(_SECOND, ())), None)
    if report.offered_unit_id == unit_id:
        report.offered_unit_id = None
    _take_objections(file, unit_id, ways.same_agency or ways.prosecutor or report.unit_id)
    if report.above_unit_id in (unit_id, report.unit_id):
        report.above_unit_id = None
    void_approvals(file, of_unit(unit_id))
    file.approvers = [one for one in file.approvers if one != unit_id]
    settle_alarms(file, unit_id)
    if file.notes or unit_id in before:
        file.save()


def _take_objections(file: ReportFile, unit_id: UUID, heir: UUID) -> None:
    if unit_id not in file.deciders:
        return
    file.deciders = [heir if one == unit_id else one for one in file.deciders]
    file.session.execute(
        update(ObjectionRow)
        .where(
            ObjectionRow.report_id == file.id,
            ObjectionRow.unit_id == unit_id,
            ObjectionRow.closed_at.is_(None),
        )
        .values(unit_id=heir, version=ObjectionRow.version + 1)
        .execution_options(synchronize_session=False)
    )


def shut_out_of_report(file: ReportFile, account_id: UUID, conflict_id: UUID) -> None:
    """The officer reads nothing of it from now on."""
    working_on(file.session, file.id, other=True)
    shut_out(file.session, file.id, account_id, conflict_id)


def let_in_to_report(file: ReportFile, conflict_id: UUID) -> None:
    """The conflict was cleared."""
    working_on(file.session, file.id, other=True)
    let_in(file.session, file.id, conflict_id)


def shut_out(session: Session, file_id: UUID, account_id: UUID, conflict_id: UUID) -> None:
    """One officer off one file, at both layers of access."""
    session.execute(
        insert(ExclusionRow).values(file_id=file_id, account_id=account_id, conflict_id=conflict_id)
    )


def let_in(session: Session, file_id: UUID, conflict_id: UUID) -> None:
    """The officer may read again what their unit works on."""
    session.execute(
        delete(ExclusionRow).where(ExclusionRow.file_id == file_id, ExclusionRow.conflict_id == conflict_id)
    )
