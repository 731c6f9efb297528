"""What is recorded of follow-up (Art. 39): agreed contact, help with difficulties, and an end at any time."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from api.representations.records.choices import ContactChannel
from api.representations.records.record_body import AT_LEAST_ONE, MONTHS_ONCE, RecordBody, example
from api.representations.types import SECRET, Address, LongText, Month, StrictBool
from domain.consents import GivenBy
from domain.stages import StageCode

FOLLOW_UP_NOTES = "follow_up_notes"
USUAL_MONTHS: Final = (1, 3, 6, 12)
MOST_MONTHS: Final = 24


class ContactWish(StrEnum):
    """What the person says about further contact."""

    AS_PLANNED = "as_planned"
    LESS_OFTEN = "less_often"
    MORE_OFTEN = "more_often"
    ANOTHER_CHANNEL = "another_channel"
    NO_MORE = "no_more"


def _in_order(months: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(months))


class ContactPlan(RecordBody):
    """When, how and where the person wants to be contacted; they choose."""

    model_config = example(months=[1, 3, 6, 12], channel="phone", place="由本人当天约定的地点")

    months: Annotated[
        tuple[Month, ...],
        Field(max_length=MOST_MONTHS, json_schema_extra={"uniqueItems": True, "minItems": 1}),
        AT_LEAST_ONE,
        MONTHS_ONCE,
        AfterValidator(_in_order),
    ] = Field(default=USUAL_MONTHS, description="Months after leaving care, each once, 1 to 24.")
    channel: ContactChannel
    place: Annotated[Address | None, SECRET] = Field(
        default=None, description="Secret: where to meet, chosen by the person."
    )


class Contact(RecordBody):
    """One agreed contact; somebody not reached is not searched for."""

    model_config = example(
        channel="phone", reached=True, month=3, wish="as_planned", own_words="一切都好，孩子上学了"
    )

    channel: ContactChannel
    reached: StrictBool
    month: Month = Field(description="Which of the planned months it belongs to.")
    wish: ContactWish | None = None
    own_words: LongText | None = None


class Difficulty(RecordBody):
    """Something that the person wants help with, and the stage that can solve it."""

    model_config = example(description="孩子转学手续办不下来，需要帮助", stage="schooling")

    description: LongText
    stage: StageCode | None = Field(
        default=None, description="The stage that can solve it; without one, reintegration_support."
    )


class Ended(RecordBody):
    """The person ended follow-up. It needs no reason, and the door stays open."""

    model_config = example(said_by="self", child_heard=False, in_own_words="谢谢，以后有事我会自己打电话")

    said_by: GivenBy
    child_heard: StrictBool = Field(default=False, description="Needed where a guardian speaks for a child.")
    in_own_words: LongText | None = None
