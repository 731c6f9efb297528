"""Guardians, units and officers who are themselves in question: who says so, what it does at once, who may undo it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.agencies import Agency
from domain.mandates import MANDATES
from domain.refusals import MoveNotPossible, Possible, RequirementsUnmet, StageNotYours, Unmet
from domain.stages import StageCode
from domain.texts import Text


class ConflictKind(StrEnum):
    GUARDIAN = "guardian"
    UNIT = "unit"
    OFFICER = "officer"


class ConflictState(StrEnum):
    """In force while it is not cleared; confirming only says that somebody above has looked."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"


class Party(StrEnum):
    """How somebody stands to a conflict."""

    RULE = "rule"
    WORKS_FOR_THE_CHILD = "works_for_the_child"
    UNIT_IN_THE_CASE = "unit_in_the_case"
    REPORTER = "reporter"
    GUARDIANSHIP_UNIT = "guardianship_unit"
    LEVEL_ABOVE = "level_above"
    PROSECUTOR = "prosecutor"


PROSECUTOR: Final = Agency.PROC
"""Looks at every conflict of a unit or an officer beside the level above (rule 4)."""
NOT_A_SUSPECT: Final = Agency.PSB
"""Only the police can say that a guardian is not a suspect (rule 3)."""
CLEAR_GUARDIAN: Final = "clear_guardian_conflict"
"""The approval in which they say it."""
MEANWHILE: Final = "temporary_cab"
"""Who speaks for the child while the guardian is in question: civil affairs, at once (Minors Protection Law, Art. 92)."""
COURT_DECIDES: Final = frozenset({"guardian_appointed", "guardianship_revoked"})
"""Court orders after which the guardian in question is no longer the guardian that there is."""


@dataclass(frozen=True, slots=True)
class Terms:
    """All about one kind: its footing, who sets, confirms and clears it (all of them together), its clock, its effects."""

    kind: ConflictKind
    name: Text
    articles: tuple[int, ...]
    source: str
    set_by: tuple[Party, ...]
    confirmed_by: tuple[Party, ...]
    cleared_by: tuple[Party, ...]
    agencies: tuple[Agency, ...]
    clock: str
    effects: tuple[Text, ...]


_GUARDIANSHIP: Final = MANDATES[StageCode.GUARDIANSHIP]
_ABOVE_AND_PROSECUTOR: Final = (Party.LEVEL_ABOVE, Party.PROSECUTOR)
_CONFIRMED: Final = Text(
    "72小时内由上一级或检察机关确认；未确认的继续有效",
    "the level above or the procuratorate confirms within 72 hours; unconfirmed it stays in force",
)

