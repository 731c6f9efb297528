"""Work that no request waits for: clocks that came due, the counts of the coordinators, and the sweeping."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Engine, delete
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.clockwork import raise_all_due
from services.database import now, transaction
from services.master_keys import MasterKeys
from services.provisional import recompute_provisional
from services.records.accounts import RateCounterRow, SessionRow
from services.records.own_door import DoorSessionRow
from services.records.tables import Table
from services.records.writes import IdempotencyKeyRow
from services.workload import count_workload

KEYS_KEPT: Final = timedelta(days=7)
SESSIONS_KEPT: Final = timedelta(days=1)
COUNTERS_KEPT: Final = timedelta(hours=1)
TICK_SECONDS: Final = 5.0
PAUSE_SECONDS: Final = 60.0
log: Final = structlog.get_logger("homeward.worker")


def sweep(engine: Engine) -> dict[str, int]:
    """Delete what has outlived its term; any number of workers may do so at once. Returns rows by table."""
    with transaction(engine) as session:
        at = now(session)
        return {
            "idempotency_keys": _drop(session, IdempotencyKeyRow, at - KEYS_KEPT),
            "sessions": _drop(session, SessionRow, at - SESSIONS_KEPT),
            "rate_counters": _drop(session, RateCounterRow, at - COUNTERS_KEPT),
            "door_sessions": _drop(session, DoorSessionRow, at - SESSIONS_KEPT),
        }


_TERMS: Final[dict[type[Table], InstrumentedAttribute[datetime]]] = {
    IdempotencyKeyRow: IdempotencyKeyRow.claimed_at,
    SessionRow: SessionRow.expires_at,
    RateCounterRow: RateCounterRow.window_start,
    DoorSessionRow: DoorSessionRow.expires_at,
}


def _drop(session: Session, table: type[Table], before: datetime) -> int:
    statement = delete(table).where(_TERMS[table] < before).execution_options(synchronize_session=False)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a delete's result counts its rows


def run(engine: Engine, master_keys: MasterKeys, stopping: Callable[[], bool]) -> None:
    """Clocks every few seconds, the rest every minute, until told to stop; a database that is away is waited for."""
    info = {"master_keys": master_keys}
    swept_at = float("-inf")
    while not stopping():
        _try("clocks", lambda: {"raised": raise_all_due(engine, info, stopping)})
        if time.monotonic() - swept_at >= PAUSE_SECONDS:
            swept_at = time.monotonic()
            _try("sweep", lambda: sweep(engine))
            _try("workload", lambda: {"lines": count_workload(engine)})
            _try("provisional", lambda: {"recomputed": recompute_provisional(engine, info)})
        until = time.monotonic() + TICK_SECONDS
        while not stopping() and time.monotonic() < until:
            time.sleep(0.2)


def _try(what: str, work: Callable[[], Mapping[str, int]]) -> None:
    try:
        done = work()
        if any(done.values()):
            log.info("done", work=what, **done)
    except Exception as error:  # noqa: BLE001  # the worker outlives any failure of one round
        log.warning("failed", work=what, error=type(error).__name__)
