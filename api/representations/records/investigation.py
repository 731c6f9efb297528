"""What the police record of their proceedings (Arts. 23 to 26): numbers and outcomes, never testimony."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.representations.records.choices import ReviewResult
from api.representations.records.record_body import RecordBody, example, needed_when
from api.representations.types import DocumentNumber, Id, PastDate, ShortText, StrictBool

POLICE = "police"


class FilingDecisionCode(StrEnum):
    FILED = "filed"
    NOT_FILED = "not_filed"


class FindingOutcome(StrEnum):
    RESCUE_NEEDED = "rescue_needed"
    ALREADY_SAFE = "already_safe"
    NOT_ESTABLISHED = "not_established"


class SearchStatus(StrEnum):
    ISSUED = "issued"
    FOUND = "found"


class ProsecutorDemandOutcome(StrEnum):
    REASONS_DEMANDED = "reasons_demanded"
    FILING_DEMANDED = "filing_demanded"
    NO_ACTION = "no_action"


class AppropriateAdult(StrEnum):
    """Who sits beside a minor: the guardian, or another adult when the guardian is away or an accomplice (C-25)."""

    GUARDIAN = "guardian"
    OTHER_RELATIVE = "other_relative"
    SCHOOL = "school"
    COMMUNITY = "community"
    PROTECTION_BODY = "protection_body"


class ProceedingSystem(StrEnum):
    POLICE = "police"
    PROCURATORATE = "procuratorate"
    COURT = "court"


class ProceedingStatus(StrEnum):
    OPEN = "open"
    ENDED = "ended"
    TRANSFERRED = "transferred"


class Acceptance(RecordBody):
    """The report was accepted and the acceptance receipt given."""

    model_config = example(number="示例公（刑）受案字〔2026〕0001号")

    number: DocumentNumber = Field(description="Number of the acceptance receipt.")


class FilingDecision(RecordBody):
    """Whether a criminal case was filed. Not filing ends no protection."""

    model_config = example(decision="filed", number="示例公（刑）立字〔2026〕0001号")

    decision: FilingDecisionCode
    number: Annotated[DocumentNumber | None, needed_when("decision", "filed")] = Field(
        default=None, description="Number of the filing; needed when filed."
    )
    reason: Annotated[ShortText | None, needed_when("decision", "not_filed")] = Field(
        default=None, description="Why no case was filed; needed when not filed."
    )


class Finding(RecordBody):
    """What was found of one person's situation: it opens or spares rescue and ends nothing."""

    model_config = example(
        victim_id="0198c3a2-5b7e-7d10-9f3a-4c2b1a0e9d01", outcome="rescue_needed", seen_in_private=False
    )

    victim_id: Id
    outcome: FindingOutcome
    seen_in_private: StrictBool = Field(
        description="The person was seen alone, away from anyone in question."
    )


class Interview(RecordBody):
    """That a person was interviewed and how they were protected in it; never what they said."""

    model_config = example(
        victim_id="0198c3a2-5b7e-7d10-9f3a-4c2b1a0e9d01",
        recorded=True,
        single=True,
        appropriate_adult_present=True,
        accompanied_by="protection_body",
        female_officer=True,
    )

    victim_id: Id
    recorded: StrictBool = Field(description="Sound and picture were recorded throughout.")
    single: StrictBool = Field(description="Meant to be the only interview.")
    appropriate_adult_present: StrictBool | None = Field(
        default=None, description="An appropriate adult was present; asked for every minor."
    )
    accompanied_by: AppropriateAdult | None = Field(
        default=None, description="Who that adult was; never the guardian while the guardian is in question."
    )
    female_officer: StrictBool | None = Field(
        default=None, description="A woman asked the questions; asked for every girl."
    )
    reason: ShortText | None = Field(
        default=None, description="Why the person is asked once more; needed for a second interview."
    )


class RapidSearch(RecordBody):
    """The rapid search for a missing child (Art. 23)."""

    model_config = example(status="issued")

    status: SearchStatus


class Reconsideration(RecordBody):
    """Reconsideration of not filing was asked for, due in 30 days, or the police decided on it."""

    model_config = example(asked_on="2026-03-05", outcome="changed", number="示例公复议字〔2026〕0001号")

    asked_on: PastDate | None = Field(default=None, description="Day it was asked for.")
    outcome: Annotated[ReviewResult | None, needed_when("asked_on", None)] = Field(
        default=None, description="What was decided; none yet where it is only asked for."
    )
    number: DocumentNumber | None = None


class HigherReview(RecordBody):
    """The police one level up reviewed the reconsideration."""

    model_config = example(outcome="upheld", number="示例公复核字〔2026〕0001号")

    outcome: ReviewResult
    number: DocumentNumber | None = None


class ProsecutorDemand(RecordBody):
    """The procuratorate asked why no case was filed, or demanded that it be filed."""

    model_config = example(outcome="filing_demanded", number="示例检监字〔2026〕0001号")

    outcome: ProsecutorDemandOutcome
    number: DocumentNumber | None = None


class Withdrawn(RecordBody):
    """The criminal case was withdrawn. Protection goes on."""

    model_config = example(reason="经查明没有犯罪事实，案件撤销，保护措施继续")

    reason: ShortText


class ProceedingReference(RecordBody):
    """Where the proceedings are now and under which number."""

    model_config = example(
        system="procuratorate",
        number="示例检诉字〔2026〕0001号",
        status="transferred",
        transferred_to="示例检察院",
    )

    system: ProceedingSystem
    number: DocumentNumber
    status: ProceedingStatus
    transferred_to: Annotated[ShortText | None, needed_when("status", "transferred")] = Field(
        default=None, description="The body that accepted the proceedings; needed when transferred."
    )
