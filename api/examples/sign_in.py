"""Answers about signing in and one's own account."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import OFFICER, PLACE, UNIT, Example, example_id, listing
from domain.mandates import MANDATES
from domain.stages import StageCode

_SESSION: Final[Example] = {
    "id": example_id(40),
    "began_at": "2026-03-12T01:30:00Z",
    "expires_at": "2026-03-12T13:30:00Z",
    "this_one": True,
}

SIGN_IN: Final[Mapping[str, Example]] = {
    "ConfirmedAnswer": {"confirmed_until": "2026-03-12T01:35:00Z"},
    "MeAnswer": {
        "account_id": OFFICER,
        "unit_id": UNIT,
        "agency": str(MANDATES[StageCode.SCHOOLING].accountable),
        "role": "caseworker",
        "place_id": PLACE,
        "place_kind": "corps",
        "institution": None,
        "to_set_up": [],
        "links": {"inbox": "/inbox", "cases": "/cases", "sessions": "/me/sessions"},
    },
    "RecoveryCodesAnswer": {"recovery_codes": ["kq3m-7xra-pd2n-y5we", "b4tz-u6hc-o2vf-s7lj"]},
    "SecondFactorAnswer": {
        "secret": "the 32 letters for the device",
        "address": "otpauth://totp/Homeward:edu-1?secret=...&issuer=Homeward",
    },
    "SessionList": listing("/me/sessions", _SESSION),
    "TokenAnswer": {
        "access_token": "eyJ...the token...",
        "token_type": "Bearer",
        "expires_in": 600,
        "refresh_token": "the 43 signs of the next one",
        "refresh_expires_at": "2026-03-12T02:00:00Z",
        "session_expires_at": "2026-03-12T13:30:00Z",
        "to_set_up": [],
    },
}
