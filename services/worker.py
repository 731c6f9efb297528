"""Work that no request waits for: clocks that came due, the counts of the coordinators, and the sweeping."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Engine, delete
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.retention import RATE_COUNTERS, SESSIONS, STORED_ANSWERS
from services.clockwork import raise_all_due
from services.database import now, transaction
from services.erasures import write_erasures
from services.indexing import index_people
from services.master_keys import MasterKeys
from services.provisional import recompute_provisional
from services.records.accounts import RateCounterRow, SessionRow, SignInFailureRow
from services.records.clients import NonceRow, UsedAssertionRow
from services.records.own_door import DoorSessionRow
from services.records.tables import Table
from services.records.writes import IdempotencyKeyRow
from services.renewing import renew_keys
from services.rewrapping import rewrap
from services.workload import count_workload

KEYS_KEPT: Final = STORED_ANSWERS
SESSIONS_KEPT: Final = SESSIONS
COUNTERS_KEPT: Final = RATE_COUNTERS
FAILURES_KEPT: Final = timedelta(days=30)
TICK_SECONDS: Final = 5.0
PAUSE_SECONDS: Final = 60.0
log: Final = structlog.get_logger("homeward.worker")


def sweep(engine: Engine) -> dict[str, int]:
    """Delete what has outlived its term; any number of workers may do so at once. Returns rows by table."""
    with transaction(engine) as session:
        at = now(session)
        return {
            table.__tablename__: _drop(session, table, since, at - kept)
            for table, (since, kept) in _TERMS.items()
        }


_AT_ONCE: Final = timedelta(0)
_TERMS: Final[
    Mapping[
        type[Table],
        tuple[InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], timedelta],
    ]
] = {
    IdempotencyKeyRow: (IdempotencyKeyRow.claimed_at, KEYS_KEPT),
    SessionRow: (SessionRow.expires_at, SESSIONS_KEPT),  # its refresh tokens go with it
    DoorSessionRow: (DoorSessionRow.expires_at, SESSIONS_KEPT),
    RateCounterRow: (RateCounterRow.window_start, COUNTERS_KEPT),
    # a name at which nothing is tried any more has no next time: it waits for an administrator
    SignInFailureRow: (SignInFailureRow.next_at, FAILURES_KEPT),
    UsedAssertionRow: (UsedAssertionRow.expires_at, _AT_ONCE),
    NonceRow: (NonceRow.expires_at, _AT_ONCE),
}


def _drop(
    session: Session,
    table: type[Table],
    since: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    before: datetime,
) -> int:
    statement = delete(table).where(since < before).execution_options(synchronize_session=False)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a delete's result counts its rows


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Where erasures are written down, outside the database, and how old the key of a person may get."""

    erasures: Path
    person_keys: timedelta


def run(
    engine: Engine, master_keys: MasterKeys, stopping: Callable[[], bool], upkeep: Upkeep | None = None
) -> None:
    """Clocks every few seconds, the rest every minute, until told to stop; a database that is away is waited for."""
    info = {"master_keys": master_keys}
    swept_at = float("-inf")
    while not stopping():
        _try("clocks", lambda: {"raised": raise_all_due(engine, info, stopping)})
        if time.monotonic() - swept_at >= PAUSE_SECONDS:
            swept_at = time.monotonic()
            if upkeep is not None:
                _keep_up(engine, master_keys, stopping, upkeep)
            _try("sweep", lambda: sweep(engine))
            _try("workload", lambda: {"lines": count_workload(engine)})
            _try("rewrapping", lambda: rewrap(engine, master_keys, stopping))
            _try("index", lambda: index_people(engine, master_keys, stopping))
            _try("provisional", lambda: {"recomputed": recompute_provisional(engine, info)})
        until = time.monotonic() + TICK_SECONDS
        while not stopping() and time.monotonic() < until:
            time.sleep(0.2)


def _keep_up(engine: Engine, master_keys: MasterKeys, stopping: Callable[[], bool], upkeep: Upkeep) -> None:
    _try("erasures", lambda: {"written": write_erasures(engine, upkeep.erasures)})
    _try("renewing", lambda: renew_keys(engine, master_keys, upkeep.person_keys, stopping))


def _try(what: str, work: Callable[[], Mapping[str, int]]) -> None:
    try:
        done = work()
        if any(done.values()):
            log.info("done", work=what, **done)
    except Exception as error:  # noqa: BLE001  # the worker outlives any failure of one round
        log.warning("failed", work=what, error=type(error).__name__)
