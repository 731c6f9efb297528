"""Codes for a person's own door, handed over by who works for them; and the letters that come from there."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId
from api.openapi import CHANGE, CREATE, ONE, SIGNED_IN, problems
from api.representations.letters import (
    DoorCodeAnswer,
    DoorCodeBody,
    LetterAnswer,
    LetterAnswerBody,
    LetterList,
    RevokeCodeBody,
    RevokedCodeAnswer,
    door_code_answer,
    letter_answer,
)
from api.routes.victims import PERSON
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, MOVING_ROLES, Actor, Role
from services.access import record_read
from services.door_codes import give_door_code, revoke_door_codes
from services.letters import answer_letter, list_letters, read_letter

router: Final = APIRouter(tags=["The person's own door"], route_class=StrictRoute)
_PEOPLE: Final = MOVING_ROLES - {Role.INTEGRATION}
Giver = Annotated[Call, Depends(Gate(_PEOPLE))]
Reader = Annotated[Call, Depends(Gate(CASE_ROLES - {Role.INTEGRATION}))]


@router.post(
    f"{PERSON}/door_codes",
    status_code=201,
    response_model=DoorCodeAnswer,
    operation_id="give_door_code",
    responses=problems(*ONE, "stage_not_yours", "requirements_unmet", "media_type"),
)
def give_code(call: Giver, case_id: PathId, victim_id: PathId, body: DoorCodeBody) -> Response:
    """A code to hand over in person; it is shown this once, and the one before it ends. For a guardian only while their
    guardianship is safe or temporary and not in question."""
    return call.write_once(lambda session, actor: _give(session, actor, (case_id, victim_id), body), 201)


def _give(session: Session, actor: Actor, who: tuple[UUID, UUID], body: DoorCodeBody) -> Answered:
    return Answered(door_code_answer(*give_door_code(session, actor, who, body.voice, body.language)))


@router.post(
    f"{PERSON}/door_codes/revoke",
    response_model=RevokedCodeAnswer,
    operation_id="revoke_door_codes",
    responses=problems(*CREATE),
)
def revoke_codes(call: Giver, case_id: PathId, victim_id: PathId, body: RevokeCodeBody) -> Response:
    """The code of the person, or of the guardian, counts no more; every visit by it ends."""
    return call.write(lambda session, actor: _revoke(session, actor, (case_id, victim_id), body))


def _revoke(session: Session, actor: Actor, who: tuple[UUID, UUID], body: RevokeCodeBody) -> Answered:
    at = revoke_door_codes(session, actor, who, body.voice)
    return Answered(RevokedCodeAnswer(voice=body.voice, ended_at=at))


@router.get(
    "/letters", response_model=LetterList, operation_id="list_letters", responses=problems(*SIGNED_IN)
)
def read_letters(
    call: Reader,
    unanswered: Annotated[bool, Query(description="Only those that wait for an answer.")] = False,
    after: Mark = None,
    limit: Limit = 50,
) -> Response:
    """What people wrote at their own doors and the caller's unit is to answer, newest first, without the words."""
    return call.read(lambda session, actor: _list(call, session, actor, unanswered, (after, limit)))


def _list(
    call: Call, session: Session, actor: Actor, unanswered: bool, asked: tuple[str | None, int]
) -> Answered:
    mark, limit = asked
    filters = {"unanswered": "true"} if unanswered else {}
    listing = Listing(f"letters {actor.unit_id} {filters}", limit, filters)
    position = position_of(call, listing.scope, mark)
    after = UUID(position[0]) if position else None
    found = list_letters(session, actor, unanswered=unanswered, after=after, limit=limit + 1)
    record_read(session, actor, subject="letter_list", file_id=None)
    rows, links, headers = paged(call, listing, found, lambda letter: [str(letter.row.id)])
    return Answered(
        LetterList(items=[letter_answer(one, actor) for one in rows], links=links), headers=headers
    )


@router.get(
    "/letters/{letter_id}",
    response_model=LetterAnswer,
    operation_id="read_letter",
    responses=problems(*ONE),
)
def read_one(call: Reader, letter_id: PathId) -> Response:
    """One letter with its words, for the unit that answers it."""
    return call.read(lambda session, actor: _read(session, actor, letter_id))


def _read(session: Session, actor: Actor, letter_id: UUID) -> Answered:
    letter = read_letter(session, actor, letter_id)
    row = letter.row
    record_read(session, actor, subject="letter", file_id=row.case_id, subject_id=row.victim_id)
    return Answered(letter_answer(letter, actor), row.version)


@router.post(
    "/letters/{letter_id}/answer",
    response_model=LetterAnswer,
    operation_id="answer_letter",
    responses=problems(*CHANGE),
)
def answer_one(call: Giver, letter_id: PathId, body: LetterAnswerBody) -> Response:
    """Answer it, once; the writer reads the answer at their door."""
    return call.write(lambda session, actor: _answer(call, session, actor, letter_id, body))


def _answer(call: Call, session: Session, actor: Actor, letter_id: UUID, body: LetterAnswerBody) -> Answered:
    letter = answer_letter(session, actor, letter_id, body.text, call.asked.version)
    return Answered(letter_answer(letter, actor), letter.row.version)
