"""What is recorded of return and reception (Art. 47): free will, a cleared risk, a named carer."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.representations.records.choices import HandoverPart
from api.representations.records.record_body import RecordBody, SomeItems, example, needed_when
from api.representations.types import (
    CivilDate,
    CountryCode,
    DocumentNumber,
    LanguageTag,
    LongText,
    Name,
    PastDate,
    ShortText,
    StrictBool,
)
from domain.people import Known
from domain.person_codes import StayRequest


class StayChoice(StrEnum):
    """The choices that are explained before anybody asks for a decision."""

    REFLECTION = "reflection"
    ASYLUM = "asylum"
    HUMANITARIAN_RESIDENCE = "humanitarian_residence"
    VOLUNTARY_RETURN = "voluntary_return"
    LEGAL_AID = "legal_aid"


class EmbassyOutcome(StrEnum):
    PAPERS_PROMISED = "papers_promised"
    MORE_NEEDED = "more_needed"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"


class ReturnRiskOutcome(StrEnum):
    CLEARED = "cleared"
    HIGH_RISK = "high_risk"


class TravelDocumentKind(StrEnum):
    PASSPORT = "passport"
    EMERGENCY_TRAVEL_DOCUMENT = "emergency_travel_document"
    EXIT_PERMIT = "exit_permit"
    LAISSEZ_PASSER = "laissez_passer"


class TravelDocumentStatus(StrEnum):
    APPLIED = "applied"
    ISSUED = "issued"
    REFUSED = "refused"


class AlternativeStatusKind(StrEnum):
    HUMANITARIAN_RESIDENCE = "humanitarian_residence"
    ASYLUM_APPLICANT = "asylum_applicant"
    NATIONALITY_CONFIRMED = "nationality_confirmed"
    OTHER_RESIDENCE = "other_residence"


class _MaySendDataAbroad(RecordBody):
    """What is told to a body of another country leaves the country only on its own consent, and assessed."""

    data_sent_abroad: StrictBool = Field(
        description="Personal data left the country, or went to an embassy; needs its own consent (transfer_abroad)."
    )
    export_assessment_reference: Annotated[DocumentNumber | None, needed_when("data_sent_abroad", True)] = (
        Field(default=None, description="Number of the export security assessment; needed with data.")
    )


class Interpreter(RecordBody):
    """An interpreter was found, independent of everybody in question."""

    model_config = example(language="vi", independent=True, chosen_by_person=True)

    language: LanguageTag
    independent: StrictBool
    chosen_by_person: StrictBool


class StatusExplained(RecordBody):
    """Status and choices were explained, also the choice not to return."""

    model_config = example(
        language="vi", choices=["reflection", "humanitarian_residence", "voluntary_return"], understood="yes"
    )

    language: LanguageTag
    choices: SomeItems[StayChoice]
    understood: Known


class OwnRequest(RecordBody):
    """What the person asks for, in private; never the family's or an agency's request."""

    model_config = example(request="return", own_words="我想回家看妈妈，但想先把病看好", in_private=True)

    request: StayRequest
    own_words: LongText
    in_private: StrictBool


class EmbassyContact(_MaySendDataAbroad):
    """An embassy was contacted with the person's consent; never for somebody who seeks asylum."""

    model_config = example(
        country="VN",
        outcome="papers_promised",
        person_present=True,
        data_sent_abroad=True,
        export_assessment_reference="示例数据出境评估0001号",
    )

    country: CountryCode = Field(description="ISO 3166-1 code of the embassy's country.")
    outcome: EmbassyOutcome
    person_present: StrictBool


class ReturnRiskAssessment(RecordBody):
    """Whether the person can return safely; high risk leads to an alternative status."""

    model_config = example(
        outcome="cleared",
        person_heard=True,
        fit_to_travel="yes",
        carer_confirmed="yes",
        best_interests="yes",
    )

    outcome: ReturnRiskOutcome
    person_heard: StrictBool
    fit_to_travel: Known
    carer_confirmed: Known = Field(description="A receiving carer was found, asked, and waits.")
    best_interests: Known = Field(
        default=Known.UNKNOWN, description="A minor: return was decided to be in the child's best interests."
    )


class TravelDocument(RecordBody):
    """A travel document, kept by the person."""

    model_config = example(
        document="emergency_travel_document", status="issued", number="示例旅0001", valid_until="2026-06-12"
    )

    document: TravelDocumentKind
    status: TravelDocumentStatus
    number: Annotated[DocumentNumber | None, needed_when("status", "issued")] = Field(
        default=None, description="Needed when issued."
    )
    valid_until: CivilDate | None = None


class VoluntaryReturn(_MaySendDataAbroad):
    """The person set out, of their own free will; the route is not recorded."""

    model_config = example(
        departed_on="2026-03-12",
        receiving_carer="示例接收机构",
        accompanied=True,
        data_sent_abroad=True,
        export_assessment_reference="示例数据出境评估0001号",
    )

    departed_on: PastDate
    receiving_carer: Name = Field(description="Who waits at the other end: a person or a body.")
    accompanied: StrictBool


class Reception(RecordBody):
    """The receiving body or carer signed that the person arrived."""

    model_config = example(receiving_carer="示例接收机构", receipt="示例接收回执0001号", arrived_well="yes")

    receiving_carer: Name
    receipt: DocumentNumber | None = Field(
        default=None, description="Number of the signed receipt; the stage ends on it."
    )
    arrived_well: Known = Known.UNKNOWN


class ReturnHandover(RecordBody):
    """Given by one side, received by the other: each writes its own."""

    model_config = example(part="received", papers_with_person=True, belongings="随身物品一箱，由本人保管")

    part: HandoverPart
    papers_with_person: StrictBool
    belongings: ShortText | None = None


class AlternativeStatus(RecordBody):
    """The person stays, on another footing."""

    model_config = example(kind="humanitarian_residence", number="示例居0001号", valid_until="2027-03-12")

    kind: AlternativeStatusKind
    number: DocumentNumber | None = None
    valid_until: CivilDate | None = None
