"""Running clocks: what a file's transaction starts, moves, pauses and stops; written when the file is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.clocks import CLOCKS, Due
from domain.identifiers import new_id
from domain.ladders import LADDERS
from services import deadline_writes
from services.deadline_writes import ClockStep, Ending, Shift
from services.records.clocks import ClockOverrideRow, DeadlineRow
from services.working_days import OFFICIAL

Amounts = Mapping[str, int]
"""What a division set in place of a clock's own amount, in the clock's unit."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a clock is about; `stage_id` and `victim_id` so that lists can be filtered without opening the case."""

    kind: str
    id: UUID
    stage_id: UUID | None = None
    victim_id: UUID | None = None


class Unless(StrEnum):
    """When a clock that is asked for does not start after all."""

    NEVER = "never"
    STARTED = "started"  # once in the life of its subject, whatever became of it
    RUNNING = "running"
    MET = "met"


@dataclass(frozen=True, slots=True)
class _Started:
    subject: Subject
    clock: str
    at: datetime
    due: Due
    unless: Unless = Unless.NEVER


@dataclass(slots=True)
class RunningClocks:
    """The changes of one transaction to one file's clocks, in order of asking. `amounts`: what the division set otherwise."""

    amounts: Amounts = field(default_factory=dict)
    _ended: dict[tuple[UUID, str | None], Ending] = field(default_factory=dict)
    _started: dict[tuple[UUID, str], _Started] = field(default_factory=dict)
    _paused: dict[UUID, datetime] = field(default_factory=dict)
    _shifts: list[Shift] = field(default_factory=list)
    _moved: dict[tuple[UUID, str], timedelta] = field(default_factory=dict)

    def start(self, subject: Subject, clock: str, at: datetime, due: datetime | None = None) -> datetime:
        """Start, or start anew from another time; returns when it is due. `due` where somebody chose the time itself."""
        self._end(Ending(subject.id, clock, "stopped", at))
        return self._begin(subject, clock, at, due, Unless.NEVER)

    def start_once(self, subject: Subject, clock: str, at: datetime, due: datetime | None = None) -> datetime:
        """Start unless this clock was ever started for this subject; returns when it would be due."""
        return self._begin(subject, clock, at, due, Unless.STARTED)

    def restart(self, subject: Subject, clock: str, at: datetime, due: datetime | None = None) -> datetime:
        """Its start was corrected: count from there. Where the earliest start counts, a later one changes nothing; what was
        met stays met."""
        if CLOCKS[clock].earliest:
            self._end(Ending(subject.id, clock, "stopped", at, started_after=at))
            return self._begin(subject, clock, at, due, Unless.RUNNING)
        self._end(Ending(subject.id, clock, "stopped", at))
        return self._begin(subject, clock, at, due, Unless.MET)

    def stop(self, subject_id: UUID, at: datetime, clock: str | None = None, *, met: bool = False) -> None:
        """End one clock of a subject, or all of them; `met` when what it waited for happened. A stage's id ends the clocks
        of everything in that stage; those that outlive a stage go on unless they are named."""
        self._started = {
            key: started
            for key, started in self._started.items()
            if subject_id not in (started.subject.id, started.subject.stage_id) or not _named(clock, key[1])
        }
        self._end(Ending(subject_id, clock, "met" if met else "stopped", at))

    def pause(self, subject_id: UUID, at: datetime) -> None:
        """Hold those clocks of a subject that may be paused; the others run on."""
        self._paused[subject_id] = at

    def resume(self, running: Sequence[DeadlineRow], at: datetime) -> Mapping[str, datetime]:
        """Let those of these that stand still run on, due as much later as they stood; returns when each is due."""
        dues = {}
        for row in running:
            dues[row.clock] = row.due_at
            if row.paused_at is not None:
                dues[row.clock] = CLOCKS[row.clock].later(row.due_at, at - row.paused_at)
                self._shifts.append(Shift(row.id, dues[row.clock]))
        return dues

    def move(self, row: DeadlineRow, until: datetime, at: datetime) -> None:
        """Give it until then: the old one is over with its alarms, a new one runs from the same start."""
        subject = Subject(row.subject, row.subject_id, row.stage_id, row.victim_id)
        self._end(Ending(row.subject_id, row.clock, "stopped", at))
        self._begin(subject, row.clock, row.started_at, until, Unless.NEVER)
        self._moved[row.subject_id, row.clock] = row.moved_by + (until - row.due_at)

    def is_ending(self, row: DeadlineRow) -> bool:
        """Whether this clock is over in this transaction, or replaced."""
        return any(
            subject_id in (row.subject_id, row.stage_id) and _named(clock, row.clock)
            for subject_id, clock in self._ended
        )

    def write(self, session: Session, kind: str, file_id: UUID) -> list[ClockStep]:
        """Carry out everything that was asked for since the last time: a statement for each of the four, where needed.
        Returns what came of it, for the timeline."""
        steps = deadline_writes.end(session, file_id, list(self._ended.values()))
        for subject_id, at in self._paused.items():
            steps += deadline_writes.pause(session, file_id, subject_id, at)
        steps += deadline_writes.shift(session, file_id, self._shifts)
        steps += deadline_writes.begin(
            session,
            [
                {**_row(started), "kind": kind, "file_id": file_id, "moved_by": self._moved.get(key, "0")}
                for key, started in self._started.items()
            ],
        )
        for asked in (self._ended, self._started, self._paused, self._shifts, self._moved):
            asked.clear()
        return steps

    def _end(self, ending: Ending) -> None:
        # what was said first about a clock stands: met and started anew is met
        self._ended.setdefault((ending.subject_id, ending.clock), ending)

    def _begin(
        self, subject: Subject, clock: str, at: datetime, due: datetime | None, unless: Unless
    ) -> datetime:
        found = Due(due) if due else CLOCKS[clock].due(at, self.amounts.get(clock), OFFICIAL)
        self._started[subject.id, clock] = _Started(subject, clock, at, found, unless)
        return found.at


