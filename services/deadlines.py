"""Running clocks: what a file's transaction starts, moves, pauses and stops; written when the file is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, extract, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.clocks import CLOCKS, Due
from domain.identifiers import new_id
from services.records.clocks import ClockOverrideRow, DeadlineRow

Lengths = Mapping[str, timedelta]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a clock is about; `stage_id` and `victim_id` so that lists can be filtered without opening the case."""

    kind: str
    id: UUID
    stage_id: UUID | None = None
    victim_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Started:
    subject: Subject
    clock: str
    at: datetime
    due: Due


@dataclass(slots=True)
class RunningClocks:
    """The changes of one transaction to one file's clocks, in order of asking. `lengths`: what the division set otherwise."""

    lengths: Lengths = field(default_factory=dict)
    _ended: list[tuple[UUID, str | None, str, datetime]] = field(default_factory=list)
    _started: dict[tuple[UUID, str], _Started] = field(default_factory=dict)
    _paused: dict[UUID, datetime] = field(default_factory=dict)
    _resumed: dict[UUID, datetime] = field(default_factory=dict)

    def start(self, subject: Subject, clock: str, at: datetime, due: datetime | None = None) -> datetime:
        """Start, or start anew from another time; returns when it is due. `due` where somebody chose the time itself."""
        found = Due(due) if due else CLOCKS[clock].due(at, self.lengths.get(clock))
        self._ended.append((subject.id, clock, "stopped", at))
        self._started[subject.id, clock] = _Started(subject, clock, at, found)
        return found.at

    def stop(self, subject_id: UUID, at: datetime, clock: str | None = None, *, met: bool = False) -> None:
        """End one clock of a subject, or all of them; `met` when what it waited for happened."""
        self._started = {
            key: started
            for key, started in self._started.items()
            if key[0] != subject_id or clock not in (None, key[1])
        }
        self._ended.append((subject_id, clock, "met" if met else "stopped", at))

    def pause(self, subject_id: UUID, at: datetime) -> None:
        """Hold those clocks of a subject that may be paused; the others run on."""
        self._paused[subject_id] = at

    def resume(self, subject_id: UUID, at: datetime) -> None:
        """Let paused clocks run on; their due times move by as long as they stood."""
        self._resumed[subject_id] = at

    def write(self, session: Session, kind: str, file_id: UUID) -> None:
        """Carry out everything that was asked for since the last time."""
        for subject_id, clock, state, at in self._ended:
            _end(session, (file_id, subject_id, clock), state, at)
        for subject_id, at in self._paused.items():
            _pause(session, file_id, subject_id, at)
        for subject_id, at in self._resumed.items():
            _resume(session, file_id, subject_id, at)
        rows = [_row(kind, file_id, started) for started in self._started.values()]
        if rows:
            session.execute(insert(DeadlineRow), rows)
        for asked in (self._ended, self._started, self._paused, self._resumed):
            asked.clear()


def _row(kind: str, file_id: UUID, started: _Started) -> dict[str, Any]:
    subject = started.subject
    return {
        "file_id": file_id,
        "id": new_id(),
        "kind": kind,
        "subject": subject.kind,
        "subject_id": subject.id,
        "stage_id": subject.stage_id,
        "victim_id": subject.victim_id,
        "clock": started.clock,
        "state": "running",
        "started_at": started.at,
        "due_at": started.due.at,
        "next_at": started.due.at,
        "provisional": started.due.provisional,
    }


def _end(session: Session, which: tuple[UUID, UUID, str | None], state: str, at: datetime) -> None:
    file_id, subject_id, clock = which
    statement = (
        update(DeadlineRow)
        .where(
            DeadlineRow.file_id == file_id,
            DeadlineRow.subject_id == subject_id,
            DeadlineRow.state.in_(("running", "paused")),
        )
        .values(state=state, next_at=None, ended_at=at, version=DeadlineRow.version + 1)
    )
    if clock is not None:
        statement = statement.where(DeadlineRow.clock == clock)
    session.execute(statement.execution_options(synchronize_session=False))


PAUSABLE = tuple(code for code, clock in CLOCKS.items() if clock.pausable)


def _pause(session: Session, file_id: UUID, subject_id: UUID, at: datetime) -> None:
    session.execute(
        update(DeadlineRow)
        .where(
            DeadlineRow.file_id == file_id,
            DeadlineRow.subject_id == subject_id,
            DeadlineRow.state == "running",
            DeadlineRow.clock.in_(PAUSABLE),
        )
        .values(state="paused", paused_at=at, next_at=None, version=DeadlineRow.version + 1)
        .execution_options(synchronize_session=False)
    )


def _resume(session: Session, file_id: UUID, subject_id: UUID, at: datetime) -> None:
    stood = at - DeadlineRow.paused_at
    session.execute(
        update(DeadlineRow)
        .where(
            DeadlineRow.file_id == file_id,
            DeadlineRow.subject_id == subject_id,
            DeadlineRow.state == "paused",
        )
        .values(
            state="running",
            due_at=DeadlineRow.due_at + stood,
            next_at=DeadlineRow.due_at + stood,
            moved_by=DeadlineRow.moved_by + stood,
            paused_at=None,
            version=DeadlineRow.version + 1,
        )
        .execution_options(synchronize_session=False)
    )


def due_after_hold(session: Session, where: tuple[UUID, UUID], clock: str, at: datetime) -> datetime | None:
    """When a clock of this file and subject is due if what stood runs on from `at`."""
    file_id, subject_id = where
    row = session.execute(
        select(DeadlineRow.due_at, DeadlineRow.paused_at).where(
            DeadlineRow.file_id == file_id,
            DeadlineRow.subject_id == subject_id,
            DeadlineRow.clock == clock,
            DeadlineRow.state.in_(("running", "paused")),
        )
    ).one_or_none()
    if row is None:
        return None
    stood = at - row.paused_at if row.paused_at else timedelta(0)
    due: datetime = row.due_at + stood
    return due


def overridden(division_id: InstrumentedAttribute[UUID | None]) -> ScalarSelect[Any]:
    """The lengths that a case's division set, as one column of the query that loads the case."""
    seconds = func.jsonb_object_agg(
        ClockOverrideRow.clock, extract("epoch", ClockOverrideRow.length), type_=JSONB
    )
    return select(seconds).where(ClockOverrideRow.division_id == division_id).scalar_subquery()


def lengths_of(found: Mapping[str, float] | None) -> Lengths:
    """What `overridden` brought, as lengths."""
    return {clock: timedelta(seconds=float(seconds)) for clock, seconds in (found or {}).items()}


def lengths_in(session: Session, division_id: UUID | None) -> Lengths:
    """The same for a division whose case is only about to be opened."""
    rows = session.execute(
        select(ClockOverrideRow.clock, ClockOverrideRow.length).where(
            ClockOverrideRow.division_id == division_id
        )
    )
    return {row.clock: row.length for row in rows}
