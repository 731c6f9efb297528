"""What a move or a record needs before it may happen: named requirements, each with its article or standard."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from domain.agencies import Agency
from domain.consents import CONSENT_NEEDS
from domain.openings import COMPULSORY_SCHOOL_AGES, WORKING_AGE
from domain.people import Known, Person
from domain.refusals import Unmet
from domain.stages import ENDED_STATES, StageCode, StageState
from domain.texts import Text

Json = object

SAFE_GUARDIANS: Final = frozenset(
    {"safe", "temporary_cab", "long_term_cab", "kin_care", "adoption", "restored"}
)
SETTLED_GUARDIANS: Final = SAFE_GUARDIANS - {"temporary_cab"}
CHECK_AFTER: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Record:
    """One stage record as the rules see it: its kind, who added it, and its body."""

    kind: str
    agency: Agency
    body: Mapping[str, Json]

    def day(self, name: str) -> date | None:
        value = self.body.get(name)
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that requirements may look at. Testimony and cooperation with the police are not among it, on purpose."""

    stage: StageCode
    person: Person | None
    records: Sequence[Record] = ()
    consents: frozenset[str] = frozenset()
    approved: frozenset[str] = frozenset()
    guardian: str = "unknown"
    finding: Mapping[str, Json] = field(default_factory=dict)
    move: Mapping[str, Json] = field(default_factory=dict)

    @property
    def minor(self) -> bool:
        return self.person is None or self.person.minor

    @property
    def years(self) -> int | None:
        return self.person.years if self.person else None

    @property
    def probable_years(self) -> int | None:
        return self.person.probable_years if self.person else None

    def of(self, kind: str) -> tuple[Record, ...]:
        return tuple(record for record in self.records if record.kind == kind)

    def last(self, kind: str, name: str) -> Json:
        found = self.of(kind)
        return found[-1].body.get(name) if found else None

    def any(self, kind: str, name: str, *values: Json) -> bool:
        return any(record.body.get(name) in values for record in self.of(kind))


@dataclass(frozen=True, slots=True)
class Requirement:
    """`action` is a move, or `record:<kind>` for a record that must not be added too early."""

    stage: StageCode | None
    action: str
    code: str
    text: Text
    met: Callable[[Facts], bool]
    articles: tuple[int, ...] = ()
    source: str = ""

    def unmet(self) -> Unmet:
        return Unmet(self.code, self.text, self.articles, self.source)


def _consent_given(facts: Facts) -> bool:
    need = CONSENT_NEEDS.get(facts.stage)
    if need is None or (need.adults_only and facts.minor):
        return True
    if need.unless_urgent and facts.person and facts.person.situation.injured_or_ill is Known.YES:
        return True
    return need.purpose in facts.consents


def _proceedings_ended(facts: Facts) -> bool:
    if facts.of("withdrawn") or facts.last("proceeding_reference", "status") in ("ended", "transferred"):
        return True
    not_filed = facts.last("filing_decision", "decision") == "not_filed"
    return not_filed and facts.any("higher_review", "outcome", "upheld")


def _received(facts: Facts) -> tuple[Record, ...]:
    """Handovers as the receiving side wrote them down: whoever hands over cannot sign for the receiver."""
    handovers = (record for record in facts.of("handover") if record.body.get("part") == "received")
    return tuple(record for record in handovers if record.agency is Agency.CAB)


def _seen_safe(facts: Facts) -> bool:
    return facts.finding.get("outcome") == "already_safe" and facts.finding.get("seen_in_private") is True


def _safe_exit(facts: Facts) -> bool:
    if facts.last("exit", "safe") == "yes":
        return True
    return not facts.minor and facts.last("exit", "destination") == "own_choice"


def _grading_settled(facts: Facts) -> bool:
    status = facts.last("disability_grading", "status")
    return status in (None, "certified", "dispute_decided", "not_wanted")


def _tracing_ended(facts: Facts) -> bool:
    refused = facts.any("reunion_assessment", "outcome", "refused")
    return bool(facts.of("reunion")) or refused or facts.any("not_found_certificate", "months", 12)


def _attending(facts: Facts) -> bool:
    if facts.any("attendance_check", "course_completed", True):
        return True
    enrolled = facts.of("enrolment")
    start = enrolled[-1].day("enrolled_on") if enrolled else None
    return start is not None and any(
        _on_or_after(check, start + CHECK_AFTER) for check in facts.of("attendance_check")
    )


def _on_or_after(check: Record, earliest: date) -> bool:
    day = check.day("checked_on")
    return day is not None and day >= earliest and check.body.get("attending", True) is True


def _work_checked(facts: Facts) -> bool:
    if facts.of("stopped"):
        return True
    placed = facts.of("placement")
    start = placed[-1].day("started_on") if placed else None
    checks = [check for check in facts.of("private_check") if check.agency in (Agency.UNION, Agency.WOMEN)]
    return start is not None and any(_on_or_after(check, start + CHECK_AFTER) for check in checks)


