"""The sealer: what was written down becomes leaves of one tree, and the tree's root a signed checkpoint.

Any number may run. One of them seals at a time, under a lock that ends with its transaction; leaves, nodes, checkpoint and
position are one commit, so that a sealer killed at any moment leaves either all of them or none.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.checkpoints import Checkpoint
from domain.identifiers import new_id
from services.database import now, transaction
from services.key_files import KeyFileRefused
from services.log_keys import LogKeys, LogKeySource
from services.records.tree import CheckpointRow, LogKeyRow, SealerRoundRow
from services.registers import enter
from services.timeline import Note
from services.tree import grow, peaks_at
from services.unsealed import Batch, next_batch, oldest_unsealed, position_in

LOCK: Final = 7217217202
PAUSE_SECONDS: Final = 2.0
LATE: Final = timedelta(seconds=120)
WARN_EVERY: Final = 60.0
RULE: Final = "another_key_signs_the_log"
log: Final = structlog.get_logger("homeward.sealer")


class KeyReplaced(Exception):
    """This key signed once and another one has taken its place: it does not sign again."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When to seal: as soon as something has waited this long, or so many wait."""

    after: timedelta = timedelta(seconds=30)
    entries: int = 1000


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: new leaves, whether as many again may wait, and since when something does."""

    sealed: int = 0
    more: bool = False
    unsealed_since: datetime | None = None


def seal(
    engine: Engine, keys: LogKeys, pace: Pace, *, places: tuple[str, ...] = (), at_once: bool = False
) -> Round:
    """One round; nothing where another sealer is at it, or nothing has waited long enough. KeyReplaced."""
    with transaction(engine, {"request_id": new_id(), "role": "sealer"}) as session:
        if not session.execute(select(func.pg_try_advisory_xact_lock(LOCK))).scalar_one():
            return Round()
        last = session.execute(select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1)).scalar()
        at, position = now(session), position_in(session, last)
        oldest = oldest_unsealed(session, position)
        _say(session, at, oldest, places)
        if oldest is None:
            return Round()
        batch = next_batch(session, position, pace.entries)
        full = len(batch.leaves) >= pace.entries
        if batch.leaves and (at_once or full or at - oldest >= pace.after):
            _sign(session, keys, at, batch, last.size if last else 0)
            return Round(len(batch.leaves), full, oldest)
        return Round(unsealed_since=oldest)


def _say(session: Session, at: datetime, oldest: datetime | None, places: tuple[str, ...]) -> None:
    values = {"looked_at": at, "unsealed_since": oldest, "places": [*places]}
    statement = insert(SealerRoundRow).values(id=1, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def _sign(session: Session, keys: LogKeys, at: datetime, batch: Batch, size: int) -> None:
    peaks = grow(session, peaks_at(session, size), batch.leaves)
    _keep_key(session, keys, at, peaks.size)
    text, behind = Checkpoint(keys.name, peaks.size, peaks.root).text, batch.behind
    session.add(
        CheckpointRow(
            size=peaks.size,
            root=peaks.root,
            note=keys.note(text).written,
            signed_at=at,
            oldest_at=min(leaf.at for leaf in batch.leaves),
            entry_xid=behind.entry_xid,
            entry_chain_id=behind.entry_chain_id,
            entry_seq=behind.entry_seq,
            read_xid=behind.read_xid,
            read_id=behind.read_id,
        )
    )
    session.flush()


def _keep_key(session: Session, keys: LogKeys, at: datetime, size: int) -> None:
    """A key that signs for the first time is kept in the history, and entered on the register's chain."""
    history = select(LogKeyRow).order_by(LogKeyRow.id.desc())
    last, own = session.execute(history.limit(1)).scalar(), keys.verifier.written
    if last is not None and last.verifier_key == own:
        return
    if session.execute(history.where(LogKeyRow.verifier_key == own)).scalar() is not None:
        raise KeyReplaced
    row = LogKeyRow(id=new_id(), verifier_key=own, from_size=size, from_at=at)
    session.add(row)
    session.flush()
    note = Note(
        "log_key_signs",
        "log_key",
        row.id,
        rule=RULE,
        source=last.verifier_key if last else None,
        target=own,
    )
    enter(session, None, at, note)


@dataclass
class Sealing:
    """The sealer as it runs: its keys, its pace, where checkpoints are to go, when it last complained."""

    source: LogKeySource
    pace: Pace
    places: tuple[str, ...] = ()
    complained_at: float = float("-inf")

    def round(self, engine: Engine) -> Round:
        """Seal whatever is due. Where no key can be read, or it is not its turn to sign any more, nothing is sealed."""
        try:
            return seal(engine, self.source.keys(), self.pace, places=self.places)
        except KeyReplaced:
            return seal(engine, self.source.keys(anew=True), self.pace, places=self.places)


def run_sealer(engine: Engine, sealing: Sealing, stopping: Callable[[], bool]) -> None:
    """A look every two seconds until told to stop; whatever goes wrong is tried again."""
    while not stopping():
        more = False
        try:
            done = sealing.round(engine)
            more = done.more
            if done.sealed:
                log.info("sealed", leaves=done.sealed)
            _complain_if_late(engine, sealing, done)
        except KeyFileRefused as refused:
            _complain(sealing, "nothing is sealed", reason=refused.reason, source=str(refused.path))
        except KeyReplaced:
            _complain(sealing, "nothing is sealed", reason="the key was replaced by another one")
        except Exception as error:  # noqa: BLE001  # the sealer outlives any failure of one round
            log.warning("sealing failed", error=type(error).__name__)
        until = time.monotonic() + PAUSE_SECONDS
        while not more and not stopping() and time.monotonic() < until:
            time.sleep(0.1)


def _complain_if_late(engine: Engine, sealing: Sealing, done: Round) -> None:
    if done.unsealed_since is None or done.sealed:
        return
    with transaction(engine) as session:
        waited = now(session) - done.unsealed_since
    if waited > LATE:
        _complain(sealing, "late", seconds=int(waited.total_seconds()))


def _complain(sealing: Sealing, what: str, **facts: object) -> None:
    if time.monotonic() - sealing.complained_at >= WARN_EVERY:
        sealing.complained_at = time.monotonic()
        log.warning(what, **facts)
