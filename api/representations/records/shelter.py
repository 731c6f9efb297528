"""What is recorded of shelter and transit recovery (Art. 31): care places only, and the address apart."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.representations.records.choices import CareDestination, ExitDestination
from api.representations.records.record_body import Items, RecordBody, SomeItems, example, needed_when
from api.representations.types import (
    Address,
    CivilDate,
    LanguageTag,
    LongText,
    PhoneNumber,
    ShortText,
    StrictBool,
)
from domain.people import Known

SHELTER_ADDRESS = "shelter_address"


class CareInstitution(StrEnum):
    RELIEF_STATION = "relief_station"
    MINORS_PROTECTION_CENTRE = "minors_protection_centre"
    CHILD_WELFARE_INSTITUTION = "child_welfare_institution"
    WOMENS_SHELTER = "womens_shelter"
    HOSPITAL = "hospital"


class CarePlace(StrEnum):
    """Where a person may be placed. A place that locks people in is no care and has no code."""

    RELIEF_STATION = "relief_station"
    MINORS_PROTECTION_CENTRE = "minors_protection_centre"
    CHILD_WELFARE_INSTITUTION = "child_welfare_institution"
    WOMENS_SHELTER = "womens_shelter"
    HOSPITAL = "hospital"
    KIN_CARE = "kin_care"
    FOSTER_CARE = "foster_care"


class DailyNeed(StrEnum):
    """What a house must prepare for tonight."""

    CHILD_BED = "child_bed"
    INFANT_CARE = "infant_care"
    SPECIAL_DIET = "special_diet"
    STEP_FREE_ACCESS = "step_free_access"
    FEMALE_STAFF = "female_staff"
    INTERPRETER = "interpreter"
    QUIET_ROOM = "quiet_room"
    STAYS_WITH_SIBLING_OR_CHILD = "stays_with_sibling_or_child"
    OTHER = "other"


class EscortReason(StrEnum):
    """Whom relief law has accompanied (State Council Order 381); anyone else only when they ask."""

    MINOR = "minor"
    DISABLED = "disabled"
    ELDERLY = "elderly"
    ASKED_FOR_IT = "asked_for_it"


class ShelterReviewOutcome(StrEnum):
    STAY = "stay"
    MOVE = "move"
    LEAVE = "leave"


class ExitSupport(StrEnum):
    HOUSING = "housing"
    INCOME = "income"
    SCHOOL = "school"
    WORK = "work"
    HEALTH_CARE = "health_care"
    LEGAL_HELP = "legal_help"
    PROTECTION_ORDER = "protection_order"
    OTHER = "other"


class Admission(RecordBody):
    """The person was taken in. Papers and belongings stay with them; an adult may leave at will."""

    model_config = example(
        institution_kind="minors_protection_centre",
        needs=["child_bed", "female_staff"],
        rules_explained_in="zh",
        free_to_leave_explained=True,
    )

    institution_kind: CareInstitution
    needs: Items[DailyNeed] = Field(default=(), description="What must be ready tonight.")
    rules_explained_in: LanguageTag = Field(
        description="Language in which the rules of the house were explained."
    )
    free_to_leave_explained: StrictBool = Field(description="It was explained that an adult leaves at will.")


class Escort(RecordBody):
    """The person was accompanied to the place of care; the way there is not recorded."""

    model_config = example(reason="minor", female_companion=True, arrived=True)

    reason: EscortReason
    female_companion: StrictBool
    arrived: StrictBool


class ShelterPlacement(RecordBody):
    """Where the person lives for now. The address is for the house alone."""

    model_config = example(
        care="kin_care",
        address="示例市示例路1号示例小区2栋301室",
        phone="09910000000",
        starts_on="2026-03-12",
        carer_checked=True,
    )

    care: CarePlace
    address: Address = Field(description="Secret: read by the unit that runs the place and by nobody else.")
    phone: PhoneNumber | None = None
    starts_on: CivilDate
    carer_checked: Annotated[StrictBool | None, needed_when("care", "kin_care", "foster_care")] = Field(
        default=None, description="The carer was visited and found suitable; needed for kin and foster care."
    )


class ShelterReview(RecordBody):
    """Whether the place still fits, asked of the person too."""

    model_config = example(
        outcome="stay",
        person_heard=True,
        next_review_on="2026-06-10",
        own_words="我想先留在这里，把这学期读完",
    )

    outcome: ShelterReviewOutcome
    person_heard: StrictBool
    next_review_on: Annotated[CivilDate | None, needed_when("outcome", "stay")] = Field(
        default=None, description="When it is asked again; needed when the person stays."
    )
    own_words: LongText | None = Field(default=None, description="What the person said, in their words.")


class ExitPlan(RecordBody):
    """Where the person wants to go and what must be ready there."""

    model_config = example(
        destination="family",
        leaves_on="2026-06-20",
        support=["school", "income"],
        own_words="希望和外婆一起生活，离学校近一些",
    )

    destination: CareDestination
    leaves_on: CivilDate | None = Field(default=None, description="Planned day; may still be open.")
    support: SomeItems[ExitSupport] = Field(description="What is arranged before the person leaves.")
    own_words: LongText | None = None


class Exit(RecordBody):
    """The person left. The new address is not recorded here. A child who is `absent` is reported missing at once."""

    model_config = example(
        destination="family", safe="yes", follow_up_offered=True, note="临行前已交给本人联系卡"
    )

    destination: ExitDestination
    safe: Known = Field(description="Whether the destination is safe, as far as is known.")
    follow_up_offered: StrictBool
    note: ShortText | None = None
