"""Sealed values and the keys, one a person, that open them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from services.records.tables import At, Id, Octets, Ref, Table, Word, one_of


class PersonKeyRow(Table):
    """A person's key, wrapped by a master key that this database never holds. Destroying it erases the person.

    `renewed_at`: since when everything of theirs is sealed with it.
    """

    __tablename__ = "person_keys"
    __table_args__ = (
        Index(None, "person_id"),
        # what is still under an old master key, or an old key of the person, without looking at what is not
        Index(
            "ix_person_keys_master_version", "master_version", "file_id", "person_id",
            postgresql_where=text("wrapped is not null"),
        ),
        Index(
            "ix_person_keys_renewed_at", "renewed_at", "file_id", "person_id",
            postgresql_where=text("wrapped is not null"),
        ),
    )  # fmt: skip

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    master_version: Mapped[int]
    wrapped: Mapped[bytes | None]
    created_at: Mapped[At]
    renewed_at: Mapped[At] = mapped_column(server_default=text("clock_timestamp()"))
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


class SearchTokenRow(Table):
    """Something by which a person is found: a keyed digest of an identity number or phone, or a short one, on purpose
    shared by many, of a part of a name. `master_version`: from which master key its key was derived."""

    __tablename__ = "search_tokens"
    __table_args__ = (
        one_of("field", ("name", "identity_number", "phone")),
        ForeignKeyConstraint(["file_id", "person_id"], ["victims.case_id", "victims.id"]),
        Index(None, "field", "token", "file_id", "person_id"),
        Index(None, "master_version"),
    )

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    master_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[bytes] = mapped_column(primary_key=True)


class ErasureRow(Table):
    """Something was erased: everything of a file, or one person in it. Copied to a file outside the database, so that a
    backup that is put back can be erased again."""

    __tablename__ = "erasures"
    __table_args__ = (
        one_of("kind", ("case", "report")),
        Index("ix_erasures_unwritten", "id", postgresql_where=text("written_at is null")),
    )

    id: Mapped[Id]
    kind: Mapped[Word]
    file_id: Mapped[Ref]
    person_id: Mapped[UUID | None]
    erased_at: Mapped[At]
    written_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
