"""The workflow drawn and written out from the tables that the code obeys: Mermaid, Markdown and SVG."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Final
from uuid import UUID

from domain.agencies import AGENCY_NAMES, MEMBERS, Agency
from domain.articles import EDITION
from domain.mandates import MANDATES, Mandate
from domain.openings import CASE_OPENINGS, PERSON_OPENINGS
from domain.refusals import Unmet
from domain.requirements import REQUIREMENTS, unmet_to_close
from domain.stages import STAGE_NAMES, STATE_NAMES, Scope, StageCode, StageState
from domain.texts import Language, Text
from domain.workflow import ENDED, MACHINES, By, Machine, Transition

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

_ACTIONS_IN_CHINESE: Final[Mapping[str, str]] = MappingProxyType(
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
        "accept_hand_over": "接受移交",
        "refuse_hand_over": "拒绝移交",
        "close": "结案",
        "reopen": "重新开启",
        "plan": "计划",
        "route": "分派",
        "send_back": "退回",
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


# ---------------------------------------------------------------- Mermaid


def mermaid(machine: Machine) -> str:
    """A `stateDiagram-v2` of one machine; a move that keeps the state is a loop, an ended state leads out."""
    lines = [line for row in MACHINES[machine] for line in _mermaid_row(row)]
    ends = [f"{state} --> [*]" for state in ENDED[machine]]
    return "\n    ".join(["stateDiagram-v2", *lines, *ends]) + "\n"


def _mermaid_row(row: Transition) -> Iterator[str]:
    label = f"{row.action} (approved)" if row.approved else row.action
    for source in row.sources or ("[*]",):
        yield f"{source} --> {row.target or source}: {label}"


def mermaid_stages() -> str:
    """A flowchart of the 14 stages, each with its accountable lead, and the rules that open them."""
    nodes = [_mermaid_stage(mandate) for mandate in MANDATES.values()]
    by_case = [f"{StageCode.REPORT} -->|{rule}| {stage}" for rule, (stage, _article) in CASE_OPENINGS.items()]
    by_person = [f"person -->|{opening.rule}| {opening.stage}" for opening in PERSON_OPENINGS]
    start = ['person(("本人<br/>the person"))', f"{StageCode.REPORT} --> person"]
    return "\n    ".join(["flowchart LR", *start, *nodes, *by_case, *by_person]) + "\n"


def _mermaid_stage(mandate: Mandate) -> str:
    footing = f"{_article_list(mandate.articles[:1])} · {mandate.accountable}"
    return f'{mandate.stage}["{_both(STAGE_NAMES[mandate.stage])}<br/>{footing}"]'


# ---------------------------------------------------------------- Markdown

_PREFACE: Final = f"""# 工作流程 Workflow