def _claims_closed(facts: Facts) -> bool:
    claims = {record.body.get("reference") for record in facts.of("claim")}
    return claims <= {record.body.get("reference") for record in facts.of("claim_closed")}


def _contacts_done(facts: Facts) -> bool:
    if facts.of("ended"):
        return True
    months = facts.last("contact_plan", "months")
    planned = set(months) if isinstance(months, (list, tuple)) else set()
    return bool(planned) and planned <= {record.body.get("month") for record in facts.of("contact")}


def _guardianship_settled(facts: Facts) -> bool:
    ordered = facts.any("court_order", "decision", "guardian_appointed", "guardianship_restored")
    return not facts.minor or ordered or facts.guardian in SETTLED_GUARDIANS


def _declined_in_private(facts: Facts) -> bool:
    return facts.move.get("in_private") is True and facts.move.get("independent_interpreter") is True


def _witnessed(facts: Facts) -> bool:
    present = facts.move.get("present")
    return isinstance(present, (list, tuple)) and bool({"CAB", "WOMEN"} & {str(agency) for agency in present})


def _said_by_the_right_person(facts: Facts) -> bool:
    said_by = facts.move.get("said_by")
    if not facts.minor:
        return said_by == "self"
    return said_by in ("safe_guardian", "temporary_guardian") and facts.guardian in SAFE_GUARDIANS


def _never_declined_for_a_child(facts: Facts) -> bool:
    protected = facts.stage in (StageCode.RESCUE, StageCode.SHELTER, StageCode.GUARDIANSHIP)
    urgent = bool(facts.person and facts.person.situation.injured_or_ill is Known.YES)
    compulsory = facts.stage is StageCode.SCHOOLING and facts.probable_years in COMPULSORY_SCHOOL_AGES
    return not facts.minor or not (
        protected or compulsory or (facts.stage is StageCode.MEDICAL_CARE and urgent)
    )


def _reunion_cleared(facts: Facts) -> bool:
    return facts.last("reunion_assessment", "outcome") == "cleared"


def _relatives_not_suspects(facts: Facts) -> bool:
    return facts.last("reunion_assessment", "relatives_not_suspects") == "yes"


def _child_heard(facts: Facts) -> bool:
    return not facts.minor or facts.last("reunion_assessment", "child_heard") is True


def _guardian_safe(facts: Facts) -> bool:
    return not facts.minor or facts.guardian in SAFE_GUARDIANS


