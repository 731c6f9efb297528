"""Which agency reads which part of a person's record: everything of the table, and what nobody but one may ever see."""

import re
from uuid import uuid4

import pytest

from api.representations.victims import VictimBody
from domain.actors import Actor, Role
from domain.agencies import Agency, InstitutionKind, PlaceKind
from domain.compartments import PERSON_FIELDS
from domain.disclosure import presence, readable, withheld
from domain.disclosure_table import Relation

RECORD = {section: dict.fromkeys(fields, "x") for section, fields in PERSON_FIELDS.items()}
EVERY_FIELD = {f"{section}.{field}" for section, fields in PERSON_FIELDS.items() for field in fields}
WHAT_HAPPENED = {
    name for name in EVERY_FIELD if name.startswith(("exploitation.", "identification.", "age."))
}
FAMILY = {"civil_status.marital_status", "civil_status.number_of_children", "contact.contact_home"}


def officer(
    agency: Agency, role: Role = Role.CASEWORKER, institution: InstitutionKind | None = None
) -> Actor:
    return Actor(uuid4(), uuid4(), uuid4(), agency, role, uuid4(), PlaceKind.DIVISION, institution)


def read_by(actor: Actor, *, owns_case: bool = False) -> set[str]:
    ways = frozenset({presence(actor), *([Relation.OWNER] if owns_case else [])})
    kept, hidden = readable(RECORD, PERSON_FIELDS, actor, ways), withheld(PERSON_FIELDS, actor, ways)
    found = {
        f"{section}.{field}"
        for section, fields in kept.items()
        if isinstance(fields, dict)
        for field in fields
    }
    whole = {name for name in hidden if "." not in name}
    # nothing is dropped in silence: what is not read is named, as a section or as a field
    assert (
        found | {name for name in EVERY_FIELD if name in hidden or name.partition(".")[0] in whole}
        == EVERY_FIELD
    )
    return found


# what each agency reads of a whole record; the owner reads the note besides
READ = {
    "CAB": {*PERSON_FIELDS},
    "PSB": {
        *("identity", "civil_status", "documents", "situation", "stay", "account"),
        *("exploitation", "identification", "age", "death"),
    },
    "HEALTH": {"identity", "documents"},
    "DPF": {"identity", "documents"},
    "EDU": {"identity"},
    "HRSS": {"identity", "will", "contact"},
    "JUSTICE": {"identity", "civil_status", "documents", "contact", "support", "death"},
    "WOMEN": {"identity", "will", "contact", "support"},
    "UNION": {"identity", "contact"},
}


@pytest.mark.parametrize("agency", Agency)
def test_each_agency_reads_its_sections_and_an_agency_without_a_row_reads_none(agency: Agency) -> None:
    assert {name.partition(".")[0] for name in read_by(officer(agency))} == READ.get(agency, set())


def test_an_empty_record_says_the_same_of_what_is_withheld_as_a_full_one() -> None:
    school = officer(Agency.EDU)
    ways = frozenset({presence(school)})
    assert withheld(PERSON_FIELDS, school, ways) == sorted(set(PERSON_FIELDS) - {"identity"})
    assert readable({}, PERSON_FIELDS, school, ways) == {}


def test_a_section_or_field_that_the_table_does_not_know_is_read_by_nobody() -> None:
    owner = officer(Agency.CAB)
    ways = frozenset({presence(owner), Relation.OWNER})
    content = {"identity": {"name": "x", "nickname": "x"}, "fingerprints": {"left": "x"}}
    assert readable(content, PERSON_FIELDS, owner, ways) == {"identity": {"name": "x"}}


def test_the_employment_bureau_reads_neither_history_nor_health_nor_family() -> None:
    seen = read_by(officer(Agency.HRSS))
    assert seen.isdisjoint(WHAT_HAPPENED | FAMILY)
    assert seen.isdisjoint(
        name for name in EVERY_FIELD if name.startswith(("situation.", "stay.", "account."))
    )
    assert "will.own_words" in seen


@pytest.mark.parametrize(
    "actor", [officer(Agency.EDU), officer(Agency.EDU, Role.INSTITUTION_STAFF, InstitutionKind.SCHOOL)]
)
def test_a_school_reads_whom_it_teaches_and_never_why(actor: Actor) -> None:
    assert {name.partition(".")[0] for name in read_by(actor)} == {"identity"}


def test_the_police_read_no_contact_no_clinic_and_nothing_of_whom_the_person_trusts() -> None:
    seen = read_by(officer(Agency.PSB), owns_case=True)
    assert {"exploitation.act", "account.note"} <= seen
    assert seen.isdisjoint(
        {"stay.pregnant", "stay.own_words", "contact.safe_contact", "support.support_person"}
    )
    assert not {name for name in seen if name.startswith(("contact.", "support.", "will."))}


@pytest.mark.parametrize("agency", [Agency.CAB, Agency.PSB])
def test_the_note_is_for_the_owner_alone(agency: Agency) -> None:
    assert "account.note" in read_by(officer(agency), owns_case=True)
    assert "account.note" not in read_by(officer(agency))


def test_the_staff_of_a_shelter_learn_how_to_care_and_not_what_was_done() -> None:
    staff = officer(Agency.CAB, Role.INSTITUTION_STAFF, InstitutionKind.RELIEF_STATION)
    seen = read_by(staff)
    assert {"identity.languages", "situation.in_danger", "contact.contact_home"} <= seen
    assert seen.isdisjoint(WHAT_HAPPENED)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.COORDINATOR])
def test_who_checks_or_coordinates_reads_nobody_s_record(role: Role) -> None:
    assert read_by(officer(Agency.CAB, role)) == set()


def test_what_may_be_written_is_what_the_table_of_readers_knows() -> None:
    """A field that a caller can write and no row knows would be read by whoever reads the section."""
    written = {}
    for section, field in VictimBody.model_fields.items():
        (model,) = [one for one in field.annotation.__args__ if hasattr(one, "model_fields")]  # type: ignore[union-attr]  # every section is optional
        written[section] = set(model.model_fields)
    decided_elsewhere = {"identification", "age", "will", "needs", "death"}
    assert written == {
        name: set(fields) for name, fields in PERSON_FIELDS.items() if name not in decided_elsewhere
    }


def test_no_field_asks_for_descent_belief_body_marks_politics_or_traces() -> None:
    never = re.compile(
        r"ethnic|race|relig|belief|native|accent|biometric|finger|face|dna|voice|politic|location|trace|score|risk|stab"
    )
    assert [name for name in EVERY_FIELD if never.search(name)] == []
    assert never.search("ethnicity")
