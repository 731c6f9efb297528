"""What the level above and the procuratorate say of a unit or an officer in question: confirmed by one, cleared by both."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.conflicts import ConflictKind, ConflictState, Party, decide_conflict
from domain.refusals import FieldRefused, NotFound
from services import access
from services.case_files import CaseFile
from services.case_loading import open_case
from services.conflicts import conflict_note, conflict_row, end_conflict, keep_in_force, parties
from services.merged_conflicts import end_in_merged
from services.records.conflicts import ConflictRow
from services.reports_behind import let_in, let_in_to_report, lock_reports_behind
from services.versions import require_version


def confirm_conflict(
    session: Session, actor: Actor, kind: ConflictKind, conflict_id: UUID, version: int | None
) -> tuple[CaseFile, ConflictRow]:
    """Somebody above has looked. Refusals in order: NotFound, StageNotYours, VersionMissing, VersionStale, MoveNotPossible."""
    file = open_case(session, actor, _case_of(session, actor, kind, conflict_id), lock=True)
    row = conflict_row(file, conflict_id)
    _require(file, row, actor, "confirm", version)
    row.state, row.confirmed_at = ConflictState.CONFIRMED, file.at
    row.version += 1
    keep_in_force(file, row)
    file.clocks.stop(row.id, file.at, met=True)
    file.note(conflict_note(row, "confirm_conflict", ConflictState.OPEN))
    file.save()
    return file, row


def clear_conflict(
    session: Session, actor: Actor, kind: ConflictKind, conflict_id: UUID, version: int | None
) -> tuple[CaseFile, ConflictRow]:
    """One of the two that clear it together; with the second it is over. What went up stays there until it is handed over.

    Refusals in the order of `confirm_conflict`; FieldRefused when this one has said so already.
    """
    case_id = _case_of(session, actor, kind, conflict_id)
    reports = lock_reports_behind(session, actor, case_id)
    file = open_case(session, actor, case_id, lock=True)
    row = conflict_row(file, conflict_id)
    _require(file, row, actor, "clear", version)
    _say(file, row, actor)
    if row.cleared_by_above_at is None or row.cleared_by_prosecutor_at is None:
        row.version += 1
        file.note(conflict_note(row, "clear_conflict", row.state))
        file.save()
        return file, row
    end_conflict(file, row)
    let_in(session, file.id, row.id)
    file.save()
    for report in reports:
        let_in_to_report(report, row.id)
    end_in_merged(file, row)
    return file, row


def _case_of(session: Session, actor: Actor, kind: ConflictKind, conflict_id: UUID) -> UUID:
    found = session.execute(
        select(ConflictRow.case_id).where(
            ConflictRow.id == conflict_id,
            ConflictRow.kind == kind,
            access.visible_to(actor, ConflictRow.case_id),
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _require(file: CaseFile, row: ConflictRow, actor: Actor, action: str, version: int | None) -> None:
    kind, stands = ConflictKind(row.kind), parties(file, row, actor)
    decide_conflict(kind, ConflictState.OPEN, action, stands)
    require_version(version, row.version)
    decide_conflict(kind, row.state, action, stands)


def _say(file: CaseFile, row: ConflictRow, actor: Actor) -> None:
    stands = parties(file, row, actor)
    if Party.LEVEL_ABOVE in stands and row.cleared_by_above_at is None:
        row.cleared_by_above_at = file.at
        return
    if Party.PROSECUTOR in stands and row.cleared_by_prosecutor_at is None:
        row.cleared_by_prosecutor_at = file.at
        return
    raise FieldRefused(("state", "already_answered"))
