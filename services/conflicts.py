"""Conflicts as rows: found, entered on the timeline with their reason sealed, and read by those whose business they are."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.conflicts import TERMS, ConflictKind, ConflictState, Party
from domain.identifiers import new_id
from domain.mandates import MANDATES
from domain.refusals import FieldRefused, NotFound
from domain.stages import StageCode
from services import access
from services.case_files import Agreement, CaseFile
from services.case_loading import open_case
from services.deadlines import Subject
from services.records.cases import StageRow
from services.records.conflicts import ConflictRow, ExclusionRow
from services.sealed_values import KeyRing, NewValue
from services.timeline import Note


@dataclass(frozen=True, slots=True)
class InQuestion:
    """Who is in question and why: a child's guardian (perhaps one relative of theirs), a unit, or an officer.

    `rule`: it set itself. `reason` is sealed; a rule needs none. `above` and `prosecutor` confirm and clear. `origin_id`:
    the same conflict in the other file about the person.
    """

    kind: ConflictKind
    victim_id: UUID | None = None
    relative_id: UUID | None = None
    unit_id: UUID | None = None
    account_id: UUID | None = None
    rule: str | None = None
    reason: str | None = None
    above: UUID | None = None
    prosecutor: UUID | None = None
    origin_id: UUID | None = None


def put_in_question(file: CaseFile, who: InQuestion) -> ConflictRow:
    """Enter it and let it be in force from now on in this transaction; its effects are the caller's."""
    row = ConflictRow(
        case_id=file.id,
        id=new_id(),
        kind=who.kind,
        state=ConflictState.OPEN,
        victim_id=who.victim_id,
        relative_id=who.relative_id,
        unit_id=who.unit_id,
        account_id=who.account_id,
        rule=who.rule,
        set_by_unit_id=file.actor.unit_id if file.actor else None,
        set_by_id=file.actor.account_id if file.actor else None,
        set_at=file.at,
        above_unit_id=who.above,
        prosecutor_unit_id=who.prosecutor,
        origin_id=who.origin_id,
        version=1,
    )
    file.session.add(row)
    file.session.flush()
    file.agreements += _in_force(row)
    file.note(_with_reason(file, row, conflict_note(row, "set_conflict", None), who.reason))
    return row


def is_set(file: CaseFile, kind: ConflictKind, who: ColumnElement[bool]) -> bool:
    """Whether such a conflict was set in this very file and is in force; one that counts from another may be set here too."""
    found = select(ConflictRow.id).where(
        ConflictRow.case_id == file.id,
        ConflictRow.kind == kind,
        ConflictRow.state != ConflictState.CLEARED,
        ConflictRow.origin_id.is_(None),
        who,
    )
    return file.session.execute(found.limit(1)).scalar_one_or_none() is not None


def _in_force(row: ConflictRow) -> list[Agreement]:
    about = row.victim_id or row.unit_id or row.account_id
    assert about is not None
    return [
        Agreement("conflict", row.id, about, row.kind, row.state, unit_id, row.set_at)
        for unit_id in (row.above_unit_id, row.prosecutor_unit_id)
    ]


def keep_in_force(file: CaseFile, row: ConflictRow) -> None:
    """After a change of the row: what the file holds of it is what the row says."""
    file.agreements = [a for a in file.agreements if a.id != row.id]
    if row.state != ConflictState.CLEARED:
        file.agreements += _in_force(row)


def end_conflict(file: CaseFile, row: ConflictRow) -> None:
    """It is cleared: nothing counts on it any more, and its clock stops. The caller saves."""
    source, row.state, row.cleared_at = row.state, ConflictState.CLEARED, file.at
    row.version += 1
    keep_in_force(file, row)
    file.clocks.stop(row.id, file.at)
    file.note(conflict_note(row, "clear_conflict", source))


def require_own(row: ConflictRow) -> None:
    """What counts from the other file about the person is judged there. FieldRefused."""
    if row.origin_id is not None:
        raise FieldRefused(("state", "judged_in_other_file"))


def clock_subject(row: ConflictRow, stage: StageRow | None = None) -> Subject:
    """The conflict as its clock knows it."""
    return Subject("conflict", row.id, stage.id if stage else None, row.victim_id)


def conflict_note(row: ConflictRow, action: str, source: str | None) -> Note:
    """What the timeline says of a conflict: its kind, whose it is, and its articles; never why."""
    terms = TERMS[ConflictKind(row.kind)]
    return Note(
        action,
        "conflict",
        row.id,
        articles=terms.articles,
        victim_id=row.victim_id,
        source=source,
        target=row.state,
        rule=row.rule if action == "set_conflict" or row.origin_id else None,
        reason=row.kind,
        unit_id=row.unit_id,
    )


