"""The person's own door: no account, a code in hand; their plan, their consents, their record, who looked, their say."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from api.access import Anyone, AtTheDoor
from api.calls import Answered, Call, Session
from api.dependencies import PathId
from api.door_calls import DoorCall
from api.openapi import ALWAYS, problems
from api.representations.door_bodies import (
    AssentBody,
    ContactWishBody,
    CorrectionBody,
    EnterBody,
    LeaveBody,
    OwnComplaintBody,
    OwnWillingnessBody,
    OwnWordsBody,
)
from api.representations.own_door import (
    DOOR_LINKS,
    DoorConsent,
    DoorConsentList,
    OwnLetter,
    OwnLetterList,
    PlanAnswer,
    ReadersAnswer,
    RecordOfMe,
    VisitAnswer,
    consents_answer,
    door_consent,
    own_letter,
    own_letters_answer,
    plan_answer,
    readers_answer,
    record_answer,
)
from api.representations.types import Body
from api.strict_json import StrictRoute
from services.database import Begin
from services.door_consents import Said, assent_at_door, consents_at_door, say_at_door
from services.door_visits import Visitor, enter, leave, open_file
from services.door_willingness import say_willing
from services.letters import Letter, NewLetter, own_letters, write_letter
from services.own_door import emergencies_of, known_of, plan_of, visits_of, who_looked
from services.rate_limits import OWN_DOOR
from services.records.cases import ConsentRow

router: Final = APIRouter(prefix="/door", tags=["The person's own door"], route_class=StrictRoute)
Visit = Annotated[DoorCall, Depends(AtTheDoor())]
_READ: Final = (*ALWAYS, "not_signed_in")
_WRITE: Final = (
    *_READ,
    "not_found",
    "key_in_flight",
    "key_reused",
    "conflict",
    "media_type",
    "requirements_unmet",
)
_CHANGE: Final = (*_WRITE, "move_not_possible", "version_missing", "version_stale")


@router.post(
    "",
    response_model=VisitAnswer,
    operation_id="enter_door",
    responses=problems(*ALWAYS, "sign_in_refused", "too_many", "media_type"),
)
def come_in(call: Annotated[Call, Depends(Anyone(OWN_DOOR))], body: EnterBody) -> Response:
    """A token for the code that was handed over. Whatever does not fit, the refusal is the same. In danger, call 110."""
    return call.apart_publicly(lambda begin: _entered(begin, body))


def _entered(begin: Begin, body: EnterBody) -> Answered:
    entered = enter(begin, body.code)
    return Answered(
        VisitAnswer(
            door_token=entered.token,
            token_type="Bearer",  # noqa: S106  # the scheme's name
            expires_at=entered.expires_at,
            voice=entered.voice,
            language=entered.language,
            links=DOOR_LINKS,
        )
    )


@router.get("/plan", response_model=PlanAnswer, operation_id="read_own_plan", responses=problems(*_READ))
def read_plan(call: Visit) -> Response:
    """What is being done, by what kind of office, what comes next, when somebody asks again; and what one may do."""
    return call.read_at_door("door_plan", lambda session, visitor: _plan(call, session, visitor))


def _plan(call: DoorCall, session: Session, visitor: Visitor) -> Answered:
    return Answered(plan_answer(plan_of(open_file(session, visitor), visitor), call.language))


@router.get("/record", response_model=RecordOfMe, operation_id="read_own_record", responses=problems(*_READ))
def read_record(call: Visit) -> Response:
    """What is known, without anybody else in it."""
    return call.read_at_door("door_record", _record)


def _record(session: Session, visitor: Visitor) -> Answered:
    return Answered(record_answer(known_of(open_file(session, visitor), visitor)))


@router.get(
    "/readers", response_model=ReadersAnswer, operation_id="read_own_readers", responses=problems(*_READ)
)
def read_readers(call: Visit) -> Response:
    """Who looked: the day, the role, the agency, never a name; emergency access among them."""
    return call.read_at_door("door_readers", lambda session, visitor: _readers(call, session, visitor))


def _readers(call: DoorCall, session: Session, visitor: Visitor) -> Answered:
    file = open_file(session, visitor)
    return Answered(
        readers_answer(
            who_looked(file, visitor), visits_of(file, visitor), emergencies_of(file), call.language
        )
    )


@router.get(
    "/consents", response_model=DoorConsentList, operation_id="list_own_consents", responses=problems(*_READ)
)
def read_consents(call: Visit) -> Response:
    """What was asked and what was said to it."""
    return call.read_at_door("door_consents", lambda session, visitor: _consents(call, session, visitor))


def _consents(call: DoorCall, session: Session, visitor: Visitor) -> Answered:
    return Answered(consents_answer(consents_at_door(open_file(session, visitor), visitor), call.language))


def _add_word(action: str) -> None:
    @router.post(
        f"/consents/{{consent_id}}/{action}",
        response_model=DoorConsent,
        operation_id=f"{action}_own_consent",
        description=_STORIES[action],
        responses=problems(*_CHANGE),
    )
    def say(call: Visit, consent_id: PathId, body: OwnWordsBody) -> Response:
        said = Said(action, body.own_words, call.language, call.asked.version)
        return call.write_at_door(
            lambda session, visitor: _consent(call, say_at_door(session, visitor, consent_id, said)[1])
        )


_STORIES: Final = {
    "give": "Agree to one purpose; it may be taken back on any day.",
    "refuse": "Say no. No other help changes for it.",
    "withdraw": "Take back what was agreed to; what rests on it stops at once.",
}


def _consent(call: DoorCall, row: ConsentRow) -> Answered:
    return Answered(door_consent(row, {}, call.language), row.version)


@router.post(
    "/consents/{consent_id}/assent",
    response_model=DoorConsent,
    operation_id="assent_to_own_consent",
    responses=problems(*_CHANGE),
)
def assent(call: Visit, consent_id: PathId, body: AssentBody) -> Response:
    """A child's own yes or no to what a guardian is asked."""
    said = Said("assent", body.own_words, call.language, call.asked.version)
    return call.write_at_door(
        lambda session, visitor: _consent(
            call, assent_at_door(session, visitor, consent_id, body.assent, said)[1]
        )
    )


