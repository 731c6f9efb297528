"""Which unit serves a place: the agency's default unit there, and where there is none, the next level up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from domain.agencies import Agency
from domain.refusals import FieldRefused
from services.records.agencies import PlaceRow

_SERVING = text(
    "with recursive up(id, parent_id, kind, distance) as ("
    " select id, parent_id, kind, 0 from places where id = :place"
    " union all select p.id, p.parent_id, p.kind, distance + 1 from places p join up on p.id = up.parent_id)"
    " select u.agency, u.id, (select id from up where kind = 'division') as division_id"
    " from up left join units u on u.place_id = up.id and u.is_default and u.agency = any(:agencies)"
    " order by up.distance"
)


@dataclass(frozen=True, slots=True)
class Serving:
    """The default units of each agency asked for, from the place upward, and the division that the place lies in."""

    upward: Mapping[Agency, Sequence[UUID]]
    division_id: UUID | None

    @property
    def units(self) -> Mapping[Agency, UUID]:
        """The nearest unit of each agency; one with no unit up to the top is simply absent."""
        return {agency: unit_ids[0] for agency, unit_ids in self.upward.items()}


def serving(session: Session, place_id: UUID, agencies: Collection[Agency]) -> Serving:
    """Who serves a place; FieldRefused for an unknown one."""
    rows = session.execute(
        _SERVING, {"place": place_id, "agencies": [str(agency) for agency in agencies]}
    ).all()
    if not rows:
        raise FieldRefused(("place_id", "unknown_place"))
    upward: dict[Agency, list[UUID]] = {}
    for row in rows:
        if row.agency is not None:
            upward.setdefault(Agency(row.agency), []).append(row.id)
    return Serving(upward, rows[0].division_id)


def places_below(place_id: UUID) -> Select[UUID]:
    """The ids of a place and of every place under it; none for a place that does not exist."""
    tree = select(PlaceRow.id).where(PlaceRow.id == place_id).cte("below", recursive=True)
    tree = tree.union_all(select(PlaceRow.id).join(tree, PlaceRow.parent_id == tree.c.id))
    return select(tree.c.id)
