"""What is recorded of guardianship (Arts. 26, 40): who may speak for the child, and what the child says."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.representations.records.choices import Relation
from api.representations.records.record_body import RecordBody, SomeItems, example, needed_when
from api.representations.types import (
    CivilDate,
    DocumentNumber,
    Id,
    LanguageTag,
    LongText,
    PastDate,
    ShortText,
    StrictBool,
)
from domain.people import Known


class GuardianStatusCode(StrEnum):
    UNKNOWN = "unknown"
    SAFE = "safe"
    CONFLICT = "conflict"
    TEMPORARY_CAB = "temporary_cab"
    LONG_TERM_CAB = "long_term_cab"
    KIN_CARE = "kin_care"
    ADOPTION = "adoption"
    RESTORED = "restored"


class FamilyAssessmentOutcome(StrEnum):
    SUITABLE = "suitable"
    SUITABLE_WITH_HELP = "suitable_with_help"
    NOT_SUITABLE = "not_suitable"
    NOT_YET_KNOWN = "not_yet_known"


class CourtDecision(StrEnum):
    GUARDIAN_APPOINTED = "guardian_appointed"
    GUARDIANSHIP_REVOKED = "guardianship_revoked"
    GUARDIANSHIP_RESTORED = "guardianship_restored"
    APPLICATION_REFUSED = "application_refused"


class EducationTopic(StrEnum):
    CARE_AND_SAFETY = "care_and_safety"
    LISTENING_TO_THE_CHILD = "listening_to_the_child"
    SCHOOL_SUPPORT = "school_support"
    LEGAL_DUTIES = "legal_duties"
    AFTER_SEPARATION = "after_separation"


class GuardianStatus(RecordBody):
    """Who speaks for the child from now on; a conflict cuts the guardian off at once."""

    model_config = example(
        status="temporary_cab", reason="身份不明，由民政部门临时监护", review_on="2026-06-10"
    )

    status: GuardianStatusCode
    relation: Relation | None = Field(default=None, description="What the guardian is to the child.")
    reason: ShortText | None = Field(
        default=None, description="Why, if it can be said; a conflict is set without waiting for it."
    )
    number: Annotated[DocumentNumber | None, needed_when("status", "adoption")] = Field(
        default=None, description="Number of the decision or registration; needed for an adoption."
    )
    review_on: CivilDate | None = None
    announced_on: PastDate | None = Field(
        default=None, description="An adoption: first day of the announcement, 60 days ago or more."
    )
    child_consents: StrictBool | None = Field(
        default=None, description="An adoption: the child, from 8 on, consents."
    )


class FamilyAssessment(RecordBody):
    """Whether a family can care for the child; nothing of what relatives believe or once did."""

    model_config = example(
        relation="grandparent",
        outcome="suitable_with_help",
        home_visited=True,
        child_seen_alone=True,
        not_a_suspect="yes",
    )

    relation: Relation
    outcome: FamilyAssessmentOutcome
    home_visited: StrictBool
    child_seen_alone: StrictBool
    not_a_suspect: Known = Field(default=Known.UNKNOWN, description="What the police confirmed.")


class ChildView(RecordBody):
    """What the child says, in the child's words."""

    model_config = example(
        own_words="我想和外婆住，不想换学校", language="zh", heard_alone=True, keep_from_guardian=False
    )

    own_words: LongText
    language: LanguageTag
    heard_alone: StrictBool = Field(description="No guardian or claimant was in the room.")
    keep_from_guardian: StrictBool = Field(description="The child wants it kept from the guardian.")


class CourtOrder(RecordBody):
    """A court's decision on guardianship."""

    model_config = example(
        number="示例民特字〔2026〕0001号",
        decision="guardianship_revoked",
        ordered_on="2026-03-12",
        harmed_the_ward="yes",
        relation="mother",
    )

    number: DocumentNumber
    decision: CourtDecision
    ordered_on: PastDate | None = None
    relative_id: Id | None = Field(
        default=None, description="The relative on file whom the court named; their kinship is proven by it."
    )
    harmed_the_ward: Known = Field(
        default=Known.UNKNOWN,
        description="An intentional crime against this child: guardianship is never restored after it.",
    )
    relation: Annotated[Relation | None, needed_when("harmed_the_ward", Known.YES)] = Field(
        default=None, description="Whom the order is about; needed when they harmed the child."
    )


class FamilyEducation(RecordBody):
    """Guidance offered to the family (Art. 40)."""

    model_config = example(
        topics=["care_and_safety", "listening_to_the_child"], given_to="father", attended=True
    )

    topics: SomeItems[EducationTopic]
    given_to: Relation
    attended: StrictBool
