"""A database of its own for the tests of access: they switch off one of its two layers after the other."""

import os
from collections.abc import Iterator

import pytest
import sqlalchemy
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from api.main import application, house_of
from services import access
from services.database import GUARDED_TABLES
from services.demo_world import build_world
from services.embedded_postgres import EmbeddedPostgres
from tests.api.access.world import (
    Matter,
    OwnerAsks,
    World,
    ask_others,
    new_case,
    parts_of,
    work_in_the_north,
)
from tests.conftest import make_database


@pytest.fixture(scope="session")
def world(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    settings = make_database(cluster, f"access_{worker}", tmp_path_factory.mktemp("access"))
    assert settings.admin_database_url is not None
    house, admin = house_of(settings), create_engine(settings.admin_database_url, pool_size=1)
    build_world(house.engine, house.master_keys)
    with TestClient(application(house), raise_server_exceptions=False) as client:
        yield World(house, client, admin)
    house.engine.dispose()
    admin.dispose()


@pytest.fixture(scope="session")
def north(world: World) -> Matter:
    """A case with all stages, owned by civil affairs, with records in them and other units waiting in it."""
    matter = new_case(world, "0101", "psb-1")
    work_in_the_north(world, matter)
    parts_of(world, matter, "cab-1", "proc-1")
    return matter


@pytest.fixture(scope="session")
def south(world: World) -> Matter:
    """The same in the other division, as its police received it."""
    matter = new_case(world, "0201", "south-psb-1")
    ask_others(world, matter, OwnerAsks("south-psb-1", "south-health-1", "south-women-1"))
    parts_of(world, matter, "south-psb-1", "south-proc-1")
    return matter


@pytest.fixture(params=["both layers", "row-level security alone", "the application alone"])
def layer(request: pytest.FixtureRequest, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Everything that asks for this passes three times: whole, without the one layer, without the other."""
    if request.param == "row-level security alone":
        for name in ("visible_to", "works_on", "may_follow", "auditable_by"):
            monkeypatch.setattr(access, name, lambda *_asked: sqlalchemy.true())
    if request.param == "the application alone":
        _switch(world, "disable row level security")
    yield request.param
    if request.param == "the application alone":
        _switch(world, "enable row level security")


def _switch(world: World, how: str) -> None:
    for table in GUARDED_TABLES:
        world.sql(f"alter table {table} {how}")
