"""The file of the keys that sign access tokens: its format, its making and its rotation."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, cast

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from services.key_files import KeyFileRefused, create_key_file, read_key_file, replace_key_file

LONGEST_LIFE: Final = timedelta(minutes=15)
LEEWAY: Final = timedelta(seconds=30)
RELOAD_EVERY: Final = timedelta(seconds=60)
# A next key is published this long before it signs, so that nobody holds an older key set by then.
PUBLISHED_BEFORE: Final = timedelta(hours=24)

_MEMBERS: Final = frozenset({"kid", "pem", "not_before", "retired_at"})
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One P-256 key. It signs from `not_before` on; nothing it ever signed counts from `retired_at` on."""

    kid: str
    pem: str = field(repr=False)
    not_before: datetime
    retired_at: datetime

    def signs_at(self, now: datetime) -> bool:
        """Say whether a token may be signed with the key at this time."""
        return self.not_before <= now < self.retired_at

    def verifies_at(self, now: datetime) -> bool:
        """Say whether a token signed with the key counts; another machine's clock may run ahead of ours."""
        return self.not_before <= now + LEEWAY and now < self.retired_at


def read_token_keys(path: Path) -> Sequence[KeyEntry]:
    """Return the entries of one file, or of every `*.json` of a folder; there is at least one.

    KeyFileRefused if a file cannot be read or is open to others, for anything but P-256 private keys, and for
    a key id that occurs twice.
    """
    entries = [entry for file in _files(path) for entry in _entries(file)]
    if not entries:
        raise KeyFileRefused(path, "holds no token keys")
    if len({entry.kid for entry in entries}) != len(entries):
        raise KeyFileRefused(path, "names a key id twice")
    return entries


def fingerprint(path: Path) -> Sequence[tuple[str, int, int, int]]:
    """Return what tells whether a file or folder has changed, unopened; KeyFileRefused if missing."""
    try:
        found = [(file, file.stat()) for file in _files(path)]
    except OSError as error:
        raise KeyFileRefused(path, error.strerror or "cannot be read") from None
    return [(str(file), status.st_mtime_ns, status.st_size, status.st_ino) for file, status in found]


def new_token_keys_file(path: Path) -> None:
    """Make the file with one fresh key in use at once, mode 0600; FileExistsError if there is one already.

    If a key has leaked, remove the file and make a new one: every token signed before is refused within 60 s.
    """
    create_key_file(path, [_fresh()])


def rotate_token_keys_file(path: Path, *, now: datetime) -> datetime:
    """Add a fresh key that signs in 24 hours, and let the others end when their last token has ended.

    Returns when the new key starts to sign. Keys that have ended leave the file. One operator at a time.
    """
    starts = now.astimezone(UTC).replace(microsecond=0) + PUBLISHED_BEFORE
    ends = starts + LONGEST_LIFE + LEEWAY + RELOAD_EVERY
    kept = [_written(entry, ends) for entry in _entries(path) if now < entry.retired_at]
    replace_key_file(path, [*kept, _fresh() | {"not_before": starts.isoformat()}])
    return starts


def _files(path: Path) -> Sequence[Path]:
    return sorted(path.glob("*.json")) if path.is_dir() else [path]


def _entries(path: Path) -> Sequence[KeyEntry]:
    content = read_key_file(path)
    try:
        return list(_parsed(content))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        # Only the kind of the error: its words may quote the key.
        raise KeyFileRefused(path, f"holds no token keys ({type(error).__name__})") from None


def _parsed(content: object) -> Iterator[KeyEntry]:
    for members in cast("list[Mapping[str, str]]", content):
        if not members.keys() <= _MEMBERS or not members["kid"]:
            raise ValueError("an entry has kid, pem, not_before and retired_at")
        private = load_pem_private_key(members["pem"].encode("ascii"), password=None)
        # The JWT library would take a key on any curve for ES256.
        if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
            raise ValueError("a private P-256 key is needed")  # noqa: TRY004  # the file is wrong, not the caller
        not_before, retired_at = _time(members, "not_before", _ALWAYS), _time(members, "retired_at", _NEVER)
        yield KeyEntry(members["kid"], members["pem"], not_before, retired_at)


def _time(members: Mapping[str, str], name: str, otherwise: datetime) -> datetime:
    if name not in members:
        return otherwise
    found = datetime.fromisoformat(members[name])
    if found.tzinfo is None:
        raise ValueError("a time needs its offset")
    return found.astimezone(UTC)


def _written(entry: KeyEntry, ends: datetime) -> dict[str, str]:
    members = {"kid": entry.kid, "pem": entry.pem, "retired_at": min(entry.retired_at, ends).isoformat()}
    if entry.not_before != _ALWAYS:
        members["not_before"] = entry.not_before.isoformat()
    return members


def _fresh() -> dict[str, str]:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # A name without meaning; hashing the public point keeps anything of the private one out of it.
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"kid": hashlib.sha256(point).hexdigest()[:16], "pem": pem.decode("ascii")}
