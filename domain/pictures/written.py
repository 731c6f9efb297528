"""The workflow as Mermaid diagrams and as one Markdown page."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from domain.agencies import MEMBERS, Agency
from domain.articles import EDITION
from domain.clocks import CLOCKS
from domain.closing import needed_to_close
from domain.conflicts import CLEARING, TERMS, Party, Terms
from domain.mandates import MANDATES, Mandate
from domain.openings import CASE_OPENINGS, PERSON_OPENINGS
from domain.pictures.clocks import CLOCK_HEADS, LADDER_HEADS, clock_rows, ladder_rows
from domain.pictures.words import ACTIONS_IN_CHINESE, BY_NAMES, MACHINE_NAMES, PARTY_NAMES
from domain.refusals import Unmet
from domain.requirements import REQUIREMENTS
from domain.stages import STAGE_NAMES, Scope, StageCode
from domain.texts import Text
from domain.workflow import ENDED, MACHINES, Machine, Transition


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
        "## 时限 Clocks\n",
        "加粗的不得错过。 Nobody may miss the bold ones. 任何时限都不要求等待后才寻找失踪儿童。 No clock waits before a"
        " missing child is searched for.\n",
        _table(CLOCK_HEADS, clock_rows()),
        _table(LADDER_HEADS, ladder_rows()),
        "## 须回避的监护人、单位和人员 Guardians, units and officers in question\n",
        _conflict_table(),
        "解除监护冲突的前提。 What clearing a guardian needs, all of it together.\n",
        _table(("前提 Requirement", "依据 Source"), (_needed(needed) for needed in CLEARING)),
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
            f"{ACTIONS_IN_CHINESE[row.action]} `{row.action}`",
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
    rows = [(row.stage or "全部 all", row.action, row.unmet()) for row in REQUIREMENTS]
    rows += [("案件 case", "close", needed) for needed in needed_to_close()]
    return _table(heads, ((stage, f"`{action}`", *_needed(needed)) for stage, action, needed in rows))


def _conflict_table() -> str:
    heads = (
        "情形 Kind",
        "依据 Source",
        "由谁设定 Set by",
        "由谁确认 Confirmed by",
        "由谁（共同）解除 Cleared by, all together",
        "时限 Clock",
        "立即效力 Effects at once",
    )
    return _table(heads, (_conflict_cells(terms) for terms in TERMS.values()))


def _conflict_cells(terms: Terms) -> tuple[str, ...]:
    return (
        f"{_both(terms.name)} `{terms.kind}`",
        f"{_article_list(terms.articles)}; {terms.source}",
        _party_list(terms.set_by),
        _party_list(terms.confirmed_by),
        _party_list(terms.cleared_by),
        f"{_both(CLOCKS[terms.clock].text, '<br>')} `{terms.clock}`",
        "<br>".join(_both(effect) for effect in terms.effects),
    )


def _party_list(parties: Sequence[Party]) -> str:
    return "<br>".join(_both(PARTY_NAMES[party]) for party in parties) or "–"


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
