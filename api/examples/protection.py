"""Answers about terms, holds, erasures and exports."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import CASE, UNIT, VICTIM, Example, example_id, listing
from domain.mandates import MANDATES
from domain.stages import StageCode

_BASE, _AT, _LATER = f"/cases/{CASE}", "2026-03-12T01:30:00Z", "2026-04-12T01:30:00Z"
_LEAD: Final = str(MANDATES[StageCode.SHELTER].accountable)
_HOLD: Final[Example] = {
    "_redacted": [],
    "id": example_id(0x31),
    "version": 1,
    "case_id": CASE,
    "set_at": _AT,
    "set_by_unit_id": UNIT,
    "reason": "刑事案件二审尚未审结",
    "released_at": None,
    "released_because": None,
    "links": {
        "case": _BASE,
        "list": f"{_BASE}/legal_holds",
        "release": f"{_BASE}/legal_holds/{example_id(0x31)}/release",
    },
}
PROTECTION: Final[Mapping[str, Example]] = {
    "HoldAnswer": _HOLD,
    "HoldList": listing(f"{_BASE}/legal_holds", _HOLD, case=_BASE),
    "ErasureAnswer": {
        "victim_id": VICTIM,
        "erased_at": _AT,
        "erased_digest": "5f" * 32,
        "links": {"case": _BASE, "timeline": f"{_BASE}/timeline"},
    },
    "ExportAnswer": {
        "format": "homeward-subject-export-v1",
        "victim_id": VICTIM,
        "made_at": _LATER,
        "recipient": "person",
        "known": {
            "case_number": "2026-000-0012-4",
            "sections": {"identity": [{"content": {"name": "示例甲", "lowest_age": 20}}]},
            "consents": [],
            "stages": [
                {
                    "code": "shelter",
                    "state": "completed",
                    "round": 1,
                    "agency": _LEAD,
                    "opened_at": _AT,
                    "begun_at": _AT,
                    "ended_at": _LATER,
                }
            ],
            "records": [
                {
                    "stage": "shelter",
                    "kind": "exit",
                    "agency": _LEAD,
                    "happened_at": _AT,
                    "recorded_at": _AT,
                    "content": {"destination": "own_home", "safe": "yes"},
                }
            ],
            "deadlines": [],
            "readers": [{"role": "caseworker", "agency": _LEAD, "day": "2026-03-12", "subject": "victim"}],
            "sources": [{"kind": "report:tip", "at": _AT}],
            "withheld": [{"what": "records of investigation", "why": "investigation"}],
        },
        "links": {"victim": f"{_BASE}/victims/{VICTIM}", "timeline": f"{_BASE}/timeline"},
        "_redacted": [],
    },
    "RetentionAnswer": {
        "items": [
            {
                "category": "sessions",
                "term": "P1D",
                "counted_from": "登录到期时",
                "ground": "系统运行需要（默认值，未核实）",
                "verified": False,
                "then": "删除",
                "by_rule": True,
            }
        ],
        "links": {"self": "/retention", "due": "/retention/due"},
    },
    "DueErasures": {
        "by": _LATER,
        "items": [
            {
                "category": "closed_case_file",
                "count": 1,
                "more": False,
                "held": 1,
                "files": [{"number": "D-MZXW6YTBOI2DKNRX", "due_at": _AT, "held": True}],
            }
        ],
        "links": {"self": "/retention/due", "terms": "/retention"},
    },
}
