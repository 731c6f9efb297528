"""Answers about clocks: the table, what is due, alarms, what a division set."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import CASE, PLACE, STAGE, UNIT, VICTIM, Example, example_id, listing
from domain.articles import EDITION
from domain.clocks import CLOCKS
from domain.policy import clock_table

_CLOCK: Final = CLOCKS["stage_reply"]
_DUE: Final = "2026-03-13T01:30:00Z"
_DEADLINE: Final[Example] = {
    "id": example_id(0x40),
    "clock": _CLOCK.code,
    "text": _CLOCK.text.zh,
    "source": _CLOCK.source,
    "verified": _CLOCK.verified,
    "critical": _CLOCK.critical,
    "state": "running",
    "subject": "stage",
    "subject_id": STAGE,
    "stage_id": STAGE,
    "victim_id": VICTIM,
    "started_at": "2026-03-12T01:30:00Z",
    "due_at": _DUE,
    "provisional": False,
    "moved": False,
    "version": 1,
}
_ALARM: Final[Example] = {
    "id": example_id(0x41),
    "clock": _CLOCK.code,
    "text": _CLOCK.text.zh,
    "told": "unit",
    "stage": "schooling",
    "subject": "stage",
    "subject_id": STAGE,
    "late_unit_id": UNIT,
    "due_at": _DUE,
    "raised_at": "2026-03-13T01:30:02Z",
    "links": {"case": f"/cases/{CASE}", "stage": f"/schooling/{STAGE}"},
}
_OVERRIDE: Final[Example] = {
    "division_id": PLACE,
    "clock": _CLOCK.code,
    "text": _CLOCK.text.zh,
    "amount": 12,
    "unit": str(_CLOCK.unit),
    "reason": "示范北师市要求12小时内答复",
    "set_at": "2026-03-12T01:30:00Z",
    "version": 1,
}
_ROW: Final[Example] = next(row for row in clock_table("zh") if row["code"] == _CLOCK.code)

CLOCK_ANSWERS: Final[Mapping[str, Example]] = {
    "RungAnswer": {"after": "PT0M", "action": "remind", "told": ["unit"]},
    "ClockAnswer": _ROW,
    "ClockTable": {"edition": EDITION, "clocks": [_ROW]},
    "DeadlineAnswer": _DEADLINE,
    "DeadlineList": listing(f"/cases/{CASE}/deadlines", _DEADLINE, case=f"/cases/{CASE}"),
    "AlarmAnswer": _ALARM,
    "AlarmList": listing("/alarms", _ALARM),
    "OverrideAnswer": _OVERRIDE,
    "OverrideList": listing(f"/clock_overrides?division_id={PLACE}", _OVERRIDE),
}
