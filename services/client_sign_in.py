"""A machine signs in: client credentials with an assertion that its own key signed (RFC 6749, 4.4; RFC 7523).

Each assertion counts once and for a minute; what fails is refused alike, whatever it was.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.orm import Session

from domain.actors import Role
from domain.clients import ASSERTION_LIFE, Grant, ScopeRefused, granted
from domain.identifiers import new_id
from domain.refusals import Refusal
from domain.signing_in import CLIENT_SESSION_LIFE
from services.database import Begin, now
from services.records.accounts import AccountRow, SessionKind, SessionRow
from services.records.agencies import PlaceRow, UnitRow
from services.records.clients import ClientGrantRow, ClientKeyRow, UsedAssertionRow
from services.signed_tokens import (
    ES256,
    Header,
    SignatureRefused,
    Verifier,
    opened,
    require,
    text_of,
    unverified,
    whole_number_of,
)

_HEADER: Final = Header(ES256, frozenset({None, "JWT", "client-authentication+jwt"}))
_LEEWAY: Final = timedelta(seconds=30)
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_JTI_LENGTHS: Final = range(8, 129)


class ClientRefused(Refusal):
    """The assertion does not count, or there is no such client: which of them is not told."""


class ScopeNotGranted(Refusal):
    """The client is who it says, and asks for more than it was granted."""


@dataclass(frozen=True, slots=True)
class ClientSession:
    """What a machine is given: five minutes at one unit, for these purposes."""

    account_id: UUID
    session_id: UUID
    grant: Grant
    life: timedelta


def sign_client_in(begin: Begin, assertion: str, scope: str, token_address: str) -> ClientSession:
    """Open a session for a machine. ClientRefused, then ScopeNotGranted."""
    with begin() as session:
        at = now(session)
        try:
            account_id = _client(session, assertion, token_address, at)
        except SignatureRefused:
            raise ClientRefused from None
        units = _grants(session, account_id)
        try:
            grant = granted(scope, [grant for grant, _unit in units])
        except ScopeRefused:
            raise ScopeNotGranted from None
        unit_id = next(unit_id for one, unit_id in units if one.place == grant.place)
        session_id = new_id()
        session.execute(
            insert(SessionRow).values(
                id=session_id,
                account_id=account_id,
                kind=SessionKind.CLIENT,
                unit_id=unit_id,
                purposes=sorted(grant.purposes),
                created_at=at,
                expires_at=at + CLIENT_SESSION_LIFE,
            )
        )
    return ClientSession(account_id, session_id, grant, CLIENT_SESSION_LIFE)


def _client(session: Session, assertion: str, token_address: str, at: datetime) -> UUID:
    claimed = text_of(unverified(assertion), "sub")
    require(_ID.fullmatch(claimed) is not None)
    account_id = UUID(claimed)
    claims = opened(assertion, _HEADER, _keys(session, account_id, at).get)
    require(text_of(claims, "iss") == text_of(claims, "sub") == claimed)
    require(claims.get("aud") in (token_address, [token_address]))
    expires = whole_number_of(claims, "exp")
    require(at.timestamp() < expires <= (at + ASSERTION_LIFE).timestamp() + 1)
    for name in ("iat", "nbf"):
        require(name not in claims or whole_number_of(claims, name) <= (at + _LEEWAY).timestamp())
    require(len(text_of(claims, "jti")) in _JTI_LENGTHS)
    _use_once(session, claimed, text_of(claims, "jti"), at + 2 * ASSERTION_LIFE)
    return account_id


def _keys(session: Session, account_id: UUID, at: datetime) -> dict[str, Verifier]:
    rows = session.execute(
        select(ClientKeyRow.kid, ClientKeyRow.jwk)
        .join(AccountRow, AccountRow.id == ClientKeyRow.account_id)
        .where(
            ClientKeyRow.account_id == account_id,
            ClientKeyRow.revoked_at.is_(None),
            ClientKeyRow.not_after > at,
            AccountRow.role == Role.INTEGRATION,
            func.coalesce(AccountRow.disabled_at, AccountRow.suspended_at).is_(None),
        )
    )
    return {row.kid: Verifier.of_jwk(json.loads(row.jwk), ES256) for row in rows}


def _use_once(session: Session, client: str, jti: str, until: datetime) -> None:
    digest = hashlib.sha256(json.dumps([client, jti]).encode()).digest()
    taken = session.execute(
        insert_or(UsedAssertionRow)
        .values(digest=digest, expires_at=until)
        .on_conflict_do_nothing()
        .returning(UsedAssertionRow.digest)
    ).one_or_none()
    require(taken is not None)


def _grants(session: Session, account_id: UUID) -> list[tuple[Grant, UUID]]:
    rows = session.execute(
        select(PlaceRow.code, ClientGrantRow.purposes, ClientGrantRow.unit_id)
        .join(UnitRow, UnitRow.id == ClientGrantRow.unit_id)
        .join(PlaceRow, PlaceRow.id == UnitRow.place_id)
        .where(ClientGrantRow.account_id == account_id)
    )
    return [(Grant(row.code, frozenset(row.purposes)), row.unit_id) for row in rows]
