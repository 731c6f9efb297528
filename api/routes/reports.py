"""Reports (Arts. 11, 16, 44, 45): the public door, the duty unit's list, and the way of a report to its answer."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Response

from api.access import Anyone, Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId
from api.openapi import ALWAYS, CHANGE, CREATE, ONE, SIGNED_IN, problems
from api.representations.cases import ApprovalAnswer, approval_answer
from api.representations.moves import HandOverBody, NoBody, ReasonBody
from api.representations.reports import (
    AcceptReportBody,
    AnswerBody,
    DuplicateBody,
    PublicReportBody,
    ReceiptAnswer,
    ReceiptStatus,
    ReportAnswer,
    ReportApprovalBody,
    ReportBody,
    ReportList,
    filed_answer,
    receipt_status,
    report_answer,
    report_line,
)
from api.representations.types import Body
from api.strict_json import StrictRoute
from domain.actors import INTAKE_ROLES, REPORTING_ROLES, Actor
from domain.numbers import NumberMistyped, parse_receipt_number
from domain.refusals import NotFound
from domain.texts import Text
from services.access import record_read
from services.approvals import Ask
from services.rate_limits import PUBLIC_REPORTS, RECEIPTS
from services.records.reports import REPORT_STATES
from services.report_files import list_reports, open_report
from services.report_moves import ask_report_approval, move_report
from services.reports import NewReport, file_report, read_receipt
from services.stages import Move

router: Final = APIRouter(tags=["Reports (Arts. 44, 11, 16, 45)"], route_class=StrictRoute)
Intake = Annotated[Call, Depends(Gate(INTAKE_ROLES))]
RECEIPT_STATES: Final = {
    "received": Text("已收到", "received"),
    "being_handled": Text("正在处理", "being handled"),
    "answered": Text("已答复", "answered"),
}


@router.post(
    "/public/reports",
    status_code=201,
    response_model=ReceiptAnswer,
    operation_id="report_publicly",
    responses=problems(*ALWAYS, "too_many", "key_in_flight", "key_reused", "media_type"),
)
def report_publicly(
    call: Annotated[Call, Depends(Anyone(PUBLIC_REPORTS))], body: PublicReportBody
) -> Response:
    """Report without an account. In danger, call 110. The answer is a receipt: a number and a secret, shown once."""
    return call.write_publicly(lambda session: _file(session, None, body), 201)


@router.get(
    "/receipts/{number}",
    response_model=ReceiptStatus,
    operation_id="read_receipt",
    responses=problems(*ALWAYS, "not_found", "too_many"),
)
def read_status(
    call: Annotated[Call, Depends(Anyone(RECEIPTS))],
    number: Annotated[str, Path(max_length=40, examples=["R-48392-07561-4"])],
    receipt_secret: Annotated[str, Header(max_length=100, description="The secret of the receipt.")],
) -> Response:
    """With number and secret: received, being handled, or answered; nothing else."""
    return call.read_publicly(lambda session: _status(call, session, number, receipt_secret))


def _status(call: Call, session: Session, number: str, secret: str) -> Answered:
    try:
        canonical = parse_receipt_number(number)
    except NumberMistyped:
        raise NotFound from None
    receipt = read_receipt(session, canonical, secret)
    name = RECEIPT_STATES[receipt.status].in_language(call.language)
    return Answered(receipt_status(canonical, receipt, name))


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


def _file(session: Session, actor: Actor | None, body: PublicReportBody) -> Answered:
    new = NewReport(
        kind=str(body.kind),
        place_id=body.place_id,
        concerns=tuple(dict.fromkeys(body.concerns)),
        message=body.message.model_dump(mode="json", exclude_none=True),
        reporter=body.reporter.model_dump(mode="json", exclude_none=True),
    )
    filed = file_report(session, actor, new)
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
def read_report(call: Intake, report_id: PathId) -> Response:
    """One report: what it says, where it stands, what may be done next."""
    return call.read(lambda session, actor: _read(session, actor, report_id))


def _read(session: Session, actor: Actor, report_id: UUID) -> Answered:
    file = open_report(session, actor, report_id)
    record_read(session, actor, subject="report", file_id=report_id, subject_id=report_id)
    return Answered(report_answer(file, actor), file.report.version)


@router.post(
    "/reports/{report_id}/approvals",
    status_code=201,
    response_model=ApprovalAnswer,
    operation_id="ask_report_approval",
    responses=problems(*CREATE),
)
def ask_approval(call: Intake, report_id: PathId, body: ReportApprovalBody) -> Response:
    """Ask another agency's unit to approve that a report is unfounded."""
    return call.write(lambda session, actor: _asked(session, actor, report_id, body), 201)


def _asked(session: Session, actor: Actor, report_id: UUID, body: ReportApprovalBody) -> Answered:
    wanted = Ask("report", report_id, body.action, body.approver_unit_id, body.reason)
    _file, row = ask_report_approval(session, actor, report_id, wanted)
    return Answered(approval_answer(row), row.version, {"Location": f"/approvals/{row.id}"})


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
