"""The ground of the drills: a durable PostgreSQL of their own, made once a worker, a copy of its world for each test."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.calls import House
from api.main import house_of
from domain.actors import Role
from domain.agencies import Agency, PlaceKind
from domain.identifiers import new_id
from services import embedded_postgres
from services.accounts import NewAccount, add_account
from services.database import transaction
from services.demo_world import OFFICER, PASSWORD
from services.registers import NewPlace, NewUnit, add_place, add_unit
from services.sessions import begin_as_nobody
from tests.conftest import make_database
from tests.faults.ground import Api, Ground, copy_database
from tests.newcomers import let_in_by_officer

ACCOUNTS = (
    (OFFICER, Role.DATA_PROTECTION_OFFICER), ("hotline", Role.HOTLINE), ("psb-1", Role.CASEWORKER),
    ("psb-2", Role.CASEWORKER),
)  # fmt: skip


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The database that is copied; nobody works in it."""
    folder = tmp_path_factory.mktemp("ground")
    server = embedded_postgres.start(folder / "postgres", durable=True)
    try:
        settings = make_database(server, "world", folder)
        house = house_of(settings)
        place_id = found_a_town(house)
        house.engine.dispose()
        yield Ground(server, settings, house.master_keys, place_id)
    finally:
        embedded_postgres.discard(embedded_postgres.start(folder / "postgres"))


def found_a_town(house: House) -> str:
    """One place, its police and civil affairs, four accounts: passwords take time to hash. Returns the place."""
    with transaction(house.engine, {"master_keys": house.master_keys, "request_id": new_id()}) as session:
        begin_as_nobody(session)
        place = add_place(session, None, NewPlace(None, PlaceKind.CORPS, "00", "演练兵团", "Drill Corps")).id
        police, _civil_affairs = (
            add_unit(session, None, NewUnit(agency, place, None, name, str(agency), True)).id
            for agency, name in ((Agency.PSB, "演练公安"), (Agency.CAB, "演练民政"))
        )
        for username, role in ACCOUNTS:
            new = NewAccount(username, PASSWORD, police, role, demonstration=True)
            let_in_by_officer(session, add_account(session, None, new))
    return str(place)


@pytest.fixture
def ground(world: Ground, request: pytest.FixtureRequest) -> Ground:
    return copy_database(world, f"drill_{abs(hash(request.node.nodeid)):x}"[:60])


@pytest.fixture
def api(ground: Ground, tmp_path: Path) -> Iterator[Api]:
    """One API process on this ground, running."""
    made = Api(ground, tmp_path / "api.log")
    made.start()
    try:
        yield made
    finally:
        made.end()


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a drill's figures past pytest's capture."""

    def aloud(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{line}\n")
            sys.stdout.flush()

    return aloud
