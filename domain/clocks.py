"""Every due time: what starts it, how long it is, who may move it, where the figure comes from, and who hears of it."""

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from domain.ladders import Ladder
from domain.people import DAY_BOUNDARY, civil_day
from domain.stages import StageCode
from domain.texts import Text
from domain.working_days import PLAIN_WEEK, Calendar, add_working_days

NO_OVERRIDES: Final[Mapping[str, int]] = MappingProxyType({})


class DayType(StrEnum):
    ELAPSED = "elapsed"  # runs through nights and holidays
    CALENDAR = "calendar"
    WORKING = "working"  # Chinese working days, make-up Saturdays and Sundays among them


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


_DAY_TYPES: Final = {
    Unit.MINUTES: DayType.ELAPSED,
    Unit.HOURS: DayType.ELAPSED,
    Unit.DAYS: DayType.CALENDAR,
    Unit.MONTHS: DayType.CALENDAR,
    Unit.WORKING_DAYS: DayType.WORKING,
}
LAST_SECOND: Final = time(23, 59, 59)
DEFAULT: Final = "configurable default"


class Due(NamedTuple):
    """An instant; `provisional` while the working days of its year are not yet published."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """One row. `verified` False: no primary text read, or a configurable default; said wherever the figure appears.

    `most`: the largest amount that a division may set in its place; None: nobody may (what a statute fixes). `least`: the
    smallest; where the time is the person's own to be left in peace, or the term of their file, nobody sets less than the amount.
    `outlives`: it runs on when the stage that it is about has ended. `earliest`: of several starts the first one counts.
    `keeper`: the stage whose unit is told, where the clock is a person's; else the case's owner. A critical one is one
    that nobody may miss.
    """

    code: str
    amount: int
    unit: Unit
    starts: Text
    text: Text
    source: str = DEFAULT
    verified: bool = False
    most: int | None = None
    least: int = 1
    pausable: bool = False
    extendable: bool = False
    outlives: bool = False
    earliest: bool = False
    keeper: StageCode | None = None
    articles: tuple[int, ...] = ()
    ladder: Ladder = Ladder.PLAIN

    @property
    def day_type(self) -> DayType:
        return _DAY_TYPES[self.unit]

    @property
    def overridable(self) -> bool:
        return self.most is not None

    @property
    def critical(self) -> bool:
        return self.ladder in (Ladder.CRITICAL, Ladder.REPORT_URGENT)

    def due(self, start: datetime, amount: int | None = None, calendar: Calendar = PLAIN_WEEK) -> Due:
        """When it is due; `amount` is what the division set in place of the clock's own, in the clock's unit."""
        count = self.amount if amount is None else amount
        if self.unit is Unit.MINUTES:
            return Due(start + timedelta(minutes=count))
        if self.unit is Unit.HOURS:
            return Due(start + timedelta(hours=count))
        if self.unit is Unit.WORKING_DAYS:
            counted = add_working_days(civil_day(start), count, calendar)
            return Due(end_of(counted.day), counted.provisional)
        first = civil_day(start)
        return Due(
            end_of(months_after(first, count) if self.unit is Unit.MONTHS else _days_after(first, count))
        )

    def later(self, due: datetime, stood: timedelta) -> datetime:
        """The due time of a clock that stood still for so long; one that counts days stays due at the end of a day."""
        moved = due + stood
        return moved if self.day_type is DayType.ELAPSED else end_of(civil_day(moved))


def lasting(clock: str, amounts: Mapping[str, int]) -> timedelta:
    """How long a clock that counts whole days lasts where a division set these amounts: from one moment to the same one."""
    return timedelta(days=amounts.get(clock, CLOCKS[clock].amount))


def end_of(day: date) -> datetime:
    """The last second of a civil day where the agencies work."""
    return datetime.combine(day, LAST_SECOND, DAY_BOUNDARY)


def start_of(day: date) -> datetime:
    """The first instant of a civil day where the agencies work."""
    return datetime.combine(day, time(), DAY_BOUNDARY)


def months_after(day: date, amount: int) -> date:
    """The same day of a later month, or its last day where it has none: 31 January and a month is the end of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def birthday(born: date, years: int) -> date:
    """The first day of this age; for somebody born on 29 February, 1 March where there is none."""
    same_month = months_after(born, 12 * years)
    return same_month if same_month.day == born.day else _days_after(same_month, 1)


