"""The second layer by itself: what PostgreSQL gives the application's role, and what it refuses whoever asks."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from psycopg2.errors import InsufficientPrivilege
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from services.database import GUARDED_TABLES, UnsafeDatabase, check_safe, engine_for
from services.embedded_postgres import EmbeddedPostgres
from services.settings import APPLICATION_ROLE, AUDITOR_ROLE, WORKER_ROLE, Settings
from tests.api.access.world import Matter, World
from tests.conftest import make_database

READABLE: Final = tuple(table for table in GUARDED_TABLES if table != "read_log")
CONTEXT: Final = (
    *("unit", "desk", "file", "other_file", "account", "receipt", "audit", "office", "erasures"),
    *("review", "emergency", "case_number", "door", "door_case", "door_person", "door_voice"),
)
LAST_ENTRY: Final = "update timeline_entries set digest = digest"


@pytest.fixture
def raw(world: World, north: Matter, south: Matter) -> Iterator[Connection]:
    """A connection of the application's role, as somebody with its password would have it."""
    with world.house.engine.connect() as connection:
        yield connection
        connection.rollback()


def rows(connection: Connection, table: str) -> int:
    return len(list(connection.execute(text(f"select 1 from {table}"))))  # noqa: S608  # a name from our list


def become(connection: Connection, **context: str) -> None:
    for name, value in context.items():
        connection.execute(text(f"select set_config('homeward.{name}', :value, true)"), {"value": value})


ONE_ROW: Final = {
    "leaves": "values (900000000, '{case}', 0)",
    "alarms": "(file_id, id, kind, deadline_id, rung, told, clock, subject, subject_id, unit_id, due_at, raised_at)"
    " select file_id, gen_random_uuid(), kind, id, 0, 'unit', clock, subject, subject_id, '{unit}', due_at, now()"
    " from deadlines where file_id = '{case}' limit 1",
    "conflicts": "(case_id, id, kind, state, unit_id, set_at)"
    " values ('{case}', gen_random_uuid(), 'unit', 'cleared', '{unit}', now())",
    "exclusions": "values ('{case}', (select id from accounts where username = 'hotline'), gen_random_uuid())",
    "relatives": "values ('{case}', gen_random_uuid(), '{victim}', now())",
    "merges": "(case_id, id, victim_id, case_number, other_number, state, asked_by_unit_id, asked_by_id, asked_at)"
    " select '{case}', gen_random_uuid(), '{victim}', 'x', 'y', 'undone', unit_id, id, now()"
    " from accounts where username = 'psb-1'",
    "requests": "(case_id, id, stage_id, unit_id, asked_by_unit_id, asked_by_id, what, state, by, asked_at)"
    " select '{case}', gen_random_uuid(), '{stage}', '{unit}', unit_id, id, 'transport', 'withdrawn', now(), now()"
    " from accounts where username = 'psb-1'",
    "objections": "(id, report_id, kind, opened_at, unit_id, closed_at)"
    " values (gen_random_uuid(), '{report}', 'complaint', now(), '{unit}', now())",
    "legal_holds": "(case_id, id, set_by_id, set_by_unit_id, set_at)"
    " select '{case}', gen_random_uuid(), id, unit_id, now() from accounts where username = 'psb-1'",
    "erasures": "(id, kind, file_id, erased_at) values (gen_random_uuid(), 'case', '{case}', now())",
    "emergency_grants": "(case_id, id, account_id, unit_id, role, reason_code, opened_at, expires_at, review_by, ended_at)"
    " select '{case}', '{case}', id, unit_id, role, 'danger_call', now(), now(), now(), now()"
    " from accounts where username = 'psb-1'",
    "emergency_notices": "(case_id, id, grant_id, kind, told, unit_id, raised_at)"
    " values ('{case}', gen_random_uuid(), '{case}', 'opened', 'supervisor', '{unit}', now())",
    "door_codes": "(case_id, id, victim_id, voice, language, digest, given_at, given_by_id, given_by_unit_id, good_until)"
    " select '{case}', '{case}', '{victim}', 'person', 'en', 'x', now(), id, unit_id, now()"
    " from accounts where username = 'psb-1'",
    "door_sessions": "(case_id, id, victim_id, voice, code_id, digest, began_at, seen_at, expires_at)"
    " values ('{case}', gen_random_uuid(), '{victim}', 'person', '{case}', 'x', now(), now(), now())",
    "letters": "(case_id, id, victim_id, voice, kind, written_at)"
    " values ('{case}', gen_random_uuid(), '{victim}', 'person', 'complaint', now())",
    "workload": "values ('{unit}', 'shelter', 'active', null, 1, 0, now())",
}
"""A row for each table that no work of the two cases fills, so that there would be something to see."""


