"""Machines of police, civil affairs and others, registered by administrators who prove that it is they."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId
from api.openapi import CHANGE, ONE, SIGNED_IN, problems
from api.representations.clients import (
    ClientAnswer,
    ClientBody,
    ClientKeyBody,
    ClientList,
    GrantsBody,
    KeyId,
    client_answer,
    client_line,
)
from api.strict_json import StrictRoute
from domain.actors import Actor, Role
from services import clients
from services.clients import Client

router: Final = APIRouter(prefix="/clients", tags=["Machines"], route_class=StrictRoute)
Administrator = Annotated[Call, Depends(Gate({Role.ADMINISTRATOR}))]
Confirmed = Annotated[Call, Depends(Gate({Role.ADMINISTRATOR}, confirmed=True))]
_ADDED: Final = (
    *SIGNED_IN,
    "confirmation_needed",
    "already_exists",
    "key_in_flight",
    "key_reused",
    "media_type",
)
_CONFIRMED: Final = (*CHANGE, "confirmation_needed", "already_exists")


def _answered(client: Client) -> Answered:
    location = {"Location": f"/clients/{client.account.id}"}
    return Answered(client_answer(client), client.account.version, location)


@router.post(
    "", status_code=201, response_model=ClientAnswer, operation_id="add_client", responses=problems(*_ADDED)
)
def post_client(call: Confirmed, body: ClientBody) -> Response:
    """Register a machine for the units and purposes that it serves; it has no way in before its first key is added."""
    return call.write(
        lambda session, actor: _answered(clients.add_client(session, actor, body.name, body.wanted())), 201
    )


@router.get("", response_model=ClientList, operation_id="list_clients", responses=problems(*SIGNED_IN))
def read_clients(call: Administrator, after: Mark = None, limit: Limit = 50) -> Response:
    """Every machine that was registered."""
    return call.read(lambda session, _actor: _list(call, session, after, limit))


def _list(call: Call, session: Session, mark: str | None, limit: int) -> Answered:
    listing = Listing("clients", limit, {})
    position = position_of(call, listing.scope, mark)
    found = clients.list_clients(session, after=UUID(position[0]) if position else None, limit=limit + 1)
    rows, links, headers = paged(call, listing, found, lambda row: [str(row.id)])
    return Answered(ClientList(items=[client_line(row) for row in rows], links=links), headers=headers)


@router.get("/{client_id}", response_model=ClientAnswer, operation_id="read_client", responses=problems(*ONE))
def read_client(call: Administrator, client_id: PathId) -> Response:
    """One machine: what it is granted, which of its keys count, which end soon."""
    return call.read(lambda session, _actor: _answered(clients.client_of(session, client_id)))


@router.put(
    "/{client_id}/grants",
    response_model=ClientAnswer,
    operation_id="change_client_grants",
    responses=problems(*_CONFIRMED),
)
def put_grants(call: Confirmed, client_id: PathId, body: GrantsBody) -> Response:
    """Grant this and nothing else; tokens given out before end with the next request."""
    return call.write(
        lambda session, actor: _answered(
            clients.change_grants(session, actor, client_id, call.asked.version, body.wanted())
        )
    )


@router.post(
    "/{client_id}/keys",
    status_code=201,
    response_model=ClientAnswer,
    operation_id="add_client_key",
    responses=problems(*_CONFIRMED),
)
def post_key(call: Confirmed, client_id: PathId, body: ClientKeyBody) -> Response:
    """Add a public key, for 400 days at most. Two count at a time, so that one can follow the other."""
    return call.write(lambda session, actor: _key_added(call, session, actor, (client_id, body)), 201)


def _key_added(call: Call, session: Session, actor: Actor, added: tuple[UUID, ClientKeyBody]) -> Answered:
    client_id, body = added
    return _answered(clients.add_key(session, actor, client_id, call.asked.version, body.new_key()))


@router.post(
    "/{client_id}/keys/{kid}/revoke",
    response_model=ClientAnswer,
    operation_id="revoke_client_key",
    responses=problems(*_CONFIRMED),
)
def revoke(call: Confirmed, client_id: PathId, kid: Annotated[KeyId, Path()]) -> Response:
    """A key counts no longer, and tokens given out before end, with the next request."""
    return call.write(
        lambda session, actor: _answered(
            clients.revoke_key(session, actor, client_id, call.asked.version, kid)
        )
    )
