"""Clocks that came due: each rung of each ladder is raised exactly once, however many workers run.

A worker takes the lock of the file first (a locked one is another worker's) and looks at its clocks only then; what is
raised, its effects, its entries and the time of the next rung commit together, one transaction a file.
"""

import random
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from domain.clocks import CLOCKS
from domain.identifiers import new_id
from domain.ladders import LADDERS, Rung, Steps
from services.alarms import sound_in_case, sound_in_report
from services.case_files import CaseFile
from services.case_loading import open_case_by_rule
from services.database import transaction
from services.due_effects import DUE_EFFECTS, REPORT_DUE_EFFECTS
from services.records.cases import CaseRow
from services.records.clocks import DeadlineRow
from services.records.reports import ReportRow
from services.report_files import ReportFile, open_report_by_rule

FILES_AT_A_TIME: Final = 200
Info = Mapping[str, object]
log: Final = structlog.get_logger("homeward.worker")


class DueFile(NamedTuple):
    kind: str
    id: UUID


def raise_all_due(engine: Engine, info: Info, stopping: Callable[[], bool] = lambda: False) -> int:
    """Raise everything that is due now, file by file; the number of rungs. A file that fails does not hold up the others."""
    raised, failed = 0, set[UUID]()
    while found := due_files(engine, failed):
        before = raised, len(failed)
        for due in found:
            if stopping():
                return raised
            raised += _attempt(engine, info, due, failed)
        if before == (raised, len(failed)):
            # what is left is in the hands of other workers
            return raised
    return raised


def _attempt(engine: Engine, info: Info, due: DueFile, failed: set[UUID]) -> int:
    try:
        return raise_due(engine, info, due)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with one file is tried again in the next round
        log.warning("file failed", kind=due.kind, error=type(error).__name__)
        failed.add(due.id)
        return 0


def due_files(engine: Engine, without: Collection[UUID] = ()) -> list[DueFile]:
    """Files with a clock that is due, at most `FILES_AT_A_TIME` of the most urgent; in no order, so that workers spread."""
    query = (
        select(DeadlineRow.kind, DeadlineRow.file_id)
        .where(
            DeadlineRow.state == "running",
            DeadlineRow.next_at <= func.now(),
            DeadlineRow.file_id.not_in(without),
        )
        .group_by(DeadlineRow.kind, DeadlineRow.file_id)
        .order_by(func.min(DeadlineRow.next_at))
        .limit(FILES_AT_A_TIME)
    )
    with transaction(engine) as session:
        found = [DueFile(kind, file_id) for kind, file_id in session.execute(query)]
    random.shuffle(found)
    return found


def raise_due(engine: Engine, info: Info, due: DueFile) -> int:
    """Raise what is due in one file; 0 when another worker has it, or had it meanwhile."""
    with transaction(engine, {**info, "request_id": new_id(), "role": "worker"}) as session:
        if not _take(session, due):
            return 0
        file = _open(session, due)
        raised = sum(_climb(file, deadline) for deadline in _due_in(session, due.id, file.at))
        if raised:
            # the next rungs are written before the endings, which leave none
            session.flush()
            file.save()
        return raised


def _take(session: Session, due: DueFile) -> bool:
    table = CaseRow if due.kind == "case" else ReportRow
    lock = select(table.id).where(table.id == due.id).with_for_update(skip_locked=True)
    return session.execute(lock).one_or_none() is not None


def _open(session: Session, due: DueFile) -> CaseFile | ReportFile:
    return open_case_by_rule(session, due.id) if due.kind == "case" else open_report_by_rule(session, due.id)


def _due_in(session: Session, file_id: UUID, at: datetime) -> list[DeadlineRow]:
    query = select(DeadlineRow).where(
        DeadlineRow.file_id == file_id, DeadlineRow.state == "running", DeadlineRow.next_at <= at
    )
    return list(session.execute(query.order_by(DeadlineRow.next_at, DeadlineRow.id)).scalars())


def _climb(file: CaseFile | ReportFile, deadline: DeadlineRow) -> int:
    """Raise every rung whose time has come, until the clock is over; the number raised."""
    steps, raised = LADDERS[CLOCKS[deadline.clock].ladder], 0
    while (
        deadline.next_at is not None and deadline.next_at <= file.at and not file.clocks.is_ending(deadline)
    ):
        rung = steps.rung(deadline.rung)
        assert rung is not None, "a clock without a next rung has no next time"
        if not _is_overtaken(steps, deadline, file.at):
            _raise(file, deadline, rung)
            raised += 1
        deadline.rung += 1
        deadline.next_at = steps.next_at(deadline.rung, deadline.due_at)
    return raised


def _is_overtaken(steps: Steps, deadline: DeadlineRow, at: datetime) -> bool:
    """A warning says nothing once the next one is due too."""
    rung, following = steps.rung(deadline.rung), steps.next_at(deadline.rung + 1, deadline.due_at)
    return rung is not None and rung.is_warning and following is not None and following <= at


def _raise(file: CaseFile | ReportFile, deadline: DeadlineRow, rung: Rung) -> None:
    comes_due = rung.after.total_seconds() == 0
    if isinstance(file, CaseFile):
        sound_in_case(file, deadline, rung)
        if comes_due and (effect := DUE_EFFECTS.get(deadline.clock)):
            effect(file, deadline)
        return
    sound_in_report(file, deadline, rung)
    if comes_due and (of_report := REPORT_DUE_EFFECTS.get(deadline.clock)):
        of_report(file, deadline)
