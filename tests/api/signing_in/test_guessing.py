"""Guessing at one name waits longer each time and then stops, whether anybody has that name or not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.calls import House
from domain.signing_in import FREE_FAILURES, MOST_FAILURES, wait_after
from services.database import transaction
from services.sign_in_failures import name_digest
from tests.api.signing_in.conftest import Desks, Newcomer, Sql
from tests.newcomers import OWN


def test_five_failures_are_free_then_the_wait_doubles_to_a_quarter_of_an_hour_and_at_a_hundred_it_ends() -> (
    None
):
    waits = [wait_after(failures) for failures in range(MOST_FAILURES + 1)]
    assert waits[: FREE_FAILURES + 1] == [timedelta(0)] * 6
    seconds = [int(wait.total_seconds()) for wait in waits[6:] if wait is not None]
    assert seconds[:11] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]
    assert set(seconds[10:]) == {900}
    assert waits[MOST_FAILURES] is None
    assert waits[MOST_FAILURES - 1] is not None


def guess(client: httpx.Client, name: str) -> httpx.Response:
    return client.post("/sign_in", json={"username": name, "password": "not this one, surely"})


def test_the_sixth_wrong_guess_makes_the_next_one_wait_whoever_it_is(
    door: TestClient, newcomer: Newcomer
) -> None:
    person = newcomer()
    told = []
    for name in (person.username, "nobody-has-this-name"):
        answers = [guess(door, name) for _ in range(8)]
        assert [one.status_code for one in answers] == [401] * 6 + [429] * 2
        assert answers[6].headers["Retry-After"] == "1"
        told.append([{k: v for k, v in one.json().items() if k != "instance"} for one in answers])
    assert told[0] == told[1]
    # who knows the password waits as well
    assert person.sign_in().status_code == 429


def test_who_gets_in_is_forgiven(newcomer: Newcomer) -> None:
    person = newcomer()
    for _ in range(3):
        assert [guess(person.client, person.username).status_code for _ in range(4)] == [401] * 4
        assert person.sign_in(person.recovery_codes.pop()).status_code == 200


def test_at_a_hundred_only_an_administrator_opens_it_again(
    house: House, newcomer: Newcomer, desk: Desks, sql: Sql
) -> None:
    person = newcomer()
    with transaction(house.engine, {"master_keys": house.master_keys}) as session:
        digest = name_digest(session, person.username)
    guess(person.client, person.username)
    sql("update sign_in_failures set failures = 99 where name_digest = :digest", digest=digest)
    assert guess(person.client, person.username).status_code == 401
    assert person.sign_in().status_code == 429
    sql(
        "update sign_in_failures set last_at = now() - interval '10 years' where name_digest = :digest",
        digest=digest,
    )
    assert person.sign_in(person.recovery_codes[0]).status_code == 429
    admin, address = desk("admin"), f"/accounts/{person.account['id']}"
    admin.post(f"{address}/reinstate", version=int(admin.get(address)["version"]))
    assert person.sign_in(person.recovery_codes[0]).status_code == 200


def test_a_crowd_of_guesses_at_once_is_evaluated_no_more_often_than_one_after_the_other(
    house: House, client: TestClient, newcomer: Newcomer, sql: Sql
) -> None:
    person = newcomer()
    doors = [person.client] * 12
    with ThreadPoolExecutor(12) as crowd:
        answers = list(crowd.map(lambda door: guess(door, person.username).status_code, doors * 4))
    # 503: no place in the queue, so that nothing was counted and nothing compared
    evaluated = [one for one in answers if one == 401]
    assert set(answers) <= {401, 429, 503}
    assert len(evaluated) <= FREE_FAILURES + 2
    with transaction(house.engine, {"master_keys": house.master_keys}) as session:
        assert sql(
            "select failures from sign_in_failures where name_digest = :digest",
            digest=name_digest(session, person.username),
        ) == [(len(evaluated),)]


@pytest.mark.parametrize("proof", ["000000", "aaaa-aaaa-aaaa-aaaa"])
def test_guessing_at_the_proof_of_a_running_session_is_slowed_down_alike(
    newcomer: Newcomer, proof: str
) -> None:
    person = newcomer()
    desk = person.desk()
    headers = {"Authorization": f"Bearer {desk.token}"}
    answers = [
        person.client.post("/sign_in/confirm", json={"proof": proof}, headers=headers).status_code
        for _ in range(7)
    ]
    assert answers == [401] * 6 + [429]
    body = {"present_password": OWN, "new_password": "yet another sentence of theirs"}
    assert person.client.post("/me/password", json=body, headers=headers).status_code == 429


def test_the_table_of_failures_names_nobody(newcomer: Newcomer, sql: Sql, house: House) -> None:
    person = newcomer()
    guess(person.client, person.username)
    rows = str(sql("select * from sign_in_failures"))
    assert person.username not in rows
    assert person.username.encode().hex() not in rows
    with Session(house.engine, info={"master_keys": house.master_keys}) as session:
        assert len(name_digest(session, person.username)) == 32
