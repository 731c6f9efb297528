"""Follow-up (Art. 39): agreed contact, at a place and by a channel that the person chose."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.FOLLOW_UP]

router: Final = stage_router(
    StageCode.FOLLOW_UP,
    {
        "contact_plans": ("contact_plan", RECORDS["contact_plan"]),
        "contacts": ("contact", RECORDS["contact"]),
        "difficulties": ("difficulty", RECORDS["difficulty"]),
        "ends": ("ended", RECORDS["ended"]),
    },
)
