"""Guardianship (Art. 40): who may speak for a child, decided before anybody does."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.GUARDIANSHIP]

router: Final = stage_router(
    StageCode.GUARDIANSHIP,
    {
        "guardian_statuses": ("guardian_status", RECORDS["guardian_status"]),
        "family_assessments": ("family_assessment", RECORDS["family_assessment"]),
        "child_views": ("child_view", RECORDS["child_view"]),
        "court_orders": ("court_order", RECORDS["court_order"]),
        "family_education": ("family_education", RECORDS["family_education"]),
    },
)
