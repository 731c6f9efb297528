"""Rights support (Arts. 35 and 38): rights explained, legal aid, claims brought to their end."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.RIGHTS_SUPPORT]

router: Final = stage_router(
    StageCode.RIGHTS_SUPPORT,
    {
        "rights_information": ("rights_information", RECORDS["rights_information"]),
        "aid_applications": ("aid_application", RECORDS["aid_application"]),
        "aid_decisions": ("aid_decision", RECORDS["aid_decision"]),
        "lawyers_assigned": ("lawyer_assigned", RECORDS["lawyer_assigned"]),
        "claims": ("claim", RECORDS["claim"]),
        "protection_orders": ("protection_order", RECORDS["protection_order"]),
        "claims_closed": ("claim_closed", RECORDS["claim_closed"]),
    },
)
