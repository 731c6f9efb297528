"""What schooling needs (Art. 36)."""

from typing import Final

from domain.consents import Purpose
from domain.openings import COMPULSORY_SCHOOL_AGES
from domain.requirements.facts import CHECK_AFTER, Facts, Requirement, on_or_after
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


def _compulsory_or_wished(facts: Facts) -> bool:
    """Of unknown age counts as compulsory: a child does not wait at the school's door."""
    compulsory = facts.probable_years is None or facts.probable_years in COMPULSORY_SCHOOL_AGES
    return compulsory or Purpose.SCHOOLING in facts.consents


ROWS: Final = (
    Requirement(
        StageCode.SCHOOLING,
        "begin",
        "wished_beyond_compulsory_years",
        Text(
            "义务教育阶段以外，须本人愿意",
            "outside the compulsory years school is offered, and begins on the person's wish",
        ),
        _compulsory_or_wished,
        (36,),
    ),
    Requirement(
        StageCode.SCHOOLING,
        "complete",
        "attending_or_completed",
        Text("入学90天仍在读，或课程已完成", "attending 90 days after enrolment, or the course completed"),
        _attending,
        (36,),
    ),
)
