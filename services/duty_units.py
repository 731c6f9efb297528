"""The duty units of a report: those that serve the place, those one level up, and the level above a unit."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from domain.agencies import Agency
from domain.mandates import EMERGENCY_DUTY
from domain.refusals import FieldRefused
from services.records.agencies import UnitRow
from services.routing import serving

_UP = text(
    "with recursive up(id, parent_id, distance) as ("
    " select id, parent_id, 0 from places where id = :place"
    " union all select p.id, p.parent_id, distance + 1 from places p join up on p.id = up.parent_id)"
    " select up.id as place_id, up.distance, u.agency, u.id as unit_id"
    " from up left join units u on u.place_id = up.id and u.is_default and u.agency = any(:agencies)"
    " order by up.distance"
)
_LEVELS = text(
    "with recursive up(id, parent_id, distance) as ("
    " select p.id, p.parent_id, 0 from places p join units u on u.place_id = p.id where u.id = :unit"
    " union all select p.id, p.parent_id, distance + 1 from places p join up on p.id = up.parent_id)"
    " select distance from up where id = :place"
)


@dataclass(frozen=True, slots=True)
class Duty:
    """Where a report goes. `place_id`: the level that works on it, which is the person's own place unless the reporter
    asked that the office there does not see it."""

    first: UUID
    second: UUID | None
    place_id: UUID


def duty_at(session: Session, place_id: UUID, *, elsewhere: bool) -> Duty:
    """The duty units that serve a place; `elsewhere`: those above every one of them. FieldRefused where there are none."""
    levels = _levels(session, place_id, EMERGENCY_DUTY)
    if not levels:
        raise FieldRefused(("place_id", "unknown_place"))
    found = _nearest(levels)
    if elsewhere and found:
        # above the highest unit that serves the place, so that none of them sees it
        highest = max(level for level, _unit_id in found.values())
        levels = levels[highest + 1 :]
        if not levels:
            raise FieldRefused(("not_this_office", "no_level_above"))
        found = _nearest(levels)
    first, second = EMERGENCY_DUTY
    if first not in found:
        raise FieldRefused(("place_id", "no_duty_unit"))
    return Duty(found[first][1], found[second][1] if second in found else None, levels[0][0].place_id)


def _levels(
    session: Session, place_id: UUID, agencies: Iterable[Agency]
) -> list[list[Row[tuple[object, ...]]]]:
    """The place and everything above it, nearest first, each with its default units of these agencies."""
    rows = session.execute(_UP, {"place": place_id, "agencies": [str(agency) for agency in agencies]}).all()
    return [list(level) for _distance, level in groupby(rows, lambda row: row.distance)]


def _nearest(levels: list[list[Row[tuple[object, ...]]]]) -> dict[Agency, tuple[int, UUID]]:
    found: dict[Agency, tuple[int, UUID]] = {}
    for number, level in enumerate(levels):
        for row in level:
            if row.agency is not None:
                found.setdefault(Agency(row.agency), (number, row.unit_id))
    return found


def unit_above(session: Session, place_id: UUID, agency: Agency, *, same_level: bool = False) -> UUID | None:
    """The agency's default unit at the nearest level above a place, or at it too; None: there is none up to the corps."""
    levels = _levels(session, place_id, [agency])[0 if same_level else 1 :]
    found = _nearest(levels).get(agency)
    return found[1] if found else None


def levels_above(session: Session, unit_id: UUID, place_id: UUID) -> int | None:
    """How many levels a place lies above a unit's own, 0 for the same; None: it does not lie above it."""
    levels: int | None = session.execute(_LEVELS, {"unit": unit_id, "place": place_id}).scalar_one_or_none()
    return levels


def spared_offices(session: Session, place_id: UUID, *, elsewhere: bool) -> Collection[UUID]:
    """The duty units that serve a place, where the reporter asked that the office there sees nothing."""
    return serving(session, place_id, EMERGENCY_DUTY).units.values() if elsewhere else ()


def division_of(session: Session, place_id: UUID) -> UUID | None:
    """The division that a place lies in, whose lengths of clocks apply; None: the corps itself."""
    return serving(session, place_id, ()).division_id


def place_of(session: Session, unit_id: UUID) -> UUID:
    """Where a unit is."""
    return session.execute(select(UnitRow.place_id).where(UnitRow.id == unit_id)).scalar_one()
