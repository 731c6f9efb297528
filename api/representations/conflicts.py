"""Guardians, units and officers in question, as those read them whose business it is."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer, Guarded
from api.representations.types import Body, Id, LongText, PastMoment
from domain.actors import Actor
from domain.compartments import Compartment
from domain.conflicts import TERMS, ConflictKind, Party
from domain.disclosure import standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, sealed
from domain.texts import Language
from services.case_files import CaseFile
from services.conflicts import parties
from services.records.conflicts import ConflictRow

ADDRESSES = {
    ConflictKind.GUARDIAN: "guardian_conflicts",
    ConflictKind.UNIT: "unit_conflicts",
    ConflictKind.OFFICER: "exclusions",
}


class GuardianConflictBody(Body):
    """Which relative is meant, if one is; what is told of the guardian is sealed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"relative_id": None, "reason": "孩子说是母亲把他交给陌生人的"}]}
    )
    relative_id: Id | None = None
    reason: LongText


class NotASuspectBody(Body):
    """Which police unit is asked to say that the guardian is not a suspect, and on what ground."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "approver_unit_id": "0198c0de-0000-7000-8000-000000000001",
                    "reason": "已核实当日不在场",
                }
            ]
        }
    )
    approver_unit_id: Id
    reason: LongText


class AttemptChannel(StrEnum):
    IN_PERSON = "in_person"
    PHONE = "phone"
    MESSAGE = "message"
    THROUGH_OTHERS = "through_others"


class GuardianAttemptBody(Body):
    """Somebody of the family wanted the child, or to know where they are, and was not given it. What was said is sealed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happened_at": "2026-03-12T09:30:00+08:00",
                    "channel": "in_person",
                    "note": "到校要求接走孩子，未予同意",
                }
            ]
        }
    )
    happened_at: PastMoment
    channel: AttemptChannel
    note: LongText


class GuardianAttemptAnswer(Answer):
    """The entry that now stands on the timeline."""

    LABEL = INTERNAL

    id: UUID
    recorded_at: datetime
    links: dict[str, str]


class UnitConflictBody(Body):
    """Which unit; it need not work in the case yet. What is told of it is sealed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"unit_id": "0198c0de-0000-7000-8000-000000000001", "reason": "承办人是嫌疑人的亲属"}
            ]
        }
    )
    unit_id: Id
    reason: LongText


class OfficeConflictBody(Body):
    """What is wrong with the office; with no unit named, the one where the report lies."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"unit_id": None, "reason": "接待我的人认识那家人"}]}
    )
    unit_id: Id | None = None
    reason: LongText


class ExclusionBody(Body):
    """Which officer. What is told of them is sealed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"account_id": "0198c0de-0000-7000-8000-000000000002", "reason": "与当事人有亲属关系"}
            ]
        }
    )
    account_id: Id
    reason: LongText


class ConflictAnswer(Guarded):
    """One conflict. In force until `cleared`; `reason` null: it set itself by `rule`, or the person was erased."""

    LABEL = INTERNAL

    id: UUID
    version: int
    case_id: UUID
    kind: str
    kind_name: str
    state: str
    articles: list[int]
    source: str
    victim_id: UUID | None
    relative_id: UUID | None
    unit_id: UUID | None
    account_id: UUID | None
    rule: str | None
    reason: Annotated[str | None, sealed(Compartment.CONFLICTS)]
    set_by_unit_id: UUID | None
    set_at: datetime
    above_unit_id: UUID | None = Field(description="Who confirms and clears it beside the procuratorate.")
    prosecutor_unit_id: UUID | None
    confirmed_at: datetime | None
    cleared_by_above_at: datetime | None
    cleared_by_prosecutor_at: datetime | None
    cleared_at: datetime | None
    links: dict[str, str]


class ConflictList(Answer):
    LABEL = INTERNAL
    items: list[ConflictAnswer]
    links: dict[str, str]


_FIELDS = (
    "id", "version", "case_id", "kind", "state", "victim_id", "relative_id", "unit_id", "account_id", "rule",
    "set_by_unit_id", "set_at", "above_unit_id", "prosecutor_unit_id", "confirmed_at", "cleared_by_above_at",
    "cleared_by_prosecutor_at", "cleared_at",
)  # fmt: skip


def conflict_answer(
    file: CaseFile, row: ConflictRow, reason: str | None, who: tuple[Actor, Language]
) -> ConflictAnswer:
    """The whole conflict, for a reader whose business it is, in their language."""
    actor, language = who
    found = parties(file, row, actor)
    ways = {
        Relation.OWNER: actor.unit_id == file.case.owner_unit_id,
        Relation.RESPONSIBLE: Party.GUARDIANSHIP_UNIT in found,
        Relation.DECIDES: bool(found - {Party.GUARDIANSHIP_UNIT}),
        Relation.AUTHOR: actor.unit_id == row.set_by_unit_id,
    }
    kind = ConflictKind(row.kind)
    terms, case = TERMS[kind], f"/cases/{row.case_id}"
    return ConflictAnswer.model_validate(
        {
            **{name: getattr(row, name) for name in _FIELDS},
            "kind_name": terms.name.in_language(language),
            "articles": list(terms.articles),
            "source": terms.source,
            "reason": reason,
            "links": {
                "self": f"/{ADDRESSES[kind]}/{row.id}",
                "case": case,
                "conflicts": f"{case}/conflicts",
            },
        }
    ).seen_with(standing(actor, ways))


def attempt_answer(case_id: UUID, entry_id: UUID, at: datetime) -> GuardianAttemptAnswer:
    """Where it can be found again."""
    case = f"/cases/{case_id}"
    return GuardianAttemptAnswer(
        id=entry_id, recorded_at=at, links={"case": case, "timeline": f"{case}/timeline"}
    )
