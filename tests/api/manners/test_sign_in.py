"""Signing in tells a guesser nothing, ends at once when it must, and leaves no trace of a person in the log."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest
import structlog
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from api.calls import House
from services.demo_desk import Desk, Json
from services.demo_world import PASSWORD
from tests.api.manners.operations import Caller

Staff = Callable[[str], Desk]
WRONG: Final = "not the right sentence"


@pytest.fixture
def newcomer(caller: Caller, staff: Staff) -> Json:
    """An account of this test's own."""
    admin = staff("admin")
    body = {
        "username": f"n-{uuid4().hex[:12]}",
        "password": PASSWORD,
        "unit_id": staff("cab-1").me["unit_id"],
    }
    return caller.done("add_account", admin, {**body, "role": "caseworker"})


def _sign_in(caller: Caller, username: str, password: str = PASSWORD) -> httpx.Response:
    return caller.send("sign_in", None, {"username": username, "password": password})


def _desk(caller: Caller, username: str) -> Desk:
    return Desk(caller.client, username, _sign_in(caller, username).json()["access_token"])


def _me(caller: Caller, token: str) -> int:
    return caller.client.get("/me", headers={"Authorization": f"Bearer {token}"}).status_code


def _disable(caller: Caller, staff: Staff, account: Json) -> None:
    caller.done("disable_account", staff("admin"), version=account["version"], account_id=account["id"])


def test_unknown_name_wrong_password_and_closed_account_are_told_apart_by_nobody(
    caller: Caller, staff: Staff, newcomer: Json
) -> None:
    _disable(caller, staff, newcomer)
    answers = [
        _sign_in(caller, "nobody-of-this-name"),
        _sign_in(caller, "psb-1", WRONG),
        _sign_in(caller, newcomer["username"]),
        _sign_in(caller, newcomer["username"], WRONG),
        _sign_in(caller, "psb-1", "short"),
    ]
    bodies = [
        {name: value for name, value in answer.json().items() if name != "instance"} for answer in answers
    ]
    assert all(body == bodies[0] for body in bodies)
    assert {answer.status_code for answer in answers} == {401}
    assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1


def test_closing_an_account_acts_on_the_next_request(caller: Caller, staff: Staff, newcomer: Json) -> None:
    desk = _desk(caller, newcomer["username"])
    assert _me(caller, desk.token) == 200
    _disable(caller, staff, newcomer)
    assert _me(caller, desk.token) == 401
    assert _sign_in(caller, newcomer["username"]).status_code == 401


def test_signing_out_acts_on_the_next_request_and_on_this_session_only(
    caller: Caller, newcomer: Json
) -> None:
    first, second = (_desk(caller, newcomer["username"]) for _ in range(2))
    assert caller.send("sign_out", first).status_code == 204
    assert (_me(caller, first.token), _me(caller, second.token)) == (401, 200)
    assert caller.send("sign_out", first).status_code == 401


@pytest.mark.parametrize("end", ["revoked_at = now()", "expires_at = now() - interval '1 second'"])
def test_a_session_that_ended_opens_nothing(
    house: House, caller: Caller, admin_engine: Engine, newcomer: Json, end: str
) -> None:
    token = _desk(caller, newcomer["username"]).token
    claims = house.token_keys.verify(token, now=datetime.now(UTC))
    with admin_engine.begin() as connection:
        connection.execute(text(f"update sessions set {end} where id = :id"), {"id": claims.session})  # noqa: S608
    assert _me(caller, token) == 401


def test_an_expired_token_opens_nothing_though_its_session_runs(
    house: House, caller: Caller, newcomer: Json
) -> None:
    keys, token = house.token_keys, _desk(caller, newcomer["username"]).token
    claims = keys.verify(token, now=datetime.now(UTC))
    before = datetime.now(UTC) - timedelta(minutes=11)
    expired = keys.sign(keys.new_claims(claims.subject, claims.session, now=before))
    assert (_me(caller, token), _me(caller, expired)) == (200, 401)


def test_a_session_is_good_for_its_own_account_only(house: House, caller: Caller, newcomer: Json) -> None:
    keys, now = house.token_keys, datetime.now(UTC)
    claims = keys.verify(_desk(caller, newcomer["username"]).token, now=now)
    other = keys.verify(_sign_in(caller, "psb-1").json()["access_token"], now=now)
    assert _me(caller, keys.sign(keys.new_claims(other.subject, claims.session, now=now))) == 401
    assert _me(caller, keys.sign(keys.new_claims(UUID(int=7), claims.session, now=now))) == 401


@pytest.fixture
def log() -> Iterator[list[Any]]:
    """Every line that the request log writes meanwhile."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))
    try:
        with capture_logs() as lines:
            yield lines
    finally:
        structlog.configure(**before)


def test_the_log_names_nobody(
    caller: Caller, staff: Staff, newcomer: Json, log: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    name, number = newcomer["username"], "R-12345-67890-1"
    token = _sign_in(caller, name).json()["access_token"]
    _sign_in(caller, name, "a wrong sentence of theirs")
    headers = {"Authorization": f"Bearer {token}", "X-Purpose-Of-Use": "case_work"}
    caller.client.get("/cases?state=open", headers=headers)
    caller.client.get(f"/cases/{newcomer['id']}", headers=headers)
    caller.client.get(f"/receipts/{number}", headers={"Receipt-Secret": "their-own-secret"})
    caller.client.get(f"/nowhere/{name}", headers=headers)
    caller.client.post("/reports", content=b'{"message": "their own words', headers=headers)
    told = [PASSWORD, name, token, newcomer["id"], number, "theirs", "their", "state=open", "2001:db8"]
    own = [
        record.getMessage() for record in caplog.records if record.name.startswith(("homeward", "uvicorn"))
    ]
    written = f"{log}{own}"
    assert [word for word in told if word in written] == []
    assert len(log) == 7
    members = {"event", "log_level", "method", "route", "status", "milliseconds", "request_id"}
    assert all(set(line) == members for line in log)
    assert {line["route"] for line in log} >= {"/sign_in", "/cases/{case_id}", "/receipts/{number}"}
