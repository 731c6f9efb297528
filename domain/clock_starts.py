"""Which move, which record and which fact about a person starts a clock, or is what the clock waited for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.people import Known, Person
from domain.stages import StageCode

WORK_CLOCKS: Final[Mapping[StageCode, str]] = MappingProxyType(
    {
        StageCode.INVESTIGATION: "investigation_filing",
        StageCode.RESCUE: "rescue_review",
        StageCode.FAMILY_TRACING: "tracing_certificate",
        StageCode.GUARDIANSHIP: "guardianship_review",
    }
)
"""What a stage is due for from the moment that work begins; the others are due for what their records start."""


class Whose(StrEnum):
    """What the clock is about: the stage, or the person whatever becomes of the stage."""

    STAGE = "stage"
    VICTIM = "victim"


Asked = Callable[[Person | None], bool]


def _anybody(_person: Person | None) -> bool:
    return True


def _unidentified(person: Person | None) -> bool:
    return person is not None and person.situation.identity_known is not Known.YES


def _minor(person: Person | None) -> bool:
    return person is not None and person.minor


def _in_danger(person: Person | None) -> bool:
    return person is not None and person.situation.in_danger is Known.YES


def _not_in_danger(person: Person | None) -> bool:
    return not _in_danger(person)


@dataclass(frozen=True, slots=True)
class Start:
    """A clock that begins. `counted_from`: the field that holds the day; else the moment at which the record happened.

    `once`: never again for the same stage or person. `after`: only where the stage already has such a record.
    """

    clock: str
    whose: Whose = Whose.STAGE
    counted_from: str | None = None
    once: bool = False
    asked: Asked = _anybody
    after: tuple[str, str, object] | None = None


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What a record of a stage does to clocks, where its body has one of these answers."""

    stage: StageCode
    kind: str
    where: Mapping[str, Sequence[object]] = field(default_factory=dict)
    starts: tuple[Start, ...] = ()
    meets: tuple[tuple[str, Whose], ...] = ()

    def fits(self, body: Mapping[str, object]) -> bool:
        return all(body.get(name) in answers for name, answers in self.where.items())


def _of_stage(*clocks: str) -> tuple[tuple[str, Whose], ...]:
    return tuple((clock, Whose.STAGE) for clock in clocks)


def _of_person(*clocks: str) -> tuple[tuple[str, Whose], ...]:
    return tuple((clock, Whose.VICTIM) for clock in clocks)


_ON_ADMISSION: Final = tuple(
    Start(clock, Whose.VICTIM, once=True, asked=_unidentified)
    for clock in ("stranded_period", "tracing_notice", "sample_request")
)
_UNTIL_IDENTIFIED: Final = _of_person("stranded_period", "tracing_notice", "sample_request", "sample_taken")
# records from before the question was asked were of legal aid
_BY_LAW: Final = (None, "legal_aid")
_NO_LONGER_TEMPORARY: Final = ("safe", "long_term_cab", "kin_care", "adoption", "restored")

