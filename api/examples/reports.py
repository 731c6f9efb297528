"""Answers about reports and their receipts."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import CASE, PLACE, POLICE, REPORT, Example, listing

_AT: Final = "2026-03-12T01:30:00Z"
_CASE_AT: Final = f"/cases/{CASE}"

_REPORT_LINE: Final[Example] = {
    "id": REPORT,
    "version": 3,
    "kind": "tip",
    "state": "accepted",
    "concerns": ["child_alone", "danger"],
    "place_id": PLACE,
    "unit_id": POLICE,
    "second_unit_id": POLICE,
    "above_unit_id": None,
    "offered_unit_id": None,
    "case_id": CASE,
    "duplicate_of": None,
    "continues_id": None,
    "received_at": _AT,
    "earliest_at": _AT,
    "reply_by": "2026-03-12T01:45:00Z",
    "answered_at": None,
    "elsewhere": False,
    "erased_at": None,
    "links": {"self": f"/reports/{REPORT}", "objections": f"/reports/{REPORT}/objections", "case": _CASE_AT},
}
_ANSWER: Final[Example] = {
    "action": "answer",
    "by": ["responsible_unit"],
    "agencies": [],
    "articles": [],
    "open_to_you": True,
    "link": f"/reports/{REPORT}/answer",
}
_REPORT: Final[Example] = {
    **_REPORT_LINE,
    "message": {"narrative": "车站门口有一个男孩独自乞讨", "people": [], "whereabouts": "汽车站北出口"},
    "contact_nobody_at_home": False,
    "available_actions": [_ANSWER],
    "_redacted": ["reporter"],
}
_RECEIPT: Final[Example] = {
    "number": "R-48392-07561-4",
    "secret": "an-example-secret-of-24c",
    "status": "received",
    "received_at": _AT,
    "emergency": "110",
    "what_now": {"zh-CN": "如有危险，请立即拨打110。", "en": "In danger, call 110 now."},
    "links": {"receipt": "/receipts/R-48392-07561-4"},
}

_OBJECTION: Final[Example] = {
    "id": "0198c0de-0000-7000-8000-000000000011",
    "version": 1,
    "report_id": REPORT,
    "kind": "prosecutor_demand",
    "opened_at": _AT,
    "opened_by_unit_id": POLICE,
    "unit_id": POLICE,
    "closed_at": None,
    "said": {"narrative": "请说明不予受理的理由"},
    "decided": None,
    "links": {"report": f"/reports/{REPORT}"},
    "_redacted": [],
}

REPORTS: Final[Mapping[str, Example]] = {
    "ReceiptAnswer": _RECEIPT,
    "ReceiptStatus": {
        "number": _RECEIPT["number"],
        "received_at": _AT,
        "status": "being_handled",
        "status_name": "正在处理",
    },
    "ComplaintAnswer": {"number": _RECEIPT["number"], "status": "received", "emergency": "110"},
    "ObjectionAnswer": _OBJECTION,
    "ObjectionList": listing(f"/reports/{REPORT}/objections", _OBJECTION),
    "ReportAnswer": _REPORT,
    "ReportList": listing("/reports", _REPORT_LINE),
}
