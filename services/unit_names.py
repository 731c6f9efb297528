"""What units are called, for what is printed."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.texts import Text
from services.records.agencies import UnitRow


def names_of(session: Session, unit_ids: Collection[UUID]) -> Mapping[UUID, Text]:
    """The names of these units in one statement; units are no secret to anybody who is signed in."""
    if not unit_ids:
        return {}
    query = select(UnitRow.id, UnitRow.name_zh, UnitRow.name_en).where(UnitRow.id.in_(unit_ids))
    return {row.id: Text(row.name_zh, row.name_en) for row in session.execute(query)}
