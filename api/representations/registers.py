"""Places and units."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer
from api.representations.types import Body, Id, Name, StrictBool
from domain.agencies import AGENCY_NAMES, Agency, InstitutionKind, PlaceKind
from domain.labels import INTERNAL, PUBLIC
from domain.texts import Language, Text
from services.records.agencies import PlaceRow, UnitRow


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