ON_RECORDS: Final = (
    OnRecord(StageCode.SHELTER, "admission", starts=_ON_ADMISSION),
    OnRecord(
        StageCode.SHELTER,
        "admission",
        {"institution_kind": ("relief_station",)},
        starts=(Start("relief_stay"),),
    ),
    OnRecord(
        StageCode.SHELTER,
        "admission",
        {"institution_kind": ("child_welfare_institution",)},
        starts=(Start("tracing_certificate_12", Whose.VICTIM, once=True, asked=_minor),),
        meets=(*_of_person("welfare_transfer"), *_of_stage("relief_stay")),
    ),
    OnRecord(
        StageCode.SHELTER,
        "admission",
        {"institution_kind": ("minors_protection_centre", "womens_shelter", "hospital")},
        meets=_of_stage("relief_stay"),
    ),
    OnRecord(StageCode.SHELTER, "exit", meets=_of_stage("relief_stay")),
    OnRecord(
        StageCode.FAMILY_TRACING, "identity_check", {"outcome": ("identified",)}, meets=_UNTIL_IDENTIFIED
    ),
    OnRecord(
        StageCode.FAMILY_TRACING,
        "tracing_notice",
        {"published": (True,)},
        starts=(
            Start(
                "adoption_announcement",
                Whose.VICTIM,
                counted_from="published_on",
                after=("not_found_certificate", "months", 12),
            ),
        ),
        meets=_of_person("tracing_notice"),
    ),
    # a reasoned decision not to publish is an answer too: rule 6 forbids some notices
    OnRecord(
        StageCode.FAMILY_TRACING,
        "tracing_notice",
        {"published": (False,)},
        meets=_of_person("tracing_notice"),
    ),
    OnRecord(
        StageCode.FAMILY_TRACING,
        "sample_request",
        {"sampled": (False,)},
        starts=(Start("sample_taken", Whose.VICTIM, counted_from="requested_on"),),
        meets=_of_person("sample_request"),
    ),
    OnRecord(
        StageCode.FAMILY_TRACING,
        "sample_request",
        {"sampled": (True,)},
        meets=_of_person("sample_request", "sample_taken"),
    ),
    OnRecord(
        StageCode.FAMILY_TRACING,
        "not_found_certificate",
        {"months": (1,)},
        starts=(Start("welfare_transfer", Whose.VICTIM, counted_from="certified_on", asked=_minor),),
        meets=_of_stage("tracing_certificate"),
    ),
    OnRecord(
        StageCode.FAMILY_TRACING,
        "not_found_certificate",
        {"months": (12,)},
        meets=(*_of_stage("tracing_certificate"), *_of_person("tracing_certificate_12")),
    ),
    OnRecord(
        StageCode.FAMILY_TRACING,
        "match_report",
        {"matched": (True,)},
        meets=(
            *_of_stage("tracing_certificate"),
            *_of_person("tracing_certificate_12", "welfare_transfer"),
            *_UNTIL_IDENTIFIED,
        ),
    ),
    OnRecord(
        StageCode.INVESTIGATION,
        "filing_decision",
        {"decision": ("filed",)},
        meets=_of_stage(
            "investigation_filing",
            "not_filed_notice",
            "reconsideration_request",
            "reconsideration_decision",
            "higher_review",
        ),
    ),
    OnRecord(
        StageCode.INVESTIGATION,
        "filing_decision",
        {"decision": ("not_filed",)},
        starts=(Start("not_filed_notice"), Start("reconsideration_request")),
        meets=_of_stage("investigation_filing"),
    ),
    # asked for and not decided yet; what is written down with its outcome was never waited for
    OnRecord(
        StageCode.INVESTIGATION,
        "reconsideration",
        {"outcome": (None,)},
        starts=(Start("reconsideration_decision", counted_from="asked_on"),),
        meets=_of_stage("reconsideration_request"),
    ),
    OnRecord(
        StageCode.INVESTIGATION,
        "reconsideration",
        {"outcome": ("upheld",)},
        starts=(Start("higher_review"),),
        meets=_of_stage("not_filed_notice", "reconsideration_request", "reconsideration_decision"),
    ),
    OnRecord(
        StageCode.INVESTIGATION,
        "reconsideration",
        {"outcome": ("changed",)},
        meets=_of_stage("not_filed_notice", "reconsideration_request", "reconsideration_decision"),
    ),
    OnRecord(
        StageCode.INVESTIGATION,
        "higher_review",
        meets=_of_stage("reconsideration_request", "reconsideration_decision", "higher_review"),
    ),
    OnRecord(
        StageCode.HOUSEHOLD_REGISTRATION,
        "registration",
        meets=_of_person("stranded_period", "birth_registration"),
    ),
    OnRecord(
        StageCode.MEDICAL_CARE, "disability_grading", {"status": ("applied",)}, starts=(Start("grading"),)
    ),
    OnRecord(
        StageCode.MEDICAL_CARE,
        "disability_grading",
        {"status": ("certified",)},
        starts=(Start("grading_objection", counted_from="certified_on"),),
        meets=_of_stage("grading"),
    ),
    OnRecord(
        StageCode.MEDICAL_CARE,
        "disability_grading",
        {"status": ("disputed", "dispute_decided", "not_wanted")},
        meets=_of_stage("grading", "grading_objection"),
    ),
    OnRecord(
        StageCode.SCHOOLING,
        "enrolment",
        starts=(Start("schooling_check", counted_from="enrolled_on"),),
    ),
    OnRecord(
        StageCode.EMPLOYMENT,
        "placement",
        starts=(Start("employment_check", counted_from="started_on"),),
    ),
    OnRecord(StageCode.EMPLOYMENT, "stopped", meets=_of_stage("employment_check")),
    OnRecord(
        StageCode.GUARDIANSHIP,
        "guardian_status",
        {"status": ("temporary_cab",)},
        starts=(
            Start("guardianship_review"),
            Start("temporary_placement", once=True),
        ),
        meets=_of_stage("guardian_decision"),
    ),
    OnRecord(
        StageCode.GUARDIANSHIP,
        "guardian_status",
        {"status": _NO_LONGER_TEMPORARY},
        meets=_of_stage("guardian_decision", "guardianship_review", "temporary_placement"),
    ),
    OnRecord(
        StageCode.RIGHTS_SUPPORT,
        "aid_application",
        {"aid": _BY_LAW},
        starts=(Start("legal_aid_decision", counted_from="applied_on"),),
    ),
    OnRecord(
        StageCode.RIGHTS_SUPPORT,
        "aid_decision",
        {"aid": _BY_LAW, "outcome": ("granted",)},
        starts=(Start("legal_aid_lawyer", counted_from="decided_on"),),
        meets=_of_stage("legal_aid_decision", "legal_aid_dispute"),
    ),
    OnRecord(
        StageCode.RIGHTS_SUPPORT,
        "aid_decision",
        {"aid": _BY_LAW, "outcome": ("refused",)},
        starts=(Start("legal_aid_dispute", counted_from="decided_on"),),
        meets=_of_stage("legal_aid_decision"),
    ),
    # no lawyer and no dispute follow from an opinion on money from the state
    OnRecord(
        StageCode.RIGHTS_SUPPORT,
        "aid_application",
        {"aid": ("judicial_assistance",)},
        starts=(Start("judicial_assistance_opinion", counted_from="applied_on"),),
    ),
    OnRecord(
        StageCode.RIGHTS_SUPPORT,
        "aid_decision",
        {"aid": ("judicial_assistance",)},
        meets=_of_stage("judicial_assistance_opinion"),
    ),
    OnRecord(StageCode.RIGHTS_SUPPORT, "lawyer_assigned", meets=_of_stage("legal_aid_lawyer")),
    OnRecord(
        StageCode.RIGHTS_SUPPORT,
        "protection_order",
        {"status": ("applied",)},
        starts=(
            Start("protection_order", asked=_not_in_danger),
            Start("protection_order_urgent", asked=_in_danger),
        ),
    ),
    OnRecord(
        StageCode.RIGHTS_SUPPORT,
        "protection_order",
        {"status": ("granted", "refused", "extended", "ended")},
        meets=_of_stage("protection_order", "protection_order_urgent"),
    ),
    OnRecord(
        StageCode.RIGHTS_SUPPORT,
        "claim",
        {"claim": ("annulment",)},
        meets=_of_person("annulment_year"),
    ),
    OnRecord(StageCode.REPATRIATION, "status_explained", starts=(Start("reflection", once=True),)),
)