def _days_after(day: date, amount: int) -> date:
    return day + timedelta(days=amount)


_159: Final = "民发〔2015〕159号"
_158: Final = "民发〔2015〕158号"
_LEGAL_AID: Final = "法律援助法"
_POLICE: Final = "公安机关办理刑事案件程序规定"

_REPORTS: Final = (
    Clock(
        "report_reply_urgent", 15, Unit.MINUTES,
        Text("收到紧急报告", "an emergency is reported"),
        Text("紧急报告须在15分钟内答复", "an emergency is answered within 15 minutes"),
        most=15, earliest=True, ladder=Ladder.REPORT_URGENT,
    ),
    Clock(
        "report_reply", 24, Unit.HOURS,
        Text("收到报告", "a report comes in"),
        Text("报告须在24小时内答复", "a report is answered within 24 hours"),
        most=24, earliest=True, ladder=Ladder.REPORT,
    ),
    Clock(
        "report_feedback", 3, Unit.DAYS,
        Text("受理或立案", "the report is accepted, or a case filed"),
        Text("3日内向强制报告人反馈结果", "whoever had to report is told the result within 3 days"),
        source="2020年九部门意见（试行）", most=3,
    ),
    Clock(
        "jurisdiction_transfer", 24, Unit.HOURS,
        Text("认为不属本地管辖，转送另一公安单位", "the report is referred to the police of another place"),
        Text("24小时内移送；移送前先采取紧急措施", "handed over within 24 hours; urgent measures come first"),
        source=f"{_POLICE}（2020）第175条", verified=True, ladder=Ladder.REPORT,
    ),
    Clock(
        "report_erasure", 6, Unit.MONTHS,
        Text("查无实据的报告已答复", "an unfounded report is answered"),
        Text("6个月后删除其个人信息，留存摘要与决定", "its personal data is erased after 6 months; digest and decision stay"),
        ladder=Ladder.SILENT,
    ),
    Clock(
        "complaint", 15, Unit.DAYS,
        Text("提出内部投诉", "a complaint is lodged within the house"),
        Text("15日内答复投诉", "a complaint is answered within 15 days"), most=30,
    ),
)  # fmt: skip

