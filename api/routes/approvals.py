"""Approvals: what other agencies asked this unit to approve."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId
from api.openapi import CHANGE, ONE, SIGNED_IN, problems
from api.representations.answers import Answer
from api.representations.cases import ApprovalAnswer, ApprovalLine, approval_answer, approval_line
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, MOVING_ROLES, Actor
from domain.labels import INTERNAL
from services.access import record_read
from services.approvals import find, reason_of, waiting
from services.case_approvals import answer_case_approval, withdraw_case_approval
from services.report_moves import answer_report_approval, withdraw_report_approval

router: Final = APIRouter(prefix="/approvals", tags=["Approvals"], route_class=StrictRoute)
Reader = Annotated[Call, Depends(Gate(CASE_ROLES))]
Approver = Annotated[Call, Depends(Gate(MOVING_ROLES))]


class ApprovalList(Answer):
    LABEL = INTERNAL
    items: list[ApprovalLine]
    links: dict[str, str]


@router.get("", response_model=ApprovalList, operation_id="list_approvals", responses=problems(*SIGNED_IN))
def read_approvals(call: Reader, after: Mark = None, limit: Limit = 50) -> Response:
    """The approvals that wait for the caller's unit, oldest first."""
    return call.read(lambda session, actor: _waiting(call, session, actor, (after, limit)))


def _waiting(call: Call, session: Session, actor: Actor, asked: tuple[str | None, int]) -> Answered:
    mark, limit = asked
    listing = Listing(f"approvals {actor.unit_id}", limit, {})
    position = position_of(call, listing.scope, mark)
    found = waiting(session, actor, after=UUID(position[0]) if position else None, limit=limit + 1)
    record_read(session, actor, subject="approval_list", file_id=None)
    rows, links, headers = paged(call, listing, found, lambda row: [str(row.id)])
    items = [approval_line(row) for row in rows]
    return Answered(ApprovalList(items=items, links=links), headers=headers)


@router.get(
    "/{approval_id}", response_model=ApprovalAnswer, operation_id="read_approval", responses=problems(*ONE)
)
def read_approval(call: Reader, approval_id: PathId) -> Response:
    """One approval, asked of the caller's unit or by it."""
    return call.read(lambda session, actor: _read(session, actor, approval_id))


def _read(session: Session, actor: Actor, approval_id: UUID) -> Answered:
    row = find(session, actor, approval_id)
    record_read(session, actor, subject="approval", file_id=row.file_id, subject_id=row.id)
    return Answered(approval_answer(row, reason_of(session, row), actor), row.version)


@router.post(
    "/{approval_id}/approve",
    response_model=ApprovalLine,
    operation_id="approve",
    responses=problems(*CHANGE),
)
def approve(call: Approver, approval_id: PathId) -> Response:
    """Approve; the unit that asked may then take its move, once."""
    return call.write(lambda session, actor: _answer(call, session, actor, approval_id, approved=True))


@router.post(
    "/{approval_id}/refuse",
    response_model=ApprovalLine,
    operation_id="refuse_approval",
    responses=problems(*CHANGE),
)
def refuse(call: Approver, approval_id: PathId) -> Response:
    """Refuse; the move stays impossible until it is asked and approved anew."""
    return call.write(lambda session, actor: _answer(call, session, actor, approval_id, approved=False))


@router.post(
    "/{approval_id}/withdraw",
    response_model=ApprovalLine,
    operation_id="withdraw_approval",
    responses=problems(*CHANGE),
)
def withdraw(call: Approver, approval_id: PathId) -> Response:
    """Take back what the caller's unit asked, answered or not; the other's right to read ends with it."""
    return call.write(lambda session, actor: _withdraw(call, session, actor, approval_id))


def _withdraw(call: Call, session: Session, actor: Actor, approval_id: UUID) -> Answered:
    about_report = find(session, actor, approval_id).machine == "report"
    take_back = withdraw_report_approval if about_report else withdraw_case_approval
    row = take_back(session, actor, approval_id, call.asked.version)
    return Answered(approval_line(row), row.version)


def _answer(call: Call, session: Session, actor: Actor, approval_id: UUID, *, approved: bool) -> Answered:
    about_report = find(session, actor, approval_id).machine == "report"
    answer = answer_report_approval if about_report else answer_case_approval
    row = answer(session, actor, approval_id, approved=approved, version=call.asked.version)
    return Answered(approval_line(row), row.version)
