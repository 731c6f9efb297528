"""Which article gives a stage to whom: one accountable lead, the other leads, and who may be invited."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.agencies import Agency
from domain.articles import ARTICLES
from domain.stages import RECORD_KINDS, Scope, StageCode
from domain.texts import Text


@dataclass(frozen=True, slots=True)
class Mandate:
    """The legal footing of one stage.

    `articles` begins with the main one, whose lists of agencies apply in the order of the document. `opens`
    tells in words when the stage opens. Raises ValueError when the accountable agency is not a lead.
    """

    stage: StageCode
    scope: Scope
    articles: tuple[int, ...]
    accountable: Agency
    leads: tuple[Agency, ...]
    cooperating: tuple[Agency, ...]
    opens: Text

    def __post_init__(self) -> None:
        if self.accountable not in self.leads:
            raise ValueError(f"{self.accountable} does not lead Article {self.articles[0]}")


def _mandate(
    stage: StageCode,
    articles: tuple[int, ...],
    accountable: Agency,
    *,
    opens: Text,
    scope: Scope = Scope.VICTIM,
) -> Mandate:
    main = ARTICLES[articles[0]]
    return Mandate(stage, scope, articles, accountable, main.leads, main.cooperating, opens)


_ROWS: Final[tuple[Mandate, ...]] = (
    # A report comes before any victim has a record, so it is nobody's stage in particular.
    _mandate(
        StageCode.REPORT,
        (44, 11, 16, 45),
        Agency.PSB,
        scope=Scope.CASE,
        opens=Text("有人报告", "Somebody reports"),
    ),
    _mandate(
        StageCode.INVESTIGATION,
        (25, 23, 24, 26),
        Agency.PSB,
        scope=Scope.CASE,
        opens=Text("报告被受理;紧急情形收到即开启", "A report is accepted, or on receipt in an emergency"),
    ),
    # Article 30 speaks of children; adults rest on Article 20 and the duty to rescue on request.
    _mandate(
        StageCode.RESCUE,
        (30, 20),
        Agency.PSB,
        opens=Text("危险仍在;紧急情形立即开启", "Danger persists, or at once in an emergency"),
    ),
    _mandate(
        StageCode.SHELTER,
        (31,),
        Agency.CAB,
        opens=Text("今晚没有安全住处", "No safe place tonight"),
    ),
    _mandate(
        StageCode.MEDICAL_CARE,
        (34,),
        Agency.HEALTH,
        opens=Text("有伤病;获得自由时向每个人提供", "Any injury or illness; offered to everyone once free"),
    ),
    _mandate(
        StageCode.FAMILY_TRACING,
        (32, 30, 24),
        Agency.PSB,
        opens=Text(
            "未成年人与家人分离;成年人仅凭本人请求", "A minor apart from family; an adult only on request"
        ),
    ),
    _mandate(
        StageCode.HOUSEHOLD_REGISTRATION,
        (33,),
        Agency.PSB,
        opens=Text(
            "超过滞留期限身份仍不明;身份已明而无户口的立即开启",
            "Identity unknown past the stranded period; at once for a known but unregistered person",
        ),
    ),
    _mandate(
        StageCode.SCHOOLING,
        (36,),
        Agency.EDU,
        opens=Text(
            "处于义务教育年龄;学前、高中和职业教育为可选",
            "Compulsory school age; preschool, senior and vocational school are offered",
        ),
    ),
    _mandate(
        StageCode.EMPLOYMENT,
        (37,),
        Agency.HRSS,
        opens=Text("年满十六岁且本人愿意", "16 or older and willing"),
    ),
    # Article 35 orders legal education only; aid and claims rest on Articles 38 and 29.
    _mandate(
        StageCode.RIGHTS_SUPPORT,
        (35, 38, 29),
        Agency.JUSTICE,
        opens=Text("每一位受害人", "Every victim"),
    ),
    _mandate(
        StageCode.REINTEGRATION_SUPPORT,
        (38,),
        Agency.CAB,
        opens=Text("离开照料,或获得自由且无需照料", "Leaving care, or free without need of care"),
    ),
    _mandate(
        StageCode.GUARDIANSHIP,
        (40, 26),
        Agency.CAB,
        opens=Text(
            "每一位未成年人,以及同住且有危险的未成年人",
            "Every minor, and the minors of the same household in danger",
        ),
    ),
    _mandate(
        StageCode.REPATRIATION,
        (47,),
        Agency.PSB,
        opens=Text(
            "外籍或无国籍者:知悉身份与选择后自愿同意;身在境外者:成年人本人请求",
            "Foreign or stateless: free consent, the status explained. Abroad: the adult's own request",
        ),
    ),
    # The document names PSB first; care after freedom is CAB's, and PSB never follows a person up.
    _mandate(
        StageCode.FOLLOW_UP,
        (39,),
        Agency.CAB,
        opens=Text("获得自由之时", "The person is free"),
    ),
)

MANDATES: Final[Mapping[StageCode, Mandate]] = MappingProxyType({mandate.stage: mandate for mandate in _ROWS})

_PSB_STAGES: Final[frozenset[StageCode]] = frozenset(
    {
        StageCode.REPORT,
        StageCode.INVESTIGATION,
        StageCode.RESCUE,
        StageCode.FAMILY_TRACING,
        StageCode.HOUSEHOLD_REGISTRATION,
        StageCode.REPATRIATION,
    }
)


def may_be_responsible(agency: Agency, stage: StageCode) -> bool:
    """Whether a unit of this agency may be given the stage: a lead of its main article.

    PSB has a list of its own: as a lead of Article 39 it is attached to follow-up, never responsible.
    """
    if agency is Agency.PSB and stage not in _PSB_STAGES:
        return False
    return agency in MANDATES[stage].leads


ADDED_RECORDS: Final[Mapping[StageCode, Mapping[Agency, frozenset[str]]]] = MappingProxyType(
    {
        StageCode.RESCUE: {Agency.CAB: frozenset({"handover"})},
        StageCode.MEDICAL_CARE: {Agency.DPF: frozenset({"disability_grading"})},
        StageCode.FAMILY_TRACING: {
            Agency.PSB: frozenset({"match_report", "not_found_certificate", "sample_request"}),
            Agency.CAB: frozenset({"tracing_notice", "reunion_assessment", "support_duty"}),
        },
        StageCode.HOUSEHOLD_REGISTRATION: {
            Agency.PSB: frozenset({"registration"}),
            Agency.CAB: frozenset({"dossier", "benefit_decision"}),
        },
        StageCode.REPATRIATION: {Agency.CAB: frozenset({"handover", "reception"})},
        StageCode.INVESTIGATION: {Agency.PROC: frozenset({"prosecutor_demand"})},
        StageCode.EMPLOYMENT: {
            Agency.UNION: frozenset({"private_check"}),
            Agency.WOMEN: frozenset({"private_check"}),
        },
        StageCode.FOLLOW_UP: {Agency.WOMEN: frozenset({"contact", "difficulty"})},
    }
)
"""Records that units other than the responsible one add: attached leads of the article, and invited agencies."""


def addable_records(agency: Agency, stage: StageCode) -> frozenset[str]:
    """The kinds of record that an attached or invited unit of this agency may add to the stage."""
    return ADDED_RECORDS.get(stage, {}).get(agency, frozenset())


RESERVED_RECORDS: Final[Mapping[StageCode, frozenset[str]]] = MappingProxyType(
    {StageCode.EMPLOYMENT: frozenset({"private_check"})}
)
"""Records that the responsible unit itself never adds: whoever found the work does not ask how it is there (rule 7)."""


def own_records(stage: StageCode) -> tuple[str, ...]:
    """The kinds of record that the responsible unit adds."""
    reserved = RESERVED_RECORDS.get(stage, frozenset())
    return tuple(kind for kind in RECORD_KINDS[stage] if kind not in reserved)


EMERGENCY_DUTY: Final = (Agency.PSB, Agency.CAB)
"""In an emergency both duty units have the report at once (workflow 2); otherwise the accountable lead of Art. 44."""

CASE_OWNERS: Final = frozenset({Agency.PSB, Agency.CAB})
"""One unit owns a case: the police at first, civil affairs from the handover on (Arts. 30, 39)."""

CARE_OWNER: Final = Agency.CAB
"""Who owns a case from the first handover, admission or liberty on, once they accept it (Arts. 31, 39)."""

WILLINGNESS_RECORDERS: Final = frozenset({Agency.UNION, Agency.WOMEN})
"""Who writes down what somebody says about work (Art. 37): never the employer's side, the police, or the house."""
