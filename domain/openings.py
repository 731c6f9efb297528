"""Which stage opens when: rules that fire by themselves, in the transaction of the fact that fires them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from domain.people import Identification, Known, Nationality, Person
from domain.stages import StageCode

COMPULSORY_SCHOOL_AGES: Final = range(6, 16)  # nine years from age 6: Compulsory Education Law, Art. 11
WORKING_AGE: Final = 16  # Art. 37; Provisions on the Prohibition of Child Labour, Art. 2


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the other stages of this person are, as far as openings depend on it."""

    in_care: bool = False
    left_care: bool = False
    repatriation_consent: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """One rule: its name on the timeline, the stage it opens, the article behind it, and when."""

    rule: str
    stage: StageCode
    article: int
    fires: Callable[[Person, Progress], bool]


def _minor_unguarded(person: Person, _progress: Progress) -> bool:
    # the minors of a victim's household: unless somebody knows that they are out of danger
    return person.minor and not (person.dependant and person.situation.in_danger is Known.NO)


def _school_age(person: Person, _progress: Progress) -> bool:
    # schooling never waits for identity: an estimate is enough to offer a place
    return person.probable_years in COMPULSORY_SCHOOL_AGES


def _willing_and_of_age(person: Person, _progress: Progress) -> bool:
    return person.years is not None and person.years >= WORKING_AGE and person.willing_to_work


def _needs_registration(person: Person, _progress: Progress) -> bool:
    situation = person.situation
    return situation.identity_known is Known.YES and situation.household_registered is Known.NO


def _free_without_need_of_care(person: Person, progress: Progress) -> bool:
    return person.free and not progress.in_care and person.situation.safe_place_tonight is Known.YES


def _foreign_and_wants_to_return(person: Person, progress: Progress) -> bool:
    abroad = person.situation.nationality in (Nationality.FOREIGN, Nationality.STATELESS)
    return abroad and progress.repatriation_consent


PERSON_OPENINGS: Final = (
    Opening(
        "danger_persists",
        StageCode.RESCUE,
        30,
        lambda p, _: p.situation.in_danger is Known.YES and not p.free,
    ),
    Opening(
        "no_safe_place_tonight",
        StageCode.SHELTER,
        31,
        lambda p, _: p.situation.safe_place_tonight is Known.NO,
    ),
    Opening(
        "injured_or_ill", StageCode.MEDICAL_CARE, 34, lambda p, _: p.situation.injured_or_ill is Known.YES
    ),
    Opening("offered_at_liberty", StageCode.MEDICAL_CARE, 34, lambda p, _: p.free),
    Opening(
        "minor_apart_from_family",
        StageCode.FAMILY_TRACING,
        32,
        lambda p, _: p.minor and p.situation.apart_from_family is Known.YES,
    ),
    Opening("known_but_unregistered", StageCode.HOUSEHOLD_REGISTRATION, 33, _needs_registration),
    Opening("compulsory_school_age", StageCode.SCHOOLING, 36, _school_age),
    Opening("of_age_and_willing", StageCode.EMPLOYMENT, 37, _willing_and_of_age),
    Opening("every_victim_rights", StageCode.RIGHTS_SUPPORT, 35, lambda _p, _: True),
    Opening("leaving_care", StageCode.REINTEGRATION_SUPPORT, 38, lambda _p, progress: progress.left_care),
    Opening("free_without_need_of_care", StageCode.REINTEGRATION_SUPPORT, 38, _free_without_need_of_care),
    Opening("every_minor_guardianship", StageCode.GUARDIANSHIP, 40, _minor_unguarded),
    Opening("free_consent_to_return", StageCode.REPATRIATION, 47, _foreign_and_wants_to_return),
    Opening("file_at_liberty", StageCode.FOLLOW_UP, 39, lambda p, _: p.free),
)

NOT_FOR_DEPENDANTS: Final = frozenset(
    {
        StageCode.EMPLOYMENT,
        StageCode.RIGHTS_SUPPORT,
        StageCode.REINTEGRATION_SUPPORT,
        StageCode.FOLLOW_UP,
    }
)
"""Stages that answer the crime. A dependant is protected, treated, registered, sent to school and reunited."""

CASE_OPENINGS: Final = {
    "report_accepted": (StageCode.INVESTIGATION, 25),
    "on_receipt_in_emergency": (StageCode.INVESTIGATION, 25),
}


def openings(person: Person, progress: Progress, existing: Collection[StageCode]) -> tuple[Opening, ...]:
    """The rules that fire now, at most one a stage; a stage of this round, in whatever state, is never reopened here."""
    if person.identification is Identification.NOT_A_VICTIM:
        return ()
    closed = {*existing, *NOT_FOR_DEPENDANTS} if person.dependant else existing
    fired: dict[StageCode, Opening] = {}
    for opening in PERSON_OPENINGS:
        if opening.stage not in closed and opening.stage not in fired and opening.fires(person, progress):
            fired[opening.stage] = opening
    return tuple(fired.values())
