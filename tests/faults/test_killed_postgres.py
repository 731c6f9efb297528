"""PostgreSQL is killed with all its processes while clients write through the API. What was acknowledged is there."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from services.settings import APPLICATION_ROLE
from tests.faults.casework import filing
from tests.faults.clients import Badges, Crowd, Line
from tests.faults.ground import Api, Ground, Size, kill_postgres, start_again
from tests.faults.reckoning import Reckoning, reckon

APIS = 2
CLIENTS = 12
SEED = 20210401
RECOVERY_SECONDS = 10.0


SHORT = Size(kills=1, acknowledged=100, seconds=240)
FULL = Size(kills=50, acknowledged=100_000, seconds=2400)


@dataclass(slots=True)
class Outages:
    """Of each kill: how long PostgreSQL itself took to come back, and when it answered again."""

    down_seconds: list[float] = field(default_factory=list)
    answering_since: list[float] = field(default_factory=list)


@contextmanager
def apis_on(ground: Ground, folder: Path, count: int) -> Iterator[list[Api]]:
    running = [Api(ground, folder / f"api-{number}.log") for number in range(count)]
    try:
        for api in running:
            api.start()
        yield running
    finally:
        for api in running:
            api.end()


def kill_again_and_again(ground: Ground, crowd: Crowd, size: Size) -> Outages:
    """Kill after a random number of acknowledgements, again and again, until both numbers are reached."""
    outages, until = Outages(), time.monotonic() + size.seconds
    range_of_kills = range(size.acknowledged // 10, size.acknowledged)
    crowd.begin()
    try:
        for count in sorted(random.Random(SEED).sample(range_of_kills, size.kills)):
            if not crowd.reach(count, until):
                break
            killed = time.monotonic()
            kill_postgres(ground.server)
            outages.answering_since.append(start_again(ground.server))
            outages.down_seconds.append(outages.answering_since[-1] - killed)
        crowd.reach(size.acknowledged, until)
    finally:
        crowd.finish()
    return outages


def drill(ground: Ground, folder: Path, size: Size, say: Callable[[str], None]) -> Reckoning:
    badges, until = Badges(), time.monotonic() + size.seconds + 120
    with apis_on(ground, folder, APIS) as apis:
        lines = [Line(apis[number % APIS].port, badges, until) for number in range(CLIENTS)]
        crowd, began = Crowd(lines, filing(ground)), time.monotonic()
        outages = kill_again_and_again(ground, crowd, size)
        seconds = time.monotonic() - began
        said = "\n".join(api.said() for api in apis)
    found, slowest = reckon(ground, crowd.acknowledged()), crowd.slowest_recovery(outages.answering_since)
    say(
        f"PostgreSQL killed {len(outages.answering_since)} times in {seconds:.0f} s (seed {SEED}), {found};"
        f" PostgreSQL back after {max(outages.down_seconds, default=0):.1f} s at most, the slowest client's next"
        f" acknowledgement {slowest:.2f} s later; met meanwhile: {dict(crowd.troubles())}"
    )
    assert not crowd.failures, f"{crowd.failures}\n{said}"
    assert len(outages.answering_since) == size.kills
    assert found.acknowledged >= size.acknowledged
    assert set(crowd.troubles()) <= {"503 busy"}, said
    assert sum(line.without_retry_after for line in lines) == 0
    assert slowest <= RECOVERY_SECONDS
    return found


def test_a_postgresql_killed_once_keeps_every_write_that_was_acknowledged(
    ground: Ground, tmp_path: Path, say: Callable[[str], None]
) -> None:
    found = drill(ground, tmp_path, SHORT, say)
    assert found.clean, found.examples


@pytest.mark.drill
def test_a_postgresql_killed_fifty_times_keeps_every_write_that_was_acknowledged(
    ground: Ground, tmp_path: Path, say: Callable[[str], None]
) -> None:
    found = drill(ground, tmp_path, FULL, say)
    assert found.clean, found.examples


@pytest.fixture
def forgetful(ground: Ground) -> Iterator[Ground]:
    """A planted fault: commits are answered before they are written, and are written at leisure."""
    engine = create_engine(ground.server.admin_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    role = f'alter role {APPLICATION_ROLE} in database "{ground.name_of_database()}"'
    with engine.connect() as connection:
        connection.execute(text(f"{role} set synchronous_commit = off"))
        connection.execute(text("alter system set wal_writer_delay = '10s'"))
        connection.execute(text("select pg_reload_conf()"))
    yield ground
    with engine.connect() as connection:
        connection.execute(text("alter system reset wal_writer_delay"))
        connection.execute(text("select pg_reload_conf()"))
    engine.dispose()


@pytest.mark.drill
def test_commits_that_are_not_waited_for_show_as_losses(forgetful: Ground, tmp_path: Path) -> None:
    """The clients' sign-in may be among what is lost, so that they are turned away at the end."""
    badges, until = Badges(), time.monotonic() + SHORT.seconds
    with apis_on(forgetful, tmp_path, 1) as apis:
        crowd = Crowd([Line(apis[0].port, badges, until) for _ in range(CLIENTS)], filing(forgetful))
        outages = kill_again_and_again(forgetful, crowd, SHORT)
    assert len(outages.answering_since) == 1
    assert reckon(forgetful, crowd.acknowledged()).lost > 0
