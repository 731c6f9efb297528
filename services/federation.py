"""People who sign in at another house (OpenID Connect): its tokens count for who was linked to them, and only as pinned.

Issuer, audience, algorithm and keys are written down by administrators; nothing is fetched from anywhere. Who somebody is, is
the pair of issuer and subject; no name or address of theirs decides anything (ASVS 10.5).
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.identifiers import new_id
from domain.refusals import AlreadyExists, FieldRefused, NotFound, SignInRefused
from services.access_approvals import end_approval_of
from services.accounts import account_of, locked_account
from services.database import Begin, now
from services.records.accounts import AccountRow, SessionKind
from services.records.clients import FederatedIdentityRow, IssuerRow, NonceRow
from services.refresh_tokens import Refreshed
from services.registers import add_row, enter
from services.signed_tokens import (
    Header,
    SignatureRefused,
    Verifier,
    opened,
    require,
    text_of,
    unverified,
    whole_number_of,
)
from services.signing_in import open_session
from services.timeline import Note
from services.versions import require_version

NONCE_LIFE: Final = timedelta(minutes=10)
_LEEWAY: Final = timedelta(seconds=30)
_SHOWN_WITHIN: Final = timedelta(minutes=5)
_AUTHENTICATED_WITHIN: Final = timedelta(minutes=15)
_TYPES: Final = frozenset({None, "JWT"})
_ALSO: Final = frozenset({"x5t"})
_NONCE_BYTES: Final = 32

Jwks = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class NewIssuer:
    """`acr_values`: which strengths of signing in there are enough here; at least one."""

    issuer: str
    audience: str
    algorithm: str
    keys: Jwks
    acr_values: Sequence[str]


def add_issuer(session: Session, actor: Actor, new: NewIssuer) -> IssuerRow:
    """Trust another house from now on, for those who are linked. FieldRefused for keys of another kind; AlreadyExists."""
    _require_keys(new.keys, new.algorithm)
    at = now(session)
    row = IssuerRow(
        id=new_id(),
        issuer=new.issuer,
        audience=new.audience,
        algorithm=new.algorithm,
        jwks=json.dumps(list(map(dict, new.keys))),
        acr_values=list(new.acr_values),
        added_at=at,
        version=1,
    )
    add_row(session, row, "issuer")
    enter(session, actor, at, Note("add_issuer", "issuer", row.id))
    return row


def replace_keys(
    session: Session, actor: Actor, issuer_id: UUID, version: int | None, keys: Jwks
) -> IssuerRow:
    """Pin these keys and no others, for when the other house changes its own."""
    row = _locked(session, issuer_id, version)
    _require_keys(keys, row.algorithm)
    row.jwks = json.dumps(list(map(dict, keys)))
    return _entered(session, actor, row, "replace_issuer_keys")


def disable_issuer(session: Session, actor: Actor, issuer_id: UUID, version: int | None) -> IssuerRow:
    """Its tokens count no longer; sessions that they opened run on until an administrator ends them."""
    row = _locked(session, issuer_id, version)
    if row.disabled_at is None:
        row.disabled_at = now(session)
        return _entered(session, actor, row, "disable_issuer")
    return row


def issuers(session: Session) -> list[IssuerRow]:
    """Every house that was ever trusted, at most a hundred."""
    return list(session.execute(select(IssuerRow).order_by(IssuerRow.id).limit(100)).scalars())


def link_identity(session: Session, actor: Actor, account_id: UUID, issuer_id: UUID, subject: str) -> None:
    """Whoever that house calls by this subject is this account. FieldRefused, AlreadyExists. The approval to work with people's
    data ends: it was given before this way in was there."""
    account = locked_account(session, account_id)
    if account.role == Role.INTEGRATION:
        raise FieldRefused(("account_id", "machines_have_keys"))
    if session.get(IssuerRow, issuer_id) is None:
        raise FieldRefused(("issuer_id", "unknown_issuer"))
    at = now(session)
    row = FederatedIdentityRow(issuer_id=issuer_id, subject=subject, account_id=account_id, linked_at=at)
    if session.get(FederatedIdentityRow, (issuer_id, subject)) is not None:
        raise AlreadyExists("subject")
    session.add(row)
    enter(session, actor, at, Note("link_identity", "account", account_id))
    if end_approval_of(session, actor, account, "identity_linked"):
        account.version += 1


def unlink_identities(session: Session, actor: Actor, account_id: UUID) -> None:
    """Nobody of another house is this account any more."""
    account_of(session, account_id)
    session.execute(delete(FederatedIdentityRow).where(FederatedIdentityRow.account_id == account_id))
    enter(session, actor, now(session), Note("unlink_identities", "account", account_id))


def new_nonce(session: Session) -> tuple[str, datetime]:
    """A number for one sign-in at another house, which its token must bring back."""
    nonce, expires_at = secrets.token_urlsafe(_NONCE_BYTES), now(session) + NONCE_LIFE
    session.execute(insert(NonceRow).values(digest=_digest(nonce), expires_at=expires_at))
    return nonce, expires_at


def sign_in_from_elsewhere(begin: Begin, id_token: str) -> Refreshed:
    """Open a session for somebody who signed in at a house that is trusted; SignInRefused, whatever does not fit."""
    try:
        with begin() as session:
            at = now(session)
            account = _account(session, id_token, at)
            return open_session(session, account, at, SessionKind.FEDERATED)
    except SignatureRefused:
        raise SignInRefused from None


def _account(session: Session, id_token: str, at: datetime) -> UUID:
    issuer = _issuer(session, text_of(unverified(id_token), "iss"))
    keys = {key["kid"]: Verifier.of_jwk(key, issuer.algorithm) for key in json.loads(issuer.jwks)}
    claims = opened(id_token, Header(issuer.algorithm, _TYPES, _ALSO), keys.get)
    require(text_of(claims, "iss") == issuer.issuer)
    require(claims.get("aud") in (issuer.audience, [issuer.audience]))
    require(claims.get("azp", issuer.audience) == issuer.audience)
    require(text_of(claims, "acr") in issuer.acr_values)
    _require_fresh(claims, at)
    _use_nonce(session, text_of(claims, "nonce"))
    found = session.execute(
        select(AccountRow.id)
        .join(FederatedIdentityRow, FederatedIdentityRow.account_id == AccountRow.id)
        .where(
            FederatedIdentityRow.issuer_id == issuer.id,
            FederatedIdentityRow.subject == text_of(claims, "sub"),
            func.coalesce(AccountRow.disabled_at, AccountRow.suspended_at).is_(None),
        )
    ).scalar_one_or_none()
    if found is None:
        raise SignatureRefused
    return found


def _issuer(session: Session, name: str) -> IssuerRow:
    row = session.execute(
        select(IssuerRow).where(IssuerRow.issuer == name, IssuerRow.disabled_at.is_(None))
    ).scalar_one_or_none()
    if row is None:
        raise SignatureRefused
    return row


def _require_fresh(claims: Mapping[str, Any], at: datetime) -> None:
    issued, ends = whole_number_of(claims, "iat"), whole_number_of(claims, "exp")
    require((at - _SHOWN_WITHIN).timestamp() <= issued <= (at + _LEEWAY).timestamp())
    require(at.timestamp() < ends)
    authenticated = whole_number_of(claims, "auth_time")
    require((at - _AUTHENTICATED_WITHIN).timestamp() <= authenticated <= (at + _LEEWAY).timestamp())


def _use_nonce(session: Session, nonce: str) -> None:
    used = session.execute(
        delete(NonceRow)
        .where(NonceRow.digest == _digest(nonce), NonceRow.expires_at > func.clock_timestamp())
        .returning(NonceRow.digest)
    ).one_or_none()
    require(used is not None)


def _digest(nonce: str) -> bytes:
    return hashlib.sha256(nonce.encode()).digest()


def _require_keys(keys: Jwks, algorithm: str) -> None:
    try:
        for key in keys:
            Verifier.of_jwk(key, algorithm)
    except SignatureRefused:
        raise FieldRefused(("keys", "not_a_key_of_the_algorithm")) from None
    if len({key["kid"] for key in keys}) != len(keys):
        raise FieldRefused(("keys", "kid_twice"))


def _locked(session: Session, issuer_id: UUID, version: int | None) -> IssuerRow:
    row = session.execute(
        select(IssuerRow).where(IssuerRow.id == issuer_id).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    require_version(version, row.version)
    return row


def _entered(session: Session, actor: Actor, row: IssuerRow, action: str) -> IssuerRow:
    row.version += 1
    session.flush()
    enter(session, actor, now(session), Note(action, "issuer", row.id))
    return row
