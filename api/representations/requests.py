"""A nameless request, as the unit that is asked and the unit that asks see it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer, Guarded
from api.representations.types import Body, Id, LongText, Moment
from domain.actors import Actor
from domain.compartments import Compartment
from domain.disclosure import standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, sealed
from domain.requests import NEED_NAMES, Need
from domain.texts import Language, Text
from services.requests import Request


class RequestBody(Body):
    """What is needed, by when, in words that name nobody: no name, number, address or case."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "unit_id": "0198c0de-0000-7000-8000-000000000001",
                    "what": "housing_place",
                    "text": "一位成年女性带一名幼儿，需要单独居住的住房，靠近学校",
                    "by": "2026-12-31T18:00:00+08:00",
                }
            ]
        }
    )
    unit_id: Id
    what: Need
    text: LongText
    by: Moment


class ReplyBody(Body):
    """Whether it could be done, and what the unit that asked must know."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcome": "done", "words": "已预留一套，凭本请求编号领取钥匙"}]}
    )
    outcome: Literal["done", "not_possible"]
    words: LongText


class RequestLine(Answer):
    """Who asks is told as a unit; no case, stage or person is."""

    LABEL = INTERNAL

    id: UUID
    version: int
    what: str
    what_name: str
    state: str
    by: datetime
    unit_id: UUID
    asked_by_unit_id: UUID
    asked_by_agency: str
    asked_by_name: str
    asked_at: datetime
    answered_at: datetime | None
    links: dict[str, str]


class RequestAnswer(RequestLine, Guarded):
    """The same with its words; `words` null: it is not answered."""

    LABEL = INTERNAL
    text: Annotated[str | None, sealed(Compartment.REQUESTS)] = Field(description="What is needed.")
    words: Annotated[str | None, sealed(Compartment.REQUESTS)] = Field(description="The answer.")


class RequestList(Answer):
    LABEL = INTERNAL
    items: list[RequestLine]
    links: dict[str, str]


def request_answer(request: Request, actor: Actor, language: Language) -> RequestAnswer:
    """With its words, for the unit that is asked and the unit that asks."""
    ways = {
        Relation.WAITING: actor.unit_id == request.row.unit_id,
        Relation.AUTHOR: actor.unit_id == request.row.asked_by_unit_id,
    }
    return RequestAnswer.model_validate(
        {
            **dict(request_line(request, language)),
            "text": request.said.get("request", {}).get("text"),
            "words": request.said.get("answer", {}).get("words"),
        }
    ).seen_with(standing(actor, ways))


def request_line(request: Request, language: Language) -> RequestLine:
    row, asker = request.row, request.asked_by
    return RequestLine.model_validate(
        {
            "id": row.id,
            "version": row.version,
            "what": row.what,
            "what_name": NEED_NAMES[Need(row.what)].in_language(language),
            "state": row.state,
            "by": row.by,
            "unit_id": row.unit_id,
            "asked_by_unit_id": row.asked_by_unit_id,
            "asked_by_agency": asker.agency,
            "asked_by_name": Text(asker.name_zh, asker.name_en).in_language(language),
            "asked_at": row.asked_at,
            "answered_at": row.answered_at,
            "links": {"self": f"/requests/{row.id}"},
        }
    )