def on_record(stage: StageCode, kind: str, body: Mapping[str, object]) -> Iterator[OnRecord]:
    """The rows that this record fits."""
    return (row for row in ON_RECORDS if (row.stage, row.kind) == (stage, kind) and row.fits(body))


@dataclass(frozen=True, slots=True)
class OnMove:
    """What a move does to clocks besides the reply, begin and work clocks that every stage has."""

    actions: tuple[str, ...]
    starts: tuple[Start, ...] = ()
    meets: tuple[str, ...] = ()
    stage: StageCode | None = None


ON_MOVES: Final = (
    OnMove(("resume",), (Start("rescue_review"),), stage=StageCode.RESCUE),
    OnMove(("offer_again", "reopen"), meets=("ask_again",)),
)


def on_move(stage: StageCode, action: str) -> Iterator[OnMove]:
    """The rows for this move of this stage."""
    return (row for row in ON_MOVES if action in row.actions and row.stage in (None, stage))


ENDS_WITH_STAGE: Final[Mapping[StageCode, tuple[str, ...]]] = MappingProxyType(
    {
        StageCode.FAMILY_TRACING: (
            "tracing_notice",
            "sample_request",
            "sample_taken",
            "tracing_certificate_12",
            "welfare_transfer",
        ),
        StageCode.HOUSEHOLD_REGISTRATION: ("birth_registration",),
    }
)
"""A person's clocks that are over once this stage has ended. The annulment year and the stranded period are not here."""

MET_BY_IDENTITY: Final = tuple(clock for clock, _ in _UNTIL_IDENTIFIED)
"""What nobody waits for any more once it is known who the person is."""
