"""What each person agreed to: asked, given, refused, withdrawn; and other bases in place of it."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.dependencies import PathId
from api.openapi import CHANGE, CREATE, ONE, problems
from api.representations.consents import (
    BasisBody,
    ConsentAnswer,
    ConsentBody,
    ConsentDetails,
    ConsentList,
    WithdrawnAnswer,
    consent_answer,
    consent_details,
    withdrawn_answer,
)
from api.representations.moves import CONSENT_MOVE_BODIES, ConsentWordsBody, move_of
from api.representations.types import Body
from api.routes.victims import PERSON, seen
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, MOVING_ROLES, Actor
from services.access import record_read
from services.bases import rest_on
from services.consent_reading import consents_of, read_consent
from services.consents import ask_consent, move_consent, withdraw_consent
from services.records.cases import ConsentRow
from services.stages import Move

router: Final = APIRouter(tags=["People and their consent"], route_class=StrictRoute)
Reader = Annotated[Call, Depends(Gate(CASE_ROLES))]
Mover = Annotated[Call, Depends(Gate(MOVING_ROLES))]


@router.get(
    f"{PERSON}/consents", response_model=ConsentList, operation_id="list_consents", responses=problems(*ONE)
)
def read_consents(call: Reader, case_id: PathId, victim_id: PathId) -> Response:
    """What the person was asked and what they said to it, with its basis, its term and in whose voice it was given."""
    return call.read(lambda session, actor: _consents(call, session, actor, (case_id, victim_id)))


def _consents(call: Call, session: Session, actor: Actor, who: tuple[UUID, UUID]) -> Answered:
    _file, victim = seen(session, actor, *who)
    record_read(session, actor, subject="consent_list", file_id=who[0], subject_id=victim.row.id)
    items = [consent_answer(row, call.language) for row in consents_of(session, actor, *who)]
    base = f"/cases/{who[0]}/victims/{who[1]}"
    return Answered(ConsentList(items=items, links={"self": f"{base}/consents", "victim": base}))


@router.get(
    "/consents/{consent_id}",
    response_model=ConsentDetails,
    operation_id="read_consent",
    responses=problems(*ONE),
)
def read_details(call: Reader, consent_id: PathId) -> Response:
    """One consent with what was asked and said: for the unit that asked, and for the case's owner as far as it reads that
    stage's records."""
    return call.read(lambda session, actor: _details(call, session, actor, consent_id))


def _details(call: Call, session: Session, actor: Actor, consent_id: UUID) -> Answered:
    file, row, said, to_consent = read_consent(session, actor, consent_id)
    record_read(session, actor, subject="consent", file_id=file.id, subject_id=row.id)
    return Answered(consent_details(row, said, to_consent, call.language), row.version)


@router.post(
    f"{PERSON}/consents",
    status_code=201,
    response_model=ConsentAnswer,
    operation_id="ask_consent",
    responses=problems(*CREATE),
)
def ask(call: Mover, case_id: PathId, victim_id: PathId, body: ConsentBody) -> Response:
    """Ask the person for one purpose; nothing rests on it before it is given."""
    return call.write(lambda session, actor: _ask(call, session, actor, (case_id, victim_id), body), 201)


def _ask(call: Call, session: Session, actor: Actor, who: tuple[UUID, UUID], body: ConsentBody) -> Answered:
    _file, row = ask_consent(session, actor, *who, body.asked())
    return _created(call, row)


def _created(call: Call, row: ConsentRow) -> Answered:
    return Answered(consent_answer(row, call.language), row.version, {"Location": f"/consents/{row.id}"})


@router.post(
    f"{PERSON}/bases",
    status_code=201,
    response_model=ConsentAnswer,
    operation_id="rest_on_basis",
    responses=problems(*CREATE),
)
def rest(call: Mover, case_id: PathId, victim_id: PathId, body: BasisBody) -> Response:
    """Let a purpose rest on another basis than consent: under an article, approved by another agency, for 30 days at most,
    told to the person. Work, relocation, return, follow-up, publication and embassy contact rest on consent alone."""
    return call.write(lambda session, actor: _rest(call, session, actor, (case_id, victim_id), body), 201)


def _rest(call: Call, session: Session, actor: Actor, who: tuple[UUID, UUID], body: BasisBody) -> Answered:
    _file, row = rest_on(session, actor, *who, body.asked())
    return _created(call, row)


@router.post(
    "/consents/{consent_id}/withdraw",
    response_model=WithdrawnAnswer,
    operation_id="withdraw_consent",
    responses=problems(*CHANGE),
)
def withdraw(call: Mover, consent_id: PathId, body: ConsentWordsBody) -> Response:
    """Take it back: what rests on it stops at once, and the answer lists what had been shared, with whom and when."""
    wanted = move_of("withdraw", body, call.asked.version)
    return call.write(lambda session, actor: _withdrawn(call, session, actor, consent_id, wanted))


def _withdrawn(call: Call, session: Session, actor: Actor, consent_id: UUID, wanted: Move) -> Answered:
    _file, row, shared = withdraw_consent(session, actor, consent_id, wanted)
    return Answered(withdrawn_answer(row, shared, actor, call.language), row.version)


def _add_consent_move(action: str, model: type[Body]) -> None:
    @router.post(
        f"/consents/{{consent_id}}/{action}",
        response_model=ConsentAnswer,
        operation_id=f"{action}_consent",
        responses=problems(*CHANGE),
        summary=f"{action.capitalize()} consent",
    )
    def move(call: Mover, consent_id: PathId, body: model) -> Response:  # type: ignore[valid-type]  # one route for each row of the table
        wanted = move_of(action, body, call.asked.version)
        return call.write(lambda session, actor: _moved(call, session, actor, consent_id, wanted))


def _moved(call: Call, session: Session, actor: Actor, consent_id: UUID, wanted: Move) -> Answered:
    _file, row = move_consent(session, actor, consent_id, wanted)
    return Answered(consent_answer(row, call.language), row.version)


for _action, _model in CONSENT_MOVE_BODIES.items():
    _add_consent_move(_action, _model)
