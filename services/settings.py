"""Settings from the environment; every secret may also stand in a file named by NAME_FILE."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

PRODUCTION: Final = "production"
APPLICATION_ROLE: Final = "homeward_application"
WORKER_ROLE: Final = "homeward_worker"
AUDITOR_ROLE: Final = "homeward_auditor"
BACKUP_ROLE: Final = "homeward_backup"
OWNER_ROLE: Final = "homeward_owner"
_MASTER_KEYS: Final = ("HOMEWARD_MASTER_KEYS_FILE", "HOMEWARD_MASTER_KEYS", "HOMEWARD_MASTER_KEYS_COMMAND")
_LOG_KEYS: Final = ("HOMEWARD_LOG_KEY_FILE", "HOMEWARD_LOG_KEY", "HOMEWARD_LOG_KEY_COMMAND")
DEFAULT_ISSUER: Final = "https://homeward.invalid"


class SettingsRefused(Exception):
    """The environment asks for something unsafe or incomplete; the text names the setting, never its value."""


@dataclass(frozen=True, slots=True)
class LogSettings:
    """The log over everything written down: who signs it, how often, and where its checkpoints go."""

    name: str
    key_file: Path
    key_text: str | None = field(repr=False)
    key_command: str | None = field(repr=False)
    witnesses: tuple[str, ...]
    checkpoint_file: Path | None
    seal_seconds: int
    seal_entries: int


@dataclass(frozen=True, slots=True)
class Settings:
    """`database_url` None means the embedded PostgreSQL, which production refuses."""

    environment: str
    database_url: str | None
    worker_database_url: str | None
    auditor_database_url: str | None
    backup_database_url: str | None
    admin_database_url: str | None
    data_folder: Path
    master_keys_file: Path
    master_keys_text: str | None = field(repr=False)
    master_keys_command: str | None = field(repr=False)
    erasures_file: Path
    person_key_days: int
    token_keys_file: Path
    log: LogSettings
    issuer: str
    audience: str
    host: str
    port: int
    pool_size: int
    requests_a_minute: int
    late_after_hours: int  # what is learned later than this is shown as late: a default of ours, no source
    font_file: Path | None
    api_page: bool
    demonstration: bool

    @property
    def production(self) -> bool:
        return self.environment == PRODUCTION


def settings_from(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; SettingsRefused names what is wrong."""
    env = os.environ if environ is None else environ
    environment = env.get("HOMEWARD_ENV", "development")
    if environment not in ("development", PRODUCTION):
        raise SettingsRefused("HOMEWARD_ENV is development or production")
    production = environment == PRODUCTION
    data_folder = Path(env.get("HOMEWARD_DATA", ".homeward")).absolute()
    settings = Settings(
        environment=environment,
        database_url=_secret(env, "DATABASE_URL"),
        worker_database_url=_secret(env, "WORKER_DATABASE_URL"),
        auditor_database_url=_secret(env, "AUDITOR_DATABASE_URL"),
        backup_database_url=_secret(env, "BACKUP_DATABASE_URL"),
        admin_database_url=_secret(env, "ADMIN_DATABASE_URL"),
        data_folder=data_folder,
        master_keys_file=Path(env.get("HOMEWARD_MASTER_KEYS_FILE", data_folder / "keys" / "master.json")),
        master_keys_text=env.get("HOMEWARD_MASTER_KEYS") or None,
        master_keys_command=env.get("HOMEWARD_MASTER_KEYS_COMMAND") or None,
        erasures_file=Path(env.get("HOMEWARD_ERASURES_FILE", data_folder / "erasures.jsonl")),
        person_key_days=_number(env, "HOMEWARD_PERSON_KEY_DAYS", 365),
        token_keys_file=Path(env.get("HOMEWARD_TOKEN_KEYS_FILE", data_folder / "keys" / "tokens.json")),
        log=_log_settings(env, data_folder),
        issuer=env.get("HOMEWARD_ISSUER", DEFAULT_ISSUER),
        audience=env.get("HOMEWARD_AUDIENCE", "homeward"),
        host=env.get("HOST", "127.0.0.1"),
        port=_number(env, "PORT", 8000),
        pool_size=_number(env, "HOMEWARD_POOL_SIZE", 16),
        requests_a_minute=_number(env, "HOMEWARD_REQUESTS_A_MINUTE", 1200),
        late_after_hours=_number(env, "HOMEWARD_LATE_AFTER_HOURS", 24),
        font_file=Path(env["HOMEWARD_FONT_FILE"]) if env.get("HOMEWARD_FONT_FILE") else None,
        api_page=env.get("HOMEWARD_API_PAGE", "closed" if production else "open") == "open",
        demonstration=env.get("HOMEWARD_DEMONSTRATION", "no" if production else "yes") == "yes",
    )
    for names in (_MASTER_KEYS, _LOG_KEYS):
        if sum(bool(env.get(name)) for name in names) > 1:
            raise SettingsRefused(f"only one of {', '.join(names)} may be set")
    if production:
        _check_production(settings, env)
    return settings


