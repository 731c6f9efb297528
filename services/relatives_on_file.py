"""The relatives of a person as they are on file, opened; and whether one of them is suspect."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from domain.people import Known
from services.case_files import CaseFile
from services.records.people import RelativeRow
from services.records.sealed import PersonKeyRow, SealedValueRow, current_values_of, key_of
from services.sealed_values import Content


@dataclass(slots=True)
class Relative:
    """The row, with what is known of them open."""

    row: RelativeRow
    content: Content
    revision: int


def relatives_of(file: CaseFile, victim_id: UUID | None = None) -> list[Relative]:
    """The relatives of one person, or of everybody in the case, in the order of naming."""
    query = (
        select(RelativeRow, SealedValueRow, PersonKeyRow.master_version, PersonKeyRow.wrapped)
        .join(
            SealedValueRow,
            current_values_of(RelativeRow.case_id, RelativeRow.id),
        )
        .join(PersonKeyRow, key_of(RelativeRow.case_id, RelativeRow.id))
        .where(RelativeRow.case_id == file.id, PersonKeyRow.wrapped.is_not(None))
        .order_by(RelativeRow.id)
    )
    if victim_id is not None:
        query = query.where(RelativeRow.victim_id == victim_id)
    found = []
    for row, sealed, master_version, wrapped in file.session.execute(query).all():
        assert wrapped is not None  # the query leaves the erased out
        file.keys.meet(row.id, master_version, wrapped)
        found.append(Relative(row, file.keys.open(sealed).content, sealed.revision))
    return found


def relative_suspect(file: CaseFile, victim_id: UUID) -> Known:
    """Yes while anybody on file as theirs is marked suspect, whatever they are to the person; no when the police or the
    owner said so of each."""
    marks = {relative.content.get("suspect") for relative in relatives_of(file, victim_id)}
    if Known.YES in marks:
        return Known.YES
    return Known.NO if marks == {Known.NO} else Known.UNKNOWN
