"""Reports (Arts. 11, 16, 44, 45): sent with an account, the duty unit's list, and the way of a report to its answer."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Explain, Limit, Mark, PathId
from api.openapi import CHANGE, CREATE, ONE, SIGNED_IN, problems
from api.representations.cases import ApprovalLine, approval_line
from api.representations.moves import HandOverBody, NoBody, ReasonBody
from api.representations.report_bodies import (
    AcceptReportBody,
    AnswerBody,
    DuplicateBody,
    ReportApprovalBody,
    ReportBody,
)
from api.representations.reports import (
    ReceiptAnswer,
    ReportAnswer,
    ReportList,
    filed_answer,
    report_answer,
    report_line,
)
from api.representations.types import Body
from api.strict_json import StrictRoute
from domain.actors import INTAKE_ROLES, REPORTING_ROLES, Actor
from services.access import record_read
from services.approvals import Ask
from services.records.reports import REPORT_STATES
from services.report_files import list_reports, open_report
from services.report_moves import ask_report_approval, move_report
from services.reports import file_report
from services.stages import Move

router: Final = APIRouter(tags=["Reports (Arts. 44, 11, 16, 45)"], route_class=StrictRoute)
Intake = Annotated[Call, Depends(Gate(INTAKE_ROLES))]


@router.post(
    "/reports",
    status_code=201,
    response_model=ReceiptAnswer,
    operation_id="file_report",
    responses=problems(*CREATE),
)
def report(call: Annotated[Call, Depends(Gate(REPORTING_ROLES))], body: ReportBody) -> Response:
    """Report with an account: it lies at once with the police duty unit there; in an emergency with civil affairs too."""
    return call.write(lambda session, actor: _file(session, actor, body), 201)


def _file(session: Session, actor: Actor, body: ReportBody) -> Answered:
    filed = file_report(session, actor, body.new_report())
    return Answered(filed_answer(filed), headers={"Location": f"/receipts/{filed.number}"})


@router.get(
    "/reports", response_model=ReportList, operation_id="list_reports", responses=problems(*SIGNED_IN)
)
def read_reports(
    call: Intake,
    state: Annotated[str | None, Query(pattern=f"^({'|'.join(REPORT_STATES)})$")] = None,
    after: Mark = None,
    limit: Limit = 50,
) -> Response:
    """The reports that lie with the caller's unit or are offered to it, newest first."""
    return call.read(lambda session, actor: _list(call, session, actor, (state, after, limit)))


def _list(call: Call, session: Session, actor: Actor, asked: tuple[str | None, str | None, int]) -> Answered:
    state, mark, limit = asked
    listing = Listing(f"reports {state} {actor.unit_id}", limit, {"state": state})
    position = position_of(call, listing.scope, mark)
    found = list_reports(
        session, actor, state, after=UUID(position[0]) if position else None, limit=limit + 1
    )
    record_read(session, actor, subject="report_list", file_id=None)
    rows, links, headers = paged(call, listing, found, lambda row: [str(row.id)])
    return Answered(ReportList(items=[report_line(row) for row in rows], links=links), headers=headers)


@router.get(
    "/reports/{report_id}", response_model=ReportAnswer, operation_id="read_report", responses=problems(*ONE)
)
def read_report(call: Intake, report_id: PathId, explain: Explain = False) -> Response:
    """One report: what it says, where it stands, what may be done next."""
    return call.read(lambda session, actor: _read(session, actor, report_id), explain=explain)


def _read(session: Session, actor: Actor, report_id: UUID) -> Answered:
    file = open_report(session, actor, report_id)
    record_read(session, actor, subject="report", file_id=report_id, subject_id=report_id)
    return Answered(report_answer(file, actor), file.report.version)


@router.post(
    "/reports/{report_id}/approvals",
    status_code=201,
    response_model=ApprovalLine,
    operation_id="ask_report_approval",
    responses=problems(*CREATE),
)
def ask_approval(call: Intake, report_id: PathId, body: ReportApprovalBody) -> Response:
    """Ask another agency's unit to approve that a report is unfounded."""
    return call.write(lambda session, actor: _asked(session, actor, report_id, body), 201)


def _asked(session: Session, actor: Actor, report_id: UUID, body: ReportApprovalBody) -> Answered:
    wanted = Ask("report", report_id, body.action, body.approver_unit_id, body.reason)
    _file, row = ask_report_approval(session, actor, report_id, wanted)
    return Answered(approval_line(row), row.version, {"Location": f"/approvals/{row.id}"})


MOVE_BODIES: Final[dict[str, type[Body]]] = {
    "screen": NoBody,
    "accept": AcceptReportBody,
    "mark_duplicate": DuplicateBody,
    "find_unfounded": ReasonBody,
    "refer_out": HandOverBody,
    "accept_referral": NoBody,
    "refuse_referral": ReasonBody,
    "screen_again": ReasonBody,
    "answer": AnswerBody,
}


def _add_move(action: str, model: type[Body]) -> None:
    @router.post(
        f"/reports/{{report_id}}/{action}",
        response_model=ReportAnswer,
        operation_id=f"{action}_report",
        responses=problems(*CHANGE),
        summary=action.replace("_", " ").capitalize(),
    )
    def move(call: Intake, report_id: PathId, body: model) -> Response:  # type: ignore[valid-type]  # one route for each row of the table
        return call.write(lambda session, actor: _move(call, session, actor, report_id, (action, body)))


def _move(call: Call, session: Session, actor: Actor, report_id: UUID, asked: tuple[str, Body]) -> Answered:
    action, body = asked
    content = body.content() if isinstance(body, AcceptReportBody) else body.model_dump(exclude_unset=True)
    file = move_report(session, actor, report_id, Move(action, content, call.asked.version))
    return Answered(report_answer(file, actor), file.report.version)


for _action, _model in MOVE_BODIES.items():
    _add_move(_action, _model)
