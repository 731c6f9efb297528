"""The people in a case."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.dependencies import Explain, PathId
from api.openapi import CHANGE, CREATE, ONE, problems
from api.representations.answers import Answer
from api.representations.stages import seen_stages
from api.representations.victims import VictimAnswer, VictimBody, WillingnessBody, victim_answer
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, MOVING_ROLES, Actor
from domain.disclosure import sees_whole_case
from domain.labels import INTERNAL
from domain.refusals import FieldRefused, NotFound
from services.access import record_read
from services.case_files import CaseFile, Victim
from services.case_loading import open_case
from services.victims import Learned, add_victim_to_case, change_victim, record_willingness

router: Final = APIRouter(tags=["People and their consent"], route_class=StrictRoute)
Reader = Annotated[Call, Depends(Gate(CASE_ROLES))]
Mover = Annotated[Call, Depends(Gate(MOVING_ROLES))]
PERSON: Final = "/cases/{case_id}/victims/{victim_id}"


class VictimList(Answer):
    LABEL = INTERNAL
    items: list[VictimAnswer]
    links: dict[str, str]


@router.get(
    "/cases/{case_id}/victims",
    response_model=VictimList,
    operation_id="list_victims",
    responses=problems(*ONE),
)
def read_victims(call: Reader, case_id: PathId) -> Response:
    """The people of a case for whom the caller's unit works; all of them for its owner."""
    return call.read(lambda session, actor: _list(session, actor, case_id))


def _list(session: Session, actor: Actor, case_id: UUID) -> Answered:
    file = open_case(session, actor, case_id)
    record_read(session, actor, subject="victim_list", file_id=case_id, subject_id=case_id)
    items = [
        victim_answer(file, victim, actor)
        for victim in file.victims.values()
        if _works_for(file, victim, actor)
    ]
    base = f"/cases/{case_id}"
    return Answered(
        VictimList(items=items, links={"self": f"{base}/victims", "case": base}), file.case.version
    )


@router.get(PERSON, response_model=VictimAnswer, operation_id="read_victim", responses=problems(*ONE))
def read_victim(call: Reader, case_id: PathId, victim_id: PathId, explain: Explain = False) -> Response:
    """One person, section by section, as far as they are for this reader."""
    return call.read(lambda session, actor: _read(session, actor, case_id, victim_id), explain=explain)


def _read(session: Session, actor: Actor, case_id: UUID, victim_id: UUID) -> Answered:
    file, victim = seen(session, actor, case_id, victim_id)
    record_read(session, actor, subject="victim", file_id=case_id, subject_id=victim_id)
    return _victim(actor, file, victim)


def seen(session: Session, actor: Actor, case_id: UUID, victim_id: UUID) -> tuple[CaseFile, Victim]:
    """The person, if the caller works for them; NotFound else."""
    file = open_case(session, actor, case_id)
    victim = file.victims.get(victim_id)
    if victim is None or not _works_for(file, victim, actor):
        raise NotFound
    return file, victim


def _works_for(file: CaseFile, victim: Victim, actor: Actor) -> bool:
    return sees_whole_case(actor) or any(
        stage.victim_id == victim.row.id for stage in seen_stages(file, actor)
    )


def _victim(actor: Actor, file: CaseFile, victim: Victim) -> Answered:
    return Answered(victim_answer(file, victim, actor), victim.row.version)


@router.post(
    "/cases/{case_id}/victims",
    status_code=201,
    response_model=VictimAnswer,
    operation_id="add_victim",
    responses=problems(*CREATE),
)
def add(call: Mover, case_id: PathId, body: VictimBody) -> Response:
    """The owner names another person, perhaps nameless; the stages that are due for them open at once."""
    return call.write(
        lambda session, actor: _victim(actor, *add_victim_to_case(session, actor, case_id, body.sections())),
        201,
    )


@router.patch(PERSON, response_model=VictimAnswer, operation_id="change_victim", responses=problems(*CHANGE))
def change(call: Mover, case_id: PathId, victim_id: PathId, body: VictimBody) -> Response:
    """Write what was learned about the person; only the fields that are given change."""
    return call.write(lambda session, actor: _change(call, session, actor, (case_id, victim_id), body))


def _change(call: Call, session: Session, actor: Actor, who: tuple[UUID, UUID], body: VictimBody) -> Answered:
    learned = Learned(body.sections(), call.asked.version)
    return _victim(actor, *change_victim(session, actor, *who, learned))


@router.post(
    f"{PERSON}/willingness",
    status_code=201,
    response_model=VictimAnswer,
    operation_id="record_willingness",
    responses=problems(*CREATE),
)
def willingness(call: Reader, case_id: PathId, victim_id: PathId, body: WillingnessBody) -> Response:
    """What the person says about training or work (Art. 37), heard in private by union, women's federation or advocate."""
    return call.write(lambda session, actor: _willing(session, actor, (case_id, victim_id), body), 201)


def _willing(session: Session, actor: Actor, who: tuple[UUID, UUID], body: WillingnessBody) -> Answered:
    if not body.in_private:
        raise FieldRefused(("in_private", "not_in_private"))
    return _victim(actor, *record_willingness(session, actor, *who, body.content()))
