"""A stage is ruled out on the opposite of the fact that opens it; what nobody knows rules nothing out."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.disproofs import DISPROOFS, disproved
from domain.openings import PERSON_OPENINGS, Progress
from domain.people import Age, Identification, Known, Nationality, Person, Situation
from domain.stages import StageCode

TODAY = date(2026, 3, 2)
NOBODY_KNOWS = Person(TODAY, liberty_at=datetime(2026, 2, 1, tzinfo=UTC))


def known(**situation: Any) -> Person:
    return replace(NOBODY_KNOWS, situation=Situation(**situation))


def aged(years: int) -> Person:
    return replace(NOBODY_KNOWS, age=Age(TODAY.replace(year=TODAY.year - years)))


AGAINST = {
    StageCode.RESCUE: known(in_danger=Known.NO),
    StageCode.SHELTER: known(safe_place_tonight=Known.YES),
    StageCode.MEDICAL_CARE: known(injured_or_ill=Known.NO),
    StageCode.FAMILY_TRACING: known(apart_from_family=Known.NO),
    StageCode.HOUSEHOLD_REGISTRATION: known(household_registered=Known.YES),
    StageCode.SCHOOLING: aged(17),
    StageCode.EMPLOYMENT: aged(15),
    StageCode.REINTEGRATION_SUPPORT: replace(NOBODY_KNOWS, liberty_at=None),
    StageCode.FOLLOW_UP: replace(NOBODY_KNOWS, liberty_at=None),
    StageCode.GUARDIANSHIP: aged(18),
    StageCode.REPATRIATION: known(nationality=Nationality.CHINESE),
}


@pytest.mark.parametrize("stage", list(AGAINST))
def test_the_opposite_on_record_disproves_and_the_unknown_does_not(stage: StageCode) -> None:
    assert disproved(stage, AGAINST[stage])
    assert not disproved(stage, NOBODY_KNOWS)
    assert not disproved(stage, None)


def test_every_stage_that_a_fact_opens_has_its_disproof() -> None:
    by_fact = {opening.stage for opening in PERSON_OPENINGS} - {StageCode.RIGHTS_SUPPORT}
    assert set(DISPROOFS) == set(AGAINST) == by_fact


@pytest.mark.parametrize("stage", [StageCode.RIGHTS_SUPPORT, StageCode.INVESTIGATION])
def test_no_fact_about_a_person_disproves_their_rights_or_an_investigation(stage: StageCode) -> None:
    assert not any(disproved(stage, person) for person in AGAINST.values())


@pytest.mark.parametrize("stage", list(StageCode))
def test_somebody_who_is_no_victim_needs_no_stage_but_a_child_a_guardian(stage: StageCode) -> None:
    person = replace(aged(12), identification=Identification.NOT_A_VICTIM)
    assert disproved(stage, person) is (stage is not StageCode.GUARDIANSHIP)


@pytest.mark.parametrize("stage", [code for code in AGAINST if code is not StageCode.MEDICAL_CARE])
def test_a_rule_never_opens_at_once_what_its_fact_disproves(stage: StageCode) -> None:
    """Medical care aside, which is offered to everyone at liberty, ill or not."""
    for opening in (one for one in PERSON_OPENINGS if one.stage is stage):
        assert not opening.fires(AGAINST[stage], Progress())
