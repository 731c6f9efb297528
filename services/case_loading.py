"""Opening a case: loaded in as few statements as it has kinds of rows.

Statements of a load: the case (with its lock, its key and its division's clocks), stages, agreements, victims; records come by
stage when asked for.
"""

from datetime import datetime
from typing import Any, Final
from typing import cast as cast_type
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Result,
    Select,
    SelectBase,
    String,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session
from sqlalchemy.types import Uuid

from domain.actors import Actor
from domain.refusals import MoveNotPossible, NotFound
from domain.requirements import SHARED_KINDS
from domain.stages import StageCode
from services import access
from services.case_files import Agreement, CaseFile, OpenRecord, Victim
from services.database import working_on
from services.deadlines import RunningClocks, overridden
from services.records.cases import (
    ApprovalRow,
    CaseRow,
    ConsentRow,
    StageRecordRow,
    StageRow,
    StageUnitRow,
    VictimRow,
)
from services.records.conflicts import ConflictRow
from services.records.sealed import PersonKeyRow, SealedValueRow, current_values_of, key_of
from services.sealed_values import KeyRing

_FILE: Final = "homeward.file"
_OTHER_FILE: Final = "homeward.other_file"


def open_case(
    session: Session, actor: Actor, case_id: UUID, *, lock: bool = False, beside_report: bool = False
) -> CaseFile:
    """The case if it is visible to the actor, else NotFound. `lock` for a change: row-level security then lets it be
    written, `beside_report` when the transaction works on a report at the same time."""
    return _load(
        session, actor, CaseRow.id == case_id, lock=lock, setting=_OTHER_FILE if beside_report else _FILE
    )


def open_in_emergency(session: Session, actor: Actor, case_id: UUID) -> CaseFile:
    """The case that this account opened in an emergency, to read and never to write; NotFound else."""
    return _load(session, None, (CaseRow.id == case_id) & access.open_in_emergency(actor, CaseRow.id))


def open_at_the_door(session: Session, case_id: UUID) -> CaseFile:
    """The case as the context of somebody's own door shows it: one person's part of it, to read."""
    return _load(session, None, CaseRow.id == case_id)


def open_case_by_rule(session: Session, case_id: UUID, *, beside_report: bool = False) -> CaseFile:
    """The case for a rule that acts by itself: nobody's access is asked, nobody is the actor.

    `beside_report`: a rule that follows from a report of this transaction, outside the worker.
    """
    if beside_report:
        working_on(session, case_id, other=True)
    setting = _OTHER_FILE if beside_report else _FILE
    return _load(session, None, CaseRow.id == case_id, lock=True, setting=setting)


def open_pair(session: Session, actor: Actor, own_id: UUID, other_id: UUID) -> tuple[CaseFile, CaseFile]:
    """The actor's own file and another that one change touches, locked in one order whoever begins.

    Nobody's access to the other is asked: the caller shows nothing of it.
    """
    working_on(session, other_id, other=True)
    opened = {
        case_id: _load(
            session,
            actor if case_id == own_id else None,
            CaseRow.id == case_id,
            lock=True,
            setting=_FILE if case_id == own_id else _OTHER_FILE,
        )
        for case_id in sorted((own_id, other_id))
    }
    opened[other_id].actor = actor
    return opened[own_id], opened[other_id]


def require_not_erased(case: CaseRow) -> None:
    """Nothing is written any more into a case whose term is over. MoveNotPossible; a new report opens a new case."""
    if case.erased_at is not None:
        raise MoveNotPossible("case", "change", "erased", ())


def open_stage(
    session: Session, actor: Actor, code: StageCode, stage_id: UUID, *, lock: bool = False
) -> tuple[CaseFile, StageRow]:
    """The stage with its whole case; NotFound for another kind of stage, an unknown or an invisible one."""
    case_id = select(StageRow.case_id).where(StageRow.id == stage_id, StageRow.code == code).scalar_subquery()
    file = _load(session, actor, CaseRow.id == case_id, lock=lock)
    return file, file.stage(stage_id)


def _load(
    session: Session,
    actor: Actor | None,
    which: ColumnElement[bool],
    *,
    lock: bool = False,
    setting: str = _FILE,
) -> CaseFile:
    query: Select[CaseRow, datetime, str, int, bytes | None, dict[str, int] | None] = (
        select(
            CaseRow,
            func.clock_timestamp(),
            func.set_config(setting, cast(CaseRow.id, String), True) if lock else literal(""),
            PersonKeyRow.master_version,
            PersonKeyRow.wrapped,
            overridden(CaseRow.division_id),
        )
        .outerjoin(
            PersonKeyRow, (PersonKeyRow.file_id == CaseRow.id) & (PersonKeyRow.person_id == CaseRow.id)
        )
        .where(which, access.visible_to(actor, CaseRow.id) if actor else true())
    )
    if lock:
        query = query.with_for_update(of=CaseRow).execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    if lock and actor is not None:
        require_not_erased(found[0])
    file = CaseFile(session, actor, found[0], found[1], KeyRing(session, found[0].id))
    file.clocks = RunningClocks(found[5] or {})
    if found[4] is not None:
        file.keys.meet(file.id, found[3], found[4])
    _load_stages(file)
    reload_agreements(file)
    _load_victims(file)
    file.remember()
    return file


