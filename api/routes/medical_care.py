"""Medical care (Art. 34): dates, needs and certificates; clinical notes stay in the hospital."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.MEDICAL_CARE]

router: Final = stage_router(
    StageCode.MEDICAL_CARE,
    {
        "appointments": ("appointment", RECORDS["appointment"]),
        "attendances": ("attendance", RECORDS["attendance"]),
        "accommodation_needs": ("accommodation_need", RECORDS["accommodation_need"]),
        "psychological_support": ("psychological_support", RECORDS["psychological_support"]),
        "disability_gradings": ("disability_grading", RECORDS["disability_grading"]),
        "discharges": ("discharge", RECORDS["discharge"]),
    },
)
