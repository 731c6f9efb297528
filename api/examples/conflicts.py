"""A guardian in question, as the child's guardianship unit reads it."""

from typing import Final

from api.examples.shared import CASE, UNIT, VICTIM, Example, example_id
from domain.conflicts import TERMS, ConflictKind

_TERMS: Final = TERMS[ConflictKind.GUARDIAN]
CONFLICT: Final = example_id(0x30)
CONFLICT_IN_FORCE: Final[Example] = {
    "id": CONFLICT,
    "version": 1,
    "case_id": CASE,
    "kind": str(_TERMS.kind),
    "kind_name": _TERMS.name.zh,
    "state": "open",
    "articles": list(_TERMS.articles),
    "source": _TERMS.source,
    "victim_id": VICTIM,
    "relative_id": None,
    "unit_id": None,
    "account_id": None,
    "rule": None,
    "reason": "孩子说是母亲把他交给陌生人的",
    "_redacted": [],
    "set_by_unit_id": UNIT,
    "set_at": "2026-03-12T01:30:00Z",
    "above_unit_id": None,
    "prosecutor_unit_id": None,
    "confirmed_at": None,
    "cleared_by_above_at": None,
    "cleared_by_prosecutor_at": None,
    "cleared_at": None,
    "links": {
        "self": f"/guardian_conflicts/{CONFLICT}",
        "case": f"/cases/{CASE}",
        "conflicts": f"/cases/{CASE}/conflicts",
    },
}
GUARDIAN_ATTEMPT: Final[Example] = {
    "id": example_id(0x20),
    "recorded_at": "2026-03-12T02:15:00Z",
    "links": {"case": f"/cases/{CASE}", "timeline": f"/cases/{CASE}/timeline"},
}