def _units(relation: str) -> ColumnElement[list[UUID]]:
    return (
        select(func.array_agg(StageUnitRow.unit_id, type_=ARRAY(Uuid())))
        .where(
            StageUnitRow.case_id == StageRow.case_id,
            StageUnitRow.stage_id == StageRow.id,
            StageUnitRow.relation == relation,
        )
        .scalar_subquery()
    )


# Written down once: put together anew for every request, the same statements cost more than the answer of the database.
_CASE: Final = bindparam("case_id", type_=Uuid())
_STAGES: Final = (
    select(StageRow, _units("attached"), _units("invited"))
    .where(StageRow.case_id == _CASE)
    .order_by(StageRow.id)
)


def _load_stages(file: CaseFile) -> None:
    rows = file.session.execute(_STAGES, {"case_id": file.id}).all()
    for stage, attached, invited in rows:
        file.stages.append(stage)
        file.units[stage.id] = {"attached": set(attached or ()), "invited": set(invited or ())}


def _consents() -> SelectBase:
    return select(
        literal("consent"), ConsentRow.id, ConsentRow.victim_id, ConsentRow.purpose, ConsentRow.state, null(),
        ConsentRow.decided_at, ConsentRow.given_by, ConsentRow.basis,
    ).where(
        ConsentRow.case_id == _CASE,
        ConsentRow.state == "given",
        ConsentRow.round == bindparam("round", type_=Integer()),
        func.coalesce(ConsentRow.expires_at, func.now() + func.make_interval(1)) > func.now(),
    )  # fmt: skip


def _approvals() -> SelectBase:
    return select(
        literal("approval"), ApprovalRow.id, ApprovalRow.subject_id, ApprovalRow.action, ApprovalRow.state,
        ApprovalRow.approver_unit_id, ApprovalRow.decided_at, null(), null(),
    ).where(ApprovalRow.file_id == _CASE, ApprovalRow.state.in_(("asked", "approved")))  # fmt: skip


def _conflicts() -> SelectBase:
    """One line for each of the two units that confirm and clear; where there is none, a line without a unit."""
    about = func.coalesce(ConflictRow.victim_id, ConflictRow.unit_id, ConflictRow.account_id)
    judges = func.unnest(array([ConflictRow.above_unit_id, ConflictRow.prosecutor_unit_id]), type_=Uuid())
    return select(
        literal("conflict"), ConflictRow.id, about, ConflictRow.kind, ConflictRow.state, judges,
        ConflictRow.set_at, null(), null(),
    ).where(ConflictRow.case_id == _CASE, ConflictRow.state != "cleared")  # fmt: skip


_AGREEMENTS: Final = cast_type("Executable", union_all(_consents(), _approvals(), _conflicts()))


def reload_agreements(file: CaseFile) -> None:
    """What is in force now, as the rows say it."""
    found: Result[Any] = file.session.execute(_AGREEMENTS, {"case_id": file.id, "round": file.case.round})
    file.agreements = [Agreement(*tuple(row)) for row in found]


_VICTIMS: Final = (
    select(VictimRow, SealedValueRow, PersonKeyRow.master_version, PersonKeyRow.wrapped)
    .outerjoin(SealedValueRow, current_values_of(VictimRow.case_id, VictimRow.id))
    .outerjoin(PersonKeyRow, key_of(VictimRow.case_id, VictimRow.id))
    .where(VictimRow.case_id == _CASE)
    .order_by(VictimRow.ordinal)
)


def _load_victims(file: CaseFile) -> None:
    rows = file.session.execute(_VICTIMS, {"case_id": file.id}).all()
    for row, sealed, master_version, wrapped in rows:
        victim = file.victims.setdefault(row.id, Victim(row))
        # an erased person has no key, and a person about whom nothing is written no section
        if wrapped is None:
            continue
        file.keys.meet(row.id, master_version, wrapped)
        if sealed is not None:
            victim.sections[sealed.section] = file.keys.open(sealed).content
            victim.revisions[sealed.section] = sealed.revision


_RECORDS: Final = (
    select(StageRecordRow, SealedValueRow, PersonKeyRow.master_version, PersonKeyRow.wrapped)
    .join(SealedValueRow, current_values_of(StageRecordRow.case_id, StageRecordRow.id))
    .join(PersonKeyRow, key_of(StageRecordRow.case_id, SealedValueRow.person_id))
    .where(
        StageRecordRow.case_id == _CASE,
        PersonKeyRow.wrapped.is_not(None),
        (StageRecordRow.stage_id == bindparam("stage_id", type_=Uuid()))
        | StageRecordRow.kind.in_(SHARED_KINDS),
    )
    .order_by(StageRecordRow.id)
)


def load_records(file: CaseFile, stage: StageRow) -> None:
    """The records of one stage, and those of other stages that its requirements look at, in one statement. Once."""
    if stage.id in file.complete:
        return
    rows = file.session.execute(_RECORDS, {"case_id": file.id, "stage_id": stage.id}).all()
    fresh: dict[UUID, list[OpenRecord]] = {stage.id: []}
    for row, sealed, master_version, wrapped in rows:
        assert wrapped is not None  # the query leaves the erased out
        file.keys.meet(sealed.person_id, master_version, wrapped)
        fresh.setdefault(row.stage_id, []).append(OpenRecord(row, file.keys.open(sealed).content))
    for stage_id, records in fresh.items():
        if stage_id not in file.complete:
            file.records[stage_id] = records
    file.complete.add(stage.id)
