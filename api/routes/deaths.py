"""When a person has died: their stages end, claims and everybody else's help go on (workflow 2, case)."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.dependencies import PathId
from api.openapi import CHANGE, problems
from api.representations.deaths import DeathBody
from api.representations.victims import VictimAnswer, victim_answer
from api.strict_json import StrictRoute
from domain.actors import MOVING_ROLES, Actor
from services.deaths import Death, record_death

router: Final = APIRouter(tags=["People and their consent"], route_class=StrictRoute)
Mover = Annotated[Call, Depends(Gate(MOVING_ROLES))]


@router.post(
    "/cases/{case_id}/victims/{victim_id}/death",
    response_model=VictimAnswer,
    operation_id="record_death",
    responses=problems(*CHANGE),
)
def death(call: Mover, case_id: PathId, victim_id: PathId, body: DeathBody) -> Response:
    """Record a death by its document, once an agency that had no care of the person has approved it."""
    return call.write(lambda session, actor: _record(call, session, actor, (case_id, victim_id), body))


def _record(call: Call, session: Session, actor: Actor, who: tuple[UUID, UUID], body: DeathBody) -> Answered:
    file, victim = record_death(session, actor, *who, Death(body.content(), call.asked.version))
    return Answered(victim_answer(file, victim, actor), victim.row.version)
