"""What deciding somebody's age needs: the only way in which who counted as a minor becomes an adult (workflow 1)."""

from collections.abc import Collection
from typing import Final

from domain.person_codes import AgeEvidence
from domain.refusals import Unmet
from domain.texts import Text

ACTION: Final = "age_decision"
ARTICLES: Final = (40,)
_PAPERS: Final = frozenset({AgeEvidence.DOCUMENT, AgeEvidence.SCHOOL_RECORD})


def _enough(evidence: Collection[AgeEvidence]) -> bool:
    """A paper; or two accounts that agree. What somebody says of themselves can be what they were told to say."""
    return bool(_PAPERS & set(evidence)) or len(set(evidence)) > 1


def unmet_for_age(
    *, adult: bool, doubt: bool, evidence: Collection[AgeEvidence], medical_consent: bool, approved: bool
) -> list[Unmet]:
    """What this decision still needs; to decide that somebody is a minor needs no proof."""
    checks = (
        (
            approved,
            "second_agency_agrees",
            Text("第二个机构已同意", "a second agency has agreed"),
        ),
        (
            not (adult and doubt),
            "doubt_means_minor",
            Text("有疑问即按未成年人对待", "doubt means minor: no adult is decided in doubt"),
        ),
        (
            not adult or _enough(evidence),
            "evidence_of_age",
            Text(
                "有证件、学籍记录，或两种相符的依据",
                "a document, a school record, or two accounts that agree",
            ),
        ),
        (
            AgeEvidence.MEDICAL_OPINION not in evidence or medical_consent,
            "medical_consent",
            Text("医学意见须经同意", "a medical opinion is asked for only with consent"),
        ),
    )
    return [Unmet(code, text, ARTICLES) for met, code, text in checks if not met]
