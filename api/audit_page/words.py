"""The words that the page takes from the policy, in both languages: one place names a stage, an agency, a clock."""

import json
from collections.abc import Iterable
from typing import Final

from domain.actors import ROLE_NAMES
from domain.agencies import AGENCY_NAMES
from domain.clocks import CLOCKS
from domain.people import DAY_BOUNDARY
from domain.stages import STAGE_NAMES, STATE_NAMES
from domain.texts import Text
from domain.timeline_kinds import KIND_NAMES, STEPS

Said = dict[str, dict[str, str]]


def _said(texts: Iterable[tuple[str, Text]]) -> Said:
    return {str(code): {"zh": text.zh, "en": text.en} for code, text in texts}


def words() -> bytes:
    """All of it as JSON; the same for everybody, and about nobody."""
    content = {
        "zone": str(DAY_BOUNDARY),
        "kinds": _said(KIND_NAMES.items()),
        "steps": _said((action, step.text) for action, step in STEPS.items()),
        "stages": _said(STAGE_NAMES.items()),
        "states": _said(STATE_NAMES.items()),
        "agencies": _said(AGENCY_NAMES.items()),
        "roles": _said(ROLE_NAMES.items()),
        "clocks": _said((code, clock.text) for code, clock in CLOCKS.items()),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


WORDS_FILE: Final = "words.json"
