"""A stage and its records, as far as the reader's unit may see them."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.actions import ActionAnswer, BlockerAnswer, actions_answer, blockers_answer
from api.representations.records import RECORD_BODIES
from api.representations.types import Answer, Body, Id
from api.representations.victims import VictimAnswer, victim_answer
from domain.actors import Actor
from domain.clocks import CLOCKS
from domain.disclosure import Standing, reads_compartment, reads_records, sees_stage
from domain.mandates import MANDATES
from domain.requirements import blockers
from domain.stages import STAGE_NAMES, STATE_NAMES, StageCode, StageState, record_kind_name
from domain.texts import Language
from domain.workflow import available
from services.case_facts import facts_of, subject_of
from services.case_files import CaseFile, OpenRecord
from services.records.cases import StageRow
from services.remarks import Remark
from services.stage_records import kinds_open_to
from services.working_days import is_provisional


class DueAnswer(Answer):
    """When the stage is next due; `verified` false: a configurable default, no source read; `provisional`: counted over a
    year whose working days are not yet published."""

    at: datetime
    provisional: bool
    clock: str
    text: str
    source: str
    verified: bool


class StageSummary(Answer):
    """One line of a list."""

    id: UUID
    version: int
    code: str
    name: str
    state: str
    state_name: str
    victim_id: UUID | None
    round: int
    unit_id: UUID | None
    agency: str | None
    due_at: datetime | None
    links: dict[str, str]


class StageAnswer(StageSummary):
    """A stage with everything that may happen to it next."""

    model_config = ConfigDict(populate_by_name=True)
    case_id: UUID
    offered_unit_id: UUID | None
    officer_id: UUID | None
    deputy_id: UUID | None
    opened_by: str
    opened_at: datetime
    routed_at: datetime | None
    begun_at: datetime | None
    ended_at: datetime | None
    due: DueAnswer | None
    articles: list[int]
    accountable: str
    leads: list[str]
    cooperating: list[str]
    attached_units: list[UUID]
    invited_units: list[UUID]
    blockers: list[BlockerAnswer]
    available_actions: list[ActionAnswer]
    record_kinds_open_to_you: list[str]
    victim: VictimAnswer | None
    redacted: list[str] = Field(alias="_redacted")


class PlanBody(Body):
    """A stage that the owner plans beside those that open by rule."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "rights_support", "victim_id": None}]})
    code: StageCode
    victim_id: Id | None = None


