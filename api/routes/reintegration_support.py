"""Reintegration support (Art. 38): the person's own goals, and help with them."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.REINTEGRATION_SUPPORT]

router: Final = stage_router(
    StageCode.REINTEGRATION_SUPPORT,
    {
        "goals": ("goals", RECORDS["goals"]),
        "reviews": ("review", RECORDS["review"]),
        "help_given": ("help_given", RECORDS["help_given"]),
    },
)
