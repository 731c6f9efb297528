"""Consents of one person."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.types import Answer, Body, LanguageTag, LongText, Moment, ShortText
from domain.consents import PURPOSE_NAMES, Purpose
from domain.texts import Language
from services.records.cases import ConsentRow


class ConsentBody(Body):
    """What the person is asked: for which purpose, which data, with whom, in which language it is explained."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "purpose": "medical_care",
                    "what": "在定点医院检查和治疗",
                    "recipients": ["定点医院"],
                    "language": "zh",
                    "expires_at": None,
                }
            ]
        }
    )
    purpose: Purpose
    what: LongText
    recipients: list[ShortText] = Field(default_factory=list, max_length=20)
    language: LanguageTag
    expires_at: Moment | None = None


class ConsentAnswer(Answer):
    id: UUID
    version: int
    case_id: UUID
    victim_id: UUID
    purpose: str
    purpose_name: str
    state: str
    unit_id: UUID
    asked_at: datetime
    decided_at: datetime | None
    expires_at: datetime | None
    links: dict[str, str]


class ConsentList(Answer):
    items: list[ConsentAnswer]
    links: dict[str, str]


def consent_answer(row: ConsentRow, language: Language) -> ConsentAnswer:
    """State and purpose; what was said with it stays sealed."""
    victim = f"/cases/{row.case_id}/victims/{row.victim_id}"
    return ConsentAnswer(
        id=row.id,
        version=row.version,
        case_id=row.case_id,
        victim_id=row.victim_id,
        purpose=row.purpose,
        purpose_name=PURPOSE_NAMES[Purpose(row.purpose)].in_language(language),
        state=row.state,
        unit_id=row.unit_id,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        expires_at=row.expires_at,
        links={"self": f"{victim}/consents", "victim": victim},
    )
