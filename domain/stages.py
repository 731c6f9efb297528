"""The fourteen stages of a person's way home: codes, names, states and the kinds of record each keeps."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.texts import Text


class StageCode(StrEnum):
    REPORT = "report"
    INVESTIGATION = "investigation"
    RESCUE = "rescue"
    SHELTER = "shelter"
    MEDICAL_CARE = "medical_care"
    FAMILY_TRACING = "family_tracing"
    HOUSEHOLD_REGISTRATION = "household_registration"
    SCHOOLING = "schooling"
    EMPLOYMENT = "employment"
    RIGHTS_SUPPORT = "rights_support"
    REINTEGRATION_SUPPORT = "reintegration_support"
    GUARDIANSHIP = "guardianship"
    REPATRIATION = "repatriation"
    FOLLOW_UP = "follow_up"


STAGE_NAMES: Final[Mapping[StageCode, Text]] = MappingProxyType(
    {
        StageCode.REPORT: Text("报案与举报", "Report"),
        StageCode.INVESTIGATION: Text("侦查", "Investigation"),
        StageCode.RESCUE: Text("解救", "Rescue"),
        StageCode.SHELTER: Text("安置与中转康复", "Shelter and transit recovery"),
        StageCode.MEDICAL_CARE: Text("医疗与心理服务", "Medical care"),
        StageCode.FAMILY_TRACING: Text("寻亲", "Family tracing"),
        StageCode.HOUSEHOLD_REGISTRATION: Text("户籍与社会保障", "Household registration"),
        StageCode.SCHOOLING: Text("入学与复学", "Schooling"),
        StageCode.EMPLOYMENT: Text("就业服务", "Employment support"),
        StageCode.RIGHTS_SUPPORT: Text("法律与维权支持", "Rights support"),
        StageCode.REINTEGRATION_SUPPORT: Text("回归社会支持", "Reintegration support"),
        StageCode.GUARDIANSHIP: Text("监护", "Guardianship"),
        StageCode.REPATRIATION: Text("送返与接收", "Return and reception"),
        StageCode.FOLLOW_UP: Text("回访", "Follow-up"),
    }
)


class Scope(StrEnum):
    """Whether a stage is one person's or the whole case's."""

    VICTIM = "victim"
    CASE = "case"


class StageState(StrEnum):
    PLANNED = "planned"
    ROUTED = "routed"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    DECLINED = "declined"
    NOT_APPLICABLE = "not_applicable"
    CLOSED_UNMET = "closed_unmet"


STATE_NAMES: Final[Mapping[StageState, Text]] = MappingProxyType(
    {
        StageState.PLANNED: Text("已计划", "Planned"),
        StageState.ROUTED: Text("待受理", "Awaiting acceptance"),
        StageState.RETURNED: Text("已退回", "Sent back"),
        StageState.ACCEPTED: Text("已受理", "Accepted"),
        StageState.ACTIVE: Text("办理中", "Under way"),
        StageState.ON_HOLD: Text("暂缓", "On hold"),
        StageState.COMPLETED: Text("已完成", "Completed"),
        StageState.DECLINED: Text("本人不需要", "Declined by the person"),
        StageState.NOT_APPLICABLE: Text("不适用", "Not applicable"),
        StageState.CLOSED_UNMET: Text("未达成结束", "Closed, need unmet"),
    }
)

ENDED_STATES: Final[frozenset[StageState]] = frozenset(
    {
        StageState.COMPLETED,
        StageState.DECLINED,
        StageState.NOT_APPLICABLE,
        StageState.CLOSED_UNMET,
    }
)
OPEN_STATES: Final[frozenset[StageState]] = frozenset(StageState) - ENDED_STATES

# A report keeps no records of its own: it has its own machine and its own receipt.
RECORD_KINDS: Final[Mapping[StageCode, tuple[str, ...]]] = MappingProxyType(
    {
        StageCode.REPORT: (),
        StageCode.INVESTIGATION: (
            "acceptance",
            "filing_decision",
            "finding",
            "interview",
            "rapid_search",
            "reconsideration",
            "higher_review",
            "prosecutor_demand",
            "withdrawn",
            "proceeding_reference",
        ),
        StageCode.RESCUE: ("rescue_plan", "rescue_carried_out", "handover"),
        StageCode.SHELTER: ("admission", "escort", "placement", "review", "exit_plan", "exit"),
        StageCode.MEDICAL_CARE: (
            "appointment",
            "attendance",
            "accommodation_need",
            "psychological_support",
            "disability_grading",
            "discharge",
        ),
        StageCode.FAMILY_TRACING: (
            "identity_check",
            "tracing_notice",
            "sample_request",
            "match_report",
            "reunion_assessment",
            "reunion",
            "support_duty",
            "not_found_certificate",
        ),
        StageCode.HOUSEHOLD_REGISTRATION: (
            "dossier",
            "submission",
            "registration",
            "benefit_decision",
            "appeal",
        ),
        StageCode.SCHOOLING: (
            "placement_assessment",
            "place_confirmed",
            "enrolment",
            "attendance_check",
            "school_transfer",
        ),
        StageCode.EMPLOYMENT: (
            "assessment",
            "training",
            "job_offer",
            "placement",
            "private_check",
            "stopped",
        ),
        StageCode.RIGHTS_SUPPORT: (
            "rights_information",
            "aid_application",
            "aid_decision",
            "lawyer_assigned",
            "claim",
            "protection_order",
            "claim_closed",
        ),
        StageCode.REINTEGRATION_SUPPORT: ("goals", "review", "help_given"),
        StageCode.GUARDIANSHIP: (
            "guardian_status",
            "family_assessment",
            "child_view",
            "court_order",
            "family_education",
        ),
        StageCode.REPATRIATION: (
            "interpreter",
            "status_explained",
            "own_request",
            "embassy_contact",
            "return_risk_assessment",
            "travel_document",
            "voluntary_return",
            "reception",
            "handover",
            "alternative_status",
        ),
        StageCode.FOLLOW_UP: ("contact_plan", "contact", "difficulty", "ended"),
    }
)

# Keyed by kind, since equal kinds share a label; by stage and kind only where Chinese needs another word.
RECORD_KIND_NAMES: Final[Mapping[tuple[StageCode, str] | str, Text]] = MappingProxyType(
    {
        "acceptance": Text("受案登记", "Acceptance"),
        "filing_decision": Text("立案决定", "Filing decision"),
        "finding": Text("处境认定", "Finding on the person's situation"),
        "interview": Text("询问", "Interview"),
        "rapid_search": Text("快速查找", "Rapid search"),
        "reconsideration": Text("复议", "Reconsideration"),
        "higher_review": Text("上级复核", "Review by the higher level"),
        "prosecutor_demand": Text("检察监督要求", "Prosecutor's demand"),
        "withdrawn": Text("撤案", "Case withdrawn"),
        "proceeding_reference": Text("诉讼编号", "Reference of proceedings"),
        "rescue_plan": Text("解救方案", "Rescue plan"),
        "rescue_carried_out": Text("解救经过", "Rescue carried out"),
        "handover": Text("交接", "Handover"),
        "admission": Text("入住登记", "Admission"),
        "escort": Text("护送", "Escort"),
        "placement": Text("安置", "Placement"),
        "review": Text("定期评估", "Review"),
        "exit_plan": Text("离开计划", "Exit plan"),
        "exit": Text("离开登记", "Exit"),
        "appointment": Text("预约", "Appointment"),
        "attendance": Text("到诊", "Attendance"),
        "accommodation_need": Text("便利需求", "Accommodation need"),
        "psychological_support": Text("心理疏导", "Psychological support"),
        "disability_grading": Text("残疾等级评定", "Disability grading"),
        "discharge": Text("医疗服务结束", "Discharge"),
        "identity_check": Text("身份查询", "Identity check"),
        "tracing_notice": Text("寻亲公告", "Tracing notice"),
        "sample_request": Text("采样申请", "Sample request"),
        "match_report": Text("比对结果", "Match report"),
        "reunion_assessment": Text("团圆评估", "Reunion assessment"),
        "reunion": Text("家庭团圆", "Reunion"),
        "support_duty": Text("抚养赡养义务告知", "Duty of support explained"),
        "not_found_certificate": Text("查找无果证明", "Certificate of relatives not found"),
        "dossier": Text("落户材料", "Registration dossier"),
        "submission": Text("提交申请", "Submission"),
        "registration": Text("户籍登记", "Household registration"),
        "benefit_decision": Text("社会保障决定", "Benefit decision"),
        "appeal": Text("申诉", "Appeal"),
        "placement_assessment": Text("入学评估", "School placement assessment"),
        "place_confirmed": Text("学位确认", "School place confirmed"),
        "enrolment": Text("入学", "Enrolment"),
        "attendance_check": Text("到校情况", "Attendance check"),
        "school_transfer": Text("转学", "School transfer"),
        "assessment": Text("就业评估", "Employment assessment"),
        "training": Text("职业技能培训", "Vocational training"),
        "job_offer": Text("岗位推荐", "Job offer"),
        (StageCode.EMPLOYMENT, "placement"): Text("上岗", "Start of work"),
        "private_check": Text("单独回访", "Private check"),
        "stopped": Text("本人停止", "Stopped by the person"),
        "rights_information": Text("权利告知", "Rights explained"),
        "aid_application": Text("法律援助申请", "Legal aid application"),
        "aid_decision": Text("法律援助决定", "Legal aid decision"),
        "lawyer_assigned": Text("指派律师", "Lawyer assigned"),
        "claim": Text("权利主张", "Claim"),
        "protection_order": Text("人身安全保护令", "Protection order"),
        "claim_closed": Text("权利主张办结", "Claim closed"),
        "goals": Text("本人目标", "Goals"),
        "help_given": Text("已提供的帮助", "Help given"),
        "guardian_status": Text("监护状况", "Guardian status"),
        "family_assessment": Text("家庭评估", "Family assessment"),
        "child_view": Text("儿童意见", "Child's view"),
        "court_order": Text("法院裁判", "Court order"),
        "family_education": Text("家庭教育指导", "Family education"),
        "interpreter": Text("翻译安排", "Interpreter"),
        "status_explained": Text("身份与选择告知", "Status and choices explained"),
        "own_request": Text("本人请求", "Own request"),
        "embassy_contact": Text("联系使领馆", "Embassy contact"),
        "return_risk_assessment": Text("返回风险评估", "Return risk assessment"),
        "travel_document": Text("旅行证件", "Travel document"),
        "voluntary_return": Text("自愿送返", "Voluntary return"),
        "reception": Text("接收", "Reception"),
        "alternative_status": Text("其他居留安排", "Alternative status"),
        "contact_plan": Text("联系计划", "Contact plan"),
        "contact": Text("联系记录", "Contact"),
        "difficulty": Text("实际困难", "Difficulty"),
        "ended": Text("结束回访", "Follow-up ended"),
    }
)


def record_kind_name(stage: StageCode, kind: str) -> Text:
    """The label of a kind of record in a stage; KeyError when the stage keeps no such kind."""
    if kind not in RECORD_KINDS[stage]:
        raise KeyError((stage.value, kind))
    own = RECORD_KIND_NAMES.get((stage, kind))
    return own if own is not None else RECORD_KIND_NAMES[kind]
