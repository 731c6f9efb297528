"""A nameless request, as the unit that is asked and the unit that asks see it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.types import Answer, Body, Id, LongText, Moment
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


class RequestAnswer(Answer):
    """Who asks is told as a unit; no case, stage or person is."""

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
    text: str | None = Field(description="What is needed; in the request itself, not in lists.")
    words: str | None = Field(description="The answer; in the request itself, not in lists.")
    links: dict[str, str]


class RequestList(Answer):
    items: list[RequestAnswer]
    links: dict[str, str]


def request_answer(request: Request, language: Language) -> RequestAnswer:
    row, asker = request.row, request.asked_by
    return RequestAnswer.model_validate(
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
            "text": request.said.get("request", {}).get("text"),
            "words": request.said.get("answer", {}).get("words"),
            "links": {"self": f"/requests/{row.id}"},
        }
    )
