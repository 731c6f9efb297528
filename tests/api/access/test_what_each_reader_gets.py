"""What each reader is given of a case, and what nobody gives them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.actors import CASE_ROLES, Actor, Role
from domain.agencies import Agency, PlaceKind
from domain.identifiers import new_id
from domain.people import civil_day
from domain.stages import StageCode
from services import access
from services.accounts import NewAccount, add_account
from services.database import transaction
from services.demo_desk import Desk, Json
from services.demo_world import PASSWORD
from services.records.access import CaseAccessRow
from services.records.cases import CaseRow
from services.registers import NewUnit, add_unit
from services.sessions import begin_as_nobody
from tests.api.access.world import (
    EXPORTS,
    SECRETS,
    STAGES,
    Matter,
    World,
    accept_all,
    all_that_is_answered,
    all_that_is_read_by,
    new_case,
    new_report,
    operations,
    write_records,
)
from tests.newcomers import let_in_by_officer

NO_CASES: Final = ("hotline", "admin", "office-1", "auditor", "north-auditor")

NO_CASE_AGENCIES: Final = (
    "PUB", "PLC", "UFWD", "CAC", "DRC", "FIN", "TRANSPORT", "AGRI", "RURAL", "CULTURE", "COMMERCE", "SAMR",
    "HOUSING", "MIIT", "SASAC", "CNWC", "WCC", "OFFICE",
)  # fmt: skip

# who reads which of the secrets of the northern case, in everything that the interface gives them of it
READERS: Final = {
    "cab-1": {"name", "note", "phone", "school", "follow_up", "guardian", "approval", "relative", "doubt"},
    "psb-1": {"name", "police", "narrative", "reporter", "relative", "objection"},
    "station-1": {"name", "phone", "address", "relative"},
    "health-1": {"name", "clinic"},
    "edu-1": {"name", "school"},
    "hrss-1": {"name", "phone", "work"},
    "justice-1": {"name", "phone", "lawyer", "relative"},
    "dpf-1": {"name"},
    "south-psb-1": {"name", "relative"},
    "corps-cab-1": {"name", "phone", "relative"},
    "south-health-1": set(),
    "south-justice-1": {"approval"},
    "auditor": set(),
    "north-auditor": set(),
}  # fmt: skip


@pytest.fixture(scope="module")
def of_the_police(world: World) -> Matter:
    """A case that the police own, in which the other agencies have written."""
    matter = new_case(world, "0101", "psb-1")
    accept_all(world, matter)
    write_records(world, matter)
    shelter = world.desk("cab-1").get(f"/shelter/{matter.stages['shelter']}")
    placed = {"care": "relief_station", "address": SECRETS["address"], "starts_on": "2026-01-01"}
    world.desk("cab-1").record(shelter, "placements", datetime.now(UTC) - timedelta(days=1), **placed)
    return matter


# --- nobody reads a case in which their unit has no work ---


def strangers(world: World, matter: Matter) -> list[str]:
    """One account of every kind whose unit has no work in this case."""
    at_work = "select unit_id from case_access where file_id in (cast(:case as uuid), cast(:report as uuid))"
    rows = world.sql(
        f"select min(username) from accounts where unit_id not in ({at_work})"  # noqa: S608  # written right here
        " and role not in ('auditor', 'data_protection_officer') and (demonstration or password_given_at is null)"
        " group by unit_id, role order by 1",
        case=matter.case_id,
        report=matter.report_id,
    )
    return [str(row[0]) for row in rows]


@pytest.mark.parametrize("whose", ["north", "south"])
def test_every_read_of_a_case_without_work_in_it_finds_nothing(
    world: World, north: Matter, south: Matter, whose: str
) -> None:
    matter = {"north": north, "south": south}[whose]
    reads = [operation for operation in operations(world) if operation.method == "GET"]
    readers = strangers(world, matter)
    assert len(readers) > 20
    for number, username in enumerate(readers):
        # the case itself for everybody; everything in it one after the other, so that each has several readers
        some = [one for one in reads if one.name == "read_case"] + reads[number % 6 :: 6]
        for operation in some:
            answer = world.ask(username, "GET", operation.at(matter))
            refused = (answer.status_code, answer.json()["type"])
            assert refused in ((404, "/problems/not_found"), (403, "/problems/role_not_allowed")), (
                username,
                operation.name,
            )


OF_A_CASE_FOR_AUDITORS: Final = frozenset(
    {"read_timeline", "check_timeline", "prove_entry", "read_case_as_of", *EXPORTS}
)
"""What they may pull of a case: not a word of its values among it."""


@pytest.mark.parametrize("username", NO_CASES)
def test_who_never_reads_cases_reads_none_even_where_their_unit_works(
    world: World, north: Matter, layer: str, username: str
) -> None:
    added = []
    for kind, file in (("case", north.case_id), ("report", north.report_id)):
        row = {"unit": world.unit(username), "kind": kind, "file": file}
        new = "insert into case_access values (:unit, :kind, :file) on conflict do nothing returning unit_id"
        added += [row] if world.sql(new, **row) else []
    reads = [
        one for one in operations(world) if one.method == "GET" and one.name not in OF_A_CASE_FOR_AUDITORS
    ]
    given = [
        (operation.name, answer.status_code)
        for operation in (reads if layer == "both layers" else reads[::4])
        for answer in (world.ask(username, "GET", operation.at(north)),)
        if answer.status_code != 403 or answer.json()["type"] != "/problems/role_not_allowed"
    ]
    for row in added:
        world.sql("delete from case_access where unit_id = :unit and kind = :kind and file_id = :file", **row)
    assert given == []


def an_actor(world: World, role: Role, agency: Agency) -> Actor:
    """Somebody in the unit that owns the northern case, with this role, as if it were of this agency."""
    me = world.desk("cab-1").me
    unit_id, place_id = UUID(me["unit_id"]), UUID(me["place_id"])
    return Actor(new_id(), new_id(), unit_id, agency, role, place_id, PlaceKind.DIVISION, None)


def seen_by(session: Session, actor: Actor) -> set[UUID]:
    return set(session.execute(select(CaseRow.id).where(access.visible_to(actor, CaseRow.id))).scalars())


def test_the_condition_itself_shows_nothing_to_roles_and_agencies_that_read_no_cases(
    world: World, north: Matter
) -> None:
    with Session(world.admin) as session:
        works = an_actor(world, Role.CASEWORKER, Agency.CAB)
        assert UUID(north.case_id) in seen_by(session, works)
        for role in set(Role) - CASE_ROLES:
            assert seen_by(session, replace(works, role=role)) == set(), role
        for code in NO_CASE_AGENCIES:
            assert seen_by(session, replace(works, agency=Agency(code))) == set(), code


@pytest.fixture(scope="module")
def treasurer(world: World) -> str:
    """An account at an agency that article by article has nothing to do with one person's case."""
    with transaction(
        world.house.engine, {"master_keys": world.house.master_keys, "request_id": new_id()}
    ) as session:
        begin_as_nobody(session)
        new = NewUnit(Agency.FIN, UUID(world.place("01")), None, "示范北师市财政局", "Finance Bureau", True)
        unit_id = add_unit(session, None, new).id
        new_account = NewAccount("treasurer", PASSWORD, unit_id, Role.CASEWORKER, demonstration=True)
        let_in_by_officer(session, add_account(session, None, new_account))
    return "treasurer"


