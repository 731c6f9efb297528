"""A stage and its records, as far as the reader's unit may see them."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict

from api.representations.actions import ActionAnswer, BlockerAnswer, actions_answer, blockers_answer
from api.representations.answers import Answer, Guarded
from api.representations.types import Body, Id
from api.representations.victims import VictimAnswer, victim_answer
from domain.actors import Actor
from domain.clocks import CLOCKS
from domain.compartments import Compartment, record_compartment, record_compartments, remark_compartment
from domain.disclosure import Standing, sees_stage, standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, SEALED_BY_CONTENT, restricted
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

    LABEL = INTERNAL

    at: datetime
    provisional: bool
    clock: str
    text: str
    source: str
    verified: bool


class StageSummary(Answer):
    """One line of a list."""

    LABEL = INTERNAL

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


class StageAnswer(StageSummary, Guarded):
    """A stage with everything that may happen to it next."""

    LABEL = INTERNAL

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
    blockers: Annotated[list[BlockerAnswer], restricted(Compartment.STAGE_WORK)]
    available_actions: list[ActionAnswer]
    record_kinds_open_to_you: list[str]
    victim: Annotated[VictimAnswer | None, restricted(Compartment.STAGE_WORK)]


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


class RecordAnswer(Guarded):
    """One record; `body` is absent and named in `_redacted` where it is not for this reader."""

    LABEL = INTERNAL

    id: UUID
    stage_id: UUID
    kind: str
    kind_name: str
    unit_id: UUID
    agency: str
    account_id: UUID
    happened_at: datetime
    recorded_at: datetime
    body: Annotated[dict[str, object], SEALED_BY_CONTENT]
    links: dict[str, str]


class RecordList(Guarded):
    LABEL = INTERNAL
    items: list[RecordAnswer]
    links: dict[str, str]


class RemarkAnswer(Guarded):
    """What was said with one move; `said` is absent and named in `_redacted` where it is not for this reader."""

    LABEL = INTERNAL

    entry_id: UUID
    action: str
    recorded_at: datetime
    unit_id: UUID | None
    said: Annotated[dict[str, object], SEALED_BY_CONTENT]


class RemarkList(Answer):
    LABEL = INTERNAL
    items: list[RemarkAnswer]
    links: dict[str, str]


def remark_answer(remark: Remark, stage: StageRow, to_stage: Standing) -> RemarkAnswer:
    place = remark_compartment(StageCode(stage.code), remark.action)
    return RemarkAnswer.model_validate(
        {
            "entry_id": remark.entry_id,
            "action": remark.action,
            "recorded_at": remark.recorded_at,
            "unit_id": remark.unit_id,
            "said": dict(remark.said),
        }
    ).seen_with(replace(to_stage, content=frozenset({place})))


def standing_of(file: CaseFile, stage: StageRow, actor: Actor, *, wrote: UUID | None = None) -> Standing:
    """How the reader's unit stands to a stage, or to something that the unit `wrote` in it."""
    ways = {
        Relation.OWNER: actor.unit_id == file.case.owner_unit_id,
        Relation.RESPONSIBLE: actor.unit_id == stage.unit_id,
        Relation.ATTACHED: actor.unit_id in file.related(stage.id, "attached"),
        Relation.INVITED: actor.unit_id in file.related(stage.id, "invited"),
        # who was offered a stage learns enough to decide; its records come with accepting it
        Relation.WAITING: actor.unit_id == stage.offered_unit_id,
        Relation.AUTHOR: actor.unit_id == wrote,
    }
    return standing(actor, ways, *record_compartments(StageCode(stage.code)))


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
    to_stage = standing_of(file, stage, actor)
    unmet = blockers(facts_of(file, stage), StageState(stage.state))
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
            "victim": victim_answer(file, victim, actor) if victim else None,
        }
    ).seen_with(replace(to_stage, content=frozenset()))


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
    """One record, with how the reader stands to it: their unit may have written it."""
    row, code = record.row, StageCode(stage.code)
    to_record = standing_of(file, stage, actor, wrote=row.unit_id)
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
            "body": dict(record.body),
            "links": {"stage": f"/{code}/{stage.id}"},
        }
    ).seen_with(replace(to_record, content=frozenset({record_compartment(code, row.kind)})))
