"""Emergency access: asked for, open for an hour, read, reviewed."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer, Guarded
from api.representations.types import Body, LongText
from domain.actors import AUDIT_ROLES, Actor
from domain.compartments import PERSON_FIELDS, Compartment
from domain.disclosure import Standing, standing
from domain.disclosure_table import Relation
from domain.emergency import REASON_NAMES, EmergencyReason, ReviewOutcome
from domain.labels import INTERNAL, restricted, sealed, sealed_members
from domain.texts import Language
from services.emergency_reading import InDanger
from services.emergency_reviews import Told
from services.records.emergency import EmergencyGrantRow


class EmergencyBody(Body):
    """The case by its number, and why it cannot wait: as a code, and in words that supervisors and auditors read."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case_number": "2026-032-2474-1",
                    "reason_code": "danger_call",
                    "reason": "安置处所来电，有人砸门，须立即赶到",
                }
            ]
        }
    )
    case_number: Annotated[str, Field(strict=True, min_length=1, max_length=60)]
    reason_code: EmergencyReason
    reason: LongText


class ReviewBody(Body):
    """What somebody else found afterwards."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "approved"}]})
    outcome: ReviewOutcome


class EmergencyAnswer(Guarded):
    """`reason` only where one is read by itself. The case is named to its own side and to auditors."""

    LABEL = INTERNAL

    id: UUID
    version: int
    case_id: Annotated[UUID | None, restricted(Compartment.EMERGENCIES, elsewhere=True)]
    account_id: UUID
    unit_id: UUID
    role: str
    reason_code: str
    reason_name: str
    reason: Annotated[str | None, sealed(Compartment.EMERGENCIES)]
    opened_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_because: str | None
    open_now: bool
    renewed_by_id: UUID | None
    more_than_usual: bool = Field(description="More in a day than is usual: the auditors were alarmed.")
    review_overdue: bool = Field(
        description="Nobody looked at it within a day: supervisors and auditors were alarmed."
    )
    review_by: datetime
    reviewed_at: datetime | None
    reviewed_by_id: UUID | None
    outcome: str | None
    links: dict[str, str]


class EmergencyList(Answer):
    LABEL = INTERNAL
    items: list[EmergencyAnswer]
    links: dict[str, str]


class PersonInDanger(Guarded):
    """`sleeps_at`: the last placement on record. Nothing of clinics, lawyers, work, follow-up, or who reported."""

    LABEL = INTERNAL

    victim_id: UUID
    minor: Annotated[bool, sealed(Compartment.IDENTITY)]
    sections: Annotated[dict[str, dict[str, object]], sealed_members(PERSON_FIELDS)]
    guardian_in_question: bool
    sleeps_at: Annotated[dict[str, object] | None, sealed(Compartment.SHELTER_ADDRESS)]


class PeopleInDanger(Answer):
    LABEL = INTERNAL
    items: list[PersonInDanger]
    expires_at: datetime
    links: dict[str, str]


def emergency_answer(told: Told, actor: Actor, language: Language) -> EmergencyAnswer:
    row = told.row
    same = (
        "id", "version", "account_id", "unit_id", "role", "reason_code", "opened_at", "expires_at", "ended_at",
        "ended_because", "renewed_by_id", "review_by", "reviewed_at", "reviewed_by_id", "outcome",
    )  # fmt: skip
    named = actor.role in AUDIT_ROLES or actor.account_id == row.account_id or actor.unit_id != row.unit_id
    told_of = standing(actor, {Relation.DECIDES: True})
    to_case = told_of.relations if named else frozenset()
    base = f"/emergency_access/{row.id}"
    return EmergencyAnswer.model_validate(
        {
            **{name: getattr(row, name) for name in same},
            "case_id": row.case_id,
            "reason_name": REASON_NAMES[EmergencyReason(row.reason_code)].in_language(language),
            "reason": told.reason,
            "open_now": told.open_now,
            "more_than_usual": told.alarm,
            "review_overdue": told.late and told.row.reviewed_at is None,
            "links": {"self": base, "people": f"{base}/people"},
        }
    ).seen_with(replace(told_of, elsewhere=to_case))


def people_answer(row: EmergencyGrantRow, people: list[InDanger]) -> PeopleInDanger:
    base = f"/emergency_access/{row.id}"
    items = [
        PersonInDanger(
            victim_id=one.victim_id,
            minor=one.minor,
            sections={name: dict(content) for name, content in one.sections.items()},
            guardian_in_question=one.guardian_in_question,
            sleeps_at=None if one.sleeps_at is None else dict(one.sleeps_at),
        ).seen_with(Standing(frozenset({Relation.EMERGENCY})))
        for one in people
    ]
    return PeopleInDanger(
        items=items, expires_at=row.expires_at, links={"self": f"{base}/people", "access": base}
    )