def test_an_agency_without_cases_reads_none_whatever_stands_among_the_access_rows(
    world: World, north: Matter, layer: str, treasurer: str
) -> None:
    row = {"unit_id": UUID(world.unit(treasurer)), "kind": "case", "file_id": UUID(north.case_id)}
    with world.admin.begin() as connection:
        connection.execute(insert(CaseAccessRow), [row])
    try:
        assert world.ask(treasurer, "GET", f"/cases/{north.case_id}").status_code == 404
        assert north.case_id not in world.ask(treasurer, "GET", "/cases").text
    finally:
        world.sql("delete from case_access where unit_id = :unit", unit=row["unit_id"])


# --- what those at work in it are given ---


@pytest.mark.parametrize("username", READERS)
def test_each_reader_gets_their_own_part_of_the_case_and_no_other(
    world: World, north: Matter, username: str
) -> None:
    answers = all_that_is_answered(world, username, north)
    read = "\n".join(answer.text for answer in answers)
    assert {what for what, secret in SECRETS.items() if secret in read} == READERS[username]
    named = [require_absent(shown) for answer in answers for shown in objects_in(content_of(answer))]
    assert sum(named) or username in ("auditor", "north-auditor", "south-health-1", "south-justice-1")


def content_of(answer: httpx.Response) -> Any:
    """Of an export its lines, of everything else what it is."""
    if answer.headers["content-type"].partition(";")[0] == "application/json":
        return answer.json()
    return [json.loads(line) for line in answer.text.splitlines()]


