"""Repatriation (Art. 47): a free choice, a safe way, a named carer at the other end."""

from typing import Final

from api.representations.records import RECORD_BODIES
from api.routes.stage_routes import stage_router
from domain.stages import StageCode

RECORDS: Final = RECORD_BODIES[StageCode.REPATRIATION]

router: Final = stage_router(
    StageCode.REPATRIATION,
    {
        "interpreters": ("interpreter", RECORDS["interpreter"]),
        "statuses_explained": ("status_explained", RECORDS["status_explained"]),
        "own_requests": ("own_request", RECORDS["own_request"]),
        "embassy_contacts": ("embassy_contact", RECORDS["embassy_contact"]),
        "return_risk_assessments": ("return_risk_assessment", RECORDS["return_risk_assessment"]),
        "travel_documents": ("travel_document", RECORDS["travel_document"]),
        "voluntary_returns": ("voluntary_return", RECORDS["voluntary_return"]),
        "receptions": ("reception", RECORDS["reception"]),
        "handovers": ("handover", RECORDS["handover"]),
        "alternative_statuses": ("alternative_status", RECORDS["alternative_status"]),
    },
)
