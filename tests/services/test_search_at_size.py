"""Looking for somebody among many: by indexes alone, in a time that compares with reading one row."""

import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.agencies import Agency, PlaceKind
from domain.identifiers import new_id
from services.blind_index import index_person
from services.database import engine_for, transaction
from services.demo_world import build_world
from services.embedded_postgres import EmbeddedPostgres
from services.master_keys import MasterKeys
from services.name_tokens import tokens_of
from services.sealed_values import KeyRing, NewValue
from services.search import Sought, search
from services.settings import Settings
from tests.conftest import make_database

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "小明芳伟秀英敏静丽强磊军洋勇艳杰娟涛超霞平刚桂华玉兰萍鹏红梅建国志文"
PEOPLE_A_CASE, UNITS = 10, 5
ASKED = ({"name": "罗明芳"}, {"name": "明芳"}, {"name": "luo mingfang"}, {"phone": "13900000001"})


@pytest.fixture
def scratch(cluster: EmbeddedPostgres, tmp_path: Path) -> Settings:
    return make_database(cluster, f"crowd_{new_id().hex}", tmp_path)


@pytest.fixture
def engine(scratch: Settings) -> Iterator[Engine]:
    engine = engine_for(scratch.database_url or "", 2)
    yield engine
    engine.dispose()


