"""People are erased, the last backup from before is put back: nothing of them can be read, and every chain is whole."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from api.main import application, house_of
from api.serve import erase_again_in, serve_api
from domain.identifiers import new_id
from services.case_erasure import erase_now
from services.case_loading import open_case_by_rule
from services.database import engine_for, transaction
from services.demo_desk import Desk
from services.demo_world import PASSWORD, build_world
from services.embedded_postgres import EmbeddedPostgres
from services.erasures import not_erased_here, write_erasures
from services.master_keys import MasterKeys
from services.records.cases import CaseRow
from services.sealed_values import key_context
from services.settings import Settings, SettingsRefused
from services.timeline import check_chain
from tests.conftest import make_database

NAME = "归档金丝雀"


@dataclass(frozen=True, slots=True)
class Ward:
    case: UUID
    victim: UUID


@pytest.fixture
def scratch(cluster: EmbeddedPostgres, tmp_path: Path) -> Settings:
    settings = make_database(cluster, f"backup_{new_id().hex}", tmp_path)
    return replace(settings, erasures_file=tmp_path / "kept apart" / "erasures.jsonl")


def admin_of(settings: Settings) -> Engine:
    return create_engine(settings.admin_database_url or "", poolclass=NullPool)


def take_in(settings: Settings, number: int) -> list[Ward]:
    """So many grown-up people, each in a case that was closed twelve years ago."""
    house = house_of(settings)
    build_world(house.engine, house.master_keys)
    with TestClient(application(house)) as client:
        hotline, police = (Desk.of(client, name, PASSWORD) for name in ("hotline", "psb-1"))
        place = _town(settings)
        wards = [_one(hotline, police, place, n) for n in range(number)]
    house.engine.dispose()
    engine = admin_of(settings)
    with engine.begin() as connection:
        connection.execute(
            text(
                "update cases set state = 'closed', closed_at = now() - interval '12 years', closing_reason = 'goals_met'"
            )
        )
    engine.dispose()
    return wards


def _town(settings: Settings) -> str:
    engine = admin_of(settings)
    with engine.connect() as connection:
        found = connection.execute(text("select id from places where code = '0101'")).scalar_one()
    engine.dispose()
    return str(found)


def _one(hotline: Desk, police: Desk, place: str, number: int) -> Ward:
    body = {
        "kind": "tip",
        "place_id": place,
        "concerns": ["danger"],
        "message": {"narrative": f"{NAME}{number}"},
    }
    hotline.post("/reports", body)
    report = police.get("/reports", state="received")["items"][0]
    police.move(report, "screen")
    report = police.move(report, "accept", {})
    case = police.get(report["links"]["case"])
    person = {"identity": {"name": f"{NAME}{number}", "lowest_age": 40}, "situation": {"in_danger": "no"}}
    victim = police.post(f"/cases/{case['id']}/victims", person)["id"]
    police.move(report, "answer", {"text": "已受理"})
    return Ward(UUID(case["id"]), UUID(victim))


def program(cluster: EmbeddedPostgres, settings: Settings, name: str, *arguments: str) -> None:
    address = make_url(settings.admin_database_url or "")
    command = [
        str(cluster.home.programs / name),
        "-h",
        str(address.query["host"]),
        "-U",
        "postgres",
        *arguments,
    ]
    subprocess.run(
        [*command, "-d", str(address.database)],
        env={**os.environ, "PGPASSWORD": str(address.password)},
        check=True,
        capture_output=True,
    )


def erase(settings: Settings, wards: list[Ward]) -> None:
    """Half of them on request, half with their whole file."""
    house = house_of(settings)
    worker = engine_for(settings.worker_database_url or "", 2)
    with TestClient(application(house)) as client:
        officer = Desk.of(client, "data-officer", PASSWORD)
        for ward in wards[::2]:
            asked = {"asked_by": "person", "own_words": "请删除"}
            officer.post(f"/cases/{ward.case}/victims/{ward.victim}/erasures", asked)
    for ward in wards[1::2]:
        with transaction(worker, {"master_keys": house.master_keys, "request_id": new_id()}) as session:
            file = open_case_by_rule(session, ward.case)
            erase_now(file, "drill")
            file.save()
    while write_erasures(worker, settings.erasures_file):
        pass
    worker.dispose()
    house.engine.dispose()


def put_back(cluster: EmbeddedPostgres, settings: Settings, backup: Path) -> Settings:
    """The backup as another database; the roles are those of the cluster."""
    name = f"restored_{new_id().hex}"
    engine = create_engine(cluster.admin_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
    engine.dispose()

    def to(url: str | None) -> str:
        return make_url(url or "").set(database=name).render_as_string(hide_password=False)

    restored = replace(
        settings,
        database_url=to(settings.database_url),
        worker_database_url=to(settings.worker_database_url),
        admin_database_url=to(settings.admin_database_url),
    )
    program(cluster, restored, "pg_restore", str(backup))
    return restored


def readable(settings: Settings, wards: list[Ward]) -> int:
    """Keys of these people that open, with every master key there is, and values that are left of them."""
    keys, engine = MasterKeys.load(settings.master_keys_file), admin_of(settings)
    found = 0
    with engine.connect() as connection:
        for ward in wards:
            rows = connection.execute(
                text(
                    "select master_version, wrapped from person_keys where file_id = :c and person_id = :p"
                    " and wrapped is not null"
                ),
                {"c": ward.case, "p": ward.victim},
            )
            for version, wrapped in rows:
                assert keys.unwrap(version, bytes(wrapped), key_context(ward.case, ward.victim))
                found += 1
            values = text("select 1 from sealed_values where file_id = :c and person_id = :p")
            tokens = text("select 1 from search_tokens where file_id = :c and person_id = :p")
            for query in (values, tokens):
                found += len(connection.execute(query, {"c": ward.case, "p": ward.victim}).all())
        found += len(
            connection.execute(text("select 1 from idempotency_keys where answer is not null")).all()
        )
    engine.dispose()
    return found


def broken_chains(settings: Settings, wards: list[Ward]) -> list[UUID]:
    worker = engine_for(settings.worker_database_url or "", 1)
    with transaction(worker) as session:
        cases = [session.get_one(CaseRow, ward.case) for ward in wards]
        broken = [case.id for case in cases if check_chain(session, case).first_bad is not None]
    worker.dispose()
    return broken


@pytest.mark.parametrize(
    "number", [pytest.param(6, id="short"), pytest.param(1_000, id="long", marks=pytest.mark.drill)]
)
def test_a_backup_that_is_put_back_brings_nobody_back(
    cluster: EmbeddedPostgres, scratch: Settings, tmp_path: Path, number: int, say: Callable[[str], None]
) -> None:
    wards, backup = take_in(scratch, number), tmp_path / "backup"
    program(cluster, scratch, "pg_dump", "--format=custom", f"--file={backup}")
    erase(scratch, wards)
    assert broken_chains(scratch, wards) == []
    restored = put_back(cluster, scratch, backup)
    before = readable(restored, wards)
    assert before > 3 * number, "the backup itself holds them"
    application_engine = engine_for(restored.database_url or "", 1)
    assert len(not_erased_here(application_engine, restored.erasures_file)) >= number
    application_engine.dispose()
    with pytest.raises(SettingsRefused, match="erase-again"):
        serve_api(restored)
    again = erase_again_in(restored)
    after = readable(restored, wards)
    say(
        f"{number} people erased, {before} readable parts in the backup, {again} erased again, {after} readable"
    )
    assert after == 0
    assert broken_chains(restored, wards) == []
    assert erase_again_in(restored) == 0
