"""What shelter needs (Art. 31)."""

from typing import Final

from domain.facts import Facts, Requirement, guardian_safe, guardian_unquestioned
from domain.stages import StageCode
from domain.texts import Text

ABSENT: Final = "absent"
"""Where a child went is not known: they are reported missing, and shelter goes on until they are found (rule 5)."""


def _safe_exit(facts: Facts) -> bool:
    """An adult's leaving is their own affair and asks for no answer; a child who is gone has not left, but is missing."""
    destination = facts.last("exit", "destination")
    if not facts.minor and destination in ("own_choice", ABSENT):
        return True
    return destination != ABSENT and facts.last("exit", "safe") == "yes"


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
        "record:admission",
        "free_to_leave",
        Text("成年人已获告知可随时离开", "an adult was told that they may leave at any time"),
        lambda f: f.minor or f.move.get("free_to_leave_explained") is True,
        (31,),
        "国务院令381号 11",
    ),
    Requirement(
        StageCode.SHELTER,
        "record:placement",
        "carer_checked",
        Text("亲属或寄养照料人已经走访并合格", "a carer at home was visited and found suitable"),
        lambda f: f.move.get("carer_checked") is not False,
        (31, 40),
    ),
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
