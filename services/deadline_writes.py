"""The statements behind running clocks: one for all that ends, with its alarms; one for all that starts."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import literal, or_, text, update
from sqlalchemy.orm import Session

from domain.clocks import CLOCKS
from domain.timeline import Value, moment
from services.records.clocks import DeadlineRow

PAUSABLE: Final = tuple(code for code, clock in CLOCKS.items() if clock.pausable)
OUTLIVING: Final = [code for code, clock in CLOCKS.items() if clock.outlives]


@dataclass(frozen=True, slots=True)
class Ending:
    """A clock of a subject that is over, or all of them (`clock` None); with `started_after`, only one started later."""

    subject_id: UUID
    clock: str | None
    state: str
    at: datetime
    started_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A clock that runs on after it stood still: due then, its next rung as much later as its due time."""

    id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ClockStep:
    """What one clock did in a transaction, as its row says: `started`, `met`, `stopped`, `paused` or `resumed`."""

    did: str
    clock: str
    subject: str
    subject_id: UUID
    stage_id: UUID | None
    victim_id: UUID | None
    due_at: datetime

    @property
    def written(self) -> dict[str, Value]:
        """As it lies in the entry beside which it happened."""
        due = moment(self.due_at)
        return {"did": self.did, "clock": self.clock, "subject_id": str(self.subject_id), "due_at": due}


# What was asked for first decides how a clock ended. Its alarms are settled in the same statement.
_END: Final = text(
    "with asked as (select * from jsonb_to_recordset(cast(:rows as jsonb)) as a(place int, subject_id uuid, clock text,"
    "  state text, at timestamptz, started_after timestamptz)),"
    " ending as (select distinct on (d.id) d.id, a.state, a.at from deadlines d"
    "  join asked a on a.subject_id in (d.subject_id, d.stage_id)"
    "  and (a.clock = d.clock or a.clock is null and d.clock <> all(:outliving))"
    "  and (a.started_after is null or d.started_at > a.started_after)"
    "  where d.file_id = :file and d.state in ('running', 'paused') order by d.id, a.place),"
    " ended as (update deadlines d set state = e.state, ended_at = e.at, next_at = null, version = version + 1"
    "  from ending e where d.file_id = :file and d.id = e.id returning d.*),"
    " settled as (update alarms m set settled_at = e.ended_at from ended e"
    "  where m.file_id = :file and m.deadline_id = e.id and m.settled_at is null)"
    " select state, clock, subject, subject_id, stage_id, victim_id, due_at from ended order by clock, subject_id"
)

_BEGIN: Final = text(
    "insert into deadlines (file_id, id, kind, subject, subject_id, stage_id, victim_id, clock, state, started_at, due_at,"
    "  next_at, rung, provisional, moved_by)"
    " select file_id, id, kind, subject, subject_id, stage_id, victim_id, clock, 'running', started_at, due_at, next_at,"
    "  rung, provisional, cast(moved_by as interval)"
    " from jsonb_to_recordset(cast(:rows as jsonb)) as s(file_id uuid, id uuid, kind text, subject text, subject_id uuid,"
    "  stage_id uuid, victim_id uuid, clock text, started_at timestamptz, due_at timestamptz, next_at timestamptz,"
    "  rung int, provisional boolean, moved_by text, unless text)"
    " where unless = 'never' or not exists (select from deadlines d where d.file_id = s.file_id"
    "  and d.subject_id = s.subject_id and d.clock = s.clock and (unless = 'started' or d.state in ('running', 'paused')"
    "  or unless = 'met' and d.state = 'met'))"
    " returning 'started', clock, subject, subject_id, stage_id, victim_id, due_at"
)

_SHIFT: Final = text(
    "update deadlines d set state = 'running', paused_at = null, due_at = s.due_at, version = version + 1,"
    " next_at = d.next_at + (s.due_at - d.due_at), moved_by = d.moved_by + (s.due_at - d.due_at)"
    " from jsonb_to_recordset(cast(:rows as jsonb)) as s(id uuid, due_at timestamptz)"
    " where d.file_id = :file and d.id = s.id and d.state = 'paused'"
    " returning 'resumed', d.clock, d.subject, d.subject_id, d.stage_id, d.victim_id, d.due_at"
)


def end(session: Session, file_id: UUID, endings: Sequence[Ending]) -> list[ClockStep]:
    """End what runs of these; those that named no clock leave the ones that outlive their stage."""
    rows = [{"place": place, **asdict(ending)} for place, ending in enumerate(endings)]
    if not rows:
        return []
    return _steps(session.execute(_END, {"rows": _json(rows), "file": file_id, "outliving": OUTLIVING}))


def begin(session: Session, rows: Sequence[Mapping[str, object]]) -> list[ClockStep]:
    """Start them, unless the row's own condition (`unless`) is true."""
    return _steps(session.execute(_BEGIN, {"rows": _json(rows)})) if rows else []


def shift(session: Session, file_id: UUID, shifts: Sequence[Shift]) -> list[ClockStep]:
    """Let paused clocks run on."""
    if not shifts:
        return []
    rows = _json(asdict(one) for one in shifts)
    return _steps(session.execute(_SHIFT, {"rows": rows, "file": file_id}))


def pause(session: Session, file_id: UUID, subject_id: UUID, at: datetime) -> list[ClockStep]:
    """Hold what may be paused of a subject, or of everything in a stage; the worker leaves it alone from here on."""
    held = (
        update(DeadlineRow)
        .where(
            DeadlineRow.file_id == file_id,
            or_(DeadlineRow.subject_id == subject_id, DeadlineRow.stage_id == subject_id),
            DeadlineRow.state == "running",
            DeadlineRow.clock.in_(PAUSABLE),
        )
        .values(state="paused", paused_at=at, version=DeadlineRow.version + 1)
        .returning(
            literal("paused"),
            DeadlineRow.clock,
            DeadlineRow.subject,
            DeadlineRow.subject_id,
            DeadlineRow.stage_id,
            DeadlineRow.victim_id,
            DeadlineRow.due_at,
        )
    )
    return _steps(session.execute(held, execution_options={"synchronize_session": False}))


def _steps(rows: Iterable[Any]) -> list[ClockStep]:
    return [ClockStep(*tuple(row)) for row in rows]


def _json(rows: Iterable[Mapping[str, object]]) -> str:
    return json.dumps(list(rows), default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
