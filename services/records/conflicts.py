"""Guardians, units and officers who are themselves in question, and who is shut out for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.records.tables import At, Id, Table, Version, Word, one_of

CONFLICT_KINDS = ("guardian", "unit", "officer")
CONFLICT_STATES = ("open", "confirmed", "cleared")
_MAYBE_AT = DateTime(timezone=True)


class ConflictRow(Table):
    """One conflict. In force while it is not cleared; why it was set is sealed.

    `origin_id`: it counts here from the other file about the same person, where that conflict was set and is cleared.
    """

    __tablename__ = "conflicts"
    __table_args__ = (
        one_of("kind", CONFLICT_KINDS),
        one_of("state", CONFLICT_STATES),
        ForeignKeyConstraint(["case_id"], ["cases.id"]),
        ForeignKeyConstraint(["case_id", "victim_id"], ["victims.case_id", "victims.id"]),
        UniqueConstraint("id"),
        Index(None, "above_unit_id"),
        Index(None, "prosecutor_unit_id"),
        Index(None, "case_id", "origin_id"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    kind: Mapped[Word]
    state: Mapped[Word]
    victim_id: Mapped[UUID | None]
    relative_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    rule: Mapped[Word | None]
    set_by_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[At]
    above_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    prosecutor_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    cleared_by_above_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    cleared_by_prosecutor_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    cleared_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    origin_id: Mapped[UUID | None]
    version: Mapped[Version]


class ExclusionRow(Table):
    """One officer who reads and moves nothing of one file, whatever their unit works on, as long as this conflict stands."""

    __tablename__ = "exclusions"

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    conflict_id: Mapped[UUID] = mapped_column(primary_key=True)
