"""Shelter and transit recovery (Art. 31): a safe place; its address is for those who run it."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.SHELTER]

router: Final = stage_router(
    StageCode.SHELTER,
    {
        "admissions": ("admission", RECORDS["admission"]),
        "escorts": ("escort", RECORDS["escort"]),
        "placements": ("placement", RECORDS["placement"]),
        "reviews": ("review", RECORDS["review"]),
        "exit_plans": ("exit_plan", RECORDS["exit_plan"]),
        "exits": ("exit", RECORDS["exit"]),
    },
)
