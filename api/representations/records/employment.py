"""What is recorded of help with work (Art. 37): one person at a time, at their own wish, free to stop."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.representations.records.record_body import Items, RecordBody, example, not_before
from api.representations.types import CivilDate, LanguageTag, LongText, PastDate, ShortText, StrictBool
from domain.people import Known
from domain.work import WorkKind

WORK = "work"


class WorkSupport(StrEnum):
    SKILLS_TRAINING = "skills_training"
    READING_AND_WRITING = "reading_and_writing"
    LANGUAGE_LESSONS = "language_lessons"
    CHILD_CARE = "child_care"
    ACCESSIBLE_WORKPLACE = "accessible_workplace"
    PART_TIME = "part_time"
    OWN_BUSINESS = "own_business"


class EmploymentAssessment(RecordBody):
    """What the person can and wants to do, in their own words."""

    model_config = example(
        own_words="我想学做糕点，上午上班，下午接孩子",
        support=["skills_training", "child_care"],
        guardian_informed_on=None,
    )

    own_words: LongText = Field(description="The person's wishes, as they said them.")
    support: Items[WorkSupport] = ()
    guardian_informed_on: PastDate | None = Field(
        default=None, description="At 16 and 17: the day on which a safe or temporary guardian was told."
    )


class Training(RecordBody):
    """A training that the person chose. Under 16 there is none: learning as harmless education belongs to schooling."""

    model_config = example(
        course="中式面点初级班",
        provider="示例职业培训学校",
        chosen_by_person=True,
        starts_on="2026-03-16",
        ends_on="2026-04-30",
    )

    course: ShortText
    provider: ShortText
    chosen_by_person: StrictBool
    starts_on: CivilDate
    ends_on: Annotated[CivilDate | None, not_before("starts_on")] = None


class JobOffer(RecordBody):
    """One offer to one person. Saying no changes nothing else."""

    model_config = example(
        occupation="面点师",
        work_kind="ordinary",
        place_elsewhere=False,
        contract_shown=True,
        language="zh",
        accepted="unknown",
    )

    occupation: ShortText
    work_kind: WorkKind = Field(description="Only `ordinary` may be offered to somebody under 18.")
    place_elsewhere: StrictBool = Field(
        description="In another place: its own consent and seven days to think."
    )
    contract_shown: StrictBool = Field(description="The person saw hours, pay and place in writing.")
    language: LanguageTag = Field(description="Language in which the offer was explained.")
    accepted: Known


class EmploymentPlacement(RecordBody):
    """The person started work. The employer is told nothing of the case."""

    model_config = example(
        started_on="2026-03-12",
        employer="示例食品店",
        work_kind="ordinary",
        place_elsewhere=False,
        health_check_arranged=False,
        contract_in_hand=True,
        keeps_own_papers=True,
        pay_to_own_account=True,
    )

    started_on: PastDate
    employer: ShortText
    work_kind: WorkKind = Field(description="Only `ordinary` is given to somebody under 18.")
    place_elsewhere: StrictBool = Field(
        description="In another place: its own consent and seven days to think."
    )
    health_check_arranged: StrictBool = Field(
        default=False, description="Needed under 18 (Labour Law, Art. 65); its result stays with the doctor."
    )
    contract_in_hand: StrictBool
    keeps_own_papers: StrictBool = Field(description="Identity papers are in the person's own hands.")
    pay_to_own_account: StrictBool


class PrivateCheck(RecordBody):
    """The person was asked alone, by the union or the women's federation, whether all is well at work."""

    model_config = example(
        checked_on="2026-03-12", free_to_leave="yes", paid="yes", keeps_own_papers="yes", wants_to_stop="no"
    )

    checked_on: PastDate
    free_to_leave: Known
    paid: Known
    keeps_own_papers: Known = Known.UNKNOWN
    wants_to_stop: Known = Known.UNKNOWN


class Stopped(RecordBody):
    """The person stopped. It needs no reason and has no effect on anything else."""

    model_config = example(in_own_words="我想先回学校读完书，以后再工作", stopped_on="2026-03-12")

    in_own_words: LongText
    stopped_on: PastDate | None = None
