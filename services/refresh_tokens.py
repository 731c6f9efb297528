"""Refresh tokens: each is used once and gives the next; one that is used twice ends the session (RFC 9700, 4.14)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.refusals import SignInRefused
from domain.signing_in import IDLE_LIFE, REPEATED_WITHIN
from services.database import Begin, now
from services.records.accounts import RefreshTokenRow, SessionRow
from services.registers import enter
from services.sealing import seal, unseal
from services.sessions import begin_as_nobody
from services.timeline import Note

_TOKEN_BYTES: Final = 32
REUSED: Final = "refresh_token_used_twice"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The session goes on: with this token next, until then at most."""

    account_id: UUID
    session_id: UUID
    session_expires_at: datetime
    token: str
    expires_at: datetime


def first_refresh_token(session: Session, session_id: UUID, until: datetime) -> tuple[str, datetime]:
    """The first token of a new session; the session's row is there."""
    return _issue(session, session_id, 1, until)


def refresh(begin: Begin, token: str, source: bytes) -> Refreshed:
    """Use a token and return the next one; SignInRefused for any that does not count.

    The same token again within ten seconds from the same place gets the same successor: its answer was lost. Any other
    second use is theft by one of the two who hold it, and nobody knows which: the session ends, with its access tokens.
    """
    with begin() as session:
        found = _use(session, token, source) or _repeat(session, token, source)
        if found is None:
            # committed before the refusal is raised, or the thief would go on
            _end_the_session_of(session, token)
    if found is None:
        raise SignInRefused
    return found


def _use(session: Session, token: str, source: bytes) -> Refreshed | None:
    used = session.execute(
        update(RefreshTokenRow)
        .where(
            RefreshTokenRow.digest == _digest(token),
            RefreshTokenRow.used_at.is_(None),
            RefreshTokenRow.expires_at > func.clock_timestamp(),
        )
        .values(used_at=func.clock_timestamp(), used_from=source)
        .returning(RefreshTokenRow.session_id, RefreshTokenRow.generation)
    ).one_or_none()
    if used is None:
        return None
    running = _running(session, used.session_id)
    successor, expires_at = _issue(session, used.session_id, used.generation + 1, running.expires_at)
    session.execute(
        update(RefreshTokenRow)
        .where(RefreshTokenRow.digest == _digest(token))
        .values(successor=seal(_sealing_key(token), successor.encode(), used.session_id.bytes))
    )
    return Refreshed(running.account_id, used.session_id, running.expires_at, successor, expires_at)


def _repeat(session: Session, token: str, source: bytes) -> Refreshed | None:
    row = session.execute(
        select(RefreshTokenRow).where(
            RefreshTokenRow.digest == _digest(token),
            RefreshTokenRow.used_from == source,
            RefreshTokenRow.used_at > func.clock_timestamp() - REPEATED_WITHIN,
            RefreshTokenRow.successor.is_not(None),
        )
    ).scalar_one_or_none()
    if row is None or row.successor is None:
        return None
    running = _running(session, row.session_id)
    successor = unseal(_sealing_key(token), row.successor, row.session_id.bytes).decode()
    expires_at = session.execute(
        select(RefreshTokenRow.expires_at).where(
            RefreshTokenRow.digest == _digest(successor), RefreshTokenRow.used_at.is_(None)
        )
    ).scalar_one_or_none()
    if expires_at is None:
        return None
    return Refreshed(running.account_id, row.session_id, running.expires_at, successor, expires_at)


def _running(session: Session, session_id: UUID) -> SessionRow:
    row = session.execute(
        select(SessionRow).where(
            SessionRow.id == session_id,
            SessionRow.revoked_at.is_(None),
            SessionRow.expires_at > func.clock_timestamp(),
        )
    ).scalar_one_or_none()
    if row is None:
        raise SignInRefused
    return row


def _end_the_session_of(session: Session, token: str) -> None:
    used_twice = select(RefreshTokenRow.session_id).where(
        RefreshTokenRow.digest == _digest(token), RefreshTokenRow.used_at.is_not(None)
    )
    ended = session.execute(
        update(SessionRow)
        .where(SessionRow.id.in_(used_twice), SessionRow.revoked_at.is_(None))
        .values(revoked_at=func.clock_timestamp(), revoked_because=REUSED)
        .returning(SessionRow.account_id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if ended is not None:
        begin_as_nobody(session)
        enter(session, None, now(session), Note("end_session", "account", ended, rule=REUSED))


def _issue(session: Session, session_id: UUID, generation: int, until: datetime) -> tuple[str, datetime]:
    token, at = secrets.token_urlsafe(_TOKEN_BYTES), now(session)
    expires_at = min(at + IDLE_LIFE, until)
    session.execute(
        insert(RefreshTokenRow).values(
            digest=_digest(token),
            session_id=session_id,
            generation=generation,
            issued_at=at,
            expires_at=expires_at,
        )
    )
    return token, expires_at


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _sealing_key(token: str) -> bytes:
    """Only who holds the token opens its successor: the database, and a copy of it, cannot."""
    return hashlib.sha256(b"homeward successor\x00" + token.encode()).digest()
