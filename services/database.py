"""The connection to PostgreSQL, and the only place where anything is committed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from select import POLLIN, poll
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session

from services.records import Table
from services.settings import APPLICATION_ROLE, WORKER_ROLE

FILE_TABLES = {
    "reports": "id",
    "receipts": "file_id",
    "cases": "id",
    "case_access": "file_id",
    "victims": "case_id",
    "stages": "case_id",
    "stage_units": "case_id",
    "stage_records": "case_id",
    "consents": "case_id",
    "approvals": "file_id",
    "person_keys": "file_id",
    "sealed_values": "file_id",
    "timeline_entries": "chain_id",
    "deadlines": "file_id",
    "alarms": "file_id",
    "conflicts": "case_id",
    "exclusions": "file_id",
    "relatives": "case_id",
    "merges": "case_id",
    "requests": "case_id",
    "objections": "report_id",
    "search_tokens": "file_id",
    "legal_holds": "case_id",
    "emergency_grants": "case_id",
    "emergency_notices": "case_id",
    "door_codes": "case_id",
    "door_sessions": "case_id",
    "letters": "case_id",
    "leaves": "source_id",
}
"""Every table that holds somebody's file, with the column that says whose. The migration gives each its policies."""

GUARDED_TABLES = (*FILE_TABLES, "read_log", "idempotency_keys", "workload", "erasures")

Begin = Callable[[], AbstractContextManager[Session]]
"""Begins a transaction. For work that is slow in between, and then holds no connection."""


class UnsafeDatabase(Exception):
    """The database role or a table would not hold the second layer of access; the program does not start."""


# A server that vanishes without a word is given up after 10 s of silence; PostgreSQL's own limits do not reach there.
_CONNECT: Final = {
    "connect_timeout": 3,
    "application_name": "homeward",
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def engine_for(url: str, pool_size: int = 16) -> Engine:
    """A pool of at most `pool_size` connections; waiting longer than 2 s for one is an error, not a queue.

    Connections that died with their server are replaced as they are taken out, all at once: after a restart no
    transaction fails for one.
    """
    if make_url(url).drivername != "postgresql+psycopg2":
        raise UnsafeDatabase("the address of the database starts with postgresql+psycopg2://")
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=2,
        pool_pre_ping=False,
        hide_parameters=True,
        connect_args=dict(_CONNECT),
    )
    event.listen(engine, "checkout", _leave_the_dead)
    return engine


def _leave_the_dead(connection: Any, *_pool_entry: object) -> None:
    """A resting server says nothing, so a readable socket means news, mostly its end; only then is it worth a query."""
    try:
        watch = poll()
        watch.register(connection.fileno(), POLLIN)
        if not watch.poll(0):
            return
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        connection.rollback()
    except (connection.Error, ValueError) as error:
        raise InvalidatePoolError from error


@contextmanager
def transaction(engine: Engine, info: Mapping[str, object] | None = None) -> Iterator[Session]:
    """One transaction: commits when the block ends, rolls back when it raises. Nothing else in the code commits.

    `info` travels with the session: master keys, request id, purpose.
    """
    with (
        Session(engine, expire_on_commit=False, autoflush=False, info=dict(info or {})) as session,
        session.begin(),
    ):
        yield session


def now(session: Session) -> datetime:
    """The database's clock; the machine's own may jump."""
    at: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return at


def working_on(session: Session, file_id: UUID, *, other: bool = False) -> None:
    """Tell row-level security which file this transaction may write. Only after access to it was decided, or for a new one."""
    name = "homeward.other_file" if other else "homeward.file"
    session.execute(select(func.set_config(name, str(file_id), True)))


@contextmanager
def working_on_another(session: Session, file_id: UUID) -> Iterator[None]:
    """For a while, this transaction works on another file; afterwards on the same ones as before."""
    session.flush()
    names = ("homeward.file", "homeward.other_file")
    before = session.execute(select(*(func.current_setting(name, True) for name in names))).one()
    working_on(session, file_id)
    yield
    session.flush()
    session.execute(select(*(func.set_config(*pair, True) for pair in zip(names, before, strict=True))))


_ROLE = text(
    "select rolname, rolsuper, rolbypassrls, current_setting('row_security') as row_security,"
    " exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    "         where n.nspname = 'public' and c.relkind in ('r', 'p') and pg_has_role(c.relowner, 'member')) as owns"
    " from pg_roles where rolname = current_user"
)
_UNGUARDED = text(
    "select name from unnest(cast(:names as text[])) as wanted(name) where not exists ("
    " select from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname = 'public' and c.relname = name and c.relrowsecurity and c.relforcerowsecurity"
    " and exists (select from pg_policy p where p.polrelid = c.oid))"
)


def check_safe(engine: Engine, expected_role: str) -> None:
    """Refuse a superuser, an owner, a role that bypasses policies, or a table without its policies (UnsafeDatabase)."""
    with transaction(engine) as session:
        role = session.execute(_ROLE).one()
        unguarded = session.execute(_UNGUARDED, {"names": list(GUARDED_TABLES)}).scalars().all()
    if role.rolsuper or role.rolbypassrls:
        raise UnsafeDatabase(f"{role.rolname} may bypass row-level security: connect as {expected_role}")
    if role.owns:
        raise UnsafeDatabase(f"{role.rolname} owns tables: connect as {expected_role}")
    if role.rolname != expected_role:
        raise UnsafeDatabase(f"connect as {expected_role}, not as {role.rolname}")
    if role.row_security != "on":
        raise UnsafeDatabase("row_security is off")
    if unguarded:
        raise UnsafeDatabase(
            f"without forced row-level security: {', '.join(unguarded)} (run: homeward migrate)"
        )


metadata = Table.metadata
ROLES = (APPLICATION_ROLE, WORKER_ROLE)
