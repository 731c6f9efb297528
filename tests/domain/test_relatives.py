"""Relatives and guardians: who reads what of them, and who of them puts the guardianship in question by itself."""

from uuid import uuid4

import pytest

from domain.actors import Actor, Role
from domain.agencies import Agency, InstitutionKind, PlaceKind
from domain.compartments import RELATIVE_FIELDS
from domain.disclosure import knows_relatives, presence, readable
from domain.people import Known
from domain.person_rights import may_be_advocate, may_hear_about_work
from domain.relatives import RelativeRole, question


def officer(
    agency: Agency, role: Role = Role.CASEWORKER, institution: InstitutionKind | None = None
) -> Actor:
    return Actor(uuid4(), uuid4(), uuid4(), agency, role, uuid4(), PlaceKind.DIVISION, institution)


AT_THE_DOOR = {"name", "relation", "role", "languages", "contact_allowed"}


def read_by(actor: Actor) -> set[str]:
    content = dict.fromkeys(RELATIVE_FIELDS, "x")
    return set(readable(content, RELATIVE_FIELDS, actor, frozenset({presence(actor)})))


@pytest.mark.parametrize("agency", Agency)
def test_of_a_relative_each_agency_reads_what_its_work_needs(agency: Agency) -> None:
    expected = {
        Agency.CAB: set(RELATIVE_FIELDS),
        Agency.PSB: set(RELATIVE_FIELDS) - {"wishes", "wishes_heard_alone"},
        Agency.JUSTICE: AT_THE_DOOR,
    }
    assert read_by(officer(agency)) == expected.get(agency, set())
    assert knows_relatives(officer(agency)) is (agency in expected)


def test_a_shelter_learns_who_may_visit_and_not_who_is_suspected() -> None:
    station = officer(Agency.CAB, Role.INSTITUTION_STAFF, InstitutionKind.RELIEF_STATION)
    assert read_by(station) == AT_THE_DOOR
    assert read_by(officer(Agency.CAB, Role.AUDITOR)) == set()


def test_no_paper_of_a_claimant_and_nothing_of_a_relative_s_past_has_a_field() -> None:
    words = ("paper", "certificate", "paternity", "dna", "sample", "record", "convict", "politic", "belief")
    assert not [field for field in RELATIVE_FIELDS if any(word in field for word in words)]


@pytest.mark.parametrize("role", RelativeRole)
@pytest.mark.parametrize("proven", Known)
@pytest.mark.parametrize("suspect", Known)
def test_a_guardian_or_claimant_unproven_or_suspect_is_in_question_and_nobody_else(
    role: RelativeRole, proven: Known, suspect: Known
) -> None:
    found = question({"role": role.value, "proven": proven.value, "suspect": suspect.value})
    if role not in (RelativeRole.GUARDIAN, RelativeRole.CLAIMANT):
        assert found is None
    elif suspect is Known.YES:
        assert found == "guardian_suspect"
    else:
        assert found == (None if proven is Known.YES else "guardian_unproven")


@pytest.mark.parametrize("agency", Agency)
def test_wanting_to_work_is_heard_by_union_women_or_an_advocate_and_never_by_the_house(
    agency: Agency,
) -> None:
    listens = agency in (Agency.UNION, Agency.WOMEN)
    never = agency in (Agency.HRSS, Agency.PSB, Agency.OFFICE)
    assert may_hear_about_work(officer(agency), houses_the_person=False) is listens
    advocate = officer(agency, Role.ADVOCATE)
    assert may_hear_about_work(advocate, houses_the_person=False) is not never
    for somebody in (officer(agency), advocate):
        assert not may_hear_about_work(somebody, houses_the_person=True)


@pytest.mark.parametrize("role", Role)
def test_an_advocate_has_that_role_and_is_no_officer_of_the_police(role: Role) -> None:
    assert may_be_advocate(Agency.WOMEN, role) is (role is Role.ADVOCATE)
    assert not may_be_advocate(Agency.PSB, role)
