"""Nobody reads people's data before a responsible manager has approved it; who that is, for how long, and what ends it (C-50)."""

from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from domain.actors import CASE_ROLES, Role
from services.database import transaction
from services.sessions import begin
from tests.api.access.test_gates import BY_NAME, rows
from tests.api.access.world import Matter, World, operations

Json = dict[str, Any]
NOT_APPROVED: Final = "/problems/access_not_approved"


def added(world: World, colleague: str, role: str = "caseworker") -> Json:
    """An account that an administrator made in somebody's unit; its first day is behind it."""
    body = {
        "username": f"a-{uuid4().hex[:12]}", "password": "a long sentence nobody guesses",
        "unit_id": world.unit(colleague), "role": role,
    }  # fmt: skip
    account: Json = world.ask("admin", "POST", "/accounts", body).json()
    world.sql("update accounts set demonstration = true where id = :id", id=account["id"])
    return account


def asked(world: World, who: str, action: str, account: Json) -> tuple[int, Json]:
    version = world.sql("select version from accounts where id = :id", id=account["id"])[0][0]
    answer = world.ask(who, "POST", f"/access_approvals/{account['id']}/{action}", {}, version=version)
    return answer.status_code, answer.json()


def waiting(world: World, who: str) -> dict[str, str]:
    """Whose turn it is, by account, on somebody's list."""
    items = world.desk(who).get("/access_approvals", limit=100)["items"]
    return {item["id"]: item["whose_turn"] for item in items}


@pytest.fixture(scope="module")
def newcomer(world: World) -> Json:
    """A caseworker of civil affairs in the north whom nobody let in yet."""
    return added(world, "cab-1")


def test_who_is_not_approved_is_refused_at_every_door_behind_which_people_are_and_at_no_other(
    world: World, newcomer: Json, north: Matter
) -> None:
    wrong = []
    for operation in operations(world):
        answer = world.ask(
            newcomer["username"], operation.method, operation.at(north), operation.body, version=1
        )
        about_people = rows()[operation.name] <= CASE_ROLES | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}
        barred = answer.status_code == 403 and answer.json()["type"] == NOT_APPROVED
        if barred is not (about_people and Role.CASEWORKER in rows()[operation.name]):
            wrong.append(operation.name)
    assert wrong == []
    for address in ("/inbox", "/cases", "/reports", "/letters", "/requests"):
        assert world.ask(newcomer["username"], "GET", address).json()["type"] == NOT_APPROVED, address
    emergency = BY_NAME["open_in_emergency"].path
    said = {"case_number": "not read", "reason_code": "danger_to_life", "reason": "孩子有危险"}
    told = world.ask(newcomer["username"], "POST", emergency, said).json()
    assert told["type"] == NOT_APPROVED
    assert [one["by"] for one in told["possible"]] == [
        ["supervisor_of_the_unit", "supervisor_above", "data_protection_officer"]
    ]


def test_who_is_not_approved_still_reports_a_danger_and_keeps_their_own_account(
    world: World, newcomer: Json
) -> None:
    name = newcomer["username"]
    report = {"kind": "tip", "place_id": world.place("0101"), "message": {"narrative": "有人被关着"}}
    assert world.ask(name, "POST", "/reports", report).status_code == 201
    assert world.desk(name).get("/me")["access_approved_until"] is None
    for address in ("/me/sessions", "/policy", "/units", "/accounts"):
        assert world.ask(name, "GET", address).status_code == 200, address


def test_the_database_itself_shows_no_file_to_who_is_not_approved(
    world: World, newcomer: Json, north: Matter
) -> None:
    def files(username: str) -> int:
        session_id, account_id = world.sql(
            "select s.id, a.id from sessions s join accounts a on a.id = s.account_id where a.username = :name"
            " order by s.id desc limit 1",
            name=username,
        )[0]
        with transaction(world.house.engine) as session:
            begin(session, account_id, session_id)
            seen = session.execute(text("select id from cases where id = :id"), {"id": UUID(north.case_id)})
            return len(seen.all())

    world.desk(newcomer["username"]), world.desk("cab-1")
    assert (files(newcomer["username"]), files("cab-1")) == (0, 1)


def test_it_is_the_nearest_supervisors_turn_and_nobody_approves_themselves(world: World) -> None:
    """Of the unit; else of the level above; else an officer of data protection, in their own place."""
    person, station = added(world, "cab-1"), added(world, "station-1", "institution_staff")
    alone, police = added(world, "south-edu-1"), added(world, "psb-1")
    assert waiting(world, "cab-supervisor").items() >= {
        (person["id"], "supervisor_of_the_unit"), (station["id"], "supervisor_above"),
    }  # fmt: skip
    assert {alone["id"], police["id"]}.isdisjoint(waiting(world, "cab-supervisor"))
    assert waiting(world, "data-officer").items() >= {
        (person["id"], "supervisor_of_the_unit"), (alone["id"], "data_protection_officer"),
    }  # fmt: skip
    assert alone["id"] not in waiting(world, "north-data-officer")
    assert asked(world, "psb-supervisor", "approve", person)[0] == 404
    assert asked(world, "cab-supervisor", "approve", police)[0] == 404
    assert asked(world, "north-data-officer", "approve", alone)[0] == 404
    status, told = asked(world, "data-officer", "approve", person)
    assert (status, told["possible"][0]["by"]) == (409, ["supervisor_of_the_unit"])
    for approver, account in (
        ("cab-supervisor", person), ("cab-supervisor", station), ("data-officer", alone), ("psb-supervisor", police),
    ):  # fmt: skip
        assert asked(world, approver, "approve", account)[0] == 200
        assert account["id"] not in waiting(world, approver)
    own = {"id": world.desk("cab-supervisor").me["account_id"]}
    assert asked(world, "cab-supervisor", "approve", own)[0] == 404
    # of their own unit there is no other: an officer renews it
    assert asked(world, "data-officer", "approve", own)[0] == 200