S = StageCode
REQUIREMENTS: Final = (
    Requirement(
        None,
        "begin",
        "consent",
        Text(
            "本人（或有权代表的监护人）已同意",
            "the person, or the guardian who may speak for them, has consented",
        ),
        _consent_given,
        source="workflow 2, consent",
    ),
    Requirement(
        None,
        "decline",
        "said_by_the_person",
        Text(
            "成年人只能由本人拒绝；未成年人由安全的监护人或临时监护人代为表示",
            "an adult declines in person; for a child a safe or temporary guardian speaks",
        ),
        _said_by_the_right_person,
        source="workflow 2, decline",
    ),
    Requirement(
        None,
        "decline",
        "in_private",
        Text("成年人单独表示", "an adult said so in private"),
        lambda f: f.minor or f.move.get("in_private") is True,
        source="workflow 2, decline",
    ),
    Requirement(
        None,
        "decline",
        "child_heard",
        Text("已听取孩子本人意见", "the child was heard"),
        lambda f: not f.minor or f.move.get("child_heard") is True,
        source="workflow 2, decline",
    ),
    Requirement(
        None,
        "decline",
        "not_declined_for_a_child",
        Text(
            "不得替孩子拒绝解救、安置、紧急医疗、监护或义务教育",
            "nobody declines rescue, shelter, urgent care, guardianship or compulsory schooling for a child",
        ),
        _never_declined_for_a_child,
        (30, 31, 34, 36, 40),
    ),
    Requirement(
        None,
        "rule_out",
        "approved_by_another_agency",
        Text("另一机构已批准", "another agency has approved"),
        lambda f: "rule_out" in f.approved,
        source="workflow 2, rule_out",
    ),
    Requirement(
        None,
        "close_unmet",
        "approved_by_another_agency",
        Text("另一机构已批准", "another agency has approved"),
        lambda f: "close_unmet" in f.approved,
        source="workflow 2, close_unmet",
    ),
    Requirement(
        S.INVESTIGATION,
        "complete",
        "proceedings_ended",
        Text(
            "程序已终结、已移送，或不予立案且救济途径已用尽",
            "the proceedings have ended, were transferred, or were not filed with every remedy used",
        ),
        _proceedings_ended,
        (25,),
    ),
    Requirement(
        S.RESCUE,
        "complete",
        "handover_received",
        Text("民政部门已确认接收", "civil affairs confirmed that they received the person"),
        lambda f: bool(_received(f)),
        (30, 20),
    ),
    Requirement(
        S.RESCUE,
        "complete",
        "needs_screen_done",
        Text("已做需求初筛", "the first screening of needs is done"),
        lambda f: any(record.body.get("needs_screen_done") is True for record in _received(f)),
        (30, 20),
    ),
    Requirement(
        S.RESCUE,
        "decline",
        "in_private_with_interpreter",
        Text("单独面谈，并有独立译员", "asked in private, with an independent interpreter"),
        _declined_in_private,
        source="法释〔2016〕28号 5",
    ),
    Requirement(
        S.RESCUE,
        "decline",
        "women_or_cab_present",
        Text("妇联或民政部门在场", "the women's federation or civil affairs was present"),
        _witnessed,
        (30, 20),
    ),
    Requirement(
        S.RESCUE,
        "decline",
        "date_to_ask_again",
        Text("已约定再次询问的日期", "a date to ask again is set"),
        lambda f: f.move.get("ask_again_on") is not None,
        source="法释〔2016〕28号 5",
    ),
    Requirement(
        S.RESCUE,
        "rule_out",
        "seen_safe_in_private",
        Text("已单独见到本人并确认安全", "the person was seen safe, in private"),
        _seen_safe,
        (30, 20),
    ),
    Requirement(
        S.RESCUE,
        "close_unmet",
        "rescue_is_never_closed_unmet",
        Text(
            "尚未找到的人：暂停并每90天复查，不得结案",
            "somebody not yet found: hold and review every 90 days, never close",
        ),
        lambda _f: False,
        (30, 20),
    ),
    Requirement(
        S.SHELTER,
        "complete",
        "safe_exit",
        Text("离开去往安全之处，或成年人自己的选择", "an exit to a safe place, or an adult's own choice"),
        _safe_exit,
        (31,),
    ),
    Requirement(
        S.SHELTER,
        "complete",
        "guardianship_before_exit",
        Text("未成年人离开前须有安全的监护安排", "a child leaves only into safe guardianship"),
        _guardian_safe,
        (31, 40),
    ),
    Requirement(
        S.MEDICAL_CARE,
        "complete",
        "discharged",
        Text("已出院或结束治疗", "discharged from care"),
        lambda f: bool(f.of("discharge")),
        (34,),
    ),
    Requirement(
        S.MEDICAL_CARE,
        "complete",
        "grading_settled",
        Text(
            "残疾评定已有结果、争议已处理或本人不需要",
            "grading certified, its dispute decided, or not wanted",
        ),
        _grading_settled,
        (34,),
    ),
    Requirement(
        S.FAMILY_TRACING,
        "complete",
        "tracing_ended",
        Text(
            "已团圆、评估后不宜团圆，或已出具12个月查找不到证明",
            "reunion, reunion refused after assessment, or the 12-month certificate",
        ),
        _tracing_ended,
        (32,),
    ),
    Requirement(
        S.FAMILY_TRACING,
        "record:reunion",
        "assessment_cleared",
        Text("团圆评估已通过", "the reunion assessment is cleared"),
        _reunion_cleared,
        (32, 30),
    ),
    Requirement(
        S.FAMILY_TRACING,
        "record:reunion",
        "relatives_not_suspects",
        Text("公安机关确认亲属不是嫌疑人", "the police confirmed that the relatives are not suspects"),
        _relatives_not_suspects,
        (32, 26),
    ),
    Requirement(
        S.FAMILY_TRACING,
        "record:reunion",
        "child_heard",
        Text("已听取孩子本人意见", "the child was heard"),
        _child_heard,
        (32,),
    ),
    Requirement(
        S.FAMILY_TRACING,
        "record:reunion",
        "guardianship_before_reunion",
        Text("监护安排安全", "guardianship is safe"),
        _guardian_safe,
        (32, 40),
    ),
    Requirement(
        S.HOUSEHOLD_REGISTRATION,
        "complete",
        "registered",
        Text("已登记户口", "the household registration is made"),
        lambda f: bool(f.of("registration")),
        (33,),
    ),
    Requirement(
        S.HOUSEHOLD_REGISTRATION,
        "complete",
        "benefit_decided",
        Text("社会保障已有决定", "the social-security decision is made"),
        lambda f: bool(f.of("benefit_decision")),
        (33,),
    ),
    Requirement(
        S.SCHOOLING,
        "complete",
        "attending_or_completed",
        Text("入学90天仍在读，或课程已完成", "attending 90 days after enrolment, or the course completed"),
        _attending,
        (36,),
    ),
    Requirement(
        S.EMPLOYMENT,
        "begin",
        "of_working_age",
        Text("年龄已知且年满16周岁", "the age is known, and 16 or more"),
        lambda f: f.years is not None and f.years >= WORKING_AGE,
        (37,),
        "禁止使用童工规定 2",
    ),
    Requirement(
        S.EMPLOYMENT,
        "begin",
        "willing",
        Text("30天内本人私下表示过愿意", "the person said so in private within the last 30 days"),
        lambda f: bool(f.person and f.person.willing_to_work),
        (37,),
    ),
    Requirement(
        S.EMPLOYMENT,
        "begin",
        "guardian_informed",
        Text("16、17岁：已告知安全的监护人", "at 16 and 17: a safe guardian is informed"),
        _guardian_safe,
        (37, 40),
    ),
    Requirement(
        S.EMPLOYMENT,
        "complete",
        "privately_checked",
        Text(
            "满90天由工会或妇联单独回访，或本人已停止",
            "a private check by the union or the women's federation at 90 days, or stopped by the person",
        ),
        _work_checked,
        (37,),
    ),
    Requirement(
        S.RIGHTS_SUPPORT,
        "complete",
        "rights_explained",
        Text("已说明权利", "the rights were explained"),
        lambda f: bool(f.of("rights_information")),
        (35,),
    ),
    Requirement(
        S.RIGHTS_SUPPORT,
        "complete",
        "claims_closed",
        Text("每项请求都已办结", "each claim is closed"),
        _claims_closed,
        (35, 38),
    ),
    Requirement(
        S.REINTEGRATION_SUPPORT,
        "complete",
        "goals_settled",
        Text("复查时目标已达成或本人不再需要", "goals met, or declined at a review"),
        lambda f: f.last("review", "outcome") in ("goals_met", "declined"),
        (38,),
    ),
    Requirement(
        S.GUARDIANSHIP,
        "complete",
        "guardianship_settled",
        Text(
            "有安全的监护人、法院裁定、收养，或已成年",
            "a safe guardian, a court order, adoption, or majority",
        ),
        _guardianship_settled,
        (40,),
    ),
    Requirement(
        S.GUARDIANSHIP,
        "rule_out",
        "age_decided_adult",
        Text("年龄认定为成年", "the age was decided to be adult"),
        lambda f: not f.minor,
        (40,),
    ),
    Requirement(
        S.REPATRIATION,
        "complete",
        "received_or_alternative",
        Text(
            "接收方签收并由民政移交，或已有其他身份安排",
            "received by the named carer and handed over, or an alternative status",
        ),
        lambda f: bool(f.of("alternative_status")) or bool(f.of("reception") and f.of("handover")),
        (47,),
    ),
    Requirement(
        S.REPATRIATION,
        "record:voluntary_return",
        "return_risk_cleared",
        Text("返回风险评估已通过", "the return risk is cleared"),
        lambda f: f.last("return_risk_assessment", "outcome") == "cleared",
        (47,),
    ),
    Requirement(
        S.FOLLOW_UP,
        "complete",
        "contacts_done_or_ended",
        Text("计划内的联系已完成，或本人已结束", "the planned contacts are done, or the person ended it"),
        _contacts_done,
        (39,),
    ),
)


