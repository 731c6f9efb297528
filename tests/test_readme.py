"""The README's own commands, pasted into a shell against a fresh server; and that both languages say the same."""

import json
import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from api.audit_page.serving import ADDRESS as AUDIT_PAGE
from api.calls import House
from api.cli import app
from api.main import application, house_of
from api.serve import worker_beside
from api.serving import in_background, server_for
from domain.actors import Role
from services.demo_world import PASSWORD, build_world
from services.embedded_postgres import EmbeddedPostgres
from tests.conftest import make_database

ROOT = Path(__file__).parents[1]
ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
ADDRESS = "http://127.0.0.1:8000"
BLOCKS = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
both = pytest.mark.parametrize("readme", [ENGLISH, CHINESE], ids=lambda path: str(path.name))


def text_of(readme: Path) -> str:
    return readme.read_text(encoding="utf-8")


def commands_of(readme: Path) -> str:
    """All blocks to be pasted, without their comments."""
    lines = "".join(BLOCKS.findall(text_of(readme))).splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


@pytest.fixture(scope="module")
def fresh(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the demonstration's places and accounts behind it, and a worker beside it, which does
    what is due while somebody pastes: as `make serve` has one."""
    folder = tmp_path_factory.mktemp("readme")
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port = asking.getsockname()[1]
    house: House = house_of(replace(make_database(cluster, f"readme_{port}", folder), port=port))
    build_world(house.engine, house.master_keys)
    with in_background(server_for(house)), worker_beside(house.settings, house.master_keys):
        yield f"http://127.0.0.1:{port}"
    house.engine.dispose()


@pytest.fixture(scope="module")
def printed(fresh: str) -> list[str]:
    """What the shell prints when everything is pasted."""
    script = commands_of(ENGLISH).replace(ADDRESS, fresh)
    # hundreds of small programs: a python3 that a version manager has to find first takes five times as long
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ran = subprocess.run(
        ["/bin/bash", "-eu", "-o", "pipefail", "-c", script],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PATH": path},
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout[-2000:] + ran.stderr
    return ran.stdout.splitlines()


def test_the_commands_of_the_readme_end_in_a_closed_case_whose_chain_is_whole(printed: list[str]) -> None:
    assert printed[-2] == "closed"
    check = json.loads(printed[-1])
    assert check["whole"] is True
    assert check["entries"] > 60


def test_ten_stages_of_the_readme_s_case_are_completed_and_nothing_failed_on_the_way(
    printed: list[str], fresh: str
) -> None:
    assert printed.count("completed") == 10
    assert not [line for line in printed if "problem" in line]
    signing_in = {"username": "auditor", "password": PASSWORD}
    token = httpx.post(f"{fresh}/sign_in", json=signing_in).json()["access_token"]
    assert httpx.get(f"{fresh}/me", headers={"Authorization": f"Bearer {token}"}).json()["role"] == "auditor"


@both
def test_the_walk_has_ten_steps_and_each_names_its_article(readme: Path) -> None:
    steps = re.findall(r"^\*\*(\d+)[.、](.*)", text_of(readme), re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, 11))
    assert all("Art" in title or "条" in title for _, title in steps[:9])


def test_both_languages_have_the_same_commands_and_the_same_parts() -> None:
    assert commands_of(CHINESE) == commands_of(ENGLISH)
    for mark in (r"^## ", r"^\| ", r"^- ", r"^```"):
        counts = {
            path.name: len(re.findall(mark, text_of(path), re.MULTILINE)) for path in (ENGLISH, CHINESE)
        }
        assert len(set(counts.values())) == 1, (mark, counts)


@both
def test_every_dependency_has_its_reason_and_no_other_is_told(readme: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = text_of(readme).split("\n|---|---|\n")[1].split("\n\n")[0]
    told = re.findall(r"`([a-z0-9-]+)`", "".join(row.split("|")[1] for row in table.splitlines()))
    wanted = [re.split(r"[\[>=<]", line)[0] for line in project["dependencies"]]
    assert sorted(told) == sorted(wanted)
    for line in project["optional-dependencies"]["dev"]:
        assert f"`{re.split(r'[>=<]', line)[0]}`" in text_of(readme)


@both
def test_every_role_and_every_room_of_the_house_is_told(readme: Path) -> None:
    assert [role for role in Role if f"`{role}`" not in text_of(readme)] == []
    rooms = [path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))]
    known = [name for name in rooms if (ROOT / name / "__init__.py").exists() or name in ("tests", "openapi")]
    assert [name for name in known if f"`{name}/`" not in text_of(readme)] == []


@both
def test_every_make_target_that_is_named_exists(readme: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:`|\n|\d )make ([a-z]+)", text_of(readme))) <= set(targets)
    assert PASSWORD in text_of(readme)


def commands_of_the_program() -> set[str | None]:
    single = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
    return single | {group.name for group in app.registered_groups}


@both
def test_every_command_and_every_address_that_is_named_exists(readme: Path) -> None:
    text = text_of(readme)
    named = re.findall(r"(?:`|\n)homeward ([a-z][a-z-]*)", text)
    assert "worker" in named
    assert set(named) <= commands_of_the_program()
    addresses = set(re.findall(r"`(?:POST )?(/[a-z0-9_{}./]+)`", text))
    addresses |= set(re.findall(r"""get "\$[a-z]+" '?(/[a-z_/]+)""", text))
    assert {"/alarms", "/inbox"} <= addresses
    assert addresses <= {*application(None).openapi()["paths"], "/docs", AUDIT_PAGE}


def test_each_service_of_the_compose_file_runs_a_command_that_exists() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    services = re.findall(
        r"^  ([a-z]+):\n    <<: \*homeward\n    command: \[([a-z]+)\]$", compose, re.MULTILINE
    )
    assert services == [("migrate", "migrate"), ("api", "api"), ("worker", "worker")]
    assert {command for _, command in services} <= commands_of_the_program()
    assert compose.count("migrate: {condition: service_completed_successfully}") == 2
