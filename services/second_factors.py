"""One-time codes (RFC 6238) and the recovery codes for the day on which the device is lost.

The seed is sealed with a key derived from the master key and bound to its account; a code counts once.
"""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from passlib.totp import TOTP
from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.signing_in import RECOVERY_CODES
from services.database import now
from services.master_keys import MasterKeys
from services.passwords import PASSLIB_IS_QUIET
from services.records.accounts import RecoveryCodeRow, SecondFactorRow
from services.sealing import seal, unseal

assert PASSLIB_IS_QUIET  # its warnings were dealt with where it is loaded first

ISSUER: Final = "Homeward"
_SEED_BYTES: Final = 20  # RFC 4226, requirement 6: 160 bits
_WINDOW_SECONDS: Final = 30  # one step before and after: clocks of phones differ a little
_DIGITS: Final = 6
_CODE_BYTES: Final = 10


class NewSecondFactor:
    """A seed just made, to be shown once: as text to type, and as the address that a picture holds."""

    __slots__ = ("address", "secret")

    def __init__(self, seed: bytes, username: str) -> None:
        totp = TOTP(key=seed, format="raw", digits=_DIGITS)
        self.secret = str(totp.base32_key)
        self.address = str(totp.to_uri(label=username, issuer=ISSUER))


def has_second_factor(session: Session, account_id: UUID) -> bool:
    """Whether one-time codes are asked of this account."""
    found = select(SecondFactorRow.account_id).where(_is(account_id, pending=False))
    return session.execute(found).one_or_none() is not None


def begin_second_factor(session: Session, account_id: UUID, username: str) -> NewSecondFactor:
    """A new seed, which counts once a code of it was shown; until then the one before it does."""
    seed, at = secrets.token_bytes(_SEED_BYTES), now(session)
    master: MasterKeys = session.info["master_keys"]
    version = master.current
    session.execute(delete(SecondFactorRow).where(_is(account_id, pending=True)))
    session.execute(
        insert(SecondFactorRow).values(
            account_id=account_id,
            pending=True,
            seed=seal(seed_key(master, version), seed, account_id.bytes),
            seed_version=version,
            set_at=at,
        )
    )
    return NewSecondFactor(seed, username)


def confirm_second_factor(session: Session, account_id: UUID, code: str) -> list[str] | None:
    """The first code of a new seed: from now on it is asked for. Returns the recovery codes; None if the code is wrong."""
    if not _use_code(session, account_id, code, pending=True):
        return None
    session.execute(delete(SecondFactorRow).where(_is(account_id, pending=False)))
    session.execute(update(SecondFactorRow).where(_is(account_id, pending=True)).values(pending=False))
    return new_recovery_codes(session, account_id)


def forget_second_factor(session: Session, account_id: UUID) -> None:
    """Seed and recovery codes go; the next sign-in sets up new ones."""
    session.execute(delete(SecondFactorRow).where(SecondFactorRow.account_id == account_id))
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))


def new_recovery_codes(session: Session, account_id: UUID) -> list[str]:
    """Ten codes of 80 random bits, shown once; those from before count no longer."""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
    codes = [_spoken(secrets.token_bytes(_CODE_BYTES)) for _ in range(RECOVERY_CODES)]
    at = now(session)
    session.execute(
        insert(RecoveryCodeRow),
        [{"account_id": account_id, "digest": _digest(account_id, code), "made_at": at} for code in codes],
    )
    return codes


def proves(session: Session, account_id: UUID, code: str) -> bool:
    """Whether this is the account's one-time code of now or one of its recovery codes. It is used up by asking."""
    if len(code) == _DIGITS:
        return _use_code(session, account_id, code, pending=False)
    used = session.execute(
        update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.account_id == account_id,
            RecoveryCodeRow.digest == _digest(account_id, code),
            RecoveryCodeRow.used_at.is_(None),
        )
        .values(used_at=now(session))
        .returning(RecoveryCodeRow.account_id)
    )
    return used.one_or_none() is not None


def _is(account_id: UUID, *, pending: bool) -> ColumnElement[bool]:
    return (SecondFactorRow.account_id == account_id) & (SecondFactorRow.pending == pending)


def _use_code(session: Session, account_id: UUID, code: str, *, pending: bool) -> bool:
    row = session.execute(
        select(SecondFactorRow.seed, SecondFactorRow.seed_version).where(_is(account_id, pending=pending))
    ).one_or_none()
    if row is None:
        return False
    master: MasterKeys = session.info["master_keys"]
    seed = unseal(seed_key(master, row.seed_version), row.seed, account_id.bytes)
    counter = _counter(seed, code, now(session))
    if counter is None:
        return False
    # of twenty that bring the same code at once, one moves the counter
    used = session.execute(
        update(SecondFactorRow)
        .where(_is(account_id, pending=pending), SecondFactorRow.last_counter < counter)
        .values(last_counter=counter)
        .returning(SecondFactorRow.account_id)
    )
    return used.one_or_none() is not None


def _counter(seed: bytes, code: str, at: datetime) -> int | None:
    """The step whose code this is, one before or after now at most; compared in constant time, later steps first."""
    totp, step = TOTP(key=seed, format="raw", digits=_DIGITS), int(at.timestamp()) // _WINDOW_SECONDS
    for counter in (step, step + 1, step - 1):
        if hmac.compare_digest(str(totp.generate(counter * _WINDOW_SECONDS).token), code):
            return counter
    return None


def seal_seed_anew(master: MasterKeys, row: SecondFactorRow) -> None:
    """Under the present master key, after a rotation. SealBroken, KeyError."""
    version = master.current
    seed = unseal(seed_key(master, row.seed_version), row.seed, row.account_id.bytes)
    row.seed, row.seed_version = seal(seed_key(master, version), seed, row.account_id.bytes), version


def seed_key(master: MasterKeys, version: int) -> bytes:
    return master.derive("seeds of one-time codes", version)


def _spoken(content: bytes) -> str:
    letters = base64.b32encode(content).decode("ascii").lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _digest(account_id: UUID, code: str) -> bytes:
    plain = json.dumps([str(account_id), code.lower().replace("-", "").replace(" ", "")])
    return hashlib.sha256(plain.encode()).digest()
