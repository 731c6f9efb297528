"""A case as one piece: loaded once under its lock, changed in memory, saved with its entries and access rows.

Statements of a load: the case (with its lock and its key), stages, consents and approvals, victims; records come by stage when
asked for. Saving writes what changed, the entries in one statement, and the case row last.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from typing import cast as cast_type
from uuid import UUID

from sqlalchemy import ColumnElement, Result, Select, String, cast, func, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Uuid

from domain.actors import Actor
from domain.refusals import NotFound, VersionMissing, VersionStale
from domain.stages import ENDED_STATES, StageCode
from services import access
from services.records.cases import (
    ApprovalRow,
    CaseRow,
    ConsentRow,
    StageRecordRow,
    StageRow,
    StageUnitRow,
    VictimRow,
)
from services.records.sealed import PersonKeyRow, SealedValueRow
from services.sealed_values import Content, KeyRing
from services.timeline import Note, append

_FILE, _OTHER_FILE = "homeward.file", "homeward.other_file"
_SHARED_KINDS = ("guardian_status", "finding")
"""Records that other stages' requirements look at."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A given consent, or an approval that was asked for or granted."""

    kind: str
    id: UUID
    about: UUID
    purpose: str
    state: str
    unit_id: UUID | None


@dataclass(slots=True)
class Victim:
    """A victim's row with their sections open; `revisions` says which revision of each section is current."""

    row: VictimRow
    sections: dict[str, Content] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenRecord:
    row: StageRecordRow
    body: Content


