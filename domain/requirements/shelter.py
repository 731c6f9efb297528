"""What shelter needs (Art. 31)."""

from typing import Final

from domain.requirements.facts import Facts, Requirement, guardian_safe
from domain.stages import StageCode
from domain.texts import Text


def _safe_exit(facts: Facts) -> bool:
    if facts.last("exit", "safe") == "yes":
        return True
    return not facts.minor and facts.last("exit", "destination") == "own_choice"


ROWS: Final = (
    Requirement(
        StageCode.SHELTER,
        "complete",
        "safe_exit",
        Text("离开去往安全之处，或成年人自己的选择", "an exit to a safe place, or an adult's own choice"),
        _safe_exit,
        (31,),
    ),
    Requirement(
        StageCode.SHELTER,
        "complete",
        "guardianship_before_exit",
        Text("未成年人离开前须有安全的监护安排", "a child leaves only into safe guardianship"),
        guardian_safe,
        (31, 40),
    ),
)
