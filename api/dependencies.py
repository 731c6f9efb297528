"""Parameters that many routes share."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from pydantic import BeforeValidator
from pydantic_core import PydanticKnownError

from api.representations.types import identifier
from domain.numbers import NumberMistyped, parse_case_number
from domain.refusals import FieldRefused


def plain_digits(value: object) -> object:
    """Digits as everybody writes them: the number's own parser would take `1_0` for 10."""
    if isinstance(value, str) and not (value.isascii() and value.isdecimal()):
        raise PydanticKnownError("int_parsing")
    return value


def true_or_false(value: object) -> object:
    """The two words of JSON: the flag's own parser would take `on` and `1`."""
    if isinstance(value, str) and value not in ("true", "false"):
        raise PydanticKnownError("bool_parsing")
    return value


def typed_case_number(said: str, field: str) -> str:
    """A case number as it is stored; FieldRefused names the field in which it was mistyped."""
    try:
        return parse_case_number(said)
    except NumberMistyped:
        raise FieldRefused((field, "number_format")) from None


PathId = Annotated[UUID, BeforeValidator(identifier), Path()]
QueryId = Annotated[UUID, BeforeValidator(identifier), Query()]
Mark = Annotated[str | None, Query(max_length=500, description="The page mark of a `next` link.")]
Explain = Annotated[
    bool,
    BeforeValidator(true_or_false),
    Query(
        description="Add `_explained`: of each compartment of the answer whether it is read, and by which row of the"
        " disclosure table. It is the same whether or not anything is stored there."
    ),
]
Limit = Annotated[int, BeforeValidator(plain_digits), Query(ge=1, le=100, description="Lines on a page.")]
