"""Answers about a timeline: a school accepts a stage, as its unit and as an auditor read it."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import (
    CASE,
    DEPUTY,
    OFFICER,
    POLICE,
    STAGE,
    UNIT,
    VICTIM,
    Example,
    example_id,
    listing,
)
from domain.mandates import MANDATES
from domain.stages import StageCode

_CODE: Final = StageCode.SCHOOLING
_MANDATE: Final = MANDATES[_CODE]
_LEAD: Final = str(_MANDATE.accountable)
_LATER, _DUE = "2026-03-12T02:15:00Z", "2026-03-15T02:15:00Z"
_DIGEST, _DIGEST_BEFORE = "9f" * 32, "3c" * 32
_CASE_AT: Final = f"/cases/{CASE}"
_STANDS: Final[Example] = {
    "code": str(_CODE),
    "victim_id": VICTIM,
    "round": 1,
    "state": "accepted",
    "unit_id": UNIT,
    "agency": _LEAD,
    "offered_unit_id": None,
    "officer_id": OFFICER,
    "deputy_id": DEPUTY,
    "due_clock": "stage_begin",
    "due_at": _DUE,
}
_WHAT: Final[Example] = {
    "action": "accept",
    "articles": list(_MANDATE.articles),
    "changed": ["deputy_id", "officer_id"],
    "clocks": [{"clock": "stage_begin", "did": "started", "due_at": _DUE, "subject_id": STAGE}],
    "stands": _STANDS,
    "from": "routed",
    "happened_at": _LATER,
    "outcome": "done",
    "reason": None,
    "rule": None,
    "stage": str(_CODE),
    "stage_id": STAGE,
    "subject": "stage",
    "subject_id": STAGE,
    "to": "accepted",
    "unit_id": None,
    "victim_id": VICTIM,
}
_WHO: Final[Example] = {
    "account_id": OFFICER,
    "agency": _LEAD,
    "by_rule": False,
    "client": None,
    "on_behalf_of": None,
    "purpose": None,
    "request_id": example_id(0x21),
    "role": "caseworker",
    "session_id": example_id(0x22),
    "unit_id": UNIT,
}
_ENTRY: Final[Example] = {
    "seq": 41,
    "id": example_id(0x20),
    "recorded_at": _LATER,
    "digest": _DIGEST,
    "kind": "routing",
    "happened_at": _LATER,
    "late": False,
    "corrects": None,
    "what": _WHAT,
    "who": _WHO,
    "values": {"move.deputy_id": _DIGEST_BEFORE, "move.officer_id": _DIGEST},
    "_redacted": [],
}
_WITHHELD: Final[Example] = {
    "recorded_at": _LATER,
    "seq": 40,
    "id": example_id(0x23),
    "digest": _DIGEST_BEFORE,
    "_redacted": ["corrects", "happened_at", "kind", "late", "values", "what", "who"],
}
TIMELINE: Final[Mapping[str, Example]] = {
    "AsOfAnswer": {
        "case_id": CASE,
        "at": _LATER,
        "entries": 41,
        "recorded_at": _LATER,
        "erased_at": None,
        "case": {
            "state": "open",
            "round": 1,
            "owner_unit_id": POLICE,
            "owner_agency": "PSB",
            "offered_unit_id": None,
            "closing_reason": None,
        },
        "stages": [{"id": STAGE, **_STANDS}],
        "people": [{"id": VICTIM, "erased": False, "sections": {"identity": {"sex": "male"}}, "_redacted": []}],
        "links": {"case": _CASE_AT, "timeline": f"{_CASE_AT}/timeline"},
        "_redacted": [],
    },
    "AuditedCaseAnswer": {
        "case_id": CASE,
        "number": "2026-032-2474-1",
        "links": {
            "timeline": f"{_CASE_AT}/timeline",
            "check": f"{_CASE_AT}/timeline/check",
            "as_of": f"{_CASE_AT}/as_of",
        },
    },
    "ChainAnswer": {"whole": True, "entries": 41, "head": _DIGEST, "first_bad": None, "fault": None, "checked_at": _LATER},
    "TimelineAnswer": listing(
        f"{_CASE_AT}/timeline", _WITHHELD, _ENTRY, case=_CASE_AT, check=f"{_CASE_AT}/timeline/check", as_of=f"{_CASE_AT}/as_of"
    ),
}  # fmt: skip
