"""The one exit, answer by answer: every reader, every relation, every purpose, every field, against the table by hand."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any, Final
from uuid import UUID

import pytest

from api.redaction import written
from api.representations.answers import Answer, Guarded, Revision, labels_of
from api.representations.person_decisions import PersonHistory
from domain.actors import Actor, Role
from domain.agencies import Agency, PlaceKind
from domain.compartments import Compartment
from domain.disclosure import Standing
from domain.disclosure_table import Relation
from domain.purposes import PurposeOfUse
from tests import who_reads_what as expected
from tests.api.representations.test_labels import by_name

NOBODY: Final = UUID(int=0)
SOMEBODY: Final = Actor(NOBODY, NOBODY, NOBODY, Agency.CAB, Role.CASEWORKER, NOBODY, PlaceKind.DIVISION, None)
PERSON: Final = {
    section: {name: "x" for of, name, _place in expected.person_fields() if of == section}
    for section in expected.PERSON
}
RELATIVE: Final = {name: "x" for name, _place in expected.relative_fields()}
NARROW: Final = sorted(set(expected.FIELDS) - {"Revision"})
EVERY_PURPOSE: Final = (*PurposeOfUse, "care_planning", None)
CONTENTS: Final = ("clinical", "legal", "police", "shelter_address", "school", "follow_up_notes")


def an(answer: type[Answer]) -> Answer:
    """One of these in which something stands in every field."""
    values: dict[str, Any] = dict.fromkeys(answer.model_fields, "x")
    for name, _key, label in labels_of(answer):
        if label.members is not None:
            values[name] = RELATIVE if name == "fields" else PERSON
    return answer.model_construct(**values)


def leaves(answer: Answer, reader: Actor | None, standing: Standing | None) -> set[str]:
    """The paths of what leaves, those of a record field by field."""
    shown = json.loads(written(answer if standing is None else answer.seen_with(standing), reader))
    found: set[str] = set()
    for key, value in shown.items():
        found |= {key} if key not in ("sections", "fields") else set(_paths(value))
    return found


def _paths(value: Mapping[str, object]) -> Iterator[str]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from (f"{name}.{member}" for member in inner)
        else:
            yield name


def narrow_fields(answer: str, content: str) -> dict[str, str]:
    """Path and compartment of every narrow field, as written down by hand."""
    found: dict[str, str] = {}
    for key, place in expected.FIELDS[answer].items():
        if key == "sections":
            found |= {f"{section}.{name}": where for section, name, where in expected.person_fields()}
        elif key == "fields":
            found |= dict(expected.relative_fields())
        else:
            found[key] = content if place == "of the content" else place
    return found


def should_leave(answer: str, content: str, purpose: str | None, who: tuple[str, str, str]) -> set[str]:
    role, agency, relation = who
    return {
        path
        for path, place in narrow_fields(answer, content).items()
        if not place.startswith("elsewhere")
        and expected.is_read_for(purpose, role, agency, {relation}, place)
    }


def wrong(name: str, readers: Iterable[tuple[Role, Agency, Relation, str | None]]) -> list[object]:
    """Readers who are given more or less than was written down."""
    answer = an(by_name(name))
    found: list[object] = []
    contents = CONTENTS if "of the content" in expected.FIELDS[name].values() else ("identity",)
    for number, (role, agency, relation, purpose) in enumerate(readers):
        content = contents[number % len(contents)]
        reader = replace(SOMEBODY, role=role, agency=agency, purpose=purpose)
        standing = Standing(frozenset({relation}), frozenset({Compartment(content)}))
        given = leaves(answer, reader, standing) & set(narrow_fields(name, content))
        if given != should_leave(name, content, purpose, (role, agency, relation)):
            found.append((str(role), str(agency), str(relation), purpose, content, sorted(given)))
    return found


EVERYBODY: Final = tuple((*who, PurposeOfUse.CASE_WORK) for who in product(Role, Agency, Relation))
FOR_EVERYTHING: Final = tuple(product((Role.CASEWORKER, Role.AUDITOR), Agency, Relation, EVERY_PURPOSE))
STRIDE: Final = 41
"""What the table gives to whom is tried in full on the table itself; here, that each answer asks it: every 41st reader,
each answer beginning with another one. The drill tries all."""


def some(name: str, readers: tuple[tuple[Role, Agency, Relation, str | None], ...]) -> Iterable[Any]:
    return readers[NARROW.index(name) % STRIDE :: STRIDE]


@pytest.mark.parametrize("name", NARROW)
def test_each_answer_asks_the_table_for_whom_its_fields_are(name: str) -> None:
    assert not wrong(name, some(name, EVERYBODY))
    assert not wrong(name, some(name, FOR_EVERYTHING))


@pytest.mark.drill
@pytest.mark.parametrize("name", NARROW)
def test_every_role_agency_and_relation_is_given_exactly_its_fields(name: str) -> None:
    assert not wrong(name, EVERYBODY)


@pytest.mark.drill
@pytest.mark.parametrize("name", NARROW)
def test_for_every_purpose_agency_and_relation_the_fields_are_exactly_those(name: str) -> None:
    assert not wrong(name, FOR_EVERYTHING)


OF_THE_CONTENT: Final = [name for name in NARROW if "of the content" in expected.FIELDS[name].values()]


@pytest.mark.parametrize("name", OF_THE_CONTENT)
def test_each_content_is_read_in_its_own_compartment(name: str) -> None:
    answer, places = an(by_name(name)), sorted(Compartment)
    everyone = list(product(Agency, Relation, places))
    for agency, relation, content in everyone[NARROW.index(name) % 13 :: 13]:
        reader = replace(SOMEBODY, agency=agency)
        standing = Standing(frozenset({relation}), frozenset({content}))
        given = leaves(answer, reader, standing) & set(narrow_fields(name, content))
        who = (Role.CASEWORKER, agency, relation)
        assert given == should_leave(name, content, PurposeOfUse.CASE_WORK, who), (who, content)


@pytest.mark.parametrize("name", OF_THE_CONTENT)
def test_what_speaks_of_two_compartments_is_read_by_who_reads_both(name: str) -> None:
    reader = replace(SOMEBODY, agency=Agency.HEALTH)
    held, both = frozenset({Relation.RESPONSIBLE}), {Compartment.CLINICAL, Compartment.POLICE}
    given = [
        leaves(an(by_name(name)), reader, Standing(held, frozenset(content)))
        for content in ({Compartment.CLINICAL}, both)
    ]
    told = {path for path, place in expected.FIELDS[name].items() if place == "of the content"}
    assert given[0] & told
    assert not given[1] & told


@pytest.mark.parametrize("name", NARROW)
def test_for_an_unknown_purpose_nothing_narrow_leaves(name: str) -> None:
    everything = Standing(frozenset(Relation), frozenset({Compartment.IDENTITY}), frozenset(Relation))
    for purpose in ("care_planning", None):
        given = leaves(an(by_name(name)), replace(SOMEBODY, purpose=purpose), everything)
        assert given & set(narrow_fields(name, "identity")) == set()


@pytest.mark.parametrize("name", NARROW)
def test_an_answer_whose_standing_nobody_stated_gives_nothing_narrow(name: str) -> None:
    given = leaves(an(by_name(name)), SOMEBODY, None)
    assert given & set(narrow_fields(name, "identity")) == set()
    assert given & {"id", "victim_id"} or name in ("AsOfAnswer", "EntryAnswer", "RemarkAnswer")


@pytest.mark.parametrize("name", NARROW)
def test_who_is_nobody_is_given_what_is_public_and_so_nothing_of_these(name: str) -> None:
    assert leaves(an(by_name(name)), None, Standing(frozenset(Relation))) <= {"_redacted"}


@pytest.mark.parametrize("name", NARROW)
def test_what_is_withheld_is_absent_and_named_and_what_leaves_is_not(name: str) -> None:
    for agency, relation in product((Agency.CAB, Agency.EDU, Agency.PSB, Agency.JUSTICE), Relation):
        answer = an(by_name(name))
        standing = Standing(frozenset({relation}), frozenset({Compartment.CLINICAL}))
        shown = json.loads(written(answer.seen_with(standing), replace(SOMEBODY, agency=agency)))
        given = leaves(answer, replace(SOMEBODY, agency=agency), standing)
        named = set(shown["_redacted"])
        assert shown["_redacted"] == sorted(named)
        for path in narrow_fields(name, "clinical"):
            withheld = path in named or path.partition(".")[0] in named
            assert withheld is (path not in given), (agency, relation, path)


def test_the_stage_that_can_solve_it_is_read_by_how_one_stands_to_that_stage() -> None:
    solving = {"stage", "stage_id", "state", "state_name", "solved"}
    held, beside = frozenset({Relation.RESPONSIBLE}), frozenset({Relation.NONE})
    reader = replace(SOMEBODY, agency=Agency.HRSS)
    for here, there, expected_fields in ((held, beside, set()), (beside, held, solving)):
        standing = Standing(here, frozenset({Compartment.FOLLOW_UP_NOTES}), there)
        given = leaves(an(by_name("DifficultyAnswer")), reader, standing)
        assert given & solving == expected_fields


@pytest.mark.parametrize("section", ["identification", "age", "needs"])
@pytest.mark.parametrize("agency", Agency)
def test_a_history_keeps_what_is_for_the_reader_and_names_the_rest(section: str, agency: Agency) -> None:
    at_work, own = frozenset({Relation.AT_WORK}), frozenset({Relation.AT_WORK, Relation.AUTHOR})
    others, mine = Revision(**PERSON[section]), Revision(**PERSON[section])
    items = [others.of(section, Standing(at_work)), mine.of(section, Standing(own))]
    answer = PersonHistory(items=items, links={}).of(section, Standing(at_work))
    shown = json.loads(written(answer, replace(SOMEBODY, agency=agency)))
    fields = {name: place for of, name, place in expected.person_fields() if of == section}
    kept = [
        {name for name, place in fields.items() if expected.is_read("caseworker", agency, ways, place)}
        for ways in ({"at_work"}, {"at_work", "author"})
    ]
    assert [set(item) for item in shown["items"]] == [names for names in kept if names]
    missing = set(fields) - kept[0]
    if missing == set(fields):
        assert shown["_redacted"] == [section]
    else:
        assert shown["_redacted"] == sorted(f"{section}.{name}" for name in missing)


def test_an_explanation_names_every_compartment_of_the_schema_whatever_is_stored() -> None:
    standing = Standing(frozenset({Relation.AT_WORK}))
    full, empty = an(by_name("VictimAnswer")), an(by_name("VictimAnswer"))
    empty = empty.model_copy(update={"sections": {}, "minor": None, "merged_with": None})
    for agency in Agency:
        reader = replace(SOMEBODY, agency=agency)
        told = [
            json.loads(written(one.seen_with(standing), reader, explain=True))["_explained"]
            for one in (full, empty)
        ]
        assert told[0] == told[1]
        places = {place for _section, _name, place in expected.person_fields()} | {"merges"}
        assert set(told[0]) == places
        for place, said in told[0].items():
            assert said["read"] is expected.is_read("caseworker", agency, {"at_work"}, place)
            assert said["rule"]


def test_without_being_asked_nothing_is_explained() -> None:
    answer = an(by_name("VictimAnswer")).seen_with(Standing(frozenset({Relation.AT_WORK})))
    assert "_explained" not in json.loads(written(answer, SOMEBODY))
    assert isinstance(answer, Guarded)
