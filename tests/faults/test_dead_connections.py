"""Connections that died with PostgreSQL are noticed before anything is asked of them."""

import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from api.problems import problem_of_database
from services.database import engine_for, transaction
from tests.faults.ground import PROGRAM, Api, Ground, kill_postgres, start_again

CONNECTIONS = 8


@pytest.fixture
def engine(ground: Ground) -> Iterator[Engine]:
    """A pool of which every connection is open."""
    assert ground.settings.database_url is not None
    made = engine_for(ground.settings.database_url, CONNECTIONS)
    all_open = threading.Barrier(CONNECTIONS)

    def hold(_number: int) -> None:
        with made.connect():
            all_open.wait(10)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(hold, range(CONNECTIONS)))
    yield made
    made.dispose()


def ask(engine: Engine) -> int:
    with transaction(engine) as session:
        answer: int = session.execute(text("select pg_backend_pid()")).scalar_one()
        return answer


def test_a_restart_of_postgresql_costs_no_transaction_that_begins_after_it(
    ground: Ground, engine: Engine
) -> None:
    kill_postgres(ground.server)
    start_again(ground.server)
    assert all(ask(engine) for _ in range(3 * CONNECTIONS))


def test_a_connection_that_was_ended_by_the_administrator_is_replaced_unseen(
    ground: Ground, engine: Engine
) -> None:
    superuser = ground.superuser()
    with superuser.connect() as connection:
        ended = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'homeward_application'"
        assert all(connection.execute(text(ended)).scalars())
    superuser.dispose()
    assert all(ask(engine) for _ in range(3 * CONNECTIONS))


def test_living_connections_stay(engine: Engine) -> None:
    before = {ask(engine) for _ in range(2 * CONNECTIONS)}
    assert {ask(engine) for _ in range(2 * CONNECTIONS)} <= before


@pytest.mark.parametrize(
    ("setting", "question"),
    [
        ("idle_in_transaction_session_timeout=20ms", "select pg_sleep(0)"),
        ("statement_timeout=20ms", "select pg_sleep(1)"),
        ("default_transaction_read_only=on", "delete from rate_counters"),
    ],
)
def test_a_transaction_that_the_server_cut_short_may_be_tried_again(
    ground: Ground, setting: str, question: str
) -> None:
    """Too slow, or a standby after a switch: nothing was changed, and the same key makes it safe."""
    assert ground.settings.database_url is not None
    address = make_url(ground.settings.database_url).update_query_dict({"options": f"-c {setting}"})
    engine = engine_for(address.render_as_string(hide_password=False), 1)

    def rest_then_ask() -> None:
        with transaction(engine) as session:
            session.execute(text("select 1"))
            time.sleep(0.1)
            session.execute(text(question))

    with pytest.raises(DBAPIError) as refused:
        rest_then_ask()
    assert problem_of_database(refused.value).code == "busy"
    engine.dispose()


def get(api: Api, path: str) -> tuple[int, str | None, str | None]:
    """Status, Retry-After and Content-Type of the answer, on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", api.port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Retry-After"), answer.getheader("Content-Type")
    finally:
        connection.close()


def test_without_postgresql_the_answer_is_a_503_that_says_when_to_come_back(ground: Ground, api: Api) -> None:
    assert get(api, "/health/ready")[0] == 200
    kill_postgres(ground.server)
    try:
        for _ in range(3):
            assert get(api, "/health/ready") == (503, "1", "application/problem+json")
            assert get(api, "/health/live")[0] == 200
    finally:
        start_again(ground.server)
    assert get(api, "/health/ready")[0] == 200


def test_an_api_that_finds_no_database_says_so_in_one_line_and_ends(ground: Ground, tmp_path: Path) -> None:
    api = Api(ground, tmp_path / "api.log")
    kill_postgres(ground.server)
    try:
        ended = subprocess.run(
            [*PROGRAM], env=api.environment(), capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        start_again(ground.server)
    assert ended.returncode == 2
    assert "does not answer" in ended.stderr
    assert "Traceback" not in ended.stderr
