"""What guardianship needs (Art. 40; rule 3)."""

from typing import Final

from domain.requirements.facts import SETTLED_GUARDIANS, Facts, Requirement
from domain.stages import StageCode
from domain.texts import Text


def _guardianship_settled(facts: Facts) -> bool:
    ordered = facts.any("court_order", "decision", "guardian_appointed", "guardianship_restored")
    return not facts.minor or ordered or facts.guardian in SETTLED_GUARDIANS


def _no_conflict_or_decided(facts: Facts) -> bool:
    """A court's decision settles who is guardian; the one in question stays in question."""
    return not facts.minor or not facts.guardian_conflict or facts.guardian in SETTLED_GUARDIANS


ROWS: Final = (
    Requirement(
        StageCode.GUARDIANSHIP,
        "complete",
        "no_guardian_conflict",
        Text(
            "监护冲突已解除，或法院已裁判并已另行确定监护",
            "no guardian is in question, or a court has decided and somebody else was named",
        ),
        _no_conflict_or_decided,
        (40, 26),
    ),
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
