"""SIGTERM under load: what was accepted is answered, what was not accepted has no effect, and it does not take long."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from sqlalchemy import text

from api.serving import GRACE_SECONDS
from tests.faults.casework import REPORTER
from tests.faults.clients import Badges, Line
from tests.faults.ground import Api, Ground

CLIENTS = 8
SEED = 20210401


@dataclass(slots=True)
class Load:
    """Clients that ask once and never again. A key whose connection broke was, or was not, accepted: the database knows."""

    ground: Ground
    port: int
    badges: Badges = field(default_factory=Badges)
    answered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def on(self) -> Iterator[None]:
        self.stopped.clear()
        threads = [threading.Thread(target=self._ask_until_cut) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopped.set()
            for thread in threads:
                thread.join()

    def wait_for_answers(self, more: int) -> None:
        until, wanted = time.monotonic() + 60, len(self.answered) + more
        while len(self.answered) < wanted and time.monotonic() < until:
            time.sleep(0.01)

    def _ask_until_cut(self) -> None:
        line = Line(self.port, self.badges, time.monotonic() + 60)
        token, _account = self.badges.of(line, REPORTER)
        body = {"place_id": self.ground.place_id, "message": {"narrative": "有人求助"}}
        content = json.dumps(body).encode()
        while not self.stopped.is_set():
            key = str(uuid4())
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
            reply = line.once("POST", "/reports", content, headers)
            if reply is None:
                self.unanswered.append(key)
                break
            (self.answered if reply.status == 201 else self.refused).append(key)
        line.hang_up()


def stop_under_load(api: Api, times: int) -> tuple[Load, float]:
    """Start, load and stop it so many times; returns the load's books and the slowest stop."""
    load, slowest, moments = Load(api.ground, api.port), 0.0, random.Random(SEED)
    for number in range(times):
        if number:
            api.start()
        with load.on():
            load.wait_for_answers(10 * CLIENTS)
            time.sleep(moments.uniform(0.0, 0.2))
            slowest = max(slowest, api.terminate(GRACE_SECONDS))
    return load, slowest


def kept_keys(ground: Ground) -> set[str]:
    engine = ground.superuser()
    with engine.connect() as connection:
        kept = set(connection.execute(text("select key from idempotency_keys")).scalars())
    engine.dispose()
    return kept


def drill(api: Api, times: int, say: Callable[[str], None]) -> None:
    load, slowest = stop_under_load(api, times)
    kept = kept_keys(api.ground)
    cut = [key for key in load.unanswered if key in kept]
    say(
        f"Stopped {times} times under load (seed {SEED}): {len(load.answered)} answered, {len(load.refused)} refused,"
        f" {len(cut)} accepted but not answered, {len(load.unanswered) - len(cut)} never accepted;"
        f" slowest stop {slowest:.2f} s"
    )
    assert len(load.answered) >= 10 * CLIENTS * times, api.said()
    assert not load.refused
    assert not cut
    assert set(load.answered) <= kept


def test_an_api_that_is_told_to_stop_answers_what_it_accepted(api: Api, say: Callable[[str], None]) -> None:
    drill(api, 2, say)


@pytest.mark.drill
def test_an_api_that_is_told_to_stop_fifty_times_answers_what_it_accepted(
    api: Api, say: Callable[[str], None]
) -> None:
    drill(api, 50, say)
