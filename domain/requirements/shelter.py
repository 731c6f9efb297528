"""What shelter needs (Art. 31)."""

from typing import Final

from domain.requirements.facts import Facts, Requirement, guardian_safe, guardian_unquestioned
from domain.stages import StageCode
from domain.texts import Text


def _safe_exit(facts: Facts) -> bool:
    if facts.last("exit", "safe") == "yes":
        return True
    return not facts.minor and facts.last("exit", "destination") == "own_choice"


TO_THE_FAMILY: Final = frozenset({"family", "own_home", "kin_care", "own_choice"})


def _not_to_a_questioned_family(facts: Facts) -> bool:
    leaving = facts.move.get("destination", facts.last("exit", "destination"))
    return leaving not in TO_THE_FAMILY or guardian_unquestioned(facts)


def _no_conflict(action: str) -> Requirement:
    text = Text(
        "监护冲突未解除，孩子不得离开去往家庭",
        "while the guardian is in question no child leaves to the family",
    )
    return Requirement(
        StageCode.SHELTER, action, "no_guardian_conflict", text, _not_to_a_questioned_family, (31, 40, 26)
    )


ROWS: Final = (
    _no_conflict("record:exit"),
    _no_conflict("complete"),
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
