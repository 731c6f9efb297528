"""Due times that were counted over a year whose working days were not yet published: counted again once they are."""

from typing import Final
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from domain.clocks import CLOCKS
from domain.identifiers import new_id
from domain.ladders import LADDERS
from domain.working_days import Calendar
from services.case_files import CaseFile
from services.case_loading import open_case_by_rule
from services.clockwork import Info
from services.database import transaction
from services.records.cases import CaseRow
from services.records.clocks import DeadlineRow
from services.timeline import Note
from services.working_days import OFFICIAL

FILES_AT_A_TIME: Final = 100
_LIVE: Final = ("running", "paused")


def recompute_provisional(engine: Engine, info: Info, calendar: Calendar = OFFICIAL) -> int:
    """Give every provisional clock whose years are published its final due time; the number of clocks."""
    return sum(_recompute_file(engine, info, file_id, calendar) for file_id in _files(engine, calendar))


def _files(engine: Engine, calendar: Calendar) -> list[UUID]:
    query = select(DeadlineRow.file_id, DeadlineRow.clock, DeadlineRow.started_at).where(
        DeadlineRow.provisional, DeadlineRow.state.in_(_LIVE)
    )
    with transaction(engine) as session:
        rows = session.execute(query.limit(10_000)).all()
    ready = [
        row.file_id
        for row in rows
        if not CLOCKS[row.clock].due(row.started_at, calendar=calendar).provisional
    ]
    return list(dict.fromkeys(ready))[:FILES_AT_A_TIME]


def _recompute_file(engine: Engine, info: Info, file_id: UUID, calendar: Calendar) -> int:
    with transaction(engine, {**info, "request_id": new_id(), "role": "worker"}) as session:
        taken = select(CaseRow.id).where(CaseRow.id == file_id).with_for_update(skip_locked=True)
        if session.execute(taken).one_or_none() is None:
            return 0
        file = open_case_by_rule(session, file_id)
        done = sum(_recompute(file, row, calendar) for row in _provisional_in(session, file_id))
        if done:
            file.save()
        return done


def _provisional_in(session: Session, file_id: UUID) -> list[DeadlineRow]:
    query = select(DeadlineRow).where(
        DeadlineRow.file_id == file_id, DeadlineRow.provisional, DeadlineRow.state.in_(_LIVE)
    )
    return list(session.execute(query).scalars())


def _recompute(file: CaseFile, row: DeadlineRow, calendar: Calendar) -> bool:
    clock = CLOCKS[row.clock]
    due = clock.due(row.started_at, file.clocks.amounts.get(row.clock), calendar)
    if due.provisional:
        return False
    row.due_at, row.provisional = clock.later(due.at, row.moved_by), False
    row.next_at = LADDERS[clock.ladder].next_at(row.rung, row.due_at)
    row.version += 1
    for stage in file.stages:
        if (stage.id, stage.due_clock) == (row.subject_id, row.clock):
            stage.due_at, stage.version = row.due_at, stage.version + 1
    file.note(_note(row))
    return True


def _note(row: DeadlineRow) -> Note:
    return Note(
        "recompute",
        row.subject,
        row.subject_id,
        articles=CLOCKS[row.clock].articles,
        stage_id=row.stage_id,
        victim_id=row.victim_id,
        rule=row.clock,
        changed=("due_at",),
    )
