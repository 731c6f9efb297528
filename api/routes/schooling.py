"""Schooling (Art. 36): a place, an enrolment, attendance; it never waits for papers."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.SCHOOLING]

router: Final = stage_router(
    StageCode.SCHOOLING,
    {
        "placement_assessments": ("placement_assessment", RECORDS["placement_assessment"]),
        "places_confirmed": ("place_confirmed", RECORDS["place_confirmed"]),
        "enrolments": ("enrolment", RECORDS["enrolment"]),
        "attendance_checks": ("attendance_check", RECORDS["attendance_check"]),
        "school_transfers": ("school_transfer", RECORDS["school_transfer"]),
    },
)
