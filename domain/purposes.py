"""Why something is read: each purpose with the agencies that may name it and the compartments that it reaches.

A purpose only narrows: what the table of readers does not give, no purpose opens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

from domain.agencies import NO_CASE_READING, Agency
from domain.compartments import Compartment
from domain.texts import Text

C = Compartment


class PurposeOfUse(StrEnum):
    """The values of `X-Purpose-Of-Use`."""

    CASE_WORK = "case_work"
    EMERGENCY = "emergency"
    CASE_ACCEPTANCE = "case_acceptance"
    IDENTITY_CHECK = "identity_check"
    RESCUE_HANDOVER = "rescue_handover"
    RELIEF_REGISTRY = "relief_registry"
    NOTICE_PUBLICATION = "notice_publication"
    HOUSEHOLD_DOSSIER = "household_dossier"
    GUARDIANSHIP_DECISION = "guardianship_decision"
    ADOPTION = "adoption"
    MEDICAL_CARE = "medical_care"
    DISABILITY_GRADING = "disability_grading"
    SCHOOL_ENROLMENT = "school_enrolment"
    EMPLOYMENT_SERVICE = "employment_service"
    LEGAL_AID = "legal_aid"
    AUDIT = "audit"
    SUBJECT_ACCESS = "subject_access"


@dataclass(frozen=True, slots=True)
class Terms:
    """Who may name a purpose, and how far it reaches; `ground` says where it comes from."""

    name: Text
    agencies: frozenset[Agency]
    reaches: frozenset[C]
    ground: str


EVERY_AGENCY: Final = frozenset(Agency)
CASE_AGENCIES: Final = EVERY_AGENCY - NO_CASE_READING - {Agency.OFFICE}
EVERYTHING: Final = frozenset(C)
FRAME: Final = frozenset({C.CASE_STORY, C.STAGE_WORK, C.TIMELINE})
"""What every case purpose needs to find its way in a case, for those whom the table gives it."""

_WHO: Final = FRAME | {C.IDENTITY, C.DOCUMENTS}


def _for(*agencies: Agency) -> frozenset[Agency]:
    return frozenset(agencies)


PURPOSES: Final[Mapping[PurposeOfUse, Terms]] = MappingProxyType(
    {
        PurposeOfUse.CASE_WORK: Terms(
            Text("办理个案", "the unit's own work in a case"),
            EVERY_AGENCY,
            EVERYTHING,
            "Art. 20",
        ),
        PurposeOfUse.EMERGENCY: Terms(
            Text("紧急危险", "somebody is in danger now"),
            _for(Agency.PSB, Agency.CAB, Agency.HEALTH),
            FRAME
            | {C.IDENTITY, C.CONTACT, C.CONTACT_HOME, C.SITUATION, C.SHELTER_ADDRESS, C.REPORT_MESSAGE}
            | {C.EMERGENCIES},
            "Arts. 23, 30, 34",
        ),
        PurposeOfUse.CASE_ACCEPTANCE: Terms(
            Text("受案与立案", "taking up and filing a case"),
            _for(Agency.PSB),
            FRAME | {C.REPORT_MESSAGE, C.REPORTER, C.OBJECTIONS, C.POLICE, C.IDENTITY, C.SITUATION},
            "Arts. 25, 44",
        ),
        PurposeOfUse.IDENTITY_CHECK: Terms(
            Text("核查身份", "finding out who somebody is"),
            _for(Agency.PSB),
            _WHO | {C.TRACING},
            "Arts. 24, 32",
        ),
        PurposeOfUse.RESCUE_HANDOVER: Terms(
            Text("解救移交", "handing over a rescued person"),
            _for(Agency.PSB, Agency.CAB),
            _WHO | {C.SITUATION, C.ACCOUNT, C.RESCUE, C.ROUTING_REMARKS},
            "Art. 30",
        ),
        PurposeOfUse.RELIEF_REGISTRY: Terms(
            Text("救助登记", "the register of relief and welfare"),
            _for(Agency.CAB),
            _WHO | {C.SITUATION, C.SHELTER},
            "Arts. 12, 31",
        ),
        PurposeOfUse.NOTICE_PUBLICATION: Terms(
            Text("寻亲公告", "publishing a notice to find relatives"),
            _for(Agency.CAB),
            FRAME | {C.IDENTITY, C.TRACING, C.CONSENTS},
            "Art. 32",
        ),
        PurposeOfUse.HOUSEHOLD_DOSSIER: Terms(
            Text("落户材料", "the dossier for household registration"),
            _for(Agency.CAB, Agency.PSB),
            _WHO | {C.CIVIL_STATUS, C.REGISTRATION, C.VISITORS},
            "Art. 33",
        ),
        PurposeOfUse.GUARDIANSHIP_DECISION: Terms(
            Text("监护决定", "deciding on guardianship"),
            _for(Agency.CAB, Agency.JUSTICE, Agency.COURT, Agency.PROC),
            FRAME
            | {C.IDENTITY, C.AGE, C.AGE_REASONS, C.VISITORS, C.RELATIVES, C.RELATIVES_WISHES}
            | {C.GUARDIANSHIP, C.CONFLICTS, C.APPROVALS},
            "Art. 40",
        ),
        PurposeOfUse.ADOPTION: Terms(
            Text("收养", "adoption"),
            _for(Agency.CAB),
            FRAME | {C.IDENTITY, C.AGE, C.VISITORS, C.RELATIVES, C.GUARDIANSHIP},
            "Art. 18",
        ),
        PurposeOfUse.MEDICAL_CARE: Terms(
            Text("医疗", "medical care"), _for(Agency.HEALTH), _WHO | {C.CLINICAL}, "Art. 34"
        ),
        PurposeOfUse.DISABILITY_GRADING: Terms(
            Text("残疾评定", "grading a disability"), _for(Agency.DPF), _WHO | {C.CLINICAL}, "Art. 34"
        ),
        PurposeOfUse.SCHOOL_ENROLMENT: Terms(
            Text("入学", "going to school"),
            _for(Agency.EDU),
            FRAME | {C.IDENTITY, C.SCHOOL},
            "Art. 36",
        ),
        PurposeOfUse.EMPLOYMENT_SERVICE: Terms(
            Text("就业服务", "help with training and work"),
            _for(Agency.HRSS, Agency.UNION, Agency.WOMEN),
            FRAME | {C.IDENTITY, C.CONTACT, C.WILL, C.WORK},
            "Art. 37",
        ),
        PurposeOfUse.LEGAL_AID: Terms(
            Text("法律援助", "legal aid"),
            _for(Agency.JUSTICE),
            _WHO | {C.CONTACT, C.CONTACT_HOME, C.CIVIL_STATUS, C.SUPPORT, C.DEATH, C.LEGAL},
            "Arts. 35, 38",
        ),
        PurposeOfUse.AUDIT: Terms(
            Text("审计", "checking the record"), EVERY_AGENCY, frozenset({C.TIMELINE}), "Art. 22"
        ),
        PurposeOfUse.SUBJECT_ACCESS: Terms(
            Text("本人查阅", "answering what the person asks about themselves"),
            _for(Agency.CAB, Agency.PSB),
            EVERYTHING - {C.REPORTER, C.COMPLAINTS, C.OBJECTIONS, C.POLICE, C.CONFLICTS},
            "Art. 22",
        ),
    }
)


@cache
def terms_of(purpose: str | None) -> Terms | None:
    """None for a purpose that the table does not know, and for none at all."""
    return next((terms for known, terms in PURPOSES.items() if known == purpose), None)


@cache
def purposes_open_to(agency: Agency, granted: frozenset[str] | None) -> frozenset[PurposeOfUse]:
    """The purposes that this agency may name; of those, for a machine, the ones that it was granted (None: all)."""
    own = frozenset(purpose for purpose, terms in PURPOSES.items() if agency in terms.agencies)
    return own if granted is None else own & granted
