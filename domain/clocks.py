"""Every due time that this version keeps: what starts it, how long it is, and where the figure comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from domain.stages import StageCode
from domain.texts import Text


class DayType(StrEnum):
    ELAPSED = "elapsed"  # minutes and hours run through the night
    CALENDAR = "calendar"


class Due(NamedTuple):
    """An instant; `provisional` while the working days of its year are not yet published."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """`verified` False: a configurable default whose source text nobody here has read."""

    code: str
    starts: str
    length: timedelta
    day_type: DayType
    source: str
    verified: bool
    pausable: bool
    text: Text

    def due(self, start: datetime, length: timedelta | None = None) -> "Due":
        """When it is due; `length` is what the division set in place of the clock's own."""
        return Due(start + (length or self.length))


_UNVERIFIED: Final = "configurable default"

CLOCKS: Final[Mapping[str, Clock]] = MappingProxyType(
    {
        clock.code: clock
        for clock in (
            Clock(
                "report_reply_urgent", "report received", timedelta(minutes=15), DayType.ELAPSED, _UNVERIFIED, False, False,
                Text("紧急报告须在15分钟内答复", "an emergency is answered within 15 minutes"),
            ),
            Clock(
                "report_reply", "report received", timedelta(hours=24), DayType.ELAPSED, _UNVERIFIED, False, False,
                Text("报告须在24小时内答复", "a report is answered within 24 hours"),
            ),
            Clock(
                "jurisdiction_transfer", "report referred", timedelta(hours=24), DayType.ELAPSED,
                "公安机关办理刑事案件程序规定 175", True, False,
                Text("不属本地管辖的，24小时内移送", "a report for another office is transferred within 24 hours"),
            ),
            Clock(
                "report_feedback", "report accepted, or filing decided", timedelta(days=3), DayType.CALENDAR,
                "九部门2020年意见（试行）", False, False,
                Text("受理、立案后3日内向报告人反馈", "the reporter is told back within 3 days of acceptance and of filing"),
            ),
            Clock(
                "report_objection", "objection raised", timedelta(days=15), DayType.CALENDAR, _UNVERIFIED, False, False,
                Text("投诉、复核和检察要求15日内办结", "a complaint, review or demand is decided within 15 days"),
            ),
            # six months, and never a day less whichever months they are
            Clock(
                "report_erasure", "unfounded report answered", timedelta(days=184), DayType.CALENDAR, _UNVERIFIED, False, False,
                Text("不实报告答复6个月后删除个人信息", "the personal data of an unfounded report is erased 6 months after the answer"),
            ),
            Clock(
                "stage_reply_urgent", "stage routed", timedelta(hours=1), DayType.ELAPSED, _UNVERIFIED, False, False,
                Text("紧急阶段须在1小时内受理或退回", "an urgent stage is accepted or sent back within an hour"),
            ),
            Clock(
                "stage_reply", "stage routed", timedelta(hours=24), DayType.ELAPSED, _UNVERIFIED, False, False,
                Text("阶段须在24小时内受理或退回", "a stage is accepted or sent back within 24 hours"),
            ),
            Clock(
                "stage_begin", "stage accepted", timedelta(days=3), DayType.CALENDAR, _UNVERIFIED, False, True,
                Text("受理后3日内开始办理", "work begins within 3 days of acceptance"),
            ),
            Clock(
                "hand_over_reply", "stage offered to another unit", timedelta(hours=24), DayType.ELAPSED, _UNVERIFIED, False, False,
                Text("移交须在24小时内接受或拒绝，逾期失效，原单位继续负责", "a hand-over is taken or refused within 24 hours; past it the sender keeps the stage"),
            ),
            Clock(
                "request_by", "help asked of another agency", timedelta(days=7), DayType.CALENDAR, _UNVERIFIED, False, False,
                Text("请求协助须在约定时间前答复", "help that was asked for is answered by the time agreed"),
            ),
            Clock(
                "investigation_filing", "stage begun", timedelta(days=3), DayType.CALENDAR, "公通字〔2015〕32号", False, False,
                Text("3日内作出是否立案的决定", "the filing decision is made within 3 days"),
            ),
            Clock(
                "relief_stay", "stage begun", timedelta(days=10), DayType.CALENDAR, "救助管理办法实施细则", False, True,
                Text("救助站停留一般不超过10日，超过须上报", "a relief-station stay is normally at most 10 days; longer is reported"),
            ),
            Clock(
                "rescue_review", "stage begun", timedelta(days=90), DayType.CALENDAR, _UNVERIFIED, False, False,
                Text("未找到的人每90日复查", "somebody not found is reviewed every 90 days"),
            ),
            Clock(
                "tracing_certificate", "stage begun", timedelta(days=30), DayType.CALENDAR, "民发〔2015〕159号", False, False,
                Text("1个月内出具暂时查找不到证明", "the first not-found certificate within a month"),
            ),
            Clock(
                "guardianship_review", "stage begun", timedelta(days=90), DayType.CALENDAR, _UNVERIFIED, False, False,
                Text("临时监护每90日复查", "temporary guardianship is reviewed every 90 days"),
            ),
            Clock(
                "guardian_decision", "guardian put in question", timedelta(hours=24), DayType.ELAPSED, _UNVERIFIED, False, False,
                Text("监护冲突设定后24小时内作出临时监护决定", "the temporary guardian decides within 24 hours of the conflict"),
            ),
            Clock(
                "unit_conflict_confirm", "unit or officer put in question", timedelta(hours=72), DayType.ELAPSED, _UNVERIFIED, False, False,
                Text("72小时内由上一级或检察机关确认", "the level above or the procuratorate confirms within 72 hours"),
            ),
            Clock(
                "schooling_check", "stage begun", timedelta(days=90), DayType.CALENDAR, _UNVERIFIED, False, True,
                Text("入学90日回访", "attendance is checked at 90 days"),
            ),
            Clock(
                "employment_check", "stage begun", timedelta(days=90), DayType.CALENDAR, _UNVERIFIED, False, True,
                Text("上岗90日单独回访", "a private check at 90 days of work"),
            ),
            Clock(
                "hold_review", "stage held", timedelta(days=90), DayType.CALENDAR, _UNVERIFIED, False, False,
                Text("到期复查，逾期自动恢复", "the hold is reviewed; past it the stage resumes by itself"),
            ),
            Clock(
                "follow_up_end", "stage begun", timedelta(days=365), DayType.CALENDAR, _UNVERIFIED, False, True,
                Text("1、3、6、12个月回访", "follow-up contacts over 12 months"),
            ),
        )
    }
)  # fmt: skip

URGENT_STAGES: Final = frozenset(
    {StageCode.RESCUE, StageCode.SHELTER, StageCode.GUARDIANSHIP, StageCode.INVESTIGATION}
)

WORK_CLOCKS: Final[Mapping[StageCode, str]] = MappingProxyType(
    {
        StageCode.INVESTIGATION: "investigation_filing",
        StageCode.RESCUE: "rescue_review",
        StageCode.SHELTER: "relief_stay",
        StageCode.FAMILY_TRACING: "tracing_certificate",
        StageCode.GUARDIANSHIP: "guardianship_review",
        StageCode.SCHOOLING: "schooling_check",
        StageCode.EMPLOYMENT: "employment_check",
        StageCode.FOLLOW_UP: "follow_up_end",
    }
)


def report_reply_clock(*, urgent: bool) -> str:
    return "report_reply_urgent" if urgent else "report_reply"


def stage_reply_clock(stage: StageCode) -> str:
    return "stage_reply_urgent" if stage in URGENT_STAGES else "stage_reply"
