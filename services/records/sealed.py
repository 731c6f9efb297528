"""Sealed values and the keys, one a person, that open them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Index, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from services.records.tables import At, Octets, Ref, Table


class PersonKeyRow(Table):
    """A person's key, wrapped by a master key that this database never holds. Destroying it erases the person."""

    __tablename__ = "person_keys"
    __table_args__ = (Index(None, "person_id"),)

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    master_version: Mapped[int]
    wrapped: Mapped[bytes | None]
    created_at: Mapped[At]
    destroyed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SealedValueRow(Table):
    """One section of one row in one revision. Older revisions stay, so that a past state can be shown."""

    __tablename__ = "sealed_values"
    __table_args__ = (
        Index(
            "ix_sealed_values_current", "file_id", "row_id", "section", unique=True, postgresql_where=text("current"),
        ),
    )  # fmt: skip

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    row_id: Mapped[UUID] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[Ref]
    sealed: Mapped[Octets]
    current: Mapped[bool] = mapped_column(server_default=text("true"))
    sealed_at: Mapped[At]


Column = InstrumentedAttribute[UUID]


def current_values_of(file_id: Column, row_id: Column) -> ColumnElement[bool]:
    """Joins a row with its sections as they are now."""
    return (SealedValueRow.file_id == file_id) & (SealedValueRow.row_id == row_id) & SealedValueRow.current


def key_of(file_id: Column, person_id: Column) -> ColumnElement[bool]:
    """Joins it with the key under which a person's sections are sealed."""
    return (PersonKeyRow.file_id == file_id) & (PersonKeyRow.person_id == person_id)
