"""Conflicts of two files about one person stand in both (rule 11): entered in the other file too, with all their effects.

They are confirmed and cleared where they were set. Parting the files ends what came from the other one.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, select

from domain.conflicts import ConflictKind, ConflictState
from services.case_files import CaseFile
from services.case_loading import open_case_by_rule
from services.conflict_effects import cut_off_guardian, cut_off_officer, cut_off_unit
from services.conflicts import InQuestion, end_conflict, put_in_question
from services.database import working_on_another
from services.openings import open_due_stages
from services.records.conflicts import ConflictRow
from services.records.people import MergeRow
from services.reports_behind import let_in, let_in_to_report, lock_reports_behind
from services.ways_up import ways_up

RULE = "merged"
Twins = dict[UUID, UUID]
"""Victims of one file, each with the same person in the other."""


def stand_in_merged(file: CaseFile, row: ConflictRow) -> None:
    """Let a conflict that was just set in this file stand in every file that is about one of its people."""
    for other_id, twins in _partners(file).items():
        with working_on_another(file.session, other_id):
            _enter(open_case_by_rule(file.session, other_id), [row], twins)


def end_in_merged(file: CaseFile, row: ConflictRow) -> None:
    """A conflict was cleared in this file: it is over in the others."""
    for other_id in _partners(file):
        with working_on_another(file.session, other_id):
            _end(open_case_by_rule(file.session, other_id), [row])


def join(first: CaseFile, second: CaseFile, pair: tuple[UUID, UUID]) -> None:
    """Two files are about one person from now on: each takes over what stands in the other. Both are locked."""
    for own, other, twins in ((first, second, {pair[0]: pair[1]}), (second, first, {pair[1]: pair[0]})):
        with working_on_another(own.session, other.id):
            _enter(other, _set_in(own), twins)


def part(first: CaseFile, second: CaseFile) -> None:
    """Two files were parted: each keeps its own conflicts, and those that another of its people still brings."""
    for own, other in ((first, second), (second, first)):
        still = _partners(own).get(other.id, {})
        gone = [row for row in _set_in(own) if not _brought_by(row, still)]
        with working_on_another(own.session, other.id):
            _end(other, gone)


def _brought_by(row: ConflictRow, twins: Twins) -> bool:
    """A guardian's conflict goes where the child is; that of a unit or an officer wherever anybody of the file is."""
    return row.victim_id in twins if row.victim_id else bool(twins)


def _partners(file: CaseFile) -> dict[UUID, Twins]:
    """The files that are about one of these people now. No statement when nobody is merged, as in almost every case."""
    merge_ids = [victim.row.merge_id for victim in file.victims.values() if victim.row.merge_id]
    found: dict[UUID, Twins] = {}
    rows = file.session.execute(select(MergeRow).where(MergeRow.id.in_(merge_ids))) if merge_ids else None
    for merge in rows.scalars() if rows else ():
        own, other = (merge.case_id, merge.victim_id), (merge.other_case_id, merge.other_victim_id)
        here, there = (own, other) if merge.case_id == file.id else (other, own)
        if here[1] and there[0] and there[1]:
            found.setdefault(there[0], {})[here[1]] = there[1]
    return found


def _set_in(file: CaseFile) -> list[ConflictRow]:
    """What was set in this very file and is not cleared."""
    return _standing(file, ConflictRow.origin_id.is_(None))


def _standing(file: CaseFile, which: ColumnElement[bool]) -> list[ConflictRow]:
    rows = select(ConflictRow).where(
        ConflictRow.case_id == file.id, ConflictRow.state != ConflictState.CLEARED, which
    )
    return list(file.session.execute(rows.order_by(ConflictRow.id)).scalars())


def _enter(other: CaseFile, rows: Iterable[ConflictRow], twins: Twins) -> None:
    """The conflicts, in the other file, with their effects there. Once, though two people may bring the same; in a file that
    is erased there is nothing left to take from anybody."""
    for row in rows if other.case.erased_at is None else ():
        if _brought_by(row, twins) and not _standing(other, ConflictRow.origin_id == row.id):
            _take_effect(other, put_in_question(other, _echo_of(row, twins)))


def _echo_of(row: ConflictRow, twins: Twins) -> InQuestion:
    """The same doubt; what was said of it, and who judges it, stay in the file where it was set."""
    return InQuestion(
        ConflictKind(row.kind),
        victim_id=twins[row.victim_id] if row.victim_id else None,
        unit_id=row.unit_id,
        account_id=row.account_id,
        rule=RULE,
        origin_id=row.id,
    )


def _take_effect(other: CaseFile, echo: ConflictRow) -> None:
    if echo.kind == ConflictKind.GUARDIAN:
        cut_off_guardian(other, echo)
        open_due_stages(other)
        other.save()
        return
    reports = lock_reports_behind(other.session, None, other.id)
    if echo.unit_id:
        cut_off_unit(other, reports, echo.unit_id, ways_up(other, echo.unit_id))
    else:
        cut_off_officer(other, reports, echo)


def _end(other: CaseFile, rows: Iterable[ConflictRow]) -> None:
    echoes = _standing(other, ConflictRow.origin_id.in_([row.id for row in rows]))
    for echo in echoes:
        end_conflict(other, echo)
        let_in(other.session, other.id, echo.id)
    if echoes:
        other.save()
    for report in lock_reports_behind(other.session, None, other.id) if echoes else ():
        for echo in echoes:
            let_in_to_report(report, echo.id)
