"""The person's own door: codes that were handed over, visits at it, and what was written there for an answer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.own_door import LetterKind, Voice
from services.records.tables import At, Id, Octets, Ref, Table, Version, Word, one_of

_MAYBE_AT = DateTime(timezone=True)


class DoorCodeRow(Table):
    """A code that somebody holds in hand, by its digest. `good_until`: for its first use, then moved on with each use."""

    __tablename__ = "door_codes"
    __table_args__ = (
        one_of("voice", Voice),
        ForeignKeyConstraint(["case_id", "victim_id"], ["victims.case_id", "victims.id"]),
        UniqueConstraint("digest"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    victim_id: Mapped[Ref]
    voice: Mapped[Word]
    language: Mapped[Word]
    digest: Mapped[bytes] = mapped_column(LargeBinary())
    given_at: Mapped[At]
    given_by_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    given_by_unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    good_until: Mapped[At]
    first_used_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    ended_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    ended_because: Mapped[Word | None]


class DoorSessionRow(Table):
    """One visit at the door, by the digest of its token; read on every request, so that ending it acts at once."""

    __tablename__ = "door_sessions"
    __table_args__ = (
        one_of("voice", Voice),
        ForeignKeyConstraint(["case_id", "code_id"], ["door_codes.case_id", "door_codes.id"]),
        UniqueConstraint("digest"),
        Index(None, "case_id", "code_id"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    code_id: Mapped[Ref]
    victim_id: Mapped[Ref]
    voice: Mapped[Word]
    digest: Mapped[Octets]
    began_at: Mapped[At]
    seen_at: Mapped[At]
    expires_at: Mapped[At]
    ended_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    ended_because: Mapped[Word | None]


class LetterRow(Table):
    """What somebody wrote at their door for an answer; its words are sealed under the person's key.

    `unit_id`: who answers a complaint; None: the case's owner, whoever that is by then.
    """

    __tablename__ = "letters"
    __table_args__ = (
        one_of("kind", LetterKind),
        one_of("voice", Voice),
        ForeignKeyConstraint(["case_id", "victim_id"], ["victims.case_id", "victims.id"]),
        UniqueConstraint("id"),
        Index(None, "unit_id"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    victim_id: Mapped[Ref]
    kind: Mapped[Word]
    voice: Mapped[Word]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    about_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    written_at: Mapped[At]
    answered_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[Version]
