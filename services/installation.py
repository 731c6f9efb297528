"""Putting a house on its feet: keys, database, roles, schema; the embedded server where none is given."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, select, text
from sqlalchemy.engine import make_url

import migrations
from services import embedded_postgres
from services.database import engine_for, transaction
from services.database_roles import set_passwords
from services.embedded_postgres import EmbeddedPostgres
from services.log_keys import new_log_key_file
from services.master_key_sources import new_master_keys_file
from services.records.accounts import AccountRow
from services.settings import (
    APPLICATION_ROLE,
    AUDITOR_ROLE,
    BACKUP_ROLE,
    WORKER_ROLE,
    Settings,
    SettingsRefused,
)
from services.token_key_file import new_token_keys_file

DATABASE: Final = "homeward"


def make_keys(folder: Path) -> tuple[Path, Path]:
    """Master keys and token keys in this folder, and the key of the log, readable by us alone; those that exist are kept."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    master, tokens = folder / "master.json", folder / "tokens.json"
    if not master.exists():
        new_master_keys_file(master)
    if not tokens.exists():
        new_token_keys_file(tokens)
    if not (folder / "log.json").exists():
        new_log_key_file(folder / "log.json")
    return master, tokens


def migrate(admin_url: str, settings: Settings) -> None:
    """Bring the schema to its newest version, and give the sign-in roles the passwords of their addresses."""
    command.upgrade(alembic_config(admin_url), "head")
    engine = create_engine(admin_url, poolclass=NullPool)
    with engine.begin() as connection:
        urls = {
            APPLICATION_ROLE: settings.database_url,
            WORKER_ROLE: settings.worker_database_url,
            AUDITOR_ROLE: settings.auditor_database_url,
            BACKUP_ROLE: settings.backup_database_url,
        }
        set_passwords(connection, urls)
    engine.dispose()


def alembic_config(admin_url: str) -> Config:
    """Alembic's settings without its file: an installed program has the scripts, not the checkout."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", admin_url.replace("%", "%%"))
    return config


def check_schema(database_url: str) -> None:
    """SettingsRefused unless the database stands at the newest migration."""
    newest = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    engine = engine_for(database_url, 1)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    if found != newest:
        raise SettingsRefused("the database is not at the newest schema: run homeward migrate")


def start_embedded(settings: Settings, progress: Callable[[str], None]) -> tuple[EmbeddedPostgres, Settings]:
    """Start the embedded PostgreSQL, with database, roles and schema, and return the settings that lead to it."""
    if settings.production:
        raise SettingsRefused("production never runs on the embedded PostgreSQL")
    server = embedded_postgres.start(
        settings.data_folder / "postgres",
        progress=lambda phase, seconds: progress(f"{phase} ({seconds:.0f} s)"),
    )
    _create_database(server)
    ready = replace(
        settings,
        database_url=server.url_for(APPLICATION_ROLE, _password(server, APPLICATION_ROLE), DATABASE),
        worker_database_url=server.url_for(WORKER_ROLE, _password(server, WORKER_ROLE), DATABASE),
        admin_database_url=_address(server.admin_url, DATABASE),
    )
    assert ready.admin_database_url is not None
    migrate(ready.admin_database_url, ready)
    return server, ready


def _create_database(server: EmbeddedPostgres) -> None:
    engine = create_engine(server.admin_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = connection.execute(
            text("select 1 from pg_database where datname = :name"), {"name": DATABASE}
        )
        if known.one_or_none() is None:
            connection.execute(text(f"create database {DATABASE}"))
    engine.dispose()


def _address(admin_url: str, database: str) -> str:
    return make_url(admin_url).set(database=database).render_as_string(hide_password=False)


def _password(server: EmbeddedPostgres, role: str) -> str:
    """The same at every start, so that two programs on one folder do not lock each other out."""
    return hmac.new(server.password.encode(), role.encode(), hashlib.sha256).hexdigest()


def holds_demonstration(database_url: str) -> bool:
    """Whether accounts of the demonstration exist: their passwords stand in the README."""
    engine = engine_for(database_url, 1)
    with transaction(engine) as session:
        found = session.execute(select(AccountRow.id).where(AccountRow.demonstration).limit(1)).one_or_none()
    engine.dispose()
    return found is not None
