"""Clocks of two files about one person: of each kind that runs in both, the earliest wins; parted, each gets its own back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.case_files import CaseFile
from services.deadlines import Subject
from services.records.clocks import DeadlineRow

Side = tuple[CaseFile, UUID]
_LIVE = ("running", "paused")


def take_the_earliest(session: Session, *sides: Side) -> list[UUID]:
    """Start the later of two clocks of one kind anew from the earlier; returns the rows that this stopped."""
    (first, second) = (_running(session, *side) for side in sides)
    stopped = []
    for (file, _victim), own, others in ((sides[0], first, second), (sides[1], second, first)):
        for row in own:
            rivals = [other for other in others if other.clock == row.clock]
            earliest = min(rivals, key=lambda rival: rival.due_at, default=row)
            if earliest.due_at < row.due_at:
                _start(file, row, earliest)
                stopped.append(row.id)
    return stopped


def give_back(session: Session, files: Sequence[CaseFile], stopped: Sequence[UUID]) -> None:
    """Each clock that still runs goes back to its own start; what was met meanwhile stays met."""
    by_id = {file.id: file for file in files}
    rows = session.execute(select(DeadlineRow).where(DeadlineRow.id.in_(stopped))).scalars().all()
    for row in rows:
        still = select(DeadlineRow.id).where(
            DeadlineRow.file_id == row.file_id,
            DeadlineRow.subject_id == row.subject_id,
            DeadlineRow.clock == row.clock,
            DeadlineRow.state.in_(_LIVE),
        )
        if session.execute(still).first() is not None:
            _start(by_id[row.file_id], row, row)


def _running(session: Session, file: CaseFile, victim_id: UUID) -> list[DeadlineRow]:
    query = select(DeadlineRow).where(
        DeadlineRow.file_id == file.id, DeadlineRow.victim_id == victim_id, DeadlineRow.state == "running"
    )
    return list(session.execute(query.order_by(DeadlineRow.id)).scalars())


def _start(file: CaseFile, row: DeadlineRow, like: DeadlineRow) -> None:
    """This row's clock from the other's start to the other's due time; a stage that waits for it shows the same."""
    subject = Subject(row.subject, row.subject_id, row.stage_id, row.victim_id)
    due = file.clocks.start(subject, row.clock, like.started_at, like.due_at)
    for stage in file.stages:
        if stage.id == row.subject_id and stage.due_clock == row.clock:
            stage.due_at = due
