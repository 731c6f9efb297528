"""What deciding an age needs: doubt, a bare word and a lone medical opinion never make an adult."""

import pytest

from domain.age_decisions import unmet_for_age
from domain.person_codes import AgeEvidence

PAPER, SCHOOL, SAID, TOLD, DOCTOR = (
    AgeEvidence.DOCUMENT,
    AgeEvidence.SCHOOL_RECORD,
    AgeEvidence.OWN_STATEMENT,
    AgeEvidence.STATEMENT_OF_OTHERS,
    AgeEvidence.MEDICAL_OPINION,
)


def open_for(
    *evidence: AgeEvidence,
    adult: bool = True,
    doubt: bool = False,
    consent: bool = False,
    approved: bool = True,
) -> list[str]:
    found = unmet_for_age(
        adult=adult, doubt=doubt, evidence=evidence, medical_consent=consent, approved=approved
    )
    assert all(one.articles for one in found)
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("evidence", "enough"),
    [
        ((PAPER,), True),
        ((SCHOOL,), True),
        ((SAID, TOLD), True),
        ((SAID,), False),
        ((TOLD,), False),
        ((SAID, SAID), False),
        ((DOCTOR,), False),
    ],
)
def test_an_adult_is_shown_by_a_paper_or_by_two_accounts(
    evidence: tuple[AgeEvidence, ...], *, enough: bool
) -> None:
    assert ("evidence_of_age" not in open_for(*evidence, consent=True)) is enough


def test_in_doubt_nobody_is_decided_an_adult_whatever_the_evidence() -> None:
    assert open_for(*AgeEvidence, doubt=True, consent=True) == ["doubt_means_minor"]


def test_that_somebody_is_a_minor_needs_no_proof_but_the_second_agency() -> None:
    assert open_for(SAID, adult=False, doubt=True) == []
    assert open_for(SAID, adult=False, doubt=True, approved=False) == ["second_agency_agrees"]


@pytest.mark.parametrize("adult", [True, False])
def test_a_medical_opinion_is_looked_at_only_with_consent(*, adult: bool) -> None:
    assert open_for(DOCTOR, PAPER, adult=adult) == ["medical_consent"]
    assert open_for(DOCTOR, PAPER, adult=adult, consent=True) == []
