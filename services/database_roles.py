"""The database's roles: an owner that nobody signs in as, and those that sign in, each with what it does and no more.

Made before the first table: application, worker, auditor (reads what was written down), backup (reads everything, past the
policies, and writes nothing).
"""

from collections.abc import Mapping
from typing import Final

from psycopg2 import sql
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from services.settings import APPLICATION_ROLE, AUDITOR_ROLE, BACKUP_ROLE, OWNER_ROLE, WORKER_ROLE

SIGNING_IN: Final = (APPLICATION_ROLE, WORKER_ROLE, AUDITOR_ROLE, BACKUP_ROLE)
_LIMITED: Final = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}
_READING: Final = {"default_transaction_read_only": "on", "idle_in_transaction_session_timeout": "10min"}
_SETTINGS: Final = {
    APPLICATION_ROLE: _LIMITED,
    WORKER_ROLE: _LIMITED,
    AUDITOR_ROLE: _READING,
    BACKUP_ROLE: _READING,
}
# one starter at a time: roles belong to the whole cluster, not to one database
_LOCK = text("select pg_advisory_xact_lock(7217217201)")
_MAY_BYPASS = text("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")


def ensure_roles(connection: Connection) -> None:
    """Create what is missing, take away what must not be there. Needs CREATEROLE; safe to repeat.

    Only who bypasses policies may let the backup role do so: without that right, a backup is taken as the superuser.
    """
    connection.execute(_LOCK)
    known = set(connection.execute(text("select rolname from pg_roles")).scalars())
    if OWNER_ROLE not in known:
        connection.execute(text(f"create role {OWNER_ROLE} nologin"))
    for role in SIGNING_IN:
        if role not in known:
            connection.execute(
                text(f"create role {role} login nosuperuser nocreatedb nocreaterole noinherit")
            )
        for name, value in _SETTINGS[role].items():
            # by ALTER ROLE, since a transaction pooler refuses start-up options
            connection.execute(text(f"alter role {role} set {name} = '{value}'"))
    if connection.execute(_MAY_BYPASS).scalar_one():
        connection.execute(text(f"alter role {BACKUP_ROLE} bypassrls"))
    connection.execute(text(f"grant {OWNER_ROLE} to current_user"))
    connection.execute(text(f"grant usage, create on schema public to {OWNER_ROLE}"))
    connection.execute(text("revoke create on schema public from public"))


def become_owner(connection: Connection) -> None:
    """Everything made from here on belongs to the owner role."""
    connection.execute(text(f"set local role {OWNER_ROLE}"))


def set_passwords(connection: Connection, urls: Mapping[str, str | None]) -> None:
    """Give each sign-in role the password that its own address carries; addresses of other roles are left alone."""
    for role, url in urls.items():
        parsed = make_url(url) if url else None
        if parsed is None or parsed.username != role or parsed.password is None:
            continue
        statement = sql.SQL("alter role {} password {}").format(
            sql.Identifier(role), sql.Literal(str(parsed.password))
        )
        cursor = connection.connection.cursor()
        cursor.execute(statement)
        cursor.close()
