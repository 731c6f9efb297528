"""What is sent back: each field with its label, each answer with the reader's standing to what it shows."""

import inspect
from functools import cache
from typing import Any, ClassVar, Final, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, PrivateAttr
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from domain.disclosure import Standing
from domain.labels import INTERNAL, SEALED_BY_CONTENT, Label

REDACTED: Final = "_redacted"
EXPLAINED: Final = "_explained"


class Answer(BaseModel):
    """What is sent back. Fields use aware `datetime`, `date` and `UUID`: the input types take text only.

    Every class says with LABEL how narrowly its own fields are read; a field with another label carries it in its
    annotation. `api/redaction.py` is the one place where an answer becomes JSON.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True)
    LABEL: ClassVar[Label]
    _standing: Standing | None = PrivateAttr(default=None)

    def seen_with(self, standing: Standing) -> Self:
        """The same answer for a reader who stands to its subject in this way; without it, nothing narrow leaves."""
        self._standing = standing
        return self

    @property
    def standing(self) -> Standing | None:
        return self._standing

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """What may be withheld is not required, and every narrow field says its label."""
        found = handler(schema)
        described = handler.resolve_ref_schema(found)
        labels = {key: label for _name, key, label in labels_of(cls)}
        absent = {key for key, label in labels.items() if label.narrow} | {EXPLAINED}
        if "required" in described:
            described["required"] = [key for key in described["required"] if key not in absent]
            if REDACTED in labels:
                described["required"].append(REDACTED)
        for key, label in labels.items():
            if label.narrow and key in described.get("properties", {}):
                described["properties"][key]["x-label"] = _written(label)
        return found


class Explanation(Answer):
    """Whether a compartment is read, and the row of the disclosure table by which it is or is not."""

    LABEL = INTERNAL
    read: bool
    rule: str


class Guarded(Answer):
    """An answer of which a part may be withheld; what is withheld is absent and named in `_redacted`."""

    model_config = ConfigDict(populate_by_name=True)
    LABEL = INTERNAL
    redacted: list[str] = Field(default_factory=list, alias=REDACTED)
    explained: dict[str, Explanation] = Field(default_factory=dict, alias=EXPLAINED)


class OfSection(Answer):
    """What shows one section of a person's record, whose fields lie in compartments of their own."""

    LABEL = INTERNAL
    _section: str = PrivateAttr()

    def of(self, section: str, standing: Standing) -> Self:
        self._section = section
        return self.seen_with(standing)

    @property
    def section(self) -> str:
        return self._section


class Revision(OfSection):
    """One revision of a section, field by field."""

    model_config = ConfigDict(extra="allow")
    LABEL = SEALED_BY_CONTENT


@cache
def labels_of(answer: type[Answer]) -> tuple[tuple[str, str, Label], ...]:
    """Name, name in JSON and label of every field of an answer."""
    return tuple(
        (name, field.alias or name, _label(answer, name)) for name, field in answer.model_fields.items()
    )


def _label(answer: type[Answer], name: str) -> Label:
    """The field's own, else that of the class that declares it."""
    for one in answer.model_fields[name].metadata:
        if isinstance(one, Label):
            return one
    declaring = next(cls for cls in answer.__mro__ if name in inspect.get_annotations(cls))
    found: Label = declaring.__dict__["LABEL"]
    return found


def answers_in(annotation: Any) -> set[type[Answer]]:
    """The answers that a field's annotation holds."""
    if isinstance(annotation, type) and issubclass(annotation, Answer):
        return {annotation}
    return {found for part in get_args(annotation) for found in answers_in(part)}


@cache
def reachable(answer: type[Answer]) -> frozenset[type[Answer]]:
    """The answer and every answer inside it."""
    found: set[type[Answer]] = set()
    waiting = [answer]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [part for field in one.model_fields.values() for part in answers_in(field.annotation)]
    return frozenset(found)


@cache
def holds_narrow(answer: type[Answer]) -> bool:
    """Whether anything in it is restricted or sealed."""
    return any(label.narrow for one in reachable(answer) for _name, _key, label in labels_of(one))


def _written(label: Label) -> str:
    """The label as the description of the interface shows it."""
    if label.compartment is not None:
        return f"{label.level}:{label.compartment}"
    return f"{label.level}:by_member" if label.members is not None else f"{label.level}:by_content"
