"""Where master keys come from: a file, the environment, or the answer of a command, such as a vault's client."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, cast

from services.key_answers import json_answered, json_in
from services.key_files import KeyFileRefused, create_key_file, read_key_file, replace_key_file
from services.settings import Settings

_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Read:
    """The keys as a source holds them at one moment."""

    current: int
    keys: Mapping[int, bytes] = field(repr=False)


class Source(Protocol):
    """Somewhere to read master keys from."""

    def read(self) -> Read:
        """The keys; KeyFileRefused when there are none to be had, or none that can be used."""

    def fingerprint(self) -> object:
        """Changes whenever the content may have changed; None: nobody can tell without reading."""


@dataclass(frozen=True, slots=True)
class InFile:
    """A file `{"current": 2, "keys": {"1": base64, "2": base64}}`, readable by us alone."""

    path: Path

    def read(self) -> Read:
        return _checked(self.path, read_key_file(self.path))

    def fingerprint(self) -> object:
        try:
            found = self.path.stat()
        except OSError as error:
            raise KeyFileRefused(self.path, error.strerror or "cannot be read") from None
        return found.st_ino, found.st_mtime_ns, found.st_size


@dataclass(frozen=True, slots=True)
class InEnvironment:
    """The same JSON in a variable. A running process keeps what it was started with: rotating means starting again."""

    text: str = field(repr=False)

    def read(self) -> Read:
        return _checked(Path("HOMEWARD_MASTER_KEYS"), json_in("HOMEWARD_MASTER_KEYS", self.text))

    def fingerprint(self) -> object:
        return True


@dataclass(frozen=True, slots=True)
class FromCommand:
    """The same JSON as the answer of a program: started without a shell, in an environment of its own, for at most 10 s."""

    line: str = field(repr=False)

    def read(self) -> Read:
        name = "HOMEWARD_MASTER_KEYS_COMMAND"
        return _checked(Path(name), json_answered(name, self.line))

    def fingerprint(self) -> object:
        return None


def new_master_keys_file(path: Path) -> None:
    """Make the file with one fresh key, version 1, mode 0600; FileExistsError if there is one already."""
    create_key_file(path, {"current": 1, "keys": {"1": _fresh()}})


def rotate_master_keys_file(path: Path) -> int:
    """Add a fresh key and make it current; returns its version. Old ones stay until everything is re-wrapped.

    One operator at a time: two rotations at once would lose the key of the first.
    """
    held = InFile(path).read()
    version = max(held.keys) + 1
    replace_key_file(
        path, _written(version, held.keys) | {"keys": {**_texts(held.keys), str(version): _fresh()}}
    )
    return version


def drop_master_key(path: Path, version: int) -> None:
    """Take an old key out of the file, for good. The caller has made sure that nothing is under it any more.

    KeyFileRefused for the current one, or one that is not there.
    """
    held = InFile(path).read()
    if version == held.current or version not in held.keys:
        raise KeyFileRefused(path, "holds no old key of this version")
    kept = {number: key for number, key in held.keys.items() if number != version}
    replace_key_file(path, _written(held.current, kept))


def _written(current: int, keys: Mapping[int, bytes]) -> dict[str, object]:
    return {"current": current, "keys": _texts(keys)}


def _texts(keys: Mapping[int, bytes]) -> dict[str, str]:
    return {str(number): base64.b64encode(key).decode() for number, key in keys.items()}


def _checked(name: Path, content: object) -> Read:
    try:
        return _parsed(content)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KeyFileRefused(name, f"holds no master keys ({type(error).__name__})") from None


def _parsed(content: object) -> Read:
    members = cast("Mapping[str, object]", content)
    current, stored = members["current"], cast("Mapping[str, str]", members["keys"])
    keys = {_version(name): base64.b64decode(text, validate=True) for name, text in stored.items()}
    if type(current) is not int or current not in keys:
        raise ValueError("the current version has no key")
    if any(len(key) != _KEY_BYTES for key in keys.values()):
        raise ValueError("a master key has 32 bytes")
    if len(set(keys.values())) != len(keys):
        raise ValueError("two versions hold the same key")
    return Read(current, keys)


def _version(name: str) -> int:
    version = int(name)
    if version < 1 or str(version) != name:
        raise ValueError("versions are 1, 2, 3 and so on")
    return version


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def source_of(settings: Settings) -> Source:
    """Where this installation's keys are: a command, the environment, else the file."""
    if settings.master_keys_command is not None:
        return FromCommand(settings.master_keys_command)
    if settings.master_keys_text is not None:
        return InEnvironment(settings.master_keys_text)
    return InFile(settings.master_keys_file)
