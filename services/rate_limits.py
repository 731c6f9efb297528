"""How often one source may knock at the doors that need no account."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.refusals import TooMany
from services.database import transaction
from services.master_keys import MasterKeys
from services.records.accounts import RateCounterRow


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `requests` in each window of `seconds`."""

    name: str
    requests: int
    seconds: int


PUBLIC_REPORTS: Final = Limit("public_reports", 30, 600)
RECEIPTS: Final = Limit("receipts", 60, 600)
OWN_DOOR: Final = Limit("own_door", 30, 600)
SIGN_INS: Final = Limit("sign_ins", 60, 60)
CLIENT_SIGN_INS: Final = Limit("client_sign_ins", 120, 60)
CHECKPOINTS: Final = Limit("checkpoints", 300, 60)
SEARCHES: Final = Limit("searches", 60, 600)
"""Counted by account: somebody who looks up one name after the other is not looking for somebody."""


def count(engine: Engine, master_keys: MasterKeys, limit: Limit, source: str, at: datetime) -> int:
    """Count this request in a transaction of its own and return how many are left; TooMany when none is."""
    with transaction(engine, {"master_keys": master_keys}) as session:
        hits = _hit(session, limit, source, at)
    return _left(limit, hits, at)


def count_here(session: Session, limit: Limit, source: str, at: datetime) -> int:
    """The same within this transaction: what is undone does not count, and two at a time wait for each other."""
    return _left(limit, _hit(session, limit, source, at), at)


def _hit(session: Session, limit: Limit, source: str, at: datetime) -> int:
    # by the current master key: a rotation begins the counts of the running window anew, and leaves nothing to keep
    master: MasterKeys = session.info["master_keys"]
    digest = hmac.digest(master.derive("rate limits", master.current), source.encode(), "sha256")
    row = insert(RateCounterRow).values(
        bucket=limit.name, source=digest, window_start=_window(limit, at), hits=1
    )
    counting = row.on_conflict_do_update(
        index_elements=["bucket", "source", "window_start"], set_={"hits": RateCounterRow.hits + 1}
    ).returning(RateCounterRow.hits)
    return session.execute(counting).scalar_one()


def _left(limit: Limit, hits: int, at: datetime) -> int:
    if hits > limit.requests:
        ends = _window(limit, at) + timedelta(seconds=limit.seconds)
        raise TooMany(limit.requests, limit.seconds, max(1, int((ends - at).total_seconds()) + 1))
    return limit.requests - hits


def _window(limit: Limit, at: datetime) -> datetime:
    return datetime.fromtimestamp(at.timestamp() // limit.seconds * limit.seconds, UTC)
