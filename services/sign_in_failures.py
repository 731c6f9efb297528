"""Guessing at one name is slowed down, then stopped; the same for names that nobody has, so that nobody learns which exist."""

import hmac
from datetime import timedelta

from sqlalchemy import delete, func, select, update
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
    digest, clock = name_digest(session, username), func.clock_timestamp()
    row = insert(SignInFailureRow).values(name_digest=digest, failures=0, last_at=clock, next_at=clock)
    # the row is made or locked in one statement: between two, somebody who gets in might take it away
    held = session.execute(
        row.on_conflict_do_update(index_elements=["name_digest"], set_={"last_at": clock}).returning(
            SignInFailureRow.failures, SignInFailureRow.next_at
        )
    ).one()
    at, failures = now(session), held.failures + 1
    if held.next_at is None or held.next_at > at:
        raise _refused(LONGEST_WAIT if held.next_at is None else held.next_at - at)
    wait = wait_after(failures)
    session.execute(
        update(SignInFailureRow)
        .where(SignInFailureRow.name_digest == digest)
        .values(failures=failures, next_at=None if wait is None else at + wait)
        .execution_options(synchronize_session=False)
    )


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
    """What stands for a name: whoever reads the table learns nobody's. With another master key counting begins anew."""
    master: MasterKeys = session.info["master_keys"]
    return hmac.digest(master.derive("names at sign-in", master.current), username.encode(), "sha256")


def _refused(wait: timedelta) -> TooMany:
    return TooMany(1, int(LONGEST_WAIT.total_seconds()), int(wait.total_seconds()) + 1)
