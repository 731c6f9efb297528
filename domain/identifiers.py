"""Row identifiers: UUID version 7 (RFC 9562), which sort by the time they were made."""

import secrets
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import RFC_4122, UUID

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICKS_PER_MILLISECOND: Final = 1 << 12
_NANOSECONDS_PER_MILLISECOND: Final = 1_000_000
_RANDOM_BITS: Final = 62
_VERSION: Final = 7 << 76
_VARIANT: Final = 0b10 << _RANDOM_BITS


class _Clock:
    """Hands out ticks of 1/4096 ms since 1970, each greater than the one before."""

    __slots__ = ("_last", "_lock")

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def tick(self) -> int:
        read = time.time_ns() * _TICKS_PER_MILLISECOND // _NANOSECONDS_PER_MILLISECOND
        with self._lock:
            # A clock that stands still or is set back must not put new rows before old ones.
            self._last = max(read, self._last + 1)
            return self._last


_clock: Final = _Clock()


def new_id() -> UUID:
    """Return a UUIDv7, greater than every one made before in this process; safe to call from threads.

    48 bits of milliseconds, 12 bits of sub-millisecond order (RFC 9562, section 6.2, method 3) and 62
    random bits. It names a row and is no secret: who holds an id has not thereby any right to the row.
    """
    milliseconds, order = divmod(_clock.tick(), _TICKS_PER_MILLISECOND)
    return UUID(int=milliseconds << 80 | _VERSION | order << 64 | _VARIANT | secrets.randbits(_RANDOM_BITS))


def uuid7_time(identifier: UUID) -> datetime:
    """Return when it was made: aware, UTC, whole milliseconds; ValueError unless it is a UUIDv7."""
    if identifier.variant != RFC_4122 or identifier.version != 7:
        raise ValueError("not a UUID of version 7")
    try:
        return _EPOCH + timedelta(milliseconds=identifier.int >> 80)
    except OverflowError:
        raise ValueError("the identifier's time lies beyond the year 9999") from None
