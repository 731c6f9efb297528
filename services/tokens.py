"""Access tokens: what ours say, who signs them, and which of them count."""

import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from domain.refusals import NotSignedIn
from services.key_files import KeyFileRefused
from services.signed_tokens import (
    ES256,
    Header,
    Signer,
    Verifier,
    opened,
    require,
    text_of,
    whole_number_of,
)
from services.token_key_file import (
    LEEWAY,
    LONGEST_LIFE,
    RELOAD_EVERY,
    KeyEntry,
    fingerprint,
    read_token_keys,
)

LIFE: Final = timedelta(minutes=10)

_TYPE: Final = "at+jwt"
_HEADER: Final = Header(ES256, frozenset({_TYPE}))
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CLAIMS: Final = frozenset({"iss", "aud", "sub", "sid", "jti", "iat", "exp"})

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
    signer: Signer = field(repr=False)
    verifier: Verifier = field(repr=False)


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
        return key.signer.sign(payload, {"typ": _TYPE, "kid": key.entry.kid})

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
        claims = _claims(opened(token, _HEADER, lambda kid: self._verifier(kid, now), canonical=True))
        require(claims.issuer == self._issuer and claims.audience == self._audience)
        require(claims.issued_at <= now + LEEWAY and now < claims.expires_at + LEEWAY)
        return claims

    def _verifier(self, kid: str, now: datetime) -> Verifier | None:
        key = self._keys.get(kid)
        return key.verifier if key is not None and key.entry.verifies_at(now) else None

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


def _claims(members: Mapping[str, object]) -> Claims:
    require(members.keys() == _CLAIMS)
    issued, expires = whole_number_of(members, "iat"), whole_number_of(members, "exp")
    require(0 < expires - issued <= LONGEST_LIFE.total_seconds())
    token_id = text_of(members, "jti")
    require(_NAME.fullmatch(token_id) is not None)
    issued_at = datetime.fromtimestamp(issued, UTC)
    return Claims(
        subject=_uuid(text_of(members, "sub")),
        session=_uuid(text_of(members, "sid")),
        token_id=token_id,
        issued_at=issued_at,
        expires_at=issued_at + timedelta(seconds=expires - issued),
        audience=text_of(members, "aud"),
        issuer=text_of(members, "iss"),
    )


def _uuid(text: str) -> UUID:
    found = UUID(text)
    require(str(found) == text)
    return found


def _signing_key(keys: Mapping[str, _TokenKey], now: datetime) -> _TokenKey:
    usable = [key for key in keys.values() if key.entry.signs_at(now)]
    if not usable:
        raise LookupError("no token key is in use at this time")
    # Of two that start together the later one in the file counts as newer.
    return max(reversed(usable), key=lambda key: key.entry.not_before)


def _public_members(key: _TokenKey) -> dict[str, str]:
    return key.verifier.public_members() | {"kid": key.entry.kid, "use": "sig", "alg": ES256}


def _load(path: Path) -> Mapping[str, _TokenKey]:
    return {
        entry.kid: _TokenKey(entry, Signer.of_pem(entry.pem), Verifier.of_pem(entry.pem))
        for entry in read_token_keys(path)
    }
