"""What is recorded of tracing relatives (Arts. 24, 30, 32): outcomes and numbers, never a sample's result."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from api.representations.records.choices import Relation
from api.representations.records.record_body import (
    RecordBody,
    SomeItems,
    example,
    needed_when,
    not_before,
)
from api.representations.types import (
    CivilDate,
    DocumentNumber,
    Id,
    LanguageTag,
    PastDate,
    ShortText,
    StrictBool,
    whole_number,
)
from domain.people import Known


class IdentityOutcome(StrEnum):
    IDENTIFIED = "identified"
    NOT_IDENTIFIED = "not_identified"
    PENDING = "pending"


class IdentitySource(StrEnum):
    """What was consulted. No relative is contacted by an identity check."""

    OWN_ACCOUNT = "own_account"
    OWN_PAPERS = "own_papers"
    HOUSEHOLD_REGISTER = "household_register"
    MISSING_PERSONS_REGISTER = "missing_persons_register"
    SCHOOL_REGISTER = "school_register"


class NoticeChannel(StrEnum):
    NATIONAL_TRACING_SITE = "national_tracing_site"
    NEWSPAPER = "newspaper"
    BROADCAST = "broadcast"
    LOCAL_NOTICE = "local_notice"


class AssessmentOutcome(StrEnum):
    CLEARED = "cleared"
    REFUSED = "refused"


class IdentityCheck(RecordBody):
    """Who the person is, looked up without contacting any relative."""

    model_config = example(outcome="pending", sources=["own_account", "missing_persons_register"])

    outcome: IdentityOutcome
    sources: SomeItems[IdentitySource]


class TracingNotice(RecordBody):
    """A notice to find relatives, or the decision not to publish one."""

    model_config = example(
        published=True,
        channel="national_tracing_site",
        published_on="2026-03-12",
        ends_on="2026-04-11",
        relatives_not_suspects="unknown",
    )

    published: StrictBool
    channel: Annotated[NoticeChannel | None, needed_when("published", True)] = None
    published_on: Annotated[PastDate | None, needed_when("published", True)] = None
    ends_on: Annotated[CivilDate | None, not_before("published_on")] = None
    reason: Annotated[ShortText | None, needed_when("published", False)] = Field(
        default=None, description="Why nothing is published; needed when it is not."
    )
    relatives_not_suspects: Known = Field(
        default=Known.UNKNOWN,
        description="What the police confirmed; while one is suspect nothing is published.",
    )


class SampleRequest(RecordBody):
    """That the police were asked for a sample and whether they took it: dates and yes or no, no result."""

    model_config = example(requested_on="2026-03-05", sampled=True, sampled_on="2026-03-12")

    requested_on: PastDate
    sampled: StrictBool
    sampled_on: Annotated[PastDate | None, needed_when("sampled", True), not_before("requested_on")] = None


class MatchReport(RecordBody):
    """Whether the police found a match; only this proves a relation, no paper of a claimant does."""

    model_config = example(matched=True, number="示例公物鉴字〔2026〕0001号", relation="both_parents")

    matched: StrictBool
    number: Annotated[DocumentNumber | None, needed_when("matched", True)] = Field(
        default=None, description="Number of the police report; needed on a match."
    )
    relation: Annotated[Relation | None, needed_when("matched", True)] = None
    relative_id: Id | None = Field(
        default=None, description="The relative on file of whom this proves or disproves it."
    )


class ReunionAssessment(RecordBody):
    """Whether a reunion is good for the person: the relatives are no suspects, the child was heard."""

    model_config = example(
        relation="both_parents",
        outcome="cleared",
        relatives_not_suspects="yes",
        child_heard=True,
        home_visited=True,
        person_agrees="yes",
    )

    relation: Relation
    outcome: AssessmentOutcome
    relatives_not_suspects: Known = Field(description="What the police confirmed.")
    child_heard: StrictBool = Field(description="The child said alone what they want; false for an adult.")
    home_visited: StrictBool
    person_agrees: Known = Field(
        default=Known.UNKNOWN, description="From 16 on the person chooses whether to go back."
    )
    reason: Annotated[ShortText | None, needed_when("outcome", "refused")] = Field(
        default=None, description="Why a reunion is refused; needed then."
    )


class Reunion(RecordBody):
    """The person and the relatives met again, accompanied."""

    model_config = example(with_relation="both_parents", accompanied=True, goes_to_live_with_them="unknown")

    with_relation: Relation
    accompanied: StrictBool = Field(description="Somebody who works for the person was there.")
    goes_to_live_with_them: Known = Field(description="From 16 on it is the person's own choice.")


class SupportDuty(RecordBody):
    """Relatives or guardians were told of their duty to support the person (Art. 32)."""

    model_config = example(told_to="father", language="zh", taken_on="yes")

    told_to: Relation
    language: LanguageTag
    taken_on: Known = Field(description="Whether they take the duty on.")


class NotFoundCertificate(RecordBody):
    """The police certify that relatives were not found after 1 or 12 months; only the latter ends tracing."""

    model_config = example(months=12, number="示例公查证字〔2026〕0001号", certified_on="2026-03-12")

    months: Annotated[Literal[1, 12], BeforeValidator(whole_number)] = Field(
        description="Months of searching that the certificate covers."
    )
    number: DocumentNumber
    certified_on: PastDate
