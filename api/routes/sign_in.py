"""Signing in and out, going on with a session, proving it once more, and the public keys that check our tokens."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from api.access import Anyone, Gate
from api.calls import Answered, Call, Session
from api.openapi import ALWAYS, SIGNED_IN, problems
from api.representations.policy import PublicKeys
from api.representations.sign_in import (
    ConfirmBody,
    ConfirmedAnswer,
    RefreshBody,
    SignInBody,
    TokenAnswer,
    token_answer,
)
from api.strict_json import StrictRoute
from domain.actors import Actor, Role
from domain.refusals import NotSignedIn, SignInRefused
from domain.signing_in import SetUpStep
from services.database import Begin
from services.passwords import place_in_the_queue
from services.rate_limits import SIGN_INS
from services.refresh_tokens import Refreshed, refresh
from services.sessions import begin as resume
from services.sessions import sign_out
from services.signing_in import Credentials, prove_again, sign_in, source_digest

router: Final = APIRouter(tags=["Signing in"], route_class=StrictRoute)
Knocking = Annotated[Call, Depends(Anyone(SIGN_INS))]
_KNOCK: Final = (*ALWAYS, "too_many", "media_type")


@router.post(
    "/sign_in",
    response_model=TokenAnswer,
    operation_id="sign_in",
    responses=problems(*_KNOCK, "sign_in_refused"),
)
def enter(call: Knocking, body: SignInBody) -> Response:
    """An access token for ten minutes, in a session of at most twelve hours. Takes no key: each sign-in is a new session.

    Whatever does not fit, the refusal is the same. After five failures under one name the next try waits, longer each time.
    """
    return call.apart_publicly(lambda begin: _entered(call, begin, body), within=place_in_the_queue)


def _entered(call: Call, begin: Begin, body: SignInBody) -> Answered:
    signed_in = sign_in(begin, Credentials(body.username, body.password, body.code))
    return token_of(call, signed_in.session, signed_in.to_set_up)


@router.post(
    "/sign_in/refresh",
    response_model=TokenAnswer,
    operation_id="refresh_session",
    responses=problems(*_KNOCK, "sign_in_refused"),
)
def go_on(call: Knocking, body: RefreshBody) -> Response:
    """The next access token and the next refresh token. Each refresh token is used once; a second use ends the session."""
    return call.apart_publicly(lambda begin: _refreshed(call, begin, body))


def _refreshed(call: Call, begin: Begin, body: RefreshBody) -> Answered:
    refreshed = refresh(begin, body.refresh_token, source_digest(call.house.master_keys, call.asked.source))
    try:
        with begin() as session:
            actor = resume(session, refreshed.account_id, refreshed.session_id)
    except NotSignedIn:  # the account was shut meanwhile
        raise SignInRefused from None
    return token_of(call, refreshed, actor.to_set_up)


def token_of(call: Call, session: Refreshed, steps: tuple[SetUpStep, ...]) -> Answered:
    """An access token for a session that just began or goes on."""
    keys = call.house.token_keys
    claims = keys.new_claims(session.account_id, session.session_id, now=datetime.now(UTC))
    life = int((claims.expires_at - claims.issued_at).total_seconds())
    return Answered(token_answer(keys.sign(claims), life, session, steps))


@router.post(
    "/sign_in/confirm",
    response_model=ConfirmedAnswer,
    operation_id="confirm_session",
    responses=problems(*SIGNED_IN, "sign_in_refused", "too_many", "media_type"),
)
def confirm(call: Annotated[Call, Depends(Gate(Role))], body: ConfirmBody) -> Response:
    """Prove once more that it is you: for five minutes, exports, emergency access and changes of roles are open."""
    return call.apart(
        lambda begin, actor: Answered(ConfirmedAnswer(confirmed_until=prove_again(begin, actor, body.proof)))
    )


@router.post("/sign_out", status_code=204, operation_id="sign_out", responses=problems(*SIGNED_IN))
def leave(call: Annotated[Call, Depends(Gate(Role, during_set_up=True))]) -> Response:
    """End the session; its token is refused from the next request on."""
    return call.write(_leave)


def _leave(session: Session, actor: Actor) -> Answered:
    sign_out(session, actor)
    return Answered(None)


@router.get(
    "/.well-known/jwks.json",
    response_model=PublicKeys,
    operation_id="read_public_keys",
    responses=problems(*ALWAYS),
)
async def public_keys(call: Annotated[Call, Depends(Anyone())]) -> Response:
    """The public halves of the keys that sign access tokens (RFC 7517)."""
    return JSONResponse(call.house.token_keys.public_jwks(now=datetime.now(UTC)))
