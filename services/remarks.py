"""What was said with a move: why a stage came back, what is missing, why it waits. Sealed under the entry's id."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.case_files import CaseFile
from services.records.cases import StageRow
from services.records.sealed import PersonKeyRow, SealedValueRow
from services.records.timeline import EntryRow
from services.sealed_values import Content, NewValue
from services.timeline import Note, what_of, who_of


@dataclass(frozen=True, slots=True)
class Remark:
    """One move's words."""

    entry_id: UUID
    action: str
    recorded_at: datetime
    unit_id: str | None
    said: Content


def with_sealed_words(file: CaseFile, person_id: UUID, note: Note, body: Content) -> Note:
    """What was said with a move is sealed under the entry's id; the entry keeps the fields' names and commitments."""
    if not body:
        return note
    plain = {name: _plain(value) for name, value in body.items()}
    file.keys.write([NewValue(note.entry_id, "move", person_id, plain)], file.at)
    values = {f"move.{name}": digest for name, digest in file.keys.commit_to(person_id, plain).items()}
    return replace(note, changed=tuple(sorted(body)), values=values)


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, bool, list, type(None))) else str(value)


def remarks_on(file: CaseFile, stage: StageRow) -> list[Remark]:
    """The moves of this stage that carried words, oldest first; the last hundred are enough for anybody to read."""
    rows = file.session.execute(
        select(EntryRow, SealedValueRow, PersonKeyRow.master_version, PersonKeyRow.wrapped)
        .join(
            SealedValueRow,
            (SealedValueRow.file_id == EntryRow.chain_id) & (SealedValueRow.row_id == EntryRow.entry_id),
        )
        .join(
            PersonKeyRow,
            (PersonKeyRow.file_id == EntryRow.chain_id)
            & (PersonKeyRow.person_id == SealedValueRow.person_id),
        )
        .where(
            EntryRow.chain_id == file.id,
            EntryRow.stage_id == stage.id,
            SealedValueRow.section == "move",
            PersonKeyRow.wrapped.is_not(None),
        )
        .order_by(EntryRow.seq.desc())
        .limit(100)
    ).all()
    found = []
    for entry, sealed, master_version, wrapped in rows:
        assert wrapped is not None  # the query leaves the erased out
        file.keys.meet(sealed.person_id, master_version, wrapped)
        action = str(what_of(entry)["action"])
        unit = who_of(entry)["unit_id"]
        said = file.keys.open(sealed).content
        found.append(Remark(entry.entry_id, action, entry.recorded_at, str(unit) if unit else None, said))
    return found[::-1]
