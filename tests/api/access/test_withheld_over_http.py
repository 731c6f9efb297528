"""Withheld over HTTP: absent and named, narrowed by the purpose that was named, and explained to whoever asks."""

import json
from typing import Final

import httpx
import pytest

from domain.identifiers import new_id
from domain.purposes import PurposeOfUse
from domain.stages import StageCode
from services.demo_desk import Json
from tests import who_reads_what as expected
from tests.api.access.world import SECRETS, STAGES, Matter, World, new_case, operations

MACHINES: Final = ("psb", "cab", "edu", "health", "hrss", "justice")
HEADER: Final = "X-Purpose-Of-Use"


@pytest.fixture(scope="module")
def machines(world: World) -> dict[str, str]:
    """One machine in each of these units of the north, by the unit's tag."""
    return {tag: world.add_machine(f"{tag}-machine", f"{tag}-1") for tag in MACHINES}


def ask(
    world: World, username: str, path: str, purpose: str | None, *, body: Json | None = None, **headers: str
) -> httpx.Response:
    named = {} if purpose is None else {HEADER: purpose}
    sent = {"Authorization": f"Bearer {world.desk(username).token}", **named, **headers}
    answer: httpx.Response = world.client.request(
        "GET" if body is None else "POST", path, json=body, headers=sent
    )
    return answer


def victim_at(matter: Matter) -> str:
    return f"/cases/{matter.case_id}/victims/{matter.victim_id}"


# --- absent and named ---


def test_a_person_without_a_word_written_and_one_with_a_whole_record_look_alike_to_a_school(
    world: World, north: Matter
) -> None:
    bare = new_case(world, "0101", "psb-1")
    owner, person = world.desk("psb-1"), victim_at(bare)
    there = owner.get(person)
    told = {"exploitation": {"act": ["transport"], "note": "不应让学校知道"}}
    before = world.desk("edu-1").get(person)["_redacted"]
    owner.patch(person, told, version=there["version"])
    assert world.desk("edu-1").get(person)["_redacted"] == before
    assert "exploitation" in before


def test_a_stored_answer_is_the_redacted_one_again(world: World, north: Matter) -> None:
    body = {"happened_at": "2026-03-12T09:30:00+08:00", "needs": ["companion"]}
    address = f"/medical_care/{north.stages['medical_care']}/accommodation_needs"
    example = next(one for one in operations(world) if one.name == "add_medical_care_accommodation_need")
    key = {"Idempotency-Key": str(new_id())}
    first = ask(world, "health-1", address, None, body=example.body or body, **key)
    again = ask(world, "health-1", address, None, body=example.body or body, **key)
    assert (first.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert first.content == again.content


# --- purposes ---


def test_a_machine_that_does_not_say_why_reads_nothing_restricted(
    world: World, north: Matter, machines: dict[str, str]
) -> None:
    for path in ("/cases", f"/cases/{north.case_id}", victim_at(north), f"/cases/{north.case_id}/timeline"):
        answer = ask(world, machines["psb"], path, None)
        assert (answer.status_code, answer.json()["errors"][0]) == (
            422,
            {"field": HEADER, "rule": "purpose_missing", "text": answer.json()["errors"][0]["text"]},
        )
        assert SECRETS["name"] not in answer.text
    # what nobody needs protection from needs no reason
    for path in ("/me", "/places", "/units"):
        assert ask(world, machines["psb"], path, None).status_code == 200


@pytest.mark.parametrize("username", ["psb-1", "psb-machine"])
def test_a_purpose_that_nobody_knows_is_refused(
    world: World, north: Matter, machines: dict[str, str], username: str
) -> None:
    answer = ask(world, username, victim_at(north), "curiosity")
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "purpose_unknown")
    assert "curiosity" not in answer.text


@pytest.mark.parametrize("tag", MACHINES)
def test_a_purpose_of_another_agency_is_refused_with_those_that_one_has(
    world: World, north: Matter, machines: dict[str, str], tag: str
) -> None:
    agency = tag.upper()
    own = {name for name, (agencies, _) in expected.PURPOSES.items() if agency in agencies.split()}
    for purpose in PurposeOfUse:
        answer = ask(world, machines[tag], "/cases", purpose)
        assert answer.status_code == (200 if purpose in own else 403), purpose
        if answer.status_code == 403:
            assert answer.json()["type"] == "/problems/purpose_not_granted"
            assert answer.json()["granted"] == sorted(own)


@pytest.mark.parametrize("purpose", sorted(expected.PURPOSES))
@pytest.mark.parametrize("tag", MACHINES)
def test_a_machine_reads_of_a_person_what_its_purpose_reaches(
    world: World, north: Matter, machines: dict[str, str], tag: str, purpose: str
) -> None:
    answer = ask(world, machines[tag], victim_at(north), purpose)
    if answer.status_code != 200:
        assert answer.status_code in (403, 404), answer.text
        return
    agency = tag.upper()
    sections = answer.json()["sections"]
    given = {f"{section}.{name}" for section, fields in sections.items() for name in fields}
    ways = {"at_work"} | ({"owner"} if tag == "cab" else set())
    allowed = {
        f"{section}.{name}"
        for section, name, place in expected.person_fields()
        if expected.is_read_for(purpose, "integration", agency, ways, place)
    }
    assert given <= allowed
    if "identity.name" in allowed:
        assert sections["identity"]["name"] == SECRETS["name"]
    assert (SECRETS["phone"] in answer.text) is ("contact.phone" in allowed)


