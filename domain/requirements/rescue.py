"""What rescue needs (Arts. 30, 20): nobody is left, nobody is taken against their will."""

from datetime import datetime, timedelta
from typing import Final

from domain.agencies import Agency
from domain.facts import Facts, Record, Requirement
from domain.people import Known
from domain.stages import StageCode
from domain.texts import Text

SEARCH_REVIEW: Final = timedelta(days=90)


def _received(facts: Facts) -> tuple[Record, ...]:
    """Handovers as the receiving side wrote them down: whoever hands over cannot sign for the receiver."""
    handovers = (record for record in facts.of("handover") if record.body.get("part") == "received")
    return tuple(record for record in handovers if record.agency is Agency.CAB)


def _seen_safe(facts: Facts) -> bool:
    return facts.finding.get("outcome") == "already_safe" and facts.finding.get("seen_in_private") is True


def _declined_in_private(facts: Facts) -> bool:
    return facts.move.get("in_private") is True and facts.move.get("independent_interpreter") is True


def _witnessed(facts: Facts) -> bool:
    present = facts.move.get("present")
    return isinstance(present, (list, tuple)) and bool({"CAB", "WOMEN"} & {str(agency) for agency in present})


def _woman_comes_along(facts: Facts) -> bool:
    known_male = facts.person is not None and facts.person.female is Known.NO
    return known_male or facts.last("rescue_plan", "female_officer") is True


def _can_be_understood(facts: Facts) -> bool:
    """The police speak Chinese; of somebody whose languages nobody wrote down it is not known that they do not."""
    shared = not facts.languages or any(language.partition("-")[0] == "zh" for language in facts.languages)
    return shared or facts.last("rescue_plan", "interpreter") is True


def _reviewed_in_time(facts: Facts) -> bool:
    review_at = facts.move.get("review_at")
    return isinstance(review_at, datetime) and review_at <= facts.at + SEARCH_REVIEW


ROWS: Final = (
    Requirement(
        StageCode.RESCUE,
        "record:rescue_carried_out",
        "rescue_planned",
        Text("事先有解救方案", "there was a plan before the rescue"),
        lambda f: bool(f.of("rescue_plan")),
        (30, 20),
    ),
    Requirement(
        StageCode.RESCUE,
        "record:rescue_carried_out",
        "woman_comes_along",
        Text("有女性工作人员同行", "a woman officer comes along"),
        _woman_comes_along,
        (30, 20),
    ),
    Requirement(
        StageCode.RESCUE,
        "record:rescue_carried_out",
        "interpreter_comes_along",
        Text("语言不通时有译员同行", "an interpreter comes along where the language differs"),
        _can_be_understood,
        (30, 20),
    ),
    Requirement(
        StageCode.RESCUE,
        "record:rescue_carried_out",
        "child_carer_comes_along",
        Text("未成年人：有照料儿童的人员同行", "a minor: somebody who cares for children comes along"),
        lambda f: not f.minor or f.last("rescue_plan", "child_carer") is True,
        (30, 20),
    ),
    Requirement(
        StageCode.RESCUE,
        "hold",
        "reviewed_within_90_days",
        Text("尚未找到的人：最迟90天后复查", "somebody not yet found: reviewed within 90 days"),
        _reviewed_in_time,
        (30, 20),
    ),
    Requirement(
        StageCode.RESCUE,
        "complete",
        "handover_received",
        Text("民政部门已确认接收", "civil affairs confirmed that they received the person"),
        lambda f: bool(_received(f)),
        (30, 20),
    ),
    Requirement(
        StageCode.RESCUE,
        "complete",
        "needs_screen_done",
        Text("已做需求初筛", "the first screening of needs is done"),
        lambda f: any(record.body.get("needs_screen_done") is True for record in _received(f)),
        (30, 20),
    ),
    Requirement(
        StageCode.RESCUE,
        "decline",
        "in_private_with_interpreter",
        Text("单独面谈，并有独立译员", "asked in private, with an independent interpreter"),
        _declined_in_private,
        source="法释〔2016〕28号 5",
    ),
    Requirement(
        StageCode.RESCUE,
        "decline",
        "women_or_cab_present",
        Text("妇联或民政部门在场", "the women's federation or civil affairs was present"),
        _witnessed,
        (30, 20),
    ),
    Requirement(
        StageCode.RESCUE,
        "decline",
        "date_to_ask_again",
        Text("已约定再次询问的日期", "a date to ask again is set"),
        lambda f: f.move.get("ask_again_on") is not None,
        source="法释〔2016〕28号 5",
    ),
    Requirement(
        StageCode.RESCUE,
        "rule_out",
        "seen_safe_in_private",
        Text("已单独见到本人并确认安全", "the person was seen safe, in private"),
        _seen_safe,
        (30, 20),
    ),
    Requirement(
        StageCode.RESCUE,
        "close_unmet",
        "rescue_is_never_closed_unmet",
        Text(
            "尚未找到的人：暂停并每90天复查，不得结案",
            "somebody not yet found: hold and review every 90 days, never close",
        ),
        lambda _f: False,
        (30, 20),
    ),
)
