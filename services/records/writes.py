"""Requests that were answered once, so that the second click gets the first answer."""

from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.tables import At, Octets, Table


class IdempotencyKeyRow(Table):
    """`file_id`: the file that the request worked on; `still_visible`: whether its caller could still read it afterwards."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index(None, "claimed_at"), Index(None, "master_version"))

    scope_id: Mapped[UUID] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[Octets]
    claimed_at: Mapped[At]
    status: Mapped[int | None]
    answer: Mapped[bytes | None]
    master_version: Mapped[int] = mapped_column(server_default=text("1"))
    file_id: Mapped[UUID | None]
    still_visible: Mapped[bool] = mapped_column(server_default=text("false"))
