"""Cases, the people in them, their stages, the stages' records, consents and approvals."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.agencies import Agency
from domain.consents import Basis, GivenBy, Purpose
from domain.stages import StageCode, StageState
from services.records.tables import At, Id, Octets, Table, Version, Word, one_of

_MAYBE_AT = DateTime(timezone=True)


class CaseRow(Table):
    """The protection matter. Its row is the lock, the version and the head of its chain.

    `kept_from`: the offices that the reporter asked to be spared.
    """

    CHAIN: ClassVar[str] = "case"

    __tablename__ = "cases"
    __table_args__ = (
        one_of("state", ("open", "closed")),
        one_of("owner_agency", Agency),
        Index(None, "owner_unit_id"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    edition: Mapped[Word]
    place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"))
    division_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    owner_unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    owner_agency: Mapped[Word]
    offered_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    state: Mapped[Word]
    round: Mapped[int] = mapped_column(server_default=text("1"))
    opened_at: Mapped[At]
    closed_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    closing_reason: Mapped[Word | None]
    erased_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    erased_digest: Mapped[bytes | None]
    kept_from: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))
    version: Mapped[Version]
    seq: Mapped[int] = mapped_column(server_default=text("0"))
    head: Mapped[Octets]


class VictimRow(Table):
    """A person in a case, perhaps nameless. Everything about them is sealed; the row says only that they are there, and
    while another file is about the same person, by which merge.

    `indexed_with`: the version of the master key under which they can be searched for; None: not yet.
    """

    __tablename__ = "victims"
    __table_args__ = (UniqueConstraint("case_id", "ordinal"), Index(None, "indexed_with", "case_id"))

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    id: Mapped[Id]
    ordinal: Mapped[int]
    added_at: Mapped[At]
    merge_id: Mapped[UUID | None]
    indexed_with: Mapped[int | None]
    erased_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    erased_digest: Mapped[bytes | None]
    version: Mapped[Version]


class LegalHoldRow(Table):
    """A reason why nothing of a case may be erased, whatever its term. Set by one person, released by another; the words
    are sealed."""

    __tablename__ = "legal_holds"
    __table_args__ = (ForeignKeyConstraint(["case_id"], ["cases.id"]), UniqueConstraint("id"))

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    set_by_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    set_by_unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    set_at: Mapped[At]
    released_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    released_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    version: Mapped[Version]


class StageRow(Table):
    """One piece of work. `due_at` is its principal clock's; `passed_by` are units that sent it back or did not answer."""

    __tablename__ = "stages"
    __table_args__ = (
        one_of("code", StageCode),
        one_of("state", StageState),
        one_of("agency", Agency),
        ForeignKeyConstraint(["case_id"], ["cases.id"]),
        ForeignKeyConstraint(["case_id", "victim_id"], ["victims.case_id", "victims.id"]),
        UniqueConstraint("case_id", "victim_id", "code", "round", postgresql_nulls_not_distinct=True),
        Index(None, "unit_id", "state", "due_at"),
        Index(None, "offered_unit_id"),
        Index(None, "officer_id"),
        Index(None, "deputy_id"),
        UniqueConstraint("id"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    victim_id: Mapped[UUID | None]
    code: Mapped[Word]
    round: Mapped[int] = mapped_column(server_default=text("1"))
    state: Mapped[Word]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    agency: Mapped[Word | None]
    offered_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    deputy_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    opened_by: Mapped[Word]
    opened_at: Mapped[At]
    routed_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    begun_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    ended_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    due_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    due_clock: Mapped[Word | None]
    passed_by: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))
    version: Mapped[Version]


class StageUnitRow(Table):
    """Other leads of the stage's article, attached, and cooperating agencies, invited: they add the records that they may.

    `consent_id`: the agreement on which an invitation outside the article's list rests; it ends with it.
    """

    __tablename__ = "stage_units"
    __table_args__ = (
        one_of("relation", ("attached", "invited")),
        ForeignKeyConstraint(["case_id", "stage_id"], ["stages.case_id", "stages.id"]),
        Index(None, "unit_id"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    stage_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"), primary_key=True)
    relation: Mapped[Word]
    consent_id: Mapped[UUID | None]
    added_at: Mapped[At] = mapped_column(server_default=text("clock_timestamp()"))


class StageRecordRow(Table):
    """What was done in a stage. Never changed: a correction is another record. The body is sealed."""

    __tablename__ = "stage_records"
    __table_args__ = (
        one_of("agency", Agency),
        ForeignKeyConstraint(["case_id", "stage_id"], ["stages.case_id", "stages.id"]),
        Index(None, "case_id", "stage_id"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    stage_id: Mapped[UUID]
    kind: Mapped[Word]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    agency: Mapped[Word]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    happened_at: Mapped[At]
    recorded_at: Mapped[At]


class ConsentRow(Table):
    """One consent to one purpose, or another basis in its place. What was explained, in what words, by whom: sealed.

    `given_by` and `relative_id` say in whose voice it was given, so that a guardian's consents can end with the guardian.
    """

    __tablename__ = "consents"
    __table_args__ = (
        one_of("purpose", Purpose),
        one_of("state", ("asked", "given", "refused", "withdrawn", "expired")),
        one_of("basis", Basis),
        one_of("given_by", GivenBy),
        ForeignKeyConstraint(["case_id", "victim_id"], ["victims.case_id", "victims.id"]),
        Index(None, "case_id", "victim_id"),
        UniqueConstraint("id"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    victim_id: Mapped[UUID]
    purpose: Mapped[Word]
    basis: Mapped[Word] = mapped_column(server_default=text("'consent'"))
    state: Mapped[Word]
    round: Mapped[int] = mapped_column(server_default=text("1"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    asked_at: Mapped[At]
    decided_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    expires_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    given_by: Mapped[Word | None]
    relative_id: Mapped[UUID | None]
    recipient_unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))
    ended_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    ended_by: Mapped[Word | None]
    version: Mapped[Version]


class ApprovalRow(Table):
    """A step that another agency must approve: asked by one, answered by another, used once."""

    __tablename__ = "approvals"
    __table_args__ = (
        one_of("machine", ("report", "case", "stage", "victim", "conflict")),
        one_of("state", ("asked", "approved", "refused", "used", "withdrawn")),
        Index(None, "approver_unit_id", "state"),
        UniqueConstraint("id"),
    )

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Id]
    machine: Mapped[Word]
    subject_id: Mapped[UUID]
    action: Mapped[Word]
    state: Mapped[Word]
    asked_by_unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    approver_unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[At]
    decided_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    version: Mapped[Version]
