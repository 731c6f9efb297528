"""Objections to what became of a report."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.types import Answer, Body, LongText
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


class ObjectionAnswer(Answer):
    """While it is open nothing of the report is erased. `unit_id` decides it."""

    model_config = ConfigDict(populate_by_name=True)
    id: UUID
    version: int
    report_id: UUID
    kind: str
    opened_at: datetime
    opened_by_unit_id: UUID | None = Field(description="None: the reporter.")
    unit_id: UUID
    closed_at: datetime | None
    said: dict[str, object] | None
    decided: dict[str, object] | None
    links: dict[str, str]
    redacted: list[str] = Field(alias="_redacted")


class ObjectionList(Answer):
    items: list[ObjectionAnswer]
    links: dict[str, str]


def objection_answer(objection: OpenObjection) -> ObjectionAnswer:
    row = objection.row
    base = f"/reports/{row.report_id}"
    names = ("id", "version", "report_id", "kind", "opened_at", "opened_by_unit_id", "unit_id", "closed_at")
    return ObjectionAnswer.model_validate(
        {
            **{name: getattr(row, name) for name in names},
            "said": objection.said,
            "decided": objection.decided,
            "links": {"report": base}
            | ({} if row.closed_at else {"close": f"{base}/objections/{row.id}/close"}),
            "redacted": objection.withheld,
        }
    )
