"""The gate of a route: which roles may knock, written in the route's own signature."""

import re
from collections.abc import Iterable
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from fastapi.security.base import SecurityBase

from api.calls import Asked, Call, Condition, House
from api.door_calls import DoorCall
from api.languages import language_of
from domain.actors import Role
from domain.identifiers import new_id
from domain.purposes import terms_of
from domain.refusals import FieldRefused
from services.rate_limits import Limit

_VERSION: Final = re.compile(r'"([1-9][0-9]{0,17})"')
_KEY: Final = re.compile(r"[\x21-\x7e]{8,255}")
_PURPOSE: Final = re.compile(r"[a-z_]{1,60}")
bearer: Final[SecurityBase] = HTTPBearer(
    auto_error=False, description="The access token of POST /sign_in, or of POST /token for machines."
)

door_bearer: Final[SecurityBase] = HTTPBearer(
    auto_error=False,
    scheme_name="DoorToken",
    description="The token of POST /door. It opens one person's own door and nothing else.",
)


class Gate:
    """Lets in signed-in callers of these roles; what they see beyond it is decided by their unit's work.

    `confirmed`: only who proved within the last minutes that it is they. `during_set_up`: also who has not yet chosen a
    password or set up a second factor. `limit`: one of its own, which the use case counts by account.
    """

    def __init__(
        self,
        roles: Iterable[Role],
        *,
        limit: Limit | None = None,
        confirmed: bool = False,
        during_set_up: bool = False,
    ) -> None:
        self.condition = Condition(frozenset(roles), limit, confirmed, during_set_up)

    async def __call__(self, request: Request, _shown: Annotated[object, Depends(bearer)]) -> Call:
        return await _call(request, self.condition)


class AtTheDoor(Gate):
    """Lets in whoever holds the token of a person's own door; no account, and no officer's token."""

    def __init__(self) -> None:
        super().__init__(())
        self.condition = Condition(None)

    async def __call__(self, request: Request, _shown: Annotated[object, Depends(door_bearer)]) -> DoorCall:
        call = await _call(request, self.condition)
        return DoorCall(call.house, call.asked, call.condition)


class Anyone(Gate):
    """Lets in everybody, with no account, as often as the limit says."""

    def __init__(self, limit: Limit | None = None) -> None:
        super().__init__(())
        self.condition = Condition(None, limit)

    async def __call__(self, request: Request) -> Call:  # type: ignore[override]  # asks for no token
        return await _call(request, self.condition)


async def _call(request: Request, condition: Condition) -> Call:
    house: House = request.app.state.house
    headers = request.headers
    asked = Asked(
        request_id=request_id(request),
        method=request.method,
        path=request.url.path,
        body=await request.body(),
        source=request.client.host if request.client else "unknown",
        token=_token(headers.get("authorization")),
        version=_version(headers.get("if-match")),
        key=_key(headers.get("idempotency-key")),
        purpose=_purpose(headers.get("x-purpose-of-use")),
        language=language_of(headers.get("accept-language")),
    )
    return Call(house, asked, condition)


def request_id(request: Request) -> UUID:
    """One id a request, made by us: it stands in the answer, the log and the timeline."""
    state = request.scope.setdefault("state", {})
    made: UUID = state.setdefault("request_id", new_id())
    return made


def _token(header: str | None) -> str | None:
    scheme, _, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token else None


def _version(header: str | None) -> int | None:
    if header is None:
        return None
    found = _VERSION.fullmatch(header.strip())
    if found is None:
        raise FieldRefused(("If-Match", "version_format"))
    return int(found[1])


def _key(header: str | None) -> str | None:
    if header is not None and not _KEY.fullmatch(header):
        raise FieldRefused(("Idempotency-Key", "key_format"))
    return header


def _purpose(header: str | None) -> str | None:
    if header is None:
        return None
    if not _PURPOSE.fullmatch(header):
        raise FieldRefused(("X-Purpose-Of-Use", "purpose_format"))
    if terms_of(header) is None:
        raise FieldRefused(("X-Purpose-Of-Use", "purpose_unknown"))
    return header
