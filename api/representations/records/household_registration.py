"""What is recorded of household registration and social security (Art. 33)."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.representations.records.choices import Grant
from api.representations.records.record_body import Items, RecordBody, SomeItems, example, needed_when
from api.representations.types import DocumentNumber, PastDate, ShortText, StrictBool


class DossierPaper(StrEnum):
    BIRTH_CERTIFICATE = "birth_certificate"
    IDENTITY_PAPER = "identity_paper"
    FOUNDLING_CERTIFICATE = "foundling_certificate"
    NOT_FOUND_CERTIFICATE = "not_found_certificate"
    CARE_CERTIFICATE = "care_certificate"
    GUARDIANSHIP_PAPER = "guardianship_paper"
    MATCH_REPORT = "match_report"
    OTHER = "other"


class HouseholdKind(StrEnum):
    OWN_FAMILY = "own_family"
    GUARDIAN = "guardian"
    OWN_HOUSEHOLD = "own_household"
    COLLECTIVE_HOUSEHOLD = "collective_household"


class Benefit(StrEnum):
    MINIMUM_ALLOWANCE = "minimum_allowance"
    EXTREME_POVERTY_SUPPORT = "extreme_poverty_support"
    CHILD_ALLOWANCE = "child_allowance"
    MEDICAL_INSURANCE = "medical_insurance"
    TEMPORARY_RELIEF = "temporary_relief"
    DISABILITY_ALLOWANCE = "disability_allowance"
    OTHER = "other"


class AppealAgainst(StrEnum):
    REGISTRATION = "registration"
    BENEFIT = "benefit"


class AppealOutcome(StrEnum):
    PENDING = "pending"
    UPHELD = "upheld"
    CHANGED = "changed"


class Dossier(RecordBody):
    """Which papers are there and which are missing; the papers themselves stay with the person."""

    model_config = example(
        papers=["care_certificate", "not_found_certificate"], missing=["birth_certificate"]
    )

    papers: SomeItems[DossierPaper]
    missing: Items[DossierPaper] = ()


class Submission(RecordBody):
    """The application was handed in."""

    model_config = example(submitted_to="示例派出所", submitted_on="2026-03-12", receipt="示例户受字0001号")

    submitted_to: ShortText = Field(description="The office that received it.")
    submitted_on: PastDate
    receipt: DocumentNumber | None = None


class Registration(RecordBody):
    """The person is registered. The letter about it names this one person only."""

    model_config = example(
        registered_on="2026-03-12", household="collective_household", number="示例户字0001号"
    )

    registered_on: PastDate
    household: HouseholdKind
    number: DocumentNumber | None = Field(default=None, description="Number of the household booklet.")


class BenefitDecision(RecordBody):
    """The social-security decision."""

    model_config = example(benefit="extreme_poverty_support", outcome="granted", told_to_person=True)

    benefit: Benefit
    outcome: Grant
    reason: Annotated[ShortText | None, needed_when("outcome", "refused")] = Field(
        default=None, description="Why it was refused; needed then."
    )
    told_to_person: StrictBool = Field(description="The person was told, and how to appeal.")


class Appeal(RecordBody):
    """An appeal against a refused registration or benefit."""

    model_config = example(against="benefit", outcome="pending", lodged_on="2026-03-12")

    against: AppealAgainst
    outcome: AppealOutcome
    lodged_on: PastDate
