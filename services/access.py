"""Access follows work: the one condition that every query carries, the rows behind it, and the log of reads."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, any_, delete, exists, false, func, insert, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.actors import AUDIT_ROLES, CASE_ROLES, Actor
from domain.agencies import PlaceKind, may_read_cases
from domain.conflicts import ConflictKind, ConflictState
from domain.identifiers import new_id
from services.records.access import CaseAccessRow, ReadLogRow
from services.records.cases import CaseRow
from services.records.conflicts import ConflictRow, ExclusionRow
from services.records.emergency import EmergencyGrantRow

FileColumn = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None] | ColumnElement[UUID]
_RECORDED: Final = "read_recorded"
REFUSED: Final = "refused"
"""What the log of reads calls something that was asked for and not shown; its `subject_id` is the id in the address."""


def visible_to(actor: Actor, file_id: FileColumn) -> ColumnElement[bool]:
    """True for files on which the actor's unit works at this moment, unless the actor is excluded from that file;
    for nobody whose role or agency reads no cases."""
    row = select(CaseAccessRow.file_id).where(works_on(actor), CaseAccessRow.file_id == file_id)
    # a list is driven from the same table, which must not be taken for the one asked here
    return exists(row.correlate_except(CaseAccessRow)) & not_excluded(actor, file_id)


def not_excluded(actor: Actor, file_id: FileColumn) -> ColumnElement[bool]:
    """True for files from which this officer is not excluded, whatever their unit works on."""
    shut_out = select(ExclusionRow.file_id).where(
        ExclusionRow.account_id == actor.account_id, ExclusionRow.file_id == file_id
    )
    return ~exists(shut_out.correlate_except(ExclusionRow))


def not_in_question(actor: Actor, file_id: FileColumn) -> ColumnElement[bool]:
    """True for files in which the actor's unit is not itself in question (rule 4); a unit's own rows are all this asks for."""
    doubted = select(ConflictRow.id).where(
        ConflictRow.case_id == file_id,
        ConflictRow.kind == ConflictKind.UNIT,
        ConflictRow.state != ConflictState.CLEARED,
        ConflictRow.unit_id == actor.unit_id,
    )
    return ~exists(doubted.correlate_except(ConflictRow))


def open_in_emergency(actor: Actor, file_id: FileColumn) -> ColumnElement[bool]:
    """True for the one case that this account opened in an emergency, until the hour is over. Apart from `visible_to`, which
    every move goes through: what is opened so is read at one address, and nothing in it is changed."""
    grant = select(EmergencyGrantRow.id).where(
        EmergencyGrantRow.account_id == actor.account_id,
        EmergencyGrantRow.case_id == file_id,
        EmergencyGrantRow.ended_at.is_(None),
        EmergencyGrantRow.expires_at > func.clock_timestamp(),
    )
    open_now = exists(grant.correlate_except(EmergencyGrantRow))
    return open_now & not_excluded(actor, file_id) & not_in_question(actor, file_id)


def works_on(actor: Actor) -> ColumnElement[bool]:
    """The access rows of the actor's unit: what a list is driven from."""
    if actor.role not in CASE_ROLES or not may_read_cases(actor.agency):
        return false()
    return CaseAccessRow.unit_id == actor.unit_id


def auditable_by(actor: Actor) -> ColumnElement[bool]:
    """Cases whose timeline an auditor may pull: those of their division; at the corps, all. Not those in which their own
    office is in question or was to be spared, or from which they are excluded themselves."""
    there = CaseRow.division_id == actor.place_id
    placed = CaseRow.id.is_not(None) if actor.place_kind is PlaceKind.CORPS else there
    spared = literal(actor.unit_id) == any_(CaseRow.kept_from)
    return placed & ~spared & not_in_question(actor, CaseRow.id) & not_excluded(actor, CaseRow.id)


def may_follow(actor: Actor) -> ColumnElement[bool]:
    """Whose timeline this reader may pull: an auditor's by place, everybody else's by work."""
    return auditable_by(actor) if actor.role in AUDIT_ROLES else visible_to(actor, CaseRow.id)


def keep_access(
    session: Session, kind: str, file_id: UUID, before: Iterable[UUID], after: Iterable[UUID]
) -> None:
    """Give and take the right to read as the work changed: in the same transaction, only where it differs."""
    old, new = set(before), set(after)
    if gone := old - new:
        session.execute(
            delete(CaseAccessRow).where(CaseAccessRow.file_id == file_id, CaseAccessRow.unit_id.in_(gone))
        )
    if come := new - old:
        session.execute(
            insert(CaseAccessRow),
            [{"unit_id": unit_id, "kind": kind, "file_id": file_id} for unit_id in sorted(come)],
        )


def record_read(
    session: Session, actor: Actor, *, subject: str, file_id: UUID | None, subject_id: UUID | None = None
) -> None:
    """Write down who read what; in the transaction that must commit before the answer leaves."""
    session.execute(insert(ReadLogRow).values(_read(session, actor, subject, file_id, subject_id)))
    session.info[_RECORDED] = True


def record_search(
    session: Session, actor: Actor, query_digest: bytes, found: Sequence[tuple[UUID, UUID]]
) -> None:
    """Write down a search, whom it found, and for each of them that their file was looked into."""
    ids = [person_id for _, person_id in found]
    searched = {**_read(session, actor, "search", None, None), "query_digest": query_digest, "found_ids": ids}
    session.execute(insert(ReadLogRow).values(searched))
    if found:
        rows = [_read(session, actor, "search_result", file_id, person_id) for file_id, person_id in found]
        session.execute(insert(ReadLogRow).values(rows))
    session.info[_RECORDED] = True


def was_recorded(session: Session) -> bool:
    """Whether this transaction wrote down that something was read."""
    return _RECORDED in session.info


def _read(
    session: Session, actor: Actor, subject: str, file_id: UUID | None, subject_id: UUID | None
) -> dict[str, object]:
    return {
        "id": new_id(),
        "read_at": func.clock_timestamp(),
        "account_id": actor.account_id,
        "unit_id": actor.unit_id,
        "role": actor.role,
        "file_id": file_id,
        "subject": subject,
        "subject_id": subject_id,
        "purpose": session.info.get("purpose"),
        "request_id": session.info["request_id"],
    }
