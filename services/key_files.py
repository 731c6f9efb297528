"""Files that hold secret keys: made at once and complete, readable by nobody else."""

import json
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_LONGEST_FILE: Final = 256 * 1024
# Container platforms mount secrets readable by a group; nobody else may write or read them.
_FORBIDDEN_MODE: Final = stat.S_IWGRP | stat.S_IRWXO


class KeyFileRefused(Exception):
    """The key file cannot be used; says which file and why, never what it holds."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def unique_members(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Build a JSON object, for `object_pairs_hook`; ValueError when a name occurs twice."""
    members: dict[str, object] = {}
    for name, value in pairs:
        if name in members:
            raise ValueError("a member name occurs twice")
        members[name] = value
    return members


def read_key_file(path: Path) -> object:
    """Return the JSON in the file; KeyFileRefused if it is missing, not JSON, too long or open to others."""
    try:
        text = _read_guarded(path)
        content: object = json.loads(text, object_pairs_hook=unique_members)
    except OSError as error:
        raise KeyFileRefused(path, error.strerror or "cannot be read") from None
    except (ValueError, RecursionError):
        raise KeyFileRefused(path, "is not JSON") from None
    return content


def create_key_file(path: Path, content: object) -> None:
    """Write a new file as JSON, mode 0600, on disk when this returns; FileExistsError if there is one.

    The name appears only with the whole content behind it, so that of two programs that start at the same
    time one gets FileExistsError and then reads what the other has written.
    """
    draft = _draft(path, content)
    try:
        os.link(draft, path)
    finally:
        draft.unlink()
    _sync_folder(path)


def replace_key_file(path: Path, content: object) -> None:
    """Put a new content in the place of an old one, mode 0600: a reader sees either of them, never a part."""
    draft = _draft(path, content)
    try:
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(path)


def _read_guarded(path: Path) -> str:
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise KeyFileRefused(path, "is not a regular file")
        if found.st_mode & _FORBIDDEN_MODE:
            raise KeyFileRefused(path, "is open to others: its mode must be 0600")
        if found.st_size > _LONGEST_FILE:
            raise KeyFileRefused(path, "is too long")
        return file.read(_LONGEST_FILE).decode("utf-8")


def _draft(path: Path, content: object) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink()
        raise
    return draft


def _sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