@pytest.fixture(scope="module")
def filled(world: World, north: Matter, south: Matter) -> None:
    names = {
        "case": south.case_id,
        "victim": south.victim_id,
        "stage": south.stages["shelter"],
        "report": south.report_id,
        "unit": world.unit("south-women-1"),
    }
    for table, row in ONE_ROW.items():
        world.sql(f"insert into {table} {row.format(**names)}")  # names from our list


@pytest.mark.parametrize("table", READABLE)
def test_without_a_context_there_is_nothing_to_see(
    world: World, raw: Connection, filled: None, table: str
) -> None:
    there = world.sql(f"select 1 from {table} limit 1")  # noqa: S608  # a name from our list
    assert there or table == "idempotency_keys"
    assert rows(raw, table) == 0


@pytest.mark.parametrize("table", READABLE)
def test_a_setting_that_was_used_and_is_empty_means_nobody(raw: Connection, table: str) -> None:
    become(raw, **dict.fromkeys(CONTEXT, ""))
    assert rows(raw, table) == 0


def test_a_context_lasts_for_its_transaction_only(world: World, raw: Connection, north: Matter) -> None:
    become(raw, unit=world.unit("cab-1"))
    assert rows(raw, "cases") > 0
    raw.rollback()
    assert raw.execute(text("select current_setting('homeward.unit', true)")).scalar() == ""
    assert rows(raw, "cases") == 0


def test_a_unit_sees_the_files_that_it_works_on_and_no_others(
    world: World, raw: Connection, north: Matter, south: Matter
) -> None:
    become(raw, unit=world.unit("edu-1"))
    for table, column in (("cases", "id"), ("victims", "case_id"), ("sealed_values", "file_id")):
        found = {str(row[0]) for row in raw.execute(text(f"select {column} from {table}"))}  # noqa: S608
        assert north.case_id in found
        assert not found & {south.case_id, north.report_id, south.report_id}


def test_an_auditors_context_shows_cases_and_their_entries_and_nothing_else(
    world: World, raw: Connection, south: Matter
) -> None:
    division = world.place("01")
    become(raw, audit=division)
    assert south.case_id not in {str(row[0]) for row in raw.execute(text("select id from cases"))}
    assert rows(raw, "timeline_entries") > 0
    chains = raw.execute(text("select distinct chain from timeline_entries")).scalars().all()
    assert chains == ["case"]
    assert {table: rows(raw, table) for table in ("victims", "sealed_values", "person_keys", "reports")} == {
        "victims": 0, "sealed_values": 0, "person_keys": 0, "reports": 0,
    }  # fmt: skip


