"""The machines, drawn as ladders: a column a state, a rung an action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from domain.pictures.drawing import (
    APPROVED,
    COMMA,
    ENDED_SIGN,
    FLOW,
    GREY,
    HEAD,
    LINE,
    MARGIN,
    MONO,
    MONO_WIDTH,
    OF_THE_PERSON,
    PALE,
    PERSON,
    ROW,
    SAME,
    SOURCE,
    TARGET,
    WIDTH,
    Box,
    arrowhead,
    code_at,
    element,
    frame,
    moved_to,
    plain_number,
    stroke,
    text_at,
    text_length,
    wrapped,
)
from domain.pictures.words import ACTIONS_IN_CHINESE, BY_NAMES, MACHINE_NAMES, state_name, states
from domain.texts import Language
from domain.workflow import ENDED, MACHINES, By, Machine, Transition


@dataclass(frozen=True, slots=True)
class _Ladder:
    """One machine: a column for each state, a rung for each action, so that no label meets another."""

    machine: Machine
    language: Language
    x: float
    y: float
    width: float

    @property
    def rows(self) -> tuple[Transition, ...]:
        return MACHINES[self.machine]

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.width, HEAD + 22 + len(self.rows) * ROW + 10)

    @property
    def first(self) -> float:
        """Where the columns begin: after the longest action."""
        return (
            self.x
            + 14
            + max(text_length(_action(row, self.language), 11, MONO_WIDTH) for row in self.rows)
            + 22
        )

    @property
    def last(self) -> float:
        """Where the columns end: before the longest list of who may take an action."""
        return self.box.right - 30 - max(text_length(_takers(row, self.language), 11) for row in self.rows)

    def columns(self) -> dict[str, float]:
        """The middle of each state's column."""
        known = states(self.machine)
        step = (self.last - self.first) / len(known)
        return {state: self.first + (place + 0.5) * step for place, state in enumerate(known)}

    def height_of(self, rung: int) -> float:
        return self.y + HEAD + 22 + rung * ROW + ROW / 2


def _action(row: Transition, language: Language) -> str:
    return f"{ACTIONS_IN_CHINESE[row.action]} {row.action}" if language is Language.ZH else row.action


def _takers(row: Transition, language: Language) -> str:
    return COMMA.in_language(language).join(BY_NAMES[by].in_language(language) for by in row.by)


def _ladder(ladder: _Ladder) -> str:
    name = MACHINE_NAMES[ladder.machine].in_language(ladder.language)
    return element(
        "g",
        element("title", escape(name))
        + frame(ladder.box, rx=12, fill="#ffffff", stroke=LINE)
        + text_at(ladder.x + 14, ladder.y + 26, name, 15, font_weight=700)
        + code_at(ladder.x + 14, ladder.y + 42, ladder.machine, 10)
        + "".join(_rung_band(ladder, rung) for rung in range(0, len(ladder.rows), 2))
        + "".join(_state_column(ladder, state, x) for state, x in ladder.columns().items())
        + "".join(_rung(ladder, rung, row) for rung, row in enumerate(ladder.rows)),
    )


def _rung_band(ladder: _Ladder, rung: int) -> str:
    band = Box(ladder.x + 6, ladder.height_of(rung) - ROW / 2, ladder.width - 12, ROW)
    return frame(band, rx=4, fill=PALE)


def _state_column(ladder: _Ladder, state: str, x: float) -> str:
    step = (ladder.last - ladder.first) / len(states(ladder.machine))
    width = min(step - 4, 112)
    plate = Box(x - width / 2, ladder.y + 12, width, HEAD)
    names = wrapped(state_name(ladder.machine, state).in_language(ladder.language), 11, width - 6)
    ended = state in ENDED[ladder.machine]
    top = plate.middle - 7 * len(names) + 4
    foot = ladder.box.bottom - 10
    return (
        stroke(f"M{plain_number(x)} {plate.bottom}V{foot}", LINE, stroke_dasharray="2 3")
        + frame(plate, rx=6, fill="#e4e9ef" if ended else "#eaf3fb", stroke="#8594a5" if ended else "#1f4e8c")
        + "".join(
            text_at(x, top + 14 * n, name, 11, text_anchor="middle", font_weight=700)
            for n, name in enumerate(names)
        )
        + code_at(x, top + 14 * len(names), state, 8.5, text_anchor="middle")
    )


