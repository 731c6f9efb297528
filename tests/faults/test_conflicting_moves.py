"""48 clients move the same ten cases at once. Each version has one winner, and every case one history that its machine allows."""

import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text

from domain.timeline import SECTIONS, Link, Section, check
from domain.workflow import STAGE_MOVES
from tests.faults.casework import POLICE, casework
from tests.faults.clients import Badges, Json, Line
from tests.faults.ground import ROOT, Api, Ground

CLIENTS: Final = 48
CASES: Final = 10
SEED: Final = 20210401
UNGUARDED: Final = (sys.executable, str(ROOT / "tests/faults/unguarded_versions.py"))
BODIES: Final[dict[str, Json]] = {
    "hold": {"reason": "等待鉴定结果", "review_at": (datetime.now(UTC) + timedelta(days=30)).isoformat()},
    "resume": {},
    "complete": {},
    "begin": {},
    "send_back": {"reason": "wrong_place"},
}
"""Moves that change the state, moves that this state never allows, one whose requirements are open."""
EXPECTED: Final = {"200", "412 version_stale", "409 move_not_possible", "422 requirements_unmet"}
ALLOWED: Final = {(row.action, source): row.target for row in STAGE_MOVES for source in row.sources}


@dataclass(slots=True)
class Contest:
    """The stages that everybody moves, the newest version that anybody has seen of each, and who won which."""

    api: Api
    stages: list[str]
    attempts: int
    seconds: float
    badges: Badges = field(default_factory=Badges)
    versions: dict[str, int] = field(default_factory=dict)
    winners: Counter[tuple[str, int]] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        threads = [threading.Thread(target=self._contend, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _contend(self, number: int) -> None:
        line, chance = (
            Line(self.api.port, self.badges, time.monotonic() + self.seconds),
            random.Random(SEED + number),
        )
        while self._one_more():
            stage_id, action = chance.choice(self.stages), chance.choice(("hold", "resume", *BODIES))
            self._attempt(line, stage_id, action, self.versions[stage_id])
        line.hang_up()

    def _one_more(self) -> bool:
        with self._lock:
            self.attempts -= 1
            return self.attempts >= 0

    def _attempt(self, line: Line, stage_id: str, action: str, version: int) -> None:
        token, _account = self.badges.of(line, POLICE)
        headers = {"Authorization": f"Bearer {token}", "If-Match": f'"{version}"'}
        body = json.dumps(BODIES[action]).encode()
        reply = line.once("POST", f"/investigation/{stage_id}/{action}", body, headers)
        with self._lock:
            self.answers["cut" if reply is None else reply.name] += 1
            if reply is not None and reply.status == 200:
                self.winners[stage_id, version] += 1
                self.versions[stage_id] = max(self.versions[stage_id], int(reply.json()["version"]))


def begun_investigations(api: Api) -> list[str]:
    """Ten cases whose investigation is under way."""
    engine = api.ground.superuser()
    line, one_case = Line(api.port, Badges(), time.monotonic() + 120), casework(api.ground, engine)
    for _ in range(CASES):
        one_case(line)
    line.hang_up()
    with engine.connect() as connection:
        found = connection.execute(text("select id from stages where code = 'investigation'")).scalars()
        stages = [str(stage_id) for stage_id in found]
    engine.dispose()
    return stages


def versions_of(ground: Ground) -> dict[str, int]:
    engine = ground.superuser()
    with engine.connect() as connection:
        rows = connection.execute(text("select id, version from stages")).all()
    engine.dispose()
    return {str(row.id): int(row.version) for row in rows}


def violations(ground: Ground) -> list[str]:
    """Every case's chain from its first entry; every stage's moves one after the other, each allowed from where the last led."""
    engine, found = ground.superuser(), []
    with engine.connect() as connection:
        for case in connection.execute(text("select id, head from cases")).all():
            rows = connection.execute(
                text("select * from timeline_entries where chain_id = :case order by seq"), {"case": case.id}
            ).all()
            state = check(case.id, (_link(row) for row in rows), bytes(case.head))
            found += [f"chain {case.id}: {state.fault}"] if state.first_bad else []
            found += _wrong_steps([json.loads(bytes(row.what)) for row in rows])
    engine.dispose()
    return found


def _wrong_steps(entries: list[dict[str, Any]]) -> list[str]:
    at: dict[str, str] = {}
    found = []
    for what in (entry for entry in entries if entry["subject"] == "stage" and entry["to"] is not None):
        stage, source, target = what["stage_id"], what["from"], what["to"]
        if at.get(stage, source) != source:
            found.append(f"{what['action']} began in {source}, but the stage was {at[stage]}")
        if source is not None and ALLOWED.get((what["action"], source), target) not in (target, None):
            found.append(f"{what['action']} from {source} led to {target}")
        at[stage] = target
    return found


def _link(row: Any) -> Link:
    sections = {
        name: Section(bytes(row._mapping[name]), bytes(row._mapping[f"{name}_salt"])) for name in SECTIONS
    }
    return Link(row.seq, bytes(row.body), bytes(row.digest), sections)


def contend(api: Api, attempts: int, seconds: float, say: Callable[[str], None]) -> Contest:
    stages = begun_investigations(api)
    before = versions_of(api.ground)
    contest = Contest(api, stages, attempts, seconds, versions={stage: before[stage] for stage in stages})
    began = time.monotonic()
    contest.run()
    taken = time.monotonic() - began
    moved = {
        stage: version - before[stage]
        for stage, version in versions_of(api.ground).items()
        if stage in stages
    }
    twice = [won for won, times in contest.winners.items() if times > 1]
    say(
        f"{sum(contest.answers.values())} moves by {CLIENTS} clients on {len(stages)} cases (seed {SEED}) in {taken:.0f} s:"
        f" {dict(contest.answers)}; {sum(moved.values())} versions, {len(twice)} with more than one winner"
    )
    assert sum(moved.values()) == sum(contest.winners.values())
    return contest


def test_of_three_hundred_conflicting_moves_each_version_has_one_winner(
    api: Api, say: Callable[[str], None]
) -> None:
    contest = contend(api, 300, 120, say)
    assert set(contest.answers) <= EXPECTED, api.said()
    assert set(contest.winners.values()) == {1}
    assert violations(api.ground) == []


@pytest.mark.drill
def test_of_a_hundred_thousand_conflicting_moves_each_version_has_one_winner(
    api: Api, say: Callable[[str], None]
) -> None:
    contest = contend(api, 100_000, 3_000, say)
    assert set(contest.answers) <= EXPECTED, api.said()
    assert set(contest.winners.values()) == {1}
    assert violations(api.ground) == []


@pytest.mark.drill
def test_without_the_guard_of_versions_several_win_the_same_one(
    ground: Ground, tmp_path: Path, say: Callable[[str], None]
) -> None:
    api = Api(ground, tmp_path / "api.log", UNGUARDED)
    api.start()
    try:
        contest = contend(api, 150, 120, say)
    finally:
        api.end()
    assert max(contest.winners.values()) > 1
