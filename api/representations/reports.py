"""Reports, and the receipts of those who sent them."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from api.representations.actions import ActionAnswer, actions_answer
from api.representations.answers import Answer, Guarded
from domain.actors import Actor
from domain.compartments import Compartment
from domain.disclosure import standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, PUBLIC, sealed
from domain.reports import contacts_nobody_at_home
from domain.texts import Language, Text
from domain.workflow import available
from services.records.reports import ReceiptRow, ReportRow
from services.report_files import ReportFile, subject_of_report
from services.reports import Filed

WHAT_NOW: Final = Text(
    "如有危险，请立即拨打110。请记好编号和密语，凭二者可查询处理情况。",
    "In danger, call 110 now. Keep the number and the secret: with both you can ask what becomes of this.",
)


class ReceiptAnswer(Answer):
    """Number and secret: keep both; the secret is shown this once. All receipts look alike."""

    LABEL = PUBLIC

    number: str
    secret: str
    status: str
    received_at: datetime
    emergency: str = Field(description="Whom to call when somebody is in danger now.")
    what_now: dict[str, str] = Field(description="The same words on every receipt, in both languages.")
    links: dict[str, str]


class ReceiptStatus(Answer):
    """All that a reporter learns, whatever was reported and whatever became of it."""

    LABEL = PUBLIC

    number: str
    status: str
    status_name: str
    received_at: datetime


class ReportLine(Answer):
    LABEL = INTERNAL
    id: UUID
    version: int
    kind: str
    state: str
    concerns: list[str]
    place_id: UUID
    unit_id: UUID
    second_unit_id: UUID | None
    above_unit_id: UUID | None
    offered_unit_id: UUID | None
    case_id: UUID | None
    duplicate_of: UUID | None
    continues_id: UUID | None
    received_at: datetime
    earliest_at: datetime = Field(description="When the first of several reports about this concern came in.")
    reply_by: datetime
    answered_at: datetime | None
    elsewhere: bool = Field(description="The reporter asked that the office there does not see it.")
    erased_at: datetime | None = Field(description="Since then nothing of what it said is kept.")
    links: dict[str, str]


class ReportAnswer(ReportLine, Guarded):
    LABEL = INTERNAL
    message: Annotated[dict[str, object], sealed(Compartment.REPORT_MESSAGE)]
    reporter: Annotated[dict[str, object], sealed(Compartment.REPORTER)]
    contact_nobody_at_home: bool = Field(description="A child asked alone: nobody there is told of it.")
    available_actions: list[ActionAnswer]


class ReportList(Answer):
    LABEL = INTERNAL
    items: list[ReportLine]
    links: dict[str, str]


def filed_answer(filed: Filed) -> ReceiptAnswer:
    return ReceiptAnswer(
        number=filed.number,
        secret=filed.secret,
        status="received",
        received_at=filed.report.received_at,
        emergency="110",
        what_now={language: WHAT_NOW.in_language(language) for language in Language},
        links={"receipt": f"/receipts/{filed.number}"},
    )


def receipt_status(number: str, receipt: ReceiptRow, status_name: str) -> ReceiptStatus:
    return ReceiptStatus(
        number=number, status=receipt.status, status_name=status_name, received_at=receipt.received_at
    )


def report_line(report: ReportRow) -> ReportLine:
    return ReportLine.model_validate(_line(report))


def _line(report: ReportRow) -> dict[str, object]:
    names = (
        "id", "version", "kind", "state", "place_id", "unit_id", "second_unit_id", "above_unit_id", "offered_unit_id",
        "case_id", "duplicate_of", "continues_id", "received_at", "earliest_at", "reply_by", "answered_at", "elsewhere",
        "erased_at",
    )  # fmt: skip
    base = f"/reports/{report.id}"
    links = {"self": base, "objections": f"{base}/objections"} | (
        {"case": f"/cases/{report.case_id}"} if report.case_id else {}
    )
    return {
        **{name: getattr(report, name) for name in names},
        "concerns": list(report.concerns),
        "links": links,
    }


def report_answer(file: ReportFile, actor: Actor) -> ReportAnswer:
    """The whole report for the unit that answers; another reader of it does not learn who reported."""
    report = file.report
    ways = {Relation.ANSWERS: actor.unit_id in (report.unit_id, report.above_unit_id)}
    actions = () if report.erased_at else available(subject_of_report(file), actor)
    return ReportAnswer.model_validate(
        {
            **_line(report),
            "message": dict(file.sections.get("message", {})),
            "reporter": dict(file.sections.get("reporter", {})),
            "contact_nobody_at_home": contacts_nobody_at_home(report.concerns),
            "available_actions": actions_answer(actions, actor, f"/reports/{report.id}"),
        }
    ).seen_with(standing(actor, ways))
