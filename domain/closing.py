"""What closing a case needs (workflow 2, case): every stage ended, a reason that is true, another agency's word."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from domain.agencies import Agency
from domain.refusals import Unmet
from domain.texts import Text

CLOSING_REASONS: Final = (
    "goals_met",
    "declined_by_victim",
    "moved_jurisdiction",
    "repatriated",
    "unfounded",
    "merged_duplicate",
    "deceased",
    "contact_lost",
)
ADULT_CLOSING_REASONS: Final = frozenset({"declined_by_victim", "contact_lost"})
ARTICLES: Final = (39,)


@dataclass(frozen=True, slots=True)
class Closing:
    """All that closing looks at. `repatriated`, `no_victims` and `deceased`: of each person in the case."""

    reason: str
    any_minor: bool = False
    approved: bool = False
    open_stages: Sequence[UUID] = ()
    repatriated: bool = False
    no_victims: bool = False
    reports_unfounded: bool = False
    merged: bool = False
    moved: bool = False
    deceased: bool = False


# reason, what is asked, whether it holds
_TRUE_REASONS: Final[MappingProxyType[str, tuple[str, Text, Callable[[Closing], bool]]]] = MappingProxyType(
    {
        "repatriated": (
            "repatriation_completed",
            Text("每个人的送返阶段均已完成", "the repatriation of each person is completed"),
            lambda c: c.repatriated,
        ),
        "merged_duplicate": (
            "merged",
            Text("已与另一案件中的同一人合并", "the person was merged with the same person in another case"),
            lambda c: c.merged,
        ),
        "moved_jurisdiction": (
            "move_accepted",
            Text("移交已被接收", "the move was accepted by those who receive it"),
            lambda c: c.moved,
        ),
        "unfounded": (
            "found_unfounded",
            Text(
                "全部报告均不属实，或已认定无人是受害人",
                "every report is unfounded, or every person was decided to be no victim",
            ),
            lambda c: c.reports_unfounded or c.no_victims,
        ),
        "deceased": (
            "death_recorded",
            Text("已凭证件登记死亡", "the death is recorded by its document"),
            lambda c: c.deceased,
        ),
    }
)


def unmet_to_close(closing: Closing) -> list[Unmet]:
    """What closing a case still needs; never only the first."""
    checks = [
        (not closing.open_stages, "stages_ended", Text("所有阶段均已结束", "every stage has ended")),
        (
            closing.approved,
            "approved_by_another_agency",
            Text("另一机构已批准", "another agency has approved"),
        ),
        (
            not (closing.any_minor and closing.reason in ADULT_CLOSING_REASONS),
            "reason_for_adults_only",
            Text("该理由只适用于成年人", "this reason is for adults only"),
        ),
    ]
    if closing.reason in _TRUE_REASONS:
        code, text, holds = _TRUE_REASONS[closing.reason]
        checks.append((holds(closing), code, text))
    return [Unmet(code, text, ARTICLES) for met, code, text in checks if not met]


def needed_to_close() -> list[Unmet]:
    """Everything that closing may need, whatever the reason: asked with each reason and everything against it."""
    against = (Closing(reason, any_minor=True, open_stages=[UUID(int=0)]) for reason in CLOSING_REASONS)
    told = [unmet for closing in against for unmet in unmet_to_close(closing)]
    return list({unmet.code: unmet for unmet in told}.values())


def unmet_to_record_death(approvers: Collection[Agency], cared: Collection[Agency]) -> list[Unmet]:
    """A death is recorded on the word of an agency that had no care of the person."""
    if any(agency not in cared for agency in approvers):
        return []
    text = Text("须由从未照料过此人的机构批准", "an agency that had no care of the person approves")
    return [Unmet("approved_by_an_agency_without_care", text, ARTICLES)]
