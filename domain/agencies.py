"""The 30 members of the joint conference (Article 3), its coordinating office, places and institutions."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.texts import Text


class Agency(StrEnum):
    """The members in the order of Article 3, then the coordinating office."""

    PUB = "PUB"
    PLC = "PLC"
    UFWD = "UFWD"
    CAC = "CAC"
    DRC = "DRC"
    EDU = "EDU"
    PSB = "PSB"
    CAB = "CAB"
    JUSTICE = "JUSTICE"
    FIN = "FIN"
    HRSS = "HRSS"
    TRANSPORT = "TRANSPORT"
    HEALTH = "HEALTH"
    AGRI = "AGRI"
    RURAL = "RURAL"
    CULTURE = "CULTURE"
    COMMERCE = "COMMERCE"
    FAO = "FAO"
    SAMR = "SAMR"
    HOUSING = "HOUSING"
    MIIT = "MIIT"
    SASAC = "SASAC"
    COURT = "COURT"
    PROC = "PROC"
    UNION = "UNION"
    YOUTH = "YOUTH"
    WOMEN = "WOMEN"
    DPF = "DPF"
    CNWC = "CNWC"
    WCC = "WCC"
    # Housed in the criminal investigation corps of PSB, yet neither PSB nor a 31st member (Article 3).
    OFFICE = "OFFICE"


MEMBERS: Final[tuple[Agency, ...]] = tuple(agency for agency in Agency if agency is not Agency.OFFICE)

AGENCY_NAMES: Final[Mapping[Agency, Text]] = MappingProxyType(
    {
        Agency.PUB: Text("党委宣传部", "Publicity Department"),
        Agency.PLC: Text("党委政法委", "Political and Legal Affairs Commission"),
        Agency.UFWD: Text("党委统战部", "United Front Work Department"),
        Agency.CAC: Text("党委网信办", "Cyberspace Affairs Office"),
        Agency.DRC: Text("发展改革委", "Development and Reform Commission"),
        Agency.EDU: Text("教育局", "Education Bureau"),
        Agency.PSB: Text("公安局", "Public Security Bureau"),
        Agency.CAB: Text("民政局", "Civil Affairs Bureau"),
        Agency.JUSTICE: Text("司法局", "Justice Bureau"),
        Agency.FIN: Text("财政局", "Finance Bureau"),
        Agency.HRSS: Text("人力资源社会保障局", "Human Resources and Social Security Bureau"),
        Agency.TRANSPORT: Text("交通运输局", "Transport Bureau"),
        Agency.HEALTH: Text("卫生健康委", "Health Commission"),
        Agency.AGRI: Text("农业农村局", "Agriculture and Rural Affairs Bureau"),
        Agency.RURAL: Text("乡村振兴局", "Rural Revitalisation Bureau"),
        Agency.CULTURE: Text("文体广电和旅游局", "Culture, Sport, Broadcasting and Tourism Bureau"),
        Agency.COMMERCE: Text("商务局", "Commerce Bureau"),
        Agency.FAO: Text("外办", "Foreign Affairs Office"),
        Agency.SAMR: Text("市场监管局", "Market Supervision Bureau"),
        Agency.HOUSING: Text("住房城乡建设局", "Housing and Construction Bureau"),
        Agency.MIIT: Text("工业和信息化局", "Industry and Information Technology Bureau"),
        Agency.SASAC: Text("国资委", "State-owned Assets Commission"),
        Agency.COURT: Text("法院", "Court"),
        Agency.PROC: Text("检察院", "Procuratorate"),
        Agency.UNION: Text("总工会", "Federation of Trade Unions"),
        Agency.YOUTH: Text("团委", "Youth League Committee"),
        Agency.WOMEN: Text("妇联", "Women's Federation"),
        Agency.DPF: Text("残联", "Disabled Persons' Federation"),
        Agency.CNWC: Text("关工委", "Committee for the Care of the Next Generation"),
        Agency.WCC: Text("妇儿工委办公室", "Office of the Committee on Women and Children"),
        Agency.OFFICE: Text("反拐办", "Anti-Trafficking Coordinating Office"),
    }
)

# The articles name these bodies for prevention, money, premises or publicity, never for one person's
# case (DRC stands in Article 31 for the facilities). They may send reports and answer one nameless request.
NO_CASE_READING: Final[frozenset[Agency]] = frozenset(
    {
        Agency.PUB,
        Agency.PLC,
        Agency.UFWD,
        Agency.CAC,
        Agency.DRC,
        Agency.FIN,
        Agency.TRANSPORT,
        Agency.AGRI,
        Agency.RURAL,
        Agency.CULTURE,
        Agency.COMMERCE,
        Agency.SAMR,
        Agency.HOUSING,
        Agency.MIIT,
        Agency.SASAC,
        Agency.CNWC,
        Agency.WCC,
    }
)


def may_read_cases(agency: Agency) -> bool:
    """Whether work can ever give this agency a case to read.

    False for `NO_CASE_READING` and for OFFICE, which sees counts only. True opens nothing by itself.
    """
    return agency is not Agency.OFFICE and agency not in NO_CASE_READING


class PlaceKind(StrEnum):
    """Levels of place, the widest first."""

    CORPS = "corps"
    DIVISION = "division"
    FARM = "farm"
    COMPANY = "company"


PLACE_KIND_NAMES: Final[Mapping[PlaceKind, Text]] = MappingProxyType(
    {
        PlaceKind.CORPS: Text("兵团", "Corps"),
        PlaceKind.DIVISION: Text("师市", "Division-city"),
        PlaceKind.FARM: Text("团场", "Regimental farm"),
        PlaceKind.COMPANY: Text("连队", "Company"),
    }
)


class InstitutionKind(StrEnum):
    RELIEF_STATION = "relief_station"
    MINORS_PROTECTION_CENTRE = "minors_protection_centre"
    CHILD_WELFARE_INSTITUTION = "child_welfare_institution"
    WOMENS_SHELTER = "womens_shelter"
    HOSPITAL = "hospital"
    SCHOOL = "school"
    LEGAL_AID_CENTRE = "legal_aid_centre"


INSTITUTION_NAMES: Final[Mapping[InstitutionKind, Text]] = MappingProxyType(
    {
        InstitutionKind.RELIEF_STATION: Text("救助管理机构", "Relief station"),
        InstitutionKind.MINORS_PROTECTION_CENTRE: Text("未成年人救助保护机构", "Minors' protection centre"),
        InstitutionKind.CHILD_WELFARE_INSTITUTION: Text("儿童福利机构", "Child welfare institution"),
        InstitutionKind.WOMENS_SHELTER: Text("妇女庇护所", "Women's shelter"),
        InstitutionKind.HOSPITAL: Text("定点医疗机构", "Designated hospital"),
        InstitutionKind.SCHOOL: Text("学校", "School"),
        InstitutionKind.LEGAL_AID_CENTRE: Text("法律援助中心", "Legal aid centre"),
    }
)

# Police, detention, compulsory-treatment, training and correctional places are no kinds of institution here.
INSTITUTION_AGENCIES: Final[Mapping[InstitutionKind, tuple[Agency, ...]]] = MappingProxyType(
    {
        InstitutionKind.RELIEF_STATION: (Agency.CAB,),
        InstitutionKind.MINORS_PROTECTION_CENTRE: (Agency.CAB,),
        InstitutionKind.CHILD_WELFARE_INSTITUTION: (Agency.CAB,),
        InstitutionKind.WOMENS_SHELTER: (Agency.CAB, Agency.WOMEN),
        InstitutionKind.HOSPITAL: (Agency.HEALTH,),
        InstitutionKind.SCHOOL: (Agency.EDU,),
        InstitutionKind.LEGAL_AID_CENTRE: (Agency.JUSTICE,),
    }
)


def may_run(agency: Agency, institution: InstitutionKind) -> bool:
    """Whether a unit of this agency may be such an institution."""
    return agency in INSTITUTION_AGENCIES[institution]
