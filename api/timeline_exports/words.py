"""How an item reads on paper: a heading and a few lines, in one language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.actors import ROLE_NAMES
from domain.clocks import CLOCKS
from domain.people import DAY_BOUNDARY
from domain.stages import STAGE_NAMES, STATE_NAMES, StageCode, StageState
from domain.texts import Language, Text
from domain.timeline_kinds import KIND_NAMES, Kind, name_of

Line = Mapping[str, object]
Names = Mapping[UUID, Text]

_DID: Final[Mapping[str, Text]] = {
    "started": Text("开始计时", "started"),
    "met": Text("已履行", "met"),
    "stopped": Text("停止", "stopped"),
    "paused": Text("暂停", "paused"),
    "resumed": Text("恢复", "resumed"),
}
_CASE_STATES: Final = {"open": Text("办理中", "open"), "closed": Text("已结案", "closed")}
_TITLE: Final = Text("案件时间线", "Timeline of a case")
_WITHHELD: Final = Text(
    "其他单位的事项，内容不予显示。", "Another agency's own matter; what it says is withheld."
)
_LATE: Final = Text("补记", "recorded late")
_WORDS: Final[Mapping[str, Text]] = {
    "happened": Text("发生于", "happened"),
    "corrects": Text("更正第{}条", "corrects no. {}"),
    "by": Text("办理：", "By: "),
    "unit": Text("涉及单位：", "Unit named: "),
    "held_by": Text("承办单位：", "Held by: "),
    "due": Text("到期", "due"),
    "clock": Text("时限：", "Clock: "),
    "rule": Text("依规则自动", "by rule"),
    "articles": Text("依据：实施细则第{}条", "Implementing Rules, Art. {}"),
    "looked": Text("查阅对象：", "Looked at: "),
}


@dataclass(frozen=True, slots=True)
class Block:
    """One item on paper: its number, when it was learned, a heading, what else there is to say, its digest."""

    number: str
    recorded: str
    heading: str
    lines: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Words:
    """Speaks one language, and knows what units are called."""

    language: Language
    names: Names

    def title(self) -> str:
        return self.of(_TITLE)

    def of(self, text: Text) -> str:
        return text.in_language(self.language)

    def block(self, item: Line) -> Block:
        number = "" if item["seq"] is None else str(item["seq"])
        digest = str(item["digest"] or "")
        recorded = local(str(item["recorded_at"]))
        what = item.get("what")
        if not isinstance(what, Mapping):
            return Block(number, recorded, self.of(_WITHHELD), (), digest)
        return Block(number, recorded, self._heading(item, what), tuple(self._lines(item, what)), digest)

    def _heading(self, item: Line, what: Line) -> str:
        kind = self.of(KIND_NAMES[Kind(str(item["kind"]))])
        parts = [name_of(str(what["action"]), self.language)]
        if code := what.get("stage"):
            parts.append(self.of(STAGE_NAMES[StageCode(str(code))]))
        marks = [self.of(_LATE)] if item["late"] else []
        if item["corrects"] is not None:
            marks.append(self.of(_WORDS["corrects"]).format(item["corrects"]))
        said = " · ".join(parts)
        said = said[:1].upper() + said[1:]
        return f"[{kind}] {said}" + (f"（{'，'.join(marks)}）" if marks and self._zh else _brackets(marks))

    @property
    def _zh(self) -> bool:
        return self.language is Language.ZH

    def _lines(self, item: Line, what: Line) -> Iterator[str]:
        if item["happened_at"] != item["recorded_at"]:
            yield f"{self.of(_WORDS['happened'])} {local(str(item['happened_at']))}"
        who = item.get("who")
        if isinstance(who, Mapping):
            yield self._doer(who)
        yield from self._standing(what)
        if isinstance(clocks := what.get("clocks"), list):
            yield from (self._clock(one) for one in clocks if isinstance(one, Mapping))
        if item["seq"] is None:
            yield f"{self.of(_WORDS['looked'])}{what['subject']} {what['subject_id'] or ''}"
        if isinstance(articles := what.get("articles"), list) and articles:
            numbers = ("、" if self._zh else ", ").join(str(one) for one in articles)
            yield self.of(_WORDS["articles"]).format(numbers)

    def _doer(self, who: Line) -> str:
        role = ROLE_NAMES.get(str(who.get("role")))
        parts = [self.unit(who.get("unit_id")), self.of(role) if role else str(who.get("role"))]
        if who.get("by_rule"):
            parts.append(self.of(_WORDS["rule"]))
        return self.of(_WORDS["by"]) + " · ".join(part for part in parts if part)

    def _standing(self, what: Line) -> Iterator[str]:
        """From which state to which, which unit is meant, who holds it now and until when."""
        source, target = self._state(what.get("from")), self._state(what.get("to"))
        stands = what.get("stands")
        holder = stands.get("unit_id") if isinstance(stands, Mapping) else None
        parts = []
        if target:
            parts.append(target if source in ("", target) else f"{source} → {target}")
        if what.get("unit_id"):
            parts.append(self.of(_WORDS["unit"]) + self.unit(what["unit_id"]))
        if holder:
            parts.append(self.of(_WORDS["held_by"]) + self.unit(holder))
        if parts:
            yield "；".join(parts) if self._zh else "; ".join(parts)

    def _state(self, code: object) -> str:
        if not code:
            return ""
        word = str(code)
        if word in set(StageState):
            return self.of(STATE_NAMES[StageState(word)])
        return self.of(_CASE_STATES[word]) if word in _CASE_STATES else word

    def _clock(self, step: Line) -> str:
        clock = CLOCKS.get(str(step["clock"]))
        called = self.of(clock.text) if clock else str(step["clock"])
        did, due = self.of(_DID[str(step["did"])]), self.of(_WORDS["due"])
        return f"{self.of(_WORDS['clock'])}{called} — {did}, {due} {local(str(step['due_at']))}"

    def unit(self, unit_id: object) -> str:
        if not unit_id:
            return ""
        name = self.names.get(UUID(str(unit_id)))
        return str(unit_id) if name is None else self.of(name)


def _brackets(marks: list[str]) -> str:
    return f" ({', '.join(marks)})" if marks else ""


def local(moment: str) -> str:
    """An instant where the agencies work, to the second."""
    return datetime.fromisoformat(moment).astimezone(DAY_BOUNDARY).strftime("%Y-%m-%d %H:%M:%S")


def units_in(item: Line) -> Iterator[UUID]:
    """Every unit whose name an item needs."""
    what, who = item.get("what"), item.get("who")
    sections = [one for one in (what, who) if isinstance(one, Mapping)]
    if isinstance(what, Mapping) and isinstance(stands := what.get("stands"), Mapping):
        sections.append(stands)
    yield from (UUID(str(one["unit_id"])) for one in sections if one.get("unit_id"))
