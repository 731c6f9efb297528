"""What is recorded of a rescue (Arts. 20, 30): who comes along, when the person was free, who took over."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.representations.records.choices import HandoverPart
from api.representations.records.record_body import RecordBody, example, needed_when
from api.representations.types import LanguageTag, PastMoment, ShortText, StrictBool

POLICE = "police"


class HandoverCondition(StrEnum):
    """How the person was on handover, as far as the receiver must act on it; no diagnosis."""

    NO_URGENT_NEED = "no_urgent_need"
    NEEDS_MEDICAL_CARE = "needs_medical_care"
    EMERGENCY = "emergency"


class RescuePlan(RecordBody):
    """Who comes along, so that the person is met by people whom they can talk to."""

    model_config = example(female_officer=True, interpreter=True, language="ug", child_carer=True)

    female_officer: StrictBool
    interpreter: StrictBool
    language: Annotated[LanguageTag | None, needed_when("interpreter", True)] = Field(
        default=None, description="Language of the interpreter; needed with one."
    )
    child_carer: StrictBool = Field(description="Somebody looks after the children during the rescue.")


class RescueCarriedOut(RecordBody):
    """The person is free: rescued, escaped or found safe."""

    model_config = example(liberty_at="2026-03-12T06:10:00+08:00")

    liberty_at: PastMoment = Field(description="When the person became free; care and terms count from it.")


class RescueHandover(RecordBody):
    """Given by the police, received by civil affairs: each side writes its own."""

    model_config = example(
        part="received",
        needs_screen_done=True,
        condition="needs_medical_care",
        belongings="随身衣物一包、身份证件，均由本人保管",
    )

    part: HandoverPart
    needs_screen_done: StrictBool = Field(
        description="First screening of needs: safety, health, language, age."
    )
    condition: HandoverCondition | None = None
    belongings: ShortText | None = Field(
        default=None, description="What the person brought; it stays with the person."
    )
