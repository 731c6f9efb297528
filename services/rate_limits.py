"""How often one source may knock at the doors that need no account."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert

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


def count(engine: Engine, master_keys: MasterKeys, limit: Limit, source: str, at: datetime) -> int:
    """Count this request in a transaction of its own and return how many are left; TooMany when none is."""
    window = timedelta(seconds=limit.seconds)
    start = datetime.fromtimestamp(at.timestamp() // limit.seconds * limit.seconds, UTC)
    digest = hmac.digest(master_keys.derive("rate limits", 1), source.encode(), "sha256")
    row = insert(RateCounterRow).values(bucket=limit.name, source=digest, window_start=start, hits=1)
    counting = row.on_conflict_do_update(
        index_elements=["bucket", "source", "window_start"], set_={"hits": RateCounterRow.hits + 1}
    ).returning(RateCounterRow.hits)
    with transaction(engine) as session:
        hits = session.execute(counting).scalar_one()
    if hits > limit.requests:
        wait = max(1, int((start + window - at).total_seconds()) + 1)
        raise TooMany(limit.requests, limit.seconds, wait)
    return limit.requests - hits
