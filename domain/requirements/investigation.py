"""What investigation needs (Art. 25)."""

from typing import Final

from domain.requirements.facts import Facts, Requirement
from domain.stages import StageCode
from domain.texts import Text


def _proceedings_ended(facts: Facts) -> bool:
    if facts.of("withdrawn") or facts.last("proceeding_reference", "status") in ("ended", "transferred"):
        return True
    not_filed = facts.last("filing_decision", "decision") == "not_filed"
    return not_filed and facts.any("higher_review", "outcome", "upheld")


ROWS: Final = (
    Requirement(
        StageCode.INVESTIGATION,
        "complete",
        "proceedings_ended",
        Text(
            "程序已终结、已移送，或不予立案且救济途径已用尽",
            "the proceedings have ended, were transferred, or were not filed with every remedy used",
        ),
        _proceedings_ended,
        (25,),
    ),
)
