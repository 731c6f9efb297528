"""Reports and the receipts with which a reporter asks after them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from domain.reports import Objection
from services.records.tables import At, Id, Octets, Table, Version, Word, one_of

REPORT_KINDS = ("crime", "tip", "complaint", "mandatory_report")
REPORT_STATES = ("received", "screening", "accepted", "referred_out", "unfounded", "duplicate")


class ReportRow(Table):
    """One message from one source. What it says is sealed; `case_id` is set once a case stands behind it.

    `above_unit_id`: the level above, once the duty unit did not answer. `earliest_at`: when the first of several
    reports about the same concern came in. `elsewhere`: the reporter asked that it does not go to the office there.
    """

    CHAIN: ClassVar[str] = "report"

    __tablename__ = "reports"
    __table_args__ = (
        one_of("kind", REPORT_KINDS),
        one_of("state", REPORT_STATES),
        Index(None, "case_id"),
        Index(None, "unit_id", "state", "reply_by"),
    )

    id: Mapped[Id]
    kind: Mapped[Word]
    place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"))
    concerns: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    state: Mapped[Word]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    second_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    offered_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    above_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    filed_by_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    case_id: Mapped[UUID | None]
    duplicate_of: Mapped[UUID | None]
    continues_id: Mapped[UUID | None]
    received_at: Mapped[At]
    reply_by: Mapped[At]
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    earliest_at: Mapped[At]
    elsewhere: Mapped[bool] = mapped_column(server_default=text("false"))
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    erased_digest: Mapped[bytes | None]
    version: Mapped[Version]
    seq: Mapped[int] = mapped_column(server_default=text("0"))
    head: Mapped[Octets]


class ReceiptRow(Table):
    """What a reporter may learn. Found by the digest of number and secret alone: both are needed, neither is stored."""

    __tablename__ = "receipts"
    __table_args__ = (one_of("status", ("received", "being_handled", "answered")), Index(None, "file_id"))

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    file_id: Mapped[UUID]
    received_at: Mapped[At]
    status: Mapped[Word]


class ObjectionRow(Table):
    """A complaint, a review or a prosecutor's demand about a report: while one is open nothing of it is erased.

    `unit_id` decides it, and reads the report until then. What was said is sealed under a key of the objection's own,
    so that it can be made when the report itself is erased.
    """

    __tablename__ = "objections"
    __table_args__ = (one_of("kind", Objection), Index(None, "report_id"))

    id: Mapped[Id]
    report_id: Mapped[UUID]
    kind: Mapped[Word]
    opened_at: Mapped[At]
    opened_by_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]
