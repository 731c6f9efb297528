"""Who may read which file, and who read what."""

from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.records.tables import At, Id, Octets, Ref, Table, Word, one_of
from services.records.timeline import TransactionId


class CaseAccessRow(Table):
    """A unit works on a file (a case, or a report that is none yet). Kept in the transaction of the work; drives every query."""

    __tablename__ = "case_access"
    __table_args__ = (one_of("kind", ("case", "report")), Index(None, "file_id"))

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    file_id: Mapped[UUID] = mapped_column(primary_key=True)


class ReadLogRow(Table):
    """One read of restricted data, written before the answer leaves.

    Of a search: a keyed digest of what was looked for, never the words, and who was found. `leaf`: the hash of the whole
    row as it stands in the tree, made by the database as the row is written.
    """

    __tablename__ = "read_log"
    __table_args__ = (
        Index(None, "file_id", "read_at"),
        Index(None, "xid", "id"),
        Index("ix_read_log_refused", "subject_id", "read_at", postgresql_where=text("subject = 'refused'")),
    )

    id: Mapped[Id]
    read_at: Mapped[At]
    account_id: Mapped[Ref]
    unit_id: Mapped[Ref]
    role: Mapped[Word]
    file_id: Mapped[UUID | None]
    subject: Mapped[Word]
    subject_id: Mapped[UUID | None]
    purpose: Mapped[Word | None]
    request_id: Mapped[Ref]
    query_digest: Mapped[bytes | None]
    found_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid()))
    leaf: Mapped[Octets] = mapped_column(server_default=FetchedValue())
    xid: Mapped[int] = mapped_column(TransactionId(), server_default=text("pg_current_xact_id()"))
