"""Answers about nameless requests, and what coordinators see."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import POLICE, UNIT, Example, example_id, listing
from domain.mandates import MANDATES
from domain.requests import NEED_NAMES, Need
from domain.stages import StageCode

_CODE: Final = StageCode.SCHOOLING
_AT, _DUE, _LATER = "2026-03-12T01:30:00Z", "2026-03-15T02:15:00Z", "2026-03-15T05:15:00Z"
_REQUEST: Final[Example] = {
    "id": example_id(0x24),
    "version": 1,
    "what": str(Need.HOUSING_PLACE),
    "what_name": NEED_NAMES[Need.HOUSING_PLACE].zh,
    "state": "asked",
    "by": _DUE,
    "unit_id": POLICE,
    "asked_by_unit_id": UNIT,
    "asked_by_agency": str(MANDATES[_CODE].accountable),
    "asked_by_name": "示范兵团教育局",
    "asked_at": _AT,
    "answered_at": None,
    "links": {"self": f"/requests/{example_id(0x24)}"},
}
_LOAD: Final[Example] = {"unit_id": UNIT, "stage": str(_CODE), "state": "active", "stages": 7, "late": 1}
_LATE: Final[Example] = {
    "number": "L-MZXW6YTBOI2DKNRX",
    "stage": str(_CODE),
    "unit_id": UNIT,
    "due_at": _DUE,
    "hours_late": 3,
}
WORK_LISTS: Final[Mapping[str, Example]] = {
    "LateList": {"at": _LATER, **listing("/coordination/late", _LATE)},
    "RequestAnswer": {
        **_REQUEST,
        "text": "一位成年女性带一名幼儿，需要单独居住的住房，靠近学校",
        "words": None,
        "_redacted": [],
    },
    "RequestList": listing("/requests", _REQUEST),
    "Workload": {"counted_at": _AT, **listing("/coordination/workload", _LOAD)},
}