_ROUTING: Final = (
    Clock(
        "stage_reply_urgent", 1, Unit.HOURS,
        Text("紧急阶段转到某单位", "an urgent stage is routed"),
        Text("紧急阶段须在1小时内受理或退回", "an urgent stage is accepted or sent back within an hour"),
        most=2, ladder=Ladder.STAGE_URGENT,
    ),
    Clock(
        "stage_reply", 24, Unit.HOURS,
        Text("阶段转到某单位", "a stage is routed"),
        Text("阶段须在24小时内受理或退回", "a stage is accepted or sent back within 24 hours"),
        most=72, ladder=Ladder.STAGE,
    ),
    Clock(
        "stage_begin", 3, Unit.DAYS,
        Text("阶段已受理", "a stage is accepted"),
        Text("受理后3日内开始办理", "work begins within 3 days of acceptance"),
        most=3, pausable=True, extendable=True, ladder=Ladder.STAGE,
    ),
    Clock(
        "hand_over_reply", 24, Unit.HOURS,
        Text("阶段移交另一单位", "a stage is offered to another unit"),
        Text("移交须在24小时内接受或拒绝，逾期失效，原单位继续负责", "a hand-over is taken or refused within 24 hours; past it the sender keeps the stage"),
        most=72,
    ),
    Clock(
        "case_hand_over_reply", 72, Unit.HOURS,
        Text("个案移交另一单位", "a case is offered to another unit"),
        Text("移交须在72小时内接受或拒绝，逾期失效，原单位继续负责", "a hand-over is taken or refused within 72 hours; past it the sender keeps the case"),
        most=168, ladder=Ladder.OFFER, articles=(20,),
    ),
    Clock(
        "hold_review", 90, Unit.DAYS,
        Text("阶段暂缓", "a stage is put on hold"),
        Text("到期复查，逾期自动恢复", "the hold is reviewed; past it the stage resumes by itself"), most=90,
    ),
    Clock(
        "ask_again", 90, Unit.DAYS,
        Text("本人表示不需要，并约定再次询问的日期", "the person declined and a day to ask again was named"),
        Text("到期再次询问本人", "the person is asked again"), most=180, outlives=True,
    ),
    Clock(
        "plan_review", 30, Unit.DAYS,
        Text("本人表示不需要，未约定再次询问的日期", "the person declined and named no day to be asked again"),
        Text("计划复查，此前不再询问", "the plan is reviewed; before that nobody asks again"),
        most=90, least=30, ladder=Ladder.SILENT,
    ),
    Clock(
        "request_by", 7, Unit.DAYS,
        Text("向不接触个案的机构提出匿名请求", "a nameless request is made to an agency that reads no case"),
        Text("请求办理的期限", "by when the request is to be done"), most=30, extendable=True,
    ),
    Clock(
        "name_officers", 24, Unit.HOURS,
        Text("阶段移交上一级，或经办人须回避", "a stage went one level up, or its officer was excluded"),
        Text("24小时内指定经办人和替补", "officer and deputy are named within 24 hours"),
        most=24, ladder=Ladder.ABOVE, articles=(20,),
    ),
    Clock(
        "unit_conflict_confirm", 72, Unit.HOURS,
        Text("提出单位利益冲突", "a unit is put in question"),
        Text("上一级或检察机关72小时内确认", "the level above or the procuratorate confirms within 72 hours"),
        most=72, ladder=Ladder.ABOVE,
    ),
)  # fmt: skip

_INVESTIGATION: Final = (
    Clock(
        "investigation_filing", 3, Unit.DAYS,
        Text("侦查阶段开始", "the investigation stage begins"),
        Text("3日内作出是否立案的决定", "the filing decision is made within 3 days"),
        source="公通字〔2015〕32号", most=3, extendable=True,
    ),
    Clock(
        "not_filed_notice", 3, Unit.DAYS,
        Text("决定不予立案", "it is decided not to file"),
        Text("3日内送达不予立案通知", "the complainant is told of it within 3 days"),
        source=f"{_POLICE}（2020）第178条", verified=True,
    ),
    Clock(
        "reconsideration_request", 7, Unit.DAYS,
        Text("决定不予立案（自送达起算，此处从早）", "it is decided not to file (counted from the notice; here from the earlier day)"),
        Text("7日内可申请复议", "reconsideration can be asked for within 7 days"),
        source=f"{_POLICE}（2020）第179条", verified=True,
    ),
    Clock(
        "reconsideration_decision", 30, Unit.DAYS,
        Text("申请复议", "reconsideration is asked for"),
        Text("30日内作出复议决定", "reconsideration is decided within 30 days"),
        source=f"{_POLICE}（2020）第179条", verified=True, extendable=True,
    ),
    Clock(
        "higher_review", 30, Unit.DAYS,
        Text("复议维持原决定", "the decision was upheld on reconsideration"),
        Text("30日内作出上级复核决定", "the higher police decide their review within 30 days"),
        source=f"{_POLICE}（2020）第179条", verified=True, extendable=True,
    ),
    Clock(
        "rescue_review", 90, Unit.DAYS,
        Text("解救阶段开始或恢复", "the rescue stage begins or resumes"),
        Text("未找到的人每90日复查", "somebody not found is reviewed every 90 days"), most=90,
    ),
)  # fmt: skip

