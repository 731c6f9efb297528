"""The clocks and their ladders as rows of a Markdown table, Chinese and English in each cell."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from domain.clocks import CLOCKS, Clock, DayType, Unit
from domain.ladders import LADDERS, Ladder, Rung, RungAction, Told
from domain.texts import Text

CLOCK_HEADS: Final = (
    "时限 Clock",
    "起算 Starts",
    "长度 Length",
    "可暂停/可延长/师市可设 Pausable / extendable / a division sets",
    "依据 Source",
    "已核实 Verified",
    "提醒阶梯 Ladder",
)
LADDER_HEADS: Final = ("提醒阶梯 Ladder", "何时 When", "做什么 What", "告知谁 Who is told")

_UNITS: Final[Mapping[Unit, Text]] = {
    Unit.MINUTES: Text("分钟", "minutes"),
    Unit.HOURS: Text("小时", "hours"),
    Unit.DAYS: Text("日", "days"),
    Unit.WORKING_DAYS: Text("个工作日", "working days"),
    Unit.MONTHS: Text("个月", "months"),
}
_DAY_TYPES: Final[Mapping[DayType, Text]] = {
    DayType.ELAPSED: Text("连续计算", "elapsed"),
    DayType.CALENDAR: Text("自然日，当日24时止", "to the end of the civil day"),
    DayType.WORKING: Text("含调休上班日，当日24时止", "make-up days counted, to the end of the day"),
}
_TOLD: Final[Mapping[Told, Text]] = {
    Told.UNIT: Text("责任单位", "responsible unit"),
    Told.SUPERVISOR: Text("该单位主管", "its supervisor"),
    Told.CANDIDATE: Text("下一候选单位", "next candidate unit"),
    Told.OWNER: Text("案件负责单位", "case owner"),
    Told.OFFERED: Text("受移交单位", "unit that it was offered to"),
    Told.ABOVE: Text("上一级", "level above"),
    Told.CORPS: Text("兵团级单位", "corps unit"),
    Told.AUDITORS: Text("有关地区的审计人员", "auditors of the places concerned"),
}
_ACTIONS: Final[Mapping[RungAction, Text]] = {
    RungAction.REMIND: Text("提醒", "remind"),
    RungAction.DUE: Text("到期", "due"),
    RungAction.OVERDUE: Text("逾期", "overdue"),
    RungAction.ESCALATE: Text("上报", "escalate"),
}
_YES, _NO = Text("是", "yes"), Text("否", "no")


def clock_rows() -> Iterator[tuple[str, ...]]:
    """One row a clock."""
    return (_clock_row(clock) for clock in CLOCKS.values())


def _clock_row(clock: Clock) -> tuple[str, ...]:
    name = f"{_both(clock.text, '<br>')} `{clock.code}`"
    length = Text(f"{clock.amount}{_UNITS[clock.unit].zh}", f"{clock.amount} {_UNITS[clock.unit].en}")
    set_at_most = f"≤ {clock.most}" if clock.most is not None else _both(_NO)
    return (
        f"**{name}**" if clock.critical else name,
        _both(clock.starts, "<br>"),
        f"{_both(length)}<br>{_both(_DAY_TYPES[clock.day_type])}",
        f"{_either(clock.pausable)} / {_either(clock.extendable)} / {set_at_most}",
        clock.source,
        _either(clock.verified),
        f"`{clock.ladder}`",
    )


def ladder_rows() -> Iterator[tuple[str, ...]]:
    """One row a rung; the last one of a ladder says how often it comes again."""
    for ladder in Ladder:
        steps = LADDERS[ladder]
        for rung in steps.rungs:
            yield _rung_row(ladder, rung)
        if steps.again is not None:
            again = Text(f"此后每{_length(steps.again).zh}", f"then every {_length(steps.again).en}")
            yield f"`{ladder}`", _both(again), *_rung_row(ladder, steps.rungs[-1])[2:]


def _rung_row(ladder: Ladder, rung: Rung) -> tuple[str, str, str, str]:
    told = "<br>".join(_both(_TOLD[who]) for who in rung.told) or "–"
    return f"`{ladder}`", _both(_when(rung.after)), _both(_ACTIONS[rung.action]), told


def _when(after: timedelta) -> Text:
    if not after:
        return Text("到期时", "at the due time")
    length = _length(abs(after))
    if after < timedelta(0):
        return Text(f"到期前{length.zh}", f"{length.en} before")
    return Text(f"到期后{length.zh}", f"{length.en} after")


def _length(length: timedelta) -> Text:
    for unit, name, one in (
        (timedelta(days=1), Text("日", "days"), Text("1日", "1 day")),
        (timedelta(hours=1), Text("小时", "hours"), Text("1小时", "1 hour")),
        (timedelta(minutes=1), Text("分钟", "minutes"), Text("1分钟", "1 minute")),
    ):
        if not length % unit:
            count = length // unit
            return one if count == 1 else Text(f"{count}{name.zh}", f"{count} {name.en}")
    raise ValueError("a rung stands at a whole minute")


def _either(value: bool) -> str:
    return _both(_YES if value else _NO)


def _both(text: Text, between: str = " ") -> str:
    return f"{text.zh}{between}{text.en}"
