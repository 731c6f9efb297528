"""One account reads one case for an hour because of an emergency, and who was told of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.emergency import EmergencyReason, ReviewOutcome
from services.records.tables import At, Id, Ref, Table, Version, Word, one_of

_MAYBE_AT = DateTime(timezone=True)
NOTICE_KINDS = ("opened", "renewed", "too_many", "unreviewed")
TOLD = ("supervisor", "auditor")


class EmergencyGrantRow(Table):
    """Who opened which case, until when, and what became of it. The words of the reason are sealed under the case's key;
    `kept_from`: the offices that the case was to be kept from, for those who read of it from outside."""

    __tablename__ = "emergency_grants"
    __table_args__ = (
        one_of("reason_code", EmergencyReason),
        one_of("outcome", ReviewOutcome),
        ForeignKeyConstraint(["case_id"], ["cases.id"]),
        UniqueConstraint("id"),
        # one at a time, however many requests come at once
        Index(
            "uq_emergency_grants_live", "account_id", unique=True, postgresql_where=text("ended_at is null")
        ),
        Index(None, "account_id", "opened_at"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    role: Mapped[Word]
    reason_code: Mapped[Word]
    kept_from: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))
    opened_at: Mapped[At]
    expires_at: Mapped[At]
    review_by: Mapped[At]
    renewed_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    renewed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    ended_because: Mapped[Word | None]
    reviewed_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    reviewed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[Word | None]
    version: Mapped[Version]


class EmergencyNoticeRow(Table):
    """One who was told: the supervisors of a unit, or the auditors of a division (None: of the corps alone)."""

    __tablename__ = "emergency_notices"
    __table_args__ = (
        one_of("kind", NOTICE_KINDS),
        one_of("told", TOLD),
        ForeignKeyConstraint(["case_id", "grant_id"], ["emergency_grants.case_id", "emergency_grants.id"]),
        Index(None, "unit_id"),
        Index(None, "case_id", "grant_id"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    grant_id: Mapped[Ref]
    kind: Mapped[Word]
    told: Mapped[Word]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    division_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    raised_at: Mapped[At]
