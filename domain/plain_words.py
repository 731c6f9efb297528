"""What is being done, said to the person whom it is done for: short sentences, both languages, no officer, no address."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from domain.stages import StageCode, StageState
from domain.texts import Text

WHAT: Final[Mapping[StageCode, Text]] = MappingProxyType(
    {
        StageCode.RESCUE: Text("帮助你离开危险", "Getting you out of danger."),
        StageCode.SHELTER: Text("为你找一个安全的住处", "A safe place for you to stay."),
        StageCode.MEDICAL_CARE: Text(
            "看病、治疗，也可以和心理医生谈谈", "Seeing a doctor, and somebody to talk to if you want."
        ),
        StageCode.FAMILY_TRACING: Text(
            "寻找你的家人；没有你的同意，不会通知任何人",
            "Looking for your family. Nobody is told without your consent.",
        ),
        StageCode.HOUSEHOLD_REGISTRATION: Text("为你办理户口和身份证件", "Your registration and papers."),
        StageCode.SCHOOLING: Text("为你安排上学", "A place at a school for you."),
        StageCode.EMPLOYMENT: Text(
            "帮你学技能、找工作；你随时可以停下",
            "Training and work, if you want it. You may stop at any time.",
        ),
        StageCode.RIGHTS_SUPPORT: Text(
            "律师帮你了解和维护你的权利", "A lawyer who explains and defends your rights."
        ),
        StageCode.REINTEGRATION_SUPPORT: Text("帮你重新安顿生活", "Help with settling into daily life."),
        StageCode.GUARDIANSHIP: Text(
            "确定由谁来照顾和保护你", "Settling who looks after you and protects you."
        ),
        StageCode.REPATRIATION: Text(
            "你想回国时，帮你平安回去；不想回也没关系",
            "If you want to return to your country: a safe way back. You need not.",
        ),
        StageCode.FOLLOW_UP: Text(
            "按你选的时间和方式，问问你过得怎样", "Asking how you are, when and in the way you chose."
        ),
    }
)
_WAITS: Final = Text("正在找合适的单位接手", "An office is being found that takes it on.")
NOW: Final[Mapping[StageState, Text]] = MappingProxyType(
    {
        StageState.PLANNED: _WAITS,
        StageState.RETURNED: _WAITS,
        StageState.ROUTED: Text("单位已收到，等待答复", "An office was asked and is to answer."),
        StageState.ACCEPTED: Text("单位已接手，即将开始", "An office has taken it on and will begin soon."),
        StageState.ACTIVE: Text("正在办理", "It is being done now."),
        StageState.ON_HOLD: Text("暂时停下，到时会再看", "It is paused, and will be looked at again."),
        StageState.COMPLETED: Text("已经完成", "It is done."),
        StageState.DECLINED: Text(
            "你说过不需要；这不影响其他帮助", "You said no. No other help changes for it."
        ),
        StageState.NOT_APPLICABLE: Text("现在不需要", "It is not needed."),
        StageState.CLOSED_UNMET: Text(
            "没能办成，已经结束；可以要求重新开始",
            "It could not be done and has ended. You may ask to begin again.",
        ),
    }
)
_OFFER: Final = Text("你随时可以改变主意", "You may change your mind on any day.")
_END: Final = Text("以后需要时可以再提出", "You may ask for it again whenever you need it.")
NEXT: Final[Mapping[StageState, Text]] = MappingProxyType(
    {
        StageState.PLANNED: Text("接下来会请一个单位接手", "Next, an office is asked to take it on."),
        StageState.RETURNED: Text("接下来会请另一个单位接手", "Next, another office is asked."),
        StageState.ROUTED: Text("接下来由该单位答复", "Next, that office answers."),
        StageState.ACCEPTED: Text("接下来会和你商量怎样开始", "Next, they talk with you about how to begin."),
        StageState.ACTIVE: Text("接下来会告诉你结果", "Next, you are told what came of it."),
        StageState.ON_HOLD: Text("到了约定的日子会继续", "It goes on at the date that was set."),
        StageState.COMPLETED: _END,
        StageState.DECLINED: _OFFER,
        StageState.NOT_APPLICABLE: _END,
        StageState.CLOSED_UNMET: _END,
    }
)
RIGHTS: Final = (
    Text(
        "每一项帮助都可以说好，也可以说不；说不不会失去别的帮助",
        "You may say yes or no to each kind of help. A no takes no other help away.",
    ),
    Text("同意过的事可以随时收回", "What you agreed to you may take back at any time."),
    Text(
        "帮助不取决于你是否配合调查或作证",
        "Help does not depend on whether you talk to the police or in court.",
    ),
    Text(
        "你可以看到记录了你什么，并要求更正", "You may read what is written about you, and have it corrected."
    ),
    Text("你可以知道哪类单位看过你的记录", "You may know what kind of office looked at it, and when."),
    Text("你可以投诉，由另一个单位处理", "You may complain; another office than that one answers."),
    Text("有危险时请拨打110", "In danger, call 110."),
)
