"""Answers about emergency access."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import CASE, DEPUTY, OFFICER, POLICE, VICTIM, Example, example_id, listing
from domain.emergency import REASON_NAMES, EmergencyReason, ReviewOutcome

_ID: Final = example_id(60)
_BASE: Final = f"/emergency_access/{_ID}"
_GRANT: Final[Example] = {
    "id": _ID,
    "version": 2,
    "case_id": CASE,
    "account_id": OFFICER,
    "unit_id": POLICE,
    "role": "caseworker",
    "reason_code": str(EmergencyReason.DANGER_CALL),
    "reason_name": REASON_NAMES[EmergencyReason.DANGER_CALL].zh,
    "reason": "安置处所来电，有人砸门，须立即赶到",
    "opened_at": "2026-03-12T01:30:00Z",
    "expires_at": "2026-03-12T02:30:00Z",
    "ended_at": None,
    "ended_because": None,
    "open_now": True,
    "renewed_by_id": None,
    "more_than_usual": False,
    "review_overdue": False,
    "review_by": "2026-03-13T01:30:00Z",
    "reviewed_at": "2026-03-12T02:00:00Z",
    "reviewed_by_id": DEPUTY,
    "outcome": str(ReviewOutcome.APPROVED),
    "links": {"self": _BASE, "people": f"{_BASE}/people"},
    "_redacted": [],
}

EMERGENCY: Final[Mapping[str, Example]] = {
    "EmergencyAnswer": _GRANT,
    "EmergencyList": listing("/emergency_access", {**_GRANT, "reason": None}),
    "PeopleInDanger": {
        "items": [
            {
                "victim_id": VICTIM,
                "minor": True,
                "sections": {
                    "identity": {"name": "示例甲", "lowest_age": 12, "sex": "male"},
                    "contact": {"phone": "+8613900000007"},
                    "situation": {"in_danger": "yes"},
                },
                "guardian_in_question": False,
                "sleeps_at": {
                    "care": "relief_station",
                    "address": "示范路七号儿童区",
                    "starts_on": "2026-03-10",
                },
                "_redacted": ["exploitation"],
            }
        ],
        "expires_at": "2026-03-12T02:30:00Z",
        "links": {"self": f"{_BASE}/people", "access": _BASE},
    },
}
