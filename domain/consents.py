"""What needs the person's agreement, who may give it, and what rests on it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.stages import StageCode
from domain.texts import Text


class Purpose(StrEnum):
    """What a consent is for. One consent, one purpose: none of them implies another."""

    SHELTER = "shelter"
    MEDICAL_CARE = "medical_care"
    FAMILY_TRACING = "family_tracing"
    EMPLOYMENT = "employment"
    RELOCATION = "relocation"
    RIGHTS_SUPPORT = "rights_support"
    REINTEGRATION_SUPPORT = "reintegration_support"
    REPATRIATION = "repatriation"
    EMBASSY_CONTACT = "embassy_contact"
    TRANSFER_ABROAD = "transfer_abroad"
    FOLLOW_UP = "follow_up"
    SCHOOLING = "schooling"
    PUBLICATION = "publication"
    INFORMATION_SHARING = "information_sharing"


PURPOSE_NAMES: Final = {
    Purpose.SHELTER: Text("接受安置", "being sheltered"),
    Purpose.MEDICAL_CARE: Text("接受医疗", "medical care"),
    Purpose.FAMILY_TRACING: Text("寻找亲属", "tracing the family"),
    Purpose.EMPLOYMENT: Text("就业服务", "help with training and work"),
    Purpose.RELOCATION: Text("异地就业", "working in another place"),
    Purpose.RIGHTS_SUPPORT: Text("维权帮助", "help with rights and claims"),
    Purpose.REINTEGRATION_SUPPORT: Text("回归社会帮助", "help with the return to daily life"),
    Purpose.REPATRIATION: Text("返回本国", "returning to one's own country"),
    Purpose.EMBASSY_CONTACT: Text("联系使领馆", "contact with an embassy"),
    Purpose.TRANSFER_ABROAD: Text("向境外提供个人信息", "personal data leaving the country"),
    Purpose.FOLLOW_UP: Text("回访", "follow-up contact"),
    Purpose.SCHOOLING: Text("非义务教育阶段的入学", "going to school beyond the compulsory years"),
    Purpose.PUBLICATION: Text("公开信息", "publication"),
    Purpose.INFORMATION_SHARING: Text("信息共享", "sharing information with another agency"),
}


class Basis(StrEnum):
    """On what something rests: the person's consent, or one of three other grounds with narrow limits (workflow 2)."""

    CONSENT = "consent"
    LEGAL_DUTY = "legal_duty"
    VITAL_INTEREST = "vital_interest"
    CRIMINAL_PROCEDURE = "criminal_procedure"


class GivenBy(StrEnum):
    SELF = "self"
    SAFE_GUARDIAN = "safe_guardian"
    TEMPORARY_GUARDIAN = "temporary_guardian"


@dataclass(frozen=True, slots=True)
class ConsentNeed:
    """A stage that begins only on consent; `adults_only`: a child's protection does not wait for it."""

    stage: StageCode
    purpose: Purpose
    adults_only: bool = False
    unless_urgent: bool = False


CONSENT_NEEDS: Final = {
    need.stage: need
    for need in (
        ConsentNeed(StageCode.SHELTER, Purpose.SHELTER, adults_only=True),
        ConsentNeed(StageCode.MEDICAL_CARE, Purpose.MEDICAL_CARE, unless_urgent=True),
        ConsentNeed(StageCode.FAMILY_TRACING, Purpose.FAMILY_TRACING, adults_only=True),
        ConsentNeed(StageCode.EMPLOYMENT, Purpose.EMPLOYMENT),
        ConsentNeed(StageCode.REINTEGRATION_SUPPORT, Purpose.REINTEGRATION_SUPPORT),
        ConsentNeed(StageCode.REPATRIATION, Purpose.REPATRIATION),
        ConsentNeed(StageCode.FOLLOW_UP, Purpose.FOLLOW_UP),
    )
}


def may_give(given_by: GivenBy, *, minor: bool, guardian_is_safe: bool, guardian_is_temporary: bool) -> bool:
    """An adult speaks for themselves and nobody else does; for a minor a safe guardian, or the temporary one (Art. 40)."""
    if not minor:
        return given_by is GivenBy.SELF
    if given_by is GivenBy.SAFE_GUARDIAN:
        return guardian_is_safe
    return given_by is GivenBy.TEMPORARY_GUARDIAN and guardian_is_temporary
