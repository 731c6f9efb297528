"""What each of those who use it must never see or do: one test for each line, told by its name, against real cases.

Emergency access, the person's own door and the sign-in of machines by key are told elsewhere, once they are there.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from api.representations.records import RECORD_BODIES
from domain.actors import Role
from domain.stages import StageCode
from services.demo_desk import Json
from tests.api.access.test_gates import rows
from tests.api.access.world import (
    EXPORTS,
    SECRETS,
    STAGES,
    Matter,
    Operation,
    World,
    accept_all,
    all_that_is_read_by,
    new_case,
    new_report,
    operations,
    write_records,
)
from tests.api.contract import COMPONENTS, OPERATIONS, codes

WHAT_WAS_DONE: Final = "被迫在砖厂做工三年"
"""Written into a person's record where nobody reads it whose work does not need it."""

SUSPECTED: Final = "示例父亲"
"""A relative who is suspect."""


@pytest.fixture(scope="module")
def whole(world: World, north: Matter) -> Matter:
    """The northern case with what was done to the child, a suspect father, and a pregnancy written down as well."""
    owner = world.desk("cab-1")
    person = f"/cases/{north.case_id}/victims/{north.victim_id}"
    told = {
        "exploitation": {"act": ["transport"], "types": ["forced_begging"], "note": WHAT_WAS_DONE},
        "stay": {"pregnant": "no"},
    }
    owner.patch(person, told, version=owner.get(person)["version"])
    father = {"name": SUSPECTED, "relation": "father", "role": "relative", "suspect": "yes"}
    owner.post(f"{person}/relatives", father)
    return north


OF_ONES_OWN_ACCOUNT: Final = frozenset({
    "confirm_session", "list_sessions", "end_other_sessions", "change_password", "begin_second_factor",
    "confirm_second_factor", "renew_recovery_codes",
})  # fmt: skip
"""What everybody does with their own account, and with nobody else's."""


def machine(world: World, tag: str) -> str:
    """A machine in this unit, made on the first call."""
    username = f"{tag}-registry"
    if not world.sql("select 1 from accounts where username = :name", name=username):
        world.add_machine(username, f"{tag}-1")
    return username


def read_for(world: World, username: str, matter: Matter, purpose: str) -> str:
    """Everything that a machine is answered when it asks for every part of the case for one purpose."""
    headers = {"Authorization": f"Bearer {world.desk(username).token}", "X-Purpose-Of-Use": purpose}
    asked = [world.client.get(one.at(matter), headers=headers) for one in _reads(world)]
    return "\n".join(answer.text for answer in asked if answer.status_code == 200)


def secrets_in(text: str) -> set[str]:
    return {what for what, secret in SECRETS.items() if secret in text}


def _reads(world: World) -> list[Operation]:
    return [one for one in operations(world) if one.method == "GET"]


def refused(world: World, username: str, matter: Matter, *names: str) -> set[int]:
    """What this account is answered to these operations, each with its example."""
    known = {one.name: one for one in operations(world)}
    return {
        world.ask(username, one.method, one.at(matter), one.body or None, version=1).status_code
        for one in (known[name] for name in names)
    }


def operations_open_to(role: Role) -> set[str]:
    return {name for name, roles in rows().items() if role in roles}


def properties_of(*schemas: str) -> set[str]:
    """The names of all properties of these schemas and of what they refer to."""
    found: set[str] = set()
    waiting, seen = list(schemas), set(schemas)
    while waiting:
        for name, part in COMPONENTS["schemas"][waiting.pop()].get("properties", {}).items():
            found.add(name)
            for inner in set(re.findall(r"#/components/schemas/(\w+)", str(part))) - seen:
                seen.add(inner)
                waiting.append(inner)
    return found


def parameters_of(name: str) -> set[str]:
    return {one["name"] for one in OPERATIONS[name][2].get("parameters", ()) if "name" in one}


def bodies() -> Iterator[tuple[str, Json]]:
    """Every body that can be sent, by operation."""
    for name, (_method, _path, operation) in OPERATIONS.items():
        if "application/json" in operation.get("requestBody", {"content": {}})["content"]:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            yield name, COMPONENTS["schemas"][schema["$ref"].rpartition("/")[2]]


# --- who answers the telephone ---


