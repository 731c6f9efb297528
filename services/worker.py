"""Work that no request waits for: keys of answered requests, ended sessions and old counters are swept away."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Engine, delete
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.database import now, transaction
from services.records.accounts import RateCounterRow, SessionRow
from services.records.tables import Table
from services.records.writes import IdempotencyKeyRow

KEYS_KEPT: Final = timedelta(days=7)
SESSIONS_KEPT: Final = timedelta(days=1)
COUNTERS_KEPT: Final = timedelta(hours=1)
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
        }


_TERMS: Final[dict[type[Table], InstrumentedAttribute[datetime]]] = {
    IdempotencyKeyRow: IdempotencyKeyRow.claimed_at,
    SessionRow: SessionRow.expires_at,
    RateCounterRow: RateCounterRow.window_start,
}


def _drop(session: Session, table: type[Table], before: datetime) -> int:
    statement = delete(table).where(_TERMS[table] < before).execution_options(synchronize_session=False)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a delete's result counts its rows


def run(engine: Engine, stopping: Callable[[], bool]) -> None:
    """Sweep every minute until told to stop; a database that is away for a while is waited for."""
    while not stopping():
        try:
            swept = sweep(engine)
            log.info("swept", **swept)
        except Exception as error:  # noqa: BLE001  # the worker outlives any failure of one round
            log.warning("not swept", error=type(error).__name__)
        until = time.monotonic() + PAUSE_SECONDS
        while not stopping() and time.monotonic() < until:
            time.sleep(0.2)
