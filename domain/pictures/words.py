"""What machines, states, actions and movers are called in the pictures."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from domain.conflicts import Party
from domain.stages import STATE_NAMES, StageState
from domain.texts import Text
from domain.workflow import ENDED, MACHINES, By, Machine

MACHINE_NAMES: Final[Mapping[Machine, Text]] = MappingProxyType(
    {
        Machine.REPORT: Text("报告", "Report"),
        Machine.CASE: Text("案件", "Case"),
        Machine.STAGE: Text("阶段", "Stage"),
        Machine.CONSENT: Text("同意", "Consent"),
    }
)

BY_NAMES: Final[Mapping[By, Text]] = MappingProxyType(
    {
        By.RULE: Text("规则", "rule"),
        By.REPORTER: Text("报告人", "reporter"),
        By.OWNER: Text("案件主办单位", "case owner"),
        By.RESPONSIBLE: Text("责任单位", "responsible unit"),
        By.OFFERED: Text("受邀接手单位", "offered unit"),
        By.SUPERVISOR: Text("主管", "supervisor"),
        By.PERSON: Text("本人", "the person"),
    }
)

PARTY_NAMES: Final[Mapping[Party, Text]] = MappingProxyType(
    {
        Party.RULE: Text("规则", "rule"),
        Party.WORKS_FOR_THE_CHILD: Text("为孩子工作的任何单位", "any unit that works for the child"),
        Party.UNIT_IN_THE_CASE: Text("案件中的任何单位", "any unit in the case"),
        Party.REPORTER: Text("报告人", "reporter"),
        Party.GUARDIANSHIP_UNIT: Text("负责监护的单位", "unit responsible for guardianship"),
        Party.LEVEL_ABOVE: Text("同一机构上一级", "same agency, one level up"),
        Party.PROSECUTOR: Text("检察机关", "procuratorate"),
    }
)

# The stage's own states have their names in domain.stages.
_STATE_NAMES: Final[Mapping[tuple[Machine, str], Text]] = MappingProxyType(
    {
        (Machine.REPORT, "received"): Text("已收到", "Received"),
        (Machine.REPORT, "screening"): Text("核查中", "Being screened"),
        (Machine.REPORT, "accepted"): Text("已受理", "Accepted"),
        (Machine.REPORT, "referred_out"): Text("已转出", "Referred out"),
        (Machine.REPORT, "unfounded"): Text("查无实据", "Unfounded"),
        (Machine.REPORT, "duplicate"): Text("重复", "Duplicate"),
        (Machine.CASE, "open"): Text("办理中", "Open"),
        (Machine.CASE, "closed"): Text("已结案", "Closed"),
        (Machine.CONSENT, "asked"): Text("已询问", "Asked"),
        (Machine.CONSENT, "given"): Text("已同意", "Given"),
        (Machine.CONSENT, "refused"): Text("不同意", "Refused"),
        (Machine.CONSENT, "withdrawn"): Text("已撤回", "Withdrawn"),
        (Machine.CONSENT, "expired"): Text("已到期", "Expired"),
    }
)

ACTIONS_IN_CHINESE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "receive": "收到",
        "screen": "核查",
        "accept": "受理",
        "mark_duplicate": "标为重复",
        "find_unfounded": "认定查无实据",
        "refer_out": "提出转出",
        "accept_referral": "接受转出",
        "refuse_referral": "拒绝转出",
        "screen_again": "重新核查",
        "answer": "答复",
        "open": "开启",
        "hand_over": "提出移交",
        "withdraw_hand_over": "撤回移交",
        "accept_hand_over": "接受移交",
        "refuse_hand_over": "拒绝移交",
        "close": "结案",
        "reopen": "重新开启",
        "plan": "计划",
        "route": "分派",
        "send_back": "退回",
        "name_officers": "指定经办人",
        "extend": "延长期限",
        "begin": "开始",
        "complete": "完成",
        "hold": "暂缓",
        "resume": "恢复",
        "decline": "本人不需要",
        "offer_again": "再次提供",
        "rule_out": "排除",
        "close_unmet": "未达成结束",
        "ask": "询问",
        "give": "同意",
        "refuse": "不同意",
        "withdraw": "撤回",
        "expire": "到期",
        "rest_on": "以其他依据为准",
        "escalate": "升级",
        "erase": "删除个人信息",
        "move_up": "移交上一级",
    }
)


def state_name(machine: Machine, state: str) -> Text:
    """The name of a state in both languages; KeyError when the machine has no such state."""
    if machine is Machine.STAGE:
        return STATE_NAMES[StageState(state)]
    return _STATE_NAMES[machine, state]


def states(machine: Machine) -> tuple[str, ...]:
    """Every state of a machine, the nearest to its start first and the ended ones last: a simple layering."""
    rows = MACHINES[machine]
    depth: dict[str, int] = {}
    layer = [row.target for row in rows if row.target and not row.sources]
    while layer:
        depth |= dict.fromkeys(layer, len(set(depth.values())))
        reached = [row.target for row in rows if depth.keys() & set(row.sources)]
        layer = [target for target in reached if target and target not in depth]
    return tuple(sorted(depth, key=lambda state: (state in ENDED[machine], depth[state])))