_CARE: Final = (
    Clock(
        "relief_stay", 10, Unit.DAYS,
        Text("入住救助站", "admission to a relief station"),
        Text("救助站停留一般不超过10日，超过须上报", "a relief-station stay is normally at most 10 days; longer is reported"),
        source="救助管理办法实施细则（民政部令24号）", most=10, ladder=Ladder.ABOVE,
    ),
    Clock(
        "stranded_period", 90, Unit.DAYS,
        Text("任何地方的首次入住（转移不重新起算）", "the first admission anywhere; transfers do not start it anew"),
        Text("身份仍不明的，满90日办理落户", "still unidentified after 90 days: household registration begins"),
        source="国办发〔2015〕96号及地方文件", most=90, ladder=Ladder.CRITICAL, outlives=True, articles=(33,),
    ),
    Clock(
        "tracing_notice", 24, Unit.HOURS,
        Text("身份不明的人入住", "admission of a person whose identity is not settled"),
        Text("24小时内发布寻亲公告", "the tracing notice appears within 24 hours"),
        source=_158, most=24, keeper=StageCode.FAMILY_TRACING, articles=(32,),
    ),
    Clock(
        "sample_request", 7, Unit.WORKING_DAYS,
        Text("身份不明的人入住", "admission of a person whose identity is not settled"),
        Text("7个工作日内提请公安采样", "the police are asked for a sample within 7 working days"),
        source=_158, most=7, keeper=StageCode.SHELTER, articles=(32,),
    ),
    Clock(
        "sample_taken", 1, Unit.MONTHS,
        Text("提请采样", "a sample is asked for"),
        Text("1个月内免费采样", "the police take the sample, free of charge, within a month"),
        source=_158, most=1, keeper=StageCode.FAMILY_TRACING, articles=(32,),
    ),
    Clock(
        "tracing_certificate", 1, Unit.MONTHS,
        Text("寻亲阶段开始", "the tracing stage begins"),
        Text("1个月内出具暂时查找不到证明", "the first not-found certificate within a month"),
        source=_159, most=1,
    ),
    Clock(
        "tracing_certificate_12", 12, Unit.MONTHS,
        Text("送交儿童福利机构", "delivery to a child welfare institution"),
        Text("满12个月出具查找不到证明", "the certificate that nobody was found, after 12 months"),
        source=_159, most=12, keeper=StageCode.FAMILY_TRACING, articles=(32,),
    ),
    Clock(
        "welfare_transfer", 7, Unit.DAYS,
        Text("出具1个月的查找不到证明", "the certificate of one month"),
        Text("7日内转入儿童福利机构", "the child moves to a welfare institution within 7 days"),
        source=_159, most=7, keeper=StageCode.SHELTER, articles=(31,),
    ),
    Clock(
        "adoption_announcement", 60, Unit.DAYS,
        Text("满12个月查找不到后发布公告", "a notice is published after the 12-month certificate"),
        Text("收养公告满60日", "the adoption announcement has stood for 60 days"),
        source="收养子女登记办法（2023）第8条", verified=True, keeper=StageCode.GUARDIANSHIP, articles=(40,),
    ),
    Clock(
        "birth_registration", 1, Unit.MONTHS,
        Text("出生（未登记的婴儿）", "birth, of an infant who is not registered"),
        Text("出生后1个月内登记", "a birth is registered within a month"),
        source="户口登记条例第7条", verified=True, keeper=StageCode.HOUSEHOLD_REGISTRATION, articles=(33,),
    ),
    Clock(
        "grading", 20, Unit.WORKING_DAYS,
        Text("申请残疾等级评定", "disability grading is applied for"),
        Text("20个工作日内作出评定", "the grading is made within 20 working days"),
        most=40, pausable=True, extendable=True,
    ),
    Clock(
        "grading_objection", 10, Unit.WORKING_DAYS,
        Text("评定结果作出", "the grading is certified"),
        Text("10个工作日内可提出异议", "an objection can be made within 10 working days"),
        source="secondary report (zyruipu.com)", most=20,
    ),
    Clock(
        "schooling_check", 90, Unit.DAYS,
        Text("入学", "enrolment"), Text("入学90日回访", "attendance is checked at 90 days"),
        most=180, pausable=True, extendable=True,
    ),
    Clock(
        "employment_check", 90, Unit.DAYS,
        Text("上岗", "start of work"), Text("上岗90日单独回访", "a private check at 90 days of work"),
        most=180, pausable=True, extendable=True,
    ),
    Clock(
        "follow_up_contact", 1, Unit.MONTHS,
        Text("离开照料（每个约定的月份各一个）", "leaving care; one for each month that was agreed"),
        Text("约定的回访", "an agreed contact"), most=24, pausable=True, extendable=True,
    ),
    Clock(
        "reflection", 30, Unit.DAYS,
        Text("告知身份与各种选择", "status and choices were explained"),
        Text("30日考虑期，不得催促", "30 days to think, free of pressure"), most=90, least=30, ladder=Ladder.SILENT,
    ),
)  # fmt: skip

