"""A database of its own: two divisions, a case with everything in it, and people who have nothing to do with it."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from api.main import application, house_of
from domain.identifiers import new_id
from services.demo_world import build_world
from services.embedded_postgres import EmbeddedPostgres
from tests.api.access.world import Matter, World, new_case, parts_of, work_in_the_north
from tests.conftest import make_database

EXTRA = (
    ("south-cab-supervisor", "south-cab-1", "supervisor"),
    ("women-supervisor", "women-1", "supervisor"),
    ("south-auditor", "south-proc-1", "auditor"),
    ("north-dpo", "proc-1", "data_protection_officer"),
    ("cab-auditor", "corps-cab-1", "auditor"),
)


@pytest.fixture(scope="session")
def world(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    settings = make_database(cluster, f"emergency_{worker}", tmp_path_factory.mktemp("emergency"))
    assert settings.admin_database_url is not None
    house, admin = house_of(settings), create_engine(settings.admin_database_url, pool_size=1)
    build_world(house.engine, house.master_keys)
    with TestClient(application(house), raise_server_exceptions=False) as client:
        world = World(house, client, admin)
        for username, colleague, role in EXTRA:
            world.sql(
                "insert into accounts (id, username, unit_id, role, demonstration, access_approved_until, created_at)"
                " select :id, :username, unit_id, :role, true, now() + interval '1 day', now() from accounts"
                " where username = :colleague",
                id=new_id(), username=username, role=role, colleague=colleague,
            )  # fmt: skip
        yield world
    house.engine.dispose()
    admin.dispose()


@pytest.fixture(scope="session")
def north(world: World) -> Matter:
    """A case with all stages, owned by civil affairs, with records in them and other units waiting in it."""
    matter = new_case(world, "0101", "psb-1")
    work_in_the_north(world, matter)
    parts_of(world, matter, "cab-1", "proc-1")
    return matter


@pytest.fixture
def fresh(world: World) -> Matter:
    """A case of the northern police and of nobody from the south."""
    return new_case(world, "0101", "psb-1")


@pytest.fixture(autouse=True)
def nothing_open(world: World) -> None:
    """Every test begins with nothing opened today."""
    world.sql("delete from emergency_notices")
    world.sql("delete from emergency_grants")
