"""Files that were merged before conflicts stood in both: the migration enters them, and takes them out again."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import NullPool, create_engine, text
from starlette.testclient import TestClient

from api.main import application, house_of
from services.demo_journeys import YEAR_AND_MORE, Stage
from services.demo_world import PASSWORD, build_world
from services.embedded_postgres import EmbeddedPostgres
from services.installation import alembic_config
from services.settings import Settings
from tests.api.people.conftest import NAMELESS, taken_in
from tests.api.people.test_merges import Pair, approve, ask, doubted, found_in_the_south
from tests.conftest import make_database

STANDING = text(
    "select c.case_id::text, c.kind, c.unit_id, c.account_id, c.rule, v.merge_id is not null,"
    " exists (select from exclusions e where e.conflict_id = c.id and e.file_id = c.case_id) from conflicts c"
    " join victims v on v.case_id = c.case_id where c.origin_id is not null and c.state <> 'cleared' order by 2"
)


@pytest.fixture
def settings_of_its_own(cluster: EmbeddedPostgres, tmp_path: Path) -> Settings:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    return make_database(cluster, f"merged_{worker}", tmp_path)


def test_what_was_merged_stands_in_both_after_the_way_down_and_up_again(
    settings_of_its_own: Settings,
) -> None:
    settings = settings_of_its_own
    assert settings.admin_database_url
    house = house_of(settings)
    build_world(house.engine, house.master_keys)
    with TestClient(application(house), raise_server_exceptions=False) as client:
        play = Stage(client, PASSWORD, datetime.now(UTC) - YEAR_AND_MORE, lambda _line: None, {})
        pair = Pair(taken_in(play, NAMELESS), found_in_the_south(play))
        approve(pair, ask(pair))
        unit, officer = (
            {"unit_id": play.unit(play.desk("edu-1"))},
            {"account_id": play.desk("dpf-1").me["account_id"]},
        )
        doubted(pair.south.owner, pair.south, "unit_conflicts", unit)
        doubted(pair.south.owner, pair.south, "exclusions", officer)
    house.engine.dispose()
    admin = create_engine(settings.admin_database_url, poolclass=NullPool)
    with admin.connect() as connection:
        before = connection.execute(STANDING).all()
    config = alembic_config(settings.admin_database_url)
    command.downgrade(config, "0002")
    again = text("insert into case_access (unit_id, kind, file_id) values (:unit_id, 'case', :file_id)")
    read = text("select 1 from case_access where unit_id = :unit_id and file_id = :file_id")
    reads = {**unit, "file_id": pair.north.case["id"]}
    with admin.begin() as connection:
        connection.execute(again, reads)
    command.upgrade(config, "head")
    with admin.connect() as connection:
        after = connection.execute(STANDING).all()
        assert connection.execute(read, reads).all() == []
    admin.dispose()
    assert {row.kind for row in before} == {"unit", "officer"}
    assert after == before