_GUARDIANSHIP: Final = (
    Clock(
        "guardian_decision", 24, Unit.HOURS,
        Text("监护人缺位或有利益冲突", "no guardian is safe: missing, unknown or in conflict"),
        Text("24小时内决定临时监护", "civil affairs decide on temporary guardianship within 24 hours"),
        most=24, ladder=Ladder.CRITICAL, keeper=StageCode.GUARDIANSHIP, articles=(40,),
    ),
    Clock(
        "guardianship_review", 90, Unit.DAYS,
        Text("监护阶段开始，或临时监护确定", "the guardianship stage begins, or a temporary guardian is named"),
        Text("临时监护每90日复查", "temporary guardianship is reviewed every 90 days"), most=90, ladder=Ladder.CRITICAL,
    ),
    Clock(
        "temporary_placement", 365, Unit.DAYS,
        Text("由民政部门临时监护", "civil affairs become temporary guardian"),
        Text("临时安置一般不超过一年", "a temporary placement ends within a year"), most=365, ladder=Ladder.CRITICAL,
    ),
    Clock(
        "eighteenth_birthday", 1, Unit.DAYS,
        Text("出生日期已知", "the birth date is known"),
        Text("年满18周岁：监护终止，重新征求本人意见", "the 18th birthday: guardianship ends, the person is asked anew"),
        source="未成年人保护法第2条；民法典第17条", verified=True, outlives=True, keeper=StageCode.GUARDIANSHIP, articles=(40,),
    ),
)  # fmt: skip

_RIGHTS: Final = (
    Clock(
        "protection_order", 72, Unit.HOURS,
        Text("申请人身安全保护令", "a protection order is applied for"),
        Text("法院72小时内作出裁定", "the court decides within 72 hours"), source="反家庭暴力法第28条", verified=True,
    ),
    Clock(
        "protection_order_urgent", 24, Unit.HOURS,
        Text("危险中申请人身安全保护令", "a protection order is applied for in danger"),
        Text("情况紧急的，24小时内作出裁定", "in urgency the court decides within 24 hours"),
        source="反家庭暴力法第28条", verified=True,
    ),
    Clock(
        "legal_aid_decision", 7, Unit.DAYS,
        Text("申请法律援助", "legal aid is applied for"), Text("7日内作出决定", "it is decided within 7 days"),
        source=f"{_LEGAL_AID}第43条", verified=True, ladder=Ladder.CRITICAL,
    ),
    Clock(
        "legal_aid_lawyer", 3, Unit.DAYS,
        Text("准予法律援助", "legal aid is granted"), Text("3日内指派律师", "a lawyer is assigned within 3 days"),
        source=f"{_LEGAL_AID}第43条", verified=True, ladder=Ladder.CRITICAL,
    ),
    Clock(
        "legal_aid_dispute", 5, Unit.DAYS,
        Text("不予法律援助（自提出异议起算，此处从早）", "legal aid is refused (counted from the dispute; here from the earlier day)"),
        Text("5日内处理异议", "a dispute is decided within 5 days"), source=f"{_LEGAL_AID}第49条", verified=True, ladder=Ladder.CRITICAL,
    ),
    Clock(
        "judicial_assistance_opinion", 10, Unit.WORKING_DAYS,
        Text("申请国家司法救助", "state judicial assistance is applied for"),
        Text("10个工作日内提出意见", "an opinion is given within 10 working days"), source="2014年国家司法救助意见", most=10,
    ),
    Clock(
        "annulment_year", 12, Unit.MONTHS,
        Text("恢复人身自由", "the person became free"),
        Text("受胁迫的婚姻，一年内请求撤销；不中止、不延长", "a coerced marriage is annulled within a year; never paused or extended"),
        source="民法典第1052条；婚姻家庭编解释（一）第18、19条", verified=True, ladder=Ladder.CRITICAL, outlives=True,
        keeper=StageCode.RIGHTS_SUPPORT, articles=(35,),
    ),
)  # fmt: skip

