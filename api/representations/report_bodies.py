"""What people send with a report, and what its moves ask for."""

from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from api.representations.types import Body, Id, LongText, Name, PhoneNumber, ShortText, StrictBool
from api.representations.victims import VictimBody
from domain.people import Known
from domain.reports import Concern, child_door_concerns
from services.records.reports import REPORT_KINDS
from services.reports import NewReport
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
    not_this_office: StrictBool = Field(
        default=False, description="The office there never sees it; it goes one level up."
    )
    message: Message
    reporter: Reporter = Reporter()

    def new_report(self) -> NewReport:
        return NewReport(
            kind=str(self.kind),
            place_id=self.place_id,
            concerns=tuple(dict.fromkeys(self.concerns)),
            message=self.message.model_dump(mode="json", exclude_none=True),
            reporter=self.reporter.model_dump(mode="json", exclude_none=True),
            elsewhere=self.not_this_office,
        )


class ChildReportBody(Body):
    """A child alone asks for help: where, whether it is safe there now, and how to answer without danger. No more is asked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "place_id": "0198c0de-0000-7000-8000-000000000005",
                    "hint": "汽车站二楼，靠近小卖部",
                    "safe_now": "no",
                    "safe_way_to_answer": "请找穿红衣服的我，不要打电话回家",
                    "not_this_office": False,
                }
            ]
        }
    )
    place_id: Id
    hint: LongText | None = Field(default=None, description="How to find you there, in your own words.")
    safe_now: Known = Field(default=Known.UNKNOWN, description="Whether you are safe at this moment.")
    safe_way_to_answer: ShortText | None = Field(
        default=None, description="How we can reach you without danger."
    )
    not_this_office: StrictBool = Field(
        default=False, description="The office there never sees it; it goes one level up."
    )

    def new_report(self) -> NewReport:
        """A crime reported by the person concerned, who is alone; nobody at home is told."""
        way = self.safe_way_to_answer
        return NewReport(
            kind="crime",
            place_id=self.place_id,
            concerns=child_door_concerns(self.safe_now),
            message={"whereabouts": self.hint} if self.hint else {},
            reporter={"safe_way_to_answer": way} if way else {},
            elsewhere=self.not_this_office,
            safe_contact=way,
        )


class ReportBody(PublicReportBody):
    """A report by somebody with an account; `mandatory_report` is for those whom the law obliges (Arts. 11, 16, 45)."""

    kind: Literal[REPORT_KINDS] = "tip"  # type: ignore[valid-type]  # the closed list stands in the table's file


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
