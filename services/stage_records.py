"""What was done in a stage: typed records, sealed, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.identifiers import new_id
from domain.mandates import MANDATES, addable_records, own_records
from domain.openings import reopened_by
from domain.refusals import FieldRefused, MoveNotPossible, RecordNotYours, RequirementsUnmet
from domain.requirements import Facts, unmet
from domain.stages import StageCode, StageState
from domain.workflow import possible
from services.case_facts import facts_of, subject_of
from services.case_files import CaseFile, OpenRecord
from services.case_loading import open_stage
from services.openings import open_due_stages
from services.record_effects import take_effect
from services.records.cases import StageRecordRow, StageRow
from services.sealed_values import Content, NewValue
from services.timeline import Note
from services.versions import require_version

_TAKING_RECORDS = (StageState.ACCEPTED, StageState.ACTIVE, StageState.ON_HOLD)


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record as asked for: body of its kind's shape, JSON values; `version` may name the stage's."""

    kind: str
    happened_at: datetime
    body: Content
    version: int | None = None


def add_record(
    session: Session, actor: Actor, code: StageCode, stage_id: UUID, new: NewRecord
) -> tuple[CaseFile, StageRow, OpenRecord]:
    """Add a record. Refusals in order: NotFound, RecordNotYours, VersionStale, MoveNotPossible, RequirementsUnmet."""
    file, stage = open_stage(session, actor, code, stage_id, lock=True)
    _require_may_add(file, stage, actor, new.kind)
    if new.version is not None:
        require_version(new.version, stage.version)
    facts = facts_of(file, stage, new.body)
    if stage.state not in _TAKING_RECORDS and not _reopens(facts, stage, new):
        subject = subject_of(file, stage)
        raise MoveNotPossible("stage", "record", stage.state, list(possible(subject)))
    open_requirements = unmet(facts, f"record:{new.kind}")
    if open_requirements:
        raise RequirementsUnmet(f"record:{new.kind}", open_requirements)
    record = _write(file, stage, actor, new)
    take_effect(file, stage, record)
    open_due_stages(file)
    file.save()
    return file, stage, record


def _reopens(facts: Facts, stage: StageRow, new: NewRecord) -> bool:
    """Whether an ended stage takes this record after all, since it begins the stage anew."""
    before = {record.kind for record in facts.records}
    completed = stage.state == StageState.COMPLETED
    return completed and reopened_by(StageCode(stage.code), new.kind, new.body, before) is not None


def _require_may_add(file: CaseFile, stage: StageRow, actor: Actor, kind: str) -> None:
    allowed = _kinds_of(file, stage, actor)
    if kind not in allowed:
        raise RecordNotYours(kind, sorted(allowed), MANDATES[StageCode(stage.code)].articles)


def _kinds_of(file: CaseFile, stage: StageRow, actor: Actor) -> Sequence[str]:
    code = StageCode(stage.code)
    if actor.unit_id == stage.unit_id:
        return own_records(code)
    beside = actor.unit_id in file.related(stage.id, "attached") | file.related(stage.id, "invited")
    return sorted(addable_records(actor.agency, code)) if beside else ()


def kinds_open_to(file: CaseFile, stage: StageRow, actor: Actor) -> list[str]:
    """The kinds of record that this actor may add now."""
    return list(_kinds_of(file, stage, actor)) if stage.state in _TAKING_RECORDS else []


def _write(file: CaseFile, stage: StageRow, actor: Actor, new: NewRecord) -> OpenRecord:
    person_id = _person(file, stage, new)
    row = StageRecordRow(
        case_id=file.case.id,
        id=new_id(),
        stage_id=stage.id,
        kind=new.kind,
        unit_id=actor.unit_id,
        agency=actor.agency,
        account_id=actor.account_id,
        happened_at=new.happened_at,
        recorded_at=file.at,
    )
    file.session.add(row)
    file.session.flush()
    file.keys.write([NewValue(row.id, "body", person_id, new.body)], file.at)
    stage.version += 1
    record = OpenRecord(row, new.body)
    file.records[stage.id].append(record)
    file.note(_note(stage, row, file.keys.commit_to(person_id, new.body)))
    return record


def _person(file: CaseFile, stage: StageRow, new: NewRecord) -> UUID:
    """Whose key seals it: the stage's victim, or the one that a record of the whole case names."""
    named = new.body.get("victim_id")
    if stage.victim_id is not None or named is None:
        return stage.victim_id or file.case.id
    victim_id = UUID(cast(str, named))
    if victim_id not in file.victims:
        raise FieldRefused(("victim_id", "unknown_victim"))
    return victim_id


def _note(stage: StageRow, row: StageRecordRow, commitments: dict[str, str]) -> Note:
    return Note(
        "record",
        "stage_record",
        row.id,
        articles=MANDATES[StageCode(stage.code)].articles,
        stage=stage.code,
        stage_id=stage.id,
        victim_id=stage.victim_id,
        source=stage.state,
        target=stage.state,
        reason=row.kind,
        happened_at=row.happened_at,
        changed=tuple(commitments),
        values=commitments,
    )


def records_of(file: CaseFile, stage: StageRow) -> list[OpenRecord]:
    return file.records.get(stage.id, [])
