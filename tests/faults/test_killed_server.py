"""The API is killed while 12 clients write. Nothing that it acknowledged may be missing, twice, or half there."""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.casework import casework, filing
from tests.faults.clients import CUT, Badges, Crowd, Line
from tests.faults.ground import ROOT, Api, Ground, Size
from tests.faults.reckoning import Reckoning, reckon

CLIENTS = 12
SEED = 20210401
CLAIMS_APART = (sys.executable, str(ROOT / "tests/faults/claims_apart.py"))


SHORT = Size(kills=2, acknowledged=100, seconds=240)
FULL = Size(kills=100, acknowledged=10_000, seconds=1800)


def kill_again_and_again(api: Api, crowd: Crowd, size: Size) -> list[float]:
    """Kill at random moments until both numbers are reached; returns when it answered again, kill by kill."""
    moments, until = random.Random(SEED), time.monotonic() + size.seconds
    answering_since: list[float] = []
    crowd.begin()
    try:
        for _ in range(size.kills):
            if crowd.stopped.wait(moments.uniform(0.2, 1.8)) or time.monotonic() > until:
                break
            api.kill()
            api.start()
            answering_since.append(time.monotonic())
        crowd.reach(size.acknowledged, until)
    finally:
        crowd.finish()
    return answering_since


def crowd_at(api: Api, work: Callable[[Line], None], size: Size) -> Crowd:
    badges, until = Badges(), time.monotonic() + size.seconds + 60
    return Crowd([Line(api.port, badges, until) for _ in range(CLIENTS)], work)


def drill(api: Api, size: Size, say: Callable[[str], None]) -> Reckoning:
    superuser = api.ground.superuser()
    crowd = crowd_at(api, casework(api.ground, superuser), size)
    answering_since = kill_again_and_again(api, crowd, size)
    superuser.dispose()
    assert not crowd.failures, f"{crowd.failures}\n{api.said()}"
    found = reckon(api.ground, crowd.acknowledged())
    say(
        f"API killed {len(answering_since)} times (seed {SEED}), {found}; longest wait of a client"
        f" {crowd.slowest_recovery(answering_since):.2f} s, further kills included; met meanwhile: {dict(crowd.troubles())}"
    )
    assert len(answering_since) == size.kills
    assert found.acknowledged >= size.acknowledged
    assert set(crowd.troubles()) <= {CUT, "409 key_in_flight"}
    return found


def test_an_api_killed_twice_keeps_every_write_it_acknowledged(api: Api, say: Callable[[str], None]) -> None:
    found = drill(api, SHORT, say)
    assert found.clean, found.examples


@pytest.mark.drill
def test_an_api_killed_a_hundred_times_keeps_every_write_it_acknowledged(
    api: Api, say: Callable[[str], None]
) -> None:
    found = drill(api, FULL, say)
    assert found.clean, found.examples


@pytest.mark.drill
def test_a_key_claimed_in_a_transaction_of_its_own_shows_as_duplicates(
    ground: Ground, tmp_path: Path
) -> None:
    api = Api(ground, tmp_path / "api.log", CLAIMS_APART)
    size = Size(kills=2, acknowledged=50, seconds=240)
    api.start()
    try:
        crowd = crowd_at(api, filing(ground), size)
        kill_again_and_again(api, crowd, size)
    finally:
        api.end()
    found = reckon(ground, crowd.acknowledged())
    assert not crowd.failures
    assert found.duplicated > 0, found
