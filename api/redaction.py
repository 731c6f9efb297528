"""The one exit: every answer becomes JSON here, as far as its labels, the table and the reader's standing let it."""

from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Final
from uuid import UUID

from pydantic_core import to_json

from api.representations.answers import (
    EXPLAINED,
    REDACTED,
    Answer,
    Guarded,
    OfSection,
    Revision,
    answers_in,
    labels_of,
)
from domain.actors import Actor
from domain.compartments import PERSON_FIELDS, Compartment
from domain.disclosure import Standing, compartments_in, readable, reads, verdict, withheld
from domain.labels import Label, Level

_ANY: Final = UUID(int=0)
_UNSTATED: Final = Standing(frozenset())
_OWN: Final = frozenset({REDACTED, EXPLAINED})


class AtTheDoor(Enum):
    """Who is no officer, and reads what is their own."""

    VISITOR = "visitor"


Reader = Actor | AtTheDoor | None
"""None: everybody, who get what is public and nothing else."""


def written(answer: Answer, reader: Reader, *, explain: bool = False) -> bytes:
    """The answer's JSON for this reader."""
    if isinstance(reader, Actor):
        # which of the reader's units it is plays no part any more: the standing says how it stands
        reader = replace(reader, account_id=_ANY, session_id=_ANY, unit_id=_ANY, place_id=_ANY)
    content, _withheld = _shown(answer, reader, explain=explain)
    return to_json(content)


@dataclass(frozen=True, slots=True)
class _Part:
    """A field that leaves: its name, its name in JSON, its label; `plain`: nothing inside it can be withheld."""

    name: str
    key: str
    label: Label
    plain: bool


@lru_cache(maxsize=8192)
def _parts(
    answer: type[Answer], reader: Reader, standing: Standing
) -> tuple[tuple[_Part, ...], tuple[str, ...]]:
    """The fields that leave and the names of those that do not: the same for every answer of the kind, so kept."""
    fields = [(name, key, label) for name, key, label in labels_of(answer) if key not in _OWN]
    leaving = [field for field in fields if _leaves(field[2], reader, standing)]
    parts = tuple(
        _Part(
            name, key, label, label.members is None and not answers_in(answer.model_fields[name].annotation)
        )
        for name, key, label in leaving
    )
    return parts, tuple(key for name, key, label in fields if (name, key, label) not in leaving)


def _shown(answer: Answer, reader: Reader, *, explain: bool) -> tuple[dict[str, object] | None, list[str]]:
    """What leaves of it, and what is withheld in it and not yet named; None: nothing of it leaves."""
    standing = answer.standing or _UNSTATED
    if isinstance(answer, Revision):
        return _revision(answer, reader, standing), []
    parts, kept_back = _parts(type(answer), reader, standing)
    shown: dict[str, object] = {}
    hidden = [*kept_back, *_of_section(answer, reader, standing)]
    for part in parts:
        value = getattr(answer, part.name)
        if not part.plain:
            value, names = _inside(value, part.label, reader, standing, explain=explain)
            hidden += names
        shown[part.key] = value
    if not isinstance(answer, Guarded):
        return shown, hidden
    shown[REDACTED] = sorted(set(hidden))
    if explain and isinstance(reader, Actor):
        shown[EXPLAINED] = _explained(answer, reader, standing)
    return shown, []


def _leaves(label: Label, reader: Reader, standing: Standing) -> bool:
    """Whether a field leaves; one that has members does, and is split at them."""
    if label.level is Level.PUBLIC:
        return True
    if not isinstance(reader, Actor):
        return label.level is Level.OWN and reader is AtTheDoor.VISITOR
    if label.level is Level.OWN:
        return False
    if not label.narrow or label.members is not None:
        return True
    places = standing.content if label.compartment is None else {label.compartment}
    ways = standing.elsewhere if label.elsewhere else standing.relations
    return bool(places) and all(reads(reader, ways, place) for place in places)


def _inside(
    value: object, label: Label, reader: Reader, standing: Standing, *, explain: bool
) -> tuple[object, list[str]]:
    """A field's value, with what is withheld further inside."""
    if label.members is not None:
        # narrow fields leave for officers only
        assert isinstance(reader, Actor)
        assert isinstance(value, dict)
        ways = standing.relations
        return readable(value, label.members, reader, ways), withheld(label.members, reader, ways)
    if isinstance(value, Answer):
        return _shown(value, reader, explain=explain)
    if not isinstance(value, list):
        return value, []
    kept: list[object] = []
    hidden: list[str] = []
    for item in value:
        shown, names = _inside(item, label, reader, standing, explain=explain)
        hidden += names
        if shown is not None or item is None:
            kept.append(shown)
    return kept, hidden


def _revision(answer: Revision, reader: Reader, standing: Standing) -> dict[str, object] | None:
    """One revision of a section; one of which nothing is for this reader falls out of its list."""
    section, content = answer.section, answer.model_extra or {}
    if not isinstance(reader, Actor):
        return None
    kept = readable({section: content}, {section: PERSON_FIELDS[section]}, reader, standing.relations)
    found = kept.get(section)
    return found if isinstance(found, dict) else None


def _of_section(answer: Answer, reader: Reader, standing: Standing) -> list[str]:
    if not isinstance(answer, OfSection) or not isinstance(reader, Actor):
        return []
    return withheld({answer.section: PERSON_FIELDS[answer.section]}, reader, standing.relations)


def _explained(answer: Answer, reader: Actor, standing: Standing) -> dict[str, object]:
    """Of each compartment of the answer's schema whether it is read, and by which row; stored content plays no part."""
    places: set[Compartment] = set(standing.content)
    for _name, _key, label in labels_of(type(answer)):
        places |= compartments_in(label.compartment) | compartments_in(label.members)
    found = {place: verdict(reader, standing.relations, place) for place in sorted(places)}
    return {str(place): {"read": said.read, "rule": said.rule} for place, said in found.items()}
