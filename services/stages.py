"""Moving a stage: lock, decide, change, enter, give and take access. One function for every move in the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, cast
from uuid import UUID

from sqlalchemy.orm import Session

from domain import clocks
from domain.actors import Actor
from domain.agencies import NO_CASE_READING, Agency
from domain.mandates import MANDATES
from domain.refusals import CaseClosed, FieldRefused, Possible, StageNotYours
from domain.requirements import unmet
from domain.stages import ENDED_STATES, StageCode
from domain.workflow import Transition, decide, require_standing
from services.approvals import use_approval
from services.case_facts import facts_of, subject_of
from services.case_files import CaseFile, open_case, open_stage, require_version
from services.openings import NewStage, add_units, may_be_routed_to, open_due_stages, open_stages, set_routed
from services.records.cases import StageRow
from services.remarks import with_sealed_words
from services.sealed_values import Content
from services.timeline import Note
from services.units import agency_of, require_officers


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
    _apply(file, stage, transition, move)
    open_due_stages(file)
    file.save()
    return file, stage


def plan_stage(
    session: Session, actor: Actor, case_id: UUID, code: StageCode, victim_id: UUID | None
) -> tuple[CaseFile, StageRow]:
    """The owner plans a stage that no rule opened; it is routed at once. FieldRefused when it exists in this round."""
    file = open_case(session, actor, case_id, lock=True)
    if actor.unit_id != file.case.owner_unit_id:
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


def invite(
    session: Session, actor: Actor, code: StageCode, stage_id: UUID, unit_id: UUID
) -> tuple[CaseFile, StageRow]:
    """The responsible unit invites a unit of a cooperating agency; it reads what the stage shares while the stage is open."""
    file, stage = open_stage(session, actor, code, stage_id, lock=True)
    require_standing(subject_of(file, stage), "hand_over", actor)
    agency = agency_of(session, unit_id)
    if agency not in MANDATES[code].cooperating or agency in NO_CASE_READING:
        raise FieldRefused(("unit_id", "agency_does_not_cooperate"))
    if stage.state in ENDED_STATES:
        raise FieldRefused(("unit_id", "stage_ended"))
    if unit_id not in file.related(stage.id, "invited"):
        add_units(file, stage, "invited", [unit_id])
        stage.version += 1
        file.note(_note(stage, "invite", stage.state, unit_id=unit_id))
        file.save()
    return file, stage


def _apply(file: CaseFile, stage: StageRow, transition: Transition, move: Move) -> None:
    source = stage.state
    _EFFECTS[move.action](file, stage, move.body)
    if transition.target is not None:
        stage.state = transition.target
    if stage.state in ENDED_STATES:
        stage.ended_at, stage.due_at, stage.due_clock, stage.offered_unit_id = file.at, None, None, None
    stage.version += 1
    if transition.approved:
        use_approval(file, stage.id, move.action)
    note = _note(stage, move.action, source, unit_id=cast(UUID | None, move.body.get("unit_id")))
    reason = move.body.get("reason")
    note = replace(note, reason=str(reason) if isinstance(reason, StrEnum) else None)
    file.note(with_sealed_words(file, stage.victim_id or file.id, note, move.body))


def _note(stage: StageRow, action: str, source: str, *, unit_id: UUID | None = None) -> Note:
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


# --- what each move changes besides the state ---


def _route(file: CaseFile, stage: StageRow, body: Content) -> None:
    unit_id = cast(UUID, body["unit_id"])
    agency = agency_of(file.session, unit_id)
    if not may_be_routed_to(agency, StageCode(stage.code)):
        raise FieldRefused(("unit_id", "agency_does_not_lead"))
    set_routed(file, stage, unit_id, agency)


def _accept(file: CaseFile, stage: StageRow, body: Content) -> None:
    assert stage.unit_id is not None
    _name_officers(file, stage, stage.unit_id, body)
    stage.due_at, stage.due_clock = clocks.begin_by(file.at), "stage_begin"


def _name_officers(file: CaseFile, stage: StageRow, unit_id: UUID, body: Content) -> None:
    officer, deputy = cast(UUID, body["officer_id"]), cast(UUID, body["deputy_id"])
    require_officers(file.session, unit_id, (("officer_id", officer), ("deputy_id", deputy)))
    stage.officer_id, stage.deputy_id = officer, deputy


def _send_back(_file: CaseFile, stage: StageRow, _body: Content) -> None:
    stage.unit_id = stage.agency = stage.due_at = stage.due_clock = None


def _begin(file: CaseFile, stage: StageRow, _body: Content) -> None:
    stage.begun_at = file.at
    _start_work_clock(stage, file.at)


def _start_work_clock(stage: StageRow, begun_at: datetime) -> None:
    code = StageCode(stage.code)
    stage.due_at, stage.due_clock = clocks.work_due(code, begun_at), clocks.WORK_CLOCKS.get(code)


def _hold(_file: CaseFile, stage: StageRow, body: Content) -> None:
    stage.due_at, stage.due_clock = cast(datetime, body["review_at"]), "hold_review"


def _resume(file: CaseFile, stage: StageRow, _body: Content) -> None:
    _start_work_clock(stage, stage.begun_at or file.at)


def _offer(file: CaseFile, stage: StageRow, body: Content) -> None:
    unit_id = cast(UUID, body["unit_id"])
    if not may_be_routed_to(agency_of(file.session, unit_id), StageCode(stage.code)):
        raise FieldRefused(("unit_id", "agency_does_not_lead"))
    if unit_id == stage.unit_id:
        raise FieldRefused(("unit_id", "already_responsible"))
    stage.offered_unit_id = unit_id


def _take_over(file: CaseFile, stage: StageRow, body: Content) -> None:
    assert stage.offered_unit_id is not None
    assert file.actor is not None
    _name_officers(file, stage, stage.offered_unit_id, body)
    stage.agency = file.actor.agency  # only the unit that it was offered to may take it over
    stage.unit_id, stage.offered_unit_id = stage.offered_unit_id, None


def _keep(_file: CaseFile, stage: StageRow, _body: Content) -> None:
    stage.offered_unit_id = None


def _start_again(file: CaseFile, stage: StageRow, _body: Content) -> None:
    """A new round: nobody holds it yet; records and entries of the old one stay where they are."""
    if file.case.state == "closed":
        reopen_round(file, {})
    stage.round = file.case.round
    stage.unit_id = stage.agency = stage.officer_id = stage.deputy_id = None
    stage.begun_at = stage.ended_at = stage.due_at = stage.due_clock = None


def reopen_round(file: CaseFile, body: Content) -> None:
    """The case is open again in a new round; consents of the old one do not revive."""
    case = file.case
    case.state, case.closed_at, case.closing_reason, case.round = "open", None, None, case.round + 1
    note = Note("reopen", "case", case.id, articles=(39,), source="closed", target="open")
    file.note(with_sealed_words(file, case.id, note, body))


def _nothing_else(_file: CaseFile, _stage: StageRow, _body: Content) -> None:
    """The state says it all."""


_Effect = Callable[[CaseFile, StageRow, Content], None]
_EFFECTS: Final[Mapping[str, _Effect]] = {
    "route": _route,
    "accept": _accept,
    "send_back": _send_back,
    "begin": _begin,
    "complete": _nothing_else,
    "hold": _hold,
    "resume": _resume,
    "hand_over": _offer,
    "accept_hand_over": _take_over,
    "refuse_hand_over": _keep,
    "decline": _nothing_else,
    "offer_again": _start_again,
    "rule_out": _nothing_else,
    "close_unmet": _nothing_else,
    "reopen": _start_again,
}
