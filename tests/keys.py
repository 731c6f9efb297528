"""Keys and tokens of other houses and of machines, made by this test and not by the code that it tests."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seconds:
    """A moment as far from now: rows of cases are written down long before they are tried."""

    away: int

    def then(self) -> int:
        return int(time.time()) + self.away


PUBLIC_JWK: Json = {
    "kty": "EC",
    "crv": "P-256",
    "x": "51pNBlauyncGMbv3nsO1ekuqXD_iERhBLZV-75BlcOI",
    "y": "I0peRYQGY_EmB2uiC1Y5csXQidZXXdA-gCoJAkFLXTs",
}


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _number(value: int, length: int | None = None) -> str:
    return encoded(value.to_bytes(length or (value.bit_length() + 7) // 8, "big"))


@dataclass(slots=True)
class EllipticKey:
    """A P-256 key, or one on another curve, that signs whatever it is given."""

    kid: str = "2026-a"
    curve: ec.EllipticCurve = field(default_factory=ec.SECP256R1)
    private: ec.EllipticCurvePrivateKey = field(init=False)

    def __post_init__(self) -> None:
        self.private = ec.generate_private_key(self.curve)

    def jwk(self) -> Json:
        numbers = self.private.public_key().public_numbers()
        length = (self.curve.key_size + 7) // 8
        return {
            "kty": "EC",
            "crv": "P-256",
            "x": _number(numbers.x, length),
            "y": _number(numbers.y, length),
        }

    def signature(self, content: bytes) -> bytes:
        r, s = decode_dss_signature(self.private.sign(content, ec.ECDSA(SHA256())))
        length = (self.curve.key_size + 7) // 8
        return r.to_bytes(length, "big") + s.to_bytes(length, "big")

    def token(self, claims: Mapping[str, object], **header: object) -> str:
        return signed(self, claims, {"alg": "ES256", "kid": self.kid, "typ": "JWT", **header})


@dataclass(slots=True)
class RsaKey:
    kid: str = "2026-r"
    bits: int = 2048
    private: rsa.RSAPrivateKey = field(init=False)

    def __post_init__(self) -> None:
        self.private = rsa.generate_private_key(65537, self.bits)

    def jwk(self) -> Json:
        numbers = self.private.public_key().public_numbers()
        return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}

    def signature(self, content: bytes) -> bytes:
        return self.private.sign(content, padding.PKCS1v15(), SHA256())

    def token(self, claims: Mapping[str, object], **header: object) -> str:
        return signed(self, claims, {"alg": "RS256", "kid": self.kid, "typ": "JWT", **header})


def signed(key: EllipticKey | RsaKey, claims: Mapping[str, object], header: Mapping[str, object]) -> str:
    """A token with this header, members without a value left out."""
    shown = {name: value for name, value in header.items() if value is not None}
    said = {name: value.then() if isinstance(value, Seconds) else value for name, value in claims.items()}
    parts = [encoded(json.dumps(part).encode()) for part in (shown, said)]
    content = ".".join(parts).encode()
    return f"{'.'.join(parts)}.{encoded(key.signature(content))}"
