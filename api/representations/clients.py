"""Machines: how they are registered, and what they are given at the token endpoint."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.accounts import Username
from api.representations.answers import Answer
from api.representations.types import Body, Id, Moment
from domain.clients import WARNED_BEFORE
from domain.labels import INTERNAL, PUBLIC
from domain.purposes import PurposeOfUse
from services.clients import Client, NewKey, UnitGrant
from services.records.accounts import AccountRow
from services.records.clients import ClientKeyRow

KeyId = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_-]{1,64}$", max_length=64)]
Coordinate = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_-]{43}$", max_length=43)]
_GRANT: Final[dict[str, Any]] = {
    "unit_id": "0198c0de-0000-7000-8000-000000000001",
    "purposes": ["identity_check"],
}


class GrantBody(Body):
    """For which purposes a machine may read at the unit of one place."""

    unit_id: Id
    purposes: Annotated[list[PurposeOfUse], Field(min_length=1, max_length=20)]


class GrantsBody(Body):
    """Everything that the machine is granted: what is not named is taken away."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"grants": [_GRANT]}]})
    grants: Annotated[list[GrantBody], Field(min_length=1, max_length=50)]

    def wanted(self) -> list[UnitGrant]:
        return [UnitGrant(grant.unit_id, frozenset(grant.purposes)) for grant in self.grants]


class ClientBody(GrantsBody):
    """A machine of one agency. It signs in with its own key, which is added next."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "north-police-system", "grants": [_GRANT]}]}
    )
    name: Username


class JwkBody(Body):
    """A public P-256 key (RFC 7517); the private half never leaves the machine."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Coordinate
    y: Coordinate


class ClientKeyBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kid": "2026-a",
                    "jwk": {
                        "kty": "EC",
                        "crv": "P-256",
                        "x": "51pNBlauyncGMbv3nsO1ekuqXD_iERhBLZV-75BlcOI",
                        "y": "I0peRYQGY_EmB2uiC1Y5csXQidZXXdA-gCoJAkFLXTs",
                    },
                    "not_after": "2027-06-01T00:00:00+08:00",
                }
            ]
        }
    )
    kid: KeyId
    jwk: JwkBody
    not_after: Moment

    def new_key(self) -> NewKey:
        return NewKey(self.kid, self.jwk.model_dump(), self.not_after)


class GrantAnswer(Answer):
    LABEL = INTERNAL
    unit_id: UUID
    purposes: list[str]


class ClientKeyAnswer(Answer):
    """`ends_soon`: within 30 days; register its successor."""

    LABEL = INTERNAL
    kid: str
    added_at: datetime
    not_after: datetime
    revoked_at: datetime | None
    counts: bool
    ends_soon: bool


class ClientAnswer(Answer):
    """`id` is the client's `iss` and `sub`."""

    LABEL = INTERNAL
    id: UUID
    version: int
    name: str
    suspended_at: datetime | None
    disabled_at: datetime | None
    grants: list[GrantAnswer]
    keys: list[ClientKeyAnswer]
    links: dict[str, str]


class ClientLine(Answer):
    LABEL = INTERNAL
    id: UUID
    name: str
    suspended_at: datetime | None
    disabled_at: datetime | None
    links: dict[str, str]


class ClientList(Answer):
    LABEL = INTERNAL
    items: list[ClientLine]
    links: dict[str, str]


class ClientTokenAnswer(Answer):
    """RFC 6749, 5.1. There is no refresh token: a machine asks again."""

    LABEL = PUBLIC
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  # the scheme, no password
    expires_in: int
    scope: str


class ServerMetadata(Answer):
    """RFC 8414."""

    LABEL = PUBLIC
    issuer: str
    token_endpoint: str
    jwks_uri: str
    response_types_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]


def client_answer(client: Client) -> ClientAnswer:
    account = client.account
    return ClientAnswer(
        id=account.id,
        version=account.version,
        name=account.username,
        suspended_at=account.suspended_at,
        disabled_at=account.disabled_at,
        grants=[GrantAnswer(unit_id=grant.unit_id, purposes=grant.purposes) for grant in client.grants],
        keys=[_key(key, client.at) for key in client.keys],
        links=_links(account),
    )


def client_line(account: AccountRow) -> ClientLine:
    return ClientLine(
        id=account.id,
        name=account.username,
        suspended_at=account.suspended_at,
        disabled_at=account.disabled_at,
        links=_links(account),
    )


def _links(account: AccountRow) -> dict[str, str]:
    return {"self": f"/clients/{account.id}", "account": f"/accounts/{account.id}"}


def _key(key: ClientKeyRow, at: datetime) -> ClientKeyAnswer:
    counts = key.revoked_at is None and key.not_after > at
    return ClientKeyAnswer(
        kid=key.kid,
        added_at=key.added_at,
        not_after=key.not_after,
        revoked_at=key.revoked_at,
        counts=counts,
        ends_soon=counts and key.not_after <= at + WARNED_BEFORE,
    )
