"""What closing a case needs (workflow 2, case)."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

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


def unmet_to_close(
    *, reason: str, any_minor: bool, approved: bool, open_stages: Sequence[UUID]
) -> list[Unmet]:
    """What closing a case still needs (workflow 2, case)."""
    checks = (
        (not open_stages, "stages_ended", Text("所有阶段均已结束", "every stage has ended")),
        (approved, "approved_by_another_agency", Text("另一机构已批准", "another agency has approved")),
        (
            not (any_minor and reason in ADULT_CLOSING_REASONS),
            "reason_for_adults_only",
            Text("该理由只适用于成年人", "this reason is for adults only"),
        ),
    )
    return [Unmet(code, text, (39,)) for met, code, text in checks if not met]
