"""Houses whose word on people is taken, and signing in with it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer
from api.representations.clients import Coordinate, KeyId
from api.representations.types import Body, Id
from domain.labels import INTERNAL, PUBLIC
from services.federation import Jwks, NewIssuer
from services.records.clients import IssuerRow

HttpsAddress = Annotated[
    str,
    Field(strict=True, pattern=r"^https://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$", max_length=200),
]
Sign = Annotated[str, Field(strict=True, pattern=r"^[\x21-\x7e]{1,200}$", max_length=200)]
Modulus = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_-]{342,1366}$", max_length=1366)]
_KEY = {
    "kid": "2026-a",
    "kty": "EC",
    "crv": "P-256",
    "x": "51pNBlauyncGMbv3nsO1ekuqXD_iERhBLZV-75BlcOI",
    "y": "I0peRYQGY_EmB2uiC1Y5csXQidZXXdA-gCoJAkFLXTs",
}


class PinnedKey(Body):
    """A public key (RFC 7517): `crv`, `x`, `y` for ES256; `n`, `e` for RS256."""

    kid: KeyId
    kty: Literal["EC", "RSA"]
    crv: Literal["P-256"] | None = None
    x: Coordinate | None = None
    y: Coordinate | None = None
    n: Modulus | None = None
    e: Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_-]{1,8}$", max_length=8)] | None = None


class KeysBody(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"keys": [dict(_KEY)]}]})
    keys: Annotated[list[PinnedKey], Field(min_length=1, max_length=5)]

    def jwks(self) -> Jwks:
        return [key.model_dump(exclude_none=True) for key in self.keys]


class IssuerBody(KeysBody):
    """`acr_values`: which strengths of signing in there are enough here."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "issuer": "https://sign-in.example.invalid",
                    "audience": "homeward",
                    "algorithm": "ES256",
                    "keys": [dict(_KEY)],
                    "acr_values": ["phrh"],
                }
            ]
        }
    )
    issuer: HttpsAddress
    audience: Sign
    algorithm: Literal["ES256", "RS256"]
    acr_values: Annotated[list[Sign], Field(min_length=1, max_length=10)]

    def new_issuer(self) -> NewIssuer:
        return NewIssuer(self.issuer, self.audience, self.algorithm, self.jwks(), self.acr_values)


class IdentityBody(Body):
    """Who somebody is at another house: its `sub`, never a name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"issuer_id": "0198c0de-0000-7000-8000-000000000029", "subject": "a7c1e9"}]
        }
    )
    issuer_id: Id
    subject: Sign


class IdTokenBody(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"id_token": "eyJ...from the other house..."}]})
    id_token: Annotated[str, Field(strict=True, min_length=1, max_length=4096)]


class NonceAnswer(Answer):
    """To be sent to the other house with the request to sign somebody in (`nonce`)."""

    LABEL = PUBLIC
    nonce: str
    expires_at: datetime


class IssuerAnswer(Answer):
    LABEL = INTERNAL
    id: UUID
    version: int
    issuer: str
    audience: str
    algorithm: str
    acr_values: list[str]
    disabled_at: datetime | None
    links: dict[str, str]


class IssuerList(Answer):
    LABEL = INTERNAL
    items: list[IssuerAnswer]
    links: dict[str, str]


def issuer_answer(row: IssuerRow) -> IssuerAnswer:
    return IssuerAnswer(
        id=row.id,
        version=row.version,
        issuer=row.issuer,
        audience=row.audience,
        algorithm=row.algorithm,
        acr_values=row.acr_values,
        disabled_at=row.disabled_at,
        links={"self": "/issuers", "keys": f"/issuers/{row.id}/keys"},
    )
