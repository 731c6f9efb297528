"""What must stand on record before a stage is ruled out: the opposite of the fact that opens it, never merely its absence."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from domain.openings import COMPULSORY_SCHOOL_AGES, WORKING_AGE
from domain.people import Identification, Known, Nationality, Person
from domain.stages import StageCode


def _past_school_age(person: Person) -> bool:
    return person.probable_years is not None and person.probable_years not in COMPULSORY_SCHOOL_AGES


def _too_young_to_work(person: Person) -> bool:
    return person.years is not None and person.years < WORKING_AGE


DISPROOFS: Final[Mapping[StageCode, Callable[[Person], bool]]] = MappingProxyType(
    {
        StageCode.RESCUE: lambda p: p.situation.in_danger is Known.NO,
        StageCode.SHELTER: lambda p: p.situation.safe_place_tonight is Known.YES,
        StageCode.MEDICAL_CARE: lambda p: p.situation.injured_or_ill is Known.NO,
        StageCode.FAMILY_TRACING: lambda p: p.situation.apart_from_family is Known.NO,
        StageCode.HOUSEHOLD_REGISTRATION: lambda p: p.situation.household_registered is Known.YES,
        StageCode.SCHOOLING: _past_school_age,
        StageCode.EMPLOYMENT: _too_young_to_work,
        StageCode.REINTEGRATION_SUPPORT: lambda p: not p.free,
        StageCode.FOLLOW_UP: lambda p: not p.free,
        StageCode.GUARDIANSHIP: lambda p: not p.minor,
        StageCode.REPATRIATION: lambda p: p.situation.nationality is Nationality.CHINESE,
    }
)
"""Rights support is everybody's who is a victim, and an investigation ends by its own records: neither has a row."""


def disproved(stage: StageCode, person: Person | None) -> bool:
    """Whether the opening fact is disproved for this person. Somebody who is no victim needs none of it, a child a guardian."""
    if person is None:
        return False
    if person.identification is Identification.NOT_A_VICTIM and stage is not StageCode.GUARDIANSHIP:
        return True
    return stage in DISPROOFS and DISPROOFS[stage](person)
