"""Access tokens: the only place that knows the JWT library, with the checks that the library leaves out."""

import base64
import json
import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NoReturn, cast
from uuid import UUID

from jose import jwk, jws
from jose.backends.base import Key

from domain.refusals import NotSignedIn
from services.key_files import KeyFileRefused, unique_members
from services.token_key_file import (
    LEEWAY,
    LONGEST_LIFE,
    RELOAD_EVERY,
    KeyEntry,
    fingerprint,
    read_token_keys,
)

LIFE: Final = timedelta(minutes=10)

_ALGORITHM: Final = "ES256"
_TYPE: Final = "at+jwt"
_LONGEST_TOKEN: Final = 4096
_SIGNATURE_BYTES: Final = 64
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_THREE_SEGMENTS: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CLAIMS: Final = frozenset({"iss", "aud", "sub", "sid", "jti", "iat", "exp"})
_HEADER: Final = frozenset({"alg", "typ", "kid"})

_log: Final = logging.getLogger(__name__)


class TokenRefused(NotSignedIn):
    """The token is not valid. There is one kind only: the caller never learns which check it failed."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says; times are aware, UTC, whole seconds. Deny lists go by `token_id` or `session`."""

    subject: UUID
    session: UUID
    token_id: str
    issued_at: datetime
    expires_at: datetime
    audience: str
    issuer: str


@dataclass(frozen=True, slots=True)
class _TokenKey:
    entry: KeyEntry
    private: Key = field(repr=False)
    public: Key = field(repr=False)


class TokenKeys:
    """The loaded ES256 keys, for one issuer and one audience. It follows its file; threads may share it."""

    __slots__ = ("_audience", "_issuer", "_keys", "_loaded_from", "_looked_at", "_path")

    def __init__(self, path: Path, *, issuer: str, audience: str) -> None:
        self._path = path
        self._issuer = issuer
        self._audience = audience
        self._looked_at: datetime | None = None
        self._loaded_from = fingerprint(path)
        self._keys = _load(path)

    @classmethod
    def from_folder_or_file(cls, path: Path, *, issuer: str, audience: str) -> "TokenKeys":
        """Load one key file, or every `*.json` of a folder; KeyFileRefused if any of them cannot be used."""
        return cls(path, issuer=issuer, audience=audience)

    def new_claims(self, subject: UUID, session: UUID, *, now: datetime, life: timedelta = LIFE) -> Claims:
        """Return claims for a fresh token, with 128 random bits as its id; ValueError beyond 15 minutes."""
        if not timedelta(seconds=1) <= life <= LONGEST_LIFE:
            raise ValueError("an access token lives for 15 minutes at most")
        issued_at = now.astimezone(UTC).replace(microsecond=0)
        return Claims(
            subject=subject,
            session=session,
            token_id=secrets.token_urlsafe(16),
            issued_at=issued_at,
            expires_at=issued_at + life,
            audience=self._audience,
            issuer=self._issuer,
        )

    def sign(self, claims: Claims) -> str:
        """Return the token, signed with the newest key in use at its issue; LookupError if there is none."""
        self._follow_file(claims.issued_at)
        key = _signing_key(self._keys, claims.issued_at)
        payload = {
            "iss": claims.issuer,
            "aud": claims.audience,
            "sub": str(claims.subject),
            "sid": str(claims.session),
            "jti": claims.token_id,
            "iat": int(claims.issued_at.timestamp()),
            "exp": int(claims.expires_at.timestamp()),
        }
        headers = {"typ": _TYPE, "kid": key.entry.kid}
        return _in_lower_half(
            cast(str, jws.sign(payload, key.private, headers=headers, algorithm=_ALGORITHM))
        )

    def verify(self, token: str, *, now: datetime) -> Claims:
        """Return what the token says; TokenRefused, whatever is wrong with it or goes wrong in reading it.

        It does not know whether the session still runs: that is one question to the database.
        """
        self._follow_file(now)
        try:
            claims = self._read(token, now)
        except Exception:  # noqa: BLE001  # the library raises far more than its own errors on hostile input
            raise TokenRefused from None
        return claims

    def public_jwks(self, *, now: datetime) -> dict[str, list[dict[str, str]]]:
        """Return the RFC 7517 key set: keys in use and keys yet to come, public members only."""
        self._follow_file(now)
        known = [key for key in self._keys.values() if now < key.entry.retired_at]
        return {"keys": [_public_members(key) for key in known]}

    def _read(self, token: str, now: datetime) -> Claims:
        header, payload, signature = _segments(token)
        key = self._keys.get(_kid(header))
        _require(key is not None and key.entry.verifies_at(now) and _is_in_lower_half(signature))
        jws.verify(token, cast(_TokenKey, key).public, algorithms=["ES256"])
        claims = _claims(payload)
        _require(claims.issuer == self._issuer and claims.audience == self._audience)
        _require(claims.issued_at <= now + LEEWAY and now < claims.expires_at + LEEWAY)
        return claims

    def _follow_file(self, now: datetime) -> None:
        if self._looked_at is not None and abs(now - self._looked_at) < RELOAD_EVERY:
            return
        self._looked_at = now
        try:
            found = fingerprint(self._path)
            if found == self._loaded_from:
                return
            self._keys = _load(self._path)
            self._loaded_from = found
        except KeyFileRefused as refused:
            # A slip while editing must not sign everybody out: the keys read before stay, loudly.
            _log.error("token keys not reloaded: %s", refused)


