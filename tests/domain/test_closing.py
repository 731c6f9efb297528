"""What closing a case needs: each reason must be true, and somebody else must agree."""

from uuid import UUID

import pytest

from domain.agencies import Agency
from domain.closing import CLOSING_REASONS, Closing, unmet_to_close, unmet_to_record_death

OPEN = (UUID(int=1),)


def codes(closing: Closing) -> list[str]:
    return [row.code for row in unmet_to_close(closing)]


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        (Closing("goals_met", approved=True), []),
        (Closing("goals_met", any_minor=True, approved=True), []),
        (Closing("goals_met"), ["approved_by_another_agency"]),
        (Closing("goals_met", approved=True, open_stages=OPEN), ["stages_ended"]),
        (Closing("declined_by_victim", approved=True), []),
        (Closing("contact_lost", approved=True), []),
        (Closing("declined_by_victim", any_minor=True, approved=True), ["reason_for_adults_only"]),
        (Closing("contact_lost", any_minor=True, approved=True), ["reason_for_adults_only"]),
        (Closing("repatriated", approved=True), ["repatriation_completed"]),
        (Closing("repatriated", approved=True, repatriated=True), []),
        (Closing("merged_duplicate", approved=True), ["merged"]),
        (Closing("merged_duplicate", approved=True, merged=True), []),
        (Closing("moved_jurisdiction", approved=True), ["move_accepted"]),
        (Closing("moved_jurisdiction", approved=True, moved=True), []),
        (Closing("unfounded", approved=True), ["found_unfounded"]),
        (Closing("unfounded", approved=True, no_victims=True), []),
        (Closing("unfounded", approved=True, reports_unfounded=True), []),
        (Closing("deceased", approved=True), ["death_recorded"]),
        (Closing("deceased", approved=True, deceased=True), []),
        (
            Closing("contact_lost", any_minor=True, open_stages=OPEN),
            ["stages_ended", "approved_by_another_agency", "reason_for_adults_only"],
        ),
    ],
)
def test_a_case_closes_when_its_stages_ended_for_a_true_reason_that_another_agency_approved(
    closing: Closing, expected: list[str]
) -> None:
    assert codes(closing) == expected


@pytest.mark.parametrize("reason", CLOSING_REASONS)
def test_no_reason_closes_a_case_whose_stages_go_on_or_that_nobody_else_approved(reason: str) -> None:
    everything = Closing(
        reason,
        open_stages=OPEN,
        repatriated=True,
        no_victims=True,
        reports_unfounded=True,
        merged=True,
        moved=True,
        deceased=True,
    )
    assert codes(everything) == ["stages_ended", "approved_by_another_agency"]


@pytest.mark.parametrize(
    ("approvers", "cared", "enough"),
    [
        (set(), set(), False),
        ({Agency.CAB}, {Agency.CAB, Agency.HEALTH}, False),
        ({Agency.HEALTH}, {Agency.CAB, Agency.HEALTH}, False),
        ({Agency.WOMEN}, {Agency.CAB, Agency.HEALTH}, True),
    ],
)
def test_a_death_is_recorded_on_the_word_of_an_agency_that_had_no_care(
    approvers: set[Agency], cared: set[Agency], enough: bool
) -> None:
    assert (unmet_to_record_death(approvers, cared) == []) is enough
