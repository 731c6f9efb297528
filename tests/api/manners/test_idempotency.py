"""A key makes a request safe to send again: one effect, and the first answer comes back byte for byte."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Final
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.calls import House
from services import idempotency
from services.demo_desk import Desk
from services.demo_journeys import Stage
from services.demo_world import PASSWORD
from services.idempotency import Claim
from services.sessions import NOBODY, begin_as_nobody
from tests.api.manners.casework import new_case, report_body
from tests.api.manners.operations import Caller

Staff = Callable[[str], Desk]
THREADS: Final = 16
KEYS: Final = 200
KEPT_HEADERS: Final = ("content-type", "content-language", "cache-control", "location", "etag")


def _key() -> str:
    return str(uuid4())


def _count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())  # noqa: S608


def _same(first: httpx.Response, second: httpx.Response) -> bool:
    headers = all(first.headers.get(name) == second.headers.get(name) for name in KEPT_HEADERS)
    return first.status_code == second.status_code and first.content == second.content and headers


@pytest.mark.parametrize("operation_id", ["report_publicly", "file_report"])
def test_the_same_request_again_brings_the_first_answer_and_no_second_report(
    caller: Caller, staff: Staff, admin_engine: Engine, operation_id: str
) -> None:
    desk = staff("hotline") if operation_id == "file_report" else None
    body, key, before = report_body(caller), _key(), _count(admin_engine, "reports")
    first, second, third = (caller.send(operation_id, desk, body, key=key) for _ in range(3))
    assert first.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    assert _same(first, second)
    assert _same(first, third)
    assert second.headers["Idempotent-Replayed"] == third.headers["Idempotent-Replayed"] == "true"
    assert first.headers["Location"].startswith("/receipts/")
    assert _count(admin_engine, "reports") == before + 1


def test_a_replayed_move_brings_its_etag_and_moves_nothing(caller: Caller, staff: Staff) -> None:
    desk = staff("psb-1")
    case, key = new_case(caller, desk), _key()
    version = caller.done("read_case", desk, case_id=case.id)["version"]
    body = {"unit_id": staff("cab-1").me["unit_id"], "reason": "移交"}
    first, second = (
        caller.send("hand_over_case", desk, body, version=version, key=key, case_id=case.id) for _ in range(2)
    )
    assert first.headers["ETag"] == f'"{version + 1}"'
    assert _same(first, second)
    assert caller.done("read_case", desk, case_id=case.id)["version"] == version + 1


def test_each_answer_has_a_request_id_of_its_own_though_it_is_replayed(caller: Caller, staff: Staff) -> None:
    body, key = report_body(caller), _key()
    answers = [caller.send("file_report", staff("hotline"), body, key=key) for _ in range(2)]
    assert len({answer.headers["X-Request-ID"] for answer in answers}) == 2


def test_another_payload_under_the_same_key_is_refused(
    caller: Caller, staff: Staff, admin_engine: Engine
) -> None:
    key, desk = _key(), staff("hotline")
    caller.done("file_report", desk, report_body(caller), key=key)
    before = _count(admin_engine, "reports")
    other = caller.send("file_report", desk, report_body(caller, kind="complaint"), key=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key_reused")
    assert _count(admin_engine, "reports") == before


def test_the_same_key_at_another_address_is_another_key(caller: Caller, staff: Staff) -> None:
    desk, key = staff("psb-1"), _key()
    case = new_case(caller, desk)
    caller.done("add_victim", desk, {}, key=key, case_id=case.id)
    asked = caller.send("add_victim", desk, {}, key=key, case_id=new_case(caller, desk).id)
    assert asked.status_code == 201
    assert "Idempotent-Replayed" not in asked.headers


@pytest.mark.parametrize("others", [("psb-1", "psb-2"), ("psb-1", "hotline")])
def test_keys_of_two_accounts_never_meet(caller: Caller, staff: Staff, others: tuple[str, str]) -> None:
    body, key = report_body(caller), _key()
    first, second = (caller.done("file_report", staff(name), body, key=key) for name in others)
    assert first["number"] != second["number"]


def test_an_account_never_meets_the_public_doors_keys(caller: Caller, staff: Staff) -> None:
    body, key = report_body(caller), _key()
    publicly = caller.done("report_publicly", None, body, key=key)
    signed_in = caller.done("file_report", staff("hotline"), body, key=key)
    assert publicly["number"] != signed_in["number"]


def test_a_refused_request_frees_its_key(caller: Caller, staff: Staff) -> None:
    desk, key = staff("psb-1"), _key()
    case = new_case(caller, desk)
    version = caller.done("read_case", desk, case_id=case.id)["version"]
    body = {"unit_id": staff("cab-1").me["unit_id"], "reason": "移交"}
    stale = caller.send("hand_over_case", desk, body, version=version + 7, key=key, case_id=case.id)
    assert stale.status_code == 412
    again = caller.send("hand_over_case", desk, body, version=version, key=key, case_id=case.id)
    assert again.status_code == 200
    assert "Idempotent-Replayed" not in again.headers


def test_the_kept_answer_cannot_be_read_in_the_table(caller: Caller, admin_engine: Engine) -> None:
    key = _key()
    receipt = caller.done("report_publicly", None, report_body(caller), key=key)
    with admin_engine.connect() as connection:
        row = connection.execute(text("select * from idempotency_keys where key = :key"), {"key": key}).one()
    stored = b"|".join(
        bytes(value) if isinstance(value, memoryview) else str(value).encode() for value in row
    )
    assert row.status == 201
    assert receipt["secret"].encode() not in stored
    assert receipt["number"].encode() not in stored


def test_signing_in_takes_no_key_and_keeps_no_token(caller: Caller, admin_engine: Engine) -> None:
    before, key = _count(admin_engine, "idempotency_keys"), _key()
    name = {"username": "psb-2", "password": PASSWORD}
    first, second = (caller.send("sign_in", None, name, key=key) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.json()["access_token"] != second.json()["access_token"]
    assert "Idempotent-Replayed" not in second.headers
    assert _count(admin_engine, "idempotency_keys") == before


def test_the_document_offers_the_key_where_it_works(caller: Caller) -> None:
    document = caller.document
    offered = {
        operation_id
        for operation_id in document.operations
        if any(parameter["name"] == "Idempotency-Key" for parameter in document.parameters(operation_id))
    }
    writing = {name for name, (method, _, _) in document.operations.items() if method != "GET"}
    assert offered == writing - {"sign_in", "sign_out", "search_people", "export_person"}


def test_a_twin_of_a_request_under_way_is_told_to_come_back(caller: Caller, house: House) -> None:
    body, key = report_body(caller), _key()
    wanted = Claim(NOBODY, "POST /public/reports", key, b"whatever it was")
    with Session(house.engine, info={"master_keys": house.master_keys}) as session:
        begin_as_nobody(session)
        assert idempotency.claim(session, wanted) is None
        twin = caller.send("report_publicly", None, body, key=key)
        session.rollback()
    assert (twin.status_code, twin.json()["type"]) == (409, "/problems/key_in_flight")
    assert int(twin.headers["Retry-After"]) >= 1
    assert caller.send("report_publicly", None, body, key=key).status_code == 201


def test_twins_at_the_same_moment_have_one_effect(served: httpx.Client, caller: Caller, staff: Staff) -> None:
    body, key, headers = report_body(caller), _key(), {"Authorization": f"Bearer {staff('hotline').token}"}
    start = threading.Barrier(8)

    def send() -> httpx.Response:
        start.wait()
        return served.post("/reports", json=body, headers={**headers, "Idempotency-Key": key})

    with ThreadPoolExecutor(8) as pool:
        answers = [future.result() for future in [pool.submit(send) for _ in range(8)]]
    done = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in done}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in done) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 409)


def test_two_hundred_keys_sent_up_to_three_times_by_sixteen_threads_have_one_effect_each(
    served: httpx.Client, caller: Caller, staff: Staff, admin_engine: Engine
) -> None:
    body, before = report_body(caller), _count(admin_engine, "reports")
    headers = {"Authorization": f"Bearer {staff('hotline').token}"}
    order = random.Random(7)
    keys = [_key() for _ in range(KEYS)]
    sendings = [key for key in keys for _ in range(order.randint(1, 3))]
    order.shuffle(sendings)

    def send(key: str) -> tuple[str, str]:
        while True:
            answer = served.post("/reports", json=body, headers={**headers, "Idempotency-Key": key})
            if answer.status_code == 201:
                return key, str(answer.json()["number"])
            assert answer.status_code in (409, 503), answer.text
            sleep(0.05)

    with ThreadPoolExecutor(THREADS) as pool:
        answers = set(pool.map(send, sendings))
    assert len(answers) == len({number for _, number in answers}) == KEYS
    assert _count(admin_engine, "reports") == before + KEYS


def test_without_an_account_a_key_that_could_be_guessed_is_refused(client: TestClient, play: Stage) -> None:
    body = {"place_id": play.place("0101"), "message": {"narrative": "有人求助"}}
    short = client.post("/public/reports", json=body, headers={"Idempotency-Key": "k" * 31})
    assert (short.status_code, short.json()["errors"][0]["rule"]) == (422, "key_too_short")
    assert (
        client.post("/public/reports", json=body, headers={"Idempotency-Key": str(uuid4())}).status_code
        == 201
    )