@dataclass(slots=True)
class CaseFile:
    """One case in one transaction. `at` is the database's clock at the moment of the lock."""

    session: Session
    actor: Actor | None
    case: CaseRow
    at: datetime
    keys: KeyRing
    stages: list[StageRow] = field(default_factory=list)
    units: dict[UUID, dict[str, set[UUID]]] = field(default_factory=dict)
    agreements: list[Agreement] = field(default_factory=list)
    victims: dict[UUID, Victim] = field(default_factory=dict)
    records: dict[UUID, list[OpenRecord]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    complete: set[UUID] = field(default_factory=set)  # stages whose records are all in `records`
    _units_before: set[UUID] = field(default_factory=set)

    @property
    def id(self) -> UUID:
        return self.case.id

    def stage(self, stage_id: UUID) -> StageRow:
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise NotFound

    def of(self, victim_id: UUID | None) -> Iterator[StageRow]:
        return (
            stage for stage in self.stages if stage.victim_id == victim_id and stage.round == self.case.round
        )

    def open_stages(self) -> list[StageRow]:
        return [stage for stage in self.stages if stage.state not in ENDED_STATES]

    def related(self, stage_id: UUID, relation: str) -> set[UUID]:
        return self.units.get(stage_id, {}).get(relation, set())

    def units_at_work(self) -> set[UUID]:
        """Every unit that has work in this case now; with it the right to read begins and ends."""
        at_work = {self.case.owner_unit_id, self.case.offered_unit_id}
        for stage in self.open_stages():
            at_work |= {stage.unit_id, stage.offered_unit_id}
            at_work |= self.related(stage.id, "attached") | self.related(stage.id, "invited")
        at_work |= {a.unit_id for a in self.agreements if a.kind == "approval" and a.state == "asked"}
        return {unit_id for unit_id in at_work if unit_id is not None}

    @property
    def phase(self) -> StageCode | None:
        """The least advanced open stage of any victim; never stored, so that it cannot differ from the stages."""
        still_open = {StageCode(stage.code) for stage in self.open_stages()}
        return next((code for code in StageCode if code in still_open), None)

    def note(self, note: Note) -> None:
        self.notes.append(note)

    def save(self) -> None:
        """Write what changed. The case's version moves with every write in it."""
        self.case.version += 1
        append(self.session, self.case, self.actor, self.at, self.notes)
        self.notes.clear()
        access.keep_access(self.session, "case", self.case.id, self._units_before, self.units_at_work())
        self.session.flush()
        self._units_before = self.units_at_work()

    def remember_access(self) -> None:
        """Keep in mind who may read now, so that saving writes the difference only."""
        self._units_before = self.units_at_work()


def open_case(
    session: Session, actor: Actor, case_id: UUID, *, lock: bool = False, beside_report: bool = False
) -> CaseFile:
    """The case if it is visible to the actor, else NotFound. `lock` for a change: row-level security then lets it be
    written, `beside_report` when the transaction works on a report at the same time."""
    return _load(
        session, actor, CaseRow.id == case_id, lock=lock, setting=_OTHER_FILE if beside_report else _FILE
    )


def open_stage(
    session: Session, actor: Actor, code: StageCode, stage_id: UUID, *, lock: bool = False
) -> tuple[CaseFile, StageRow]:
    """The stage with its whole case; NotFound for another kind of stage, an unknown or an invisible one."""
    case_id = select(StageRow.case_id).where(StageRow.id == stage_id, StageRow.code == code).scalar_subquery()
    file = _load(session, actor, CaseRow.id == case_id, lock=lock)
    return file, file.stage(stage_id)


def require_version(version: int | None, current: int) -> None:
    """A change names the version it was made from: VersionMissing without, VersionStale when it moved on."""
    if version is None:
        raise VersionMissing
    if version != current:
        raise VersionStale(current)


def _load(
    session: Session, actor: Actor, which: ColumnElement[bool], *, lock: bool, setting: str = _FILE
) -> CaseFile:
    query: Select[CaseRow, datetime, str, int, bytes | None] = (
        select(
            CaseRow,
            func.clock_timestamp(),
            func.set_config(setting, cast(CaseRow.id, String), True) if lock else literal(""),
            PersonKeyRow.master_version,
            PersonKeyRow.wrapped,
        )
        .outerjoin(
            PersonKeyRow, (PersonKeyRow.file_id == CaseRow.id) & (PersonKeyRow.person_id == CaseRow.id)
        )
        .where(which, access.visible_to(actor, CaseRow.id))
    )
    if lock:
        query = query.with_for_update(of=CaseRow).execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    file = CaseFile(session, actor, found[0], found[1], KeyRing(session, found[0].id))
    if found[4] is not None:
        file.keys.meet(file.id, found[3], found[4])
    _load_stages(file)
    _load_agreements(file)
    _load_victims(file)
    file.remember_access()
    return file


def _load_stages(file: CaseFile) -> None:
    def units(relation: str) -> ColumnElement[list[UUID]]:
        return (
            select(func.array_agg(StageUnitRow.unit_id, type_=ARRAY(Uuid())))
            .where(
                StageUnitRow.case_id == StageRow.case_id,
                StageUnitRow.stage_id == StageRow.id,
                StageUnitRow.relation == relation,
            )
            .scalar_subquery()
        )

    rows = file.session.execute(
        select(StageRow, units("attached"), units("invited"))
        .where(StageRow.case_id == file.case.id)
        .order_by(StageRow.id)
    ).all()
    for stage, attached, invited in rows:
        file.stages.append(stage)
        file.units[stage.id] = {"attached": set(attached or ()), "invited": set(invited or ())}


def _load_agreements(file: CaseFile) -> None:
    consents = select(
        literal("consent"), ConsentRow.id, ConsentRow.victim_id, ConsentRow.purpose, ConsentRow.state, null()
    ).where(
        ConsentRow.case_id == file.case.id,
        ConsentRow.state == "given",
        ConsentRow.round == file.case.round,
        func.coalesce(ConsentRow.expires_at, func.now() + func.make_interval(1)) > func.now(),
    )
    approvals = select(
        literal("approval"),
        ApprovalRow.id,
        ApprovalRow.subject_id,
        ApprovalRow.action,
        ApprovalRow.state,
        ApprovalRow.approver_unit_id,
    ).where(ApprovalRow.file_id == file.case.id, ApprovalRow.state.in_(("asked", "approved")))
    found: Result[Any] = file.session.execute(cast_type("Any", union_all(consents, approvals)))
    file.agreements = [Agreement(*tuple(row)) for row in found]


def _load_victims(file: CaseFile) -> None:
    rows = file.session.execute(
        select(VictimRow, SealedValueRow, PersonKeyRow.master_version, PersonKeyRow.wrapped)
        .outerjoin(
            SealedValueRow,
            (SealedValueRow.file_id == VictimRow.case_id)
            & (SealedValueRow.row_id == VictimRow.id)
            & SealedValueRow.current,
        )
        .outerjoin(
            PersonKeyRow,
            (PersonKeyRow.file_id == VictimRow.case_id) & (PersonKeyRow.person_id == VictimRow.id),
        )
        .where(VictimRow.case_id == file.case.id)
        .order_by(VictimRow.ordinal)
    ).all()
    for row, sealed, master_version, wrapped in rows:
        victim = file.victims.setdefault(row.id, Victim(row))
        # an erased person has no key, and a person about whom nothing is written no section
        if wrapped is None:
            continue
        file.keys.meet(row.id, master_version, wrapped)
        if sealed is not None:
            victim.sections[sealed.section] = file.keys.open(sealed).content
            victim.revisions[sealed.section] = sealed.revision


def load_records(file: CaseFile, stage: StageRow) -> None:
    """The records of one stage, and those of other stages that its requirements look at, in one statement. Once."""
    if stage.id in file.complete:
        return
    rows = file.session.execute(
        select(StageRecordRow, SealedValueRow, PersonKeyRow.master_version, PersonKeyRow.wrapped)
        .join(
            SealedValueRow,
            (SealedValueRow.file_id == StageRecordRow.case_id)
            & (SealedValueRow.row_id == StageRecordRow.id)
            & SealedValueRow.current,
        )
        .join(
            PersonKeyRow,
            (PersonKeyRow.file_id == StageRecordRow.case_id)
            & (PersonKeyRow.person_id == SealedValueRow.person_id),
        )
        .where(
            StageRecordRow.case_id == file.case.id,
            PersonKeyRow.wrapped.is_not(None),
            (StageRecordRow.stage_id == stage.id) | StageRecordRow.kind.in_(_SHARED_KINDS),
        )
        .order_by(StageRecordRow.id)
    ).all()
    fresh: dict[UUID, list[OpenRecord]] = {stage.id: []}
    for row, sealed, master_version, wrapped in rows:
        assert wrapped is not None  # the query leaves the erased out
        file.keys.meet(sealed.person_id, master_version, wrapped)
        fresh.setdefault(row.stage_id, []).append(OpenRecord(row, file.keys.open(sealed).content))
    for stage_id, records in fresh.items():
        if stage_id not in file.complete:
            file.records[stage_id] = records
    file.complete.add(stage.id)
