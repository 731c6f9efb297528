"""Our field -> the name and the code list of the Human Trafficking Case Data Standard v2.0 (24 Dec 2021, CC BY 4.0).

Every field of the standard is still a draft there. Nothing of it that tells origin, colour or belief has a row here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from domain.people import Identification
from domain.person_codes import (
    Control,
    DecidedBy,
    Education,
    ExploitationType,
    Gender,
    MaritalStatus,
    Recruitment,
    TraffickerRelation,
)

Codes = Mapping[str, str]


def _codes(ours: Mapping[str, str]) -> Codes:
    return MappingProxyType({str(code): theirs for code, theirs in ours.items()})


@dataclass(frozen=True, slots=True)
class HtcdsField:
    """One field: where we keep it, what the standard calls it, and its codes; no codes: the value goes as it is."""

    section: str
    name: str
    htcds: str
    codes: Codes = field(default_factory=lambda: MappingProxyType({}))


_GENDER: Final = _codes(
    {
        Gender.FEMININE: "Feminine",
        Gender.MASCULINE: "Masculine",
        Gender.TRANSGENDER_FEMININE: "TransgenderFeminine",
        Gender.TRANSGENDER_MASCULINE: "TransgenderMasculine",
        Gender.NON_CONFORMING: "NonConforming",
        Gender.NOT_SPECIFIED: "NonSpecifiedUnknown",
    }
)
_MARITAL: Final = _codes(
    {
        MaritalStatus.SINGLE: "Single",
        MaritalStatus.MARRIED: "Married",
        MaritalStatus.WIDOWED: "Widowed",
        MaritalStatus.DIVORCED: "Divorced",
        MaritalStatus.SEPARATED: "Separated",
        MaritalStatus.REGISTERED_PARTNERSHIP: "RegisteredPartnership",
    }
)
# the standard takes ISCED 2011 levels; their labels in its own list were not read
_EDUCATION: Final = _codes({level: str(number) for number, level in enumerate(Education)})
_STATUS: Final = _codes(
    {
        Identification.PRESUMED: "PossibleVictimOfTrafficking",
        Identification.IDENTIFIED: "ActualVictimOfTrafficking",
        Identification.NOT_A_VICTIM: "NotAVictimOfTrafficking",
    }
)
_DECIDED_BY: Final = _codes(
    {
        DecidedBy.POLICE: "Police",
        DecidedBy.NGO: "NGO",
        DecidedBy.COURT_OR_PROSECUTION: "CourtOrProsecution",
        DecidedBy.OTHER_GOVERNMENT: "NonPoliceGovernmentalOrganization",
        DecidedBy.OTHER: "Other",
    }
)
_TYPES: Final = _codes(
    {
        ExploitationType.FORCED_LABOUR: "ForcedLabour",
        ExploitationType.SEXUAL_EXPLOITATION: "SexualExploitation",
        ExploitationType.CHILD_LABOUR: "ChildLabour",
        ExploitationType.FORCED_MARRIAGE: "ForcedMarriage",
        ExploitationType.SERVITUDE: "Servitude",
        ExploitationType.FORCED_MILITARY: "ForcedMilitaryByNonStateActors",
        ExploitationType.ORGAN_REMOVAL: "OrganRemoval",
        ExploitationType.FORCED_BEGGING: "ForcedBegging",
        ExploitationType.FORCED_ADOPTION: "ForcedAdoption",
        ExploitationType.SURROGACY: "Surrogacy",
        ExploitationType.OTHER: "Other",
    }
)
_CONTROL: Final = _codes(
    {
        Control.PHYSICAL_THREATS: "PhysicalThreats",
        Control.THREATENS_WITH_AUTHORITIES: "ThreatsLawEnforcement",
        Control.THREATENS_CHILDREN_OR_FAMILY: "ThreatensChildrenFamily",
        Control.DEBT_BONDAGE: "DebtBondage",
        Control.FALSE_PROMISES: "FalsePromises",
        Control.PHYSICAL_ABUSE: "PhysicalAbuse",
        Control.SEXUAL_ABUSE: "SexualAbuse",
        Control.TAKES_EARNINGS: "TakesEarnings",
        Control.RESTRICTS_MONEY: "RestrictsFinancialAccess",
        Control.RESTRICTS_MEDICAL_CARE: "RestrictsMedicalCare",
        Control.WITHHOLDS_NECESSITIES: "WithholdsNecessities",
        Control.PSYCHOLOGICAL_ABUSE: "PsychologicalAbuse",
        Control.PSYCHOACTIVE_SUBSTANCE: "PsychoactiveSubstance",
        Control.EXCESSIVE_WORKING_HOURS: "ExcessiveWorkingHours",
        Control.WITHHOLDS_DOCUMENTS: "WithholdsDocuments",
        Control.OTHER: "Other",
        Control.RESTRICTS_MOVEMENT: "RestrictsMovement",
        Control.USES_CHILDREN: "UsesChildren",
    }
)
_RECRUITMENT: Final = _codes(
    {
        Recruitment.PLACE_OF_BUSINESS: "AtAPlaceOfBusiness",
        Recruitment.SCHOOL: "AtAnEducationalInstitution",
        Recruitment.WORK: "AtWork",
        Recruitment.ONLINE_SOCIAL_NETWORK: "ThroughOnlineSocialNetworks",
        Recruitment.ONLINE_ADVERTISEMENT: "ThroughAnOnlineAdvertisement",
        Recruitment.TELEVISION: "ThroughATelevisionAdvert",
        Recruitment.NEWSPAPER: "ThroughANewspaperAdvert",
        Recruitment.FAMILY: "ThroughFamilyOrFamilyEvents",
        Recruitment.FRIENDS: "ThroughFriendsOrSocialEvents",
        Recruitment.OTHER: "Other",
    }
)
# the last one is spelled so in the standard
_RELATION: Final = _codes(
    {
        TraffickerRelation.FAMILIAL: "Familial",
        TraffickerRelation.ACQUAINTED: "Acquainted",
        TraffickerRelation.UNACQUAINTED: "Unaquainted",
    }
)

HTCDS: Final = (
    HtcdsField("identity", "name", "prs_FirstName"),
    HtcdsField("identity", "birth_date", "prs_Birthdate"),
    HtcdsField("identity", "languages", "prs_PrimaryLanguage"),
    HtcdsField("identity", "education", "prs_HighestLevelOfEducation", _EDUCATION),
    HtcdsField("civil_status", "gender", "prs_Gender", _GENDER),
    HtcdsField("civil_status", "marital_status", "prs_MaritalStatus", _MARITAL),
    HtcdsField("civil_status", "number_of_children", "prs_NumberOfChildren"),
    HtcdsField("documents", "identity_number", "prs_IdentityNumber"),
    HtcdsField("documents", "citizenship", "prs_Citizenship"),
    HtcdsField("contact", "phone", "prs_MobilePhone"),
    HtcdsField("identification", "status", "vic_TraffickingStatus", _STATUS),
    HtcdsField("identification", "decided_by", "vic_TraffickingStatusDecisionMakingOrg", _DECIDED_BY),
    HtcdsField("exploitation", "types", "vic_TypeOfExploitation", _TYPES),
    HtcdsField("exploitation", "methods_of_control", "vic_MethodsOfControl", _CONTROL),
    HtcdsField("exploitation", "method_of_recruitment", "vic_MethodOfRecruitment", _RECRUITMENT),
    HtcdsField("exploitation", "relationship_to_trafficker", "vic_RelationshipToTrafficker", _RELATION),
    HtcdsField("exploitation", "age_when_trafficked", "vic_AgeWhenTrafficked"),
)
"""A name that is not divided goes whole into the first one; the first language is the primary one."""
