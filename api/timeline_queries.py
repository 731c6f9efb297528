"""What a reader asks of a timeline: its filters, and the marks of its pages and exports."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from api.dependencies import QueryId
from api.representations.types import Moment
from domain.actors import Actor
from domain.stages import StageCode
from domain.timeline_kinds import Kind
from services.timeline_pages import Place, Wanted


def wanted_items(
    stage: Annotated[StageCode | None, Query(description="Steps of stages of this kind.")] = None,
    unit_id: Annotated[QueryId | None, Query(description="Steps by this unit, or that name it.")] = None,
    kind: Annotated[
        Kind | None, Query(description="Steps of one kind; what clocks did counts as well.")
    ] = None,
    since: Annotated[Moment | None, Query(alias="from", description="Learned at this time or later.")] = None,
    until: Annotated[Moment | None, Query(description="Learned before this time.")] = None,
) -> Wanted:
    """Filters leave out what the reader does not read in full."""
    return Wanted(stage, unit_id, kind, since, until)


WantedItems = Annotated[Wanted, Depends(wanted_items)]


def filters_of(wanted: Wanted) -> Mapping[str, object]:
    """The filters as they stand in an address."""
    return {
        "stage": wanted.stage,
        "unit_id": wanted.unit_id,
        "kind": wanted.kind,
        "from": wanted.since.isoformat() if wanted.since else None,
        "until": wanted.until.isoformat() if wanted.until else None,
    }


def scope_of(case_id: UUID, actor: Actor, wanted: Wanted) -> str:
    """What a mark is good for: one case, one unit, one role, the same filters; pages and exports alike."""
    return f"timeline {case_id} {actor.unit_id} {actor.role} {filters_of(wanted)}"


def mark_of(place: Place) -> list[str]:
    """A place as it lies in a mark."""
    if place.horizon is None:
        return [str(place.seq)]
    read = [place.read_at.isoformat(), str(place.read_id)] if place.read_at else []
    return [str(place.seq), place.horizon.isoformat(), *read]


def place_of(position: list[str] | None) -> Place:
    if position is None:
        return Place()
    seq, *rest = position
    if not rest:
        return Place(int(seq))
    horizon, *read = rest
    if not read:
        return Place(int(seq), horizon=datetime.fromisoformat(horizon))
    return Place(int(seq), datetime.fromisoformat(read[0]), UUID(read[1]), datetime.fromisoformat(horizon))
