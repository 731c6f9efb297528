"""Sealed values: encryption and commitments under one person's key, bound to the place of the value."""

import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Final, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_FORMAT: Final = b"\x01"
_COMMITMENT: Final = b"commitment"


class SealBroken(Exception):
    """A sealed value does not open here: other key, other address, or altered bytes. Says no more."""


@dataclass(frozen=True, slots=True)
class PersonKey:
    """What is kept wrapped for one person: the key that seals, and the one of the commitments in the timeline.

    The first can be renewed, and what it sealed is sealed anew; what the second made is never written again, so it stays.
    """

    sealing: bytes = field(repr=False)
    committing: bytes = field(repr=False)

    @classmethod
    def of(cls, kept: bytes) -> Self:
        """From what was wrapped: both keys, or one from which the second is derived."""
        if len(kept) == 2 * _KEY_BYTES:
            return cls(kept[:_KEY_BYTES], kept[_KEY_BYTES:])
        return cls(kept, _committing_key(kept))

    @property
    def kept(self) -> bytes:
        return self.sealing + self.committing

    def renewed(self) -> "PersonKey":
        return PersonKey(new_person_key(), self.committing)

    def commit(self, name: str, value: bytes) -> bytes:
        """Return 32 bytes that stand for a value of a field in the timeline."""
        return _committed(self.committing, name, value)


def new_person_key() -> bytes:
    """Return a fresh key of 32 bytes for one person; store it wrapped only."""
    return secrets.token_bytes(_KEY_BYTES)


def address(table: str, row_id: UUID, section: str, *, revision: int, person_id: UUID) -> bytes:
    """Return the place of a value as bytes, a JSON array in ASCII: no two places share them."""
    return json.dumps([table, str(row_id), section, revision, str(person_id)], separators=(",", ":")).encode()


def seal(key: bytes, plaintext: bytes, address: bytes) -> bytes:
    """Encrypt with AES-256-GCM; returns format byte, 96-bit random nonce, ciphertext and tag (29 bytes more).

    ValueError unless the key has 32 bytes.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _FORMAT + nonce + _cipher(key).encrypt(nonce, plaintext, _FORMAT + address)


def unseal(key: bytes, sealed: bytes, address: bytes) -> bytes:
    """Return the plaintext; SealBroken unless key, bytes and address are those of `seal`."""
    if sealed[:1] != _FORMAT:
        raise SealBroken
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return _cipher(key).decrypt(nonce, ciphertext, _FORMAT + address)
    except (InvalidTag, ValueError):
        raise SealBroken from None


def commitment(key: bytes, name: str, value: bytes) -> bytes:
    """Return 32 bytes (HMAC-SHA256) that stand for a value in the timeline.

    Who has the key can check a value against them; once the key is destroyed, nobody can. The same value in
    the same field of the same person gives the same bytes. ValueError unless the key has 32 bytes.
    """
    if len(key) != _KEY_BYTES:
        raise ValueError("a key of 32 bytes is needed")
    return _committed(_committing_key(key), name, value)


def _committing_key(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_COMMITMENT).derive(key)


def _committed(derived: bytes, field_name: str, value: bytes) -> bytes:
    name = field_name.encode()
    # The length keeps ("ab", "c") apart from ("a", "bc").
    return hmac.digest(derived, len(name).to_bytes(4, "big") + name + value, "sha256")


def _cipher(key: bytes) -> AESGCM:
    if len(key) != _KEY_BYTES:
        raise ValueError("a key of 32 bytes is needed")
    return AESGCM(key)
