"""The commands of the keys: rotate, look how far everything is, retire the old one."""

import time
from datetime import UTC, datetime
from typing import Final

from services.database import engine_for, transaction
from services.log_keys import read_log_keys, rotate_log_key_file
from services.master_key_sources import InFile, drop_master_key, rotate_master_keys_file, source_of
from services.master_keys import FOLLOWED_EVERY, MasterKeys
from services.rewrapping import under, under_each
from services.settings import Settings, SettingsRefused
from services.token_key_file import rotate_token_keys_file

SETTLED_AFTER: Final = 2 * FOLLOWED_EVERY
"""Seconds after which every running process has read a change of the file; until then one may still wrap with the old key."""


def rotate_master(settings: Settings) -> int:
    """Make a new master key the current one; its version. Only where they are in a file: elsewhere it is done at the source."""
    return rotate_master_keys_file(_file_of(settings).path)


def rotate_tokens(settings: Settings) -> datetime:
    """Add a key that signs access tokens from a day ahead on; when that is. Running processes follow the file."""
    return rotate_token_keys_file(settings.token_keys_file, now=datetime.now(UTC))


def rotate_log(settings: Settings, *, leaked: bool) -> str:
    """Make a new key that signs checkpoints; the new one as witnesses and auditors are to be told it. Running workers follow
    the file, and enter the change on the register's chain with the first checkpoint that the new key signs."""
    if settings.log.key_text is not None or settings.log.key_command is not None:
        raise SettingsRefused(
            "the log key is not in a file: replace it at the source, and keep the old one as previous"
        )
    rotate_log_key_file(settings.log.key_file, leaked=leaked)
    return read_log_keys(settings).verifier.written


def key_status(settings: Settings) -> list[str]:
    """One line a version: what is still under it."""
    keys = MasterKeys.of(source_of(settings))
    engine = engine_for(_worker_url(settings), 1)
    try:
        found = under_each(engine, keys)
    finally:
        engine.dispose()
    return [
        f"version {version}{' (current)' if version == keys.current else ''}: "
        + ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items())
        for version, counts in found.items()
    ]


def retire_master(settings: Settings, version: int, *, settled_after: float = SETTLED_AFTER) -> str:
    """Take an old master key away. SettingsRefused while it is the current one, while anything is still under it, or while
    a running process may not have read yet that it is no longer current."""
    keys = MasterKeys.of(source_of(settings))
    if version == keys.current:
        raise SettingsRefused(f"version {version} is the current one: rotate first")
    engine = engine_for(_worker_url(settings), 1)
    try:
        with transaction(engine) as session:
            left = {kind: count for kind, count in under(session, version).items() if count}
    finally:
        engine.dispose()
    if left:
        told = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in left.items())
        raise SettingsRefused(f"version {version} is still needed ({told}): the worker brings them over")
    source = source_of(settings)
    if not isinstance(source, InFile):
        return f"nothing is under version {version} any more: take it away at the source"
    if time.time() - source.path.stat().st_mtime < settled_after:
        raise SettingsRefused(
            f"the file was changed less than {settled_after:.0f} s ago: a process may not have read it"
        )
    drop_master_key(source.path, version)
    return f"version {version} is gone; what was under it in old backups opens no more"


def _file_of(settings: Settings) -> InFile:
    source = source_of(settings)
    if not isinstance(source, InFile):
        raise SettingsRefused(
            "the master keys are not in a file: add a version and make it current at the source"
        )
    return source


def _worker_url(settings: Settings) -> str:
    if settings.worker_database_url is None:
        raise SettingsRefused("this needs WORKER_DATABASE_URL")
    return settings.worker_database_url
