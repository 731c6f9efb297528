"""Signed tokens (RFC 7515): the only place that knows the JOSE library, with the checks that the library leaves out.

Ours and those of other houses pass through here: compact form only, one algorithm named by us, a key found by its exact id,
no member that narrows what the token allows and is not understood.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from jose import jwk, jws
from jose.backends.base import Key

from services.key_files import unique_members

ES256: Final = "ES256"
LONGEST_TOKEN: Final = 4096
_SIGNATURE_BYTES: Final = 64
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_SHORTEST_N: Final = 342  # 2,048 bits in base64url
_THREE_SEGMENTS: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class SignatureRefused(Exception):
    """The token does not count. There is one kind only: nobody learns which check it failed."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key that was loaded once, for one algorithm."""

    algorithm: str
    key: Key = field(repr=False)

    @classmethod
    def of_pem(cls, pem: str, algorithm: str = ES256) -> "Verifier":
        return cls(algorithm, jwk.construct(pem, algorithm).public_key())

    @classmethod
    def of_jwk(cls, members: Mapping[str, object], algorithm: str) -> "Verifier":
        """SignatureRefused for a key of another kind, or one that holds private members."""
        wanted = {"ES256": ("EC", {"crv", "x", "y"}), "RS256": ("RSA", {"n", "e"})}[algorithm]
        require(members.get("kty") == wanted[0] and wanted[1] <= members.keys() and "d" not in members)
        require(
            members.get("crv", "P-256") == "P-256"
            and len(str(members.get("n", "-" * _SHORTEST_N))) >= _SHORTEST_N
        )
        try:
            shown = {name: members[name] for name in ("kty", *wanted[1])}
            return cls(algorithm, jwk.construct(shown, algorithm))
        except Exception:  # noqa: BLE001  # the library raises far more than its own errors on hostile input
            raise SignatureRefused from None

    def public_members(self) -> dict[str, str]:
        members = cast("dict[str, str]", self.key.to_dict())
        return {name: members[name] for name in ("kty", "crv", "x", "y")}


Find = Callable[[str], Verifier | None]


@dataclass(frozen=True, slots=True)
class Signer:
    """A private P-256 key."""

    key: Key = field(repr=False)

    @classmethod
    def of_pem(cls, pem: str) -> "Signer":
        return cls(jwk.construct(pem, ES256))

    def sign(self, payload: Mapping[str, object], headers: Mapping[str, str]) -> str:
        """The token; of the two signatures that ECDSA allows, the one with the smaller s."""
        signed = jws.sign(dict(payload), self.key, headers=dict(headers), algorithm=ES256)
        return _in_lower_half(cast("str", signed))


@dataclass(frozen=True, slots=True)
class Header:
    """What a token must say of itself: its type, and which members besides `alg` and `kid` it may have."""

    algorithm: str
    types: frozenset[str | None]
    also: frozenset[str] = frozenset()


def opened(token: str, header: Header, find: Find, *, canonical: bool = False) -> Mapping[str, object]:
    """The payload of a token whose signature holds; SignatureRefused, whatever is wrong with it or goes wrong in reading it.

    `canonical`: only the smaller of the two signatures counts, so that a token of ours has one spelling.
    """
    try:
        return _opened(token, header, find, canonical=canonical)
    except Exception:  # noqa: BLE001  # the library raises far more than its own errors on hostile input
        raise SignatureRefused from None


def unverified(token: str) -> Mapping[str, object]:
    """What a token claims, before anything is checked: good for finding out whose key to look for, and for nothing else."""
    try:
        return _members(_segments(token)[1])
    except Exception:  # noqa: BLE001  # the same
        raise SignatureRefused from None


def require(condition: bool) -> None:
    if not condition:
        raise SignatureRefused


def text_of(members: Mapping[str, object], name: str) -> str:
    """A member that is text in which everything can be seen; SignatureRefused."""
    value = members.get(name)
    if not isinstance(value, str) or not value.isprintable():
        raise SignatureRefused
    return value


def whole_number_of(members: Mapping[str, object], name: str) -> int:
    """A member that is a whole number; SignatureRefused."""
    value = members.get(name)
    if type(value) is not int:
        raise SignatureRefused
    return value


def _opened(token: str, wanted: Header, find: Find, *, canonical: bool) -> Mapping[str, object]:
    content, payload, signature = _segments(token)
    header = _members(content)
    # A member that we do not know may narrow what the token allows, so it is never skipped.
    require(header.keys() <= {"alg", "kid", "typ"} | wanted.also)
    require(header.get("alg") == wanted.algorithm and header.get("typ") in wanted.types)
    verifier = find(text_of(header, "kid"))
    require(verifier is not None and verifier.algorithm == wanted.algorithm)
    if wanted.algorithm == ES256:
        require(len(signature) == _SIGNATURE_BYTES)
        require(not canonical or _is_in_lower_half(signature))
    jws.verify(token, cast("Verifier", verifier).key, algorithms=[wanted.algorithm])
    return _members(payload)


def _segments(token: str) -> tuple[bytes, bytes, bytes]:
    require(len(token) <= LONGEST_TOKEN)
    require(_THREE_SEGMENTS.fullmatch(token) is not None)
    header, payload, signature = (_canonical(segment) for segment in token.split("."))
    return header, payload, signature


def _canonical(segment: str) -> bytes:
    content = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    require(_encoded(content) == segment)
    return content


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _members(content: bytes) -> dict[str, object]:
    found: object = json.loads(content.decode("utf-8"), object_pairs_hook=unique_members)
    require(isinstance(found, dict))
    return cast("dict[str, object]", found)


def _is_in_lower_half(signature: bytes) -> bool:
    return int.from_bytes(signature[32:], "big") <= _P256_ORDER // 2


def _in_lower_half(token: str) -> str:
    signed, _, segment = token.rpartition(".")
    signature = _canonical(segment)
    if _is_in_lower_half(signature):
        return token
    other = _P256_ORDER - int.from_bytes(signature[32:], "big")
    return f"{signed}.{_encoded(signature[:32] + other.to_bytes(32, 'big'))}"
