"""Answers about signing in, of people and of machines, and about one's own account."""

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

_CLIENT_LINE: Final[Example] = {
    "id": example_id(41),
    "name": "north-school-system",
    "suspended_at": None,
    "disabled_at": None,
    "links": {"self": f"/clients/{example_id(41)}", "account": f"/accounts/{example_id(41)}"},
}
_CLIENT: Final[Example] = {
    **_CLIENT_LINE,
    "version": 2,
    "grants": [{"unit_id": UNIT, "purposes": ["case_work"]}],
    "keys": [
        {
            "kid": "2026-a",
            "added_at": "2026-03-12T01:30:00Z",
            "not_after": "2027-03-12T01:30:00Z",
            "revoked_at": None,
            "counts": True,
            "ends_soon": False,
        }
    ],
}
_ISSUER: Final[Example] = {
    "id": example_id(42),
    "version": 1,
    "issuer": "https://sign-in.example.invalid",
    "audience": "homeward",
    "algorithm": "ES256",
    "acr_values": ["phrh"],
    "disabled_at": None,
    "links": {"self": "/issuers", "keys": f"/issuers/{example_id(42)}/keys"},
}

SIGN_IN: Final[Mapping[str, Example]] = {
    "ClientAnswer": _CLIENT,
    "ClientList": listing("/clients", _CLIENT_LINE),
    "ClientTokenAnswer": {
        "access_token": "eyJ...the token...",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "place:01 purpose:case_work",
    },
    "IssuerAnswer": _ISSUER,
    "IssuerList": listing("/issuers", _ISSUER),
    "NonceAnswer": {"nonce": "43 signs, for one sign-in", "expires_at": "2026-03-12T01:40:00Z"},
    "ServerMetadata": {
        "issuer": "https://homeward.invalid",
        "token_endpoint": "https://homeward.invalid/token",
        "jwks_uri": "https://homeward.invalid/.well-known/jwks.json",
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
    },
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
        "access_approved_until": "2027-03-12T01:30:00Z",
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
