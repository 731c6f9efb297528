"""What had been shared on a consent: with which units, since when, and what they read meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from domain.consents import PURPOSE_STAGES, Purpose
from services.case_files import CaseFile
from services.records.access import ReadLogRow
from services.records.cases import ConsentRow, StageRow, StageUnitRow


@dataclass(frozen=True, slots=True)
class Reads:
    """One kind of thing that a unit read of the person, first and last."""

    subject: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Shared:
    """A unit that worked on the consent, and how: `responsible`, `attached`, `invited`, or named as `recipient`."""

    unit_id: UUID
    role: str
    since: datetime
    until: datetime
    reads: tuple[Reads, ...]


def what_was_shared(file: CaseFile, row: ConsentRow) -> list[Shared]:
    """Looked up while the consent still is in force; empty when it never was. The file is the one being written, since only
    then may its log of reads be looked at."""
    if row.decided_at is None:
        return []
    stage = _stage_of(file, row)
    since: dict[UUID, tuple[str, datetime]] = dict.fromkeys(
        row.recipient_unit_ids, ("recipient", row.decided_at)
    )
    since |= _beside(file, row, stage)
    if stage is not None and stage.unit_id is not None:
        since[stage.unit_id] = ("responsible", max(row.decided_at, stage.routed_at or row.decided_at))
    reads = _reads(file, row, list(since))
    return [
        Shared(unit_id, role, start, file.at, tuple(reads.get(unit_id, ())))
        for unit_id, (role, start) in sorted(since.items(), key=lambda found: (found[1][1], found[0]))
    ]


def _stage_of(file: CaseFile, row: ConsentRow) -> StageRow | None:
    code = PURPOSE_STAGES.get(Purpose(row.purpose))
    return next(
        (s for s in file.stages if (s.victim_id, s.code, s.round) == (row.victim_id, code, row.round)), None
    )


def _beside(file: CaseFile, row: ConsentRow, stage: StageRow | None) -> dict[UUID, tuple[str, datetime]]:
    """Units beside the stage, and those that this very consent let in anywhere."""
    assert row.decided_at is not None
    here = StageUnitRow.consent_id == row.id
    if stage is not None:
        here |= StageUnitRow.stage_id == stage.id
    found = file.session.execute(
        select(StageUnitRow.unit_id, StageUnitRow.relation, StageUnitRow.added_at).where(
            StageUnitRow.case_id == file.id, here
        )
    )
    return {one.unit_id: (one.relation, max(row.decided_at, one.added_at)) for one in found}


def _reads(file: CaseFile, row: ConsentRow, units: list[UUID]) -> dict[UUID, list[Reads]]:
    own = [stage.id for stage in file.stages if stage.victim_id == row.victim_id]
    found = file.session.execute(
        select(
            ReadLogRow.unit_id, ReadLogRow.subject, func.min(ReadLogRow.read_at), func.max(ReadLogRow.read_at)
        )
        .where(
            ReadLogRow.file_id == file.id,
            ReadLogRow.unit_id.in_(units),
            ReadLogRow.subject_id.in_([file.id, row.victim_id, row.id, *own]),
            ReadLogRow.read_at >= row.decided_at,
        )
        .group_by(ReadLogRow.unit_id, ReadLogRow.subject)
        .order_by(ReadLogRow.subject)
    )
    reads: dict[UUID, list[Reads]] = {}
    for unit_id, subject, first_at, last_at in found:
        reads.setdefault(unit_id, []).append(Reads(subject, first_at, last_at))
    return reads
