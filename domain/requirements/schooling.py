"""What schooling needs (Art. 36)."""

from typing import Final

from domain.facts import CHECK_AFTER, Facts, Requirement, on_or_after
from domain.stages import StageCode
from domain.texts import Text


def _attending(facts: Facts) -> bool:
    if facts.any("attendance_check", "course_completed", True):
        return True
    enrolled = facts.of("enrolment")
    start = enrolled[-1].day("enrolled_on") if enrolled else None
    return start is not None and any(
        on_or_after(check, start + CHECK_AFTER) for check in facts.of("attendance_check")
    )


ROWS: Final = (
    Requirement(
        StageCode.SCHOOLING,
        "complete",
        "attending_or_completed",
        Text("入学90天仍在读，或课程已完成", "attending 90 days after enrolment, or the course completed"),
        _attending,
        (36,),
    ),
)
