"""The table of readers against what was written down by hand: nobody reads more, for any purpose, and nobody less."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, product
from uuid import UUID

import pytest

from domain.actors import Actor, Role
from domain.agencies import Agency, InstitutionKind, PlaceKind
from domain.compartments import (
    NARROWER_RECORDS,
    PERSON_FIELDS,
    RELATIVE_FIELDS,
    STAGE_COMPARTMENTS,
    Compartment,
    record_compartment,
    remark_compartment,
)
from domain.disclosure import presence, verdict
from domain.disclosure_table import NEVER, READS, Relation
from domain.mandates import MANDATES
from domain.purposes import PURPOSES, PurposeOfUse, purposes_open_to
from domain.stages import RECORD_KINDS, StageCode
from tests import who_reads_what as expected

NOBODY = UUID(int=0)
EVERY_PURPOSE = (*PurposeOfUse, "care_planning", "", None)
ONE_RELATION = [frozenset(), *(frozenset({way}) for way in Relation)]
TWO_RELATIONS = [frozenset(ways) for ways in combinations(Relation, 2)]
READ_ALIKE = (Role.CASEWORKER, Role.DATA_PROTECTION_OFFICER)
"""One of those who work in cases and one of those who check: with two relations, or for a purpose, the drill tries all."""


def reader(
    agency: Agency,
    role: Role = Role.CASEWORKER,
    purpose: str | None = PurposeOfUse.CASE_WORK,
    granted: frozenset[str] | None = None,
) -> Actor:
    base = Actor(NOBODY, NOBODY, NOBODY, agency, role, NOBODY, PlaceKind.DIVISION, None)
    return replace(base, purposes=granted, purpose=purpose)


def test_what_was_written_down_by_hand_speaks_of_the_same_things() -> None:
    assert set(expected.READS) == set(Compartment)
    assert set(expected.RELATIONS) == set(Relation)
    assert set(expected.EVERY_ROLE) == set(Role)
    assert set(expected.EVERYBODY) == set(Agency)
    assert set(expected.PURPOSES) == set(PurposeOfUse)


def read_otherwise(
    purpose: str | None, roles: Iterable[Role], relations: Iterable[frozenset[Relation]]
) -> list[tuple[str, ...]]:
    """Who is told something else than was written down by hand."""
    return [
        (role, agency, *sorted(ways), place)
        for role, agency in product(roles, Agency)
        for actor in (reader(agency, role, purpose),)
        for ways, place in product(relations, Compartment)
        if verdict(actor, ways, place).read is not expected.is_read_for(purpose, role, agency, ways, place)
    ]


@pytest.mark.parametrize("role", Role)
def test_every_role_agency_relation_and_compartment_is_read_as_written_down(role: Role) -> None:
    assert read_otherwise(PurposeOfUse.CASE_WORK, [role], ONE_RELATION) == []


@pytest.mark.parametrize(
    "role", [pytest.param(one, marks=() if one in READ_ALIKE else pytest.mark.drill) for one in Role]
)
def test_with_two_relations_it_is_read_as_written_down(role: Role) -> None:
    assert read_otherwise(PurposeOfUse.CASE_WORK, [role], TWO_RELATIONS) == []


@pytest.mark.parametrize("purpose", EVERY_PURPOSE)
def test_for_every_purpose_every_agency_and_relation_reads_as_written_down(purpose: str | None) -> None:
    assert read_otherwise(purpose, READ_ALIKE, ONE_RELATION) == []


@pytest.mark.drill
@pytest.mark.parametrize("purpose", EVERY_PURPOSE)
def test_for_every_purpose_every_role_reads_as_written_down(purpose: str | None) -> None:
    assert read_otherwise(purpose, Role, ONE_RELATION) == []


@pytest.mark.parametrize("purpose", ["care_planning", "", None])
def test_for_a_purpose_that_nobody_knows_nothing_is_read(purpose: str | None) -> None:
    everything = frozenset(Relation)
    for agency, role, place in product(Agency, Role, Compartment):
        assert not verdict(reader(agency, role, purpose), everything, place).read


def test_a_machine_reads_for_the_purposes_that_it_was_granted_and_for_no_other() -> None:
    school, ways = frozenset({"school_enrolment"}), frozenset({Relation.AT_WORK})
    granted = reader(Agency.EDU, Role.INTEGRATION, "school_enrolment", school)
    assert verdict(granted, ways, Compartment.IDENTITY).read
    other = reader(Agency.EDU, Role.INTEGRATION, "case_work", school)
    assert verdict(other, ways, Compartment.IDENTITY) == verdict(other, ways, Compartment.SCHOOL)
    assert verdict(other, ways, Compartment.IDENTITY).rule == "purpose.not_granted"
    assert purposes_open_to(Agency.EDU, None) == {"case_work", "school_enrolment", "audit"}
    # what another agency's grant says opens nothing to this one
    assert purposes_open_to(Agency.EDU, frozenset({"identity_check"})) == set()


def test_a_purpose_opens_nothing_that_case_work_does_not() -> None:
    for purpose, agency, way, place in product(PurposeOfUse, Agency, Relation, Compartment):
        if purpose is PurposeOfUse.AUDIT:
            continue
        ways = frozenset({way})
        if verdict(reader(agency, purpose=purpose), ways, place).read:
            assert verdict(reader(agency), ways, place).read, (purpose, agency, way, place)


def test_every_rule_that_can_be_named_in_an_explanation_has_its_own_name() -> None:
    names = [row.id for row in READS] + [row.id for row in NEVER]
    assert len(names) == len(set(names))
    assert all(row.why for row in (*READS, *NEVER))


def test_every_row_gives_somebody_something() -> None:
    """A row that no reader can ever meet would be read by a lawyer as if it held."""
    for row in READS:
        met = {
            place
            for role, agency, way, place in product(row.roles, row.agencies, row.relations, row.reads)
            if verdict(reader(agency, role), frozenset({way}), place).rule == row.id
        }
        assert met, row.id


def test_the_records_that_a_unit_reads_of_its_own_stage_are_those_of_the_stages_its_agency_may_lead() -> None:
    leading: dict[Agency, set[Compartment]] = {}
    for code, mandate in MANDATES.items():
        for agency in mandate.leads if code is not StageCode.REPORT else ():
            leading.setdefault(agency, set()).add(STAGE_COMPARTMENTS[code])
    # PSB stands among the leads of follow-up and never does it (workflow 3)
    leading[Agency.PSB] -= {Compartment.FOLLOW_UP_NOTES}
    own = frozenset({Relation.RESPONSIBLE})
    for agency in Agency:
        read = {place for place in STAGE_COMPARTMENTS.values() if verdict(reader(agency), own, place).read}
        assert read == leading.get(agency, set()), agency


# --- what lies where ---


def test_every_field_of_a_person_and_of_a_relative_lies_where_it_was_written_down() -> None:
    found = {
        (section, name, str(place))
        for section, fields in PERSON_FIELDS.items()
        for name, place in fields.items()
    }
    assert found == set(expected.person_fields())
    assert {(name, str(place)) for name, place in RELATIVE_FIELDS.items()} == set(expected.relative_fields())


def test_every_record_lies_with_its_stage_and_the_address_of_a_shelter_apart() -> None:
    for code, kinds in RECORD_KINDS.items():
        for kind in kinds:
            place = (
                "shelter_address" if (code, kind) == ("shelter", "placement") else expected.RECORDS.get(code)
            )
            if place is not None:
                assert record_compartment(code, kind) == place, (code, kind)
    assert {kind for _code, kind in NARROWER_RECORDS} <= {
        kind for kinds in RECORD_KINDS.values() for kind in kinds
    }


@pytest.mark.parametrize(
    ("action", "place"),
    [
        ("route", "routing_remarks"),
        ("send_back", "routing_remarks"),
        ("hand_over", "routing_remarks"),
        ("refuse_hand_over", "routing_remarks"),
        ("hold", "clinical"),
        ("decline", "clinical"),
        ("close_unmet", "clinical"),
        ("write_down_guardian_attempt", "clinical"),
    ],
)
def test_what_is_said_with_a_move_lies_with_the_stage_except_what_routing_needs(
    action: str, place: str
) -> None:
    assert remark_compartment(StageCode.MEDICAL_CARE, action) == place


@pytest.mark.parametrize(
    ("role", "institution", "relation"),
    [
        (Role.CASEWORKER, None, Relation.AT_WORK),
        (Role.INSTITUTION_STAFF, InstitutionKind.SCHOOL, Relation.SCHOOL),
        (Role.INSTITUTION_STAFF, InstitutionKind.RELIEF_STATION, Relation.HOUSE),
        (Role.LAWYER, InstitutionKind.LEGAL_AID_CENTRE, Relation.HOUSE),
        (Role.AUDITOR, None, Relation.AUDITOR),
        (Role.DATA_PROTECTION_OFFICER, InstitutionKind.HOSPITAL, Relation.AUDITOR),
    ],
)
def test_how_somebody_stands_to_a_file_by_their_desk_alone(
    role: Role, institution: InstitutionKind | None, relation: Relation
) -> None:
    at_desk = Actor(NOBODY, NOBODY, NOBODY, Agency.CAB, role, NOBODY, PlaceKind.DIVISION, institution)
    assert presence(at_desk) is relation


def test_the_purposes_say_where_they_come_from() -> None:
    assert all(terms.ground and terms.name.zh and terms.name.en for terms in PURPOSES.values())
