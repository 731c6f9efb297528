"""Signing in and out, and the public keys with which others check our tokens."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from api.access import Anyone, Gate
from api.calls import Answered, Call, Session
from api.openapi import ALWAYS, SIGNED_IN, problems
from api.representations.policy import PublicKeys
from api.representations.registers import SignInBody, TokenAnswer
from api.strict_json import StrictRoute
from domain.actors import Actor, Role
from services.rate_limits import SIGN_INS
from services.sessions import sign_in, sign_out

router: Final = APIRouter(tags=["Signing in"], route_class=StrictRoute)


@router.post(
    "/token",
    response_model=TokenAnswer,
    operation_id="sign_in",
    responses=problems(*ALWAYS, "sign_in_refused", "too_many", "media_type"),
)
def token(call: Annotated[Call, Depends(Anyone(SIGN_INS))], body: SignInBody) -> Response:
    """An access token for ten minutes, in a session of at most twelve hours. Takes no key: each sign-in is a new session."""
    return call.write_publicly_each_time(lambda session: _token(call, session, body))


def _token(call: Call, session: Session, body: SignInBody) -> Answered:
    signed_in = sign_in(session, body.username, body.password)
    keys = call.house.token_keys
    claims = keys.new_claims(signed_in.account_id, signed_in.session_id, now=datetime.now(UTC))
    life = int((claims.expires_at - claims.issued_at).total_seconds())
    return Answered(
        TokenAnswer(access_token=keys.sign(claims), expires_in=life, session_expires_at=signed_in.expires_at)
    )


@router.post("/sign_out", status_code=204, operation_id="sign_out", responses=problems(*SIGNED_IN))
def leave(call: Annotated[Call, Depends(Gate(Role))]) -> Response:
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