本页由程序所依据的同一批表格生成，请勿手工修改：`homeward policy --markdown > openapi/workflow.md`。
This page is generated from the tables that the code obeys; do not edit it by hand, run the command above.
版本 Edition: `{EDITION}`.
"""


def workflow_markdown() -> str:
    """The whole workflow in Markdown, Chinese and English side by side; ends with one newline."""
    machines = [part for machine in MACHINES for part in _machine_section(machine)]
    parts = [
        _PREFACE,
        "## 阶段 Stages\n",
        _stage_table(),
        _fenced(mermaid_stages()),
        *machines,
        "## 前提条件 Requirements\n",
        "`record:…`：新增此种记录之前。 Before a record of this kind may be added.\n",
        _requirement_table(),
    ]
    return "\n".join(parts)


def _machine_section(machine: Machine) -> tuple[str, str, str]:
    return (
        f"## {_both(MACHINE_NAMES[machine])} `{machine}`\n",
        _transition_table(machine),
        _fenced(mermaid(machine)),
    )


def _stage_table() -> str:
    heads = (
        "阶段 Stage",
        "范围 Scope",
        "条文 Articles",
        "牵头负责 Accountable",
        "责任单位 Leads",
        "配合单位 Cooperating",
        "何时开启 Opens when",
    )
    return _table(heads, (_stage_cells(mandate) for mandate in MANDATES.values()))


def _stage_cells(mandate: Mandate) -> tuple[str, ...]:
    return (
        f"{_both(STAGE_NAMES[mandate.stage])} `{mandate.stage}`",
        "个人 person" if mandate.scope is Scope.VICTIM else "案件 case",
        _article_list(mandate.articles),
        f"**{mandate.accountable}**",
        _agency_list(mandate.leads),
        _agency_list(mandate.cooperating),
        _both(mandate.opens, "<br>"),
    )


def _transition_table(machine: Machine) -> str:
    heads = ("动作 Action", "从 From", "到 To", "由谁 By", "须他机构批准 Needs approval")
    rows = (
        (
            f"{_ACTIONS_IN_CHINESE[row.action]} `{row.action}`",
            ", ".join(f"`{state}`" for state in row.sources) or "–",
            f"`{row.target}`" if row.target else "不变 same",
            "<br>".join(_both(BY_NAMES[by]) for by in row.by),
            "是 yes" if row.approved else "–",
        )
        for row in MACHINES[machine]
    )
    return _table(heads, rows)


def _requirement_table() -> str:
    heads = ("阶段 Stage", "动作 Action", "前提 Requirement", "依据 Source")
    # Closing a case is asked with everything against it, so that each of its requirements shows.
    closing = unmet_to_close(reason="contact_lost", any_minor=True, approved=False, open_stages=[UUID(int=0)])
    rows = [(row.stage or "全部 all", row.action, row.unmet()) for row in REQUIREMENTS]
    rows += [("案件 case", "close", needed) for needed in closing]
    return _table(heads, ((stage, f"`{action}`", *_needed(needed)) for stage, action, needed in rows))


def _needed(needed: Unmet) -> tuple[str, str]:
    footing = "; ".join(part for part in (_article_list(needed.articles), needed.source) if part)
    return f"{_both(needed.text, '<br>')} `{needed.code}`", footing


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _fenced(diagram: str) -> str:
    return f"```mermaid\n{diagram}```\n"


def _both(text: Text, between: str = " ") -> str:
    return f"{text.zh}{between}{text.en}"


def _article_list(articles: Sequence[int]) -> str:
    return f"Art. {', '.join(str(article) for article in articles)}" if articles else ""


def _agency_list(agencies: Sequence[Agency]) -> str:
    if tuple(agencies) == MEMBERS:
        return "全体成员 all members"
    return ", ".join(agencies) or "–"


# ---------------------------------------------------------------- SVG: words, measures, colours

_TITLE: Final = Text("归途：一个人回家的路", "Homeward: a person's way home")
_SUBTITLE: Final = Text(
    "每个阶段由谁牵头、依据哪一条；下方是四个状态机。图由程序所依据的表格生成。",
    "Who leads each stage, under which article; below, the four machines. Drawn from the code's own tables.",
)
_CARE: Final = Text("照护阶段：并行进行", "Care stages: side by side")
_CARE_NOTE: Final = Text(
    "按各人所需开启，互不等待", "each opens by need; shelter and urgent care wait for nothing"
)
_AT_ONCE: Final = Text(
    "疑似受害即开始照护：不以侦查为前提", "Care starts for a presumed victim: investigation gates nothing"
)
_DIFFICULTY: Final = Text("出现困难，即开启能解决它的阶段", "A difficulty opens the stage that can solve it")
_ACCOUNTABLE: Final = Text("牵头负责", "accountable lead")
_OTHER_LEAD: Final = Text("其他责任单位", "other lead")
_ARTICLE: Final = Text("第{}条", "Art. {}")
_SOURCE: Final = Text("从此状态", "from this state")
_TARGET: Final = Text("到此状态", "to this state")
_SAME: Final = Text("状态不变", "state stays")
_ENDED: Final = Text("结束状态", "ended state")
_APPROVED: Final = Text("须另一机构批准", "another agency approves first")
_OF_THE_PERSON: Final = Text("本人可作决定", "the person may decide")
_MACHINES_TITLE: Final = Text("四个状态机", "The four machines")
_COMMA: Final = Text("、", ", ")

_WIDTH: Final = 1240
_MARGIN: Final = 24
_STAGE_WIDTH, _STAGE_HEIGHT, _STAGE_GAP = 146, 104, 10
_PANEL_HEAD, _PANEL_PAD, _PANEL_COLUMNS = 48, 12, 3
_COLUMN_GAP: Final = 31
_ROW, _HEAD = 26, 62
_INK, _GREY, _LINE, _PALE, _PERSON = "#1c2733", "#5b6875", "#c5ced8", "#f4f7fa", "#a21c5b"
_FLOW: Final = "#3c4a5a"
_COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Agency.PSB: "#1f4e8c",
        Agency.CAB: "#0f766e",
        Agency.HEALTH: "#b4235a",
        Agency.EDU: "#a8500a",
        Agency.HRSS: "#6d28d9",
        Agency.JUSTICE: "#4a5568",
    }
)
_FIRST_IDEOGRAPH: Final = 0x2E80
_MONO_WIDTH: Final = 0.6
_BOLD_WIDTH: Final = 0.6
_FONTS: Final = (
    "'Noto Sans','Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',Arial,sans-serif"
)
_MONO: Final = "'Noto Sans Mono','DejaVu Sans Mono',Consolas,Menlo,monospace"
_BEFORE_CARE: Final = ((StageCode.REPORT,), (StageCode.INVESTIGATION, StageCode.RESCUE))
_AFTER_CARE: Final = ((StageCode.REINTEGRATION_SUPPORT,), (StageCode.FOLLOW_UP,))


_Value = str | int | float


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def _tag(name: str, content: str = "", /, **attributes: _Value) -> str:
    """One element, its content already escaped; underscores in attributes become hyphens."""
    pairs = "".join(
        f' {key.replace("_", "-")}="{escape(_plain(value))}"' for key, value in attributes.items()
    )
    return f"<{name}{pairs}>{content}</{name}>" if content else f"<{name}{pairs}/>"


def _plain(value: _Value) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def _words(x: float, y: float, words: str, size: float = 12, **attributes: _Value) -> str:
    return _tag("text", escape(words), x=x, y=y, font_size=size, **attributes)


def _code(x: float, y: float, code: str, size: float = 9, **attributes: _Value) -> str:
    return _words(x, y, code, size, font_family=_MONO, fill=_GREY, **attributes)


def _frame(box: _Box, **attributes: _Value) -> str:
    return _tag("rect", x=box.x, y=box.y, width=box.width, height=box.height, **attributes)


def _line(path: str, colour: str = _FLOW, **attributes: _Value) -> str:
    return _tag("path", d=path, fill="none", stroke=colour, stroke_width=1.6, **attributes)


def _arrowhead(x: float, y: float, direction: str, colour: str = _FLOW) -> str:
    """A tip at (x, y); `direction` is right, left or up."""
    back, side = 8, 4
    points = {
        "right": (x - back, y - side, x - back, y + side),
        "left": (x + back, y - side, x + back, y + side),
        "up": (x - side, y + back, x + side, y + back),
    }[direction]
    ax, ay, bx, by = (_plain(float(value)) for value in points)
    return _tag("path", d=f"M{_plain(float(x))} {_plain(float(y))}L{ax} {ay}L{bx} {by}Z", fill=colour)


def _length(words: str, size: float, latin: float = 0.55) -> float:
    """A fair guess at how wide words are set: Chinese fills its square, Latin letters `latin` of it."""
    return sum(size if ord(letter) >= _FIRST_IDEOGRAPH else size * latin for letter in words)


def _wrapped(words: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    for word in words.split():
        if lines and _length(f"{lines[-1]} {word}", size, _BOLD_WIDTH) <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        lines.append(word)
    return lines


def _chip(code: str, *, filled: bool) -> tuple[str, float]:
    """A small plate with an agency's code, and its width; grey for no agency in particular."""
    colour = _COLOURS.get(code, _GREY)
    width = _length(code or "000", 9.5, _MONO_WIDTH) + 10
    ink, fill = ("#ffffff", colour) if filled else (colour, "#ffffff")
    plate = _frame(_Box(0, 0, width, 16), rx=4, fill=fill, stroke=colour)
    return plate + _words(width / 2, 11.5, code, 9.5, text_anchor="middle", font_weight=600, fill=ink), width