def test_a_hotline_operator_never_opens_a_case_or_a_victim_record(world: World, whole: Matter) -> None:
    """Whoever takes calls has no door to any file, whatever they know of it."""
    for operation in _reads(world):
        answer = world.ask("hotline", "GET", operation.at(whole))
        assert answer.json()["type"] == "/problems/role_not_allowed", operation.name


def test_a_hotline_operator_never_searches_by_a_victims_name(world: World) -> None:
    """Nothing that is open to them takes a name to look for, and a search, which is for others, takes it in no address."""
    assert operations_open_to(Role.HOTLINE) == {
        "sign_out", "list_units", "list_accounts", "read_me", "file_report", *OF_ONES_OWN_ACCOUNT,
    }  # fmt: skip
    for name in OPERATIONS:
        assert not {one for one in parameters_of(name) if re.search(r"^(q|query|search)$|name", one)}, name


def test_a_hotline_operator_never_sees_an_outcome_beyond_received_and_handled(
    world: World, whole: Matter
) -> None:
    """A reference leads to the receipt, which says of every report the same three words."""
    report = new_report(world, "0101", world.desk("psb-1"), "danger")
    assert world.ask("hotline", "GET", f"/reports/{report['id']}").status_code == 403
    assert properties_of("ReceiptStatus") == {"number", "status", "status_name", "received_at"}
    words = world.sql("select distinct status from receipts")
    assert {str(row[0]) for row in words} <= {"received", "being_handled", "answered"}


def test_a_hotline_operator_never_reveals_the_caller(world: World, whole: Matter) -> None:
    """Who called is read by the unit that answers the report, and by none of the doors of the hotline."""
    answers = [world.ask("hotline", "GET", path).text for path in ("/me", "/units", "/accounts", "/reports")]
    assert SECRETS["reporter"] not in "\n".join(answers)
    assert "reporter" in secrets_in(all_that_is_read_by(world, "psb-1", whole))
    for username in ("cab-1", "station-1", "proc-1", "auditor"):
        assert "reporter" not in secrets_in(all_that_is_read_by(world, username, whole))


# --- caseworkers of civil affairs and relief ---


def test_a_caseworker_never_sees_a_case_outside_their_own_team(world: World, south: Matter) -> None:
    """Without work of their unit in it a case does not exist for them."""
    for operation in _reads(world):
        expected = 403 if operation.name in EXPORTS else 404
        assert world.ask("cab-1", "GET", operation.at(south)).status_code == expected, operation.name


def test_a_caseworker_never_approves_their_own_closing_or_override(world: World, whole: Matter) -> None:
    """The approval is another agency's: one's own unit and one's own agency there are refused."""
    wanted = {"action": "close", "subject_id": whole.case_id, "reason": "各阶段均已办结"}
    for unit in ("cab-1", "station-1"):
        body = {**wanted, "approver_unit_id": world.unit(unit)}
        answer = world.ask("cab-1", "POST", f"/cases/{whole.case_id}/approvals", body)
        assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "same_agency")
    assert world.ask("cab-1", "POST", f"/approvals/{whole.approval_id}/approve", version=1).status_code == 404


def test_a_caseworker_never_reads_clinical_or_lawyers_notes(world: World, whole: Matter) -> None:
    """Not even as the owner of the case."""
    assert secrets_in(all_that_is_read_by(world, "cab-1", whole)) & {"clinic", "lawyer"} == set()
    for code in ("medical_care", "rights_support"):
        records = world.desk("cab-1").get(f"/{code}/{whole.stages[code]}/records")["items"]
        assert records
        assert not [record for record in records if "body" in record]


def test_a_caseworker_never_exports_in_bulk(world: World) -> None:
    """What is handed out is one person's, to them, or one case's steps, by who supervises or checks, after a proof of who asks;
    no list gives more than a hundred lines."""
    handing_out = [name for name in OPERATIONS if re.search(r"export|bulk|dump|download", name)]
    assert set(handing_out) == {"export_person", *EXPORTS}
    assert OPERATIONS["export_person"][1] == "/cases/{case_id}/victims/{victim_id}/exports"
    for name in handing_out:
        assert OPERATIONS[name][1].startswith("/cases/{case_id}/")
        assert "confirmation_needed" in codes(name, "403")
    assert not EXPORTS & operations_open_to(Role.CASEWORKER)
    limits = [
        one["schema"].get("maximum", one["schema"].get("le"))
        for _method, _path, operation in OPERATIONS.values()
        for one in operation["parameters"]
        if one.get("name") == "limit"
    ]
    assert limits
    assert set(limits) == {100}
    assert world.ask("cab-1", "GET", "/cases?limit=101").status_code == 422


