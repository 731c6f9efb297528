"""What somebody does with their own account: password, second factor, sessions."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.openapi import ONE, SIGNED_IN, problems
from api.representations.sign_in import (
    CodeBody,
    MeAnswer,
    PasswordBody,
    RecoveryCodesAnswer,
    SecondFactorAnswer,
    SessionList,
    me_answer,
    second_factor_answer,
    session_answer,
)
from api.strict_json import StrictRoute
from domain.actors import Actor, Role
from domain.refusals import ConfirmationNeeded, FieldRefused
from services.accounts import account_of
from services.database import Begin
from services.second_factors import (
    begin_second_factor,
    confirm_second_factor,
    has_second_factor,
    new_recovery_codes,
)
from services.sessions import end_other_sessions, own_sessions
from services.signing_in import change_password

router: Final = APIRouter(prefix="/me", tags=["Signing in"], route_class=StrictRoute)
PEOPLE: Final = frozenset(Role) - {Role.INTEGRATION}
Anybody = Annotated[Call, Depends(Gate(Role, during_set_up=True))]
Person = Annotated[Call, Depends(Gate(PEOPLE, during_set_up=True))]
Confirmed = Annotated[Call, Depends(Gate(PEOPLE, confirmed=True))]
_CONFIRMED: Final = (*SIGNED_IN, "confirmation_needed", "media_type")


@router.get("", response_model=MeAnswer, operation_id="read_me", responses=problems(*ONE))
def read_me(call: Anybody) -> Response:
    """Whom the token speaks for, and what they have still to set up."""
    return call.read(lambda _session, actor: Answered(me_answer(actor)))


@router.post(
    "/password",
    status_code=204,
    operation_id="change_password",
    responses=problems(*SIGNED_IN, "sign_in_refused", "too_many", "media_type"),
)
def post_password(call: Person, body: PasswordBody) -> Response:
    """Choose a password: 15 to 128 characters, any of them. Every other session of the account ends."""
    return call.apart(lambda begin, actor: _changed(begin, actor, body))


def _changed(begin: Begin, actor: Actor, body: PasswordBody) -> Answered:
    change_password(begin, actor, body.present_password, body.new_password)
    return Answered(None)


@router.post(
    "/second_factor",
    response_model=SecondFactorAnswer,
    operation_id="begin_second_factor",
    responses=problems(*_CONFIRMED),
)
def begin_factor(call: Person) -> Response:
    """A new secret for the device that shows one-time codes (RFC 6238); it counts once a code was shown."""
    return call.write_once(_begin_factor)


def _begin_factor(session: Session, actor: Actor) -> Answered:
    # the first one is set up at the first sign-in; another one by who proves that it is they
    if has_second_factor(session, actor.account_id) and not actor.confirmed:
        raise ConfirmationNeeded
    account = account_of(session, actor.account_id)
    return Answered(second_factor_answer(begin_second_factor(session, account.id, account.username)))


@router.post(
    "/second_factor/confirm",
    response_model=RecoveryCodesAnswer,
    operation_id="confirm_second_factor",
    responses=problems(*SIGNED_IN, "media_type"),
)
def confirm_factor(call: Person, body: CodeBody) -> Response:
    """Show a code of the new secret. Answers with ten recovery codes, once."""
    return call.write_once(lambda session, actor: _confirm_factor(session, actor, body.code))


def _confirm_factor(session: Session, actor: Actor, code: str) -> Answered:
    codes = confirm_second_factor(session, actor.account_id, code)
    if codes is None:
        raise FieldRefused(("code", "code_does_not_fit"))
    return Answered(RecoveryCodesAnswer(recovery_codes=codes))


@router.post(
    "/recovery_codes",
    response_model=RecoveryCodesAnswer,
    operation_id="renew_recovery_codes",
    responses=problems(*_CONFIRMED),
)
def renew_codes(call: Confirmed) -> Response:
    """Ten new recovery codes; those from before count no longer."""
    return call.write_once(
        lambda session, actor: Answered(
            RecoveryCodesAnswer(recovery_codes=new_recovery_codes(session, actor.account_id))
        )
    )


@router.get(
    "/sessions", response_model=SessionList, operation_id="list_sessions", responses=problems(*SIGNED_IN)
)
def read_sessions(call: Anybody) -> Response:
    """The running sessions of one's own account."""
    return call.read(_sessions)


def _sessions(session: Session, actor: Actor) -> Answered:
    items = [session_answer(row, actor) for row in own_sessions(session, actor)]
    return Answered(SessionList(items=items, links={"self": "/me/sessions"}))


@router.post(
    "/sessions/end_others", status_code=204, operation_id="end_other_sessions", responses=problems(*SIGNED_IN)
)
def end_others(call: Anybody) -> Response:
    """End every session of one's own account but this one."""
    return call.write(_end_others)


def _end_others(session: Session, actor: Actor) -> Answered:
    end_other_sessions(session, actor)
    return Answered(None)