def unmet(facts: Facts, action: str) -> list[Unmet]:
    """Every requirement of this action on this stage that is open, in the table's order; never only the first."""
    asked = (row for row in REQUIREMENTS if row.action == action and row.stage in (None, facts.stage))
    return [row.unmet() for row in asked if not row.met(facts)]


def blockers(facts: Facts, state: StageState) -> list[Unmet]:
    """What still stands between this stage and its next step: `begin` once accepted, `complete` once begun."""
    if state in ENDED_STATES:
        return []
    return unmet(facts, "begin" if state not in (StageState.ACTIVE, StageState.ON_HOLD) else "complete")


CLOSING_REASONS: Final = (
    "goals_met",
    "declined_by_victim",
    "moved_jurisdiction",
    "repatriated",
    "unfounded",
    "merged_duplicate",
    "deceased",
    "contact_lost",
)
ADULT_CLOSING_REASONS: Final = frozenset({"declined_by_victim", "contact_lost"})


def unmet_to_close(
    *, reason: str, any_minor: bool, approved: bool, open_stages: Sequence[UUID]
) -> list[Unmet]:
    """What closing a case still needs (workflow 2, case)."""
    checks = (
        (not open_stages, "stages_ended", Text("所有阶段均已结束", "every stage has ended")),
        (approved, "approved_by_another_agency", Text("另一机构已批准", "another agency has approved")),
        (
            not (any_minor and reason in ADULT_CLOSING_REASONS),
            "reason_for_adults_only",
            Text("该理由只适用于成年人", "this reason is for adults only"),
        ),
    )
    return [Unmet(code, text, (39,)) for met, code, text in checks if not met]
