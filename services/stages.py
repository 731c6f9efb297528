"""Moving a stage: lock, decide, change, enter, give and take access. One function for every move in the table."""

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.agencies import Agency
from domain.mandates import MANDATES
from domain.refusals import CaseClosed, FieldRefused, Possible, StageNotYours
from domain.requirements import unmet
from domain.stages import ENDED_STATES, StageCode, StageState
from domain.workflow import Transition, decide, decide_by_rule, require_standing
from services.after_moves import follow
from services.approvals import use_approval
from services.case_facts import facts_of, keeper_of, subject_of
from services.case_files import CaseFile
from services.case_loading import open_case, open_stage
from services.openings import NewStage, open_due_stages, open_stages
from services.records.cases import StageRow
from services.remarks import with_sealed_words
from services.rounds import STARTS_AGAIN, of_this_round
from services.sealed_values import Content
from services.stage_effects import EFFECTS
from services.timeline import Note
from services.versions import require_version


@dataclass(frozen=True, slots=True)
class Move:
    """A move as asked for: its body, already of the right shape, and the version it was made from."""

    action: str
    body: Content
    version: int | None


def move_stage(
    session: Session, actor: Actor, code: StageCode, stage_id: UUID, move: Move
) -> tuple[CaseFile, StageRow]:
    """Take a move. Refusals in order: NotFound, StageNotYours, VersionMissing, VersionStale, MoveNotPossible,
    CaseClosed, RequirementsUnmet, FieldRefused. The caller's transaction commits."""
    file, stage = open_stage(session, actor, code, stage_id, lock=True)
    subject = subject_of(file, stage)
    require_standing(subject, move.action, actor)
    require_version(move.version, stage.version)
    decide(subject, move.action, actor)
    if file.case.state == "closed" and move.action != "reopen":
        raise CaseClosed(file.case.id)
    transition = decide(subject, move.action, actor, unmet(facts_of(file, stage, move.body), move.action))
    if move.action in STARTS_AGAIN:
        stage = of_this_round(file, stage)
    _apply(file, stage, transition, move)
    open_due_stages(file)
    file.save()
    return file, stage


def move_by_rule(
    file: CaseFile, stage: StageRow, action: str, rule: str, body: Content = MappingProxyType({})
) -> None:
    """What a rule moves by itself; the entry names the rule. LookupError when the table has no such move. The caller saves."""
    transition = decide_by_rule(subject_of(file, stage), action)
    source = stage.state
    _carry_out(file, stage, transition, body)
    unit_id, reason = cast(UUID | None, body.get("unit_id")), cast(str | None, body.get("reason"))
    file.note(replace(_note(stage, action, source, unit_id=unit_id), rule=rule, reason=reason))
    follow(file, stage, action)


def plan_stage(
    session: Session, actor: Actor, case_id: UUID, code: StageCode, victim_id: UUID | None
) -> tuple[CaseFile, StageRow]:
    """The owner plans a stage that no rule opened; it is routed at once. FieldRefused when it exists in this round."""
    file = open_case(session, actor, case_id, lock=True)
    kept_by = keeper_of(file, victim_id) if victim_id in file.victims else None
    if actor.unit_id not in (file.case.owner_unit_id, kept_by):
        raise _planning_is_the_owners(file, code)
    if file.case.state == "closed":
        raise CaseClosed(case_id)
    per_victim = MANDATES[code].scope == "victim"
    if per_victim != (victim_id is not None) or (victim_id is not None and victim_id not in file.victims):
        raise FieldRefused(("victim_id", "unknown_victim"))
    if any(stage.code == code for stage in file.of(victim_id)):
        raise FieldRefused(("code", "stage_exists"))
    opened = open_stages(file, [NewStage(code, victim_id, None, MANDATES[code].articles[0])])
    file.save()
    return file, opened[0]


def _planning_is_the_owners(file: CaseFile, code: StageCode) -> StageNotYours:
    owner = Agency(file.case.owner_agency)
    return StageNotYours("plan", Possible("plan", ("owner",), (owner,), MANDATES[code].articles), owner)


def _apply(file: CaseFile, stage: StageRow, transition: Transition, move: Move) -> None:
    source = stage.state if stage.version else None  # a successor in a later round had none
    _carry_out(file, stage, transition, move.body)
    if transition.approved:
        use_approval(file, stage.id, move.action)
    note = _note(stage, move.action, source, unit_id=cast(UUID | None, move.body.get("unit_id")))
    reason = move.body.get("reason")
    note = replace(note, reason=str(reason) if isinstance(reason, StrEnum) else None)
    file.note(with_sealed_words(file, stage.victim_id or file.id, note, move.body))
    follow(file, stage, move.action)


def _carry_out(file: CaseFile, stage: StageRow, transition: Transition, body: Content) -> None:
    if transition.target in ENDED_STATES:
        end_work(file, stage, met=transition.target == StageState.COMPLETED)
    if effect := EFFECTS.get(transition.action):
        effect(file, stage, body)
    if transition.target is not None:
        stage.state = transition.target
    stage.version += 1


def end_work(file: CaseFile, stage: StageRow, *, met: bool) -> None:
    """The stage ended: its clocks are over, and nobody is offered it any more."""
    stage.ended_at, stage.offered_unit_id, stage.due_at, stage.due_clock = file.at, None, None, None
    file.clocks.stop(stage.id, file.at, met=met)


def _note(stage: StageRow, action: str, source: str | None, *, unit_id: UUID | None = None) -> Note:
    return Note(
        action,
        "stage",
        stage.id,
        articles=MANDATES[StageCode(stage.code)].articles,
        stage=stage.code,
        stage_id=stage.id,
        victim_id=stage.victim_id,
        source=source,
        target=stage.state,
        unit_id=unit_id,
    )