def test_what_a_machine_does_without_a_purpose_is_done_and_tells_it_nothing(
    world: World, north: Matter, machines: dict[str, str]
) -> None:
    address = f"/schooling/{north.stages['schooling']}/attendance_checks"
    example = next(one for one in operations(world) if one.name == "add_schooling_attendance_check")
    answer = ask(world, machines["edu"], address, None, body=example.body)
    assert answer.status_code == 201, answer.text
    assert ("body" in answer.json(), answer.json()["_redacted"]) == (False, ["body"])
    told = ask(world, machines["edu"], address, "school_enrolment", body=example.body)
    assert told.json()["body"]["checked_on"] == example.body["checked_on"]


# --- explained ---


def explained(world: World, username: str, path: str) -> Json:
    answer = world.ask(username, "GET", f"{path}?explain=true")
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["_explained"])


def test_a_school_is_told_by_which_rule_it_reads_a_name_and_nothing_of_the_parents(
    world: World, north: Matter
) -> None:
    told = explained(world, "edu-1", victim_at(north))
    assert told["identity"] == {"read": True, "rule": "person.pupil"}
    assert told["exploitation"] == {"read": False, "rule": "never.school"}
    assert told["needs"] == {"read": False, "rule": "not_listed"}
    case = explained(world, "edu-1", f"/cases/{north.case_id}")
    assert case == {"case_story": {"read": False, "rule": "never.school"}}
    records = f"/schooling/{north.stages['schooling']}/records"
    assert explained(world, "edu-1", records) == {"school": {"read": True, "rule": "stage.own_school"}}


def test_the_police_are_told_that_they_never_read_a_clinic(world: World, north: Matter) -> None:
    path = f"/medical_care/{north.stages['medical_care']}"
    assert explained(world, "psb-1", f"{path}/records") == {
        "clinical": {"read": False, "rule": "never.police"}
    }
    assert explained(world, "psb-1", path) == {"stage_work": {"read": True, "rule": "case.whole"}}
    shelter = explained(world, "cab-1", f"/shelter/{north.stages['shelter']}/records")
    assert shelter == {
        "shelter": {"read": True, "rule": "stage.owner_civil_affairs"},
        "shelter_address": {"read": False, "rule": "not_listed"},
    }


def test_a_report_explains_itself_too(world: World) -> None:
    answer = world.client.post(
        "/public/reports",
        json={
            "kind": "tip",
            "place_id": world.place("0101"),
            "concerns": ["child_alone"],
            "message": {"narrative": SECRETS["narrative"]},
        },
    )
    assert answer.status_code == 201
    for username, rule in (("psb-1", "report.answers"), ("cab-1", "not_listed")):
        report = world.desk(username).get("/reports", state="received")["items"][0]
        told = explained(world, username, f"/reports/{report['id']}")
        assert told["reporter"] == {"read": rule == "report.answers", "rule": rule}
        assert told["report_message"] == {"read": True, "rule": "report.at_work"}


def test_a_machine_is_told_when_it_is_its_purpose_that_does_not_reach(
    world: World, north: Matter, machines: dict[str, str]
) -> None:
    answer = ask(world, machines["psb"], f"{victim_at(north)}?explain=true", "identity_check")
    told = answer.json()["_explained"]
    assert told["identity"] == {"read": True, "rule": "person.police"}
    assert told["situation"] == {"read": False, "rule": "purpose.identity_check"}


def test_an_explanation_says_the_same_of_a_full_record_and_of_an_empty_one(
    world: World, north: Matter
) -> None:
    bare = new_case(world, "0101", "psb-1")
    for username in ("edu-1", "hrss-1", "health-1", "justice-1"):
        assert explained(world, username, victim_at(north)) == explained(world, username, victim_at(bare))


@pytest.mark.parametrize("value", ["1", "yes", "TRUE", ""])
def test_only_true_and_false_are_understood(world: World, north: Matter, value: str) -> None:
    answer = world.ask("cab-1", "GET", f"/cases/{north.case_id}?explain={value}")
    assert answer.status_code == 422
    plain = world.ask("cab-1", "GET", f"/cases/{north.case_id}?explain=false")
    assert "_explained" not in json.dumps(plain.json())


def test_every_stage_and_its_records_can_be_explained(world: World, north: Matter) -> None:
    for code in STAGES:
        path = f"/{code}/{north.stages[code]}"
        assert set(explained(world, "cab-1", path)) == {"stage_work"}
        place = expected.RECORDS[code]
        assert set(explained(world, "cab-1", f"{path}/records")) == {
            place, *(["shelter_address"] if code is StageCode.SHELTER else []),
        }  # fmt: skip