def _named(asked: str | None, clock: str) -> bool:
    """Whether an ending of `asked` (None: of everything) is one of this clock."""
    return clock == asked or (asked is None and not CLOCKS[clock].outlives)


def _row(started: _Started) -> dict[str, Any]:
    subject, due = started.subject, started.due
    steps = LADDERS[CLOCKS[started.clock].ladder]
    rung = steps.first(due.at, started.at)
    return {
        "id": new_id(),
        "subject": subject.kind,
        "subject_id": subject.id,
        "stage_id": subject.stage_id,
        "victim_id": subject.victim_id,
        "clock": started.clock,
        "started_at": started.at,
        "due_at": due.at,
        "next_at": steps.next_at(rung, due.at),
        "rung": rung,
        "provisional": due.provisional,
        "unless": started.unless,
    }


def running(session: Session, file_id: UUID, subject_id: UUID) -> list[DeadlineRow]:
    """The clocks of this subject, or of everything in a stage, that are not over, the most urgent first."""
    query = select(DeadlineRow).where(
        DeadlineRow.file_id == file_id,
        or_(DeadlineRow.subject_id == subject_id, DeadlineRow.stage_id == subject_id),
        DeadlineRow.state.in_(("running", "paused")),
    )
    return list(session.execute(query.order_by(DeadlineRow.due_at)).scalars())


def running_in(session: Session, file_id: UUID) -> list[DeadlineRow]:
    """The clocks of a file that are not over, the most urgent first."""
    query = select(DeadlineRow).where(
        DeadlineRow.file_id == file_id, DeadlineRow.state.in_(("running", "paused"))
    )
    return list(session.execute(query.order_by(DeadlineRow.due_at, DeadlineRow.id)).scalars())


def overridden(division_id: InstrumentedAttribute[UUID | None]) -> ScalarSelect[Any]:
    """The amounts that a case's division set, as one column of the query that loads the case."""
    amounts = func.jsonb_object_agg(ClockOverrideRow.clock, ClockOverrideRow.amount, type_=JSONB)
    return select(amounts).where(ClockOverrideRow.division_id == division_id).scalar_subquery()


def amounts_in(session: Session, division_id: UUID | None) -> Amounts:
    """The same for a division whose case is only about to be opened."""
    rows = session.execute(
        select(ClockOverrideRow.clock, ClockOverrideRow.amount).where(
            ClockOverrideRow.division_id == division_id
        )
    )
    return {row.clock: row.amount for row in rows}
