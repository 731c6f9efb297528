"""Investigation (Art. 25): the police open it, answer for it, and no other stage waits for it."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.INVESTIGATION]

router: Final = stage_router(
    StageCode.INVESTIGATION,
    {
        "acceptances": ("acceptance", RECORDS["acceptance"]),
        "filing_decisions": ("filing_decision", RECORDS["filing_decision"]),
        "findings": ("finding", RECORDS["finding"]),
        "interviews": ("interview", RECORDS["interview"]),
        "rapid_searches": ("rapid_search", RECORDS["rapid_search"]),
        "reconsiderations": ("reconsideration", RECORDS["reconsideration"]),
        "higher_reviews": ("higher_review", RECORDS["higher_review"]),
        "prosecutor_demands": ("prosecutor_demand", RECORDS["prosecutor_demand"]),
        "withdrawals": ("withdrawn", RECORDS["withdrawn"]),
        "proceeding_references": ("proceeding_reference", RECORDS["proceeding_reference"]),
    },
)
