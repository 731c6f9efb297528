"""Versioned master keys, kept outside the database: they wrap the key of each person."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.key_files import KeyFileRefused, create_key_file, read_key_file, replace_key_file

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_SHORTEST_PLAIN_KEY: Final = 16


class WrapBroken(Exception):
    """A wrapped key does not open: other version, other context, or altered bytes. Says no more."""


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """All master keys that may still be used; `current` wraps, the others only unwrap and derive."""

    current: int
    _keys: Mapping[int, bytes] = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file `{"current": 2, "keys": {"1": base64, "2": base64}}`.

        KeyFileRefused if the file is open to others, is malformed, or holds a key that is not of 32 bytes.
        """
        return cls(*_read(path))

    def wrap(self, plain_key: bytes, context: bytes) -> tuple[int, bytes]:
        """Return the version used and nonce, ciphertext and tag (28 bytes more than the key).

        The context (whose key it is) is bound, not stored. ValueError for a key under 16 bytes.
        """
        if len(plain_key) < _SHORTEST_PLAIN_KEY:
            raise ValueError("a key of at least 16 bytes is needed")
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return self.current, nonce + self._cipher(self.current).encrypt(nonce, plain_key, context)

    def unwrap(self, version: int, wrapped: bytes, context: bytes) -> bytes:
        """Return the plain key; WrapBroken unless version, bytes and context are those of `wrap`."""
        if version not in self._keys:
            raise WrapBroken
        try:
            return self._cipher(version).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise WrapBroken from None

    def derive(self, label: str, version: int) -> bytes:
        """Return 32 bytes for one use (HKDF-SHA256); KeyError for a version that is not in the file."""
        return self._expand("homeward derived " + label, version)

    def _cipher(self, version: int) -> AESGCM:
        # A key of its own: the master key itself meets no cipher, and no label of `derive` leads to this one.
        return AESGCM(self._expand("homeward wrapping", version))

    def _expand(self, label: str, version: int) -> bytes:
        hkdf = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=label.encode())
        return hkdf.derive(self._keys[version])


def new_master_keys_file(path: Path) -> None:
    """Make the file with one fresh key, version 1, mode 0600; FileExistsError if there is one already."""
    create_key_file(path, {"current": 1, "keys": {"1": _fresh()}})


def rotate_master_keys_file(path: Path) -> int:
    """Add a fresh key and make it current; returns its version. Old ones stay until everything is re-wrapped.

    One operator at a time: two rotations at once would lose the key of the first.
    """
    _, keys = _read(path)
    version = max(keys) + 1
    kept = {str(number): base64.b64encode(key).decode() for number, key in keys.items()}
    replace_key_file(path, {"current": version, "keys": {**kept, str(version): _fresh()}})
    return version


def _read(path: Path) -> tuple[int, Mapping[int, bytes]]:
    content = read_key_file(path)
    try:
        return _parsed(content)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KeyFileRefused(path, f"holds no master keys ({type(error).__name__})") from None


def _parsed(content: object) -> tuple[int, Mapping[int, bytes]]:
    members = cast("Mapping[str, object]", content)
    current, stored = members["current"], cast("Mapping[str, str]", members["keys"])
    keys = {_version(name): base64.b64decode(text, validate=True) for name, text in stored.items()}
    if type(current) is not int or current not in keys:
        raise ValueError("the current version has no key")
    if any(len(key) != _KEY_BYTES for key in keys.values()):
        raise ValueError("a master key has 32 bytes")
    if len(set(keys.values())) != len(keys):
        raise ValueError("two versions hold the same key")
    return current, keys


def _version(name: str) -> int:
    version = int(name)
    if version < 1 or str(version) != name:
        raise ValueError("versions are 1, 2, 3 and so on")
    return version


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