def test_policies_cannot_be_switched_off(raw: Connection) -> None:
    raw.execute(text("set row_security = off"))
    with pytest.raises(ProgrammingError) as refused:
        raw.execute(text("select 1 from cases"))
    assert isinstance(refused.value.orig, InsufficientPrivilege)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into case_access values ('{unit}', 'case', '{case}')",
        "update cases set state = 'closed' where id = '{case}'",
        "update stages set unit_id = '{unit}' where case_id = '{case}'",
        "delete from case_access where file_id = '{case}'",
        "insert into stage_units values ('{case}', '{stage}', '{unit}', 'invited')",
    ],
)
def test_another_file_is_not_written_to(world: World, raw: Connection, south: Matter, statement: str) -> None:
    """Neither by a unit without work in it, nor by one that works on it but did not say so."""
    filled = statement.format(unit=world.unit("cab-1"), case=south.case_id, stage=south.stages["schooling"])
    for unit in (world.unit("cab-1"), world.unit("south-psb-1")):
        become(raw, unit=unit)
        before = world.sql("select state, owner_unit_id from cases where id = :id", id=south.case_id)
        changed = 0
        try:
            with raw.begin_nested():
                changed = raw.execute(text(filled)).rowcount
        except ProgrammingError as refused:
            assert isinstance(refused.orig, InsufficientPrivilege)  # noqa: PT017  # both ways of refusing are right
        # a delete touches only what the policy shows: the unit's own row, which saving then may take away
        assert changed == 0 or (filled.startswith("delete") and unit != world.unit("cab-1"))
        assert world.sql("select state, owner_unit_id from cases where id = :id", id=south.case_id) == before


