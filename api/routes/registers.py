"""Places, units and the people in them: read by everybody who works here, changed by administrators."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Anyone, Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId, QueryId
from api.openapi import ALWAYS, CHANGE, ONE, SIGNED_IN, problems
from api.representations.registers import (
    AccountAnswer,
    AccountBody,
    AccountList,
    MeAnswer,
    PlaceAnswer,
    PlaceBody,
    PlaceList,
    UnitAnswer,
    UnitBody,
    UnitList,
    account_answer,
    me_answer,
    place_answer,
    unit_answer,
)
from api.strict_json import StrictRoute
from domain.actors import Actor, Role
from domain.agencies import Agency
from services.records.accounts import AccountRow
from services.registers import (
    NewAccount,
    NewPlace,
    NewUnit,
    add_account,
    add_place,
    add_unit,
    colleagues,
    disable_account,
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


@router.get(
    "/accounts", response_model=AccountList, operation_id="list_accounts", responses=problems(*SIGNED_IN)
)
def read_accounts(
    call: SignedIn, unit_id: QueryId | None = None, after: Mark = None, limit: Limit = 50
) -> Response:
    """The people of the caller's unit; an administrator names any unit."""
    return call.read(lambda session, actor: _accounts(call, session, actor, (unit_id, after, limit)))


def _accounts(
    call: Call, session: Session, actor: Actor, asked: tuple[UUID | None, str | None, int]
) -> Answered:
    wanted, mark, limit = asked
    unit_id = wanted if wanted is not None and actor.role is Role.ADMINISTRATOR else actor.unit_id
    listing = Listing(f"accounts {unit_id}", limit, {"unit_id": wanted})
    position = position_of(call, listing.scope, mark)
    found = colleagues(session, unit_id, after=UUID(position[0]) if position else None, limit=limit + 1)
    rows, links, headers = paged(call, listing, found, lambda row: [str(row.id)])
    return Answered(AccountList(items=[account_answer(row) for row in rows], links=links), headers=headers)


@router.post(
    "/accounts",
    status_code=201,
    response_model=AccountAnswer,
    operation_id="add_account",
    responses=problems(*_ADDED),
)
def post_account(call: Administrator, body: AccountBody) -> Response:
    """Add an account: one unit, one role."""
    new = NewAccount(body.username, body.password, body.unit_id, body.role)
    return call.write(lambda session, actor: _account(add_account(session, actor, new)), 201)


def _account(row: AccountRow) -> Answered:
    return Answered(account_answer(row), row.version, {"Location": f"/accounts/{row.id}"})


@router.post(
    "/accounts/{account_id}/disable",
    response_model=AccountAnswer,
    operation_id="disable_account",
    responses=problems(*CHANGE),
)
def disable(call: Administrator, account_id: PathId) -> Response:
    """Close an account; its sessions end with the next request."""
    return call.write(
        lambda session, actor: _account(disable_account(session, actor, account_id, call.asked.version))
    )


@router.get("/me", response_model=MeAnswer, operation_id="read_me", responses=problems(*ONE))
def read_me(call: SignedIn) -> Response:
    """Whom the token speaks for."""
    return call.read(lambda _session, actor: Answered(me_answer(actor)))
