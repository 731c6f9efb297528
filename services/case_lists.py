"""The list of cases that a unit works on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.disclosure import sees_whole_case
from domain.stages import ENDED_STATES, StageCode
from services import access
from services.records.access import CaseAccessRow
from services.records.cases import CaseRow, StageRow, StageUnitRow


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Filters of the list; None: not asked for. `after` is the last id of the page before."""

    state: str | None = None
    number: str | None = None
    stage: StageCode | None = None
    stage_unit_id: UUID | None = None
    due_before: datetime | None = None
    after: UUID | None = None
    limit: int = 50


def list_cases(session: Session, actor: Actor, wanted: CaseFilter) -> list[CaseRow]:
    """Cases the actor's unit works on, newest first, up to `limit`; driven from the access rows, no count, no offset."""
    query = (
        select(CaseRow)
        .join(CaseAccessRow, CaseAccessRow.file_id == CaseRow.id)
        .where(access.works_on(actor), CaseAccessRow.kind == "case")
        .where(access.visible_to(actor, CaseRow.id))
        .order_by(CaseAccessRow.file_id.desc())
        .limit(wanted.limit)
    )
    if wanted.after is not None:
        query = query.where(CaseAccessRow.file_id < wanted.after)
    if wanted.number is not None:
        query = query.where(CaseRow.number == wanted.number if sees_whole_case(actor) else false())
    if wanted.state is not None:
        query = query.where(CaseRow.state == wanted.state)
    if wanted.stage or wanted.stage_unit_id or wanted.due_before:
        query = query.where(_has_stage(actor, wanted).exists())
    return list(session.execute(query).scalars())


def _has_stage(actor: Actor, wanted: CaseFilter) -> Select[UUID]:
    stages = select(StageRow.id).where(
        StageRow.case_id == CaseRow.id, StageRow.state.not_in(list(ENDED_STATES)), _may_be_asked_for(actor)
    )
    if wanted.stage is not None:
        stages = stages.where(StageRow.code == wanted.stage)
    if wanted.stage_unit_id is not None:
        stages = stages.where(StageRow.unit_id == wanted.stage_unit_id)
    if wanted.due_before is not None:
        stages = stages.where(StageRow.due_at < wanted.due_before)
    return stages


def _may_be_asked_for(actor: Actor) -> ColumnElement[bool]:
    """A filter tells as much as an answer: who sees only their own stages asks only for those."""
    if sees_whole_case(actor):
        return true()
    beside = select(StageUnitRow.stage_id).where(
        StageUnitRow.case_id == StageRow.case_id, StageUnitRow.unit_id == actor.unit_id
    )
    return or_(
        StageRow.unit_id == actor.unit_id,
        StageRow.offered_unit_id == actor.unit_id,
        StageRow.id.in_(beside),
    )
