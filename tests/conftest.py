"""One real PostgreSQL for all tests, and for each worker a database of its own with the demonstration's world in it."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from api.calls import House
from api.main import application, house_of
from services import embedded_postgres
from services.demo_desk import Desk
from services.demo_journeys import YEAR_AND_MORE, Stage
from services.demo_world import PASSWORD, build_world
from services.embedded_postgres import EmbeddedPostgres
from services.installation import make_keys, migrate
from services.settings import (
    APPLICATION_ROLE,
    AUDITOR_ROLE,
    BACKUP_ROLE,
    WORKER_ROLE,
    Settings,
    settings_from,
)

CLUSTER_FOLDER = "HOMEWARD_TEST_CLUSTER"
ROLE_PASSWORD = "only for tests"


def pytest_configure(config: pytest.Config) -> None:
    """The first process chooses the cluster's folder; workers inherit it."""
    if not hasattr(config, "workerinput"):
        os.environ[CLUSTER_FOLDER] = tempfile.mkdtemp(prefix="homeward-tests-")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The first process takes the cluster away again."""
    if hasattr(config, "workerinput"):
        return
    folder = Path(os.environ[CLUSTER_FOLDER])
    if (folder / "postgres").exists():
        embedded_postgres.discard(embedded_postgres.start(folder / "postgres", durable=False))
    shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What this machine could not test, in one line a reason."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in sorted(
        {str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, tuple | list)}
    ):
        terminalreporter.write_line(reason)


LONGEST = ("faults", "browser", "test_readme", "machines", "at_rest", "access", "manners", "journeys")
"""Files that take longest, by a word of their address: begun first, so that no worker is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the order within a file."""
    items.sort(key=lambda item: next((n for n, w in enumerate(LONGEST) if w in item.nodeid), len(LONGEST)))


@pytest.fixture(scope="session")
def cluster() -> EmbeddedPostgres:
    return embedded_postgres.start(Path(os.environ[CLUSTER_FOLDER]) / "postgres", durable=False)


def make_database(cluster: EmbeddedPostgres, name: str, folder: Path) -> Settings:
    """A database of this name at the newest schema, with the settings that lead to it."""
    engine = create_engine(cluster.admin_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
    engine.dispose()
    master, tokens = make_keys(folder / "keys")
    admin_url = make_url(cluster.admin_url).set(database=name).render_as_string(hide_password=False)
    settings = replace(
        # one account does here in a minute what a person does in a day
        settings_from({"HOMEWARD_DATA": str(folder), "HOMEWARD_REQUESTS_A_MINUTE": "1000000"}),
        database_url=cluster.url_for(APPLICATION_ROLE, ROLE_PASSWORD, name),
        worker_database_url=cluster.url_for(WORKER_ROLE, ROLE_PASSWORD, name),
        auditor_database_url=cluster.url_for(AUDITOR_ROLE, ROLE_PASSWORD, name),
        backup_database_url=cluster.url_for(BACKUP_ROLE, ROLE_PASSWORD, name),
        admin_database_url=admin_url,
        master_keys_file=master,
        token_keys_file=tokens,
    )
    with (Path(os.environ[CLUSTER_FOLDER]) / "roles.lock").open("w") as lock:
        # roles belong to the cluster: one worker at a time
        fcntl.flock(lock, fcntl.LOCK_EX)
        migrate(admin_url, settings)
    return settings


def let_others_end(admin: Engine) -> None:
    """Wait until whatever runs now in this server has ended: it holds back what may be sealed, from any database."""
    passed = "select pg_snapshot_xmin(pg_current_snapshot())::text::numeric > cast(:mark as numeric)"
    with admin.begin() as connection:
        mark = connection.execute(text("select pg_current_xact_id()::text")).scalar_one()
    for _ in range(300):
        with admin.begin() as connection:
            if connection.execute(text(passed), {"mark": mark}).scalar_one():
                return
        time.sleep(0.2)


@pytest.fixture(scope="session")
def settings(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    return make_database(cluster, f"homeward_{worker}", tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="session")
def admin(settings: Settings) -> Iterator[Engine]:
    """The database as its superuser sees it: to look behind the doors, and to let days pass."""
    assert settings.admin_database_url
    engine = create_engine(settings.admin_database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def house(settings: Settings) -> Iterator[House]:
    house = house_of(settings)
    build_world(house.engine, house.master_keys)
    yield house
    house.engine.dispose()


@pytest.fixture(scope="session")
def client(house: House) -> Iterator[TestClient]:
    """The application in this process, on one event loop; a test that needs a socket starts a real server."""
    with TestClient(application(house), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(autouse=True)
def fresh_counters(request: pytest.FixtureRequest) -> None:
    """All tests of a worker come from one address: what one of them sent is not held against the next."""
    if {"client", "play", "module_play", "house"} & set(request.fixturenames):
        admin: Engine = request.getfixturevalue("admin")
        with admin.begin() as connection:
            connection.execute(text("delete from rate_counters"))


@pytest.fixture(scope="session")
def desks() -> dict[str, Desk]:
    """Who has signed in: once a worker, since signing in is counted and slow on purpose."""
    return {}


@pytest.fixture(scope="session")
def desk(client: TestClient, desks: dict[str, Desk]) -> Callable[[str], Desk]:
    """Signs an account in, once a worker."""

    def sit_down(username: str) -> Desk:
        if username not in desks:
            desks[username] = Desk.of(client, username, PASSWORD)
        return desks[username]

    return sit_down


@pytest.fixture
def play(client: TestClient, desks: dict[str, Desk]) -> Stage:
    """A stage for journeys, in this process."""
    return Stage(client, PASSWORD, datetime.now(UTC) - YEAR_AND_MORE, lambda _line: None, desks)


@pytest.fixture(scope="module")
def module_play(client: TestClient, desks: dict[str, Desk]) -> Stage:
    """The same, for a journey that several tests look at."""
    return Stage(client, PASSWORD, datetime.now(UTC) - YEAR_AND_MORE, lambda _line: None, desks)
