"""A given password is for one use; a one-time code counts once; a lost device has recovery codes, and an administrator."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from services.demo_desk import Refused
from services.demo_world import PASSWORD
from tests.api.signing_in.conftest import Desks, Newcomer, Sql, given
from tests.newcomers import OWN, bearing, first_day, let_in


def test_whoever_was_given_a_password_does_nothing_before_the_first_steps(
    door: TestClient, desk: Desks
) -> None:
    account = given(desk)
    signed_in = door.post("/sign_in", json={"username": account["username"], "password": PASSWORD}).json()
    assert signed_in["to_set_up"] == ["password", "second_factor"]
    headers = bearing(signed_in["access_token"])
    for address in ("/inbox", "/cases", "/reports", "/units", "/accounts", "/approvals"):
        refused = door.get(address, headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/set_up_first"), address
        assert refused.json()["steps"] == ["password", "second_factor"]
    assert door.get("/me", headers=headers).json()["to_set_up"] == ["password", "second_factor"]
    refreshed = door.post("/sign_in/refresh", json={"refresh_token": signed_in["refresh_token"]}).json()
    assert refreshed["to_set_up"] == ["password", "second_factor"]


def test_after_the_first_steps_everything_is_open_and_the_given_password_counts_no_longer(
    door: TestClient, desk: Desks
) -> None:
    account = given(desk)
    let_in(desk, account)
    person = first_day(door, account["username"], PASSWORD)
    assert person.desk().get("/inbox")["items"] is not None
    assert len(set(person.recovery_codes)) == 10
    shown = {"username": person.username, "password": PASSWORD, "code": person.device.code()}
    assert door.post("/sign_in", json=shown).status_code == 401


def test_a_given_password_that_nobody_used_for_a_week_counts_no_longer(
    door: TestClient, desk: Desks, sql: Sql
) -> None:
    account = given(desk)
    shown = {"username": account["username"], "password": PASSWORD}
    sql("update accounts set password_given_at = now() - interval '8 days' where id = :id", id=account["id"])
    assert door.post("/sign_in", json=shown).status_code == 401
    sql("update accounts set password_given_at = now() - interval '6 days' where id = :id", id=account["id"])
    assert door.post("/sign_in", json=shown).status_code == 200


def test_without_a_code_or_with_a_wrong_one_nobody_gets_in_and_is_not_told_which(newcomer: Newcomer) -> None:
    person = newcomer()
    answers = [
        person.client.post("/sign_in", json={"username": person.username, "password": password, "code": code})
        for password, code in (
            (OWN, ""),
            (OWN, "000000"),
            (OWN, "aaaa-bbbb-cccc-dddd"),
            ("not it, at all", ""),
        )
    ]
    told = [{k: v for k, v in answer.json().items() if k != "instance"} for answer in answers]
    assert {answer.status_code for answer in answers} == {401}
    assert all(one == told[0] for one in told)
    assert person.sign_in().status_code == 200


def test_a_code_counts_once_also_when_twenty_bring_it_at_the_same_moment(
    newcomer: Newcomer, sql: Sql
) -> None:
    person = newcomer()
    code = person.device.code()
    with ThreadPoolExecutor(20) as crowd:
        answers = [one.status_code for one in crowd.map(lambda _: person.sign_in(code), range(20))]
    # the others are too many under one name, or too many at once for the password check
    assert answers.count(200) == 1
    assert set(answers) <= {200, 401, 429, 503}
    sql("delete from sign_in_failures")
    assert person.sign_in(code).status_code == 401


def test_a_code_of_an_earlier_step_opens_nothing_after_a_later_one_did(newcomer: Newcomer) -> None:
    person = newcomer()
    earlier, later = person.device.code(), person.device.code()
    assert person.sign_in(later).status_code == 200
    assert person.sign_in(earlier).status_code == 401


def test_each_recovery_code_opens_once(newcomer: Newcomer) -> None:
    person = newcomer()
    first, second = person.recovery_codes[:2]
    assert [person.sign_in(code).status_code for code in (first, first)] == [200, 401]
    # as people write it down
    assert person.sign_in(second.upper().replace("-", " ")).status_code == 200


def test_new_recovery_codes_replace_the_old_ones(newcomer: Newcomer) -> None:
    person = newcomer()
    old, desk = person.recovery_codes[0], person.desk()
    new = desk.post("/me/recovery_codes")["recovery_codes"]
    assert person.sign_in(old).status_code == 401
    assert person.sign_in(new[0]).status_code == 200


def test_somebody_elses_recovery_code_opens_nothing(newcomer: Newcomer) -> None:
    one, other = newcomer(), newcomer()
    assert one.sign_in(other.recovery_codes[0]).status_code == 401


def test_a_second_device_replaces_the_first_once_it_has_shown_a_code(newcomer: Newcomer, sql: Sql) -> None:
    person = newcomer()
    desk, old = person.desk(), person.device
    new = desk.post("/me/second_factor")["secret"]
    assert person.sign_in(old.code()).status_code == 200
    with pytest.raises(Refused) as refused:
        desk.post("/me/second_factor/confirm", {"code": "000000"})
    assert refused.value.problem["errors"][0]["rule"] == "code_does_not_fit"
    device = type(old)(new)
    desk.post("/me/second_factor/confirm", {"code": device.code()})
    sql("delete from sign_in_failures")
    old.step = 0
    assert person.sign_in(old.code()).status_code == 401
    assert person.sign_in(device.code()).status_code == 200


def test_another_device_needs_a_proof_that_it_is_they(newcomer: Newcomer, sql: Sql) -> None:
    person = newcomer()
    desk = person.desk()
    sql(
        "update sessions set confirmed_at = now() - interval '6 minutes' where account_id = :id",
        id=person.account["id"],
    )
    for address in ("/me/second_factor", "/me/recovery_codes"):
        refused = person.client.post(address, json={}, headers=bearing(desk.token))
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/confirmation_needed")
    proved = person.client.post(
        "/sign_in/confirm", json={"proof": person.recovery_codes[3]}, headers=bearing(desk.token)
    )
    assert proved.status_code == 200
    assert desk.post("/me/second_factor")["address"].startswith("otpauth://totp/Homeward")


def test_the_password_alone_proves_nothing_where_there_is_a_second_factor(newcomer: Newcomer) -> None:
    person = newcomer()
    headers = bearing(person.desk().token)
    assert person.client.post("/sign_in/confirm", json={"proof": OWN}, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        ("short", "password_rule"),
        (OWN, "password_unchanged"),
        ("my name is {name}, you know", "password_holds_name"),
    ],
)
def test_a_new_password_keeps_the_rules(newcomer: Newcomer, new: str, rule: str) -> None:
    person = newcomer()
    body = {"present_password": OWN, "new_password": new.format(name=person.username)}
    refused = person.client.post("/me/password", json=body, headers=bearing(person.desk().token))
    assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (422, rule)


def test_a_new_password_ends_every_other_session(newcomer: Newcomer, sql: Sql) -> None:
    person = newcomer()
    here, there = person.desk(), person.desk()
    body = {"present_password": OWN, "new_password": "yet another sentence of theirs"}
    assert person.client.post("/me/password", json=body, headers=bearing(here.token)).status_code == 204
    assert here.get("/me/sessions")["items"][0]["this_one"] is True
    assert person.client.get("/me", headers=bearing(there.token)).status_code == 401


def test_the_seed_cannot_be_read_in_the_database_nor_moved_to_another_account(
    newcomer: Newcomer, sql: Sql
) -> None:
    one, other = newcomer(), newcomer()
    (seed,) = sql("select seed from second_factors where account_id = :id", id=one.account["id"])[0]
    assert isinstance(seed, memoryview | bytes)
    assert one.device.secret.encode() not in bytes(seed)
    sql(
        "update second_factors set seed = (select seed from second_factors where account_id = :one) where account_id = :two",
        one=one.account["id"],
        two=other.account["id"],
    )
    one.device.step = 0
    answer = other.sign_in(one.device.code())
    assert answer.status_code >= 400
