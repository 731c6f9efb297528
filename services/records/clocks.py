"""Due times that run, the alarms that they raised, and what a division set otherwise."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Interval, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.tables import At, Id, Ref, Table, Version, Word, one_of

FILE_KINDS = ("case", "report")
SUBJECTS = (
    "report",
    "case",
    "stage",
    "victim",
    "consent",
    "conflict",
    "approval",
    "request",
    "emergency_access",
    "letter",
)
DEADLINE_STATES = ("running", "paused", "met", "stopped")

_MAYBE_AT = DateTime(timezone=True)


class DeadlineRow(Table):
    """One clock of one subject. `next_at` is when the worker looks at it again, once it runs; None: there is no rung left.

    `rung` is the number of the next rung of its ladder; `moved_by`: by how much holds and extensions moved it.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        one_of("kind", FILE_KINDS),
        one_of("subject", SUBJECTS),
        one_of("state", DEADLINE_STATES),
        Index(
            "uq_deadlines_live", "file_id", "subject_id", "clock", unique=True,
            postgresql_where=text("state in ('running', 'paused')"),
        ),
        Index("ix_deadlines_next_at", "next_at", postgresql_where=text("next_at is not null")),
    )  # fmt: skip

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    kind: Mapped[Word]
    subject: Mapped[Word]
    subject_id: Mapped[Ref]
    stage_id: Mapped[UUID | None]
    victim_id: Mapped[UUID | None]
    clock: Mapped[Word]
    state: Mapped[Word]
    started_at: Mapped[At]
    due_at: Mapped[At]
    next_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    rung: Mapped[int] = mapped_column(server_default=text("0"))
    provisional: Mapped[bool] = mapped_column(server_default=text("false"))
    paused_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    moved_by: Mapped[timedelta] = mapped_column(Interval(), server_default=text("'0'"))
    ended_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    version: Mapped[Version]


class AlarmRow(Table):
    """One rung of one deadline, told to one unit. It names the stage, the due time and whose work it is
    (`late_unit_id`), nothing of the person."""

    __tablename__ = "alarms"
    __table_args__ = (
        one_of("kind", FILE_KINDS),
        # however many workers run, a rung is told to a unit once
        UniqueConstraint("file_id", "deadline_id", "rung", "told", "unit_id"),
        Index(None, "unit_id", "id"),
    )

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    kind: Mapped[Word]
    deadline_id: Mapped[Ref]
    rung: Mapped[int]
    told: Mapped[Word]
    clock: Mapped[Word]
    subject: Mapped[Word]
    subject_id: Mapped[Ref]
    stage: Mapped[Word | None]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    late_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    division_id: Mapped[UUID | None]
    due_at: Mapped[At]
    raised_at: Mapped[At]
    settled_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)


class ClockOverrideRow(Table):
    """An amount, in the clock's own unit, that one division set for one clock, within what the clock's row allows."""

    __tablename__ = "clock_overrides"

    division_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"), primary_key=True)
    clock: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    reason: Mapped[Word]
    set_by_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[At]
    version: Mapped[Version]


class WorkloadRow(Table):
    """How many stages of a kind and state lie with a unit, and how many are late: counted by the worker, no case in it."""

    __tablename__ = "workload"

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    division_id: Mapped[UUID | None]
    stages: Mapped[int]
    late: Mapped[int]
    counted_at: Mapped[At]
