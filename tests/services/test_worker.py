"""The worker sweeps away what has outlived its term, and nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from api.calls import House
from domain.identifiers import new_id
from services.database import UnsafeDatabase, check_safe, engine_for, transaction
from services.settings import APPLICATION_ROLE, WORKER_ROLE, Settings
from services.worker import sweep


@pytest.fixture
def worker(settings: Settings) -> Iterator[Engine]:
    assert settings.worker_database_url is not None
    engine = engine_for(settings.worker_database_url, 2)
    yield engine
    engine.dispose()


def keep_key(house: House, key: str, claimed_at: datetime) -> None:
    nobody = str(UUID(int=0))
    with transaction(house.engine) as session:
        session.execute(text("select set_config('homeward.account', :nobody, true)"), {"nobody": nobody})
        session.execute(
            text("insert into idempotency_keys values (:nobody, 'POST /x', :key, '\\x00', :at, 200, null)"),
            {"nobody": nobody, "key": key, "at": claimed_at},
        )


def kept_keys(worker: Engine) -> set[str]:
    with transaction(worker) as session:
        return set(session.execute(text("select key from idempotency_keys")).scalars())


def test_keys_older_than_seven_days_go_and_younger_ones_stay(house: House, worker: Engine) -> None:
    old, young = f"old-{new_id()}", f"young-{new_id()}"
    keep_key(house, old, datetime.now(UTC) - timedelta(days=8))
    keep_key(house, young, datetime.now(UTC) - timedelta(days=6))
    assert sweep(worker)["idempotency_keys"] >= 1
    assert old not in kept_keys(worker)
    assert young in kept_keys(worker)


def test_a_second_sweep_finds_nothing_more(house: House, worker: Engine) -> None:
    keep_key(house, f"old-{new_id()}", datetime.now(UTC) - timedelta(days=8))
    sweep(worker)
    assert sweep(worker)["idempotency_keys"] == 0


def test_what_was_written_down_is_not_the_workers_to_change(house: House, worker: Engine) -> None:
    for statement in (
        "update timeline_entries set stage_id = null",
        "delete from timeline_entries",
        "delete from deadlines",
        "delete from alarms",
        "insert into cases (id) values (gen_random_uuid())",
        "insert into stage_records (id) values (gen_random_uuid())",
        "update person_keys set file_id = file_id",
        "table read_log",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction(worker) as session:
            session.execute(text(statement))


def test_the_worker_reads_files_by_its_own_policies_and_not_by_those_of_the_application(
    house: House, worker: Engine
) -> None:
    with transaction(worker) as session:
        policies = session.execute(
            text(
                "select tablename, policyname from pg_policies where schemaname = 'public'"
                " and 'homeward_worker' = any(roles) and 'homeward_application' = any(roles)"
            )
        ).all()
        own = session.execute(
            text("select 1 from pg_policies where tablename = 'cases' and 'homeward_worker' = any(roles)")
        ).all()
    assert (policies, len(own)) == ([], 1)


def test_the_worker_does_not_start_as_another_role(settings: Settings, worker: Engine) -> None:
    check_safe(worker, WORKER_ROLE)
    with pytest.raises(UnsafeDatabase):
        check_safe(worker, APPLICATION_ROLE)
