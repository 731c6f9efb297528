"""Relatives and guardians as persons of their own, and two files that are about one person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.records.tables import At, Id, Table, Version, Word, one_of

MERGE_STATES = ("asked", "merged", "refused", "undone")
_MAYBE_AT = DateTime(timezone=True)


class RelativeRow(Table):
    """Somebody who is something to a victim. Who and what is sealed, under a key of their own."""

    __tablename__ = "relatives"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "victim_id"], ["victims.case_id", "victims.id"]),
        Index(None, "case_id", "victim_id"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    victim_id: Mapped[UUID]
    added_at: Mapped[At]
    version: Mapped[Version]


class MergeRow(Table):
    """Two victims of two cases are one person. Asked by one owner, approved by the other; it can be undone whole.

    The asker knows the other case by its number only; whom of theirs it is, the other owner says. `stopped_deadlines`
    are the clocks that ran later in one file than in the other, so that undoing gives each its own back.
    """

    __tablename__ = "merges"
    __table_args__ = (
        one_of("state", MERGE_STATES),
        ForeignKeyConstraint(["case_id", "victim_id"], ["victims.case_id", "victims.id"]),
        ForeignKeyConstraint(["other_case_id", "other_victim_id"], ["victims.case_id", "victims.id"]),
        UniqueConstraint("id"),
        Index(None, "other_case_id"),
        Index(None, "other_number"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    victim_id: Mapped[UUID]
    case_number: Mapped[Word]
    other_number: Mapped[Word]
    other_case_id: Mapped[UUID | None]
    other_victim_id: Mapped[UUID | None]
    state: Mapped[Word]
    asked_by_unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    decided_by_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    asked_at: Mapped[At]
    decided_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    undone_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    stopped_deadlines: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))
    version: Mapped[Version]