def test_a_caseworker_never_changes_an_audit_entry(world: World, whole: Matter) -> None:
    """The timeline is read; nothing is written, changed or taken away there."""
    methods = {method for method, path, _ in OPERATIONS.values() if "/timeline" in path}
    assert methods == {"get"}
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = world.ask("cab-1", method, f"/cases/{whole.case_id}/timeline", {})
        assert answer.status_code == 405


# --- police ---


POLICE_NEVER: Final = ("clinic", "lawyer", "follow_up", "work", "address")


@pytest.fixture(scope="module")
def of_the_police(world: World) -> Matter:
    """A case that the police own, in which everybody has written."""
    own = new_case(world, "0101", "psb-1")
    accept_all(world, own)
    write_records(world, own)
    return own


@pytest.fixture(scope="module")
def read_by_the_police(world: World, whole: Matter, of_the_police: Matter) -> dict[str, str]:
    """Everything that they are answered, in each of the ways in which they come."""
    registry = machine(world, "psb")
    by_machine = {
        one: read_for(world, registry, whole, one) for one in ("case_work", "emergency", "subject_access")
    }
    return {
        "investigating": all_that_is_read_by(world, "psb-1", whole),
        "owner": all_that_is_read_by(world, "psb-1", of_the_police),
        **by_machine,
    }


@pytest.mark.parametrize("secret", POLICE_NEVER)
def test_police_never_read_health_legal_contact_notes_workplace_or_a_shelters_address(
    read_by_the_police: dict[str, str], secret: str
) -> None:
    """Neither as the unit of the investigation, nor as the owner of a case, nor by machine for any purpose."""
    assert SECRETS["name"] in read_by_the_police["investigating"]
    assert [way for way, text in read_by_the_police.items() if secret in secrets_in(text)] == []


def test_police_never_search_all_victims(world: World) -> None:
    """There is no list of people but that of one case, and no filter by who somebody is."""
    of_people = [path for _method, path, _ in OPERATIONS.values() if "victims" in path]
    assert of_people
    assert all(path.startswith("/cases/{case_id}/victims") for path in of_people)
    assert parameters_of("list_cases") == {
        "state", "number", "stage", "unit_id", "due_before", "after", "limit",
    }  # fmt: skip
    assert world.ask("psb-1", "GET", "/victims").status_code == 404


@pytest.mark.parametrize(
    "code",
    ["shelter", "medical_care", "schooling", "employment", "rights_support", "guardianship", "follow_up"],
)
def test_police_never_move_a_stage_of_care(world: World, of_the_police: Matter, code: str) -> None:
    """Not even in a case that they own themselves: the answer says whose stage it is."""
    known = {one.name: one for one in operations(world)}
    for action in ("begin", "complete", "hold", "decline", "close_unmet"):
        operation = known[f"{action}_{code}"]
        answer = world.ask("psb-1", "POST", operation.at(of_the_police), operation.body, version=2)
        assert answer.status_code == 403, (action, answer.text)
        assert answer.json()["type"] == "/problems/stage_not_yours"
        assert answer.json()["lead"] != "PSB"


def test_police_never_attach_biometrics() -> None:
    """No body has a field for a print, a face, a voice or a profile, and none takes fields that it does not name."""
    never = re.compile(r"biometric|finger|face|iris|voice|dna|profile|photo|image")
    for name, body in bodies():
        assert body.get("additionalProperties") is False, name
        assert not [one for one in body.get("properties", {}) if never.search(one)], name
    assert never.search("fingerprints")


# --- the registers of civil affairs ---


@pytest.mark.parametrize(
    "purpose",
    [
        "case_work",
        "relief_registry",
        "notice_publication",
        "household_dossier",
        "guardianship_decision",
        "adoption",
    ],
)
def test_a_register_of_civil_affairs_never_pulls_other_agencies_data(
    world: World, whole: Matter, purpose: str
) -> None:
    """Whatever it names as its purpose, police, clinic, lawyer and workplace stay with those whose work they are."""
    read = read_for(world, machine(world, "cab"), whole, purpose)
    assert secrets_in(read) & {"police", "clinic", "lawyer", "work", "address", "reporter"} == set()
    assert SECRETS["name"] in read