EMERGENCY_REVIEW: Final = "emergency_review"
LETTER_ANSWER: Final = "letter_answer"

_ANSWERS: Final = (
    Clock(
        EMERGENCY_REVIEW, 24, Unit.HOURS,
        Text("为紧急情况开启查阅", "a case is opened in an emergency"),
        Text("24小时内由他人复核", "somebody else looks at it within 24 hours"), ladder=Ladder.REVIEW, articles=(20, 22),
    ),
    Clock(
        LETTER_ANSWER, 15, Unit.DAYS,
        Text("本人从自己的入口来信（更正、投诉、希望联系）", "a letter is written at the person's own door"),
        Text("15日内答复", "it is answered within 15 days"), most=30, ladder=Ladder.LETTER, articles=(22,),
    ),
)  # fmt: skip

CASE_FILE_TERM: Final = "case_file_term"
CHILD_KEPT_UNTIL: Final = 28
"""A child's file is kept at least until they are this old (C-56, unverified)."""

_FILES: Final = (
    Clock(
        CASE_FILE_TERM, 120, Unit.MONTHS,
        Text("个案已结案", "the case is closed"),
        Text(
            "结案10年后删除卷内个人信息；有儿童的，至其年满28岁为止",
            "10 years after closing everything personal in the file is erased; a child's not before they are 28",
        ),
        most=360, least=120, ladder=Ladder.SILENT,
    ),
)  # fmt: skip

_CONSENT: Final = (
    Clock(
        "consent_term", 12, Unit.MONTHS,
        Text("本人同意", "a consent is given"), Text("同意到期", "the consent ends"), most=12, articles=(39,),
    ),
    Clock(
        "other_basis", 30, Unit.DAYS,
        Text("以同意以外的依据办理", "something rests on another basis than consent"),
        Text("最多30日", "it lasts at most 30 days"), most=30, articles=(39,),
    ),
    Clock(
        "relocation_cooling", 7, Unit.DAYS,
        Text("同意异地就业", "relocation is consented to"), Text("7日冷静期", "7 days to think again"),
        most=30, least=7, ladder=Ladder.SILENT, articles=(37,),
    ),
)  # fmt: skip

CLOCKS: Final[Mapping[str, Clock]] = MappingProxyType(
    {
        clock.code: clock
        for clock in (
            *_REPORTS,
            *_ROUTING,
            *_INVESTIGATION,
            *_CARE,
            *_GUARDIANSHIP,
            *_RIGHTS,
            *_ANSWERS,
            *_FILES,
            *_CONSENT,
        )
    }
)
"""No clock waits before a missing child is searched for: that the police act at once is in no table (C-1)."""

URGENT_STAGES: Final = frozenset(
    {StageCode.RESCUE, StageCode.SHELTER, StageCode.GUARDIANSHIP, StageCode.INVESTIGATION}
)


def report_reply_clock(*, urgent: bool) -> str:
    return "report_reply_urgent" if urgent else "report_reply"


def stage_reply_clock(stage: StageCode) -> str:
    return "stage_reply_urgent" if stage in URGENT_STAGES else "stage_reply"
