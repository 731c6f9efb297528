"""A case, as far as the reader may see it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.actions import ActionAnswer, actions_answer
from api.representations.answers import Answer, Guarded
from api.representations.stages import StageSummary, seen_stages, stage_summary
from api.representations.types import Body, Id, LongText
from domain.actors import Actor
from domain.compartments import Compartment
from domain.disclosure import Standing, sees_whole_case, standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, restricted, sealed
from domain.refusals import Possible
from domain.stages import STAGE_NAMES
from domain.texts import Language
from domain.workflow import available
from services.case_facts import subject_of_case
from services.case_files import CaseFile
from services.records.cases import ApprovalRow, CaseRow

STORY: Final = restricted(Compartment.CASE_STORY)


class CaseLine(Guarded):
    """One line of the list; `number` is absent, and named in `_redacted`, where the reader works without it."""

    LABEL = INTERNAL

    id: UUID
    version: int
    number: Annotated[str | None, STORY]
    state: str
    round: int
    place_id: UUID
    owner_unit_id: Annotated[UUID | None, STORY]
    owner_agency: Annotated[str | None, STORY]
    opened_at: datetime
    closed_at: datetime | None
    closing_reason: Annotated[str | None, STORY]
    erased_at: datetime | None = Field(description="Since then nothing personal of the case is kept.")
    edition: str
    links: dict[str, str]


class CaseAnswer(CaseLine):
    LABEL = INTERNAL
    phase: Annotated[str | None, STORY]
    phase_name: Annotated[str | None, STORY]
    offered_unit_id: Annotated[UUID | None, STORY]
    victims: list[UUID]
    stages: list[StageSummary]
    available_actions: list[ActionAnswer]


class CaseList(Answer):
    LABEL = INTERNAL
    items: list[CaseLine]
    links: dict[str, str]


class ApprovalBody(Body):
    """Ask another agency's unit to approve a move before it is taken."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "action": "close",
                    "subject_id": "0198c0de-0000-7000-8000-000000000004",
                    "approver_unit_id": "0198c0de-0000-7000-8000-000000000001",
                    "reason": "各阶段均已结束，本人状况稳定",
                }
            ]
        }
    )
    action: str = Field(
        pattern=r"^[a-z_]{1,40}(:[a-z_]{1,40}){0,2}$",
        max_length=80,
        description="The move; for another basis than consent `rest_on:<basis>:<purpose>`, with the person as the subject.",
    )
    subject_id: Id
    approver_unit_id: Id
    reason: LongText


class ApprovalLine(Answer):
    """An approval without the words in which it was asked."""

    LABEL = INTERNAL
    id: UUID
    version: int
    machine: str
    subject_id: UUID
    action: str
    state: str
    asked_by_unit_id: UUID
    approver_unit_id: UUID
    asked_at: datetime
    decided_at: datetime | None
    links: dict[str, str]


class ApprovalAnswer(ApprovalLine, Guarded):
    """An approval as the two units read it that it is between."""

    LABEL = INTERNAL
    reason: Annotated[str | None, sealed(Compartment.APPROVALS)] = Field(
        description="Why it was asked; null: what was said is erased."
    )


def approval_answer(row: ApprovalRow, reason: str | None, actor: Actor) -> ApprovalAnswer:
    """With its words, for the unit that asked and the unit that is asked."""
    ways = {
        Relation.AUTHOR: actor.unit_id == row.asked_by_unit_id,
        Relation.WAITING: actor.unit_id == row.approver_unit_id,
    }
    whole = {**dict(approval_line(row)), "reason": reason}
    return ApprovalAnswer.model_validate(whole).seen_with(standing(actor, ways))


def approval_line(row: ApprovalRow) -> ApprovalLine:
    base = f"/approvals/{row.id}"
    holder = "reports" if row.machine == "report" else "cases"
    return ApprovalLine(
        id=row.id,
        version=row.version,
        machine=row.machine,
        subject_id=row.subject_id,
        action=row.action,
        state=row.state,
        asked_by_unit_id=row.asked_by_unit_id,
        approver_unit_id=row.approver_unit_id,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        links={"self": base, "about": f"/{holder}/{row.file_id}"},
    )


def case_line(case: CaseRow, actor: Actor) -> CaseLine:
    return CaseLine.model_validate(_line(case)).seen_with(_standing(case, actor))


def _standing(case: CaseRow, actor: Actor) -> Standing:
    return standing(actor, {Relation.OWNER: actor.unit_id == case.owner_unit_id})


def _line(case: CaseRow) -> dict[str, object]:
    base = f"/cases/{case.id}"
    return {
        "id": case.id,
        "version": case.version,
        "number": case.number,
        "state": case.state,
        "round": case.round,
        "place_id": case.place_id,
        "owner_unit_id": case.owner_unit_id,
        "owner_agency": case.owner_agency,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "closing_reason": case.closing_reason,
        "erased_at": case.erased_at,
        "edition": case.edition,
        "links": {
            "self": base,
            "victims": f"{base}/victims",
            "stages": f"{base}/stages",
            "timeline": f"{base}/timeline",
        },
    }


def _possible(file: CaseFile, actor: Actor) -> Iterable[tuple[Possible, bool]]:
    return () if file.case.erased_at else available(subject_of_case(file), actor)


def case_answer(file: CaseFile, actor: Actor, language: Language) -> CaseAnswer:
    case, phase, whole = file.case, file.phase, sees_whole_case(actor)
    return CaseAnswer.model_validate(
        {
            **_line(case),
            "phase": phase,
            "phase_name": STAGE_NAMES[phase].in_language(language) if phase else None,
            "offered_unit_id": case.offered_unit_id,
            "victims": [victim_id for victim_id in file.victims if _concerns(file, victim_id, actor)],
            "stages": [stage_summary(stage, language) for stage in seen_stages(file, actor)],
            "available_actions": [
                action
                for action in actions_answer(_possible(file, actor), actor, f"/cases/{case.id}")
                # an action names whose it is: who works without the owner's name sees their own only
                if action.open_to_you or whole
            ],
        }
    ).seen_with(_standing(case, actor))


def _concerns(file: CaseFile, victim_id: UUID, actor: Actor) -> bool:
    """Somebody who works for one person of a case does not learn of the others in it."""
    return sees_whole_case(actor) or any(s.victim_id == victim_id for s in seen_stages(file, actor))
