"""The append-only timeline."""

from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from services.records.tables import At, Octets, Ref, Table, Word, one_of


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's xid8: readers that follow the log need it to skip nothing that commits late."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        return "xid8"


ischema_names["xid8"] = TransactionId  # so that `alembic check` can compare the column


class EntryRow(Table):
    """One entry: the exact bytes that were hashed, their digest, and the sections that can be withheld."""

    __tablename__ = "timeline_entries"
    __table_args__ = (
        one_of("chain", ("case", "report", "register")),
        Index(None, "xid", "chain_id", "seq"),
    )

    chain_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger(), primary_key=True)
    chain: Mapped[Word]
    entry_id: Mapped[Ref]
    recorded_at: Mapped[At]
    xid: Mapped[int] = mapped_column(TransactionId(), server_default=text("pg_current_xact_id()"))
    stage_id: Mapped[UUID | None]
    body: Mapped[Octets]
    digest: Mapped[Octets]
    what: Mapped[Octets]
    what_salt: Mapped[Octets]
    who: Mapped[Octets]
    who_salt: Mapped[Octets]
    values: Mapped[Octets]
    values_salt: Mapped[Octets]
