"""Answers about one person beside their own record: decisions, relatives, and another file of theirs."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import CASE, UNIT, VICTIM, Example, example_id, listing

_AT, _LATER = "2026-03-12T01:30:00Z", "2026-03-12T02:15:00Z"
_VICTIM_AT: Final = f"/cases/{CASE}/victims/{VICTIM}"
_RELATIVE_ID, _MERGE_ID, _OTHER_VICTIM = map(example_id, range(0x30, 0x33))
_MERGE_AT: Final = f"/merges/{_MERGE_ID}"
_HISTORY: Final[Example] = {
    "items": [
        {
            "status": "identified",
            "decided_by": "police",
            "decided_at": _AT,
            "reasons": "本人陈述与调查所见一致",
        }
    ],
    "links": {"self": f"{_VICTIM_AT}/identification", "victim": _VICTIM_AT},
    "_redacted": [],
}
_RELATIVE: Final[Example] = {
    "id": _RELATIVE_ID,
    "version": 1,
    "victim_id": VICTIM,
    "fields": {"relation": "other_relative", "role": "claimant", "proven": "unknown", "suspect": "unknown"},
    "links": {"self": f"{_VICTIM_AT}/relatives/{_RELATIVE_ID}", "victim": _VICTIM_AT},
    "_redacted": ["wishes", "wishes_heard_alone"],
}
_MERGE: Final[Example] = {
    "id": _MERGE_ID,
    "version": 2,
    "state": "merged",
    "case_number": "2026-268-3152-4",
    "victim_id": VICTIM,
    "other_case_number": "2026-650-2813-8",
    "other_victim_id": _OTHER_VICTIM,
    "asked_by_unit_id": UNIT,
    "asked_at": _AT,
    "decided_by_unit_id": example_id(0x33),
    "decided_at": _LATER,
    "undone_at": None,
    "links": {move: f"{_MERGE_AT}/{move}" for move in ("approve", "refuse", "undo")},
}
PEOPLE: Final[Mapping[str, Example]] = {
    "MergeAnswer": _MERGE,
    "MergeList": listing("/merges", _MERGE),
    "PersonHistory": _HISTORY,
    "RelativeAnswer": _RELATIVE,
    "RelativeList": listing(f"{_VICTIM_AT}/relatives", _RELATIVE, victim=_VICTIM_AT),
}
