"""Answers at a person's own door, and of the offices that answer what is written there."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import CASE, CONSENT, VICTIM, Example, example_id, listing
from domain.agencies import AGENCY_NAMES
from domain.consents import PURPOSE_NAMES, Purpose
from domain.emergency import REASON_NAMES, EmergencyReason
from domain.mandates import MANDATES
from domain.plain_words import NEXT, NOW, RIGHTS, WHAT
from domain.stages import STAGE_NAMES, StageCode, StageState

_HOSPITAL: Final = MANDATES[StageCode.MEDICAL_CARE].accountable
_POLICE: Final = MANDATES[StageCode.INVESTIGATION].accountable
_AT: Final = "2026-03-12T01:30:00Z"
_PLAN: Final = {"plan": "/door/plan"}
_VICTIM_AT: Final = f"/cases/{CASE}/victims/{VICTIM}"
_OWN: Final[Example] = {
    "id": CONSENT,
    "version": 2,
    "purpose": "medical_care",
    "purpose_name": PURPOSE_NAMES[Purpose.MEDICAL_CARE].zh,
    "state": "given",
    "asked": {"what": "在定点医院检查和治疗", "recipients": [], "channel": "面谈", "language": "zh"},
    "decided_at": _AT,
    "expires_at": None,
    "ended_at": None,
}
_WRITTEN: Final[Example] = {
    "id": example_id(70),
    "kind": "correction",
    "written_at": _AT,
    "said": {"words": "我的生日写错了，是五月三日"},
    "answered_at": "2026-03-13T01:30:00Z",
    "answer": "已更正，谢谢您告诉我们",
}
_TO_ANSWER: Final[Example] = {
    "_redacted": [],
    **_WRITTEN,
    "version": 2,
    "for": "person",
    "links": {"self": f"/letters/{example_id(70)}", "victim": _VICTIM_AT},
}
_STAGE, _STATE = StageCode.MEDICAL_CARE, StageState.ACTIVE

OWN_DOOR: Final[Mapping[str, Example]] = {
    "VisitAnswer": {
        "door_token": "the 43 signs of the token",
        "token_type": "Bearer",
        "expires_at": "2026-03-12T13:30:00Z",
        "for": "person",
        "language": "zh-CN",
        "links": {"plan": "/door/plan", "consents": "/door/consents", "record": "/door/record"},
    },
    "PlanAnswer": {
        "items": [
            {
                "stage": str(_STAGE),
                "name": STAGE_NAMES[_STAGE].zh,
                "what": WHAT[_STAGE].zh,
                "now": NOW[_STATE].zh,
                "next": NEXT[_STATE].zh,
                "office": AGENCY_NAMES[_HOSPITAL].zh,
                "asks_again_on": None,
            }
        ],
        "rights": [right.zh for right in RIGHTS],
        "links": {"self": "/door/plan", "record": "/door/record"},
    },
    "DoorConsent": _OWN,
    "DoorConsentList": listing("/door/consents", _OWN, **_PLAN),
    "RecordOfMe": {
        "sections": {"identity": {"name": "示例甲", "lowest_age": 12}},
        "views": [{"heard_on": "2026-03-12", "own_words": "我想和外婆住，不想换学校"}],
        "links": {"self": "/door/record", **_PLAN},
    },
    "ReadersAnswer": {
        "items": [
            {
                "on": "2026-03-12",
                "role": "caseworker",
                "agency": str(_POLICE),
                "agency_name": AGENCY_NAMES[_POLICE].zh,
                "emergency": True,
            }
        ],
        "visits": [{"on": "2026-03-12", "for": "person"}],
        "emergencies": [
            {
                "at": _AT,
                "role": "caseworker",
                "agency": str(_POLICE),
                "agency_name": AGENCY_NAMES[_POLICE].zh,
                "reason": REASON_NAMES[EmergencyReason.DANGER_CALL].zh,
                "outcome": "approved",
            }
        ],
        "links": {"self": "/door/readers", **_PLAN},
    },
    "OwnLetter": _WRITTEN,
    "OwnLetterList": listing("/door/letters", _WRITTEN, **_PLAN),
    "DoorCodeAnswer": {
        "code": "7KQ2-M9XD-4R8V-T3HN-0WZE",
        "for": "person",
        "language": "zh-CN",
        "good_until": "2026-03-19T01:30:00Z",
        "links": {"victim": _VICTIM_AT, "door": "/door"},
    },
    "RevokedCodeAnswer": {"for": "guardian", "ended_at": _AT},
    "LetterAnswer": _TO_ANSWER,
    "LetterList": listing("/letters", {**_TO_ANSWER, "said": None, "answer": None}),
}
