"""Two files about one person: asked, approved or refused, and undone."""

from collections.abc import Callable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.dependencies import PathId, typed_case_number
from api.openapi import CHANGE, CREATE, SIGNED_IN, problems
from api.representations.merges import ApproveMergeBody, MergeAnswer, MergeBody, MergeList, merge_answer
from api.routes.victims import PERSON
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, MOVING_ROLES, Actor
from services.access import record_read
from services.merges import Answer, approve_merge, ask_merge, merges_of, refuse_merge, undo_merge
from services.records.people import MergeRow

router: Final = APIRouter(tags=["Merges"], route_class=StrictRoute)
Reader = Annotated[Call, Depends(Gate(CASE_ROLES))]
Mover = Annotated[Call, Depends(Gate(MOVING_ROLES))]
Decide = Callable[[Session, Actor, UUID, Answer], MergeRow]


@router.post(
    f"{PERSON}/merges",
    status_code=201,
    response_model=MergeAnswer,
    operation_id="ask_merge",
    responses=problems(*CREATE),
)
def ask(call: Mover, case_id: PathId, victim_id: PathId, body: MergeBody) -> Response:
    """Say that another case is about the same person; its owner finds the request in their list, if there is such a case."""
    return call.write(lambda session, actor: _ask(session, actor, (case_id, victim_id), body), 201)


def _ask(session: Session, actor: Actor, who: tuple[UUID, UUID], body: MergeBody) -> Answered:
    number = typed_case_number(body.other_case_number, "other_case_number")
    _file, row = ask_merge(session, actor, who, number)
    return Answered(merge_answer(row), row.version)


@router.get("/merges", response_model=MergeList, operation_id="list_merges", responses=problems(*SIGNED_IN))
def read_merges(call: Reader) -> Response:
    """What the caller's unit asked or was asked as the owner of one of the two cases, newest first."""
    return call.read(_list)


def _list(session: Session, actor: Actor) -> Answered:
    record_read(session, actor, subject="merge_list", file_id=None)
    items = [merge_answer(row) for row in merges_of(session, actor)]
    return Answered(MergeList(items=items, links={"self": "/merges"}))


def _answer(call: Call, decide: Decide, merge_id: UUID, victim_id: UUID | None = None) -> Response:
    def use(session: Session, actor: Actor) -> Answered:
        row = decide(session, actor, merge_id, Answer(call.asked.version, victim_id))
        return Answered(merge_answer(row), row.version)

    return call.write(use)


@router.post(
    "/merges/{merge_id}/approve",
    response_model=MergeAnswer,
    operation_id="approve_merge",
    responses=problems(*CHANGE),
)
def approve(call: Mover, merge_id: PathId, body: ApproveMergeBody) -> Response:
    """Agree, and say which of your people it is. Consents and access stay apart; conflicts and clocks count in both."""
    return _answer(call, approve_merge, merge_id, body.victim_id)


@router.post(
    "/merges/{merge_id}/refuse",
    response_model=MergeAnswer,
    operation_id="refuse_merge",
    responses=problems(*CHANGE),
)
def refuse(call: Mover, merge_id: PathId) -> Response:
    """Say that these are two people."""
    return _answer(call, refuse_merge, merge_id)


@router.post(
    "/merges/{merge_id}/undo",
    response_model=MergeAnswer,
    operation_id="undo_merge",
    responses=problems(*CHANGE),
)
def undo(call: Mover, merge_id: PathId) -> Response:
    """Part the two files again, whole; either owner may."""
    return _answer(call, undo_merge, merge_id)
