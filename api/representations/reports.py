"""Reports, and the receipts of those who sent them."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.actions import ActionAnswer, actions_answer
from api.representations.types import Answer, Body, Id, LongText, Name, PhoneNumber, ShortText
from api.representations.victims import VictimBody
from domain.actors import Actor
from domain.workflow import available
from services.records.reports import REPORT_KINDS, ReceiptRow, ReportRow
from services.report_files import ReportFile, subject_of_report
from services.reports import Concern, Filed
from services.sealed_values import Content


class Message(Body):
    """What somebody saw or went through, and where the person can be found."""

    narrative: LongText
    whereabouts: LongText | None = None
    people: list[ShortText] = Field(default_factory=list, max_length=20)


class Reporter(Body):
    """Who reports, as far as they want to say; kept from everybody but the unit that answers."""

    name: Name | None = None
    phone: PhoneNumber | None = None
    safe_way_to_answer: ShortText | None = None


class PublicKind(StrEnum):
    CRIME = "crime"
    TIP = "tip"
    COMPLAINT = "complaint"


class PublicReportBody(Body):
    """A report by anybody, without an account. Say as little or as much as you want."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "tip",
                    "place_id": "0198c0de-0000-7000-8000-000000000005",
                    "concerns": ["child_alone"],
                    "message": {
                        "narrative": "车站门口有一个男孩独自乞讨，约十一二岁",
                        "whereabouts": "汽车站北出口",
                    },
                    "reporter": {"safe_way_to_answer": "不必联系"},
                }
            ]
        }
    )
    kind: PublicKind = PublicKind.TIP
    place_id: Id
    concerns: list[Concern] = Field(default_factory=list, max_length=4)
    message: Message
    reporter: Reporter = Reporter()


class ReportBody(PublicReportBody):
    """A report by somebody with an account; `mandatory_report` is for those whom the law obliges (Arts. 11, 16, 45)."""

    kind: Literal[REPORT_KINDS] = "tip"  # type: ignore[valid-type]  # the closed list stands in the table's file


class ReceiptAnswer(Answer):
    """Number and secret: keep both; the secret is shown this once. All receipts look alike."""

    number: str
    secret: str
    status: str
    received_at: datetime
    emergency: str = Field(description="Whom to call when somebody is in danger now.")
    links: dict[str, str]


class ReceiptStatus(Answer):
    """All that a reporter learns."""

    number: str
    status: str
    status_name: str
    received_at: datetime


class ReportLine(Answer):
    id: UUID
    version: int
    kind: str
    state: str
    concerns: list[str]
    place_id: UUID
    unit_id: UUID
    offered_unit_id: UUID | None
    case_id: UUID | None
    duplicate_of: UUID | None
    continues_id: UUID | None
    received_at: datetime
    reply_by: datetime
    answered_at: datetime | None
    links: dict[str, str]


class ReportAnswer(ReportLine):
    model_config = ConfigDict(populate_by_name=True)
    message: dict[str, object]
    reporter: dict[str, object]
    available_actions: list[ActionAnswer]
    redacted: list[str] = Field(alias="_redacted")


class ReportList(Answer):
    items: list[ReportLine]
    links: dict[str, str]


class AcceptReportBody(Body):
    """Opens a case, or joins one; names the people, perhaps nameless."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case_id": None,
                    "victims": [
                        {
                            "identity": {"lowest_age": 11, "sex": "male"},
                            "situation": {"safe_place_tonight": "no", "apart_from_family": "yes"},
                        }
                    ],
                }
            ]
        }
    )
    case_id: Id | None = None
    victims: list[VictimBody] = Field(default_factory=list, max_length=50)

    def content(self) -> Content:
        return {"case_id": self.case_id, "victims": [victim.sections() for victim in self.victims]}


class DuplicateBody(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"duplicate_of": "0198c0de-0000-7000-8000-000000000006"}]}
    )
    duplicate_of: Id


class AnswerBody(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "已受理，正在处理。"}]})
    text: LongText


class ReportApprovalBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "action": "find_unfounded",
                    "approver_unit_id": "0198c0de-0000-7000-8000-000000000001",
                    "reason": "现场核实，系家长短暂离开",
                }
            ]
        }
    )
    action: Literal["find_unfounded"]
    approver_unit_id: Id
    reason: LongText


def filed_answer(filed: Filed) -> ReceiptAnswer:
    return ReceiptAnswer(
        number=filed.number,
        secret=filed.secret,
        status="received",
        received_at=filed.report.received_at,
        emergency="110",
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
        "id", "version", "kind", "state", "place_id", "unit_id", "offered_unit_id", "case_id", "duplicate_of",
        "continues_id", "received_at", "reply_by", "answered_at",
    )  # fmt: skip
    base = f"/reports/{report.id}"
    links = {"self": base} | ({"case": f"/cases/{report.case_id}"} if report.case_id else {})
    return {
        **{name: getattr(report, name) for name in names},
        "concerns": list(report.concerns),
        "links": links,
    }


def report_answer(file: ReportFile, actor: Actor) -> ReportAnswer:
    """The whole report for the unit it lies with; an invited reader of it does not learn who reported."""
    answers = actor.unit_id == file.report.unit_id
    reporter = file.sections.get("reporter", {})
    return ReportAnswer.model_validate(
        {
            **_line(file.report),
            "message": dict(file.sections.get("message", {})),
            "reporter": dict(reporter) if answers else {},
            "available_actions": actions_answer(
                available(subject_of_report(file), actor), actor, f"/reports/{file.report.id}"
            ),
            "redacted": ["reporter"] if reporter and not answers else [],
        }
    )