def objects_in(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects_in(inner)
    if isinstance(value, list):
        for inner in value:
            yield from objects_in(inner)


def require_absent(shown: Json) -> int:
    """What is named as withheld stands nowhere beside its name; how many names there are."""
    names = shown.get("_redacted", [])
    assert names == sorted(set(names))
    inside = {**shown, **shown.get("sections", {}), **shown.get("fields", {})}
    for name in names:
        section, _, field = name.partition(".")
        there = inside.get(section, {}) if field else inside
        assert (field or section) not in there, name
    return len(names)


def test_the_police_as_owner_read_no_care_records_and_no_address(world: World, of_the_police: Matter) -> None:
    read = all_that_is_read_by(world, "psb-1", of_the_police)
    assert {what for what, secret in SECRETS.items() if secret in read} == {
        "name", "note", "narrative", "reporter", "police",
    }  # fmt: skip
    for code in ("shelter", "medical_care", "rights_support", "employment", "follow_up", "guardianship"):
        (record,) = world.desk("psb-1").get(f"/{code}/{of_the_police.stages[code]}/records")["items"]
        assert ("body" in record, record["_redacted"]) == (False, ["body"])


def test_who_is_offered_a_stage_reads_its_records_only_after_accepting_it(
    world: World, of_the_police: Matter
) -> None:
    bureau, station = world.desk("cab-1"), world.desk("station-2")
    address = f"/shelter/{of_the_police.stages['shelter']}"
    offer = {"unit_id": world.unit("station-2"), "reason": "由救助站接收"}
    bureau.move(bureau.get(address), "hand_over", offer)
    assert SECRETS["address"] not in all_that_is_read_by(world, "station-2", of_the_police)
    station.accept(station.get(address), "accept_hand_over")
    assert SECRETS["address"] in all_that_is_read_by(world, "station-2", of_the_police)


def test_a_school_learns_whom_it_enrols_and_nothing_else(world: World, north: Matter) -> None:
    school = world.desk("edu-1")
    case = school.get(f"/cases/{north.case_id}")
    hidden = {
        *("number", "phase", "phase_name", "owner_unit_id", "owner_agency", "offered_unit_id"),
        "closing_reason",
    }
    assert hidden & set(case) == set()
    assert hidden == set(case["_redacted"])
    assert [stage["code"] for stage in case["stages"]] == ["schooling"]
    assert case["available_actions"] == []
    victim = school.get(f"/cases/{north.case_id}/victims/{north.victim_id}")
    assert set(victim["sections"]) == {"identity"}
    assert school.get(f"/cases/{north.case_id}/victims/{north.victim_id}/consents")["items"] == []
    for code in STAGES:
        expected = 200 if code is StageCode.SCHOOLING else 404
        for part in ("", "/records", "/remarks"):
            answer = world.ask("edu-1", "GET", f"/{code}/{north.stages[code]}{part}")
            assert (code, answer.status_code) == (code, expected)


@pytest.mark.parametrize(("username", "code"), [("edu-1", "schooling"), ("health-1", "medical_care")])
def test_entries_of_other_stages_say_nothing_but_that_they_are_there(
    world: World, north: Matter, username: str, code: str
) -> None:
    entries = world.desk(username).get(f"/cases/{north.case_id}/timeline", limit=100)["items"]
    withheld = [entry for entry in entries if entry["_redacted"]]
    read = [entry for entry in entries if not entry["_redacted"]]
    assert len(withheld) > len(read) > 2
    for entry in withheld:
        assert entry["_redacted"] == ["corrects", "happened_at", "kind", "late", "values", "what", "who"]
        assert {"what", "who", "values"} & set(entry) == set()
    assert {entry["what"]["stage"] for entry in read} == {code}


def test_units_that_only_wait_in_a_case_read_no_bodies(world: World, north: Matter) -> None:
    for username in ("south-psb-1", "corps-cab-1", "dpf-1", "psb-1"):
        for code in ("medical_care", "follow_up", "shelter", "guardianship"):
            answer = world.ask(username, "GET", f"/{code}/{north.stages[code]}/records")
            if answer.status_code == 200:
                assert {record["_redacted"][0] for record in answer.json()["items"]} <= {"body"}
                assert not [record for record in answer.json()["items"] if "body" in record]


def test_an_attached_unit_reads_the_record_that_it_added_itself(world: World, north: Matter) -> None:
    operation = next(one for one in operations(world) if one.name == "add_medical_care_disability_grading")
    added = world.ask("dpf-1", "POST", operation.at(north), operation.body)
    assert added.status_code == 201, added.text
    bodies = {
        record["kind"]: record.get("body")
        for record in world.desk("dpf-1").get(f"/medical_care/{north.stages['medical_care']}/records")[
            "items"
        ]
    }
    assert bodies["disability_grading"]
    assert bodies["appointment"] is None


def test_who_reported_is_told_to_the_unit_that_answers_and_to_nobody_else(world: World) -> None:
    police = world.desk("psb-1")
    report = new_report(world, "0101", police, "child_alone")
    seen: dict[str, Json] = {
        username: world.desk(username).get(f"/reports/{report['id']}") for username in ("psb-1", "cab-1")
    }
    assert seen["psb-1"]["reporter"] == {"name": SECRETS["reporter"]}
    assert ("reporter" in seen["cab-1"], seen["cab-1"]["_redacted"]) == (False, ["reporter"])
    assert seen["cab-1"]["message"] == seen["psb-1"]["message"]
    police.move(police.move(report, "screen"), "accept", {})
    assert world.ask("cab-1", "GET", f"/reports/{report['id']}").status_code == 404


# --- auditors ---


def test_an_auditor_reads_the_timeline_of_their_own_division(
    world: World, north: Matter, south: Matter, layer: str
) -> None:
    for username, matter, expected in (
        ("auditor", north, 200),
        ("auditor", south, 200),
        ("north-auditor", north, 200),
        ("north-auditor", south, 404),
    ):
        for part in ("timeline", "timeline/check"):
            answer = world.ask(username, "GET", f"/cases/{matter.case_id}/{part}")
            assert (username, answer.status_code) == (username, expected)
    assert world.desk("auditor").get(f"/cases/{north.case_id}/timeline/check")["whole"] is True


# --- reading ends with the work ---


def test_when_a_stage_ends_the_next_read_of_its_unit_finds_nothing(world: World) -> None:
    matter = new_case(world, "0101", "psb-1")
    address = f"/schooling/{matter.stages['schooling']}"
    bureau, school = world.desk("edu-1"), world.desk("school-1")
    stage = bureau.accept(bureau.get(address))
    bureau.move(stage, "hand_over", {"unit_id": school.me["unit_id"], "reason": "由学校接收"})
    school.accept(stage, "accept_hand_over")
    reads = [
        one for one in operations(world) if one.method == "GET" and one.path.startswith("/cases/{case_id}")
    ]
    reads = [one for one in reads if one.name not in EXPORTS]  # no operations of theirs
    paths = [address, f"{address}/records", *(one.at(matter) for one in reads)]
    # the bureau handed it over, so that it has no work here any more
    assert {world.ask("edu-1", "GET", path).status_code for path in paths} == {404}
    paths = [path for path in paths if world.ask("school-1", "GET", path).status_code == 200]
    assert len(paths) > 5
    _attend_school(school, stage)
    assert {world.ask("school-1", "GET", path).status_code for path in paths} == {404}
    assert matter.case_id not in world.ask("school-1", "GET", "/cases").text


def _attend_school(school: Desk, stage: Json) -> None:
    began = datetime.now(UTC) - timedelta(days=200)
    school.move(stage, "begin")
    school.record(stage, "placement_assessments", began, grade="grade_5", child_heard=True)
    day = civil_day(began).isoformat()
    school.record(stage, "places_confirmed", began, school="示范学校", grade="grade_5", starts_on=day)
    school.record(stage, "enrolments", began, enrolled_on=day, school="示范学校")
    later = began + timedelta(days=95)
    checked_on = civil_day(later).isoformat()
    school.record(stage, "attendance_checks", later, checked_on=checked_on, attending=True)
    school.move(stage, "complete")
