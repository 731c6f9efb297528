"""What the steps on a case's timeline are called, in both languages, and of which kind each is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.texts import Text


class Kind(StrEnum):
    """What a reader asks for. Reads and some refusals stand in the log of reads, everything else in the chain."""

    CHANGE = "change"
    READ = "read"
    REFUSAL = "refusal"
    ROUTING = "routing"
    CLOCK = "clock"
    CONSENT = "consent"
    NOTICE = "notice"
    FILE = "file"


KIND_NAMES: Final[Mapping[Kind, Text]] = MappingProxyType(
    {
        Kind.CHANGE: Text("变更", "change"),
        Kind.READ: Text("查阅", "read"),
        Kind.REFUSAL: Text("拒绝", "refusal"),
        Kind.ROUTING: Text("流转", "routing"),
        Kind.CLOCK: Text("时限", "clock"),
        Kind.CONSENT: Text("同意", "consent"),
        Kind.NOTICE: Text("告知", "notice"),
        Kind.FILE: Text("案卷", "file"),
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    kind: Kind
    text: Text


def _steps(kind: Kind, **texts: tuple[str, str]) -> dict[str, Step]:
    return {action: Step(kind, Text(*text)) for action, text in texts.items()}


STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        **_steps(
            Kind.CHANGE,
            begin=("开始办理", "work begun"),
            complete=("办理完毕", "completed"),
            hold=("暂停办理", "put on hold"),
            resume=("恢复办理", "resumed"),
            decline=("本人不需要", "declined by the person"),
            offer_again=("再次提供", "offered again"),
            rule_out=("确认不适用", "ruled out"),
            close_unmet=("未达成而结束", "closed unmet"),
            reopen=("重新开启", "opened again"),
            record=("添加记录", "record added"),
            identification=("被害人身份认定", "identification decided"),
            age_decision=("年龄认定", "age decided"),
            void_age_decision=("年龄认定作废", "age decision voided"),
            needs_assessment=("需求评估", "needs assessed"),
            add_victim=("登记当事人", "person named"),
            change_victim=("补充或更正当事人信息", "person's record changed"),
            record_willingness=("记录本人就业意愿", "willingness to work recorded"),
            record_death=("记录死亡", "death recorded"),
            add_relative=("登记亲属", "relative added"),
            change_relative=("更正亲属信息", "relative's record changed"),
            set_conflict=("提出利益冲突", "conflict set"),
            confirm_conflict=("确认利益冲突", "conflict confirmed"),
            clear_conflict=("解除利益冲突", "conflict cleared"),
            ask_approval=("请求批准", "approval asked"),
            approve=("批准", "approved"),
            withdraw_approval=("撤回批准请求", "approval withdrawn"),
            restate=("状态随之变化", "standing changed by what went before"),
        ),
        **_steps(
            Kind.ROUTING,
            plan=("列入计划", "planned"),
            route=("分派", "routed"),
            accept=("接收", "accepted"),
            send_back=("退回", "sent back"),
            name_officers=("指定承办人", "officers named"),
            vacate_post=("承办人空缺", "officer's post vacated"),
            hand_over=("提出移交", "handover offered"),
            withdraw_hand_over=("撤回移交", "handover withdrawn"),
            accept_hand_over=("接收移交", "handover accepted"),
            move_up=("上提一级", "moved one level up"),
            invite=("邀请参与", "unit invited"),
            end_invitation=("结束邀请", "invitation ended"),
        ),
        **_steps(
            Kind.REFUSAL,
            refuse_hand_over=("拒绝移交", "handover refused"),
            refuse_approval=("不予批准", "approval refused"),
            refuse_merge=("不同意并案", "merge refused"),
            refuse_erasure=("不予删除", "erasure refused"),
            refused=("请求查阅而未获准", "asked for and not shown"),
        ),
        **_steps(
            Kind.CLOCK,
            remind=("到期提醒", "reminder"),
            due=("到期", "due"),
            overdue=("逾期", "overdue"),
            escalate=("逾期上报", "escalated"),
            extend=("延长期限", "more time given"),
            recompute=("重新计算期限", "due time counted anew"),
        ),
        **_steps(
            Kind.CONSENT,
            ask_consent=("征询同意", "consent asked"),
            give_consent=("同意", "consent given"),
            refuse_consent=("不同意", "consent refused"),
            withdraw_consent=("撤回同意", "consent withdrawn"),
            expire_consent=("同意到期", "consent expired"),
            rest_on_consent=("适用其他依据", "another basis relied on"),
            assent_consent=("记录本人意见", "person's own assent recorded"),
        ),
        **_steps(
            Kind.NOTICE,
            write_letter=("收到来信", "letter received"),
            answer_letter=("回复来信", "letter answered"),
            ask_request=("发出不具名请求", "nameless request sent"),
            answer_request=("答复不具名请求", "nameless request answered"),
            withdraw_request=("撤回不具名请求", "nameless request withdrawn"),
            open_in_emergency=("紧急查阅", "opened in an emergency"),
            renew_emergency_access=("延续紧急查阅", "emergency access renewed"),
            end_emergency_access=("结束紧急查阅", "emergency access ended"),
            review_emergency_access=("复核紧急查阅", "emergency access reviewed"),
            give_door_code=("发放本人入口码", "code for the own door given"),
            revoke_door_code=("收回本人入口码", "code for the own door revoked"),
            end_door=("关闭本人入口", "own door closed"),
            guardian_attempt=("存疑监护人尝试接触", "attempt by a guardian in question"),
        ),
        **_steps(
            Kind.FILE,
            open=("立卷", "case opened"),
            close=("结案", "case closed"),
            join_report=("并入报告", "report joined"),
            ask_merge=("请求并案", "merge asked"),
            merge=("并案", "merged"),
            undo_merge=("撤销并案", "merge undone"),
            set_legal_hold=("设定保全", "legal hold set"),
            release_legal_hold=("解除保全", "legal hold released"),
            erase=("删除案卷内个人信息", "file erased"),
            erase_person=("删除个人信息", "person erased"),
            export_person=("向本人提供其信息", "copy made for the person"),
        ),
    }
)
"""By the action of an entry. `refused` stands in the log of reads."""


def kind_of(action: str) -> Kind:
    """A step that the table does not know is a change."""
    step = STEPS.get(action)
    return Kind.CHANGE if step is None else step.kind


def name_of(action: str, language: str) -> str:
    """What the step is called; one that the table does not know by its own word."""
    step = STEPS.get(action)
    return action if step is None else step.text.in_language(language)


def actions_of(kind: Kind) -> frozenset[str]:
    return frozenset(action for action, step in STEPS.items() if step.kind is kind)


def is_late(happened_at: datetime, recorded_at: datetime, after: timedelta) -> bool:
    """Whether it was learned more than `after` later than it happened."""
    return recorded_at - happened_at > after
