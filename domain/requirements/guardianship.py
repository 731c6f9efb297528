"""What guardianship needs (Art. 40; rule 3)."""

from typing import Final

from domain.requirements.facts import SETTLED_GUARDIANS, Facts, Requirement
from domain.stages import StageCode
from domain.texts import Text


def _guardianship_settled(facts: Facts) -> bool:
    ordered = facts.any("court_order", "decision", "guardian_appointed", "guardianship_restored")
    return not facts.minor or ordered or facts.guardian in SETTLED_GUARDIANS


ROWS: Final = (
    Requirement(
        StageCode.GUARDIANSHIP,
        "complete",
        "guardianship_settled",
        Text(
            "有安全的监护人、法院裁定、收养，或已成年",
            "a safe guardian, a court order, adoption, or majority",
        ),
        _guardianship_settled,
        (40,),
    ),
    Requirement(
        StageCode.GUARDIANSHIP,
        "rule_out",
        "age_decided_adult",
        Text("年龄认定为成年", "the age was decided to be adult"),
        lambda f: not f.minor,
        (40,),
    ),
)
