"""How long each kind of thing is kept, counted from what, on what ground, and what happens then: one table.

No term here was read in a primary text unless `verified` says so; the others are defaults that a lawyer has to confirm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from domain.actors import AUDIT_ROLES, Role
from domain.clocks import CASE_FILE_TERM, CHILD_KEPT_UNTIL, CLOCKS
from domain.refusals import Unmet
from domain.texts import Text

REPORT_ERASURE: Final = "report_erasure"
NO_VICTIM_MONTHS: Final = 6
"""A person who was decided to be no victim is kept no longer than an unfounded report."""

STORED_ANSWERS: Final = timedelta(days=7)
SESSIONS: Final = timedelta(days=1)
RATE_COUNTERS: Final = timedelta(hours=1)
WATCHING_ROLES: Final = AUDIT_ROLES | {Role.ADMINISTRATOR}
"""Who may look at the table."""


class Category(StrEnum):
    UNFOUNDED_REPORT = "unfounded_report"
    CLOSED_CASE_FILE = "closed_case_file"
    NO_VICTIM = "person_found_no_victim"
    DECISIONS = "timeline_and_decisions"
    ALARMS = "alarms"
    READ_LOG = "read_log"
    STORED_ANSWERS = "stored_answers"
    SESSIONS = "sessions"
    RATE_COUNTERS = "rate_counters"


@dataclass(frozen=True, slots=True)
class Kept:
    """One row. `term` None: kept as long as the installation. `by_rule`: the worker does it by itself."""

    category: Category
    term: str | None
    counted_from: Text
    ground: Text
    then: Text
    verified: bool = False
    by_rule: bool = True


_HOUSE: Final = Text("系统运行需要（默认值，未核实）", "needed to run the system (a default, unverified)")
_DELETED: Final = Text("删除", "the rows are deleted")

RETENTION: Final[Sequence[Kept]] = (
    Kept(
        Category.UNFOUNDED_REPORT,
        "P6M",
        CLOCKS[REPORT_ERASURE].starts,
        Text(CLOCKS[REPORT_ERASURE].source, "data minimisation, PIPL 19 and 47 (not read)"),
        CLOCKS[REPORT_ERASURE].text,
        CLOCKS[REPORT_ERASURE].verified,
    ),
    Kept(
        Category.CLOSED_CASE_FILE,
        "P120M",
        CLOCKS[CASE_FILE_TERM].starts,
        Text(
            f"默认值，未核实；儿童至{CHILD_KEPT_UNTIL}岁",
            f"a default, unverified; a child's not before they are {CHILD_KEPT_UNTIL}",
        ),
        CLOCKS[CASE_FILE_TERM].text,
    ),
    Kept(
        Category.NO_VICTIM,
        f"P{NO_VICTIM_MONTHS}M",
        CLOCKS[CASE_FILE_TERM].starts,
        Text("与查无实据的报告相同（未核实）", "as for an unfounded report (unverified)"),
        Text("经个人信息保护负责人办理后删除该人的资料", "erased on request, by the data protection officer"),
        by_rule=False,
    ),
    Kept(
        Category.DECISIONS,
        None,
        Text("记入时", "when it is entered"),
        Text(
            "可核查的记录；不含个人资料的内容", "a record that can be checked; it holds no value of anybody"
        ),
        Text("保留：动作、时间、条款、承诺值", "stays: actions, times, articles, commitments"),
        by_rule=False,
    ),
    Kept(
        Category.ALARMS,
        None,
        Text("发出时", "when it is raised"),
        _HOUSE,
        Text("保留：只有时限与单位", "stays: it names a clock and a unit, and nobody"),
        by_rule=False,
    ),
    Kept(
        Category.READ_LOG,
        None,
        Text("读取时", "when something was read"),
        Text(
            "谁读过，须能核查；程序的任何角色都不能删除",
            "who read what must be there to be checked; no role of the program can delete it",
        ),
        Text("保留：账号、时间、对象编号", "stays: accounts, times, ids"),
        by_rule=False,
    ),
    Kept(Category.STORED_ANSWERS, "P7D", Text("首次请求时", "at the first request"), _HOUSE, _DELETED),
    Kept(Category.SESSIONS, "P1D", Text("登录到期时", "when the sign-in expired"), _HOUSE, _DELETED),
    Kept(Category.RATE_COUNTERS, "PT1H", Text("计数窗口开始时", "when the window began"), _HOUSE, _DELETED),
)


@dataclass(frozen=True, slots=True)
class Erasing:
    """What stands in the way of erasing one person on request: nothing, or these facts."""

    case_open: bool
    held: bool
    term_runs: bool
    objected_to: bool
    merged: bool


def unmet_to_erase(facts: Erasing) -> list[Unmet]:
    """Every reason why the person cannot be erased now; never only the first (C-56; PIPL 47)."""
    checks = (
        (facts.case_open, "case_is_closed", Text("个案已结案", "the case is closed")),
        (facts.held, "no_legal_hold", Text("没有法定保留", "no legal hold is on the case")),
        (facts.term_runs, "term_is_over", Text("保存期限已满", "the term of the file is over")),
        (
            facts.objected_to,
            "no_open_objection",
            Text("没有未了结的异议", "no complaint, review or prosecutor's demand is open"),
        ),
        (
            facts.merged,
            "not_merged",
            Text("未与另一案卷合并", "no other file about the same person is joined to this one"),
        ),
    )
    return [Unmet(code, text, (39,), "PIPL 47") for stands, code, text in checks if stands]
