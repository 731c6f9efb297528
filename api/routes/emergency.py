"""Emergency access: one case for one officer for an hour, told at once, reviewed by somebody else."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId, typed_case_number
from api.openapi import CHANGE, ONE, SIGNED_IN, problems
from api.representations.emergency import (
    EmergencyAnswer,
    EmergencyBody,
    EmergencyList,
    PeopleInDanger,
    ReviewBody,
    emergency_answer,
    people_answer,
)
from api.strict_json import StrictRoute
from domain.actors import AUDIT_ROLES, Actor, Role
from domain.emergency import EMERGENCY_ROLES, ENDING_ROLES, REVIEWING_ROLES
from services.access import record_read
from services.emergency_access import Emergency, end, open_in_emergency, renew
from services.emergency_reading import read_in_emergency
from services.emergency_reviews import as_told, list_told, read_told, review
from services.records.emergency import EmergencyGrantRow

router: Final = APIRouter(prefix="/emergency_access", tags=["Emergency access"], route_class=StrictRoute)
_OPEN: Final = (
    *ONE, "confirmation_needed", "key_in_flight", "key_reused", "conflict", "move_not_possible", "media_type",
)  # fmt: skip
_ANY_OF_THEM: Final = EMERGENCY_ROLES | AUDIT_ROLES


@router.post(
    "",
    status_code=201,
    response_model=EmergencyAnswer,
    operation_id="open_in_emergency",
    responses=problems(*_OPEN),
)
def enter(
    call: Annotated[Call, Depends(Gate(EMERGENCY_ROLES, confirmed=True))], body: EmergencyBody
) -> Response:
    """Open one case for an hour. It opens at once; supervisors of both units and the auditors are told, and so, later, is
    the person. The answer is the same for a case that there is not and for one that is kept from the asker."""
    return call.write(lambda session, actor: _open(call, session, actor, body), 201)


def _open(call: Call, session: Session, actor: Actor, body: EmergencyBody) -> Answered:
    asked = Emergency(typed_case_number(body.case_number, "case_number"), body.reason_code, body.reason)
    return _one(call, session, actor, open_in_emergency(session, actor, asked))


def _one(call: Call, session: Session, actor: Actor, row: EmergencyGrantRow) -> Answered:
    session.flush()
    return Answered(emergency_answer(as_told(session, row), actor, call.language), row.version)


@router.get(
    "",
    response_model=EmergencyList,
    operation_id="list_emergency_access",
    responses=problems(*SIGNED_IN),
)
def read_all(
    call: Annotated[Call, Depends(Gate(REVIEWING_ROLES))],
    unreviewed: Annotated[bool, Query(description="Only those at which nobody has looked yet.")] = False,
    after: Mark = None,
    limit: Limit = 50,
) -> Response:
    """What the caller was told of, as a supervisor of one of the two units or as an auditor of the place; newest first."""
    return call.read(lambda session, actor: _list(call, session, actor, unreviewed, (after, limit)))


def _list(
    call: Call, session: Session, actor: Actor, unreviewed: bool, asked: tuple[str | None, int]
) -> Answered:
    mark, limit = asked
    filters = {"unreviewed": "true"} if unreviewed else {}
    listing = Listing(f"emergency access {actor.unit_id} {filters}", limit, filters)
    position = position_of(call, listing.scope, mark)
    after = UUID(position[0]) if position else None
    found = list_told(session, actor, unreviewed=unreviewed, after=after, limit=limit + 1)
    record_read(session, actor, subject="emergency_access_list", file_id=None)
    rows, links, headers = paged(call, listing, found, lambda told: [str(told.row.id)])
    items = [emergency_answer(told, actor, call.language) for told in rows]
    return Answered(EmergencyList(items=items, links=links), headers=headers)


@router.get(
    "/{grant_id}",
    response_model=EmergencyAnswer,
    operation_id="read_emergency_access",
    responses=problems(*ONE),
)
def read_one(call: Annotated[Call, Depends(Gate(_ANY_OF_THEM))], grant_id: PathId) -> Response:
    """One, with why it was asked: for its holder, and for those who were told."""
    return call.read(lambda session, actor: _read(call, session, actor, grant_id))


def _read(call: Call, session: Session, actor: Actor, grant_id: UUID) -> Answered:
    told = read_told(session, actor, grant_id)
    record_read(session, actor, subject="emergency_access", file_id=told.row.case_id, subject_id=told.row.id)
    return Answered(emergency_answer(told, actor, call.language), told.row.version)


@router.get(
    "/{grant_id}/people",
    response_model=PeopleInDanger,
    operation_id="read_people_in_emergency",
    responses=problems(*ONE),
)
def read_people(call: Annotated[Call, Depends(Gate(EMERGENCY_ROLES))], grant_id: PathId) -> Response:
    """Who the people of the case are, where they sleep, how to reach them, what threatens them; until the hour is over."""
    return call.read(
        lambda session, actor: Answered(people_answer(*read_in_emergency(session, actor, grant_id)))
    )


@router.post(
    "/{grant_id}/renew",
    response_model=EmergencyAnswer,
    operation_id="renew_emergency_access",
    responses=problems(*CHANGE, "confirmation_needed"),
)
def add_an_hour(
    call: Annotated[Call, Depends(Gate({Role.SUPERVISOR}, confirmed=True))], grant_id: PathId
) -> Response:
    """Another hour from now, while it is open: by a supervisor of the asker's unit who is somebody else."""
    return call.write(
        lambda session, actor: _one(call, session, actor, renew(session, actor, grant_id, call.asked.version))
    )


@router.post(
    "/{grant_id}/end",
    response_model=EmergencyAnswer,
    operation_id="end_emergency_access",
    responses=problems(*CHANGE),
)
def end_early(call: Annotated[Call, Depends(Gate(ENDING_ROLES))], grant_id: PathId) -> Response:
    """End it before its time: its holder, or whoever was told of it."""
    return call.write(
        lambda session, actor: _one(call, session, actor, end(session, actor, grant_id, call.asked.version))
    )


@router.post(
    "/{grant_id}/review",
    response_model=EmergencyAnswer,
    operation_id="review_emergency_access",
    responses=problems(*CHANGE),
)
def look_back(
    call: Annotated[Call, Depends(Gate(REVIEWING_ROLES))], grant_id: PathId, body: ReviewBody
) -> Response:
    """Say what it was, once: within a day, by somebody who neither held nor lengthened it."""
    return call.write(lambda session, actor: _reviewed(call, session, actor, grant_id, body))


def _reviewed(call: Call, session: Session, actor: Actor, grant_id: UUID, body: ReviewBody) -> Answered:
    row = review(session, actor, grant_id, body.outcome, call.asked.version)
    return _one(call, session, actor, row)
