"""Nobody's work is lost with their account; nobody gives themselves a role; every change is on the register's chain."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.demo_desk import Desk, Refused
from services.demo_journeys import Stage
from tests.api.signing_in.conftest import Desks, Newcomer, Sql, given
from tests.newcomers import Person, bearing

PLACES = "0101"


def version(admin: Desk, account_id: str) -> int:
    return int(admin.get(f"/accounts/{account_id}")["version"])


def post(desk: Desks, account_id: str, action: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    admin = desk("admin")
    return admin.post(f"/accounts/{account_id}/{action}", body, version=version(admin, account_id))


@pytest.fixture
def officer(newcomer: Newcomer, desk: Desks, play: Stage) -> tuple[Person, dict[str, Any]]:
    """Somebody of the police who is named for an open stage, and that stage."""
    person, police = newcomer(unit_of="psb-1"), desk("psb-1")
    body = {
        "kind": "tip",
        "place_id": play.place(PLACES),
        "concerns": ["child_alone"],
        "message": {"narrative": "一个孩子独自在车站"},
    }
    play.client.post("/public/reports", json=body)
    report = police.get("/reports", state="received")["items"][0]
    police.move(report, "screen")
    report = police.move(report, "accept", {})
    case = police.get(report["links"]["case"])
    stages = police.get(case["links"]["stages"])["items"]
    stage = next(one for one in stages if one["code"] == "investigation")
    named = {"officer_id": person.account["id"], "deputy_id": police.me["account_id"]}
    return person, police.move(stage, "accept", named)


@pytest.mark.parametrize("action", ["disable", "change"])
def test_whoever_is_named_for_open_work_hands_it_over_first(
    officer: tuple[Person, dict[str, Any]], desk: Desks, action: str
) -> None:
    person, stage = officer
    admin, police, account_id = desk("admin"), desk("psb-1"), person.account["id"]
    address = f"/accounts/{account_id}"

    def leave() -> dict[str, Any]:
        if action == "disable":
            return post(desk, account_id, "disable")
        return admin.patch(address, {"role": "supervisor"}, version=version(admin, account_id))

    with pytest.raises(Refused) as refused:
        leave()
    assert refused.value.status == 422
    assert [unmet["code"] for unmet in refused.value.problem["unmet"]] == ["work_handed_over"]
    assert stage["id"] not in str(refused.value.problem)
    others = {"officer_id": police.me["account_id"], "deputy_id": desk("psb-2").me["account_id"]}
    police.move(stage, "name_officers", others)
    assert leave()["version"] == 3


def test_in_a_doubt_an_account_is_shut_at_once_whatever_is_open_and_can_be_opened_again(
    officer: tuple[Person, dict[str, Any]], desk: Desks
) -> None:
    person, _stage = officer
    token = person.desk().token
    assert post(desk, person.account["id"], "suspend")["suspended_at"] is not None
    assert person.client.get("/me", headers=bearing(token)).status_code == 401
    assert person.sign_in(person.recovery_codes[0]).status_code == 401
    assert post(desk, person.account["id"], "reinstate")["suspended_at"] is None
    assert person.sign_in(person.recovery_codes[1]).status_code == 200
    assert person.client.get("/me", headers=bearing(token)).status_code == 401


def test_a_closed_account_stays_closed(newcomer: Newcomer, desk: Desks) -> None:
    person = newcomer()
    assert post(desk, person.account["id"], "disable")["disabled_at"] is not None
    with pytest.raises(Refused) as refused:
        post(desk, person.account["id"], "reinstate")
    assert (refused.value.status, refused.value.problem["state"]) == (409, "disabled")
    assert post(desk, person.account["id"], "disable")["disabled_at"] is not None


def test_an_administrator_changes_neither_their_own_role_nor_their_own_password_like_this(
    desk: Desks,
) -> None:
    admin = desk("admin")
    own = admin.me["account_id"]
    with pytest.raises(Refused) as refused:
        admin.patch(f"/accounts/{own}", {"role": "caseworker"}, version=version(admin, own))
    assert [unmet["code"] for unmet in refused.value.problem["unmet"]] == ["another_administrator"]
    with pytest.raises(Refused) as refused:
        post(desk, own, "give_password", {"password": "a sentence for me"})
    assert [unmet["code"] for unmet in refused.value.problem["unmet"]] == ["another_administrator"]


def test_who_lost_everything_begins_again_with_a_given_password(newcomer: Newcomer, desk: Desks) -> None:
    person = newcomer()
    post(desk, person.account["id"], "give_password", {"password": "a sentence for one sign-in"})
    assert person.sign_in(person.recovery_codes[0]).status_code == 401
    shown = {"username": person.username, "password": "a sentence for one sign-in"}
    assert person.client.post("/sign_in", json=shown).json()["to_set_up"] == ["password", "second_factor"]


@pytest.mark.parametrize(
    ("role", "rule"), [("coordinator", "office_and_psb"), ("integration", "machines_have_keys")]
)
def test_a_role_that_does_not_fit_the_unit_is_refused(desk: Desks, role: str, rule: str) -> None:
    account = given(desk)
    admin = desk("admin")
    with pytest.raises(Refused) as refused:
        admin.patch(f"/accounts/{account['id']}", {"role": role}, version=1)
    assert refused.value.problem["errors"][0]["rule"] == rule


def test_steps_that_need_a_proof_are_closed_to_an_administrator_who_sat_there_for_a_while(
    door: TestClient, newcomer: Newcomer, desk: Desks, sql: Sql
) -> None:
    chief, account = newcomer(role="administrator"), given(desk)
    at = chief.desk()
    sql(
        "update sessions set confirmed_at = now() - interval '6 minutes' where account_id = :id",
        id=chief.account["id"],
    )
    headers = {**bearing(at.token), "If-Match": '"1"'}
    address = f"/accounts/{account['id']}"
    tried = {
        "add": door.post("/accounts", json={**account_body(desk), "role": "caseworker"}, headers=headers),
        "change": door.patch(address, json={"role": "supervisor"}, headers=headers),
        "give": door.post(
            f"{address}/give_password", json={"password": "a sentence for one"}, headers=headers
        ),
        "reinstate": door.post(f"{address}/reinstate", json={}, headers=headers),
    }
    assert {name: answer.json().get("type") for name, answer in tried.items()} == dict.fromkeys(
        tried, "/problems/confirmation_needed"
    )
    proof = {"proof": chief.recovery_codes[0]}
    assert door.post("/sign_in/confirm", json=proof, headers=bearing(at.token)).status_code == 200
    assert door.patch(address, json={"role": "supervisor"}, headers=headers).status_code == 200


def account_body(desk: Desks) -> dict[str, str]:
    return {
        "username": "never-added",
        "password": "a sentence for one use",
        "unit_id": desk("cab-1").me["unit_id"],
    }


def test_every_change_of_an_account_is_on_the_chain_of_the_register(
    newcomer: Newcomer, desk: Desks, sql: Sql
) -> None:
    person = newcomer()
    for action, body in (
        ("suspend", None), ("reinstate", None), ("end_sessions", None),
        ("give_password", {"password": "a sentence for one sign-in"}), ("disable", None),
    ):  # fmt: skip
        post(desk, person.account["id"], action, body)
    rows = sql(
        "select convert_from(what, 'UTF8') from timeline_entries where chain = 'register' order by seq"
    )
    about = [json.loads(str(row[0])) for row in rows]
    assert [one["action"] for one in about if one["subject_id"] == person.account["id"]] == [
        "add_account", "approve_access", "suspend_account", "end_access_approval", "reinstate_account", "end_sessions",
        "give_password", "disable_account",
    ]  # fmt: skip
