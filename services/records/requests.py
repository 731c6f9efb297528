"""Nameless requests to agencies that never read a case."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.requests import Need
from services.records.tables import At, Id, Table, Version, Word, one_of

REQUEST_STATES = ("asked", "done", "not_possible", "withdrawn")


class RequestRow(Table):
    """What one agency needs of another, and by when; what it says is sealed under a key of its own, not the case's."""

    __tablename__ = "requests"
    __table_args__ = (
        one_of("state", REQUEST_STATES),
        one_of("what", Need),
        ForeignKeyConstraint(["case_id", "stage_id"], ["stages.case_id", "stages.id"]),
        UniqueConstraint("id"),
        Index(None, "unit_id", "state"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    stage_id: Mapped[UUID]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    asked_by_unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    what: Mapped[Word]
    state: Mapped[Word]
    by: Mapped[At]
    asked_at: Mapped[At]
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]