@router.post("/willingness", status_code=204, operation_id="say_own_willingness", responses=problems(*_WRITE))
def willingness(call: Visit, body: OwnWillingnessBody) -> Response:
    """Say whether one wants training or work (Art. 37): for oneself only, and only for thirty days."""
    return call.write_at_door(lambda session, visitor: _willing(session, visitor, body), 204)


def _willing(session: Session, visitor: Visitor, body: OwnWillingnessBody) -> Answered:
    say_willing(session, visitor, willing=body.willing, own_words=body.own_words)
    return Answered(None)


@router.get(
    "/letters", response_model=OwnLetterList, operation_id="list_own_letters", responses=problems(*_READ)
)
def read_letters(call: Visit) -> Response:
    """What was written here, and what was answered."""
    return call.read_at_door("door_letters", _letters)


def _letters(session: Session, visitor: Visitor) -> Answered:
    return Answered(own_letters_answer(own_letters(open_file(session, visitor), visitor)))


def _add_letter(address: str, operation_id: str, model: type[Body], story: str) -> None:
    @router.post(
        f"/{address}",
        status_code=201,
        response_model=OwnLetter,
        operation_id=operation_id,
        description=story,
        responses=problems(*_WRITE),
    )
    def write(call: Visit, body: model) -> Response:  # type: ignore[valid-type]  # one route for each kind of letter
        new: NewLetter = body.letter()  # type: ignore[attr-defined]  # each of them has one
        return call.write_at_door(lambda session, visitor: _written(session, visitor, new), 201)


def _written(session: Session, visitor: Visitor, new: NewLetter) -> Answered:
    return Answered(own_letter(Letter(write_letter(session, visitor, new), new.said)))


_add_letter(
    "corrections", "correct_own_record", CorrectionBody, "Say what is wrong; the case's owner answers."
)
_add_letter(
    "complaints", "complain_at_own_door", OwnComplaintBody, "Complain; another unit than that one hears it."
)
_add_letter(
    "contact_wishes", "wish_for_contact", ContactWishBody, "Ask to be contacted, in the way that is safe."
)
for _action in _STORIES:
    _add_word(_action)


@router.post(
    "/sign_out", status_code=204, operation_id="leave_door", responses=problems(*_READ, "media_type")
)
def go(call: Visit, body: LeaveBody) -> Response:
    """End the visit; with `end_code` the code as well."""
    return call.leave_door(lambda session, visitor: _gone(session, visitor, body))


def _gone(session: Session, visitor: Visitor, body: LeaveBody) -> Answered:
    leave(session, visitor, end_code=body.end_code)
    return Answered(None)
