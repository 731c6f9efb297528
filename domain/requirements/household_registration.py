"""What household registration needs (Art. 33)."""

from typing import Final

from domain.facts import Requirement
from domain.stages import StageCode
from domain.texts import Text

ROWS: Final = (
    Requirement(
        StageCode.HOUSEHOLD_REGISTRATION,
        "complete",
        "registered",
        Text("已登记户口", "the household registration is made"),
        lambda f: bool(f.of("registration")),
        (33,),
    ),
    Requirement(
        StageCode.HOUSEHOLD_REGISTRATION,
        "complete",
        "benefit_decided",
        Text("社会保障已有决定", "the social-security decision is made"),
        lambda f: bool(f.of("benefit_decision")),
        (33,),
    ),
)