@pytest.fixture
def worker(world: World, cluster: EmbeddedPostgres) -> Iterator[Connection]:
    name = world.house.engine.url.database
    assert name is not None
    engine = create_engine(cluster.url_for(WORKER_ROLE, "only for tests", name), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


@pytest.mark.parametrize("role", [APPLICATION_ROLE, WORKER_ROLE])
@pytest.mark.parametrize("table", ["timeline_entries", "read_log"])
@pytest.mark.parametrize(
    "statement", ["update {} set {} = ''", "delete from {}", "truncate {}", "truncate {} cascade"]
)
def test_what_was_written_down_stays_for_both_roles(
    world: World, raw: Connection, worker: Connection, north: Matter, statement: str, table: str, role: str
) -> None:
    connection = raw if role == APPLICATION_ROLE else worker
    assert connection.execute(text("select current_user")).scalar() == role
    become(raw, unit=world.unit("cab-1"), file=north.case_id, audit="all")
    column = "body" if table == "timeline_entries" else "subject"
    with pytest.raises(ProgrammingError) as refused:
        connection.execute(text(statement.format(table, column)))
    assert isinstance(refused.value.orig, InsufficientPrivilege)


@pytest.mark.parametrize("role", [APPLICATION_ROLE, WORKER_ROLE])
@pytest.mark.parametrize("table", ["timeline_entries", "read_log"])
@pytest.mark.parametrize("right", ["update", "delete", "truncate", "references", "trigger"])
def test_neither_role_has_the_right_to_change_it(world: World, right: str, table: str, role: str) -> None:
    """The trigger would refuse it too; the right is missing all the same."""
    asked = {"role": role, "table": table, "right": right}
    assert world.sql("select has_table_privilege(:role, :table, :right)", **asked) == [(False,)]
    if right in ("update", "references"):
        assert world.sql("select has_any_column_privilege(:role, :table, :right)", **asked) == [(False,)]


def test_not_even_the_superuser_changes_an_entry_by_mistake(world: World, north: Matter) -> None:
    for statement in (LAST_ENTRY, "delete from timeline_entries", "truncate timeline_entries"):
        with pytest.raises(ProgrammingError, match="append-only"):
            world.sql(statement)


# --- the catalogue ---


def test_every_policy_takes_an_empty_setting_for_none(world: World) -> None:
    policies = world.sql(
        "select policyname, roles, coalesce(qual, '') || coalesce(with_check, '') from pg_policies"
        " where schemaname = 'public'"
    )
    assert len(policies) > len(GUARDED_TABLES)
    for name, roles, condition in policies:
        asked = condition.count("current_setting(")
        assert condition.count("NULLIF(current_setting(") == asked, name
        # the worker carries out rules on every file; what it may do there its grants say
        through_another = name == "conflicts_of_the_merged"  # shows what the policies of `merges` show
        # the auditor's reads what was written down; it has the right to nothing else
        assert asked or roles in ([WORKER_ROLE], [AUDITOR_ROLE]) or through_another, name


def test_every_guarded_table_is_forced_and_every_table_of_files_is_guarded(world: World) -> None:
    forced = {
        row[0]
        for row in world.sql("select relname from pg_class where relrowsecurity and relforcerowsecurity")
    }
    assert forced == set(GUARDED_TABLES)
    naming = world.sql(
        "select distinct table_name from information_schema.columns where table_schema = 'public'"
        " and column_name in ('case_id', 'file_id', 'chain_id', 'victim_id')"
    )
    assert {row[0] for row in naming} <= forced


def test_no_function_runs_as_its_owner_with_a_path_of_the_callers_choice(world: World) -> None:
    functions = world.sql(
        "select proname, prosecdef, coalesce(array_to_string(proconfig, ','), '') from pg_proc"
        " join pg_namespace n on n.oid = pronamespace where nspname = 'public'"
    )
    assert functions
    for name, as_owner, settings in functions:
        assert not as_owner or re.search(r"search_path=", settings), name


def test_no_view_goes_around_the_policies(world: World) -> None:
    assert world.sql("select 1 from pg_views where schemaname = 'public'") == []


# --- starting up ---


@pytest.fixture(scope="module")
def scratch(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("scratch")
    return make_database(cluster, f"start_up_{tmp_path_factory.getbasetemp().name}", folder)


@pytest.fixture
def admin(scratch: Settings) -> Iterator[Connection]:
    assert scratch.admin_database_url is not None
    engine = create_engine(scratch.admin_database_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def role_of_its_own(admin: Connection, scratch: Settings, attributes: str) -> Engine:
    """A sign-in role that exists for one test, so that nobody else's role changes meanwhile."""
    admin.execute(text("drop role if exists homeward_stranger"))
    admin.execute(text(f"create role homeward_stranger login password 'only for tests' {attributes}"))
    assert scratch.admin_database_url is not None
    url = make_url(scratch.admin_database_url).set(username="homeward_stranger", password="only for tests")
    return create_engine(url, poolclass=NullPool)


def refusal(engine: Engine, role: str) -> str:
    with pytest.raises(UnsafeDatabase) as refused:
        check_safe(engine, role)
    engine.dispose()
    return str(refused.value)


def test_the_house_starts_with_the_role_that_it_expects(scratch: Settings) -> None:
    assert scratch.database_url is not None
    engine = engine_for(scratch.database_url, 1)
    check_safe(engine, APPLICATION_ROLE)
    assert "not as homeward_application" in refusal(engine, WORKER_ROLE)


def test_the_house_does_not_start_as_a_superuser(scratch: Settings) -> None:
    assert scratch.admin_database_url is not None
    superuser = make_url(scratch.admin_database_url).username
    engine = create_engine(scratch.admin_database_url, poolclass=NullPool)
    assert "may bypass" in refusal(engine, str(superuser))


def test_the_house_does_not_start_as_a_role_that_bypasses_policies(
    admin: Connection, scratch: Settings
) -> None:
    engine = role_of_its_own(admin, scratch, "bypassrls")
    assert "may bypass" in refusal(engine, "homeward_stranger")
    admin.execute(text("drop role homeward_stranger"))


def test_the_house_does_not_start_as_an_owner_of_tables(admin: Connection, scratch: Settings) -> None:
    engine = role_of_its_own(admin, scratch, "")
    owner = admin.execute(text("select tableowner from pg_tables where tablename = 'places'")).scalar_one()
    admin.execute(text("alter table places owner to homeward_stranger"))
    assert "owns tables" in refusal(engine, "homeward_stranger")
    admin.execute(text(f'alter table places owner to "{owner}"'))
    admin.execute(text("drop owned by homeward_stranger"))
    admin.execute(text("drop role homeward_stranger"))


@pytest.mark.parametrize("table", GUARDED_TABLES)
def test_the_house_does_not_start_over_a_table_that_is_not_forced(
    admin: Connection, scratch: Settings, table: str
) -> None:
    assert scratch.database_url is not None
    admin.execute(text(f"alter table {table} no force row level security"))
    said = refusal(engine_for(scratch.database_url, 1), APPLICATION_ROLE)
    admin.execute(text(f"alter table {table} force row level security"))
    assert f"without forced row-level security: {table} " in said