def test_a_supervisor_whom_nobody_let_in_lets_nobody_in(world: World) -> None:
    chief, person = added(world, "women-1", "supervisor"), added(world, "women-1")
    assert world.ask(chief["username"], "GET", "/access_approvals").json()["type"] == NOT_APPROVED
    assert asked(world, chief["username"], "approve", person)[1]["type"] == NOT_APPROVED
    assert waiting(world, "data-officer")[person["id"]] == "data_protection_officer"
    assert asked(world, "data-officer", "approve", chief)[0] == 200
    assert waiting(world, "data-officer")[person["id"]] == "supervisor_of_the_unit"
    assert asked(world, chief["username"], "approve", person)[0] == 200
    # with another supervisor beside them they still have no say over themselves
    second = added(world, "women-1", "supervisor")
    assert asked(world, chief["username"], "approve", second)[0] == 200
    assert [asked(world, second["username"], "approve", one)[0] for one in (second, chief)] == [404, 200]


def test_an_approval_ends_by_itself_and_is_on_the_list_a_month_before(world: World, north: Matter) -> None:
    account = added(world, "cab-1")
    assert asked(world, "cab-supervisor", "approve", account)[0] == 200
    case, until = (
        f"/cases/{north.case_id}",
        "update accounts set access_approved_until = now() + :left where id = :id",
    )
    listed, reads = [], []
    for days in (31, 29, -1):
        world.sql(until.replace(":left", f"interval '{days} days'"), id=account["id"])
        listed.append(account["id"] in waiting(world, "cab-supervisor"))
        reads.append(world.ask(account["username"], "GET", case).status_code)
    assert (listed, reads) == ([False, True, True], [200, 200, 403])
    assert asked(world, "cab-supervisor", "approve", account)[0] == 200
    assert world.ask(account["username"], "GET", case).status_code == 200


ENDINGS: Final = {
    "change": ("PATCH", "", {"role": "intake"}),
    "suspend": ("POST", "/suspend", {}),
    "give_password": ("POST", "/give_password", {"password": "a sentence for one sign-in"}),
    "disable": ("POST", "/disable", {}),
}
"""What an administrator does to an account after which somebody else may sit behind it, or do something else."""


@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_whatever_an_administrator_does_to_an_account_ends_its_approval(world: World, ending: str) -> None:
    account, (method, action, body) = added(world, "cab-1"), ENDINGS[ending]
    status, approved = asked(world, "cab-supervisor", "approve", account)
    assert (status, approved["access_approved_by"]) == (200, world.desk("cab-supervisor").me["account_id"])
    address = f"/accounts/{account['id']}{action}"
    answer = world.ask("admin", method, address, body, version=approved["version"])
    assert (answer.status_code, answer.json()["access_approved_until"]) == (200, None)
    if ending == "suspend":
        world.ask(
            "admin", "POST", f"/accounts/{account['id']}/reinstate", {}, version=answer.json()["version"]
        )
        assert waiting(world, "cab-supervisor")[account["id"]] == "supervisor_of_the_unit"


def test_an_officer_of_data_protection_reads_who_approved_whom_and_ends_what_should_not_be(
    world: World,
) -> None:
    account = added(world, "cab-1")
    assert asked(world, "cab-supervisor", "approve", account)[0] == 200
    lines = world.desk("data-officer").get("/accounts", unit_id=world.unit("cab-1"), limit=100)["items"]
    (line,) = [one for one in lines if one["id"] == account["id"]]
    assert line["access_approved_by"] == world.desk("cab-supervisor").me["account_id"]
    name = account["username"]
    assert world.ask(name, "GET", "/inbox").status_code == 200
    assert asked(world, "data-officer", "end", account)[0] == 200
    assert world.ask(name, "GET", "/inbox").json()["type"] == NOT_APPROVED
    assert asked(world, "cab-supervisor", "end", account)[0] == 200


def test_an_approval_names_the_version_that_it_was_made_from(world: World) -> None:
    account = added(world, "cab-1")
    path = f"/access_approvals/{account['id']}/approve"
    assert world.ask("cab-supervisor", "POST", path, {}).status_code == 428
    assert world.ask("cab-supervisor", "POST", path, {}, version=7).status_code == 412
    unknown = world.ask("cab-supervisor", "POST", f"/access_approvals/{uuid4()}/approve", {}, version=1)
    assert unknown.status_code == 404
