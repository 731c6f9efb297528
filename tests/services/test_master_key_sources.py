"""Master keys come from one of three places, and a running process follows what changes there."""

import base64
import json
import logging
import os
import time
from pathlib import Path

import pytest

from services import key_answers
from services.key_files import KeyFileRefused, replace_key_file
from services.master_key_sources import (
    FromCommand,
    InEnvironment,
    InFile,
    Source,
    drop_master_key,
    new_master_keys_file,
    rotate_master_keys_file,
    source_of,
)
from services.master_keys import FOLLOWED_EVERY, MasterKeys, WrapBroken
from services.settings import SettingsRefused, settings_from

PLAIN = bytes(range(32))
CONTEXT = b"whose"
WORDS = json.dumps({"current": 1, "keys": {"1": base64.b64encode(b"k" * 32).decode()}})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "master.json"
    new_master_keys_file(file)
    return file


def a_program(folder: Path, text: str) -> str:
    program = folder / "vault"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o700)
    return str(program)


def a_minute_later(monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: real + FOLLOWED_EVERY + 1)


def test_the_same_keys_come_from_a_file_the_environment_or_a_command(tmp_path: Path, path: Path) -> None:
    path.write_text(WORDS)
    command = a_program(tmp_path, f"cat {path}")
    sources: tuple[Source, ...] = (InFile(path), InEnvironment(WORDS), FromCommand(command))
    version, wrapped = MasterKeys.of(sources[0]).wrap(PLAIN, CONTEXT)
    assert [MasterKeys.of(source).unwrap(version, wrapped, CONTEXT) for source in sources] == [PLAIN] * 3


def test_exactly_one_of_the_three_is_set() -> None:
    given = {
        "HOMEWARD_MASTER_KEYS_FILE": "/keys.json",
        "HOMEWARD_MASTER_KEYS": WORDS,
        "HOMEWARD_MASTER_KEYS_COMMAND": "/bin/vault read",
    }
    chosen = {name: type(source_of(settings_from({name: value}))) for name, value in given.items()}
    assert list(chosen.values()) == [InFile, InEnvironment, FromCommand]
    names = list(given)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        with pytest.raises(SettingsRefused) as refused:
            settings_from({names[one]: given[names[one]], names[other]: given[names[other]]})
        assert given[names[one]] not in str(refused.value)
    real = {
        "HOMEWARD_ENV": "production",
        "DATABASE_URL": "x",
        "HOMEWARD_ISSUER": "y",
        "HOMEWARD_TOKEN_KEYS_FILE": "z",
    }
    with pytest.raises(SettingsRefused, match="HOMEWARD_MASTER_KEYS"):
        settings_from(real)
    assert settings_from(real | {"HOMEWARD_MASTER_KEYS": WORDS}).production


def test_keys_never_show_in_what_is_printed() -> None:
    settings = settings_from({"HOMEWARD_MASTER_KEYS": WORDS})
    secret = json.loads(WORDS)["keys"]["1"]
    told = [repr(settings), repr(source_of(settings)), repr(MasterKeys.of(InEnvironment(WORDS)))]
    assert not [line for line in told if secret in line]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("exit 3", "ended with 3"),
        ("echo half a key", "not JSON"),
        ("yes k | head -c 300000", "too great a length"),
        ('echo \'{"current": 1, "keys": {}}\'', "no master keys"),
    ],
)
def test_a_command_that_does_not_answer_with_keys_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(KeyFileRefused, match=why) as refused:
        FromCommand(a_program(tmp_path, text)).read()
    assert "half" not in str(refused.value)


def test_a_command_that_hangs_is_given_up_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_answers, "_SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(KeyFileRefused, match="did not answer"):
        FromCommand(a_program(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait")).read()
    assert time.monotonic() - began < 5
    child = (tmp_path / "child").read_text().strip()
    state = Path(f"/proc/{child}/stat")
    until = time.monotonic() + 5
    while state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < until


def test_a_command_runs_without_a_shell_in_an_environment_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "a secret")
    program = a_program(tmp_path, f'env > {tmp_path}/env; echo "$*" > {tmp_path}/arguments; exit 1')
    with pytest.raises(KeyFileRefused):
        FromCommand(f"{program} '$(id)' ; echo").read()
    assert "a secret" not in (tmp_path / "env").read_text()
    assert (tmp_path / "arguments").read_text() == "$(id) ; echo\n"
    for relative in ("vault read", "", "'unfinished"):
        with pytest.raises(KeyFileRefused):
            FromCommand(relative).read()


def test_a_running_process_wraps_with_the_new_key_within_a_minute(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = MasterKeys.load(path)
    rotate_master_keys_file(path)
    assert keys.current == 1
    a_minute_later(monkeypatch)
    assert keys.current == 2
    assert keys.others == (1,)


def test_a_version_that_it_does_not_know_is_looked_for_at_once(path: Path) -> None:
    keys = MasterKeys.load(path)
    rotate_master_keys_file(path)
    version, wrapped = MasterKeys.load(path).wrap(PLAIN, CONTEXT)
    assert keys.unwrap(version, wrapped, CONTEXT) == PLAIN
    assert keys.current == 2


def test_a_version_that_nobody_has_does_not_make_every_request_read_the_source(tmp_path: Path) -> None:
    command = a_program(tmp_path, f"echo x >> {tmp_path}/asked; echo '{WORDS}'")
    keys = MasterKeys.of(FromCommand(command))
    for _ in range(20):
        with pytest.raises(WrapBroken):
            keys.unwrap(7, b"x" * 60, CONTEXT)
    assert (tmp_path / "asked").read_text().count("x") == 2, "once at the start, once for version 7"


def test_a_slip_while_editing_keeps_the_keys_loudly(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keys = MasterKeys.load(path)
    wrapped = keys.wrap(PLAIN, CONTEXT)
    secret = json.loads(path.read_text())["keys"]["1"]
    path.write_text("{")
    a_minute_later(monkeypatch)
    with caplog.at_level(logging.ERROR):
        assert keys.unwrap(*wrapped, CONTEXT) == PLAIN
    assert "master keys not read again" in caplog.text
    assert secret not in caplog.text
    path.unlink()
    assert keys.current == 1


def test_a_retired_key_opens_nothing_any_more_in_a_running_process(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = MasterKeys.load(path)
    old = keys.wrap(PLAIN, CONTEXT)
    keys.derive("some use", 1)
    rotate_master_keys_file(path)
    drop_master_key(path, 1)
    a_minute_later(monkeypatch)
    with pytest.raises(WrapBroken):
        keys.unwrap(*old, CONTEXT)
    with pytest.raises(KeyError):
        keys.derive("some use", 1)


def test_the_current_key_and_an_unknown_one_are_not_dropped(path: Path) -> None:
    rotate_master_keys_file(path)
    for version in (2, 3):
        with pytest.raises(KeyFileRefused):
            drop_master_key(path, version)
    assert MasterKeys.load(path).versions == (1, 2)


def test_keys_of_the_environment_stay_as_they_were_given(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = MasterKeys.of(InEnvironment(WORDS))
    a_minute_later(monkeypatch)
    assert keys.current == 1
    assert os.environ.get("HOMEWARD_MASTER_KEYS") is None


def test_a_file_that_changes_into_another_is_followed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = MasterKeys.load(path)
    content = json.loads(path.read_text())
    content["keys"]["2"] = base64.b64encode(b"n" * 32).decode()
    replace_key_file(path, content)
    a_minute_later(monkeypatch)
    assert keys.current == 1, "a version may be handed to every machine before it becomes the current one"
    assert keys.versions == (1, 2)