def _with_reason(file: CaseFile, row: ConflictRow, note: Note, reason: str | None) -> Note:
    if reason is None:
        return note
    person_id, content = row.victim_id or file.id, {"reason": reason}
    file.keys.write([NewValue(row.id, "reason", person_id, content)], file.at)
    return replace(note, changed=("reason",), values=file.keys.commit_to(person_id, content))


def open_conflict(session: Session, actor: Actor, conflict_id: UUID) -> tuple[CaseFile, ConflictRow]:
    """A conflict with its case, locked for a change. NotFound when the case is not the actor's to see."""
    case_id = session.execute(
        select(ConflictRow.case_id).where(
            ConflictRow.id == conflict_id, access.visible_to(actor, ConflictRow.case_id)
        )
    ).scalar_one_or_none()
    if case_id is None:
        raise NotFound
    file = open_case(session, actor, case_id, lock=True)
    return file, conflict_row(file, conflict_id)


def read_conflict(
    session: Session, actor: Actor, kind: ConflictKind, conflict_id: UUID
) -> tuple[CaseFile, ConflictRow]:
    """One conflict with its case, for a reader whose business it is; NotFound for everybody else."""
    row = session.execute(
        select(ConflictRow).where(
            ConflictRow.id == conflict_id,
            ConflictRow.kind == kind,
            access.visible_to(actor, ConflictRow.case_id),
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    file = open_case(session, actor, row.case_id)
    if not may_read(file, row, actor):
        raise NotFound
    return file, row


def conflict_row(file: CaseFile, conflict_id: UUID) -> ConflictRow:
    """The row as it is now; NotFound when the case has no such conflict."""
    row = file.session.execute(
        select(ConflictRow)
        .where(ConflictRow.case_id == file.id, ConflictRow.id == conflict_id)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def parties(file: CaseFile, row: ConflictRow, actor: Actor) -> set[Party]:
    """How this actor stands to a conflict that is there."""
    found = set()
    if row.kind == ConflictKind.GUARDIAN and actor.unit_id in guardianship_units(file, row.victim_id):
        found.add(Party.GUARDIANSHIP_UNIT)
    if actor.unit_id == row.above_unit_id:
        found.add(Party.LEVEL_ABOVE)
    if actor.unit_id == row.prosecutor_unit_id:
        found.add(Party.PROSECUTOR)
    return found


def guardianship_units(file: CaseFile, victim_id: UUID | None) -> set[UUID | None]:
    """The unit that answers for this child's guardianship: of the accountable agency, and of no other."""
    return {
        stage.unit_id
        for stage in file.of(victim_id)
        if stage.code == StageCode.GUARDIANSHIP
        and stage.agency == MANDATES[StageCode.GUARDIANSHIP].accountable
    }


def may_read(file: CaseFile, row: ConflictRow, actor: Actor) -> bool:
    """The owner, the guardianship unit, the level above and the procuratorate; never the unit or officer in question."""
    if actor.unit_id == row.unit_id or actor.account_id == row.account_id:
        return False
    return actor.unit_id == file.case.owner_unit_id or bool(parties(file, row, actor))


def conflicts_of(file: CaseFile, actor: Actor) -> list[ConflictRow]:
    """The conflicts of a case that are for this reader, those that were cleared among them, oldest first."""
    rows = file.session.execute(
        select(ConflictRow).where(ConflictRow.case_id == file.id).order_by(ConflictRow.id)
    ).scalars()
    return [row for row in rows if may_read(file, row, actor)]


def reasons_of(session: Session, file_id: UUID, rows: list[ConflictRow]) -> dict[UUID, str]:
    """Why each of them was set, where somebody said so."""
    values = KeyRing(session, file_id).read([row.id for row in rows]) if rows else []
    return {value.row_id: str(value.content["reason"]) for value in values}


def units_in_question(session: Session, case_id: UUID) -> set[UUID]:
    """The same as `CaseFile.units_in_conflict` for who works on a report behind the case."""
    rows = select(ConflictRow.unit_id).where(
        ConflictRow.case_id == case_id,
        ConflictRow.kind == ConflictKind.UNIT,
        ConflictRow.state != ConflictState.CLEARED,
        ConflictRow.unit_id.is_not(None),
    )
    return {unit_id for unit_id in session.execute(rows).scalars() if unit_id is not None}


def shut_out_alike(session: Session, file_id: UUID, onward_id: UUID) -> None:
    """Officers who read nothing of one file read nothing of another that comes to belong to it."""
    there = select(literal(onward_id), ExclusionRow.account_id, ExclusionRow.conflict_id).where(
        ExclusionRow.file_id == file_id
    )
    session.execute(
        insert(ExclusionRow)
        .from_select(["file_id", "account_id", "conflict_id"], there)
        .on_conflict_do_nothing()
    )
