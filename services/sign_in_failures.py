"""Guessing at one name is slowed down, then stopped; the same for names that nobody has, so that nobody learns which exist."""

import hmac
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.refusals import TooMany
from domain.signing_in import LONGEST_WAIT, wait_after
from services.database import now
from services.master_keys import MasterKeys
from services.records.accounts import SignInFailureRow


def begin_attempt(session: Session, username: str) -> None:
    """Count this attempt as failed before anything is compared; who turns out to be right is forgiven.

    TooMany, with the seconds to wait, while nothing is tried under this name. Counting first is what holds when a thousand
    guesses come at once: each of them waits for the row. The caller commits.
    """
    digest = name_digest(session, username)
    session.execute(
        insert(SignInFailureRow)
        .values(
            name_digest=digest, failures=0, last_at=func.clock_timestamp(), next_at=func.clock_timestamp()
        )
        .on_conflict_do_nothing()
    )
    row = session.execute(
        select(SignInFailureRow).where(SignInFailureRow.name_digest == digest).with_for_update()
    ).scalar_one()
    at = now(session)
    if row.next_at is None or row.next_at > at:
        raise _refused(LONGEST_WAIT if row.next_at is None else row.next_at - at)
    wait = wait_after(row.failures + 1)
    row.failures, row.last_at = row.failures + 1, at
    row.next_at = None if wait is None else at + wait
    session.flush()


def forgive(session: Session, username: str) -> None:
    """The name and its proof fit, or an administrator opened the account again: failures count from nothing."""
    digest = name_digest(session, username)
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.name_digest == digest))


def is_stopped(session: Session, username: str) -> bool:
    """Whether nothing is tried under this name until an administrator says so."""
    found = select(SignInFailureRow.name_digest).where(
        SignInFailureRow.name_digest == name_digest(session, username), SignInFailureRow.next_at.is_(None)
    )
    return session.execute(found).one_or_none() is not None


def name_digest(session: Session, username: str) -> bytes:
    """What stands for a name: whoever reads the table learns nobody's."""
    master: MasterKeys = session.info["master_keys"]
    return hmac.digest(master.derive("names at sign-in", 1), username.encode(), "sha256")


def _refused(wait: timedelta) -> TooMany:
    return TooMany(1, int(LONGEST_WAIT.total_seconds()), int(wait.total_seconds()) + 1)
