"""Answers about what somebody agreed to."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import CASE, CONSENT, UNIT, VICTIM, Example, listing
from domain.consents import PURPOSE_NAMES, Basis, Purpose

_AT, _LATER, _END = "2026-03-12T01:30:00Z", "2026-03-12T02:15:00Z", "2026-04-02T01:00:00Z"
_VICTIM_AT: Final = f"/cases/{CASE}/victims/{VICTIM}"

_CONSENT: Final[Example] = {
    "id": CONSENT,
    "version": 2,
    "case_id": CASE,
    "victim_id": VICTIM,
    "purpose": "medical_care",
    "purpose_name": PURPOSE_NAMES[Purpose.MEDICAL_CARE].zh,
    "basis": str(Basis.CONSENT),
    "state": "given",
    "round": 1,
    "unit_id": UNIT,
    "given_by": "self",
    "relative_id": None,
    "recipient_unit_ids": [],
    "asked_at": _AT,
    "decided_at": _LATER,
    "expires_at": None,
    "ended_at": None,
    "ended_by": None,
    "links": {"self": f"/consents/{CONSENT}", "consents": f"{_VICTIM_AT}/consents", "victim": _VICTIM_AT},
}
_SAID: Final[Example] = {
    "asked": {
        "what": "在定点医院检查和治疗",
        "recipients": ["定点医院"],
        "channel": "面谈",
        "language": "zh",
    },
    "given": {"given_by": "self", "own_words": "我愿意", "language": "zh", "how_explained": "逐条口头说明"},
}
_WITHDRAWN: Final[Example] = {
    **_CONSENT,
    "version": 3,
    "state": "withdrawn",
    "ended_at": _END,
    "ended_by": "self",
    "_redacted": [],
    "had_been_shared": [
        {
            "unit_id": UNIT,
            "role": "responsible",
            "since": _LATER,
            "until": _END,
            "reads": [{"subject": "victim", "first_at": _LATER, "last_at": "2026-03-20T03:00:00Z"}],
        }
    ],
}

CONSENTS: Final[Mapping[str, Example]] = {
    "ConsentAnswer": _CONSENT,
    "ConsentDetails": {**_CONSENT, "said": _SAID, "_redacted": []},
    "ConsentList": listing(f"{_VICTIM_AT}/consents", _CONSENT, victim=_VICTIM_AT),
    "WithdrawnAnswer": _WITHDRAWN,
}
