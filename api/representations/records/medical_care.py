"""What is recorded of medical care (Art. 34): dates, needs, certificates. Notes stay at the hospital."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.representations.records.record_body import RecordBody, SomeItems, example, needed_when
from api.representations.types import (
    CivilDate,
    DocumentNumber,
    Level,
    Moment,
    PastDate,
    ShortText,
    StrictBool,
)
from domain.people import Known

CLINICAL = "clinical"


class CareKind(StrEnum):
    """The kind of visit, no finer than is needed to arrange it."""

    FIRST_VISIT = "first_visit"
    FOLLOW_UP_VISIT = "follow_up_visit"
    PSYCHOLOGICAL_SUPPORT = "psychological_support"
    GRADING_VISIT = "grading_visit"


class AbsenceReason(StrEnum):
    OWN_CHOICE = "own_choice"
    NOT_TOLD = "not_told"
    NO_TRANSPORT = "no_transport"
    MOVED_TO_ANOTHER_DAY = "moved_to_another_day"
    UNKNOWN = "unknown"


class AccommodationNeedCode(StrEnum):
    FEMALE_CLINICIAN = "female_clinician"
    INTERPRETER = "interpreter"
    SIGN_LANGUAGE = "sign_language"
    TRUSTED_COMPANION = "trusted_companion"
    STEP_FREE_ACCESS = "step_free_access"
    EASY_LANGUAGE = "easy_language"
    QUIET_ROOM = "quiet_room"
    LONGER_VISIT = "longer_visit"


class GradingStatus(StrEnum):
    APPLIED = "applied"
    CERTIFIED = "certified"
    DISPUTED = "disputed"
    DISPUTE_DECIDED = "dispute_decided"
    NOT_WANTED = "not_wanted"


class DischargeOutcome(StrEnum):
    CARE_FINISHED = "care_finished"
    CARE_GOES_ON_ELSEWHERE = "care_goes_on_elsewhere"
    STOPPED_BY_PERSON = "stopped_by_person"


class Appointment(RecordBody):
    """A visit was arranged."""

    model_config = example(
        facility="示例定点医院",
        care="first_visit",
        appointed_for="2026-03-13T10:00:00+08:00",
        companion_arranged=True,
    )

    facility: ShortText = Field(description="Name of the designated hospital; no department.")
    care: CareKind
    appointed_for: Moment
    companion_arranged: StrictBool


class Attendance(RecordBody):
    """Whether the person came; nothing of what was found."""

    model_config = example(attended=True, attended_on="2026-03-12")

    attended: StrictBool
    attended_on: Annotated[PastDate | None, needed_when("attended", True)] = None
    reason: Annotated[AbsenceReason | None, needed_when("attended", False)] = Field(
        default=None, description="Why not; needed when the person did not come. Staying away is no fault."
    )


class AccommodationNeed(RecordBody):
    """What the hospital or another service must provide so that the person can use it."""

    model_config = example(needs=["female_clinician", "interpreter"])

    needs: SomeItems[AccommodationNeedCode]


class PsychologicalSupport(RecordBody):
    """Whether support was offered and is wanted; never what is talked about."""

    model_config = example(offered=True, wanted="yes", next_on="2026-03-20")

    offered: StrictBool
    wanted: Known
    next_on: CivilDate | None = Field(default=None, description="Day of the next talk, if one is agreed.")


class DisabilityGrading(RecordBody):
    """Grading, applied for only if wanted. The level and the certificate, no findings."""

    model_config = example(
        status="certified", level=3, certificate="残字示例0001号", certified_on="2026-03-10"
    )

    status: GradingStatus
    level: Annotated[Level | None, needed_when("status", "certified")] = Field(
        default=None, description="1 (most severe) to 4; needed when certified."
    )
    certificate: Annotated[DocumentNumber | None, needed_when("status", "certified")] = Field(
        default=None, description="Number of the certificate; needed when certified."
    )
    certified_on: PastDate | None = None


class Discharge(RecordBody):
    """Medical care ended or goes on elsewhere."""

    model_config = example(outcome="care_finished", offered_to_return=True)

    outcome: DischargeOutcome
    offered_to_return: StrictBool = Field(description="The person knows how to come back at any time.")
