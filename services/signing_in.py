"""Signing in with name, password and one-time code; proving it once more; the first steps of a new account.

What is slow (argon2) is done between transactions: no connection waits for it.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.identifiers import new_id
from domain.refusals import FieldRefused, SignInRefused
from domain.signing_in import (
    CONFIRMED_FOR,
    GIVEN_PASSWORD_LIFE,
    SESSION_LIFE,
    SetUpStep,
    steps_left,
)
from services.database import Begin, now
from services.master_keys import MasterKeys
from services.passwords import PasswordRefused, hash_password, verify_password
from services.records.accounts import AccountRow, SessionKind, SessionRow
from services.refresh_tokens import Refreshed, first_refresh_token
from services.second_factors import has_second_factor, proves
from services.sessions import end_other_sessions
from services.sign_in_failures import begin_attempt, forgive

NO_CODE: Final = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody shows. `code`: a one-time code, or a recovery code; empty before a second factor is set up."""

    username: str
    password: str
    code: str = NO_CODE


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that began, and what is still to be set up in it before anything else."""

    session: Refreshed
    to_set_up: tuple[SetUpStep, ...]


def sign_in(begin: Begin, shown: Credentials) -> SignedIn:
    """Open a session. TooMany while nothing is tried under this name; SignInRefused, in the same time and words, for an
    unknown name, a wrong password or code, a closed account; PasswordCheckBusy."""
    with begin() as session:
        begin_attempt(session, shown.username)
        account = _account(session, AccountRow.username == shown.username)
    fits = verify_password(shown.password, account.password_hash if account else None)
    if account is None or not fits:
        raise SignInRefused
    with begin() as session:
        at = now(session)
        second_factor = has_second_factor(session, account.id)
        if not _is_open(account, at) or (second_factor and not proves(session, account.id, shown.code)):
            raise SignInRefused
        forgive(session, shown.username)
        opened = open_session(session, account.id, at)
    steps = steps_left(
        password_given=account.password_given_at is not None,
        second_factor=second_factor,
        demonstration=account.demonstration,
    )
    return SignedIn(opened, steps)


def open_session(
    session: Session, account_id: UUID, at: datetime, kind: SessionKind = SessionKind.PERSON
) -> Refreshed:
    """A session with its first refresh token. Whoever just signed in proved that it is they."""
    session_id, until = new_id(), at + SESSION_LIFE
    session.execute(
        insert(SessionRow).values(
            id=session_id,
            account_id=account_id,
            kind=kind,
            created_at=at,
            expires_at=until,
            confirmed_at=at,
        )
    )
    token, expires_at = first_refresh_token(session, session_id, until)
    return Refreshed(account_id, session_id, until, token, expires_at)


def prove_again(begin: Begin, actor: Actor, proof: str) -> datetime:
    """Somebody signed in shows once more that it is they: by a code; in the demonstration, by the password.

    Returns until when this counts. Failures count as at signing in, and are refused alike (ASVS 7.5.3). Who signed in at
    another house and has no second factor here proves it there: by signing in anew.
    """
    with begin() as session:
        account = _account(session, AccountRow.id == actor.account_id)
        assert account is not None  # its session was just asked about
        begin_attempt(session, account.username)
        by_code = has_second_factor(session, actor.account_id)
    if not by_code and not (account.demonstration and verify_password(proof, account.password_hash)):
        raise SignInRefused
    with begin() as session:
        if by_code and not proves(session, actor.account_id, proof):
            raise SignInRefused
        forgive(session, account.username)
        at = now(session)
        session.execute(update(SessionRow).where(SessionRow.id == actor.session_id).values(confirmed_at=at))
    return at + CONFIRMED_FOR


def change_password(begin: Begin, actor: Actor, present: str, new: str) -> None:
    """Choose a password of one's own; every other session ends. SignInRefused for a wrong present one, FieldRefused for a
    new one that breaks a rule."""
    with begin() as session:
        account = _account(session, AccountRow.id == actor.account_id)
        assert account is not None
        begin_attempt(session, account.username)
    if not verify_password(present, account.password_hash):
        raise SignInRefused
    if hmac.compare_digest(present.encode(), new.encode()):
        raise FieldRefused(("new_password", "password_unchanged"))
    hashed = hashed_for(account.username, new, "new_password")
    with begin() as session:
        forgive(session, account.username)
        session.execute(
            update(AccountRow)
            .where(AccountRow.id == actor.account_id)
            .values(password_hash=hashed, password_given_at=None)
        )
        end_other_sessions(session, actor)


def hashed_for(username: str, password: str, field: str) -> str:
    """The hash of a new password of this account; FieldRefused names the rule that it breaks."""
    if username.lower() in password.lower():
        raise FieldRefused((field, "password_holds_name"))
    try:
        return hash_password(password)
    except PasswordRefused:
        raise FieldRefused((field, "password_rule")) from None


def _account(session: Session, which: ColumnElement[bool]) -> AccountRow | None:
    """As it is now; it outlives the transaction, in which nothing more of it is changed."""
    return session.execute(select(AccountRow).where(which)).scalar_one_or_none()


def _is_open(account: AccountRow, at: datetime) -> bool:
    given = account.password_given_at
    if given is not None and not account.demonstration and at > given + GIVEN_PASSWORD_LIFE:
        return False
    return account.disabled_at is None and account.suspended_at is None


def source_digest(master: MasterKeys, source: str) -> bytes:
    """What stands for the place that somebody calls from: the address itself is kept nowhere."""
    return hmac.digest(master.derive("places of sign-in", master.current), source.encode(), "sha256")
