"""A session goes on with refresh tokens that are used once; who uses one twice ends it; what an administrator ends is over."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from api.calls import House
from services.demo_desk import Desk
from tests.api.signing_in.conftest import Desks, Newcomer, Sql
from tests.doors import another_door
from tests.newcomers import Person, bearing


def refresh(client: httpx.Client, token: str) -> httpx.Response:
    return client.post("/sign_in/refresh", json={"refresh_token": token})


def works(client: httpx.Client, access_token: str) -> bool:
    return client.get("/me", headers=bearing(access_token)).status_code == 200


@pytest.fixture
def running(newcomer: Newcomer) -> dict[str, Any]:
    """A session that just began."""
    person = newcomer()
    return {**person.sign_in().json(), "client": person.client, "person": person}


def test_a_refresh_token_gives_the_next_one_and_a_token_that_works(running: dict[str, Any]) -> None:
    client = running["client"]
    second = refresh(client, running["refresh_token"]).json()
    third = refresh(client, second["refresh_token"]).json()
    assert len({running["refresh_token"], second["refresh_token"], third["refresh_token"]}) == 3
    assert works(client, third["access_token"])
    assert second["session_expires_at"] == running["session_expires_at"]


def test_fifty_at_once_get_one_and_the_same_successor(running: dict[str, Any], sql: Sql) -> None:
    client = running["client"]
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda _: refresh(client, running["refresh_token"]), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert len(sql(
        "select 1 from refresh_tokens r join sessions s on s.id = r.session_id where s.account_id = :id and used_at is null",
        id=running["person"].account["id"],
    )) >= 1  # fmt: skip
    assert works(client, answers[0].json()["access_token"])


def test_a_lost_answer_is_given_again_for_ten_seconds_from_the_same_place_only(
    running: dict[str, Any], client: TestClient
) -> None:
    here = running["client"]
    lost = refresh(here, running["refresh_token"]).json()
    again = refresh(here, running["refresh_token"]).json()
    assert again["refresh_token"] == lost["refresh_token"]
    stolen = refresh(another_door(client, "2001:db8:66::1"), running["refresh_token"])
    assert stolen.status_code == 401
    # nobody knows who of the two is the thief
    assert refresh(here, lost["refresh_token"]).status_code == 401
    assert not works(here, lost["access_token"])
    assert not works(here, running["access_token"])


def test_a_token_used_again_later_ends_the_session_and_is_written_down(
    running: dict[str, Any], sql: Sql
) -> None:
    client = running["client"]
    second = refresh(client, running["refresh_token"]).json()
    sql("update refresh_tokens set used_at = used_at - interval '11 seconds' where used_at is not null")
    assert refresh(client, running["refresh_token"]).status_code == 401
    assert not works(client, second["access_token"])
    assert refresh(client, second["refresh_token"]).status_code == 401
    (last,) = sql(
        "select convert_from(what, 'UTF8') from timeline_entries where chain = 'register' order by seq desc limit 1"
    )
    assert "refresh_token_used_twice" in str(last[0])
    assert running["person"].account["id"] in str(last[0])


def test_a_token_used_before_its_successor_was_is_not_given_out_once_the_successor_went_on(
    running: dict[str, Any],
) -> None:
    client = running["client"]
    second = refresh(client, running["refresh_token"]).json()
    assert refresh(client, second["refresh_token"]).status_code == 200
    assert refresh(client, running["refresh_token"]).status_code == 401


@pytest.mark.parametrize("token", ["A" * 43, "unknown_unknown_unknown_unknown_unknown_unk"])
def test_a_token_that_nobody_gave_opens_nothing(client: TestClient, token: str) -> None:
    assert refresh(client, token).status_code == 401


def test_idle_for_half_an_hour_means_signing_in_again(running: dict[str, Any], sql: Sql) -> None:
    sql("update refresh_tokens set expires_at = now() - interval '1 second'")
    assert refresh(running["client"], running["refresh_token"]).status_code == 401


def test_no_refresh_goes_past_the_end_of_the_session(running: dict[str, Any], sql: Sql) -> None:
    client = running["client"]
    sql(
        "update sessions set expires_at = now() + interval '3 minutes' where account_id = :id",
        id=running["person"].account["id"],
    )
    second = refresh(client, running["refresh_token"]).json()
    assert second["refresh_expires_at"] == second["session_expires_at"]
    sql("update sessions set expires_at = now() where account_id = :id", id=running["person"].account["id"])
    assert refresh(client, second["refresh_token"]).status_code == 401


def test_the_database_holds_no_refresh_token_that_could_be_used(running: dict[str, Any], sql: Sql) -> None:
    second = refresh(running["client"], running["refresh_token"]).json()
    rows = str(sql("select digest, successor from refresh_tokens"))
    for token in (running["refresh_token"], second["refresh_token"]):
        assert token not in rows
        assert token.encode().hex() not in rows


# --- what an administrator, or its owner, ends ---


def test_everybody_sees_and_ends_their_own_other_sessions(newcomer: Newcomer) -> None:
    person = newcomer()
    one, two = person.desk(), person.desk()
    assert [line["this_one"] for line in two.get("/me/sessions")["items"]][:2] == [True, False]
    two.post("/me/sessions/end_others")
    assert (works(person.client, one.token), works(person.client, two.token)) == (False, True)


ENDING = ("suspend", "disable", "end_sessions", "give_password", "change")


def _end(desk: Desks, person: Person, how: str) -> None:
    admin, address = desk("admin"), f"/accounts/{person.account['id']}"
    version = int(admin.get(address)["version"])
    if how == "change":
        admin.patch(address, {"role": "supervisor"}, version=version)
    elif how == "give_password":
        admin.post(f"{address}/{how}", {"password": "a sentence for one sign-in"}, version=version)
    else:
        admin.post(f"{address}/{how}", version=version)


@pytest.mark.parametrize("how", ENDING)
def test_what_an_administrator_ends_is_over_with_the_next_request(
    newcomer: Newcomer, desk: Desks, how: str
) -> None:
    person = newcomer()
    signed_in = person.sign_in().json()
    assert works(person.client, signed_in["access_token"])
    _end(desk, person, how)
    passed = [works(person.client, signed_in["access_token"]) for _ in range(200)]
    assert not any(passed)
    assert refresh(person.client, signed_in["refresh_token"]).status_code == 401


def test_a_session_is_checked_in_the_statement_that_every_request_begins_with(
    house: House, desk: Desks, client: TestClient
) -> None:
    seen: list[str] = []
    at: Desk = desk("cab-1")

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine: Engine = house.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        at.get("/me")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(seen) == 1
    assert "revoked_at is null" in seen[0]
