"""What is decided about a person, and what they need: each kept whole, with who decided it and why."""

from collections.abc import Callable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.dependencies import PathId
from api.openapi import CREATE, ONE, problems
from api.representations.person_decisions import (
    AgeDecisionBody,
    DecisionBody,
    IdentificationBody,
    NeedsBody,
    PersonHistory,
    history_answer,
)
from api.representations.victims import VictimAnswer, victim_answer
from api.routes.victims import PERSON, seen
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, MOVING_ROLES, Actor
from services.access import record_read
from services.case_files import CaseFile, Victim
from services.identification import assess_needs, decide_age, decide_identification
from services.sealed_values import Content

router: Final = APIRouter(tags=["People and their consent"], route_class=StrictRoute)
Reader = Annotated[Call, Depends(Gate(CASE_ROLES))]
Mover = Annotated[Call, Depends(Gate(MOVING_ROLES))]
Decide = Callable[[Session, Actor, tuple[UUID, UUID], Content], tuple[CaseFile, Victim]]


_Route = Callable[[Callable[..., Response]], Callable[..., Response]]


def _decision(noun: str, operation_id: str, *also: str) -> _Route:
    """The address at which a decision of this kind is written down; `also` are refusals besides the usual ones."""
    return router.post(
        f"{PERSON}/{noun}",
        status_code=201,
        response_model=VictimAnswer,
        operation_id=operation_id,
        responses=problems(*CREATE, *also),
    )


def _history(noun: str) -> _Route:
    """The address at which all of them are read."""
    return router.get(
        f"{PERSON}/{noun}",
        response_model=PersonHistory,
        operation_id=f"list_{noun}",
        responses=problems(*ONE),
    )


def _write(call: Call, decide: Decide, who: tuple[UUID, UUID], body: DecisionBody) -> Response:
    def use(session: Session, actor: Actor) -> Answered:
        file, victim = decide(session, actor, who, body.content())
        return Answered(victim_answer(file, victim, actor), victim.row.version)

    return call.write(use, 201)


def _read(call: Call, section: str, address: str, who: tuple[UUID, UUID]) -> Response:
    def use(session: Session, actor: Actor) -> Answered:
        file, victim = seen(session, actor, *who)
        record_read(session, actor, subject=section, file_id=who[0], subject_id=who[1])
        return Answered(history_answer(file, victim, section, address, actor))

    return call.read(use)


@_decision("identification", "decide_identification")
def identification(call: Mover, case_id: PathId, victim_id: PathId, body: IdentificationBody) -> Response:
    """Write down a decision on whether the person is a victim; no help waits for it, and none ends by it."""
    return _write(call, decide_identification, (case_id, victim_id), body)


@_history("identification")
def read_identification(call: Reader, case_id: PathId, victim_id: PathId) -> Response:
    """Every decision on whether the person is a victim, newest first."""
    return _read(call, "identification", "identification", (case_id, victim_id))


@_decision("age_decisions", "decide_age", "requirements_unmet")
def age_decision(call: Mover, case_id: PathId, victim_id: PathId, body: AgeDecisionBody) -> Response:
    """Civil affairs decide the age, after a second agency approved `age_decision` of this person."""
    return _write(call, decide_age, (case_id, victim_id), body)


@_history("age_decisions")
def read_age_decisions(call: Reader, case_id: PathId, victim_id: PathId) -> Response:
    """Every decision on the person's age, newest first."""
    return _read(call, "age", "age_decisions", (case_id, victim_id))


@_decision("needs_assessments", "assess_needs")
def needs(call: Mover, case_id: PathId, victim_id: PathId, body: NeedsBody) -> Response:
    """Tell what the person needs and what carries them, in words; nothing is counted or scored."""
    return _write(call, assess_needs, (case_id, victim_id), body)


@_history("needs_assessments")
def read_needs(call: Reader, case_id: PathId, victim_id: PathId) -> Response:
    """Every assessment, newest first: all for civil affairs, their own for everybody else."""
    return _read(call, "needs", "needs_assessments", (case_id, victim_id))
