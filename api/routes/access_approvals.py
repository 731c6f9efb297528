"""Who is let in to people's data: supervisors approve their people, officers of data protection where there is no supervisor."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId
from api.openapi import CHANGE, ONE, SIGNED_IN, problems
from api.representations.accounts import ApprovableAnswer, ApprovableList, approvable_answer
from api.strict_json import StrictRoute
from domain.access_approvals import APPROVING_ROLES
from domain.actors import Actor
from services.access import record_read
from services.access_approvals import (
    Approvable,
    approvable,
    approve_access,
    due_approvals,
    end_access_approval,
)

router: Final = APIRouter(prefix="/access_approvals", tags=["Places, units, people"], route_class=StrictRoute)
Confirmed = Annotated[Call, Depends(Gate(APPROVING_ROLES, confirmed=True))]
_CHANGE: Final = (*CHANGE, "confirmation_needed")


@router.get(
    "", response_model=ApprovableList, operation_id="list_access_approvals", responses=problems(*SIGNED_IN)
)
def read_due(
    call: Annotated[Call, Depends(Gate(APPROVING_ROLES))], after: Mark = None, limit: Limit = 50
) -> Response:
    """Accounts that wait for an approval, or whose approval ends within 30 days: for a supervisor those that are theirs to
    approve, for an officer of data protection all of their place."""
    return call.read(lambda session, actor: _due(call, session, actor, after, limit))


def _due(call: Call, session: Session, actor: Actor, mark: str | None, limit: int) -> Answered:
    listing = Listing(f"access approvals {actor.account_id}", limit, {})
    position = position_of(call, listing.scope, mark)
    found = due_approvals(session, actor, after=UUID(position[0]) if position else None, limit=limit + 1)
    record_read(session, actor, subject="access_approvals", file_id=None)
    lines, links, headers = paged(call, listing, found, lambda one: [str(one.row.id)])
    return Answered(
        ApprovableList(items=[approvable_answer(one) for one in lines], links=links), headers=headers
    )


@router.get(
    "/{account_id}",
    response_model=ApprovableAnswer,
    operation_id="read_access_approval",
    responses=problems(*ONE),
)
def read_one(call: Annotated[Call, Depends(Gate(APPROVING_ROLES))], account_id: PathId) -> Response:
    """One account within the caller's reach: who let it in, until when, and whose turn it is."""
    return call.read(lambda session, actor: _read(session, actor, account_id))


def _read(session: Session, actor: Actor, account_id: UUID) -> Answered:
    found = approvable(session, actor, account_id)
    record_read(session, actor, subject="access_approval", file_id=None)
    return _one(found)


def _one(found: Approvable) -> Answered:
    return Answered(approvable_answer(found), found.row.version)


@router.post(
    "/{account_id}/approve",
    response_model=ApprovableAnswer,
    operation_id="approve_access",
    responses=problems(*_CHANGE),
)
def approve(call: Confirmed, account_id: PathId) -> Response:
    """Let somebody work with people's data, for a year from now: a supervisor of their unit who is somebody else; where there is
    none, one of the level above; where there is none either, an officer of data protection. Renewed in the same way."""
    return call.write(
        lambda session, actor: _one(approve_access(session, actor, account_id, call.asked.version))
    )


@router.post(
    "/{account_id}/end",
    response_model=ApprovableAnswer,
    operation_id="end_access_approval",
    responses=problems(*_CHANGE),
)
def end(call: Confirmed, account_id: PathId) -> Response:
    """End it: with the next request they read and move nothing. They may still report a concern."""
    return call.write(
        lambda session, actor: _one(end_access_approval(session, actor, account_id, call.asked.version))
    )
