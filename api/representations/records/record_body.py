"""What every stage record has: when it happened, how narrowly it is read, and rules between fields."""

from collections.abc import Callable, Hashable
from datetime import date
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, ValidationInfo
from pydantic_core import PydanticKnownError

from api.representations.rules import broken
from api.representations.types import SECRET, Body, PastMoment

EXAMPLE_MOMENT: Final = "2026-03-12T09:30:00+08:00"
MOST_ITEMS: Final = 20

Item = TypeVar("Item", bound=Hashable)
Value = TypeVar("Value")


class RecordBody(Body):
    """One record of a stage; the domain's table of compartments says with which part of the case it is read."""

    happened_at: PastMoment = Field(description="When it happened, not when it was written down.")

    @classmethod
    def secret_fields(cls) -> frozenset[str]:
        """The fields that are read more narrowly than the record itself, such as an address."""
        return frozenset(name for name, field in cls.model_fields.items() if SECRET in field.metadata)


def example(**fields: JsonValue) -> ConfigDict:
    """The model settings that show one valid record in the API's description."""
    shown: dict[str, JsonValue] = {"happened_at": EXAMPLE_MOMENT, **fields}
    return ConfigDict(json_schema_extra={"examples": [shown]})


def needed_when(other: str, *answers: object) -> AfterValidator:
    """The field is needed when a field above it has one of these answers; the error names the empty field."""

    def check(value: Value, info: ValidationInfo) -> Value:
        if value is None and info.data.get(other) in answers:
            raise broken("needed_here")
        return value

    return AfterValidator(check)


def not_before(other: str) -> AfterValidator:
    """The date must not lie before the date of a field above it."""

    def check(value: date | None, info: ValidationInfo) -> date | None:
        earlier = info.data.get(other)
        if value is not None and earlier is not None and value < earlier:
            raise broken("dates_in_wrong_order")
        return value

    return AfterValidator(check)


def _not_empty(items: tuple[Item, ...]) -> tuple[Item, ...]:
    # Counted here, since pydantic counts only the valid items and would add "too short" to every wrong one.
    if not items:
        raise PydanticKnownError("too_short", {"field_type": "List", "min_length": 1, "actual_length": 0})
    return items


def _each_once(rule: str) -> Callable[[tuple[Item, ...]], tuple[Item, ...]]:
    def check(items: tuple[Item, ...]) -> tuple[Item, ...]:
        if len(set(items)) < len(items):
            raise broken(rule)
        return items

    return check


ONCE: Final = AfterValidator(_each_once("items_repeated"))
MONTHS_ONCE: Final = AfterValidator(_each_once("months_repeated"))
AT_LEAST_ONE: Final = AfterValidator(_not_empty)
Items = Annotated[
    tuple[Item, ...], Field(max_length=MOST_ITEMS, json_schema_extra={"uniqueItems": True}), ONCE
]
SomeItems = Annotated[
    tuple[Item, ...],
    Field(max_length=MOST_ITEMS, json_schema_extra={"uniqueItems": True, "minItems": 1}),
    AT_LEAST_ONE,
    ONCE,
]
