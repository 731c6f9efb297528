"""No role of the database changes or takes away what was written down, whichever way it tries; two of them only read."""

import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from services.embedded_postgres import EmbeddedPostgres
from services.settings import APPLICATION_ROLE, AUDITOR_ROLE, BACKUP_ROLE, WORKER_ROLE
from tests.api.access.world import SECRETS, Matter, World

ROLES: Final = (APPLICATION_ROLE, WORKER_ROLE, AUDITOR_ROLE, BACKUP_ROLE)
TABLES: Final = {
    "timeline_entries": "chain_id",
    "read_log": "id",
    "leaves": "leaf_index",
    "tree_nodes": "position",
    "checkpoints": "size",
    "checkpoint_deliveries": "id",
    "log_keys": "id",
}
MUTATIONS: Final = (
    "update {table} set {key} = {key}",
    "update only {table} set {key} = {key} where false",
    "delete from {table}",
    "delete from {table} where false",
    "truncate {table}",
    "truncate {table} cascade",
    "insert into {table} select * from {table} limit 1 on conflict do nothing; update {table} set {key} = {key}",
    "merge into {table} t using {table} s on t.{key} = s.{key} when matched then delete",
    "select 1 from {table} for update",
    "alter table {table} disable trigger all",
    "alter table {table} no force row level security",
    "alter table {table} owner to current_user",
    "drop table {table}",
    "create rule kept_out as on insert to {table} do instead nothing",
    "set session_replication_role = replica; update {table} set {key} = {key}",
    "set row_security = off; delete from {table}",
    "copy {table} from program 'true'",
    "grant update on {table} to public; update {table} set {key} = {key}",
    "set role homeward_owner; update {table} set {key} = {key}",
)
As = Callable[[str], Connection]


@pytest.fixture
def connected(world: World, north: Matter) -> Iterator[As]:
    """Signs a role in, as somebody with its password would, and lets it say that it works on the northern case."""
    settings = world.house.settings
    urls = {
        APPLICATION_ROLE: settings.database_url,
        WORKER_ROLE: settings.worker_database_url,
        AUDITOR_ROLE: settings.auditor_database_url,
        BACKUP_ROLE: settings.backup_database_url,
    }
    opened: list[tuple[Engine, Connection]] = []

    def sign_in(role: str) -> Connection:
        url = urls[role]
        assert url is not None
        engine = create_engine(url, poolclass=NullPool)
        connection = engine.connect()
        opened.append((engine, connection))
        assert connection.execute(text("select current_user")).scalar() == role
        connection.rollback()
        # what the role's own settings forbid it may allow itself again
        connection.execute(text("set session characteristics as transaction read write"))
        connection.commit()
        for name, value in (
            ("file", north.case_id),
            ("audit", "all"),
            ("account", world.desk("cab-1").me["account_id"]),
        ):
            connection.execute(text(f"select set_config('homeward.{name}', :value, false)"), {"value": value})
        connection.commit()
        return connection

    yield sign_in
    for engine, connection in opened:
        connection.close()
        engine.dispose()


def written(world: World) -> list[tuple[object, ...]]:
    return [tuple(world.sql(f"select md5(string_agg(t::text, '' order by {key})) from {table} t")[0])  # noqa: S608
            for table, key in TABLES.items()]  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", TABLES)
def test_every_way_to_change_it_is_refused(
    world: World, connected: As, north: Matter, table: str, role: str
) -> None:
    connection, before = connected(role), written(world)
    for mutation in MUTATIONS:
        with pytest.raises(DBAPIError) as refused:
            connection.execute(text(mutation.format(table=table, key=TABLES[table])))
        connection.rollback()
        code = getattr(refused.value.orig, "pgcode", None)
        # no right, a trigger that says no, or a privilege of superusers
        assert code in ("42501", "0A000"), (mutation, code)
    assert written(world) == before


def test_the_auditors_role_reads_what_was_written_down_and_where_each_chain_stands(
    world: World, connected: As, north: Matter
) -> None:
    connection = connected(AUDITOR_ROLE)
    chain = connection.execute(
        text("select count(*) from timeline_entries where chain_id = :id"), {"id": north.case_id}
    ).scalar_one()
    head = connection.execute(
        text("select seq from cases where id = :id"), {"id": north.case_id}
    ).scalar_one()
    assert chain == head > 10
    assert connection.execute(text("select count(*) from read_log")).scalar_one() > 0
    connection.rollback()
    allowed = {*TABLES, "registers", "alembic_version", "cases", "reports"}
    for (table,) in world.sql("select tablename from pg_tables where schemaname = 'public'"):
        if table in allowed:
            continue
        with pytest.raises(DBAPIError):
            connection.execute(text(f"select 1 from {table}"))  # noqa: S608  # a name from the catalogue
        connection.rollback()
    for column in ("owner_unit_id", "place_id", "kept_from"):
        with pytest.raises(DBAPIError):
            connection.execute(text(f"select {column} from cases"))  # noqa: S608  # written right above
        connection.rollback()


def test_a_backup_by_its_own_role_is_whole_and_holds_nothing_readable(
    world: World, cluster: EmbeddedPostgres, north: Matter
) -> None:
    url = make_url(str(world.house.settings.backup_database_url))
    assert url.username is not None
    assert url.database is not None
    command = [
        str(cluster.home.programs / "pg_dump"),
        "-h",
        str(url.query["host"]),
        "-U",
        url.username,
        url.database,
    ]
    environment = {**os.environ, "PGPASSWORD": str(url.password)}
    dump = subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout
    assert north.case_id in dump
    assert dump.count("COPY public.") > 30
    assert [secret for secret in SECRETS.values() if secret in dump] == []


def test_a_dump_by_a_role_under_the_policies_fails_loudly_instead_of_leaving_out(connected: As) -> None:
    connection = connected(APPLICATION_ROLE)
    connection.execute(text("set row_security = off"))
    with pytest.raises(DBAPIError):
        connection.execute(text("select 1 from cases"))
    connection.rollback()


def test_only_the_backups_role_steps_past_the_policies_and_none_owns_or_inherits_anything(
    world: World,
) -> None:
    rows = world.sql(
        "select rolname, rolbypassrls, rolsuper, rolcreaterole, rolcreatedb, rolinherit,"
        " exists (select from pg_auth_members m where m.member = r.oid),"
        " exists (select from pg_class c where c.relowner = r.oid)"
        " from pg_roles r where rolname like 'homeward\\_%' and rolcanlogin order by 1"
    )
    assert {row[0]: row[1] for row in rows if row[0] in ROLES} == {
        role: role == BACKUP_ROLE for role in ROLES
    }
    assert {any(row[2:]) for row in rows if row[0] in ROLES} == {False}
