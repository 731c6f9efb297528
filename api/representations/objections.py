"""Objections to what became of a report."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer, Guarded
from api.representations.types import Body, LongText
from domain.actors import Actor
from domain.compartments import objection_compartment
from domain.disclosure import standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, PUBLIC, SEALED_BY_CONTENT
from domain.reports import Objection
from services.objections import OpenObjection


class Kind(StrEnum):
    """Those that a unit raises; a complaint comes with a receipt."""

    REVIEW = Objection.REVIEW
    PROSECUTOR_DEMAND = Objection.PROSECUTOR_DEMAND


class ComplaintBody(Body):
    """What the reporter is not content with; read by whoever decides it, never by the unit that it is about."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"narrative": "没有人来过，也没有人联系我"}]})
    narrative: LongText


class ComplaintAnswer(Answer):
    """The same for every receipt."""

    LABEL = PUBLIC

    number: str
    status: str
    emergency: str = Field(description="Whom to call when somebody is in danger now.")


class ObjectionBody(Body):
    """A review by the level above, or the procuratorate's demand for reasons (C-7)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "prosecutor_demand", "narrative": "请说明认定查无实据的理由"}]
        }
    )
    kind: Kind
    narrative: LongText


class ObjectionAnswer(Guarded):
    """While it is open nothing of the report is erased. `unit_id` decides it."""

    LABEL = INTERNAL

    id: UUID
    version: int
    report_id: UUID
    kind: str
    opened_at: datetime
    opened_by_unit_id: UUID | None = Field(description="None: the reporter.")
    unit_id: UUID
    closed_at: datetime | None
    said: Annotated[dict[str, object] | None, SEALED_BY_CONTENT]
    decided: Annotated[dict[str, object] | None, SEALED_BY_CONTENT] = Field(description="Null: not decided.")
    links: dict[str, str]


class ObjectionList(Answer):
    LABEL = INTERNAL
    items: list[ObjectionAnswer]
    links: dict[str, str]


def objection_answer(objection: OpenObjection, actor: Actor) -> ObjectionAnswer:
    """An objection, for the unit that decides it, the unit that answers the report, and those beside them."""
    row = objection.row
    ways = {
        Relation.DECIDES: actor.unit_id == row.unit_id,
        Relation.ANSWERS: actor.unit_id in objection.answered_by,
    }
    base = f"/reports/{row.report_id}"
    names = ("id", "version", "report_id", "kind", "opened_at", "opened_by_unit_id", "unit_id", "closed_at")
    return ObjectionAnswer.model_validate(
        {
            **{name: getattr(row, name) for name in names},
            "said": objection.said,
            "decided": objection.decided,
            "links": {"report": base}
            | ({} if row.closed_at else {"close": f"{base}/objections/{row.id}/close"}),
        }
    ).seen_with(standing(actor, ways, objection_compartment(Objection(row.kind))))
