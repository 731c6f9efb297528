"""The master key is rotated, everything is wrapped anew and the old key is taken away, while a real server takes requests."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from api.key_commands import retire_master, rotate_master
from domain.identifiers import new_id
from services.database import engine_for, transaction
from services.master_keys import FOLLOWED_EVERY, MasterKeys, WrapBroken
from services.rewrapping import rewrap, under
from services.sealed_values import key_context
from services.settings import WORKER_ROLE
from tests.faults.casework import casework
from tests.faults.clients import Badges, Crowd, Line
from tests.faults.ground import Api, Ground

CLIENTS = 6


@dataclass(frozen=True, slots=True)
class Size:
    rotations: int
    writes: int
    waiting: float


@pytest.fixture
def own_keys(ground: Ground, tmp_path: Path) -> Ground:
    """Master keys of this drill, and the worker's address on this copy of the world."""
    file = tmp_path / "master.json"
    shutil.copy(ground.settings.master_keys_file, file)
    name = ground.name_of_database()
    worker = make_url(ground.settings.worker_database_url or "").set(database=name)
    settings = replace(
        ground.settings,
        master_keys_file=file,
        worker_database_url=worker.render_as_string(hide_password=False),
    )
    assert worker.username == WORKER_ROLE
    return replace(ground, settings=settings, master_keys=MasterKeys.load(file))


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(Size(1, 300, 1.0), id="short"),
        pytest.param(Size(5, 5_000, FOLLOWED_EVERY + 5), id="long", marks=pytest.mark.drill),
    ],
)
def test_no_request_fails_and_the_old_key_opens_nothing(
    own_keys: Ground, tmp_path: Path, size: Size, say: Callable[[str], None]
) -> None:
    ground = own_keys
    api = Api(ground, tmp_path / "api.log")
    api.start()
    badges, give_up = Badges(), time.monotonic() + 900
    superuser = create_engine(ground.settings.admin_database_url or "", pool_size=CLIENTS)
    worker = engine_for(ground.settings.worker_database_url or "", 2)
    lines = [Line(api.port, badges, give_up) for _ in range(CLIENTS)]
    crowd = Crowd(lines, casework(ground, superuser))
    crowd.begin()
    try:
        for rotation in range(size.rotations):
            wanted = size.writes * (2 * rotation + 1) // (2 * size.rotations)
            assert crowd.reach(wanted, give_up), crowd.failures
            old = _rotate(ground, worker, size.waiting)
            assert old == rotation + 1
        assert crowd.reach(size.writes, give_up), crowd.failures
    finally:
        crowd.finish()
        api.end()
        worker.dispose()
        superuser.dispose()
    say(f"rotations {size.rotations}, writes {crowd.count()}, troubles {dict(crowd.troubles())}")
    assert crowd.failures == []
    assert crowd.troubles() == {}


def _rotate(ground: Ground, worker: Engine, waiting: float) -> int:
    """Rotate, wrap anew until nothing is left, retire; that what was wrapped before opens no more is seen on a copy of it."""
    settings, keys = ground.settings, ground.master_keys
    old = keys.current
    person = new_id()
    kept = keys.wrap(b"k" * 32, key_context(person, person))
    assert rotate_master(settings) == old + 1
    fresh = MasterKeys.load(settings.master_keys_file)
    until = time.monotonic() + waiting + 60
    left = 1
    settled = time.monotonic() + waiting
    while left or time.monotonic() < settled:
        rewrap(worker, fresh)
        with transaction(worker) as session:
            left = sum(under(session, old).values())
        assert time.monotonic() < until, f"{left} left"
    retire_master(settings, old, settled_after=0)
    with pytest.raises(WrapBroken):
        MasterKeys.load(settings.master_keys_file).unwrap(*kept, key_context(person, person))
    return old


def test_a_rotation_that_is_not_followed_is_seen(own_keys: Ground) -> None:
    """The teeth: keys that do not follow their file fail on the first value that was wrapped anew."""
    old = own_keys.master_keys
    deaf = MasterKeys(old.current, dict(old._held.read.keys))
    rotate_master(own_keys.settings)
    wrapped = MasterKeys.load(own_keys.settings.master_keys_file).wrap(b"k" * 32, b"x")
    with pytest.raises(WrapBroken):
        deaf.unwrap(*wrapped, b"x")
    assert old.unwrap(*wrapped, b"x") == b"k" * 32
