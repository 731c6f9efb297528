"""Other bases than consent: what each may carry, on which article, for how long, and how the person learns of it (workflow 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from domain.consents import Basis, Purpose
from domain.refusals import Unmet
from domain.stages import StageCode
from domain.texts import Text

LONGEST: Final = timedelta(days=30)
LONGEST_UNTOLD: Final = timedelta(hours=24)
"""Where telling would endanger somebody it lasts a day: to go on, it is asked for anew, and told. Configurable default."""

ALONE_BY_CONSENT: Final = frozenset(
    {
        Purpose.EMPLOYMENT,
        Purpose.RELOCATION,
        Purpose.REPATRIATION,
        Purpose.FOLLOW_UP,
        Purpose.PUBLICATION,
        Purpose.EMBASSY_CONTACT,
    }
)
"""What no other basis opens, whatever the reason."""

REACH: Final[Mapping[Basis, frozenset[Purpose]]] = MappingProxyType(
    {
        Basis.LEGAL_DUTY: frozenset(
            {Purpose.SHELTER, Purpose.FAMILY_TRACING, Purpose.SCHOOLING, Purpose.INFORMATION_SHARING}
        ),
        Basis.VITAL_INTEREST: frozenset(
            {
                Purpose.SHELTER,
                Purpose.MEDICAL_CARE,
                Purpose.FAMILY_TRACING,
                Purpose.SCHOOLING,
                Purpose.RIGHTS_SUPPORT,
                Purpose.REINTEGRATION_SUPPORT,
                Purpose.INFORMATION_SHARING,
            }
        ),
        Basis.CRIMINAL_PROCEDURE: frozenset({Purpose.INFORMATION_SHARING}),
    }
)

STAGES_REACHED: Final[Mapping[Basis, frozenset[StageCode]]] = MappingProxyType(
    {Basis.CRIMINAL_PROCEDURE: frozenset({StageCode.INVESTIGATION, StageCode.RESCUE})}
)
"""Stages outside of which a basis carries nothing; a basis that is not listed reaches every stage of its purposes."""

GROUNDS: Final[Mapping[str, frozenset[Basis]]] = MappingProxyType(
    {
        "个人信息保护法 13": frozenset({Basis.LEGAL_DUTY}),  # C-23
        "个人信息保护法 34": frozenset({Basis.LEGAL_DUTY}),  # C-23
        "未成年人保护法 11": frozenset({Basis.LEGAL_DUTY}),  # C-8
        "妇女权益保障法 22": frozenset({Basis.LEGAL_DUTY}),  # C-62
        "未成年人保护法 92": frozenset({Basis.LEGAL_DUTY, Basis.VITAL_INTEREST}),  # C-27
        "民法典 31": frozenset({Basis.VITAL_INTEREST}),  # C-27
        "精神卫生法 30": frozenset({Basis.VITAL_INTEREST}),  # C-36: danger
        "刑事诉讼法 281": frozenset({Basis.CRIMINAL_PROCEDURE}),  # C-25
        "公安机关办理刑事案件程序规定 169": frozenset({Basis.CRIMINAL_PROCEDURE}),  # C-2
        "公安机关办理刑事案件程序规定 175": frozenset(
            {Basis.CRIMINAL_PROCEDURE}
        ),  # C-5: emergency measures first
    }
)
"""The closed list of articles that may be named, with the bases that they support. Each was read (domain.md C, primary text)."""

CARE_OF_A_CHILD_IN_CONFLICT: Final = "未成年人保护法 92"
"""Why care goes on while a child's guardian is in question: civil affairs take the guardianship at once (C-27)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is asked: on which basis, for which purpose, under which article, until when; whether the person was told."""

    basis: Basis
    purpose: Purpose
    article: str
    until: datetime
    told: bool
    telling_endangers: bool

    def ends_at(self, at: datetime) -> datetime:
        """When it ends by itself."""
        return self.until if self.told else min(self.until, at + LONGEST_UNTOLD)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known when it is asked: the time, the other agency's approval, and whether an adult said no to the purpose."""

    at: datetime
    approved: bool
    adult_said_no: bool


def approval_of(basis: str, purpose: str) -> str:
    """The action that another agency approves: this basis for this purpose and no other."""
    return f"rest_on:{basis}:{purpose}"


APPROVABLE: Final = frozenset(
    approval_of(basis, purpose) for basis, purposes in REACH.items() for purpose in purposes
)


def reaches(basis: Basis, stage: StageCode) -> bool:
    """Whether something on this basis counts in this stage."""
    stages = STAGES_REACHED.get(basis)
    return stages is None or stage in stages


_TEXTS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "basis_reaches_purpose": Text(
            "该依据不适用于此用途，须本人同意", "this basis does not carry the purpose: it needs consent"
        ),
        "article_supports_basis": Text("所引条文支持该依据", "the article that is named supports the basis"),
        "at_most_30_days": Text("期限自今日起不超过30日", "it ends within 30 days from now"),
        "person_told": Text(
            "已告知本人；告知会造成危险的，说明理由，最多24小时",
            "the person was told; where telling would endanger, the reason is given, for 24 hours at most",
        ),
        "no_of_an_adult": Text(
            "不得以其他依据推翻成年人的拒绝", "no other basis overrides an adult's own no"
        ),
        "approved_by_another_agency": Text("另一机构已批准", "another agency has approved"),
    }
)


def unmet_to_rest_on(ground: Ground, standing: Standing) -> list[Unmet]:
    """All that stands against it, never only the first."""
    overrides = standing.adult_said_no and ground.purpose is not Purpose.INFORMATION_SHARING
    met = {
        "basis_reaches_purpose": ground.purpose in REACH.get(ground.basis, frozenset()) - ALONE_BY_CONSENT,
        "article_supports_basis": ground.basis in GROUNDS.get(ground.article, ()),
        "at_most_30_days": standing.at < ground.until <= standing.at + LONGEST,
        "person_told": ground.told or ground.telling_endangers,
        "no_of_an_adult": not overrides,
        "approved_by_another_agency": standing.approved,
    }
    return [Unmet(code, text, (22,), "workflow 2, consent") for code, text in _TEXTS.items() if not met[code]]
