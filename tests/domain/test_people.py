"""What the rules know of a person: doubt means minor, and a will that was spoken long ago is asked again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.openings import NOT_FOR_DEPENDANTS, PERSON_OPENINGS, Progress, openings
from domain.people import Age, Identification, Known, Person, Situation, still_willing
from domain.stages import StageCode

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("age", "minor", "years"),
    [
        (Age(), True, None),
        (Age(lowest=18), True, None),
        (Age(lowest=60), True, None),
        (Age(date(2008, 3, 3)), True, 17),
        (Age(date(2008, 3, 2)), False, 18),
        (Age(date(1990, 3, 2)), False, 36),
        (Age(decided_adult=True), False, 18),
        (Age(lowest=16, decided_adult=True), False, 18),
        (Age(date(2010, 3, 2), decided_adult=True), False, 18),
        (Age(date(1990, 3, 2), decided_adult=True), False, 36),
    ],
)
def test_only_a_document_or_a_decision_makes_an_adult(age: Age, *, minor: bool, years: int | None) -> None:
    assert (age.minor(TODAY), age.years(TODAY)) == (minor, years)


def test_a_will_counts_for_thirty_days_to_the_second() -> None:
    said_at = NOW - timedelta(days=30)
    assert still_willing(said_at, NOW)
    assert not still_willing(said_at - SECOND, NOW)


# --- who is helped with what ---

EVERYTHING = Situation(
    in_danger=Known.YES,
    safe_place_tonight=Known.NO,
    injured_or_ill=Known.YES,
    apart_from_family=Known.YES,
    identity_known=Known.YES,
    household_registered=Known.NO,
)


def child(*, dependant: bool, situation: Situation = EVERYTHING) -> Person:
    return Person(TODAY, Age(date(2016, 3, 2)), situation, dependant=dependant)


def opened(person: Person) -> set[StageCode]:
    return {opening.stage for opening in openings(person, Progress(left_care=True), ())}


def test_a_dependant_has_every_protection_and_none_of_what_answers_the_crime() -> None:
    assert opened(child(dependant=False)) - opened(child(dependant=True)) == {
        StageCode.RIGHTS_SUPPORT,
        StageCode.REINTEGRATION_SUPPORT,
    }
    assert opened(child(dependant=True)) == {
        StageCode.RESCUE,
        StageCode.SHELTER,
        StageCode.MEDICAL_CARE,
        StageCode.FAMILY_TRACING,
        StageCode.HOUSEHOLD_REGISTRATION,
        StageCode.SCHOOLING,
        StageCode.GUARDIANSHIP,
    }
    assert {opening.stage for opening in PERSON_OPENINGS} > NOT_FOR_DEPENDANTS


@pytest.mark.parametrize("in_danger", Known)
def test_the_minors_of_a_household_are_guarded_unless_known_to_be_out_of_danger(in_danger: Known) -> None:
    situation = Situation(in_danger=in_danger)
    guarded = StageCode.GUARDIANSHIP in opened(child(dependant=True, situation=situation))
    assert guarded is (in_danger is not Known.NO)
    assert StageCode.GUARDIANSHIP in opened(child(dependant=False, situation=situation))


@pytest.mark.parametrize("status", Identification)
def test_help_opens_for_whoever_is_not_decided_to_be_no_victim(status: Identification) -> None:
    who = Person(TODAY, Age(date(2016, 3, 2)), EVERYTHING, identification=status)
    presumed = opened(child(dependant=False))
    assert opened(who) == (set() if status is Identification.NOT_A_VICTIM else presumed)
