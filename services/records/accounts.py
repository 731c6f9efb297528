"""Accounts, their sign-ins, and the counters that slow a source down."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.actors import Role
from services.records.tables import At, Id, Octets, Table, Version, Word, one_of

_MAYBE_AT: Final = DateTime(timezone=True)


class SessionKind(StrEnum):
    PERSON = "person"
    FEDERATED = "federated"  # signed in at another house, which asks for the second factor
    CLIENT = "client"


class AccountRow(Table):
    __tablename__ = "accounts"
    __table_args__ = (one_of("role", Role), Index(None, "unit_id"))

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[Word | None]  # None: a machine, which signs in with its key
    password_given_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)  # by somebody else, for one use
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    role: Mapped[Word]
    demonstration: Mapped[bool] = mapped_column(server_default=text("false"))
    suspended_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    disabled_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    # who reads people's data was let in by a responsible manager; before whom and when is on the register's chain
    access_approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    access_approved_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    access_approved_until: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    created_at: Mapped[At]
    version: Mapped[Version]


class SessionRow(Table):
    """One sign-in. It is read on every request, so that ending it acts on the next one.

    `unit_id` and `purposes`: what a machine's token is for. `source`: a keyed digest of where it was opened.
    """

    __tablename__ = "sessions"
    __table_args__ = (one_of("kind", SessionKind), Index(None, "account_id"), Index(None, "expires_at"))

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[Word] = mapped_column(server_default=text("'person'"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    purposes: Mapped[list[str] | None] = mapped_column(ARRAY(Text()))
    created_at: Mapped[At]
    expires_at: Mapped[At]
    confirmed_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    revoked_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    revoked_because: Mapped[Word | None]


class RefreshTokenRow(Table):
    """One refresh token, by its digest; used once. `successor`: the next one, sealed under this one for a few seconds, for
    an answer that was lost."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (UniqueConstraint("session_id", "generation"), Index(None, "expires_at"))

    digest: Mapped[bytes] = mapped_column(LargeBinary(), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    generation: Mapped[int]
    issued_at: Mapped[At]
    expires_at: Mapped[At]
    used_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    used_from: Mapped[bytes | None]
    successor: Mapped[bytes | None]


class SecondFactorRow(Table):
    """The seed of somebody's one-time codes, sealed; `pending` until a code of it was shown. `last_counter`: the last step
    used."""

    __tablename__ = "second_factors"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    pending: Mapped[bool] = mapped_column(primary_key=True)
    seed: Mapped[Octets]
    seed_version: Mapped[int]
    set_at: Mapped[At]
    last_counter: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))


class RecoveryCodeRow(Table):
    """A code for the day on which the device is lost; its digest only, used once."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(), primary_key=True)
    made_at: Mapped[At]
    used_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)


class SignInFailureRow(Table):
    """Consecutive failures under one name, whether there is such an account or not; the name is a keyed digest."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index(None, "last_at"),)

    name_digest: Mapped[bytes] = mapped_column(LargeBinary(), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[At]
    next_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)  # None: not before an administrator says so


class RateCounterRow(Table):
    """Requests of one source in one window. The source is a keyed digest, never an address."""

    __tablename__ = "rate_counters"
    __table_args__ = (Index(None, "window_start"), {"prefixes": ["UNLOGGED"]})

    bucket: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[Octets] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    hits: Mapped[int]
