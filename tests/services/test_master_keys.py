"""Master keys wrap the keys of persons, and stay in a file that only we can read."""

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.key_files import KeyFileRefused, create_key_file
from services.master_key_sources import new_master_keys_file, rotate_master_keys_file
from services.master_keys import MasterKeys, WrapBroken

PLAIN = bytes(range(32))


def _text(fill: int, length: int = 32) -> str:
    return base64.b64encode(bytes([fill]) * length).decode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "master keys.json"
    new_master_keys_file(file)
    return file


@pytest.fixture
def keys(path: Path) -> MasterKeys:
    return MasterKeys.load(path)


def test_a_new_file_holds_one_key_and_is_ours_alone(path: Path) -> None:
    content = json.loads(path.read_text())
    assert content["current"] == 1
    assert [len(base64.b64decode(key)) for key in content["keys"].values()] == [32]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_exists_is_never_written_over(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        new_master_keys_file(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_of_many_programs_that_start_together_one_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"

    def start(_: int) -> tuple[bool, bytes]:
        try:
            new_master_keys_file(path)
        except FileExistsError:
            return False, MasterKeys.load(path).derive("label", 1)
        return True, MasterKeys.load(path).derive("label", 1)

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(start, range(16)))
    assert sum(made for made, _ in outcomes) == 1
    assert len({derived for _, derived in outcomes}) == 1


@given(plain=st.binary(min_size=16, max_size=64), context=st.binary(max_size=100))
def test_a_wrapped_key_opens_in_its_context(plain: bytes, context: bytes) -> None:
    keys = MasterKeys(1, {1: bytes(32)})
    version, wrapped = keys.wrap(plain, context)
    assert keys.unwrap(version, wrapped, context) == plain
    assert len(wrapped) == len(plain) + 28
    assert plain not in wrapped


def test_a_wrapped_key_opens_nowhere_else(keys: MasterKeys) -> None:
    version, wrapped = keys.wrap(PLAIN, b"person 1")
    for context in (b"", b"person 2", b"person 1 "):
        with pytest.raises(WrapBroken):
            keys.unwrap(version, wrapped, context)
    with pytest.raises(WrapBroken):
        MasterKeys(1, {1: bytes(32)}).unwrap(1, wrapped, b"person 1")


def test_an_altered_or_shortened_wrapped_key_does_not_open(keys: MasterKeys) -> None:
    version, wrapped = keys.wrap(PLAIN, b"context")
    for place in range(len(wrapped) * 8):
        altered = bytearray(wrapped)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(WrapBroken):
            keys.unwrap(version, bytes(altered), b"context")
    for length in range(len(wrapped)):
        with pytest.raises(WrapBroken):
            keys.unwrap(version, wrapped[:length], b"context")


def test_after_a_rotation_new_keys_use_the_new_version_and_old_ones_still_open(path: Path) -> None:
    old = MasterKeys.load(path)
    version, wrapped = old.wrap(PLAIN, b"context")
    label = old.derive("look-up", 1)
    assert rotate_master_keys_file(path) == 2
    new = MasterKeys.load(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert new.unwrap(version, wrapped, b"context") == PLAIN
    assert new.derive("look-up", 1) == label
    assert new.wrap(PLAIN, b"context")[0] == 2


def test_a_version_whose_key_is_gone_opens_no_more(keys: MasterKeys) -> None:
    _, wrapped = keys.wrap(PLAIN, b"context")
    for version in (0, 2, -1):
        with pytest.raises(WrapBroken):
            keys.unwrap(version, wrapped, b"context")


def test_a_key_wrapped_by_one_version_does_not_open_as_another(path: Path) -> None:
    _, wrapped = MasterKeys.load(path).wrap(PLAIN, b"context")
    rotate_master_keys_file(path)
    with pytest.raises(WrapBroken):
        MasterKeys.load(path).unwrap(2, wrapped, b"context")


def test_derived_keys_differ_by_label_and_version() -> None:
    keys = MasterKeys(2, {1: b"1" * 32, 2: b"2" * 32})
    derived = {keys.derive(label, version) for label in ("a", "b", "ab", "") for version in (1, 2)}
    assert len(derived) == 8
    assert {len(each) for each in derived} == {32}
    assert keys.derive("a", 1) == MasterKeys(1, {1: b"1" * 32}).derive("a", 1)
    assert not derived & {b"1" * 32, b"2" * 32}
    with pytest.raises(KeyError):
        keys.derive("a", 3)


def test_a_short_key_is_not_wrapped(keys: MasterKeys) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        keys.wrap(bytes(15), b"context")


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o601, 0o620, 0o666])
def test_a_file_that_is_open_to_others_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(KeyFileRefused, match="open to others"):
        MasterKeys.load(path)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o440])
def test_a_file_mounted_for_our_group_is_taken(path: Path, mode: int) -> None:
    path.chmod(mode)
    assert MasterKeys.load(path).current == 1


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"current": 1, "keys": {}},
        {"current": 1, "keys": []},
        {"current": 1, "keys": {"1": _text(1, 31)}},
        {"current": 1, "keys": {"1": _text(1, 33)}},
        {"current": 2, "keys": {"1": _text(1), "2": _text(2, 16)}},
        {"current": 2, "keys": {"1": _text(1)}},
        {"current": "1", "keys": {"1": _text(1)}},
        {"current": True, "keys": {"1": _text(1)}},
        {"current": 1, "keys": {"01": _text(1)}},
        {"current": 0, "keys": {"0": _text(1)}},
        {"current": 1, "keys": {"1": _text(1), "2": _text(1)}},
        {"current": 1, "keys": {"1": "no base64"}},
        {"current": 1, "keys": {"1": 7}},
    ],
)
def test_a_file_without_proper_keys_is_refused(tmp_path: Path, content: object) -> None:
    create_key_file(tmp_path / "keys.json", content)
    with pytest.raises(KeyFileRefused, match="no master keys"):
        MasterKeys.load(tmp_path / "keys.json")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000,
        "\udc80",
        f'{{"current": 1, "keys": {{"1": "{_text(1)}", "1": "{_text(2)}"}}}}',
    ],
)
def test_a_file_that_is_not_plain_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    path.chmod(0o600)
    with pytest.raises(KeyFileRefused):
        MasterKeys.load(path)


def test_a_file_of_enormous_length_is_not_even_read(tmp_path: Path) -> None:
    create_key_file(tmp_path / "keys.json", "a" * 300_000)
    with pytest.raises(KeyFileRefused, match="too long"):
        MasterKeys.load(tmp_path / "keys.json")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.json", tmp_path):
        with pytest.raises(KeyFileRefused):
            MasterKeys.load(path)


def test_neither_a_refusal_nor_a_representation_shows_a_key(tmp_path: Path) -> None:
    create_key_file(tmp_path / "keys.json", {"current": 1, "keys": {"1": _text(65, 31)}})
    with pytest.raises(KeyFileRefused) as caught:
        MasterKeys.load(tmp_path / "keys.json")
    assert _text(65, 31)[:8] not in str(caught.value)
    assert "AAAA" not in repr(MasterKeys(1, {1: b"A" * 32}))
