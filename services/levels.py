"""The levels above a unit: default units of the same agency, nearest first."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

# a house such as a relief station stands below the default unit of its own place
_ABOVE = text(
    "with recursive up(id, parent_id, distance) as ("
    " select p.id, p.parent_id, 0 from places p join units u on u.place_id = p.id where u.id = :unit"
    " union all select p.id, p.parent_id, distance + 1 from places p join up on p.id = up.parent_id)"
    " select higher.id from units u join units higher on higher.agency = u.agency and higher.is_default"
    " join up on up.id = higher.place_id"
    " where u.id = :unit and higher.id <> u.id and (up.distance > 0 or not u.is_default) order by up.distance"
)


def units_above(session: Session, unit_id: UUID) -> list[UUID]:
    """From the level right above to the top; empty for the unit at the top."""
    return list(session.execute(_ABOVE, {"unit": unit_id}).scalars())
