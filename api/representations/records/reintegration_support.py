"""What is recorded of help with the return to daily life (Art. 38): own goals, and help given."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.representations.records.record_body import RecordBody, SomeItems, example, needed_when
from api.representations.types import CivilDate, LongText, ShortText, StrictBool


class GoalsReviewOutcome(StrEnum):
    GOALS_MET = "goals_met"
    CONTINUE = "continue"
    DECLINED = "declined"


class HelpKind(StrEnum):
    HOUSING = "housing"
    INCOME = "income"
    WORK = "work"
    CHILD_CARE = "child_care"
    SCHOOL = "school"
    HEALTH_CARE = "health_care"
    LEGAL_HELP = "legal_help"
    PAPERS = "papers"
    COMMUNITY = "community"
    OTHER = "other"


class Goals(RecordBody):
    """What the person wants to reach, in their words."""

    model_config = example(goals=["有一个自己的住处", "办好身份证"], areas=["housing", "papers"])

    goals: SomeItems[ShortText] = Field(description="One sentence each, as the person said it.")
    areas: SomeItems[HelpKind]


class GoalsReview(RecordBody):
    """Whether the goals are met, asked of the person."""

    model_config = example(
        outcome="continue", person_heard=True, next_review_on="2026-06-12", own_words="住处还没定下来"
    )

    outcome: GoalsReviewOutcome
    person_heard: StrictBool
    next_review_on: Annotated[CivilDate | None, needed_when("outcome", "continue")] = Field(
        default=None, description="When it is asked again; needed when the help goes on."
    )
    own_words: LongText | None = None


class HelpGiven(RecordBody):
    """One piece of help that was given."""

    model_config = example(help="housing", description="协助申请公共租赁住房，已递交材料")

    help: HelpKind
    description: ShortText
