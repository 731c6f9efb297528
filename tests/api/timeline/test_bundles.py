"""A case bundle says offline whether a case's history is whole; whatever was done to it, it shows."""

import base64
import hashlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import cryptography
import pytest
from sqlalchemy import Connection, Engine, text

from api import verify_bundle
from api.calls import House
from api.verify_bundle import TAMPERED, UNUSABLE, WHOLE, Kept, kept_from, key_from, verify
from services.database import engine_for
from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.log_keys import read_log_keys
from services.sealer import Pace, seal

FOUND: Final = {"narrative": "车站门口有一个男孩独自乞讨", "whereabouts": "汽车站北出口"}
AT_ONCE: Final = Pace(timedelta(0), 1000)


@pytest.fixture(scope="module")
def worker(house: House) -> Iterator[Engine]:
    assert house.settings.worker_database_url
    engine = engine_for(house.settings.worker_database_url, 2)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def sealed(house: House, worker: Engine) -> Callable[[], None]:
    def once() -> None:
        while seal(worker, read_log_keys(house.settings), AT_ONCE, at_once=True).more:
            pass

    return once


@pytest.fixture(scope="module")
def journey(module_play: Stage, sealed: Callable[[], None]) -> Journey:
    receipt = first.report(module_play, "tip", ["child_alone"], FOUND)
    journey = first.police_take_it_up(module_play, receipt, [])
    sealed()
    first.investigate(module_play, journey, "rescue_needed", on=0, seen_in_private=False)
    first.rescue(module_play, journey, on=1)
    first.hand_to_civil_affairs(module_play, journey)
    sealed()
    return journey


@pytest.fixture(scope="module")
def auditor(module_play: Stage) -> Desk:
    desk = module_play.desk("auditor")
    desk.confirm()
    return desk


def fetched(desk: Desk, journey: Journey, since: int | None = None) -> bytes:
    asked = {} if since is None else {"since": str(since)}
    headers = {"Authorization": f"Bearer {desk.token}"}
    answer = desk.client.get(f"{journey.address}/bundle", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.fixture(scope="module")
def bundle(auditor: Desk, journey: Journey) -> bytes:
    return fetched(auditor, journey)


def lines_of(bundle: bytes) -> list[Json]:
    return [json.loads(line) for line in bundle.splitlines()]


def judged(bundle: bytes, kept: Kept | None = None, keys: list[str] | None = None) -> tuple[int, str]:
    code, told, _keep = verify(bundle.splitlines(keepends=True), [key_from(one) for one in keys or []], kept)
    return code, "\n".join(told)


ALONE: Final = """
import runpy, sys
sys.path[:] = [one for one in sys.path if "packages" not in one] + [{only!r}]
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def alone(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The file copied away, in an interpreter that knows nothing of ours and no package but `cryptography`."""
    packages, only = Path(cryptography.__file__).parents[1], tmp_path / "only"
    only.mkdir(exist_ok=True)
    for name in ("cryptography", "cffi", "pycparser", *(one.name for one in packages.glob("_cffi_backend*"))):
        if (packages / name).exists() and not (only / name).exists():
            (only / name).symlink_to(packages / name)
    copy = tmp_path / "verify_bundle.py"
    copy.write_bytes(Path(verify_bundle.__file__).read_bytes())
    program = ALONE.format(only=str(only))
    command = [sys.executable, "-I", "-S", "-c", program, str(copy), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={}, cwd=tmp_path, check=False)


def test_a_bundle_is_verified_by_one_file_that_knows_nothing_of_ours(
    house: House, auditor: Desk, journey: Journey, bundle: bytes, tmp_path: Path
) -> None:
    (tmp_path / "case.bundle").write_bytes(bundle)
    key = read_log_keys(house.settings).verifier.written
    found = alone(tmp_path, "case.bundle", "--key", key, "--keep", "kept.json")
    assert found.returncode == WHOLE, found.stdout + found.stderr
    assert "signed by the key that you gave" in found.stdout
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept["seq"] == auditor.get(f"{journey.address}/timeline/check")["entries"]
    assert alone(tmp_path, "case.bundle", "--since", "kept.json").returncode == WHOLE
    assert "TAKEN FROM THE BUNDLE" in alone(tmp_path, "case.bundle").stdout
    (tmp_path / "case.bundle").write_bytes(bundle[:-50])
    assert alone(tmp_path, "case.bundle").returncode == UNUSABLE