def test_a_register_of_civil_affairs_never_publishes_without_consent(world: World, whole: Matter) -> None:
    """A notice is refused as long as nobody agreed to it who may; here even to those who hold the stage."""
    path = f"/family_tracing/{whole.stages['family_tracing']}/tracing_notices"
    example = next(one for one in operations(world) if one.name == "add_family_tracing_tracing_notice").body
    answer = world.ask("psb-1", "POST", path, example)
    assert answer.status_code == 422, answer.text
    assert "tracing_agreed" in [one["code"] for one in answer.json()["unmet"]]
    registry = machine(world, "cab")
    assert world.ask(registry, "POST", path, example).status_code in (403, 422)


def test_a_register_of_civil_affairs_never_closes_a_case_by_a_discharge(world: World) -> None:
    """A case is closed by its owner's own step alone; no rule closes it."""
    transitions = world.client.get("/policy").json()["transitions"]
    closing = [row for row in transitions if row["machine"] == "case" and row["to"] == "closed"]
    assert closing
    assert all(row["by"] == ["owner"] for row in closing)
    matter = new_case(world, "0101", "psb-1")
    accept_all(world, matter)
    write_records(world, matter)
    known = {one.name: one for one in operations(world)}
    for name, username in (("add_medical_care_discharge", "health-1"), ("add_shelter_exit", "cab-1")):
        world.ask(username, "POST", known[name].at(matter), known[name].body)
    assert world.desk("psb-1").get(f"/cases/{matter.case_id}")["state"] == "open"


# --- schools ---


def test_school_staff_never_see_why_a_child_is_in_care(world: World, whole: Matter) -> None:
    """They learn whom they teach: no history, no situation, no decision."""
    read = all_that_is_read_by(world, "edu-1", whole)
    assert WHAT_WAS_DONE not in read
    assert "forced_begging" not in read
    victim = world.desk("edu-1").get(f"/cases/{whole.case_id}/victims/{whole.victim_id}")
    assert set(victim["sections"]) == {"identity"}


def test_school_staff_never_see_the_case_number(world: World, whole: Matter) -> None:
    """Nor may they ask for a case by it."""
    number = world.desk("cab-1").get(f"/cases/{whole.case_id}")["number"]
    assert number not in all_that_is_read_by(world, "edu-1", whole)
    assert "number" in world.desk("edu-1").get(f"/cases/{whole.case_id}")["_redacted"]
    assert world.desk("edu-1").get("/cases", number=number)["items"] == []


def test_school_staff_never_see_that_a_parent_is_suspect(world: World, whole: Matter) -> None:
    """For them nobody has relatives, conflicts or consents of others."""
    read = all_that_is_read_by(world, "edu-1", whole)
    assert SUSPECTED not in read
    assert "suspect" not in read.replace('"no_relative_suspect"', "")
    assert SUSPECTED in all_that_is_read_by(world, "cab-1", whole)


def test_school_staff_never_see_another_stage(world: World, whole: Matter) -> None:
    """Schooling is all that there is."""
    for code in STAGES:
        expected = 200 if code is StageCode.SCHOOLING else 404
        assert world.ask("edu-1", "GET", f"/{code}/{whole.stages[code]}").status_code == expected


def test_school_staff_never_tell_other_parents() -> None:
    """No operation sends anything to anybody outside: there is nothing to tell them with."""
    sends = re.compile(r"notify|message_to|broadcast|send_(?!back)|mail|sms|publish")
    assert not [name for name in OPERATIONS if sends.search(name)]
    assert sends.search("send_letter")
    assert not {
        name for body in RECORD_BODIES[StageCode.SCHOOLING].values() for name in body.model_fields
        if re.search(r"parent|class|recipient", name)
    }  # fmt: skip


# --- hospitals ---


def test_hospital_staff_never_read_police_school_or_work_data(world: World, whole: Matter) -> None:
    """They read whom they treat, and their own records."""
    read = all_that_is_read_by(world, "health-1", whole)
    assert secrets_in(read) == {"name", "clinic"}
    assert WHAT_WAS_DONE not in read


