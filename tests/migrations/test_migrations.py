"""The schema's history goes up, down and up again, and ends where the code expects it."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, text

from services.embedded_postgres import EmbeddedPostgres
from services.installation import alembic_config
from tests.conftest import make_database

_SHAPE = text(
    "select 'column', table_name, column_name, data_type || is_nullable || coalesce(column_default, '')"
    " from information_schema.columns where table_schema = 'public'"
    " union all select 'policy', tablename, policyname, coalesce(qual, '') || coalesce(with_check, '') || cmd"
    " from pg_policies where schemaname = 'public'"
    " union all select 'index', tablename, indexname, indexdef from pg_indexes where schemaname = 'public'"
    " union all select 'grant', table_name, grantee, privilege_type from information_schema.role_table_grants"
    " where table_schema = 'public' union all select 'trigger', event_object_table, trigger_name, action_timing"
    " from information_schema.triggers order by 1, 2, 3, 4"
)


@pytest.fixture(scope="module")
def admin_url(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = make_database(
        cluster, f"stairway_{tmp_path_factory.getbasetemp().name}", tmp_path_factory.mktemp("stairs")
    )
    assert settings.admin_database_url is not None
    return settings.admin_database_url


def shape(admin_url: str) -> list[tuple[str, ...]]:
    engine = create_engine(admin_url, poolclass=NullPool)
    with engine.connect() as connection:
        rows = [tuple(str(part) for part in row) for row in connection.execute(_SHAPE)]
    engine.dispose()
    return [row for row in rows if row[1] != "alembic_version"]


def test_each_step_down_and_up_again_leaves_the_same_schema(admin_url: str) -> None:
    config, before = alembic_config(admin_url), shape(admin_url)
    assert before
    for script in ScriptDirectory.from_config(config).walk_revisions():
        below = script.down_revision or "base"
        assert isinstance(below, str)
        command.downgrade(config, below)
        command.upgrade(config, "head")
        assert shape(admin_url) == before


def test_nothing_is_left_at_the_foot_of_the_stairs(admin_url: str) -> None:
    config = alembic_config(admin_url)
    command.downgrade(config, "base")
    assert shape(admin_url) == []
    command.upgrade(config, "head")


def test_the_rows_in_the_code_are_the_tables_of_the_newest_migration(admin_url: str) -> None:
    said = io.StringIO()
    with redirect_stdout(said):
        command.check(alembic_config(admin_url))
    assert Path(__file__).exists()
