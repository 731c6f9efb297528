"""What a unit in question loses in a case at once, and how its work goes up: stages, ownership, what was asked of it."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update

from domain.conflicts import TERMS, ConflictKind
from domain.mandates import MANDATES
from domain.stages import StageCode
from domain.workflow import decide_by_rule
from services.approvals import File
from services.case_facts import subject_of_case
from services.case_files import CaseFile
from services.case_ownership import end_offer
from services.conflicts import keep_in_force
from services.openings import add_units
from services.records.cases import ApprovalRow, ConsentRow, StageRow, StageUnitRow
from services.records.clocks import AlarmRow
from services.records.conflicts import ConflictRow
from services.records.requests import RequestRow
from services.stages import move_by_rule
from services.timeline import Note
from services.ways_up import WaysUp

RULE: Final = "unit_conflict"
_ARTICLES: Final = TERMS[ConflictKind.UNIT].articles


def take_everything_from(file: CaseFile, unit_id: UUID, ways: WaysUp) -> None:
    """The unit has nothing left in the case. FieldRefused (`no_unit_above`) when somebody's work would lie with nobody.

    The caller put the unit in question before, and saves.
    """
    for stage in file.open_stages():
        _take_stage(file, stage, unit_id, ways)
    _take_ownership(file, unit_id, ways)
    void = void_approvals(file, of_unit(unit_id))
    file.agreements = [agreement for agreement in file.agreements if agreement.id not in void]
    _hand_on_what_was_asked(file, unit_id, ways)
    _leave_other_conflicts(file, unit_id, ways)
    settle_alarms(file, unit_id)


def _take_stage(file: CaseFile, stage: StageRow, unit_id: UUID, ways: WaysUp) -> None:
    if stage.offered_unit_id == unit_id:
        move_by_rule(file, stage, "withdraw_hand_over", RULE)
    if stage.unit_id == unit_id:
        holder = ways.lead(StageCode(stage.code))
        if stage.offered_unit_id == holder.unit_id:
            move_by_rule(file, stage, "withdraw_hand_over", RULE)
        _leave(file, stage, holder.unit_id)
        move_by_rule(file, stage, "move_up", RULE, {"unit_id": holder.unit_id, "agency": holder.agency})
        _bring_in(file, stage, "invited", ways.prosecutor)
    for relation in ("attached", "invited"):
        if unit_id in file.related(stage.id, relation):
            _leave(file, stage, unit_id)
            _bring_in(file, stage, relation, ways.same_agency)
            file.note(_beside(stage, unit_id))


def _leave(file: CaseFile, stage: StageRow, unit_id: UUID) -> None:
    """No longer beside the responsible unit."""
    file.session.flush()
    file.session.execute(
        delete(StageUnitRow)
        .where(
            StageUnitRow.case_id == file.id,
            StageUnitRow.stage_id == stage.id,
            StageUnitRow.unit_id == unit_id,
        )
        .execution_options(synchronize_session="fetch")
    )
    for related in file.units[stage.id].values():
        related.discard(unit_id)


def _bring_in(file: CaseFile, stage: StageRow, relation: str, unit_id: UUID | None) -> None:
    there = {stage.unit_id} | file.related(stage.id, "attached") | file.related(stage.id, "invited")
    if unit_id not in there:
        add_units(file, stage, relation, [unit_id])


def _beside(stage: StageRow, unit_id: UUID) -> Note:
    stage.version += 1
    return Note(
        "end_invitation",
        "stage",
        stage.id,
        articles=MANDATES[StageCode(stage.code)].articles,
        stage=stage.code,
        stage_id=stage.id,
        victim_id=stage.victim_id,
        source=stage.state,
        target=stage.state,
        rule=RULE,
        unit_id=unit_id,
    )


def _take_ownership(file: CaseFile, unit_id: UUID, ways: WaysUp) -> None:
    case = file.case
    if case.offered_unit_id == unit_id:
        end_offer(file)
        file.note(_of_case(file, "withdraw_hand_over", unit_id))
    if case.owner_unit_id != unit_id:
        return
    decide_by_rule(subject_of_case(file), "move_up")
    holder = ways.owner()
    case.owner_unit_id, case.owner_agency = holder.unit_id, holder.agency
    if case.offered_unit_id == holder.unit_id:
        end_offer(file)
    file.note(_of_case(file, "move_up", holder.unit_id))


def _of_case(file: CaseFile, action: str, unit_id: UUID) -> Note:
    state = file.case.state
    return Note(
        action, "case", file.id, articles=_ARTICLES, source=state, target=state, rule=RULE, unit_id=unit_id
    )


def void_approvals(file: File, whose: ColumnElement[bool], rule: str = RULE) -> set[UUID]:
    """What somebody in question was asked, answered or asked for and nobody used yet counts for nothing; returns which."""
    standing = select(ApprovalRow).where(
        ApprovalRow.file_id == file.id, ApprovalRow.state.in_(("asked", "approved")), whose
    )
    void = set()
    for row in file.session.execute(standing.execution_options(populate_existing=True)).scalars():
        file.note(
            Note(
                "refuse_approval", row.machine, row.subject_id, articles=_ARTICLES, source=row.state,
                target="refused", rule=rule, reason=row.action, unit_id=row.approver_unit_id,
            )
        )  # fmt: skip
        row.state, row.decided_at, row.version = "refused", file.at, row.version + 1
        void.add(row.id)
    return void


def of_unit(unit_id: UUID) -> ColumnElement[bool]:
    """Approvals that a unit was asked for or asked for."""
    return (ApprovalRow.approver_unit_id == unit_id) | (ApprovalRow.asked_by_unit_id == unit_id)


def _hand_on_what_was_asked(file: CaseFile, unit_id: UUID, ways: WaysUp) -> None:
    """The person gives or withdraws a consent where it was asked: that must be a unit that still reads the case."""
    heir = ways.same_agency or file.case.owner_unit_id
    for statement in (
        update(ConsentRow)
        .where(ConsentRow.case_id == file.id, ConsentRow.unit_id == unit_id)
        .values(unit_id=heir, version=ConsentRow.version + 1),
        update(RequestRow)
        .where(RequestRow.case_id == file.id, RequestRow.asked_by_unit_id == unit_id)
        .values(asked_by_unit_id=heir, version=RequestRow.version + 1),
    ):
        file.session.execute(statement.execution_options(synchronize_session=False))


def _leave_other_conflicts(file: CaseFile, unit_id: UUID, ways: WaysUp) -> None:
    """Who was to judge another's conflict and is in question as well: the next one judges."""
    rows = file.session.execute(
        select(ConflictRow).where(
            ConflictRow.case_id == file.id,
            ConflictRow.state != "cleared",
            (ConflictRow.above_unit_id == unit_id) | (ConflictRow.prosecutor_unit_id == unit_id),
        )
    ).scalars()
    for row in rows:
        if row.above_unit_id == unit_id:
            row.above_unit_id, row.cleared_by_above_at = ways.above, None
        if row.prosecutor_unit_id == unit_id:
            row.prosecutor_unit_id, row.cleared_by_prosecutor_at = ways.prosecutor, None
        row.version += 1
        keep_in_force(file, row)


def settle_alarms(file: File, unit_id: UUID) -> None:
    """It is told nothing more of this file."""
    file.session.execute(
        update(AlarmRow)
        .where(AlarmRow.file_id == file.id, AlarmRow.unit_id == unit_id, AlarmRow.settled_at.is_(None))
        .values(settled_at=file.at)
        .execution_options(synchronize_session=False)
    )
