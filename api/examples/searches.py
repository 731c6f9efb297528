"""Answers about people who were looked for."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import CASE, VICTIM, Example

SEARCHES: Final[Mapping[str, Example]] = {
    "SearchAnswer": {
        "items": [
            {
                "case_id": CASE,
                "victim_id": VICTIM,
                "case_state": "open",
                "fit": "written",
                "name": "示例小明",
                "_redacted": [],
                "links": {"case": f"/cases/{CASE}", "victim": f"/cases/{CASE}/victims/{VICTIM}"},
            }
        ],
        "next": None,
        "links": {"self": "/people/searches"},
    }
}
