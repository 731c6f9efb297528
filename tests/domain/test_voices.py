"""Who may agree for whom: every age, every voice, with the guardian safe, temporary, unknown or in question."""

from datetime import date

import pytest

from domain.consents import Basis, GivenBy, Purpose
from domain.people import Age, Person
from domain.voices import (
    AgeBand,
    Guardianship,
    Said,
    band_of,
    unmet_to_give,
    unmet_to_say_no,
    unmet_to_withdraw,
)

TODAY = date(2026, 3, 2)
SELF, SAFE, TEMPORARY = GivenBy.SELF, GivenBy.SAFE_GUARDIAN, GivenBy.TEMPORARY_GUARDIAN
UNKNOWN, SUSPECT = Guardianship(), Guardianship("safe", in_conflict=True)
GUARDIANSHIPS = {
    "safe": Guardianship("safe"),
    "kin": Guardianship("kin_care"),
    "temporary": Guardianship("temporary_cab"),
    "long_term": Guardianship("long_term_cab"),
    "unknown": UNKNOWN,
    "conflict": Guardianship("conflict"),
    "suspect": SUSPECT,
}
# which guardian's voice counts while guardianship stands so; nobody else's does
SPEAKS = {
    "safe": {SAFE},
    "kin": {SAFE},
    "temporary": {TEMPORARY},
    "long_term": {SAFE, TEMPORARY},
    "unknown": set(),
    "conflict": set(),
    "suspect": {TEMPORARY},
}
CHILDREN = (AgeBand.UNDER_8, AgeBand.FROM_8_TO_13, AgeBand.FROM_14_TO_17)


def lacks(
    band: AgeBand, said: Said, guardianship: Guardianship = UNKNOWN, purpose: Purpose = Purpose.MEDICAL_CARE
) -> list[str]:
    return [one.code for one in unmet_to_give(band, purpose, said, guardianship)]


def person(years: int | None = None, lowest: int | None = None) -> Person:
    birth = None if years is None else TODAY.replace(year=TODAY.year - years)
    return Person(TODAY, Age(birth, lowest))


@pytest.mark.parametrize(
    ("somebody", "band"),
    [
        (person(7), AgeBand.UNDER_8),
        (person(8), AgeBand.FROM_8_TO_13),
        (person(13), AgeBand.FROM_8_TO_13),
        (person(14), AgeBand.FROM_14_TO_17),
        (person(17), AgeBand.FROM_14_TO_17),
        (person(18), AgeBand.ADULT),
        (person(lowest=3), AgeBand.UNDER_8),
        (person(lowest=15), AgeBand.FROM_14_TO_17),
        (person(), AgeBand.FROM_8_TO_13),
        (None, AgeBand.FROM_8_TO_13),
    ],
)
def test_of_unknown_age_is_a_child_who_is_heard(somebody: Person | None, band: AgeBand) -> None:
    assert band_of(somebody) is band


@pytest.mark.parametrize("band", CHILDREN)
@pytest.mark.parametrize("standing", GUARDIANSHIPS)
@pytest.mark.parametrize("voice", GivenBy)
def test_for_a_child_only_a_guardian_who_is_not_in_question_gives(
    band: AgeBand, standing: str, voice: GivenBy
) -> None:
    said = Said(voice, assent=True, own_words=True)
    expected = [] if voice in SPEAKS[standing] else ["right_person_consents"]
    assert lacks(band, said, GUARDIANSHIPS[standing]) == expected


@pytest.mark.parametrize("standing", GUARDIANSHIPS)
@pytest.mark.parametrize("voice", GivenBy)
def test_for_an_adult_nobody_else_gives_whatever_guardian_there_is(standing: str, voice: GivenBy) -> None:
    said = Said(voice, assent=True, own_words=True)
    expected = [] if voice is SELF else ["right_person_consents"]
    assert lacks(AgeBand.ADULT, said, GUARDIANSHIPS[standing]) == expected


