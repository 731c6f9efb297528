"""How often one account may ask in this process: counted in memory, since every request would pay for a row.

It keeps a front end gone wild, or somebody who copies page by page, from taking the place of all others. Doors without an
account count in the database (`rate_limits`), where it matters that several processes agree.
"""

import threading
import time
from typing import Final
from uuid import UUID

from domain.refusals import TooMany
from services.rate_limits import Limit

_MOST_ACCOUNTS: Final = 100_000


class RequestMeter:
    """Fixed windows; threads share it."""

    __slots__ = ("_began", "_hits", "_limit", "_lock")

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._hits: dict[UUID, int] = {}

    @property
    def limit(self) -> Limit:
        return self._limit

    def count(self, account_id: UUID) -> int:
        """Count one request and return how many are left in this window; TooMany, with the seconds to wait, when none is."""
        with self._lock:
            left = self._limit.seconds - (time.monotonic() - self._began)
            if left <= 0 or len(self._hits) >= _MOST_ACCOUNTS:
                self._began, left = time.monotonic(), float(self._limit.seconds)
                self._hits.clear()
            hits = self._hits[account_id] = self._hits.get(account_id, 0) + 1
        if hits > self._limit.requests:
            raise TooMany(self._limit.requests, self._limit.seconds, int(left) + 1)
        return self._limit.requests - hits
