"""Rescue (Arts. 30 and 20): the police bring the person out, civil affairs receive them."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.RESCUE]

router: Final = stage_router(
    StageCode.RESCUE,
    {
        "rescue_plans": ("rescue_plan", RECORDS["rescue_plan"]),
        "rescues_carried_out": ("rescue_carried_out", RECORDS["rescue_carried_out"]),
        "handovers": ("handover", RECORDS["handover"]),
    },
)
