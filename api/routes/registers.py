"""Places and units: read by everybody who works here, changed by administrators."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Anyone, Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, QueryId
from api.openapi import ALWAYS, SIGNED_IN, problems
from api.representations.registers import (
    PlaceAnswer,
    PlaceBody,
    PlaceList,
    UnitAnswer,
    UnitBody,
    UnitList,
    place_answer,
    unit_answer,
)
from api.strict_json import StrictRoute
from domain.actors import Actor, Role
from domain.agencies import Agency
from services.registers import (
    NewPlace,
    NewUnit,
    add_place,
    add_unit,
    places,
    units,
)

router: Final = APIRouter(tags=["Places, units, people"], route_class=StrictRoute)
SignedIn = Annotated[Call, Depends(Gate(Role))]
Administrator = Annotated[Call, Depends(Gate({Role.ADMINISTRATOR}))]
_ADDED: Final = (*SIGNED_IN, "already_exists", "key_in_flight", "key_reused", "media_type")


@router.get("/places", response_model=PlaceList, operation_id="list_places", responses=problems(*ALWAYS))
def read_places(call: Annotated[Call, Depends(Anyone())], parent_id: QueryId | None = None) -> Response:
    """The places right below one; without a parent, the top. Needed to report, so open to everybody."""
    return call.read_publicly(lambda session: _places(call, session, parent_id))


def _places(call: Call, session: Session, parent_id: UUID | None) -> Answered:
    items = [place_answer(row, call.language) for row in places(session, parent_id)]
    return Answered(PlaceList(items=items, links={"self": "/places"}))


@router.post(
    "/places",
    status_code=201,
    response_model=PlaceAnswer,
    operation_id="add_place",
    responses=problems(*_ADDED),
)
def post_place(call: Administrator, body: PlaceBody) -> Response:
    """Add a place below one of the level above."""
    new = NewPlace(body.parent_id, body.kind, body.code, body.name_zh, body.name_en)
    return call.write(
        lambda session, actor: Answered(place_answer(add_place(session, actor, new), call.language)), 201
    )


@router.get("/units", response_model=UnitList, operation_id="list_units", responses=problems(*SIGNED_IN))
def read_units(
    call: SignedIn,
    agency: Annotated[Agency | None, Query()] = None,
    place_id: QueryId | None = None,
    after: Mark = None,
    limit: Limit = 50,
) -> Response:
    """Units, by agency and place."""
    return call.read(
        lambda session, _actor: _units(
            call, session, {"agency": agency, "place_id": place_id}, (after, limit)
        )
    )


def _units(
    call: Call, session: Session, filters: dict[str, object], asked: tuple[str | None, int]
) -> Answered:
    mark, limit = asked
    listing = Listing(f"units {filters}", limit, filters)
    position = position_of(call, listing.scope, mark)
    found = units(session, filters, after=UUID(position[0]) if position else None, limit=limit + 1)
    rows, links, headers = paged(call, listing, found, lambda row: [str(row.id)])
    return Answered(
        UnitList(items=[unit_answer(row, call.language) for row in rows], links=links), headers=headers
    )


@router.post(
    "/units", status_code=201, response_model=UnitAnswer, operation_id="add_unit", responses=problems(*_ADDED)
)
def post_unit(call: Administrator, body: UnitBody) -> Response:
    """Add a unit; at most one default unit an agency and place."""
    new = NewUnit(body.agency, body.place_id, body.institution, body.name_zh, body.name_en, body.is_default)
    return call.write(lambda session, actor: _unit(call, session, actor, new), 201)


def _unit(call: Call, session: Session, actor: Actor, new: NewUnit) -> Answered:
    row = add_unit(session, actor, new)
    return Answered(unit_answer(row, call.language), row.version)