@pytest.mark.parametrize(
    ("band", "assent", "words", "open_requirements"),
    [
        (AgeBand.UNDER_8, None, False, []),
        (AgeBand.UNDER_8, False, True, ["child_agrees"]),
        (AgeBand.FROM_8_TO_13, None, False, ["child_heard"]),
        (AgeBand.FROM_8_TO_13, True, False, []),
        (AgeBand.FROM_8_TO_13, False, True, ["child_agrees"]),
        (AgeBand.FROM_14_TO_17, None, False, ["child_heard", "own_words"]),
        (AgeBand.FROM_14_TO_17, True, False, ["own_words"]),
        (AgeBand.FROM_14_TO_17, False, True, ["child_agrees"]),
        (AgeBand.FROM_14_TO_17, True, True, []),
    ],
)
def test_what_a_guardian_s_word_needs_of_the_child(
    band: AgeBand, assent: bool | None, words: bool, open_requirements: list[str]
) -> None:
    said = Said(TEMPORARY, assent, words)
    assert lacks(band, said, Guardianship("temporary_cab")) == open_requirements


def test_an_adult_s_consent_holds_words_of_their_own() -> None:
    assert lacks(AgeBand.ADULT, Said(SELF)) == ["own_words"]


def test_everything_that_is_missing_is_named_at_once_with_its_ground() -> None:
    found = unmet_to_give(AgeBand.FROM_14_TO_17, Purpose.EMPLOYMENT, Said(SAFE), SUSPECT)
    assert [one.code for one in found] == ["right_person_consents", "child_heard", "own_words"]
    assert {(one.articles, one.source) for one in found} == {((40, 22), "民法典 19")}


@pytest.mark.parametrize("voice", GivenBy)
@pytest.mark.parametrize("standing", GUARDIANSHIPS)
def test_from_14_on_a_child_alone_decides_who_learns_what(voice: GivenBy, standing: str) -> None:
    said = Said(voice, assent=True, own_words=True)
    found = lacks(AgeBand.FROM_14_TO_17, said, GUARDIANSHIPS[standing], Purpose.INFORMATION_SHARING)
    assert found == ([] if voice is SELF else ["right_person_consents"])


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - {Purpose.INFORMATION_SHARING}))
def test_for_nothing_else_does_a_child_of_14_stand_alone(purpose: Purpose) -> None:
    alone = Said(SELF, assent=True, own_words=True)
    assert lacks(AgeBand.FROM_14_TO_17, alone, purpose=purpose) == ["right_person_consents"]


def test_below_14_sharing_needs_the_guardian() -> None:
    alone = Said(SELF, assent=True, own_words=True)
    assert lacks(AgeBand.FROM_8_TO_13, alone, purpose=Purpose.INFORMATION_SHARING) == [
        "right_person_consents"
    ]


@pytest.mark.parametrize("band", AgeBand)
@pytest.mark.parametrize("standing", GUARDIANSHIPS)
@pytest.mark.parametrize("voice", GivenBy)
def test_a_no_is_taken_from_everybody_who_may_speak(band: AgeBand, standing: str, voice: GivenBy) -> None:
    guardian_speaks = band is not AgeBand.ADULT and voice in SPEAKS[standing]
    speaks = guardian_speaks or (voice is SELF and band is not AgeBand.UNDER_8)
    found = unmet_to_say_no(band, voice, GUARDIANSHIPS[standing])
    assert [one.code for one in found] == ([] if speaks else ["may_speak"])


@pytest.mark.parametrize("band", AgeBand)
@pytest.mark.parametrize("basis", Basis)
def test_only_a_word_is_taken_back_and_what_was_done_for_an_adult_s_life(band: AgeBand, basis: Basis) -> None:
    takes = basis is Basis.CONSENT or (basis is Basis.VITAL_INTEREST and band is AgeBand.ADULT)
    assert [one.code for one in unmet_to_withdraw(band, basis)] == ([] if takes else ["rests_on_consent"])