def _log_settings(env: Mapping[str, str], data_folder: Path) -> LogSettings:
    return LogSettings(
        name=env.get("HOMEWARD_LOG_NAME") or _log_name(env.get("HOMEWARD_ISSUER", DEFAULT_ISSUER)),
        key_file=Path(env.get("HOMEWARD_LOG_KEY_FILE", data_folder / "keys" / "log.json")),
        key_text=env.get("HOMEWARD_LOG_KEY") or None,
        key_command=env.get("HOMEWARD_LOG_KEY_COMMAND") or None,
        witnesses=_witnesses(env.get("HOMEWARD_WITNESSES", "")),
        checkpoint_file=_checkpoint_file(env.get("HOMEWARD_CHECKPOINT_FILE"), data_folder),
        seal_seconds=_number(env, "HOMEWARD_SEAL_SECONDS", 30),
        seal_entries=_number(env, "HOMEWARD_SEAL_ENTRIES", 1000),
    )


def _check_production(settings: Settings, env: Mapping[str, str]) -> None:
    if (
        settings.database_url is None
        and settings.worker_database_url is None
        and settings.admin_database_url is None
    ):
        raise SettingsRefused(
            "production needs DATABASE_URL: the embedded PostgreSQL is for trying things out"
        )
    if settings.demonstration:
        raise SettingsRefused("production never loads the demonstration: leave HOMEWARD_DEMONSTRATION unset")
    if not any(env.get(name) for name in _MASTER_KEYS):
        raise SettingsRefused(f"production needs one of {', '.join(_MASTER_KEYS)}")
    for name in ("HOMEWARD_TOKEN_KEYS_FILE", "HOMEWARD_ISSUER"):
        if not env.get(name):
            raise SettingsRefused(f"production needs {name}")


def _secret(env: Mapping[str, str], name: str) -> str | None:
    if value := env.get(name):
        return value
    if path := env.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return None


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit():
        raise SettingsRefused(f"{name} is a whole number")
    return int(text)


def _log_name(issuer: str) -> str:
    """What a checkpoint's first line and its key are called, where nothing else is set: the issuer's address and /log."""
    return issuer.partition("://")[2].rstrip("/") + "/log"


def _witnesses(text: str) -> tuple[str, ...]:
    """Entries between commas: an address, and behind a space the key of the witness there. https, except on this machine."""
    entries = tuple(" ".join(entry.split()) for entry in text.split(",") if entry.strip())
    for entry in entries:
        address = urlsplit(entry.partition(" ")[0])
        near = address.hostname in ("localhost", "127.0.0.1", "::1")
        if not address.hostname or not (address.scheme == "https" or (near and address.scheme == "http")):
            raise SettingsRefused("HOMEWARD_WITNESSES are addresses that begin with https://")
        if address.username or address.password or address.query or address.fragment:
            raise SettingsRefused("HOMEWARD_WITNESSES are addresses without a password, query or fragment")
    return entries


def _checkpoint_file(text: str | None, data_folder: Path) -> Path | None:
    if not text:
        return None
    path = Path(text).absolute()
    if path.resolve().is_relative_to(data_folder.resolve()):
        raise SettingsRefused(
            "HOMEWARD_CHECKPOINT_FILE lies outside the data folder, best on another machine's disk"
        )
    return path