def name_of(number: int) -> str:
    surname, rest = SURNAMES[number % 20], number // 20
    return surname + GIVEN[rest % 34] + GIVEN[(rest // 34) % 34]


def fill(settings: Settings, keys: MasterKeys, number: int) -> list[UUID]:
    """So many people, ten a case; a fifth of the cases lie with each of five units. Returns the units."""
    admin = create_engine(settings.admin_database_url or "", poolclass=NullPool)
    with admin.begin() as connection:
        units = list(connection.execute(text("select id from units order by id limit 5")).scalars())
        connection.execute(text("set session_replication_role = replica"))
        connection.execute(
            text(
                "insert into cases (id, number, edition, place_id, owner_unit_id, owner_agency, state, opened_at, head)"
                " select md5('c' || n)::uuid, 'n' || n, 'x', p.id, (cast(:units as uuid[]))[1 + n % 5], 'CAB', 'open', now(), ''"
                " from generate_series(0, :cases - 1) as n, (select id from places limit 1) as p"
            ),
            {"units": units, "cases": number // PEOPLE_A_CASE},
        )
        connection.execute(
            text(
                "insert into case_access (unit_id, kind, file_id) select owner_unit_id, 'case', id from cases"
            )
        )
        connection.execute(
            text(
                "insert into victims (case_id, id, ordinal, added_at, indexed_with) select md5('c' || n / 10)::uuid,"
                " md5('v' || n)::uuid, n % 10, now(), 1 from generate_series(0, :people - 1) as n"
            ),
            {"people": number},
        )
        _index_all(connection, keys, number)
        for table in ("cases", "case_access", "victims", "search_tokens"):
            connection.execute(text(f"analyze {table}"))
    admin.dispose()
    return units


def _index_all(connection: Connection, keys: MasterKeys, number: int) -> None:
    """The tokens that the product itself would write, without the values behind them; of the last person, those too."""
    from services.blind_index import digest_of

    known: dict[str, bytes] = {}
    rows: list[tuple[int, str, bytes]] = []
    for n in range(number):
        for token in tokens_of(name_of(n)):
            if token not in known:
                known[token] = digest_of(keys, 1, "name", token)
        rows += [(n, "name", digest) for digest in {known[token] for token in tokens_of(name_of(n))}]
        rows.append((n, "phone", secrets.token_bytes(32)))
        if len(rows) > 200_000 or n == number - 1:
            _copy(connection, rows)
            rows = []


def _copy(connection: Connection, rows: list[tuple[int, str, bytes]]) -> None:
    import hashlib
    import io

    def uuid(prefix: str, n: int) -> str:
        return str(UUID(hashlib.md5(f"{prefix}{n}".encode(), usedforsecurity=False).hexdigest()))

    lines = "".join(
        f"{uuid('c', n // 10)}\t{uuid('v', n)}\t{field}\t1\t\\\\x{token.hex()}\n" for n, field, token in rows
    )
    raw: Any = connection.connection.cursor()
    raw.copy_expert(
        "copy search_tokens (file_id, person_id, field, master_version, token) from stdin", io.StringIO(lines)
    )


def real_one(engine: Engine, keys: MasterKeys, actor: Actor, number: int) -> UUID:
    """The last of them has a key, and values that are looked at."""
    case, person = _md5(f"c{(number - 1) // 10}"), _md5(f"v{number - 1}")
    sections = {"identity": {"name": "罗明芳"}, "contact": {"phone": "+8613900000001"}}
    with transaction(engine, {"master_keys": keys}) as session:
        session.execute(text("select set_config('homeward.file', :id, true)"), {"id": str(case)})
        ring, at = KeyRing(session, case), datetime.now(UTC)
        ring.create(person, at)
        ring.write([NewValue(person, name, person, content) for name, content in sections.items()], at)
        index_person(session, case, person, sections)
        session.execute(
            text("update cases set owner_unit_id = :u where id = :c"), {"u": actor.unit_id, "c": case}
        )
        session.execute(
            text("insert into case_access values (:u, 'case', :c) on conflict do nothing"),
            {"u": actor.unit_id, "c": case},
        )
    return person


def _md5(name: str) -> UUID:
    import hashlib

    return UUID(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest())


def become(session: Any, actor: Actor) -> None:
    for name, value in (("unit", actor.unit_id), ("account", actor.account_id)):
        session.execute(
            text("select set_config(:name, :value, true)"), {"name": f"homeward.{name}", "value": str(value)}
        )


def plans(engine: Engine, info: dict[str, object], actor: Actor, asked: dict[str, str]) -> str:
    """What PostgreSQL does with the very statement that the search sends."""
    ((field, value),) = asked.items()
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if "search_tokens" in statement:
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    with transaction(engine, info) as session:
        become(session, actor)
        search(session, actor, Sought(field, value), after=None, limit=20)
        event.remove(engine, "before_cursor_execute", note)
        ((statement, parameters),) = sent
        cursor: Any = session.connection().connection.cursor()
        cursor.execute(f"explain (analyze, costs off, timing off) {statement}", parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


def milliseconds(act: Callable[[], object], times: int = 30) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def everybody(session: Session, actor: Actor, sought: Sought) -> set[UUID]:
    found: set[UUID] = set()
    page = search(session, actor, sought, after=None, limit=50)
    found |= {one.victim_id for one in page.found}
    while page.next_after is not None:
        page = search(session, actor, sought, after=page.next_after, limit=50)
        found |= {one.victim_id for one in page.found}
    return found


@pytest.mark.parametrize(
    "number", [pytest.param(20_000, id="short"), pytest.param(100_000, id="long", marks=pytest.mark.drill)]
)
def test_a_search_reads_indexes_alone(
    scratch: Settings,
    engine: Engine,
    number: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = MasterKeys.load(scratch.master_keys_file)
    build_world(engine, keys)
    units = fill(scratch, keys, number)
    actor = Actor(
        new_id(), new_id(), units[0], Agency.CAB, Role.CASEWORKER, new_id(), PlaceKind.DIVISION, None
    )
    person = real_one(engine, keys, actor, number)
    info: dict[str, object] = {"master_keys": keys, "request_id": new_id()}
    monkeypatch.setattr("services.search.count_here", lambda *_args: 1)
    lines = []
    with transaction(engine, info) as session:
        become(session, actor)
        one_row = milliseconds(
            lambda: session.execute(
                text("select version from cases where id = :id"), {"id": _md5("c0")}
            ).one_or_none()
        )
        for asked in ASKED:
            sought = Sought(*next(iter(asked.items())))
            assert person in everybody(session, actor, sought), asked
            taken = milliseconds(partial(search, session, actor, sought, after=None, limit=50))
            lines.append(f"{sought.field}: {taken:.1f} ms, {taken / one_row:.0f} times a row by its key")
    for asked in ASKED:
        plan = plans(engine, info, actor, asked)
        scanned = [line for line in plan.splitlines() if "Seq Scan" in line]
        # the exclusions are none here, and an empty table is read whole
        assert [line for line in scanned if "exclusions" not in line] == [], plan
        assert "ix_search_tokens_field_token" in plan, plan
    with capsys.disabled():
        print(f"\n{number} people, a row by its key {one_row:.2f} ms; " + "; ".join(lines))  # noqa: T201  # its figures
