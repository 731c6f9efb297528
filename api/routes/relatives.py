"""The relatives and guardians of a person."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.dependencies import PathId
from api.openapi import CHANGE, CREATE, ONE, problems
from api.representations.relatives import (
    RelativeAnswer,
    RelativeBody,
    RelativeChange,
    RelativeList,
    relative_answer,
)
from api.routes.victims import PERSON, seen
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, MOVING_ROLES, Actor
from domain.disclosure import knows_relatives
from domain.refusals import NotFound
from services.access import record_read
from services.relatives import Told, add_relative, change_relative, relative_named
from services.relatives_on_file import relatives_of

router: Final = APIRouter(tags=["People and their consent"], route_class=StrictRoute)
Reader = Annotated[Call, Depends(Gate(CASE_ROLES))]
Mover = Annotated[Call, Depends(Gate(MOVING_ROLES))]
RELATIVES: Final = f"{PERSON}/relatives"


@router.get(RELATIVES, response_model=RelativeList, operation_id="list_relatives", responses=problems(*ONE))
def read_relatives(call: Reader, case_id: PathId, victim_id: PathId) -> Response:
    """Who is something to the person, as far as the caller may know: nobody at all for most agencies."""
    return call.read(lambda session, actor: _list(session, actor, case_id, victim_id))


def _list(session: Session, actor: Actor, case_id: UUID, victim_id: UUID) -> Answered:
    file, victim = seen(session, actor, case_id, victim_id)
    record_read(session, actor, subject="relative_list", file_id=case_id, subject_id=victim_id)
    known = relatives_of(file, victim.row.id) if knows_relatives(actor) else []
    base = f"/cases/{case_id}/victims/{victim_id}"
    links = {"self": f"{base}/relatives", "victim": base}
    return Answered(RelativeList(items=[relative_answer(one, actor) for one in known], links=links))


@router.get(
    f"{RELATIVES}/{{relative_id}}",
    response_model=RelativeAnswer,
    operation_id="read_relative",
    responses=problems(*ONE),
)
def read_relative(call: Reader, case_id: PathId, victim_id: PathId, relative_id: PathId) -> Response:
    """One relative or guardian."""
    return call.read(lambda session, actor: _one(session, actor, (case_id, victim_id), relative_id))


def _one(session: Session, actor: Actor, who: tuple[UUID, UUID], relative_id: UUID) -> Answered:
    file, victim = seen(session, actor, *who)
    if not knows_relatives(actor):
        raise NotFound
    relative = relative_named(file, victim.row.id, relative_id)
    record_read(session, actor, subject="relative", file_id=who[0], subject_id=relative_id)
    return Answered(relative_answer(relative, actor), relative.row.version)


@router.post(
    RELATIVES,
    status_code=201,
    response_model=RelativeAnswer,
    operation_id="add_relative",
    responses=problems(*CREATE),
)
def add(call: Mover, case_id: PathId, victim_id: PathId, body: RelativeBody) -> Response:
    """Name a relative, guardian or claimant; an unproven or suspect one puts the guardianship in question by itself."""
    return call.write(lambda session, actor: _add(session, actor, (case_id, victim_id), body), 201)


def _add(session: Session, actor: Actor, who: tuple[UUID, UUID], body: RelativeBody) -> Answered:
    _file, relative = add_relative(session, actor, who, Told(body.content()))
    return Answered(relative_answer(relative, actor), relative.row.version)


@router.patch(
    f"{RELATIVES}/{{relative_id}}",
    response_model=RelativeAnswer,
    operation_id="change_relative",
    responses=problems(*CHANGE),
)
def change(
    call: Mover, case_id: PathId, victim_id: PathId, relative_id: PathId, body: RelativeChange
) -> Response:
    """Write what was learned about them; only the fields that are given change."""
    who = (case_id, victim_id, relative_id)
    return call.write(lambda session, actor: _change(call, session, actor, who, body))


def _change(
    call: Call, session: Session, actor: Actor, who: tuple[UUID, UUID, UUID], body: RelativeChange
) -> Answered:
    _file, relative = change_relative(session, actor, who, Told(body.content(), call.asked.version))
    return Answered(relative_answer(relative, actor), relative.row.version)
