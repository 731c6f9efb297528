"""Nameless requests: what agencies that read no cases are asked for, and what they answer."""

from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId
from api.openapi import CHANGE, ONE, SIGNED_IN, problems
from api.representations.requests import ReplyBody, RequestAnswer, RequestList, request_answer, request_line
from api.strict_json import StrictRoute
from domain.actors import ANSWERING_ROLES, CASE_ROLES, MOVING_ROLES, Actor
from services.access import record_read
from services.request_answers import Reply, answer_request, withdraw_request
from services.requests import Request, find_request, list_requests, read_request

router: Final = APIRouter(prefix="/requests", tags=["Nameless requests"], route_class=StrictRoute)


class Box(StrEnum):
    TO_US = "to_us"
    BY_US = "by_us"


@router.get("", response_model=RequestList, operation_id="list_requests", responses=problems(*SIGNED_IN))
def read_requests(
    call: Annotated[Call, Depends(Gate(CASE_ROLES))],
    box: Annotated[Box, Query()] = Box.TO_US,
    after: Mark = None,
    limit: Limit = 50,
) -> Response:
    """What the caller's unit is asked for, or asked others for; newest first, without the words."""
    return call.read(lambda session, actor: _list(call, session, actor, (box, after, limit)))


def _list(call: Call, session: Session, actor: Actor, asked: tuple[Box, str | None, int]) -> Answered:
    box, mark, limit = asked
    listing = Listing(f"requests {box} {actor.unit_id}", limit, {"box": box})
    position = position_of(call, listing.scope, mark)
    after = UUID(position[0]) if position else None
    record_read(session, actor, subject="request_list", file_id=None)
    found = list_requests(session, actor, by_us=box is Box.BY_US, after=after, limit=limit + 1)
    rows, links, headers = paged(call, listing, found, lambda request: [str(request.row.id)])
    items = [request_line(request, call.language) for request in rows]
    return Answered(RequestList(items=items, links=links), headers=headers)


@router.get(
    "/{request_id}", response_model=RequestAnswer, operation_id="read_request", responses=problems(*ONE)
)
def read_one(call: Annotated[Call, Depends(Gate(CASE_ROLES))], request_id: PathId) -> Response:
    """One request in its words, for the unit that is asked and the unit that asks."""
    return call.read(lambda session, actor: _read(call, session, actor, request_id))


def _read(call: Call, session: Session, actor: Actor, request_id: UUID) -> Answered:
    row = find_request(session, actor, request_id)
    record_read(session, actor, subject="request", file_id=row.case_id, subject_id=row.id)
    return answered(call, actor, read_request(session, row))


def answered(call: Call, actor: Actor, request: Request) -> Answered:
    """The request as it stands now."""
    return Answered(request_answer(request, actor, call.language), request.row.version)


@router.post(
    "/{request_id}/answer",
    response_model=RequestAnswer,
    operation_id="answer_request",
    responses=problems(*CHANGE),
)
def answer(
    call: Annotated[Call, Depends(Gate(ANSWERING_ROLES))], request_id: PathId, body: ReplyBody
) -> Response:
    """The unit that was asked says whether it could be done; the case that it is for learns of it at once."""
    reply = Reply(body.outcome, body.words)
    return call.write(
        lambda session, actor: answered(
            call, actor, answer_request(session, actor, request_id, reply, call.asked.version)
        )
    )


@router.post(
    "/{request_id}/withdraw",
    response_model=RequestAnswer,
    operation_id="withdraw_request",
    responses=problems(*CHANGE),
)
def withdraw(call: Annotated[Call, Depends(Gate(MOVING_ROLES))], request_id: PathId) -> Response:
    """The unit that asked needs it no longer."""
    return call.write(
        lambda session, actor: answered(
            call, actor, withdraw_request(session, actor, request_id, call.asked.version)
        )
    )
