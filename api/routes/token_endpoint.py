"""The token endpoint for machines (RFC 6749), and what they read to find it (RFC 8414)."""

from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from api.access import Anyone
from api.calls import Answered, Call, House
from api.openapi import ALWAYS, problems
from api.representations.clients import ClientTokenAnswer, ServerMetadata
from api.strict_json import StrictRoute
from domain.clients import written
from domain.refusals import FieldRefused, MediaTypeRefused
from services.client_sign_in import sign_client_in
from services.database import Begin
from services.rate_limits import CLIENT_SIGN_INS

router: Final = APIRouter(tags=["Machines"], route_class=StrictRoute)
GRANT_TYPE: Final = "client_credentials"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FORM: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 8
_BODY: Final = {
    "required": True,
    "content": {
        _FORM: {
            "schema": {
                "type": "object",
                "required": ["grant_type", "client_assertion_type", "client_assertion"],
                "properties": {
                    "grant_type": {"type": "string", "const": GRANT_TYPE},
                    "client_assertion_type": {"type": "string", "const": ASSERTION_TYPE},
                    "client_assertion": {
                        "type": "string",
                        "maxLength": 4096,
                        "description": "A JWT signed with ES256: iss and sub the client's id, aud this address, exp at most"
                        " 60 s away, a jti of its own (RFC 7523).",
                    },
                    "scope": {
                        "type": "string",
                        "maxLength": 2000,
                        "description": "place:CODE once, where there are several; purpose:NAME as often as needed.",
                    },
                },
            }
        }
    },
}


def token_address(house: House) -> str:
    return f"{house.settings.issuer.rstrip('/')}/token"


@router.post(
    "/token",
    response_model=ClientTokenAnswer,
    operation_id="sign_client_in",
    responses=problems(*ALWAYS, "client_refused", "scope_refused", "too_many", "media_type"),
    openapi_extra={"requestBody": _BODY},
)
def token(request: Request, call: Annotated[Call, Depends(Anyone(CLIENT_SIGN_INS))]) -> Response:
    """A token for five minutes, for one place and the purposes asked for. Takes no key: each assertion counts once."""
    form = _form(request.headers.get("content-type", ""), call.asked.body)
    return call.apart_publicly(lambda begin: _token(call, begin, form))


def _form(content_type: str, body: bytes) -> dict[str, str]:
    """The fields of the form, each at most once (RFC 6749, 3.2)."""
    if content_type.partition(";")[0].strip().lower() != _FORM:
        raise MediaTypeRefused
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            encoding="ascii",
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise FieldRefused(("body", "form_format")) from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise FieldRefused(("body", "form_format"))
    for name, wanted in (("grant_type", GRANT_TYPE), ("client_assertion_type", ASSERTION_TYPE)):
        if form.get(name) != wanted:
            raise FieldRefused((name, "unsupported_here"))
    return form


def _token(call: Call, begin: Begin, form: dict[str, str]) -> Answered:
    opened = sign_client_in(
        begin, form.get("client_assertion", ""), form.get("scope", ""), token_address(call.house)
    )
    keys = call.house.token_keys
    claims = keys.new_claims(opened.account_id, opened.session_id, now=datetime.now(UTC), life=opened.life)
    answer = ClientTokenAnswer(
        access_token=keys.sign(claims),
        expires_in=int(opened.life.total_seconds()),
        scope=written(opened.grant),
    )
    return Answered(answer)


@router.get(
    "/.well-known/oauth-authorization-server",
    response_model=ServerMetadata,
    operation_id="read_server_metadata",
    responses=problems(*ALWAYS),
)
async def metadata(call: Annotated[Call, Depends(Anyone())]) -> Response:
    """Where and how machines get their tokens."""
    issuer = call.house.settings.issuer
    found = ServerMetadata(
        issuer=issuer,
        token_endpoint=token_address(call.house),
        jwks_uri=f"{issuer.rstrip('/')}/.well-known/jwks.json",
        response_types_supported=[],
        grant_types_supported=[GRANT_TYPE],
        token_endpoint_auth_methods_supported=["private_key_jwt"],
        token_endpoint_auth_signing_alg_values_supported=["ES256"],
    )
    return JSONResponse(found.model_dump())
