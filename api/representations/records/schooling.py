"""What is recorded of schooling (Art. 36): the place, the start, two checks. The school learns no reason."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.representations.records.record_body import Items, RecordBody, example, not_before
from api.representations.types import CivilDate, PastDate, ShortText, StrictBool
from domain.people import Known

SCHOOL = "school"


class Grade(StrEnum):
    PRESCHOOL = "preschool"
    GRADE_1 = "grade_1"
    GRADE_2 = "grade_2"
    GRADE_3 = "grade_3"
    GRADE_4 = "grade_4"
    GRADE_5 = "grade_5"
    GRADE_6 = "grade_6"
    GRADE_7 = "grade_7"
    GRADE_8 = "grade_8"
    GRADE_9 = "grade_9"
    SENIOR_1 = "senior_1"
    SENIOR_2 = "senior_2"
    SENIOR_3 = "senior_3"
    VOCATIONAL = "vocational"


class LearningSupport(StrEnum):
    CATCH_UP_LESSONS = "catch_up_lessons"
    LANGUAGE_LESSONS = "language_lessons"
    LEARNING_AIDS = "learning_aids"
    SIGN_LANGUAGE = "sign_language"
    STEP_FREE_ACCESS = "step_free_access"
    HOME_TEACHING = "home_teaching"
    BOARDING = "boarding"
    COUNSELLOR = "counsellor"


class TransferReason(StrEnum):
    MOVED = "moved"
    SAFETY = "safety"
    OWN_WISH = "own_wish"
    BETTER_SUPPORT = "better_support"


class PlacementAssessment(RecordBody):
    """Which grade fits and what helps; used for teaching only."""

    model_config = example(grade="grade_6", support=["catch_up_lessons"], child_heard=True)

    grade: Grade
    support: Items[LearningSupport] = ()
    child_heard: StrictBool


class PlaceConfirmed(RecordBody):
    """A school has a place and a first day. Identity and registration are not waited for."""

    model_config = example(school="示例小学", grade="grade_6", starts_on="2026-03-16")

    school: ShortText
    grade: Grade
    starts_on: CivilDate


class Enrolment(RecordBody):
    """The pupil started."""

    model_config = example(enrolled_on="2026-03-12", school="示例小学", grade="grade_6", free_of_charge=True)

    enrolled_on: PastDate
    school: ShortText
    grade: Grade | None = None
    free_of_charge: StrictBool | None = Field(
        default=None, description="Compulsory schooling costs nothing; false needs to be put right."
    )


class AttendanceCheck(RecordBody):
    """Whether the pupil attends on the day of the check; no marks, no conduct."""

    model_config = example(checked_on="2026-03-12", attending=True, course_completed=False, settled_in="yes")

    checked_on: PastDate
    attending: StrictBool
    course_completed: StrictBool = False
    settled_in: Known | None = Field(default=None, description="What the pupil says about it.")


class SchoolTransfer(RecordBody):
    """The pupil changes school; the old school is not told the new one where safety is the reason."""

    model_config = example(
        reason="own_wish", left_on="2026-03-06", to_school="示例第二小学", starts_on="2026-03-16"
    )

    reason: TransferReason
    left_on: PastDate
    to_school: ShortText
    starts_on: Annotated[CivilDate, not_before("left_on")]
