"""However many workers run, each alarm is raised exactly once, each entry made once, and every chain is whole."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from api.calls import House
from services.clockwork import raise_all_due
from services.database import engine_for
from services.demo_journeys import Stage
from services.settings import Settings
from tests.services.clocks.crowd import make_due, reckon
from tests.services.clocks.ground import Clocks

ROOT: Final = Path(__file__).parents[3]
PROGRAM: Final = (sys.executable, "-c", "from api.cli import app; app()", "worker")
WITHOUT_LOCK: Final = (sys.executable, str(ROOT / "tests/services/clocks/without_lock.py"))


def test_four_workers_over_200_due_clocks_raise_each_alarm_once(
    house: House, settings: Settings, play: Stage, clocks: Clocks
) -> None:
    assert settings.worker_database_url is not None
    cases = make_due(clocks, play.desk("justice-1").me["unit_id"], 200)
    engines = [engine_for(settings.worker_database_url, 1) for _ in range(4)]
    info = {"master_keys": house.master_keys}
    threads = [threading.Thread(target=raise_all_due, args=(engine, info)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        engine.dispose()
    found = reckon(clocks, cases)
    assert found.clean, (str(found), found.examples)
    assert found.alarms == len(cases) * 16


@contextmanager
def workers(settings: Settings, number: int, program: tuple[str, ...], log: Path) -> Iterator[None]:
    """So many worker processes, until the block ends."""
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "WORKER_DATABASE_URL": settings.worker_database_url or "",
        "HOMEWARD_MASTER_KEYS_FILE": str(settings.master_keys_file),
        "HOMEWARD_DATA": str(settings.data_folder),
    }
    with log.open("wb") as output:
        started = [
            subprocess.Popen(program, env=env, cwd=ROOT, stdout=output, stderr=output) for _ in range(number)
        ]
        try:
            yield
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(30)


def wait_until_nothing_is_due(clocks: Clocks, seconds: float) -> None:
    until = time.monotonic() + seconds
    left = "select sum(1) as left from deadlines where state = 'running' and next_at <= now()"
    while clocks.sql(left)[0]["left"] and time.monotonic() < until:
        time.sleep(1)


@pytest.mark.drill
def test_sixteen_worker_processes_over_10_000_due_clocks(
    settings: Settings, play: Stage, clocks: Clocks, tmp_path: Path, say: Callable[[str], None]
) -> None:
    cases = make_due(clocks, play.desk("justice-1").me["unit_id"], 10_000)
    started, log = time.monotonic(), tmp_path / "workers.log"
    with workers(settings, 16, PROGRAM, log):
        wait_until_nothing_is_due(clocks, 900)
        took = time.monotonic() - started
    found = reckon(clocks, cases)
    failures = log.read_text().count("file failed")
    say(f"16 workers, {found}, {failures} failed attempts, {took:.0f} s")
    assert found.clean, (str(found), found.examples)
    assert failures == 0
    assert found.alarms == len(cases) * 16


@pytest.mark.drill
def test_the_drill_notices_workers_that_take_no_lock(
    settings: Settings, play: Stage, clocks: Clocks, tmp_path: Path, say: Callable[[str], None]
) -> None:
    """Without the lock, the unique keys of alarms and entries are what is left: attempts fail where two met."""
    cases = make_due(clocks, play.desk("justice-1").me["unit_id"], 400)
    log = tmp_path / "workers.log"
    with workers(settings, 8, WITHOUT_LOCK, log):
        wait_until_nothing_is_due(clocks, 300)
    failures = log.read_text().count("file failed")
    say(f"8 workers without a lock: {reckon(clocks, cases)}, {failures} failed attempts")
    assert failures > 0
