"""Codes and visits of the person's own door end: by somebody's word, or by a rule in the transaction of what it follows from."""

from uuid import UUID

from sqlalchemy import ColumnElement, update

from domain.own_door import ARTICLES, Voice
from services.case_files import CaseFile
from services.records.own_door import DoorCodeRow, DoorSessionRow
from services.timeline import Note


def end_doors(
    file: CaseFile, victim_id: UUID | None, voices: tuple[Voice, ...], because: str, *, rule: bool = False
) -> None:
    """Codes and visits of a person, or of everybody in the case, end in this transaction. The caller saves."""
    ended = 0
    for table in (DoorSessionRow, DoorCodeRow):
        whose: list[ColumnElement[bool]] = [table.case_id == file.id, table.voice.in_(voices)]
        if victim_id is not None:
            whose.append(table.victim_id == victim_id)
        gone = file.session.execute(
            update(table)
            .where(*whose, table.ended_at.is_(None))
            .values(ended_at=file.at, ended_because=because)
            .returning(table.id)
            .execution_options(synchronize_session=False)
        )
        ended += len(gone.all())
    if ended and rule and victim_id is not None:
        file.note(door_note("end_door", victim_id, voices[0], because))


def end_codes_given_by(file: CaseFile, whose: ColumnElement[bool], because: str) -> None:
    """Whoever handed a code over may have kept a copy: once they are in question it counts no more, and whoever works for
    the person now hands over another. The caller saves."""
    codes = file.session.execute(
        update(DoorCodeRow)
        .where(DoorCodeRow.case_id == file.id, DoorCodeRow.ended_at.is_(None), whose)
        .values(ended_at=file.at, ended_because=because)
        .returning(DoorCodeRow.id, DoorCodeRow.victim_id, DoorCodeRow.voice)
        .execution_options(synchronize_session=False)
    ).all()
    if not codes:
        return
    file.session.execute(
        update(DoorSessionRow)
        .where(
            DoorSessionRow.case_id == file.id,
            DoorSessionRow.code_id.in_([code.id for code in codes]),
            DoorSessionRow.ended_at.is_(None),
        )
        .values(ended_at=file.at, ended_because=because)
        .execution_options(synchronize_session=False)
    )
    for code in codes:
        file.note(door_note("end_door", code.victim_id, Voice(code.voice), because))


def door_note(action: str, victim_id: UUID, voice: Voice, rule: str | None = None) -> Note:
    return Note(action, "victim", victim_id, articles=ARTICLES, victim_id=victim_id, reason=voice, rule=rule)