def _refuse() -> NoReturn:
    raise TokenRefused


def _require(condition: bool) -> None:
    if not condition:
        _refuse()


def _segments(token: str) -> tuple[bytes, bytes, bytes]:
    _require(len(token) <= _LONGEST_TOKEN)
    _require(_THREE_SEGMENTS.fullmatch(token) is not None)
    header, payload, signature = (_canonical(segment) for segment in token.split("."))
    _require(len(signature) == _SIGNATURE_BYTES)
    return header, payload, signature


def _canonical(segment: str) -> bytes:
    content = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    _require(_encoded(content) == segment)
    return content


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _members(content: bytes, names: frozenset[str]) -> dict[str, object]:
    found: object = json.loads(content.decode("utf-8"), object_pairs_hook=unique_members)
    # A member that we do not know may narrow what the token allows, so it is never skipped.
    _require(isinstance(found, dict) and found.keys() == names)
    return cast("dict[str, object]", found)


def _kid(header: bytes) -> str:
    members = _members(header, _HEADER)
    _require(members["alg"] == _ALGORITHM and members["typ"] == _TYPE)
    return _text(members, "kid")


def _claims(payload: bytes) -> Claims:
    members = _members(payload, _CLAIMS)
    issued, expires = members["iat"], members["exp"]
    _require(type(issued) is int and type(expires) is int)
    life = cast(int, expires) - cast(int, issued)
    _require(0 < life <= LONGEST_LIFE.total_seconds())
    token_id = _text(members, "jti")
    _require(_NAME.fullmatch(token_id) is not None)
    issued_at = datetime.fromtimestamp(cast(int, issued), UTC)
    return Claims(
        subject=_uuid(_text(members, "sub")),
        session=_uuid(_text(members, "sid")),
        token_id=token_id,
        issued_at=issued_at,
        expires_at=issued_at + timedelta(seconds=life),
        audience=_text(members, "aud"),
        issuer=_text(members, "iss"),
    )


def _text(members: Mapping[str, object], name: str) -> str:
    value = members[name]
    return value if isinstance(value, str) else _refuse()


def _uuid(text: str) -> UUID:
    found = UUID(text)
    _require(str(found) == text)
    return found


def _is_in_lower_half(signature: bytes) -> bool:
    return int.from_bytes(signature[32:], "big") <= _P256_ORDER // 2


def _in_lower_half(token: str) -> str:
    """Choose, of the two signatures (r, s) and (r, n - s) that ECDSA allows, the one with the smaller s."""
    signed, _, segment = token.rpartition(".")
    signature = _canonical(segment)
    if _is_in_lower_half(signature):
        return token
    other = _P256_ORDER - int.from_bytes(signature[32:], "big")
    return f"{signed}.{_encoded(signature[:32] + other.to_bytes(32, 'big'))}"


def _signing_key(keys: Mapping[str, _TokenKey], now: datetime) -> _TokenKey:
    usable = [key for key in keys.values() if key.entry.signs_at(now)]
    if not usable:
        raise LookupError("no token key is in use at this time")
    # Of two that start together the later one in the file counts as newer.
    return max(reversed(usable), key=lambda key: key.entry.not_before)


def _public_members(key: _TokenKey) -> dict[str, str]:
    members = cast("dict[str, str]", key.public.to_dict())
    shown = {name: members[name] for name in ("kty", "crv", "x", "y")}
    return shown | {"kid": key.entry.kid, "use": "sig", "alg": _ALGORITHM}


def _load(path: Path) -> Mapping[str, _TokenKey]:
    return {entry.kid: _constructed(entry) for entry in read_token_keys(path)}


def _constructed(entry: KeyEntry) -> _TokenKey:
    private = jwk.construct(entry.pem, _ALGORITHM)
    return _TokenKey(entry, private, private.public_key())
