"""What follow-up needs (Art. 39; rule 9)."""

from typing import Final

from domain.facts import Facts, Requirement, child_heard, right_voice
from domain.follow_up import can_solve, solving, unsolved
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
    Requirement(
        StageCode.FOLLOW_UP,
        "complete",
        "difficulties_solved",
        Text("提出的困难都已有结果", "each difficulty came to its end"),
        lambda f: bool(f.of("ended")) or not unsolved(f),
        (39,),
    ),
    Requirement(
        StageCode.FOLLOW_UP,
        "record:difficulty",
        "stage_can_solve_it",
        Text("该阶段适合此人，能够解决困难", "the stage fits this person and can solve the difficulty"),
        lambda f: can_solve(solving(f.move.get("stage")), f.person),
        (39,),
    ),
    Requirement(
        StageCode.FOLLOW_UP,
        "record:ended",
        "said_by_the_person",
        Text(
            "成年人由本人结束；未成年人由安全的监护人或临时监护人代为表示",
            "an adult ends it in person; for a child a safe or temporary guardian speaks",
        ),
        right_voice,
        (39, 40),
    ),
    Requirement(
        StageCode.FOLLOW_UP,
        "record:ended",
        "child_heard",
        Text("已听取孩子本人意见", "the child was heard"),
        child_heard,
        (39,),
    ),
)
