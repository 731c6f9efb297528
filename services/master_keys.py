"""Versioned master keys, kept outside the database: they wrap the key of each person."""

import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.key_files import KeyFileRefused
from services.master_key_sources import InFile, Read, Source

FOLLOWED_EVERY: Final = 60.0
"""Seconds after which a running process looks at its source again."""

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_SHORTEST_PLAIN_KEY: Final = 16
# a row that names a version nobody has must not make every request read the source again
_NOT_ASKED_AGAIN: Final = 5.0
_log: Final = logging.getLogger(__name__)


class WrapBroken(Exception):
    """A wrapped key does not open: other version, other context, or altered bytes. Says no more."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What one reading brought, and what was derived from it: the two go together, or a retired key would live on."""

    read: Read
    derived: dict[tuple[int, str], bytes] = field(default_factory=dict, repr=False)


class MasterKeys:
    """All master keys that may still be used; `current` wraps, the others only unwrap and derive.

    It follows its source: every minute, and at once when it meets a version that it does not know. Threads may share it.
    """

    __slots__ = ("_asked_for", "_held", "_lock", "_looked_at", "_read_from", "_source")

    def __init__(self, current: int, keys: Mapping[int, bytes], source: Source | None = None) -> None:
        self._held = _Held(Read(current, keys))
        self._source = source
        self._asked_for: dict[int, float] = {}
        self._read_from = source.fingerprint() if source else None
        self._looked_at = time.monotonic()
        self._lock = Lock()

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file `{"current": 2, "keys": {"1": base64, "2": base64}}`, and follow it.

        KeyFileRefused if the file is open to others, is malformed, or holds a key that is not of 32 bytes.
        """
        return cls.of(InFile(path))

    @classmethod
    def of(cls, source: Source) -> Self:
        """Read any source, and follow it; KeyFileRefused if it cannot be used."""
        held = source.read()
        return cls(held.current, held.keys, source)

    def __repr__(self) -> str:
        return f"MasterKeys(current={self._held.read.current})"

    @property
    def current(self) -> int:
        self._follow()
        return self._held.read.current

    @property
    def versions(self) -> tuple[int, ...]:
        """Every version that opens something, the newest last."""
        self._follow()
        return tuple(sorted(self._held.read.keys))

    @property
    def others(self) -> tuple[int, ...]:
        """Every version but the current one: what is under them is to be brought under that."""
        held = self._held.read
        return tuple(version for version in sorted(held.keys) if version != held.current)

    def wrap(self, plain_key: bytes, context: bytes) -> tuple[int, bytes]:
        """Return the version used and nonce, ciphertext and tag (28 bytes more than the key).

        The context (whose key it is) is bound, not stored. ValueError for a key under 16 bytes.
        """
        if len(plain_key) < _SHORTEST_PLAIN_KEY:
            raise ValueError("a key of at least 16 bytes is needed")
        version, nonce = self.current, secrets.token_bytes(_NONCE_BYTES)
        return version, nonce + self._cipher(version).encrypt(nonce, plain_key, context)

    def unwrap(self, version: int, wrapped: bytes, context: bytes) -> bytes:
        """Return the plain key; WrapBroken unless version, bytes and context are those of `wrap`."""
        try:
            return self._cipher(version).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], context)
        except (InvalidTag, ValueError, KeyError):
            raise WrapBroken from None

    def derive(self, label: str, version: int) -> bytes:
        """Return 32 bytes for one use (HKDF-SHA256); KeyError for a version that is not known, or no longer.

        Whoever keeps what was made with it keeps the version beside it.
        """
        return self._expand("homeward derived " + label, version)

    def _cipher(self, version: int) -> AESGCM:
        # A key of its own: the master key itself meets no cipher, and no label of `derive` leads to this one.
        return AESGCM(self._expand("homeward wrapping", version))

    def _expand(self, label: str, version: int) -> bytes:
        self._follow()
        if version not in self._held.read.keys:
            self._look_for(version)
        held = self._held
        if (version, label) not in held.derived:
            hkdf = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=label.encode())
            held.derived[version, label] = hkdf.derive(held.read.keys[version])
        return held.derived[version, label]

    def _follow(self) -> None:
        if time.monotonic() - self._looked_at >= FOLLOWED_EVERY:
            self._looked_at = time.monotonic()
            # while one looks, the others go on with what they have
            if self._lock.acquire(blocking=False):
                try:
                    self._reload()
                finally:
                    self._lock.release()

    def _look_for(self, version: int) -> None:
        """Another process may wrap with a version that was made a moment ago."""
        with self._lock:
            asked_at = self._asked_for.get(version, float("-inf"))
            if version in self._held.read.keys or time.monotonic() - asked_at < _NOT_ASKED_AGAIN:
                return
            self._reload()
            if version not in self._held.read.keys:
                self._asked_for = {**self._asked_for, version: time.monotonic()}

    def _reload(self) -> None:
        if self._source is None:
            return
        try:
            found = self._source.fingerprint()
            if found is not None and found == self._read_from:
                return
            self._held, self._read_from = _Held(self._source.read()), found
        except KeyFileRefused as refused:
            # A slip while editing must not shut everybody out: the keys read before stay, loudly.
            _log.error("master keys not read again: %s", refused)  # a traceback would say no more