def test_hospital_staff_never_upload_raw_clinical_notes_to_a_shared_view(world: World, whole: Matter) -> None:
    """Their records have no field for free notes or findings, and no other unit reads what they do write."""
    fields = {name for body in RECORD_BODIES[StageCode.MEDICAL_CARE].values() for name in body.model_fields}
    assert not {
        name for name in fields if re.search(r"note|diagnos|finding|history|file|text|own_words", name)
    }
    for username in ("cab-1", "psb-1", "edu-1", "hrss-1", "justice-1", "dpf-1", "station-1"):
        assert "clinic" not in secrets_in(all_that_is_read_by(world, username, whole))


def test_hospital_staff_never_feed_routine_maternity_lists() -> None:
    """A report is one message of a human about one concern; none of its fields is for an admission or a birth."""
    (body,) = [schema for name, schema in bodies() if name == "file_report"]
    assert body["type"] == "object"
    never = re.compile(r"maternity|birth(?!_date)|pregnan|admission|deliver")
    reports = {name for name, _ in bodies() if "report" in name and "_report_" not in name}
    fields = {one for name, schema in bodies() if name in reports for one in schema.get("properties", {})}
    assert fields
    assert not {one for one in fields if never.search(one)}
    assert not [name for name in OPERATIONS if re.search(r"import|batch|feed", name)]


# --- shelters ---


def test_shelter_staff_never_reveal_the_address(world: World, whole: Matter) -> None:
    """It is read in the house that holds the shelter, and by nobody else, the owner of the case included."""
    assert "address" in secrets_in(all_that_is_read_by(world, "station-1", whole))
    for username in ("cab-1", "psb-1", "justice-1", "health-1", "edu-1", "hrss-1", "corps-cab-1", "auditor"):
        assert "address" not in secrets_in(all_that_is_read_by(world, username, whole))


def test_shelter_staff_never_hold_a_persons_documents() -> None:
    """Nothing records papers, money or belongings as taken in: they stay with the person."""
    fields = {name for body in RECORD_BODIES[StageCode.SHELTER].values() for name in body.model_fields}
    assert not {
        name for name in fields if re.search(r"document|paper|belonging|deposit|money|fee|kept|held", name)
    }


def test_shelter_staff_never_bar_an_adults_exit(world: World) -> None:
    """No operation holds anybody, and an admission says that it was explained that an adult leaves at will."""
    assert not [
        name
        for name in OPERATIONS
        if re.search(r"detain|^bar_|lock_(in|up)|confine|refuse_exit|hold_person", name)
    ]
    fields = RECORD_BODIES[StageCode.SHELTER]["admission"].model_fields
    assert fields["free_to_leave_explained"].is_required()
    exits = RECORD_BODIES[StageCode.SHELTER]["exit"].model_fields
    assert not {name for name in exits if re.search(r"permi|approv|allowed", name)}


def test_shelter_staff_never_assign_work(world: World, whole: Matter) -> None:
    """They write nothing into employment, and their own records have no word for it."""
    names = [name for name in OPERATIONS if re.fullmatch(r"add_employment_\w+", name)]
    assert len(names) == 6
    assert refused(world, "station-1", whole, *names, "record_willingness") <= {403, 404}
    fields = {name for body in RECORD_BODIES[StageCode.SHELTER].values() for name in body.model_fields}
    assert not {name for name in fields if re.search(r"work|task|job|duty", name)}


def test_shelter_staff_never_see_detail_of_the_investigation(world: World, whole: Matter) -> None:
    """Nor what was done to the person, nor who is suspect."""
    read = all_that_is_read_by(world, "station-1", whole)
    assert "police" not in secrets_in(read)
    assert WHAT_WAS_DONE not in read
    people = world.desk("station-1").get(f"/cases/{whole.case_id}/victims/{whole.victim_id}/relatives")
    assert people["items"]
    assert all("suspect" not in one["fields"] and "suspect" in one["_redacted"] for one in people["items"])
    path = f"/investigation/{whole.stages['investigation']}"
    assert world.ask("station-1", "GET", path).status_code == 404


