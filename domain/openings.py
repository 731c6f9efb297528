"""Which stage opens when: rules that fire by themselves, in the transaction of the fact that fires them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.people import Identification, Known, Nationality, Person
from domain.person_codes import StayRequest
from domain.stages import StageCode

COMPULSORY_SCHOOL_AGES: Final = range(6, 16)  # nine years from age 6: Compulsory Education Law, Art. 11
WORKING_AGE: Final = 16  # Art. 37; Provisions on the Prohibition of Child Labour, Art. 2


@dataclass(frozen=True, slots=True)
class Progress:
    """What openings look at besides the person: their other stages, what they agreed to, what was found.

    `tracing_asked` and `schooling_asked`: the person's own wish, kept as a consent. `rescue_needed_at`: when it was found that
    they must be rescued. `stranded`: the stranded period since the first admission has passed.
    """

    in_care: bool = False
    left_care: bool = False
    repatriation_consent: bool = False
    tracing_asked: bool = False
    schooling_asked: bool = False
    emergency: bool = False
    rescue_needed_at: datetime | None = None
    stranded: bool = False


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


def _danger_persists(person: Person, _progress: Progress) -> bool:
    return person.situation.in_danger is Known.YES and not person.free


def _found_in_need_of_rescue(person: Person, progress: Progress) -> bool:
    found_at = progress.rescue_needed_at
    return found_at is not None and (person.liberty_at is None or found_at > person.liberty_at)


def _unsafe_in_an_emergency(person: Person, progress: Progress) -> bool:
    """In an emergency nobody waits for an answer: only somebody known to be out of danger is not gone to."""
    return progress.emergency and not person.free and person.situation.in_danger is not Known.NO


def _adult_asks_for_family(person: Person, progress: Progress) -> bool:
    return not person.minor and progress.tracing_asked


def _stranded_without_identity(person: Person, progress: Progress) -> bool:
    return progress.stranded and person.situation.identity_known is not Known.YES


def _needs_registration(person: Person, _progress: Progress) -> bool:
    situation = person.situation
    return situation.identity_known is Known.YES and situation.household_registered is Known.NO


def _free_without_need_of_care(person: Person, progress: Progress) -> bool:
    return person.free and not progress.in_care and person.situation.safe_place_tonight is Known.YES


def _foreign_and_agrees_to_return(person: Person, progress: Progress) -> bool:
    """Consent counts once the person knows the choices, the choice to stay among them."""
    foreign = person.situation.nationality in (Nationality.FOREIGN, Nationality.STATELESS)
    return foreign and person.stay.status_explained_at is not None and progress.repatriation_consent


def _asks_to_be_brought_home(person: Person, _progress: Progress) -> bool:
    return (
        not person.minor
        and person.situation.abroad is Known.YES
        and person.stay.request is StayRequest.RETURN
    )


PERSON_OPENINGS: Final = (
    Opening("danger_persists", StageCode.RESCUE, 30, _danger_persists),
    Opening("found_in_need_of_rescue", StageCode.RESCUE, 30, _found_in_need_of_rescue),
    Opening("unsafe_in_an_emergency", StageCode.RESCUE, 30, _unsafe_in_an_emergency),
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
    Opening("adult_asks_for_family", StageCode.FAMILY_TRACING, 32, _adult_asks_for_family),
    Opening("stranded_without_identity", StageCode.HOUSEHOLD_REGISTRATION, 33, _stranded_without_identity),
    Opening("known_but_unregistered", StageCode.HOUSEHOLD_REGISTRATION, 33, _needs_registration),
    Opening("compulsory_school_age", StageCode.SCHOOLING, 36, _school_age),
    Opening("wishes_to_learn", StageCode.SCHOOLING, 36, lambda _p, progress: progress.schooling_asked),
    Opening("of_age_and_willing", StageCode.EMPLOYMENT, 37, _willing_and_of_age),
    Opening("every_victim_rights", StageCode.RIGHTS_SUPPORT, 35, lambda _p, _: True),
    Opening("leaving_care", StageCode.REINTEGRATION_SUPPORT, 38, lambda _p, progress: progress.left_care),
    Opening("free_without_need_of_care", StageCode.REINTEGRATION_SUPPORT, 38, _free_without_need_of_care),
    Opening("every_minor_guardianship", StageCode.GUARDIANSHIP, 40, _minor_unguarded),
    Opening("free_consent_to_return", StageCode.REPATRIATION, 47, _foreign_and_agrees_to_return),
    Opening("asks_to_be_brought_home", StageCode.REPATRIATION, 47, _asks_to_be_brought_home),
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


@dataclass(frozen=True, slots=True)
class Reopening:
    """A record that begins an ended stage anew: which, and when, seen from its body and the kinds recorded before it."""

    rule: str
    stage: StageCode
    kind: str
    article: int
    fires: Callable[[Mapping[str, object], Collection[str]], bool]


@dataclass(frozen=True, slots=True)
class Search:
    """What opens, or begins anew, when a child in care is missing."""

    rule: str
    stage: StageCode
    article: int


CHILD_MISSING: Final = Search("child_missing", StageCode.RESCUE, 30)

RECORD_REOPENINGS: Final = (
    Reopening(
        "later_match",
        StageCode.FAMILY_TRACING,
        "match_report",
        32,
        lambda body, before: body.get("matched") is True and "reunion" not in before,
    ),
)
"""Only of a stage that was completed: whoever stopped the search themselves is not searched for again."""


def reopened_by(
    stage: StageCode, kind: str, body: Mapping[str, object], before: Collection[str]
) -> Reopening | None:
    """The rule by which this record reopens the completed stage, if any."""
    for row in RECORD_REOPENINGS:
        if (row.stage, row.kind) == (stage, kind) and row.fires(body, before):
            return row
    return None


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
