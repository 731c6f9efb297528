"""The coordinating office's view: workload and what is late, with no way down to a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, QueryId
from api.openapi import SIGNED_IN, problems
from api.representations.coordination import LateLine, LateList, Workload, WorkloadLine
from api.strict_json import StrictRoute
from domain.actors import COORDINATING_ROLES, Actor
from domain.stages import StageCode
from services.access import record_read
from services.coordination import (
    Late,
    LateFilter,
    late_list,
    number_of,
    opened_position,
    sealed_position,
    workload,
)
from services.database import now
from services.records.clocks import WorkloadRow

router: Final = APIRouter(prefix="/coordination", tags=["Coordination"], route_class=StrictRoute)
Coordinator = Annotated[Call, Depends(Gate(COORDINATING_ROLES))]
_AnyStage = Annotated[StageCode | None, Query()]
_AnyUnit = Annotated[QueryId | None, Query()]


@dataclass(frozen=True, slots=True)
class _Asked:
    wanted: LateFilter
    mark: str | None
    limit: int

    def listing(self, name: str, actor: Actor) -> Listing:
        filters = {"stage": self.wanted.stage, "unit_id": self.wanted.unit_id}
        return Listing(f"{name} {filters} {actor.unit_id}", self.limit, filters)


@router.get(
    "/workload", response_model=Workload, operation_id="read_workload", responses=problems(*SIGNED_IN)
)
def read_workload(
    call: Coordinator,
    stage: _AnyStage = None,
    unit_id: _AnyUnit = None,
    after: Mark = None,
    limit: Limit = 50,
) -> Response:
    """Open stages by unit, stage and state, and how many are late; as last counted, in the order of the units."""
    asked = _Asked(LateFilter(stage, unit_id), after, limit)
    return call.read(lambda session, actor: _workload(call, session, actor, asked))


def _workload(call: Call, session: Session, actor: Actor, asked: _Asked) -> Answered:
    listing = asked.listing("workload", actor)
    position = position_of(call, listing.scope, asked.mark)
    after = (UUID(position[0]), position[1], position[2]) if position else None
    record_read(session, actor, subject="workload", file_id=None)
    found = workload(session, actor, asked.wanted, after=after, limit=asked.limit + 1)
    rows, links, headers = paged(call, listing, found, _key)
    items = [
        WorkloadLine(unit_id=row.unit_id, stage=row.stage, state=row.state, stages=row.stages, late=row.late)
        for row in rows
    ]
    counted_at = rows[0].counted_at if rows else None
    return Answered(Workload(counted_at=counted_at, items=items, links=links), headers=headers)


def _key(row: WorkloadRow) -> list[str]:
    return [str(row.unit_id), row.stage, row.state]


@router.get("/late", response_model=LateList, operation_id="read_late_list", responses=problems(*SIGNED_IN))
def read_late(
    call: Coordinator,
    stage: _AnyStage = None,
    unit_id: _AnyUnit = None,
    after: Mark = None,
    limit: Limit = 50,
) -> Response:
    """What is late, the longest first: which stage, which unit, since when, under a number of its own."""
    asked = _Asked(LateFilter(stage, unit_id), after, limit)
    return call.read(lambda session, actor: _late(call, session, actor, asked))


def _late(call: Call, session: Session, actor: Actor, asked: _Asked) -> Answered:
    keys, at = call.house.master_keys, now(session)
    listing = asked.listing("late", actor)
    position = position_of(call, listing.scope, asked.mark)
    after = opened_position(keys, position) if position else None
    record_read(session, actor, subject="late_list", file_id=None)
    found = late_list(session, actor, asked.wanted, after=after, limit=asked.limit + 1)
    rows, links, headers = paged(call, listing, found, lambda late: sealed_position(keys, late))
    items = [_line(late, number_of(keys, late), at) for late in rows]
    return Answered(LateList(at=at, items=items, links=links), headers=headers)


def _line(late: Late, number: str, at: datetime) -> LateLine:
    hours = int((at - late.due_at).total_seconds() // 3600)
    return LateLine(
        number=number, stage=late.stage, unit_id=late.unit_id, due_at=late.due_at, hours_late=hours
    )
