"""Places, units and accounts."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer
from api.representations.types import Body, Id, Name, StrictBool
from domain.actors import Actor, Role
from domain.agencies import AGENCY_NAMES, Agency, InstitutionKind, PlaceKind
from domain.labels import INTERNAL, PUBLIC
from domain.texts import Language, Text
from services.records.accounts import AccountRow
from services.records.agencies import PlaceRow, UnitRow

Username = Annotated[
    str, Field(strict=True, min_length=3, max_length=60, pattern=r"^[a-z0-9][a-z0-9._-]{2,59}$")
]
Password = Annotated[str, Field(strict=True, min_length=1, max_length=128)]


class PlaceBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "parent_id": None,
                    "kind": "corps",
                    "code": "01",
                    "name_zh": "示范兵团",
                    "name_en": "Demonstration corps",
                }
            ]
        }
    )
    parent_id: Id | None = None
    kind: PlaceKind
    code: Annotated[str, Field(strict=True, pattern=r"^[0-9A-Za-z-]{1,20}$", max_length=20)]
    name_zh: Name
    name_en: Name


class PlaceAnswer(Answer):
    LABEL = PUBLIC
    id: UUID
    parent_id: UUID | None
    kind: str
    code: str
    name: str
    links: dict[str, str]


class PlaceList(Answer):
    LABEL = PUBLIC
    items: list[PlaceAnswer]
    links: dict[str, str]


class UnitBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "agency": "CAB",
                    "place_id": "0198c0de-0000-7000-8000-000000000005",
                    "institution": "relief_station",
                    "name_zh": "示范救助管理站",
                    "name_en": "Demonstration relief station",
                    "is_default": False,
                }
            ]
        }
    )
    agency: Agency
    place_id: Id
    institution: InstitutionKind | None = None
    name_zh: Name
    name_en: Name
    is_default: StrictBool = False


class UnitAnswer(Answer):
    LABEL = INTERNAL
    id: UUID
    version: int
    agency: str
    agency_name: str
    place_id: UUID
    institution: str | None
    name: str
    is_default: bool
    links: dict[str, str]


class UnitList(Answer):
    LABEL = INTERNAL
    items: list[UnitAnswer]
    links: dict[str, str]


class AccountBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "username": "cab-caseworker-3",
                    "password": "a long sentence nobody guesses",
                    "unit_id": "0198c0de-0000-7000-8000-000000000001",
                    "role": "caseworker",
                }
            ]
        }
    )
    username: Username
    password: Password
    unit_id: Id
    role: Role


class AccountAnswer(Answer):
    LABEL = INTERNAL
    id: UUID
    version: int
    username: str
    unit_id: UUID
    role: str
    disabled_at: datetime | None
    links: dict[str, str]


class AccountList(Answer):
    LABEL = INTERNAL
    items: list[AccountAnswer]
    links: dict[str, str]


class MeAnswer(Answer):
    """Who the token speaks for."""

    LABEL = INTERNAL

    account_id: UUID
    unit_id: UUID
    agency: str
    role: str
    place_id: UUID
    place_kind: str
    institution: str | None
    links: dict[str, str]


class SignInBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"username": "cab-caseworker-1", "password": "a long sentence nobody guesses"}]
        }
    )
    username: Annotated[str, Field(strict=True, min_length=1, max_length=60)]
    password: Password


class TokenAnswer(Answer):
    """An ES256 access token for the Authorization header; `expires_in` in seconds."""

    LABEL = PUBLIC

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  # the scheme, no password
    expires_in: int
    session_expires_at: datetime


def place_answer(row: PlaceRow, language: Language) -> PlaceAnswer:
    links = {"below": f"/places?parent_id={row.id}", "units": f"/units?place_id={row.id}"}
    return PlaceAnswer(
        id=row.id,
        parent_id=row.parent_id,
        kind=row.kind,
        code=row.code,
        name=Text(row.name_zh, row.name_en).in_language(language),
        links=links,
    )


def unit_answer(row: UnitRow, language: Language) -> UnitAnswer:
    return UnitAnswer(
        id=row.id,
        version=row.version,
        agency=row.agency,
        agency_name=AGENCY_NAMES[Agency(row.agency)].in_language(language),
        place_id=row.place_id,
        institution=row.institution,
        name=Text(row.name_zh, row.name_en).in_language(language),
        is_default=row.is_default,
        links={"place": f"/places?parent_id={row.place_id}"},
    )


def account_answer(row: AccountRow) -> AccountAnswer:
    return AccountAnswer(
        id=row.id,
        version=row.version,
        username=row.username,
        unit_id=row.unit_id,
        role=row.role,
        disabled_at=row.disabled_at,
        links={"self": f"/accounts/{row.id}"},
    )


def me_answer(actor: Actor) -> MeAnswer:
    return MeAnswer(
        account_id=actor.account_id,
        unit_id=actor.unit_id,
        agency=actor.agency,
        role=actor.role,
        place_id=actor.place_id,
        place_kind=actor.place_kind,
        institution=actor.institution,
        links={"inbox": "/inbox", "cases": "/cases"},
    )
