"""The accounts of a unit: read by those who work there, changed by administrators who prove that it is they."""

from collections.abc import Callable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId, QueryId
from api.openapi import CHANGE, ONE, SIGNED_IN, problems
from api.representations.accounts import (
    AccountAnswer,
    AccountBody,
    AccountList,
    GivenPasswordBody,
    PostBody,
    account_answer,
)
from api.strict_json import StrictRoute
from domain.actors import Actor, Role
from services import accounts
from services.accounts import NewAccount, Post, account_of, colleagues
from services.records.accounts import AccountRow

router: Final = APIRouter(prefix="/accounts", tags=["Places, units, people"], route_class=StrictRoute)
SignedIn = Annotated[Call, Depends(Gate(Role))]
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
_CONFIRMED: Final = (*CHANGE, "confirmation_needed")
_NAME_ANY_UNIT: Final = frozenset({Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER})
Change = Callable[[Session, Actor, UUID, int | None], AccountRow]


@router.get("", response_model=AccountList, operation_id="list_accounts", responses=problems(*SIGNED_IN))
def read_accounts(
    call: SignedIn, unit_id: QueryId | None = None, after: Mark = None, limit: Limit = 50
) -> Response:
    """The people of the caller's unit, and who let them in to people's data; administrators and officers of data protection
    name any unit."""
    return call.read(lambda session, actor: _accounts(call, session, actor, (unit_id, after, limit)))


def _accounts(
    call: Call, session: Session, actor: Actor, asked: tuple[UUID | None, str | None, int]
) -> Answered:
    wanted, mark, limit = asked
    unit_id = wanted if wanted is not None and actor.role in _NAME_ANY_UNIT else actor.unit_id
    listing = Listing(f"accounts {unit_id}", limit, {"unit_id": wanted})
    position = position_of(call, listing.scope, mark)
    found = colleagues(session, unit_id, after=UUID(position[0]) if position else None, limit=limit + 1)
    rows, links, headers = paged(call, listing, found, lambda row: [str(row.id)])
    return Answered(AccountList(items=[account_answer(row) for row in rows], links=links), headers=headers)


@router.post(
    "",
    status_code=201,
    response_model=AccountAnswer,
    operation_id="add_account",
    responses=problems(*_ADDED),
)
def post_account(call: Confirmed, body: AccountBody) -> Response:
    """Add an account: one unit, one role. Its owner chooses a password and sets up a second factor at the first sign-in."""
    new = NewAccount(body.username, body.password, body.unit_id, body.role)
    return call.write(lambda session, actor: _account(accounts.add_account(session, actor, new)), 201)


def _account(row: AccountRow) -> Answered:
    return Answered(account_answer(row), row.version, {"Location": f"/accounts/{row.id}"})


@router.get(
    "/{account_id}", response_model=AccountAnswer, operation_id="read_account", responses=problems(*ONE)
)
def read_account(call: Administrator, account_id: PathId) -> Response:
    """One account."""
    return call.read(lambda session, _actor: _account(account_of(session, account_id)))


@router.patch(
    "/{account_id}",
    response_model=AccountAnswer,
    operation_id="change_account",
    responses=problems(*_CONFIRMED),
)
def patch_account(call: Confirmed, account_id: PathId, body: PostBody) -> Response:
    """Another unit or role, once open work is handed over. The person signs in anew."""
    post = Post(body.unit_id, body.role)
    return call.write(
        lambda session, actor: _account(
            accounts.change_account(session, actor, account_id, call.asked.version, post)
        )
    )


def _changed(call: Call, account_id: UUID, change: Change) -> Response:
    return call.write(lambda session, actor: _account(change(session, actor, account_id, call.asked.version)))


@router.post(
    "/{account_id}/suspend",
    response_model=AccountAnswer,
    operation_id="suspend_account",
    responses=problems(*CHANGE),
)
def suspend(call: Administrator, account_id: PathId) -> Response:
    """Shut an account at once, for a lost device or a doubt; its sessions end with the next request."""
    return _changed(call, account_id, accounts.suspend_account)


@router.post(
    "/{account_id}/reinstate",
    response_model=AccountAnswer,
    operation_id="reinstate_account",
    responses=problems(*_CONFIRMED),
)
def reinstate(call: Confirmed, account_id: PathId) -> Response:
    """Open it again, also after too many failures."""
    return _changed(call, account_id, accounts.reinstate_account)


@router.post(
    "/{account_id}/disable",
    response_model=AccountAnswer,
    operation_id="disable_account",
    responses=problems(*CHANGE),
)
def disable(call: Administrator, account_id: PathId) -> Response:
    """Close an account for good; refused while its owner is named for open work. Its sessions end with the next request."""
    return _changed(call, account_id, accounts.disable_account)


@router.post(
    "/{account_id}/end_sessions",
    response_model=AccountAnswer,
    operation_id="end_sessions",
    responses=problems(*ONE, "key_in_flight", "key_reused", "media_type"),
)
def end_sessions(call: Administrator, account_id: PathId) -> Response:
    """Sign somebody out everywhere."""
    return call.write(lambda session, actor: _account(accounts.end_sessions(session, actor, account_id)))


@router.post(
    "/{account_id}/give_password",
    response_model=AccountAnswer,
    operation_id="give_password",
    responses=problems(*_CONFIRMED),
)
def give_password(call: Confirmed, account_id: PathId, body: GivenPasswordBody) -> Response:
    """A password for one sign-in, for somebody who lost theirs or their device; the second factor is set up anew."""
    return call.write(
        lambda session, actor: _account(
            accounts.give_password(session, actor, account_id, call.asked.version, body.password)
        )
    )