class InviteBody(Body):
    """A unit of a cooperating agency; for any other agency the consent that names the unit."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"unit_id": "0198c0de-0000-7000-8000-000000000001"}]}
    )
    unit_id: Id
    consent_id: Id | None = None


class RecordAnswer(Answer):
    """One record; `body` is empty and `_redacted` says so where it is not for this reader."""

    model_config = ConfigDict(populate_by_name=True)
    id: UUID
    stage_id: UUID
    kind: str
    kind_name: str
    unit_id: UUID
    agency: str
    account_id: UUID
    happened_at: datetime
    recorded_at: datetime
    body: dict[str, object]
    links: dict[str, str]
    redacted: list[str] = Field(alias="_redacted")


class RecordList(Answer):
    items: list[RecordAnswer]
    links: dict[str, str]


class RemarkAnswer(Answer):
    """What was said with one move; `said` is empty and `_redacted` says so where it is not for this reader."""

    model_config = ConfigDict(populate_by_name=True)
    entry_id: UUID
    action: str
    recorded_at: datetime
    unit_id: UUID | None
    said: dict[str, object]
    redacted: list[str] = Field(alias="_redacted")


class RemarkList(Answer):
    items: list[RemarkAnswer]
    links: dict[str, str]


def remark_answer(remark: Remark) -> RemarkAnswer:
    return RemarkAnswer.model_validate(
        {
            "entry_id": remark.entry_id,
            "action": remark.action,
            "recorded_at": remark.recorded_at,
            "unit_id": remark.unit_id,
            "said": dict(remark.said or {}),
            "redacted": [] if remark.said is not None else ["said"],
        }
    )


def standing_of(file: CaseFile, stage: StageRow, actor: Actor) -> Standing:
    beside = file.related(stage.id, "attached") | file.related(stage.id, "invited")
    return Standing(
        owns_case=actor.unit_id == file.case.owner_unit_id,
        responsible=actor.unit_id == stage.unit_id,
        # who was offered a stage learns enough to decide; its records come with accepting it
        attached=actor.unit_id in beside or actor.unit_id == stage.offered_unit_id,
    )


def seen_stages(file: CaseFile, actor: Actor) -> list[StageRow]:
    """The stages that this reader may know of."""
    return [stage for stage in file.stages if sees_stage(actor, standing_of(file, stage, actor))]


def stage_summary(stage: StageRow, language: Language) -> StageSummary:
    return StageSummary.model_validate(_line(stage, language))


def _line(stage: StageRow, language: Language) -> dict[str, object]:
    base = f"/{stage.code}/{stage.id}"
    return {
        "id": stage.id,
        "version": stage.version,
        "code": stage.code,
        "name": STAGE_NAMES[StageCode(stage.code)].in_language(language),
        "state": stage.state,
        "state_name": STATE_NAMES[StageState(stage.state)].in_language(language),
        "victim_id": stage.victim_id,
        "round": stage.round,
        "unit_id": stage.unit_id,
        "agency": stage.agency,
        "due_at": stage.due_at,
        "links": {
            "self": base,
            "case": f"/cases/{stage.case_id}",
            "records": f"{base}/records",
            "remarks": f"{base}/remarks",
        },
    }


def stage_answer(file: CaseFile, stage: StageRow, actor: Actor, language: Language) -> StageAnswer:
    code = StageCode(stage.code)
    mandate = MANDATES[code]
    victim = file.victims[stage.victim_id] if stage.victim_id else None
    seen = sees_stage(actor, standing_of(file, stage, actor))
    unmet = blockers(facts_of(file, stage), StageState(stage.state)) if seen else []
    return StageAnswer.model_validate(
        {
            **_line(stage, language),
            "case_id": stage.case_id,
            "offered_unit_id": stage.offered_unit_id,
            "officer_id": stage.officer_id,
            "deputy_id": stage.deputy_id,
            "opened_by": stage.opened_by,
            "opened_at": stage.opened_at,
            "routed_at": stage.routed_at,
            "begun_at": stage.begun_at,
            "ended_at": stage.ended_at,
            "due": _due(stage, language),
            "articles": list(mandate.articles),
            "accountable": mandate.accountable,
            "leads": list(mandate.leads),
            "cooperating": list(mandate.cooperating),
            "attached_units": sorted(file.related(stage.id, "attached")),
            "invited_units": sorted(file.related(stage.id, "invited")),
            "blockers": blockers_answer(unmet, language),
            "available_actions": actions_answer(
                available(subject_of(file, stage), actor), actor, f"/{code}/{stage.id}"
            ),
            "record_kinds_open_to_you": kinds_open_to(file, stage, actor),
            "victim": victim_answer(file, victim, actor) if victim and seen else None,
            "redacted": [] if seen else ["blockers", "victim"],
        }
    )


def _due(stage: StageRow, language: Language) -> DueAnswer | None:
    clock = CLOCKS.get(stage.due_clock or "")
    if stage.due_at is None or clock is None:
        return None
    return DueAnswer(
        at=stage.due_at,
        provisional=is_provisional(clock, stage.due_at),
        clock=clock.code,
        text=clock.text.in_language(language),
        source=clock.source,
        verified=clock.verified,
    )


def record_answer(
    file: CaseFile, stage: StageRow, record: OpenRecord, actor: Actor, language: Language
) -> RecordAnswer:
    """The body goes out only through the disclosure table; its compartments are narrower than the stage."""
    row, code = record.row, StageCode(stage.code)
    standing = standing_of(file, stage, actor)
    own = row.unit_id == actor.unit_id
    compartment = RECORD_BODIES[code][row.kind].COMPARTMENT
    readable = (own or reads_records(actor, code, standing)) and (
        own or reads_compartment(compartment, standing)
    )
    return RecordAnswer.model_validate(
        {
            "id": row.id,
            "stage_id": row.stage_id,
            "kind": row.kind,
            "kind_name": record_kind_name(code, row.kind).in_language(language),
            "unit_id": row.unit_id,
            "agency": row.agency,
            "account_id": row.account_id,
            "happened_at": row.happened_at,
            "recorded_at": row.recorded_at,
            "body": dict(record.body) if readable else {},
            "links": {"stage": f"/{code}/{stage.id}"},
            "redacted": [] if readable else ["body"],
        }
    )
