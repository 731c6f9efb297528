"""Household registration and social security (Art. 33)."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.HOUSEHOLD_REGISTRATION]

router: Final = stage_router(
    StageCode.HOUSEHOLD_REGISTRATION,
    {
        "dossiers": ("dossier", RECORDS["dossier"]),
        "submissions": ("submission", RECORDS["submission"]),
        "registrations": ("registration", RECORDS["registration"]),
        "benefit_decisions": ("benefit_decision", RECORDS["benefit_decision"]),
        "appeals": ("appeal", RECORDS["appeal"]),
    },
)
