"""What is recorded of help with rights and claims (Arts. 29, 35, 38). Lawyers keep their own notes."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.representations.records.choices import Grant
from api.representations.records.record_body import RecordBody, SomeItems, example, needed_when
from api.representations.types import (
    CivilDate,
    DocumentNumber,
    LanguageTag,
    Name,
    PastDate,
    PhoneNumber,
    ShortText,
    StrictBool,
)
from domain.people import Known

LEGAL = "legal"


class RightsTopic(StrEnum):
    LEGAL_AID = "legal_aid"
    PROTECTION = "protection"
    COMPENSATION = "compensation"
    WAGES = "wages"
    MARRIAGE = "marriage"
    CUSTODY = "custody"
    PRIVACY = "privacy"
    COMPLAINT = "complaint"
    RESIDENCE = "residence"


class ClaimKind(StrEnum):
    WAGE = "wage"
    COMPENSATION = "compensation"
    ANNULMENT = "annulment"
    CUSTODY = "custody"


class ProtectionOrderStatus(StrEnum):
    APPLIED = "applied"
    GRANTED = "granted"
    REFUSED = "refused"
    EXTENDED = "extended"
    ENDED = "ended"


class ClaimOutcome(StrEnum):
    WON = "won"
    PARTLY_WON = "partly_won"
    SETTLED = "settled"
    LOST = "lost"
    WITHDRAWN_BY_PERSON = "withdrawn_by_person"
    DECLINED_BY_PERSON = "declined_by_person"


class Aid(StrEnum):
    """Legal aid by law, or money from the state for a victim who cannot get compensation."""

    LEGAL_AID = "legal_aid"
    JUDICIAL_ASSISTANCE = "judicial_assistance"


class RightsInformation(RecordBody):
    """Rights were explained in a language that the person understands."""

    model_config = example(
        language="zh",
        topics=["legal_aid", "compensation", "privacy"],
        understood="yes",
        given_in_writing=True,
    )

    language: LanguageTag
    topics: SomeItems[RightsTopic]
    understood: Known = Field(description="The person could say it back in their own words.")
    given_in_writing: StrictBool


class AidApplication(RecordBody):
    """Legal aid or state judicial assistance was applied for."""

    model_config = example(
        reference="示例援申字〔2026〕0001号", matter="compensation", applied_on="2026-03-12"
    )

    aid: Aid = Aid.LEGAL_AID
    reference: DocumentNumber
    matter: RightsTopic
    applied_on: PastDate


class AidDecision(RecordBody):
    """The decision on legal aid, due in seven days (Legal Aid Law, Art. 43), or the opinion on judicial assistance."""

    model_config = example(outcome="granted", number="示例援决字〔2026〕0001号", decided_on="2026-03-12")

    aid: Aid = Aid.LEGAL_AID
    outcome: Grant
    decided_on: PastDate
    number: DocumentNumber | None = None
    reason: Annotated[ShortText | None, needed_when("outcome", "refused")] = Field(
        default=None, description="Why it was refused; needed then, so that it can be disputed."
    )


class LawyerAssigned(RecordBody):
    """A lawyer was assigned and the person knows how to reach them."""

    model_config = example(
        lawyer="示例律师", firm="示例律师事务所", phone="09910000000", same_sex_wished="yes"
    )

    lawyer: Name
    firm: ShortText
    phone: PhoneNumber | None = None
    same_sex_wished: Known = Field(
        default=Known.UNKNOWN, description="Whether the person wishes a lawyer of their own sex."
    )


class Claim(RecordBody):
    """One claim that the person pursues, under one reference until it is closed."""

    model_config = example(claim="compensation", reference="示例民初字〔2026〕0001号", lodged_on="2026-03-12")

    claim: ClaimKind
    reference: DocumentNumber
    lodged_on: PastDate | None = Field(
        default=None, description="Day it reached the court or office, if it did."
    )


class ProtectionOrder(RecordBody):
    """A personal protection order: decided in 72 hours, at most six months (Anti-Domestic Violence Law)."""

    model_config = example(status="granted", number="示例民保令〔2026〕0001号", valid_until="2026-09-12")

    status: ProtectionOrderStatus
    number: Annotated[DocumentNumber | None, needed_when("status", "granted", "extended")] = Field(
        default=None, description="Number of the order; needed when granted or extended."
    )
    valid_until: Annotated[CivilDate | None, needed_when("status", "granted", "extended")] = Field(
        default=None, description="Last day of the order; needed when granted or extended."
    )


class ClaimClosed(RecordBody):
    """A claim came to its end, or the person no longer wants it."""

    model_config = example(reference="示例民初字〔2026〕0001号", outcome="settled")

    reference: DocumentNumber = Field(description="The reference that the claim was recorded under.")
    outcome: ClaimOutcome
