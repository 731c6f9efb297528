"""A case, as far as the reader may see it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.actions import ActionAnswer, actions_answer
from api.representations.stages import StageSummary, seen_stages, stage_summary
from api.representations.types import Answer, Body, Id, LongText
from domain.actors import Actor
from domain.disclosure import case_fields_hidden
from domain.refusals import Possible
from domain.stages import STAGE_NAMES
from domain.texts import Language
from domain.workflow import available
from services.case_facts import subject_of_case
from services.case_files import CaseFile
from services.records.cases import ApprovalRow, CaseRow


class CaseLine(Answer):
    """One line of the list; `number` is absent (null, and named in `_redacted`) where the reader works without it."""

    model_config = ConfigDict(populate_by_name=True)
    id: UUID
    version: int
    number: str | None
    state: str
    round: int
    place_id: UUID
    owner_unit_id: UUID | None
    owner_agency: str | None
    opened_at: datetime
    closed_at: datetime | None
    closing_reason: str | None
    erased_at: datetime | None = Field(description="Since then nothing personal of the case is kept.")
    edition: str
    links: dict[str, str]
    redacted: list[str] = Field(alias="_redacted")


class CaseAnswer(CaseLine):
    phase: str | None
    phase_name: str | None
    offered_unit_id: UUID | None
    victims: list[UUID]
    stages: list[StageSummary]
    available_actions: list[ActionAnswer]


class CaseList(Answer):
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


class ApprovalAnswer(Answer):
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
    reason: str | None = Field(description="Why it was asked; in the approval itself, not in lists.")
    links: dict[str, str]


def approval_answer(row: ApprovalRow, reason: str | None = None) -> ApprovalAnswer:
    base = f"/approvals/{row.id}"
    holder = "reports" if row.machine == "report" else "cases"
    return ApprovalAnswer(
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
        reason=reason,
        links={"self": base, "about": f"/{holder}/{row.file_id}"},
    )


def case_line(case: CaseRow, actor: Actor) -> CaseLine:
    return CaseLine.model_validate(_line(case, actor))


def _line(case: CaseRow, actor: Actor) -> dict[str, object]:
    hidden = case_fields_hidden(actor)
    base = f"/cases/{case.id}"
    shown = {
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
    masked = {name: None if name in hidden else value for name, value in shown.items()}
    return {**masked, "redacted": sorted(hidden)}


def _possible(file: CaseFile, actor: Actor) -> Iterable[tuple[Possible, bool]]:
    return () if file.case.erased_at else available(subject_of_case(file), actor)


def case_answer(file: CaseFile, actor: Actor, language: Language) -> CaseAnswer:
    case, hidden = file.case, case_fields_hidden(actor)
    phase = None if "phase" in hidden else file.phase
    return CaseAnswer.model_validate(
        {
            **_line(case, actor),
            "phase": phase,
            "phase_name": STAGE_NAMES[phase].in_language(language) if phase else None,
            "offered_unit_id": None if "offered_unit_id" in hidden else case.offered_unit_id,
            "victims": [victim_id for victim_id in file.victims if _concerns(file, victim_id, actor)],
            "stages": [stage_summary(stage, language) for stage in seen_stages(file, actor)],
            "available_actions": [
                action
                for action in actions_answer(_possible(file, actor), actor, f"/cases/{case.id}")
                # an action names whose it is: who works without the owner's name sees their own only
                if action.open_to_you or not hidden
            ],
        }
    )


def _concerns(file: CaseFile, victim_id: UUID, actor: Actor) -> bool:
    """Somebody who works for one person of a case does not learn of the others in it."""
    return not case_fields_hidden(actor) or any(s.victim_id == victim_id for s in seen_stages(file, actor))
