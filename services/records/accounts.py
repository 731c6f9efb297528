"""Accounts, their sign-ins, and the counters that slow a source down."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.actors import Role
from services.records.tables import At, Id, Octets, Table, Version, Word, one_of


class AccountRow(Table):
    __tablename__ = "accounts"
    __table_args__ = (one_of("role", Role), Index(None, "unit_id"))

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[Word]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    role: Mapped[Word]
    demonstration: Mapped[bool] = mapped_column(server_default=text("false"))
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[At]
    version: Mapped[Version]


class SessionRow(Table):
    """One sign-in. It is read on every request, so that ending it acts on the next one."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "account_id"), Index(None, "expires_at"))

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[At]
    expires_at: Mapped[At]
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RateCounterRow(Table):
    """Requests of one source in one window. The source is a keyed digest, never an address."""

    __tablename__ = "rate_counters"
    __table_args__ = (Index(None, "window_start"), {"prefixes": ["UNLOGGED"]})

    bucket: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[Octets] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    hits: Mapped[int]