_GUARDIAN: Final = Terms(
    ConflictKind.GUARDIAN,
    Text("监护冲突", "Guardian in question"),
    _GUARDIANSHIP.articles,
    "workflow 4, rule 3",
    set_by=(Party.WORKS_FOR_THE_CHILD, Party.RULE),
    confirmed_by=(),
    cleared_by=(Party.GUARDIANSHIP_UNIT,),
    agencies=(_GUARDIANSHIP.accountable,),
    clock="guardian_decision",
    effects=(
        Text(
            "该监护人不再知情、不再收到通知、不再代为表示",
            "that guardian has no access, no notices and no say",
        ),
        Text(
            "其所作的信息共享、联系、出行、公开等同意终止",
            "their consents to sharing, contact, travel and publication end",
        ),
        Text(
            "民政部门立即成为临时监护人，24小时内作出决定",
            "civil affairs are temporary guardian at once and decide within 24 hours",
        ),
        Text(
            "未解除前不得团圆，孩子不得离开去往家庭",
            "until it is cleared there is no reunion, and no child leaves to the family",
        ),
    ),
)
_UNIT: Final = Terms(
    ConflictKind.UNIT,
    Text("单位回避", "Unit in question"),
    (20, 26),
    "workflow 4, rule 4",
    set_by=(Party.UNIT_IN_THE_CASE, Party.PROSECUTOR, Party.REPORTER),
    confirmed_by=_ABOVE_AND_PROSECUTOR,
    cleared_by=_ABOVE_AND_PROSECUTOR,
    agencies=(PROSECUTOR,),
    clock="unit_conflict_confirm",
    effects=(
        Text("该单位不再知情、不再收到通知、不再表示意见", "that unit has no access, no notices and no say"),
        Text("其工作移交同一机构的上一级", "its work goes to the same agency one level up"),
        Text("检察机关受邀参加所移交的各阶段", "the procuratorate is invited to every stage that moved"),
        _CONFIRMED,
    ),
)
_OFFICER: Final = Terms(
    ConflictKind.OFFICER,
    Text("人员回避", "Officer excluded"),
    (20, 26),
    "workflow 4, rule 4",
    set_by=(Party.UNIT_IN_THE_CASE, Party.PROSECUTOR),
    confirmed_by=_ABOVE_AND_PROSECUTOR,
    cleared_by=_ABOVE_AND_PROSECUTOR,
    agencies=(PROSECUTOR,),
    clock="unit_conflict_confirm",
    effects=(
        Text("此人不再知情、不再表示意见", "that officer has no access and no say"),
        Text(
            "其经办或替补职务空缺，由所在单位另行指定",
            "the post of officer or deputy falls vacant, and the unit names somebody else",
        ),
        _CONFIRMED,
    ),
)
TERMS: Final[Mapping[ConflictKind, Terms]] = MappingProxyType(
    {terms.kind: terms for terms in (_GUARDIAN, _UNIT, _OFFICER)}
)


def decide_conflict(kind: ConflictKind, state: str, action: str, parties: Collection[Party]) -> None:
    """Whether somebody who stands so may `confirm` or `clear`. Order: StageNotYours, MoveNotPossible."""
    terms = TERMS[kind]
    by = terms.confirmed_by if action == "confirm" else terms.cleared_by
    possible = Possible(action, tuple(by), terms.agencies, terms.articles)
    if not set(parties) & set(by):
        raise StageNotYours(action, possible, terms.agencies[0])
    sources = (ConflictState.OPEN,) if action == "confirm" else (ConflictState.OPEN, ConflictState.CONFIRMED)
    if state not in sources:
        raise MoveNotPossible("conflict", action, state, _left(terms, state))


def _left(terms: Terms, state: str) -> list[Possible]:
    if state == ConflictState.CLEARED:
        return []
    return [Possible("clear", tuple(terms.cleared_by), terms.agencies, terms.articles)]


@dataclass(frozen=True, slots=True)
class Clearing:
    """What speaks for clearing a guardian: the police's word, the child's, and that one officer alone does not do it."""

    not_a_suspect: bool
    child_heard: bool
    second_person: bool


def require_cleared(clearing: Clearing) -> None:
    """RequirementsUnmet with everything that still stands against clearing a guardian (rule 3)."""
    open_requirements = unmet_to_clear(clearing)
    if open_requirements:
        raise RequirementsUnmet(CLEAR_GUARDIAN, open_requirements)


def unmet_to_clear(clearing: Clearing) -> Sequence[Unmet]:
    """Every requirement of clearing that is open, never only the first."""
    return [unmet for unmet, met in zip(CLEARING, _answers(clearing), strict=True) if not met]


def _answers(clearing: Clearing) -> tuple[bool, ...]:
    return clearing.not_a_suspect, clearing.child_heard, clearing.second_person


_RULE: Final = TERMS[ConflictKind.GUARDIAN].source
CLEARING: Final = (
    Unmet(
        "not_a_suspect",
        Text("公安机关已确认监护人不是嫌疑人", "the police said that the guardian is not a suspect"),
        (26, 40),
        _RULE,
    ),
    Unmet(
        "child_heard_since",
        Text("设定冲突之后已单独听取孩子本人意见", "the child was heard alone after the conflict was set"),
        (40,),
        _RULE,
    ),
    Unmet(
        "second_person",
        Text("解除人与请求公安确认的人不是同一人", "who clears it is not who asked the police"),
        (20, 40),
        _RULE,
    ),
)
