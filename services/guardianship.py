"""A child's guardian in question (rule 3): set alone by anybody who works for the child, or by rule; cleared by many."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.conflicts import (
    CLEAR_GUARDIAN,
    NOT_A_SUSPECT,
    TERMS,
    Clearing,
    ConflictKind,
    ConflictState,
    Party,
    decide_conflict,
    require_cleared,
)
from domain.refusals import FieldRefused, NotFound, Possible, StageNotYours
from domain.stages import StageCode
from services import approvals
from services.case_facts import person_of
from services.case_files import Agreement, CaseFile, OpenRecord
from services.case_loading import load_records, open_case
from services.conflict_effects import cut_off_guardian
from services.conflicts import (
    InQuestion,
    end_conflict,
    is_set,
    open_conflict,
    parties,
    put_in_question,
    require_own,
)
from services.merged_conflicts import end_in_merged, stand_in_merged
from services.openings import open_due_stages
from services.records.cases import ApprovalRow, StageRow
from services.records.conflicts import ConflictRow
from services.records.people import RelativeRow
from services.units import agency_of
from services.versions import require_version

_KIND = ConflictKind.GUARDIAN


@dataclass(frozen=True, slots=True)
class GuardianDoubted:
    """Which relative of the child, if one is meant, and why (sealed)."""

    relative_id: UUID | None
    reason: str


def set_guardian_conflict(
    session: Session, actor: Actor, case_id: UUID, victim_id: UUID, doubt: GuardianDoubted
) -> tuple[CaseFile, ConflictRow]:
    """One officer of a unit that works for the child is enough. Refusals in order: NotFound, StageNotYours, FieldRefused."""
    file = open_case(session, actor, case_id, lock=True)
    if victim_id not in file.victims:
        raise NotFound
    require_works_for_the_child(file, actor, victim_id)
    _require_child(file, victim_id)
    _require_relative(file, victim_id, doubt.relative_id)
    if _already(file, victim_id, doubt.relative_id):
        raise FieldRefused(("relative_id", "already_in_question"))
    who = InQuestion(_KIND, victim_id=victim_id, relative_id=doubt.relative_id, reason=doubt.reason)
    row = _cut_off(file, who)
    open_due_stages(file)
    file.save()
    return file, row


def guardian_in_question(file: CaseFile, victim_id: UUID, relative_id: UUID | None, rule: str) -> None:
    """The same by itself: a guardian or claimant is unproven or suspect. Does nothing for an adult, or a second time.

    The caller opens stages and saves.
    """
    person = person_of(file, victim_id)
    if person is None or not person.minor or _already(file, victim_id, relative_id):
        return
    _cut_off(file, InQuestion(_KIND, victim_id=victim_id, relative_id=relative_id, rule=rule))


def after_guardian_status(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    """A recorded conflict sets itself; any other status that is known is the decision that was waited for."""
    assert stage.victim_id is not None
    status = str(record.body["status"])
    if status == "conflict":
        guardian_in_question(file, stage.victim_id, None, "conflict_recorded")
    elif status != "unknown":
        for agreement in file.in_force("conflict", stage.victim_id, _KIND):
            file.clocks.stop(agreement.id, file.at, TERMS[_KIND].clock, met=True)


def _cut_off(file: CaseFile, who: InQuestion) -> ConflictRow:
    row = put_in_question(file, who)
    cut_off_guardian(file, row)
    stand_in_merged(file, row)
    return row


def require_works_for_the_child(file: CaseFile, actor: Actor, victim_id: UUID) -> None:
    """The owner, or a unit with a part in an open stage of this child; StageNotYours for everybody else."""
    works = actor.unit_id == file.case.owner_unit_id or any(
        actor.unit_id == stage.unit_id
        or actor.unit_id in file.related(stage.id, "attached") | file.related(stage.id, "invited")
        for stage in file.open_stages()
        if stage.victim_id == victim_id
    )
    if not works:
        by = Possible("set", (Party.WORKS_FOR_THE_CHILD,), TERMS[_KIND].agencies, TERMS[_KIND].articles)
        raise StageNotYours("set", by, TERMS[_KIND].agencies[0])


def _require_child(file: CaseFile, victim_id: UUID) -> None:
    person = person_of(file, victim_id)
    if person is None or not person.minor:
        raise FieldRefused(("victim_id", "not_a_child"))


def _require_relative(file: CaseFile, victim_id: UUID, relative_id: UUID | None) -> None:
    if relative_id is None:
        return
    known = select(RelativeRow.id).where(
        RelativeRow.case_id == file.id, RelativeRow.victim_id == victim_id, RelativeRow.id == relative_id
    )
    if file.session.execute(known).scalar_one_or_none() is None:
        raise FieldRefused(("relative_id", "unknown_relative"))


def _already(file: CaseFile, victim_id: UUID, relative_id: UUID | None) -> bool:
    """Whether this very doubt is in force. Another relative, or one not named, is another doubt."""
    same = ConflictRow.relative_id.is_not_distinct_from(relative_id)
    return is_set(file, _KIND, (ConflictRow.victim_id == victim_id) & same)


# --- clearing ---


def ask_not_a_suspect(
    session: Session, actor: Actor, conflict_id: UUID, unit_id: UUID, reason: str
) -> tuple[CaseFile, ApprovalRow]:
    """The guardianship unit asks the police whether the guardian is a suspect; they read the case until they answered."""
    file, row = _of_a_guardian(session, actor, conflict_id)
    decide_conflict(_KIND, row.state, "clear", parties(file, row, actor))
    require_own(row)
    asked = approvals.ask(file, actor, approvals.Ask("conflict", row.id, CLEAR_GUARDIAN, unit_id, reason))
    if agency_of(session, unit_id) != NOT_A_SUSPECT:
        raise FieldRefused(("approver_unit_id", "not_the_police"))
    file.agreements.append(Agreement("approval", asked.id, row.id, asked.action, asked.state, unit_id))
    file.save()
    return file, asked


def clear_guardian_conflict(
    session: Session, actor: Actor, conflict_id: UUID, version: int | None
) -> tuple[CaseFile, ConflictRow]:
    """Refusals in order: NotFound, StageNotYours, VersionMissing, VersionStale, MoveNotPossible, RequirementsUnmet (all)."""
    file, row = _of_a_guardian(session, actor, conflict_id)
    stands = parties(file, row, actor)
    decide_conflict(_KIND, ConflictState.OPEN, "clear", stands)
    require_own(row)
    require_version(version, row.version)
    decide_conflict(_KIND, row.state, "clear", stands)
    require_cleared(_what_speaks_for_it(file, row, actor))
    approvals.use_approval(file, row.id, CLEAR_GUARDIAN)
    end_conflict(file, row)
    file.save()
    end_in_merged(file, row)
    return file, row


def _of_a_guardian(session: Session, actor: Actor, conflict_id: UUID) -> tuple[CaseFile, ConflictRow]:
    file, row = open_conflict(session, actor, conflict_id)
    if row.kind != _KIND:
        raise NotFound
    return file, row


def _what_speaks_for_it(file: CaseFile, row: ConflictRow, actor: Actor) -> Clearing:
    asked_by = file.session.execute(
        select(ApprovalRow.asked_by_id).where(
            ApprovalRow.file_id == file.id,
            ApprovalRow.subject_id == row.id,
            ApprovalRow.action == CLEAR_GUARDIAN,
            ApprovalRow.state == "approved",
        )
    ).scalars()
    askers = set(asked_by)
    return Clearing(
        not_a_suspect=bool(askers),
        child_heard=_heard_since(file, row),
        second_person=bool(askers - {actor.account_id}),
    )


def _heard_since(file: CaseFile, row: ConflictRow) -> bool:
    stages = [stage for stage in file.of(row.victim_id) if stage.code == StageCode.GUARDIANSHIP]
    for stage in stages:
        load_records(file, stage)
    return any(
        record.row.kind == "child_view"
        and record.body.get("heard_alone") is True
        and record.row.recorded_at > row.set_at
        for stage in stages
        for record in file.records.get(stage.id, [])
    )
