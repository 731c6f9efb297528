"""Objections to what became of a report: while one is open, nothing of it is erased."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.dependencies import PathId
from api.openapi import CHANGE, CREATE, ONE, problems
from api.representations.moves import ReasonBody
from api.representations.objections import ObjectionAnswer, ObjectionBody, ObjectionList, objection_answer
from api.strict_json import StrictRoute
from domain.actors import INTAKE_ROLES, Actor
from domain.reports import Objection
from services.access import record_read
from services.objections import close_objection, list_objections, object_to

router: Final = APIRouter(
    prefix="/reports/{report_id}/objections",
    tags=["Reports (Arts. 44, 11, 16, 45)"],
    route_class=StrictRoute,
)
Intake = Annotated[Call, Depends(Gate(INTAKE_ROLES))]


@router.post(
    "",
    status_code=201,
    response_model=ObjectionAnswer,
    operation_id="object_to_report",
    responses=problems(*CREATE),
)
def raise_objection(call: Intake, report_id: PathId, body: ObjectionBody) -> Response:
    """The level above asks for a review, the procuratorate demands reasons; the unit then reads the report until it closes it."""
    return call.write(lambda session, actor: _raise(session, actor, report_id, body), 201)


def _raise(session: Session, actor: Actor, report_id: UUID, body: ObjectionBody) -> Answered:
    objection = object_to(session, actor, report_id, Objection(str(body.kind)), body.narrative)
    where = {"Location": f"/reports/{report_id}/objections"}
    return Answered(objection_answer(objection, actor), objection.row.version, where)


@router.get("", response_model=ObjectionList, operation_id="list_objections", responses=problems(*ONE))
def read_objections(call: Intake, report_id: PathId) -> Response:
    """Every objection to the report, oldest first, at most 100."""
    return call.read(lambda session, actor: _list(session, actor, report_id))


def _list(session: Session, actor: Actor, report_id: UUID) -> Answered:
    found = list_objections(session, actor, report_id)
    record_read(session, actor, subject="objections", file_id=report_id, subject_id=report_id)
    items = [objection_answer(one, actor) for one in found]
    return Answered(ObjectionList(items=items, links={"self": f"/reports/{report_id}/objections"}))


@router.post(
    "/{objection_id}/close",
    response_model=ObjectionAnswer,
    operation_id="close_objection",
    responses=problems(*CHANGE),
)
def close(call: Intake, report_id: PathId, objection_id: PathId, body: ReasonBody) -> Response:
    """The unit that decides it says how; with that its right to read the report ends."""
    return call.write(lambda session, actor: _close(call, session, actor, (report_id, objection_id), body))


def _close(
    call: Call, session: Session, actor: Actor, where: tuple[UUID, UUID], body: ReasonBody
) -> Answered:
    objection = close_objection(session, actor, where, body.reason, call.asked.version)
    return Answered(objection_answer(objection, actor), objection.row.version)
