"""The same house as everywhere, entered from addresses of this folder's own, so that limits are not shared."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import Engine, NullPool, create_engine
from starlette.testclient import TestClient

from api.calls import House
from api.serving import in_background, server_for
from services.demo_desk import Desk
from services.demo_world import PASSWORD
from services.settings import Settings
from tests.api.manners.operations import Caller, Document
from tests.doors import another_door

Sit = Callable[[str], Desk]


@pytest.fixture(scope="session")
def document(client: TestClient) -> Document:
    return Document.of(client)


@pytest.fixture(scope="session")
def staff(client: TestClient) -> Sit:
    """Signs an account in, once a worker, each from an address of its own."""
    desks: dict[str, Desk] = {}

    def sit_down(username: str) -> Desk:
        if username not in desks:
            door = another_door(client, f"198.51.100.{len(desks) + 1}")
            desks[username] = Desk.of(door, username, PASSWORD)
        return desks[username]

    return sit_down


@pytest.fixture(scope="session")
def admin_engine(settings: Settings) -> Iterator[Engine]:
    """The database as its administrator sees it, past all policies."""
    assert settings.admin_database_url is not None
    engine = create_engine(settings.admin_database_url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def door(client: TestClient, request: pytest.FixtureRequest) -> TestClient:
    """A way in from an address that no other test uses."""
    address = (
        f"2001:db8::{abs(hash(request.node.nodeid)) % 0xFFFF:x}:{abs(hash(request.node.name)) % 0xFFFF:x}"
    )
    return another_door(client, address)


@pytest.fixture
def caller(door: TestClient, document: Document) -> Caller:
    return Caller(door, document)


@pytest.fixture(scope="module")
def served(house: House) -> Iterator[httpx.Client]:
    """The house behind a real socket, on a port of the machine's choice."""
    server = server_for(replace(house, settings=replace(house.settings, port=0)))
    with in_background(server):
        port = server.servers[0].sockets[0].getsockname()[1]
        limits = httpx.Limits(max_connections=64)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, limits=limits) as client:
            yield client


@pytest.fixture(scope="module")
def module_caller(client: TestClient, document: Document, request: pytest.FixtureRequest) -> Caller:
    """For what a module prepares once."""
    address = f"2001:db8:1::{abs(hash(request.node.nodeid)) % 0xFFFF:x}"
    return Caller(another_door(client, address), document)
