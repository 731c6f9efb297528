"""The doors that need no account slow a source down, and keep no address of it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.calls import House
from api.main import application
from domain.refusals import TooMany
from services import rate_limits
from services.demo_desk import Desk
from services.demo_world import PASSWORD
from services.rate_limits import PUBLIC_REPORTS, RECEIPTS, SIGN_INS, Limit
from services.request_meter import RequestMeter
from tests.api.manners.casework import report_body
from tests.api.manners.operations import Caller, Document
from tests.doors import another_door

SIGNING_IN: Final = {"username": "psb-1", "password": PASSWORD}
ADDRESSES: Final = ("203.0.113.77", "2001:db8:77::1")


@dataclass(frozen=True, slots=True)
class Limited:
    """A door with a limit, a knock, and the status that a free knock gets."""

    limit: Limit
    knock: Callable[[Caller], httpx.Response]
    free: int


def _receipt(caller: Caller) -> httpx.Response:
    return caller.client.get("/receipts/R-00000-00000-0", headers={"Receipt-Secret": "unknown"})


DOORS: Final = {
    "reports": Limited(PUBLIC_REPORTS, lambda c: c.send("report_publicly", None, report_body(c)), 201),
    "receipts": Limited(RECEIPTS, _receipt, 404),
    "sign_ins": Limited(SIGN_INS, lambda c: c.send("sign_in", None, SIGNING_IN), 200),
}


def _from(client: TestClient, document: Document, address: str) -> Caller:
    return Caller(another_door(client, address), document)


def _knock_until(house: House, limit: Limit, address: str, left: int) -> None:
    """Count all but `left` of the window's requests, in a window that does not end meanwhile."""
    while limit.seconds - time.time() % limit.seconds < 3:
        time.sleep(0.2)
    for _ in range(limit.requests - left):
        rate_limits.count(house.engine, house.master_keys, limit, address, datetime.now(UTC))


@pytest.mark.parametrize("name", list(DOORS))
def test_one_request_too_many_is_told_when_to_come_back(
    house: House, client: TestClient, document: Document, name: str
) -> None:
    door, address = DOORS[name], f"203.0.113.{10 + list(DOORS).index(name)}"
    caller = _from(client, document, address)
    _knock_until(house, door.limit, address, left=1)
    assert door.knock(caller).status_code == door.free
    refused = door.knock(caller)
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too_many")
    assert 1 <= int(refused.headers["Retry-After"]) <= door.limit.seconds + 1
    assert refused.headers["RateLimit-Policy"] == f'"default";q={door.limit.requests};w={door.limit.seconds}'
    assert refused.headers["RateLimit"].startswith('"default";r=0;t=')
    assert door.knock(_from(client, document, f"{address}1"[:13])).status_code == door.free


@pytest.mark.parametrize("name", ["reports", "sign_ins"])
def test_an_answer_says_how_many_are_left(client: TestClient, document: Document, name: str) -> None:
    door = DOORS[name]
    caller = _from(client, document, f"203.0.113.{90 + list(DOORS).index(name)}")
    left = [door.knock(caller).headers["RateLimit"].split(";")[1] for _ in range(3)]
    assert left == [f"r={door.limit.requests - used}" for used in (1, 2, 3)]


def test_guessing_receipts_and_passwords_counts_though_it_fails(
    client: TestClient, document: Document, admin_engine: Engine
) -> None:
    caller = _from(client, document, "203.0.113.200")
    before = _hits(admin_engine)
    wrong = caller.send("sign_in", None, {"username": "psb-1", "password": "not the right sentence"})
    assert (wrong.status_code, _receipt(caller).status_code) == (401, 404)
    assert _hits(admin_engine) == before + 2


def _hits(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("select coalesce(sum(hits), 0) from rate_counters")).scalar_one())


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_table_knows_no_address(
    house: House, client: TestClient, document: Document, admin_engine: Engine, address: str
) -> None:
    caller = _from(client, document, address)
    assert caller.send("report_publicly", None, report_body(caller)).status_code == 201
    with admin_engine.connect() as connection:
        dump = connection.execute(text("select r::text, source from rate_counters r")).all()
    assert all(address not in row[0] and address.encode() not in bytes(row[1]) for row in dump)
    assert all(len(bytes(row[1])) == 32 for row in dump)
    assert address.encode().hex() not in "".join(row[0] for row in dump)


# --- those who are signed in ---


def test_an_account_that_asks_too_often_waits_and_others_do_not(
    house: House, client: TestClient, document: Document
) -> None:
    narrow = replace(house, meter=RequestMeter(Limit("requests", 5, 60)))
    with TestClient(application(narrow), raise_server_exceptions=False) as door:
        one, other = (Desk.of(door, username, PASSWORD) for username in ("psb-1", "cab-1"))
        answers = [door.get("/inbox", headers={"Authorization": f"Bearer {one.token}"}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
        refused = answers[-1]
        assert refused.json()["type"] == "/problems/too_many"
        assert 1 <= int(refused.headers["Retry-After"]) <= 61
        assert refused.headers["RateLimit-Policy"] == '"default";q=5;w=60'
        assert other.get("/inbox")["items"] is not None


def test_a_window_ends_and_the_meter_forgets() -> None:
    meter = RequestMeter(Limit("requests", 2, 1))
    account = uuid4()
    assert [meter.count(account), meter.count(account)] == [1, 0]
    with pytest.raises(TooMany) as refused:
        meter.count(account)
    assert refused.value.retry_after in (1, 2)
    time.sleep(1.1)
    assert meter.count(account) == 1


def test_a_thousand_at_once_are_counted_one_by_one() -> None:
    meter, account = RequestMeter(Limit("requests", 300, 3600)), uuid4()

    def ask(_: int) -> bool:
        try:
            meter.count(account)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(16) as crowd:
        assert list(crowd.map(ask, range(1000))).count(True) == 300
