"""What needs the person's agreement, what rests on it, and what ends with it. Who may give it stands in `voices`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.clocks import NO_OVERRIDES, lasting
from domain.openings import COMPULSORY_SCHOOL_AGES
from domain.people import Known, Person
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
    """A stage that begins only on consent. `adults_only`: a child's protection does not wait for it; `unless_urgent`: nor
    does urgent care; `unless_compulsory`: nor the nine years of school that every child has a right to."""

    stage: StageCode
    purpose: Purpose
    adults_only: bool = False
    unless_urgent: bool = False
    unless_compulsory: bool = False


# Rights are explained to everybody: rights_support begins without consent, and each claim needs the person's instruction.
CONSENT_NEEDS: Final[Mapping[StageCode, ConsentNeed]] = MappingProxyType(
    {
        need.stage: need
        for need in (
            ConsentNeed(StageCode.SHELTER, Purpose.SHELTER, adults_only=True),
            ConsentNeed(StageCode.MEDICAL_CARE, Purpose.MEDICAL_CARE, unless_urgent=True),
            ConsentNeed(StageCode.FAMILY_TRACING, Purpose.FAMILY_TRACING, adults_only=True),
            ConsentNeed(StageCode.SCHOOLING, Purpose.SCHOOLING, unless_compulsory=True),
            ConsentNeed(StageCode.EMPLOYMENT, Purpose.EMPLOYMENT),
            ConsentNeed(StageCode.REINTEGRATION_SUPPORT, Purpose.REINTEGRATION_SUPPORT),
            ConsentNeed(StageCode.REPATRIATION, Purpose.REPATRIATION),
            ConsentNeed(StageCode.FOLLOW_UP, Purpose.FOLLOW_UP),
        )
    }
)

PURPOSE_STAGES: Final[Mapping[Purpose, StageCode]] = MappingProxyType(
    {
        **{need.purpose: need.stage for need in CONSENT_NEEDS.values()},
        Purpose.RIGHTS_SUPPORT: StageCode.RIGHTS_SUPPORT,
        Purpose.RELOCATION: StageCode.EMPLOYMENT,
        Purpose.EMBASSY_CONTACT: StageCode.REPATRIATION,
    }
)
"""The stage whose work a purpose is part of; publication and sharing are part of none."""


def needs_consent(stage: StageCode, person: Person | None) -> Purpose | None:
    """The purpose that this stage rests on for this person; None when it waits for no consent (rule 2, Arts. 31, 34, 36)."""
    need = CONSENT_NEEDS.get(stage)
    if need is None or (need.adults_only and _minor(person)):
        return None
    if need.unless_urgent and _urgent(person):
        return None
    if need.unless_compulsory and _school_age_or_unknown(person):
        return None
    return need.purpose


def ends_with_consent(stage: StageCode, person: Person | None, *, said_no: bool) -> Purpose | None:
    """The purpose whose end stops this stage. Like `needs_consent`, but an adult who says no to care is heeded even when
    the care is urgent; a term that ran out is no such no."""
    need = CONSENT_NEEDS.get(stage)
    if need is not None and need.unless_urgent and said_no and not _minor(person):
        return need.purpose
    return needs_consent(stage, person)


def _minor(person: Person | None) -> bool:
    return person is None or person.minor


def _urgent(person: Person | None) -> bool:
    return person is not None and person.situation.injured_or_ill is Known.YES


def _school_age_or_unknown(person: Person | None) -> bool:
    # schooling never waits for identity: a child whose age nobody knows is taken to school all the same
    years = person.probable_years if person else None
    return years is None or years in COMPULSORY_SCHOOL_AGES


COOLING: Final[Mapping[Purpose, str]] = MappingProxyType({Purpose.RELOCATION: "relocation_cooling"})
"""The clock by which a consent rests before anything is done on it (rule 7)."""


def rested(
    purpose: Purpose,
    consents: Mapping[str, datetime],
    at: datetime,
    amounts: Mapping[str, int] = NO_OVERRIDES,
) -> bool:
    """Whether a consent to this purpose is in force and its cooling period, if it has one, is over.

    `consents` holds the purposes in force with the time since when, as `Facts.consents` does; `amounts` what the division set.
    """
    since, cooling = consents.get(purpose), COOLING.get(purpose)
    length = lasting(cooling, amounts) if cooling else timedelta(0)
    return since is not None and at - since >= length


CARE: Final = frozenset(
    {
        Purpose.SHELTER,
        Purpose.MEDICAL_CARE,
        Purpose.SCHOOLING,
        Purpose.RIGHTS_SUPPORT,
        Purpose.REINTEGRATION_SUPPORT,
    }
)
"""What goes on for a child whose guardian is in question, under `vital_interest`, until the temporary one decides (rule 3)."""

ENDS_WITH_THE_GUARDIAN: Final = frozenset(Purpose) - CARE
"""Sharing, contact, travel and publication that such a guardian agreed to; and work, which no other basis carries (rule 3)."""