def _at(x: float, y: float, drawn: str) -> str:
    return _tag("g", drawn, transform=f"translate({_plain(float(x))} {_plain(float(y))})")


# ---------------------------------------------------------------- SVG: the way of a person


def _care_stages() -> tuple[StageCode, ...]:
    placed = {stage for column in (*_BEFORE_CARE, *_AFTER_CARE) for stage in column}
    return tuple(stage for stage in StageCode if stage not in placed)


def _care_panel(top: float) -> _Box:
    rows = -(-len(_care_stages()) // _PANEL_COLUMNS)
    width = _PANEL_COLUMNS * (_STAGE_WIDTH + _STAGE_GAP) - _STAGE_GAP + 2 * _PANEL_PAD
    height = _PANEL_HEAD + rows * (_STAGE_HEIGHT + _STAGE_GAP) - _STAGE_GAP + _PANEL_PAD
    return _Box(_MARGIN + len(_BEFORE_CARE) * (_STAGE_WIDTH + _COLUMN_GAP), top, width, height)


def _column(stages: Sequence[StageCode], x: float, middle: float) -> Iterator[tuple[StageCode, _Box]]:
    step = _STAGE_HEIGHT + 3 * _STAGE_GAP
    top = middle - (len(stages) * step - 3 * _STAGE_GAP) / 2
    for place, stage in enumerate(stages):
        yield stage, _Box(x, top + place * step, _STAGE_WIDTH, _STAGE_HEIGHT)


def _places(panel: _Box) -> dict[StageCode, _Box]:
    """Where each of the 14 stages stands."""
    places: dict[StageCode, _Box] = {}
    for column, stages in enumerate(_BEFORE_CARE):
        places |= _column(stages, _MARGIN + column * (_STAGE_WIDTH + _COLUMN_GAP), panel.middle)
    for column, stages in enumerate(_AFTER_CARE):
        x = panel.right + _COLUMN_GAP + column * (_STAGE_WIDTH + _COLUMN_GAP)
        places |= _column(stages, x, panel.middle)
    for place, stage in enumerate(_care_stages()):
        row, column = divmod(place, _PANEL_COLUMNS)
        x = panel.x + _PANEL_PAD + column * (_STAGE_WIDTH + _STAGE_GAP)
        y = panel.y + _PANEL_HEAD + row * (_STAGE_HEIGHT + _STAGE_GAP)
        places[stage] = _Box(x, y, _STAGE_WIDTH, _STAGE_HEIGHT)
    return places


def _stage_box(stage: StageCode, box: _Box, language: Language) -> str:
    mandate = MANDATES[stage]
    left = box.x + 14
    names = _wrapped(STAGE_NAMES[stage].in_language(language), 12.5, box.width - 20)
    articles = _COMMA.in_language(language).join(str(article) for article in mandate.articles)
    stripe = _Box(box.x, box.y + 4, 5, box.height - 8)
    return _tag(
        "g",
        _tag(
            "title",
            escape(f"{STAGE_NAMES[stage].in_language(language)}: {mandate.opens.in_language(language)}"),
        )
        + _frame(box, rx=7, fill="#ffffff", stroke=_LINE)
        + _frame(stripe, rx=2.5, fill=_COLOURS.get(mandate.accountable, _GREY))
        + "".join(
            _words(left, box.y + 20 + 15 * n, name, 12.5, font_weight=700) for n, name in enumerate(names)
        )
        + _code(left, box.y + 18 + 15 * len(names), stage)
        + _words(left, box.y + 71, _ARTICLE.in_language(language).format(articles), 11.5, fill=_GREY)
        + _lead_chips(mandate, left, box.y + 80),
    )


def _lead_chips(mandate: Mandate, x: float, y: float) -> str:
    """The accountable lead first and filled, the other leads after it in the article's order."""
    drawn = ""
    for agency in sorted(mandate.leads, key=lambda lead: lead is not mandate.accountable):
        chip, width = _chip(agency, filled=agency is mandate.accountable)
        drawn, x = drawn + _at(x, y, chip), x + width + 4
    return drawn


def _ways(places: Mapping[StageCode, _Box], panel: _Box) -> str:
    """The arrows between the columns."""
    report, end = places[StageCode.REPORT], places[StageCode.FOLLOW_UP]
    reintegration = places[StageCode.REINTEGRATION_SUPPORT]
    drawn = _across(panel.right, reintegration.x, panel.middle) + _across(
        reintegration.right, end.x, panel.middle
    )
    for stage in _BEFORE_CARE[1]:
        box = places[stage]
        half, y = (report.right + box.x) / 2, box.middle
        drawn += _line(f"M{report.right} {report.middle}C{half} {report.middle} {half} {y} {box.x - 6} {y}")
        drawn += _arrowhead(box.x - 1, y, "right") + _across(box.right, panel.x, y)
    return drawn


def _across(start: float, end: float, y: float) -> str:
    return _line(f"M{start} {y}H{end - 6}") + _arrowhead(end - 1, y, "right")


def _around(places: Mapping[StageCode, _Box], panel: _Box, language: Language) -> str:
    """The two ways below the boxes: care at once, and back to care when a difficulty shows."""
    y = panel.bottom + 24
    reported, ended = places[StageCode.REPORT], places[StageCode.FOLLOW_UP]
    grid = [places[stage] for stage in _care_stages()]
    drawn = ""
    for box, goal, anchor, words in (
        (reported, grid[0].centre, "start", _AT_ONCE),
        (ended, grid[_PANEL_COLUMNS - 1].centre, "end", _DIFFICULTY),
    ):
        path = f"M{box.centre} {box.bottom}V{y}H{goal}V{panel.bottom + 7}"
        drawn += _line(path, stroke_dasharray="5 4") + _arrowhead(goal, panel.bottom + 1, "up")
        drawn += _words(box.centre, y + 17, words.in_language(language), 11.5, text_anchor=anchor, fill=_GREY)
    return drawn


def _way(top: float, language: Language) -> tuple[str, float]:
    """The upper picture, and where it ends."""
    panel = _care_panel(top)
    places = _places(panel)
    drawn = (
        _frame(panel, rx=12, fill=_PALE, stroke=_LINE)
        + _words(panel.x + _PANEL_PAD + 2, panel.y + 22, _CARE.in_language(language), 13.5, font_weight=700)
        + _words(panel.x + _PANEL_PAD + 2, panel.y + 39, _CARE_NOTE.in_language(language), 11, fill=_GREY)
        + _ways(places, panel)
        + _around(places, panel, language)
        + "".join(_stage_box(stage, box, language) for stage, box in places.items())
    )
    legend, bottom = _agency_legend(panel.bottom + 62, language)
    return drawn + legend, bottom


def _agency_legend(y: float, language: Language) -> tuple[str, float]:
    leads = {lead for mandate in MANDATES.values() for lead in mandate.leads}
    entries = [(_chip(agency, filled=True), AGENCY_NAMES[agency]) for agency in Agency if agency in leads]
    entries[:0] = [(_chip("", filled=True), _ACCOUNTABLE), (_chip("", filled=False), _OTHER_LEAD)]
    drawn, x = "", float(_MARGIN)
    for (chip, width), meaning in entries:
        words = meaning.in_language(language)
        length = width + 6 + _length(words, 11)
        if x + length > _WIDTH - _MARGIN:
            x, y = float(_MARGIN), y + 23
        drawn += _at(x, y, chip + _words(width + 6, 12, words, 11, fill=_GREY))
        x += length + 20
    return drawn, y + 16


# ---------------------------------------------------------------- SVG: the machines


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
    def box(self) -> _Box:
        return _Box(self.x, self.y, self.width, _HEAD + 22 + len(self.rows) * _ROW + 10)

    @property
    def first(self) -> float:
        """Where the columns begin: after the longest action."""
        return (
            self.x + 14 + max(_length(_action(row, self.language), 11, _MONO_WIDTH) for row in self.rows) + 22
        )

    @property
    def last(self) -> float:
        """Where the columns end: before the longest list of who may take an action."""
        return self.box.right - 30 - max(_length(_takers(row, self.language), 11) for row in self.rows)

    def columns(self) -> dict[str, float]:
        """The middle of each state's column."""
        known = states(self.machine)
        step = (self.last - self.first) / len(known)
        return {state: self.first + (place + 0.5) * step for place, state in enumerate(known)}

    def height_of(self, rung: int) -> float:
        return self.y + _HEAD + 22 + rung * _ROW + _ROW / 2


def _action(row: Transition, language: Language) -> str:
    return f"{_ACTIONS_IN_CHINESE[row.action]} {row.action}" if language is Language.ZH else row.action


def _takers(row: Transition, language: Language) -> str:
    return _COMMA.in_language(language).join(BY_NAMES[by].in_language(language) for by in row.by)


def _ladder(ladder: _Ladder) -> str:
    name = MACHINE_NAMES[ladder.machine].in_language(ladder.language)
    return _tag(
        "g",
        _tag("title", escape(name))
        + _frame(ladder.box, rx=12, fill="#ffffff", stroke=_LINE)
        + _words(ladder.x + 14, ladder.y + 26, name, 15, font_weight=700)
        + _code(ladder.x + 14, ladder.y + 42, ladder.machine, 10)
        + "".join(_rung_band(ladder, rung) for rung in range(0, len(ladder.rows), 2))
        + "".join(_state_column(ladder, state, x) for state, x in ladder.columns().items())
        + "".join(_rung(ladder, rung, row) for rung, row in enumerate(ladder.rows)),
    )


def _rung_band(ladder: _Ladder, rung: int) -> str:
    band = _Box(ladder.x + 6, ladder.height_of(rung) - _ROW / 2, ladder.width - 12, _ROW)
    return _frame(band, rx=4, fill=_PALE)


def _state_column(ladder: _Ladder, state: str, x: float) -> str:
    step = (ladder.last - ladder.first) / len(states(ladder.machine))
    width = min(step - 4, 112)
    plate = _Box(x - width / 2, ladder.y + 12, width, _HEAD)
    names = _wrapped(state_name(ladder.machine, state).in_language(ladder.language), 11, width - 6)
    ended = state in ENDED[ladder.machine]
    top = plate.middle - 7 * len(names) + 4
    foot = ladder.box.bottom - 10
    return (
        _line(f"M{_plain(x)} {plate.bottom}V{foot}", _LINE, stroke_dasharray="2 3")
        + _frame(
            plate, rx=6, fill="#e4e9ef" if ended else "#eaf3fb", stroke="#8594a5" if ended else "#1f4e8c"
        )
        + "".join(
            _words(x, top + 14 * n, name, 11, text_anchor="middle", font_weight=700)
            for n, name in enumerate(names)
        )
        + _code(x, top + 14 * len(names), state, 8.5, text_anchor="middle")
    )


def _rung(ladder: _Ladder, rung: int, row: Transition) -> str:
    y = ladder.height_of(rung)
    words = _tag("tspan", escape(row.action), font_family=_MONO)
    if ladder.language is Language.ZH:
        words = _tag("tspan", _ACTIONS_IN_CHINESE[row.action]) + " " + words
    return (
        _tag("text", words, x=ladder.x + 14, y=y + 4, font_size=11)
        + _arrows(row, ladder.columns(), y)
        + (_diamond(ladder.last + 10, y) if row.approved else "")
        + _words(ladder.last + 20, y + 4, _takers(row, ladder.language), 11)
    )


def _arrows(row: Transition, columns: Mapping[str, float], y: float) -> str:
    """From every source to the target; a loop where the state stays; out of nothing where a thing begins."""
    colour = _PERSON if By.PERSON in row.by else _FLOW
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
        return _line(_path(min(starts), y, target - 7), colour) + _arrowhead(target - 1, y, "right", colour)
    return _line(_path(max(starts), y, target + 7), colour) + _arrowhead(target + 1, y, "left", colour)


def _path(start: float, y: float, end: float) -> str:
    return f"M{_plain(start)} {_plain(y)}H{_plain(end)}"


def _dot(x: float, y: float, colour: str, *, hollow: bool = False) -> str:
    return _tag(
        "circle", cx=x, cy=y, r=3.5, fill="#ffffff" if hollow else colour, stroke=colour, stroke_width=1.4
    )


def _loop(x: float, y: float, colour: str) -> str:
    path = f"M{_plain(x)} {_plain(y - 4.5)}c16 -3 16 12 7 9"
    return _dot(x, y - 4.5, colour) + _line(path, colour) + _arrowhead(x + 1, y + 4.5, "left", colour)


def _diamond(x: float, y: float) -> str:
    return _tag("path", d=f"M{_plain(x)} {_plain(y - 5)}l5 5l-5 5l-5 -5Z", fill="#d97706")


def _ladders(top: float, language: Language) -> tuple[str, float]:
    """The four machines, the report and the stage over the whole width, the two short ones side by side."""
    whole, short = _WIDTH - 2 * _MARGIN, 540
    report = _Ladder(Machine.REPORT, language, _MARGIN, top, whole)
    below = report.box.bottom + 20
    case = _Ladder(Machine.CASE, language, _MARGIN, below, short)
    consent = _Ladder(Machine.CONSENT, language, 2 * _MARGIN + short, below, whole - short - _MARGIN)
    stage = _Ladder(Machine.STAGE, language, _MARGIN, case.box.bottom + 20, whole)
    drawn = "".join(_ladder(ladder) for ladder in (report, case, consent, stage))
    return drawn, stage.box.bottom


def _signs(y: float, language: Language) -> str:
    """What the signs of the ladders mean."""
    entries = (
        (_dot(8, y - 4, _FLOW), _SOURCE),
        (_line(f"M0 {y - 4}h10", _FLOW) + _arrowhead(16, y - 4, "right"), _TARGET),
        (_loop(2, y - 4, _FLOW), _SAME),
        (_line(f"M0 {y - 4}h16", _PERSON), _OF_THE_PERSON),
        (_diamond(8, y - 4), _APPROVED),
        (_frame(_Box(0, y - 11, 16, 13), rx=3, fill="#e4e9ef", stroke="#8594a5"), _ENDED),
    )
    drawn, x = "", float(_MARGIN)
    for sign, meaning in entries:
        words = meaning.in_language(language)
        drawn += _at(x, 0, sign + _words(23, y, words, 11, fill=_GREY))
        x += 23 + _length(words, 11) + 24
    return drawn


def workflow_svg(language: str) -> str:
    """The way of a person and the four machines as one self-contained SVG, 1240 wide.

    `language` is a BCP 47 tag. No scripts, styles, links or outside fonts: it may be shown under the
    strictest content policy.
    """
    spoken = Language.ZH if language.lower().startswith("zh") else Language.EN
    way, bottom = _way(88, spoken)
    heading = _words(_MARGIN, bottom + 46, _MACHINES_TITLE.in_language(spoken), 18, font_weight=700)
    machines, end = _ladders(bottom + 86, spoken)
    drawn = (
        _tag("title", escape(_TITLE.in_language(spoken)), id=f"way-title-{spoken}")
        + _tag("desc", escape(_description(spoken)), id=f"way-desc-{spoken}")
        + _frame(_Box(0, 0, _WIDTH, end + _MARGIN), fill="#ffffff")
        + _words(_MARGIN, 42, _TITLE.in_language(spoken), 24, font_weight=700)
        + _words(_MARGIN, 66, _SUBTITLE.in_language(spoken), 13, fill=_GREY)
        + way
        + heading
        + _signs(bottom + 70, spoken)
        + machines
    )
    return _tag(
        "svg",
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH} {_plain(end + _MARGIN)}",
        width=_WIDTH,
        role="img",
        lang=spoken,
        font_family=_FONTS,
        fill=_INK,
        aria_labelledby=f"way-title-{spoken} way-desc-{spoken}",
    )


def _description(language: Language) -> str:
    """The picture in words, for whoever cannot see it."""
    comma = _COMMA.in_language(language)
    stages = comma.join(
        f"{STAGE_NAMES[stage].in_language(language)} ({mandate.accountable})"
        for stage, mandate in MANDATES.items()
    )
    machines = comma.join(MACHINE_NAMES[machine].in_language(language) for machine in MACHINES)
    return f"{stages}. {_MACHINES_TITLE.in_language(language)}: {machines}."
