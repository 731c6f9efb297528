"""What help with daily life needs (Art. 38)."""

from typing import Final

from domain.facts import Requirement
from domain.stages import StageCode
from domain.texts import Text

ROWS: Final = (
    Requirement(
        StageCode.REINTEGRATION_SUPPORT,
        "complete",
        "goals_settled",
        Text("复查时目标已达成或本人不再需要", "goals met, or declined at a review"),
        lambda f: f.last("review", "outcome") in ("goals_met", "declined"),
        (38,),
    ),
)