def test_shelter_staff_never_see_a_future_address(world: World) -> None:
    """Once the shelter is with another house, what is written there does not exist for the first."""
    matter = new_case(world, "0101", "psb-1")
    accept_all(world, matter)
    bureau, first, second = (world.desk(name) for name in ("cab-1", "station-1", "corps-cab-1"))
    shelter = bureau.get(f"/shelter/{matter.stages['shelter']}")
    bureau.move(shelter, "hand_over", {"unit_id": world.unit("station-1"), "reason": "由救助站接收"})
    first.accept(shelter, "accept_hand_over")
    first.move(shelter, "hand_over", {"unit_id": world.unit("corps-cab-1"), "reason": "转往他处"})
    second.accept(shelter, "accept_hand_over")
    placed = {"care": "relief_station", "address": SECRETS["address"], "starts_on": "2026-01-01"}
    second.record(shelter, "placements", datetime.now(UTC) - timedelta(hours=1), **placed)
    assert "address" in secrets_in(all_that_is_read_by(world, "corps-cab-1", matter))
    assert secrets_in(all_that_is_read_by(world, "station-1", matter)) == set()
    assert not [name for name in RECORD_BODIES[StageCode.SHELTER]["exit"].model_fields if "address" in name]


# --- employment counsellors ---


def test_an_employment_counsellor_never_records_willingness(world: World, whole: Matter) -> None:
    """What the person wants is heard by the union, the women's federation or an advocate, in private."""
    known = {one.name: one for one in operations(world)}
    operation = known["record_willingness"]
    answer = world.ask("hrss-1", "POST", operation.at(whole), operation.body)
    assert answer.status_code == 403, answer.text


def test_an_employment_counsellor_never_sees_exploitation_health_or_family(
    world: World, whole: Matter
) -> None:
    """They see whom they advise, how to reach them, and their own records."""
    read = all_that_is_read_by(world, "hrss-1", whole)
    assert secrets_in(read) == {"name", "phone", "work"}
    assert [word for word in (WHAT_WAS_DONE, SUSPECTED, "forced_begging") if word in read] == []
    victim = world.desk("hrss-1").get(f"/cases/{whole.case_id}/victims/{whole.victim_id}")
    assert {"exploitation", "situation", "civil_status", "contact.contact_home"} <= set(victim["_redacted"])


def test_an_employment_counsellor_never_places_a_batch() -> None:
    """Every step is about one person: no body of employment takes a list of people."""
    people = re.compile(r"victim_ids|people|persons|quota|target|headcount")
    for name, body in bodies():
        if "employment" in name:
            assert not [one for one in body.get("properties", {}) if people.search(one)], name
    assert not [name for name in OPERATIONS if re.search(r"batch|quota", name)]


def test_an_employment_counsellor_never_tells_the_employer() -> None:
    """An employer is a name in a record: no account, no recipient, no address, no operation that reaches one."""
    fields = {name: body.model_fields for name, body in RECORD_BODIES[StageCode.EMPLOYMENT].items()}
    employers = {one for body in fields.values() for one in body if "employer" in one}
    assert employers == {"employer"}
    assert not {
        one for body in fields.values() for one in body if re.search(r"told|inform(?!ed_on)|disclos", one)
    }
    assert "employer" not in set(Role)
    assert not [path for _method, path, _ in OPERATIONS.values() if "employer" in path]


# --- lawyers ---


def test_a_lawyer_never_sees_other_clients(world: World, south: Matter) -> None:
    """A case in which they have no work does not exist for them."""
    for operation in _reads(world):
        assert world.ask("justice-1", "GET", operation.at(south)).status_code in (403, 404), operation.name


def test_a_lawyer_never_hands_client_notes_to_the_police(world: World, whole: Matter) -> None:
    """No rule lets the police read them, and inviting the police into the matter does not open them."""
    assert "lawyer" in secrets_in(all_that_is_read_by(world, "justice-1", whole))
    lawyer = world.desk("justice-1")
    stage = lawyer.get(f"/rights_support/{whole.stages['rights_support']}")
    lawyer.post(f"{stage['links']['self']}/invitations", {"unit_id": world.unit("psb-1")})
    assert "lawyer" not in secrets_in(all_that_is_read_by(world, "psb-1", whole))
    told = world.ask("psb-1", "GET", f"{stage['links']['records']}?explain=true").json()
    assert told["_explained"]["legal"] == {"read": False, "rule": "never.police"}
    lawyer.post(f"{stage['links']['self']}/invitations/{world.unit('psb-1')}/end")


