"""Looking for somebody: what is asked, in the body and never in an address, and who was found."""

from enum import StrEnum
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field, Strict, model_validator

from api.representations.answers import Answer, Guarded
from api.representations.rules import broken
from api.representations.types import Body, IdentityNumber, Name, PhoneNumber
from domain.compartments import Compartment
from domain.labels import INTERNAL, sealed
from services.name_tokens import Fit
from services.search import Sought

_FIELDS: Final = ("name", "identity_number", "phone")


class CaseState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class SearchBody(Body):
    """Exactly one of `name`, `identity_number`, `phone`. Of a name a part is enough, as it is written or as it sounds;
    a number must be whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "小明", "case_state": "open"}]})
    name: Name | None = None
    identity_number: IdentityNumber | None = None
    phone: PhoneNumber | None = None
    case_state: CaseState | None = None
    after: Annotated[
        str | None,
        Field(max_length=500, description="The page mark of an earlier answer to the same search."),
    ] = None
    limit: Annotated[int, Strict(), Field(ge=1, le=50)] = 20

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len([name for name in _FIELDS if getattr(self, name) is not None]) != 1:
            raise broken("exactly_one")
        return self

    def sought(self) -> Sought:
        field = next(name for name in _FIELDS if getattr(self, name) is not None)
        return Sought(field, getattr(self, field), self.case_state)


class FoundPerson(Guarded):
    """Somebody in a case of the caller's unit. `name` only where a name was asked for."""

    LABEL = INTERNAL

    case_id: UUID
    victim_id: UUID
    case_state: CaseState
    fit: Fit = Field(description="As it is written, or as it sounds.")
    name: Annotated[str | None, sealed(Compartment.IDENTITY)]
    links: dict[str, str]


class SearchAnswer(Answer):
    """Those of this page. Pages may be short, or empty, before the last: `next` is null on the last one."""

    LABEL = INTERNAL

    items: list[FoundPerson]
    next: str | None = Field(description="The mark of the next page, for `after` in the same body.")
    links: dict[str, str]
