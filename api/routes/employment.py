"""Employment support (Art. 37): one willing person of 16 or more at a time, in their own words."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.EMPLOYMENT]

router: Final = stage_router(
    StageCode.EMPLOYMENT,
    {
        "assessments": ("assessment", RECORDS["assessment"]),
        "trainings": ("training", RECORDS["training"]),
        "job_offers": ("job_offer", RECORDS["job_offer"]),
        "placements": ("placement", RECORDS["placement"]),
        "private_checks": ("private_check", RECORDS["private_check"]),
        "stops": ("stopped", RECORDS["stopped"]),
    },
)