def test_a_lawyer_never_sees_the_address_of_a_shelter(world: World, whole: Matter) -> None:
    """Nothing in their work opens it."""
    assert "address" not in secrets_in(all_that_is_read_by(world, "justice-1", whole))
    assert world.ask("justice-1", "GET", f"/shelter/{whole.stages['shelter']}").status_code == 404


# --- the coordinating office ---


def test_the_coordinating_office_never_sees_person_level_records(world: World, whole: Matter) -> None:
    """Every door to a file is shut to them."""
    for operation in _reads(world):
        answer = world.ask("office-1", "GET", operation.at(whole))
        assert answer.json()["type"] == "/problems/role_not_allowed", operation.name
    assert (
        properties_of("WorkloadLine", "LateLine") & {"victim_id", "case_id", "stage_id", "name", "id"}
        == set()
    )


def test_the_coordinating_office_never_goes_down_from_a_count(world: World, whole: Matter) -> None:
    """The lists lead to themselves; the number of a late line opens nothing."""
    for path in ("/coordination/workload", "/coordination/late"):
        shown = world.desk("office-1").get(path)
        ids = {whole.case_id, whole.victim_id, *whole.stages.values()}
        assert not [one for one in ids if one in str(shown)]
        assert all(link.startswith("/coordination") for link in shown["links"].values())
        for line in shown["items"]:
            assert "links" not in line
    assert world.ask("office-1", "GET", "/cases/L-MZXW6YTBOI2DKNRX").status_code in (403, 422)


def test_the_coordinating_office_never_ranks_units_by_closures() -> None:
    """What is counted is what is open and what is late."""
    told = properties_of("Workload", "LateList")
    assert told
    assert not {name for name in told if re.search(r"clos|rank|score|best|worst|percent", name)}
    assert not {
        one for name in ("read_workload", "read_late_list") for one in parameters_of(name) if "sort" in one
    }


def test_the_coordinating_office_never_reads_cases_by_a_police_login(world: World) -> None:
    """Whoever sits in the office is its coordinator and nothing else, and nobody else is."""
    for unit, role in (("office-1", "caseworker"), ("psb-1", "coordinator")):
        body = {
            "username": f"two-hats-{role}", "password": "a long sentence nobody guesses",
            "unit_id": world.unit(unit), "role": role,
        }  # fmt: skip
        answer = world.ask("admin", "POST", "/accounts", body)
        assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "office_and_psb")


# --- supervisors ---


def test_a_supervisor_never_approves_their_own_work(world: World, whole: Matter) -> None:
    """Their agency is not asked, and what they asked themselves they cannot answer."""
    wanted = {"action": "close", "subject_id": whole.case_id, "reason": "各阶段均已办结"}
    path = f"/cases/{whole.case_id}/approvals"
    own = world.ask("cab-supervisor", "POST", path, {**wanted, "approver_unit_id": world.unit("cab-1")})
    assert own.json()["errors"][0]["rule"] == "same_agency"
    answer = world.ask("cab-supervisor", "POST", f"/approvals/{whole.approval_id}/approve", version=1)
    assert answer.status_code == 404


def test_a_supervisor_never_approves_their_own_access_to_peoples_data(world: World) -> None:
    """That of their people is theirs to approve (C-50); their own is somebody else's."""
    mine = world.desk("cab-supervisor").me
    for action in ("approve", "end"):
        path = f"/access_approvals/{mine['account_id']}/{action}"
        assert world.ask("cab-supervisor", "POST", path, {}, version=2).status_code == 404
    person = f"/access_approvals/{world.desk('cab-2').me['account_id']}"
    found = world.desk("cab-supervisor").get(person)
    answer = world.ask("cab-supervisor", "POST", f"{person}/approve", {}, version=found["version"])
    assert (answer.status_code, answer.json()["access_approved_by"]) == (200, mine["account_id"])


def test_a_supervisor_never_erases_history(world: World, whole: Matter) -> None:
    """Nothing deletes: there is no such method in the whole interface."""
    assert {method for method, _path, _ in OPERATIONS.values()} == {"get", "post", "patch", "put"}
    assert {name for name, (method, *_rest) in OPERATIONS.items() if method == "put"} == {
        "change_client_grants", "replace_issuer_keys",
    }  # fmt: skip
    for path in (f"/cases/{whole.case_id}", f"/cases/{whole.case_id}/timeline"):
        assert world.ask("cab-supervisor", "DELETE", path, {}).status_code == 405


