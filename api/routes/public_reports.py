"""The public door (Art. 44): reports without an account, a door for a child alone, and what a receipt opens."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Path, Response

from api.access import Anyone
from api.calls import Answered, Call, Session
from api.openapi import ALWAYS, problems
from api.representations.conflicts import OfficeConflictBody
from api.representations.objections import ComplaintAnswer, ComplaintBody
from api.representations.report_bodies import ChildReportBody, PublicReportBody
from api.representations.reports import ReceiptAnswer, ReceiptStatus, filed_answer, receipt_status
from api.strict_json import StrictRoute
from domain.numbers import NumberMistyped, parse_receipt_number
from domain.refusals import NotFound
from domain.texts import Text
from services.objections import complain
from services.rate_limits import PUBLIC_REPORTS, RECEIPTS
from services.receipts import read_receipt
from services.records.reports import ReceiptRow
from services.reports import file_report
from services.unit_conflicts import question_office

router: Final = APIRouter(tags=["Reports (Arts. 44, 11, 16, 45)"], route_class=StrictRoute)
Reporting = Annotated[Call, Depends(Anyone(PUBLIC_REPORTS))]
Asking = Annotated[Call, Depends(Anyone(RECEIPTS))]
Number = Annotated[str, Path(max_length=40, examples=["R-48392-07561-4"])]
Secret = Annotated[str, Header(max_length=100, description="The secret of the receipt.")]
OPEN_TO_ALL: Final = (*ALWAYS, "too_many", "key_in_flight", "key_reused", "media_type")
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
    responses=problems(*OPEN_TO_ALL),
)
def report_publicly(call: Reporting, body: PublicReportBody) -> Response:
    """Report without an account. In danger, call 110. The answer is a receipt: a number and a secret, shown once."""
    return call.write_publicly(lambda session: _file(session, body), 201)


@router.post(
    "/public/child_reports",
    status_code=201,
    response_model=ReceiptAnswer,
    operation_id="report_as_a_child",
    responses=problems(*OPEN_TO_ALL),
)
def report_as_a_child(call: Reporting, body: ChildReportBody) -> Response:
    """A child alone asks for help: no consent, no guardian, nobody at home is told. In danger, call 110."""
    return call.write_publicly(lambda session: _file(session, body), 201)


def _file(session: Session, body: PublicReportBody | ChildReportBody) -> Answered:
    filed = file_report(session, None, body.new_report())
    return Answered(filed_answer(filed), headers={"Location": f"/receipts/{filed.number}"})


@router.get(
    "/receipts/{number}",
    response_model=ReceiptStatus,
    operation_id="read_receipt",
    responses=problems(*ALWAYS, "not_found", "too_many"),
)
def read_status(call: Asking, number: Number, receipt_secret: Secret) -> Response:
    """With number and secret: received, being handled, or answered; nothing else."""
    return call.read_publicly(lambda session: _status(call, session, number, receipt_secret))


def _status(call: Call, session: Session, number: str, secret: str) -> Answered:
    canonical = _canonical(number)
    return _receipt(call, canonical, read_receipt(session, canonical, secret))


def _receipt(call: Call, canonical: str, receipt: ReceiptRow) -> Answered:
    name = RECEIPT_STATES[receipt.status].in_language(call.language)
    return Answered(receipt_status(canonical, receipt, name))


def _canonical(number: str) -> str:
    try:
        return parse_receipt_number(number)
    except NumberMistyped:
        raise NotFound from None


@router.post(
    "/receipts/{number}/complaints",
    status_code=201,
    response_model=ComplaintAnswer,
    operation_id="complain_about_report",
    responses=problems(*OPEN_TO_ALL, "not_found"),
)
def complain_with_receipt(
    call: Asking, number: Number, receipt_secret: Secret, body: ComplaintBody
) -> Response:
    """Complain about how a report was handled, with its receipt; it is heard above the unit that handled it."""
    return call.write_publicly(lambda session: _complain(session, number, receipt_secret, body), 201)


def _complain(session: Session, number: str, secret: str, body: ComplaintBody) -> Answered:
    canonical = _canonical(number)
    complain(session, canonical, secret, body.narrative)
    return Answered(ComplaintAnswer(number=canonical, status="received", emergency="110"))


@router.post(
    "/receipts/{number}/unit_conflicts",
    response_model=ReceiptStatus,
    operation_id="question_office",
    responses=problems(*OPEN_TO_ALL, "not_found"),
)
def question_office_with_receipt(
    call: Asking, number: Number, receipt_secret: Secret, body: OfficeConflictBody
) -> Response:
    """Say that an office is itself in question. The answer is that of every receipt and tells nothing more."""
    return call.write_publicly(lambda session: _question(call, session, (number, receipt_secret), body))


def _question(call: Call, session: Session, receipt: tuple[str, str], body: OfficeConflictBody) -> Answered:
    canonical = _canonical(receipt[0])
    row = question_office(session, canonical, receipt[1], body.reason, body.unit_id)
    return _receipt(call, canonical, row)