def _rung(ladder: _Ladder, rung: int, row: Transition) -> str:
    y = ladder.height_of(rung)
    words = element("tspan", escape(row.action), font_family=MONO)
    if ladder.language is Language.ZH:
        words = element("tspan", ACTIONS_IN_CHINESE[row.action]) + " " + words
    return (
        element("text", words, x=ladder.x + 14, y=y + 4, font_size=11)
        + _arrows(row, ladder.columns(), y)
        + (_diamond(ladder.last + 10, y) if row.approved else "")
        + text_at(ladder.last + 20, y + 4, _takers(row, ladder.language), 11)
    )


def _arrows(row: Transition, columns: Mapping[str, float], y: float) -> str:
    """From every source to the target; a loop where the state stays; out of nothing where a thing begins."""
    colour = PERSON if By.PERSON in row.by else FLOW
    sources = [columns[state] for state in row.sources]
    if row.target is None:
        return "".join(_loop(x, y, colour) for x in sources)
    target = columns[row.target]
    starts = sources or [target - 26]
    dots = "".join(_dot(x, y, colour, hollow=not sources) for x in starts)
    return (
        dots
        + _arrow_to(target, [x for x in starts if x < target], y, colour)
        + _arrow_to(target, [x for x in starts if x > target], y, colour)
    )


def _arrow_to(target: float, starts: Sequence[float], y: float, colour: str) -> str:
    """One arrow from the farthest of the starts, all of which lie on the same side of the target."""
    if not starts:
        return ""
    if starts[0] < target:
        return stroke(_path(min(starts), y, target - 7), colour) + arrowhead(target - 1, y, "right", colour)
    return stroke(_path(max(starts), y, target + 7), colour) + arrowhead(target + 1, y, "left", colour)


def _path(start: float, y: float, end: float) -> str:
    return f"M{plain_number(start)} {plain_number(y)}H{plain_number(end)}"


def _dot(x: float, y: float, colour: str, *, hollow: bool = False) -> str:
    return element(
        "circle", cx=x, cy=y, r=3.5, fill="#ffffff" if hollow else colour, stroke=colour, stroke_width=1.4
    )


def _loop(x: float, y: float, colour: str) -> str:
    path = f"M{plain_number(x)} {plain_number(y - 4.5)}c16 -3 16 12 7 9"
    return _dot(x, y - 4.5, colour) + stroke(path, colour) + arrowhead(x + 1, y + 4.5, "left", colour)


def _diamond(x: float, y: float) -> str:
    return element("path", d=f"M{plain_number(x)} {plain_number(y - 5)}l5 5l-5 5l-5 -5Z", fill="#d97706")


def draw_ladders(top: float, language: Language) -> tuple[str, float]:
    """The four machines, the report and the stage over the whole width, the two short ones side by side."""
    whole, short = WIDTH - 2 * MARGIN, 540
    report = _Ladder(Machine.REPORT, language, MARGIN, top, whole)
    below = report.box.bottom + 20
    case = _Ladder(Machine.CASE, language, MARGIN, below, short)
    consent = _Ladder(Machine.CONSENT, language, 2 * MARGIN + short, below, whole - short - MARGIN)
    stage = _Ladder(Machine.STAGE, language, MARGIN, case.box.bottom + 20, whole)
    drawn = "".join(_ladder(ladder) for ladder in (report, case, consent, stage))
    return drawn, stage.box.bottom


def draw_signs(y: float, language: Language) -> str:
    """What the signs of the ladders mean."""
    entries = (
        (_dot(8, y - 4, FLOW), SOURCE),
        (stroke(f"M0 {y - 4}h10", FLOW) + arrowhead(16, y - 4, "right"), TARGET),
        (_loop(2, y - 4, FLOW), SAME),
        (stroke(f"M0 {y - 4}h16", PERSON), OF_THE_PERSON),
        (_diamond(8, y - 4), APPROVED),
        (frame(Box(0, y - 11, 16, 13), rx=3, fill="#e4e9ef", stroke="#8594a5"), ENDED_SIGN),
    )
    drawn, x = "", float(MARGIN)
    for sign, meaning in entries:
        words = meaning.in_language(language)
        drawn += moved_to(x, 0, sign + text_at(23, y, words, 11, fill=GREY))
        x += 23 + text_length(words, 11) + 24
    return drawn
