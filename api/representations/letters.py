"""Door codes as officers hand them over, and letters as offices answer them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer, Guarded
from api.representations.types import Body, LongText
from domain.actors import Actor
from domain.compartments import Compartment
from domain.disclosure import standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, sealed
from domain.own_door import LetterKind, Voice
from domain.texts import Language
from services.letters import Letter
from services.records.own_door import DoorCodeRow


class DoorCodeBody(Body):
    """For whom: the person, or a child's guardian who is safe or temporary; and in which language they read."""

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={"examples": [{"for": "person", "language": "zh-CN"}]},
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )
    voice: Voice = Field(alias="for")
    language: Language


class RevokeCodeBody(Body):
    """Whose code ends."""

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={"examples": [{"for": "guardian"}]},
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )
    voice: Voice = Field(alias="for")


class DoorCodeAnswer(Answer):
    """`code` is shown this once. It counts for seven days until its first use, then as long as it is used."""

    model_config = ConfigDict(populate_by_name=True)
    LABEL = INTERNAL

    code: str
    voice: Voice = Field(alias="for")
    language: str
    good_until: datetime
    links: dict[str, str]


class RevokedCodeAnswer(Answer):
    model_config = ConfigDict(populate_by_name=True)
    LABEL = INTERNAL
    voice: Voice = Field(alias="for")
    ended_at: datetime


class LetterAnswerBody(Body):
    """What the writer reads at their door."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "已更正，谢谢您告诉我们"}]})
    text: LongText


class LetterAnswer(Guarded):
    """`said` and `answer` are null in lists: they are read one by one."""

    model_config = ConfigDict(populate_by_name=True)
    LABEL = INTERNAL

    id: UUID
    version: int
    kind: LetterKind
    voice: Voice = Field(alias="for")
    written_at: datetime
    answered_at: datetime | None
    said: Annotated[dict[str, object] | None, sealed(Compartment.LETTERS)]
    answer: Annotated[str | None, sealed(Compartment.LETTERS)]
    links: dict[str, str]


class LetterList(Answer):
    LABEL = INTERNAL
    items: list[LetterAnswer]
    links: dict[str, str]


def door_code_answer(code: str, row: DoorCodeRow) -> DoorCodeAnswer:
    return DoorCodeAnswer(
        code=code,
        voice=Voice(row.voice),
        language=row.language,
        good_until=row.good_until,
        links={"victim": f"/cases/{row.case_id}/victims/{row.victim_id}", "door": "/door"},
    )


def letter_answer(letter: Letter, actor: Actor) -> LetterAnswer:
    row, text = letter.row, (letter.answer or {}).get("text")
    links = {"self": f"/letters/{row.id}"}
    if row.unit_id is None:  # who hears a complaint reads no case by it
        links["victim"] = f"/cases/{row.case_id}/victims/{row.victim_id}"
    return LetterAnswer(
        id=row.id,
        version=row.version,
        kind=LetterKind(row.kind),
        voice=Voice(row.voice),
        written_at=row.written_at,
        answered_at=row.answered_at,
        said=None if letter.said is None else dict(letter.said),
        answer=None if text is None else str(text),
        links=links,
    ).seen_with(standing(actor, {Relation.DECIDES: True}))
