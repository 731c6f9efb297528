"""What follow-up needs (Art. 39; rule 9)."""

from typing import Final

from domain.requirements.facts import Facts, Requirement
from domain.stages import StageCode
from domain.texts import Text


def _contacts_done(facts: Facts) -> bool:
    if facts.of("ended"):
        return True
    months = facts.last("contact_plan", "months")
    planned = set(months) if isinstance(months, (list, tuple)) else set()
    return bool(planned) and planned <= {record.body.get("month") for record in facts.of("contact")}


ROWS: Final = (
    Requirement(
        StageCode.FOLLOW_UP,
        "complete",
        "contacts_done_or_ended",
        Text("计划内的联系已完成，或本人已结束", "the planned contacts are done, or the person ended it"),
        _contacts_done,
        (39,),
    ),
)
