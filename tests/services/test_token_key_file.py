"""The keys that sign tokens come, rest and go by their file, and nobody is signed out by that."""

import base64
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from domain.identifiers import new_id
from services.key_files import KeyFileRefused, create_key_file, replace_key_file
from services.token_key_file import KeyEntry, new_token_keys_file, read_token_keys, rotate_token_keys_file
from services.tokens import Claims, TokenKeys, TokenRefused

NOW = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "token keys.json"
    new_token_keys_file(file)
    return file


@pytest.fixture
def keys(path: Path) -> TokenKeys:
    return _load(path)


def _load(path: Path) -> TokenKeys:
    return TokenKeys.from_folder_or_file(path, issuer="homeward", audience="homeward-api")


def _fresh(keys: TokenKeys, now: datetime = NOW) -> Claims:
    return keys.new_claims(new_id(), new_id(), now=now)


def _refused(keys: TokenKeys, token: str, now: datetime = NOW) -> bool:
    try:
        keys.verify(token, now=now)
    except TokenRefused:
        return True
    return False


def _kids(path: Path) -> list[str]:
    return [entry["kid"] for entry in json.loads(path.read_text())]


def _kid(token: str) -> str:
    header = token.split(".", maxsplit=1)[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"])


def test_a_new_file_is_ours_alone_and_is_never_written_over(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        new_token_keys_file(path)
    assert path.read_bytes() == before


def test_a_rotation_publishes_a_day_ahead_and_refuses_no_running_token(path: Path, keys: TokenKeys) -> None:
    old = keys.public_jwks(now=NOW)["keys"][0]["kid"]
    starts = rotate_token_keys_file(path, now=NOW)
    assert starts == NOW + timedelta(hours=24)
    assert len(_load(path).public_jwks(now=NOW)["keys"]) == 2
    moment = NOW + MINUTE
    running: list[tuple[str, Claims]] = []
    while moment < starts + HOUR:
        claims = _fresh(keys, moment)
        running = [(token, each) for token, each in running if moment < each.expires_at]
        running.append((keys.sign(claims), claims))
        assert all(keys.verify(token, now=moment) == each for token, each in running)
        moment += timedelta(seconds=97)
    assert [key["kid"] for key in keys.public_jwks(now=moment)["keys"]] != [old]
    assert len(keys.public_jwks(now=moment)["keys"]) == 1


def test_a_key_signs_only_from_its_time_on(path: Path, keys: TokenKeys) -> None:
    starts = rotate_token_keys_file(path, now=NOW)
    assert _kid(_load(path).sign(_fresh(keys, starts - SECOND))) == _kids(path)[0]
    assert _kid(_load(path).sign(_fresh(keys, starts))) == _kids(path)[1]


def test_a_key_that_is_yet_to_come_verifies_nothing(path: Path) -> None:
    starts = rotate_token_keys_file(path, now=NOW)
    token = _load(path).sign(_fresh(_load(path), starts))
    early = _load(path)
    assert not _refused(early, token, starts - 29 * SECOND)
    assert _refused(early, token, starts - 31 * SECOND)
    entry = json.loads(path.read_text())[1]
    in_use_elsewhere = path.with_name("elsewhere.json")
    create_key_file(in_use_elsewhere, [{"kid": entry["kid"], "pem": entry["pem"]}])
    assert _refused(_load(path), _load(in_use_elsewhere).sign(_fresh(early)))


def test_a_key_that_was_dropped_in_need_is_refused_within_a_minute(path: Path, keys: TokenKeys) -> None:
    token = keys.sign(_fresh(keys))
    path.unlink()
    new_token_keys_file(path)
    assert not _refused(keys, token, NOW + 59 * SECOND)
    assert _refused(keys, token, NOW + 60 * SECOND)
    assert not _refused(keys, keys.sign(_fresh(keys, NOW + MINUTE)), NOW + MINUTE)


def test_a_retired_key_verifies_nothing_and_is_published_no_more(path: Path, keys: TokenKeys) -> None:
    token = keys.sign(_fresh(keys))
    entries = json.loads(path.read_text())
    replace_key_file(path, [entries[0] | {"retired_at": "2026-05-01T16:32:00+08:00"}])
    retired = _load(path)
    assert not _refused(retired, token, NOW + 2 * MINUTE - SECOND)
    assert _refused(retired, token, NOW + 2 * MINUTE)
    assert retired.public_jwks(now=NOW + 2 * MINUTE) == {"keys": []}
    with pytest.raises(LookupError):
        retired.sign(_fresh(retired, NOW + 2 * MINUTE))


def test_a_slip_in_the_file_signs_nobody_out_but_is_reported(
    path: Path, keys: TokenKeys, caplog: pytest.LogCaptureFixture
) -> None:
    token = keys.sign(_fresh(keys))
    path.write_text("{")
    with caplog.at_level(logging.ERROR):
        assert not _refused(keys, token, NOW + MINUTE)
    assert "is not JSON" in caplog.text
    path.unlink()
    new_token_keys_file(path)
    assert _refused(keys, token, NOW + 2 * MINUTE)


def test_the_file_is_looked_at_once_a_minute_and_read_only_when_it_changed(
    keys: TokenKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Path] = []

    def look(path: Path) -> object:
        looks.append(path)
        return keys._loaded_from

    monkeypatch.setattr("services.tokens.fingerprint", look)
    monkeypatch.setattr("services.tokens.read_token_keys", lambda _: pytest.fail("read again"))
    token = keys.sign(_fresh(keys))
    for second in range(180):
        keys.verify(token, now=NOW + second * SECOND)
    assert len(looks) == 3


def test_a_folder_of_files_is_one_set_of_keys(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        new_token_keys_file(tmp_path / name)
    keys = _load(tmp_path)
    assert len(keys.public_jwks(now=NOW)["keys"]) == 2
    assert not _refused(keys, _load(tmp_path / "a.json").sign(_fresh(keys)))
    assert _kid(keys.sign(_fresh(keys))) == _kids(tmp_path / "b.json")[0]
    (tmp_path / "a.json").unlink()
    assert len(keys.public_jwks(now=NOW + HOUR)["keys"]) == 1


def _pem(private: ec.EllipticCurvePrivateKey) -> str:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _entry(**changed: object) -> dict[str, object]:
    return {"kid": "key", "pem": _pem(ec.generate_private_key(ec.SECP256R1()))} | changed


def _public_pem() -> str:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


FILES: dict[str, Callable[[], object]] = {
    "nothing in it": list,
    "no list": dict,
    "null": lambda: None,
    "no kid": lambda: [{"pem": _entry()["pem"]}],
    "an empty kid": lambda: [_entry(kid="")],
    "the same kid twice": lambda: [_entry(), _entry()],
    "a secret": lambda: [_entry(pem="secret")],
    "a public key": lambda: [_entry(pem=_public_pem())],
    "a key on another curve": lambda: [_entry(pem=_pem(ec.generate_private_key(ec.SECP384R1())))],
    "an unknown member": lambda: [_entry(alg="none")],
    "a time without an offset": lambda: [_entry(not_before="2026-05-01T00:00:00")],
    "a time that is none": lambda: [_entry(retired_at="soon")],
    "a time that is a number": lambda: [_entry(retired_at=7)],
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_proper_keys_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "keys.json"
    create_key_file(path, FILES[name]())
    with pytest.raises(KeyFileRefused) as caught:
        _load(path)
    assert "secret" not in str(caught.value)


def test_a_file_open_to_others_and_a_missing_one_are_refused(path: Path, tmp_path: Path) -> None:
    path.chmod(0o644)
    with pytest.raises(KeyFileRefused, match="open to others"):
        _load(path)
    with pytest.raises(KeyFileRefused):
        _load(tmp_path / "missing.json")
    (tmp_path / "empty").mkdir()
    with pytest.raises(KeyFileRefused, match="no token keys"):
        _load(tmp_path / "empty")


def test_an_entry_does_not_show_its_key(path: Path) -> None:
    entry = read_token_keys(path)[0]
    assert isinstance(entry, KeyEntry)
    assert "PRIVATE" in entry.pem
    assert "PRIVATE" not in repr(entry)
