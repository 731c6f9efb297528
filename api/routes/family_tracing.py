"""Family tracing (Art. 32): no relative hears of the person before it is safe and agreed."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.FAMILY_TRACING]

router: Final = stage_router(
    StageCode.FAMILY_TRACING,
    {
        "identity_checks": ("identity_check", RECORDS["identity_check"]),
        "tracing_notices": ("tracing_notice", RECORDS["tracing_notice"]),
        "sample_requests": ("sample_request", RECORDS["sample_request"]),
        "match_reports": ("match_report", RECORDS["match_report"]),
        "reunion_assessments": ("reunion_assessment", RECORDS["reunion_assessment"]),
        "reunions": ("reunion", RECORDS["reunion"]),
        "support_duties": ("support_duty", RECORDS["support_duty"]),
        "not_found_certificates": ("not_found_certificate", RECORDS["not_found_certificate"]),
    },
)
