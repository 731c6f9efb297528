"""Clocks: what is due in a case, what was not done in time, the table behind it, and what a division sets otherwise."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from api.access import Anyone, Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId, QueryId
from api.openapi import ALWAYS, ONE, SIGNED_IN, problems
from api.representations.clocks import (
    AlarmList,
    ClockTable,
    DeadlineList,
    OverrideAnswer,
    OverrideBody,
    OverrideList,
    alarm_answer,
    deadline_answer,
    override_answer,
    seen_deadlines,
)
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, Actor, Role
from domain.articles import EDITION
from domain.policy import clock_table
from services.access import record_read
from services.alarm_lists import unsettled_alarms
from services.case_loading import open_case
from services.clock_overrides import NewOverride, overrides_of, set_override
from services.deadlines import running_in

router: Final = APIRouter(tags=["Clocks and alarms"], route_class=StrictRoute)
Reader = Annotated[Call, Depends(Gate(CASE_ROLES))]
Administrator = Annotated[Call, Depends(Gate({Role.ADMINISTRATOR}))]
_SET: Final = (*SIGNED_IN, "key_in_flight", "key_reused", "media_type")


@router.get(
    "/policy/clocks", response_model=ClockTable, operation_id="read_clocks", responses=problems(*ALWAYS)
)
async def read_clocks(call: Annotated[Call, Depends(Anyone())]) -> Response:
    """Every clock: what starts it, its length, whether the source was read, and who is told while it is not met."""
    headers = {"Content-Language": call.language, "ETag": f'"{EDITION}"'}
    return JSONResponse({"edition": EDITION, "clocks": clock_table(call.language)}, headers=headers)


@router.get(
    "/cases/{case_id}/deadlines",
    response_model=DeadlineList,
    operation_id="list_deadlines",
    responses=problems(*ONE),
)
def read_deadlines(call: Reader, case_id: PathId) -> Response:
    """What is due in the case, the most urgent first: for its owner all of it, for others what their stages wait for."""
    return call.read(lambda session, actor: _deadlines(call, session, actor, case_id))


def _deadlines(call: Call, session: Session, actor: Actor, case_id: UUID) -> Answered:
    file = open_case(session, actor, case_id)
    record_read(session, actor, subject="deadlines", file_id=case_id)
    rows = seen_deadlines(file, actor, running_in(session, case_id))
    items = [deadline_answer(row, call.language) for row in rows]
    base = f"/cases/{case_id}"
    return Answered(
        DeadlineList(items=items, links={"self": f"{base}/deadlines", "case": base}), file.case.version
    )


@router.get("/alarms", response_model=AlarmList, operation_id="list_alarms", responses=problems(*SIGNED_IN))
def read_alarms(call: Reader, after: Mark = None, limit: Limit = 50) -> Response:
    """What the caller's unit was told and is not settled, newest first: due, overdue, or left undone by a unit below."""
    return call.read(lambda session, actor: _alarms(call, session, actor, (after, limit)))


def _alarms(call: Call, session: Session, actor: Actor, asked: tuple[str | None, int]) -> Answered:
    mark, limit = asked
    listing = Listing(f"alarms {actor.unit_id}", limit, {})
    position = position_of(call, listing.scope, mark)
    found = unsettled_alarms(session, actor, after=UUID(position[0]) if position else None, limit=limit + 1)
    record_read(session, actor, subject="alarm_list", file_id=None)
    rows, links, headers = paged(call, listing, found, lambda row: [str(row.id)])
    return Answered(
        AlarmList(items=[alarm_answer(row, call.language) for row in rows], links=links), headers=headers
    )


@router.get(
    "/clock_overrides",
    response_model=OverrideList,
    operation_id="list_clock_overrides",
    responses=problems(*SIGNED_IN),
)
def read_overrides(call: Administrator, division_id: QueryId) -> Response:
    """What one division set in place of a clock's own length."""
    return call.read(lambda session, _actor: _overrides(call, session, division_id))


def _overrides(call: Call, session: Session, division_id: UUID) -> Answered:
    items = [override_answer(row, call.language) for row in overrides_of(session, division_id)]
    return Answered(OverrideList(items=items, links={"self": f"/clock_overrides?division_id={division_id}"}))


@router.post(
    "/clock_overrides",
    status_code=201,
    response_model=OverrideAnswer,
    operation_id="set_clock_override",
    responses=problems(*_SET),
)
def post_override(call: Administrator, body: OverrideBody) -> Response:
    """Set a clock's length for one division, within its bounds; it holds for clocks that start from now on."""
    new = NewOverride(body.division_id, body.clock, body.amount, body.reason)
    return call.write(lambda session, actor: _set(call, session, actor, new), 201)


def _set(call: Call, session: Session, actor: Actor, new: NewOverride) -> Answered:
    row = set_override(session, actor, new)
    return Answered(override_answer(row, call.language), row.version)