# --- who checks ---


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DATA_PROTECTION_OFFICER])
def test_an_auditor_never_edits_anything(world: World, whole: Matter, role: Role) -> None:
    """They may report a concern as everybody may, keep their own account, and say of an emergency what they think of it; the
    officer of data protection holds, releases, erases and hands out on request, and approves access where no supervisor is, none
    of which an auditor does."""
    changes = {name for name in operations_open_to(role) if OPERATIONS[name][0] != "get"}
    looking = {
        "sign_out",
        "file_report",
        "end_emergency_access",
        "review_emergency_access",
        *OF_ONES_OWN_ACCOUNT,
    }
    protecting = {
        "set_legal_hold", "release_legal_hold", "erase_person", "export_person", "approve_access", "end_access_approval",
    }  # fmt: skip
    own = protecting if role is Role.DATA_PROTECTION_OFFICER else set()
    assert changes == (looking | own) - {"list_sessions"}
    for operation in operations(world):
        if operation.method != "GET" and operation.name in rows():
            answer = world.ask("auditor", operation.method, operation.at(whole), operation.body, version=1)
            assert answer.status_code == 403, operation.name


def test_an_auditor_never_sees_a_name_by_default(world: World, whole: Matter) -> None:
    """They read the chain of steps, which holds accounts, kinds and digests, and no value."""
    read = all_that_is_read_by(world, "auditor", whole)
    assert len(read) > 1000
    assert secrets_in(read) == set()
    assert {word for word in (WHAT_WAS_DONE, SUSPECTED) if word in read} == set()


# --- who keeps it running ---


def test_an_administrator_never_reads_case_content(world: World, whole: Matter) -> None:
    """Accounts and units are theirs; no file is."""
    for operation in _reads(world):
        answer = world.ask("admin", "GET", operation.at(whole))
        assert answer.json()["type"] == "/problems/role_not_allowed", operation.name


def test_an_administrator_never_grants_themselves_a_case_role(world: World, whole: Matter) -> None:
    """Of one's own account nobody changes the role. A second one is made quickly, and reads nothing until somebody else, whom
    they cannot be, approves it."""
    me = world.desk("admin").me
    version = world.desk("admin").get(f"/accounts/{me['account_id']}")["version"]
    for change in ({"role": "caseworker"}, {"unit_id": world.unit("cab-1"), "role": "supervisor"}):
        answer = world.ask("admin", "PATCH", f"/accounts/{me['account_id']}", change, version=version)
        assert [unmet["code"] for unmet in answer.json()["unmet"]] == ["another_administrator"]
    again = {
        "username": "admin",
        "password": "a long sentence nobody guesses",
        "unit_id": me["unit_id"],
        "role": "caseworker",
    }
    assert world.ask("admin", "POST", "/accounts", again).status_code == 409
    second = world.ask(
        "admin", "POST", "/accounts", {**again, "username": "second", "unit_id": world.unit("cab-1")}
    )
    world.sql("update accounts set demonstration = true where username = 'second'")  # its first day is over
    for operation in _reads(world):
        answer = world.ask("second", "GET", operation.at(whole))
        kind = "role_not_allowed" if operation.name in EXPORTS else "access_not_approved"
        assert answer.json()["type"] == f"/problems/{kind}", operation.name
    path, case = f"/access_approvals/{second.json()['id']}/approve", f"/cases/{whole.case_id}"
    for name in ("admin", "second", "cab-1"):
        answer = world.ask(name, "POST", path, {}, version=1)
        assert answer.json()["type"] == "/problems/role_not_allowed", name
    assert world.ask("cab-supervisor", "POST", path, {}, version=1).status_code == 200
    assert world.ask("second", "GET", case).status_code == 200


def test_an_administrator_never_changes_anything_silently(world: World) -> None:
    """Every change of theirs is an entry in the chain of the registers, with who made it."""
    count = "select count(*) from timeline_entries where chain = 'register'"
    before = world.sql(count)[0][0]
    body = {
        "username": "a-new-clerk", "password": "a long sentence nobody guesses",
        "unit_id": world.unit("cab-1"), "role": "caseworker",
    }  # fmt: skip
    assert world.ask("admin", "POST", "/accounts", body).status_code == 201
    assert world.sql(count)[0][0] == before + 1
