"""The key that signs checkpoints: from a file, the environment or a command, held by the worker and never by the database.

`{"current": base64, "previous": base64}`, 32 bytes each; `previous` may be absent. While it is there, notes carry its
signature as well, so that witnesses who know the old key alone follow until they know the new one.
"""

import base64
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.checkpoints import Note, VerifierKey, is_name, signed
from services.key_answers import json_answered, json_in
from services.key_files import KeyFileRefused, create_key_file, read_key_file, replace_key_file
from services.settings import Settings

FOLLOWED_EVERY: Final = 60.0
"""Seconds after which the source is read again."""
_MEMBERS: Final = ("current", "previous")


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The keys of one log under its name, the current one first."""

    name: str
    private: tuple[Ed25519PrivateKey, ...] = field(repr=False)

    @property
    def verifier(self) -> VerifierKey:
        return self._verifiers()[0]

    def note(self, text: str) -> Note:
        """The text with a signature of each key."""
        pairs = zip(self._verifiers(), self.private, strict=True)
        return Note(text, [line for key, one in pairs for line in signed(text, key, one.sign).signatures])

    def _verifiers(self) -> list[VerifierKey]:
        return [VerifierKey(self.name, one.public_key().public_bytes_raw()) for one in self.private]


class LogKeySource:
    """Where the keys are; read again once a minute, or when asked to."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._held: LogKeys | None = None
        self._read_at = 0.0

    def keys(self, *, anew: bool = False) -> LogKeys:
        """The keys; KeyFileRefused when there are none, or none that can be used."""
        at = time.monotonic()
        if anew or self._held is None or at - self._read_at >= FOLLOWED_EVERY:
            self._held, self._read_at = read_log_keys(self._settings), at
        return self._held


def read_log_keys(settings: Settings) -> LogKeys:
    """The keys as their source holds them at this moment; KeyFileRefused."""
    if settings.log.key_command is not None:
        name = "HOMEWARD_LOG_KEY_COMMAND"
        return _checked(settings, Path(name), json_answered(name, settings.log.key_command))
    if settings.log.key_text is not None:
        name = "HOMEWARD_LOG_KEY"
        return _checked(settings, Path(name), json_in(name, settings.log.key_text))
    return _checked(settings, settings.log.key_file, read_key_file(settings.log.key_file))


def new_log_key_file(path: Path) -> None:
    """Make the file with one fresh key, mode 0600; FileExistsError if there is one already."""
    create_key_file(path, {"current": _fresh()})


def rotate_log_key_file(path: Path, *, leaked: bool = False) -> None:
    """Make a fresh key the current one. The one before signs beside it, unless it has leaked; one older than that is gone."""
    content = cast("Mapping[str, str]", read_key_file(path))
    _seeds(path, content)
    kept = {} if leaked else {"previous": content["current"]}
    replace_key_file(path, {"current": _fresh(), **kept})


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature fits."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _checked(settings: Settings, path: Path, content: object) -> LogKeys:
    if not is_name(settings.log.name):
        raise KeyFileRefused(Path("HOMEWARD_LOG_NAME"), "is a name without spaces and plus signs")
    seeds = _seeds(path, content)
    return LogKeys(settings.log.name, tuple(Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds))


def _seeds(path: Path, content: object) -> list[bytes]:
    try:
        members = cast("Mapping[str, str]", content)
        texts = [members["current"], *([members["previous"]] if "previous" in members else [])]
        seeds = [base64.b64decode(text, validate=True) for text in texts]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KeyFileRefused(path, f"holds no log key ({type(error).__name__})") from None
    if (
        not members.keys() <= {*_MEMBERS}
        or any(len(seed) != 32 for seed in seeds)
        or len(set(seeds)) != len(seeds)
    ):
        raise KeyFileRefused(path, "holds keys of 32 bytes, each once")
    return seeds


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
