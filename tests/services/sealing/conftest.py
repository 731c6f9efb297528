"""A database of its own for the tree, keys that sign, and a witness that keeps its word."""

import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, create_engine, text

from domain.checkpoints import KeyKind, VerifierKey, checkpoint_from, cosigned, is_signed, submission_from
from domain.identifiers import new_id
from domain.merkle import EMPTY_ROOT, is_consistent
from services import embedded_postgres
from services.database import engine_for
from services.embedded_postgres import EmbeddedPostgres
from services.log_keys import LogKeys, read_log_keys, verifies
from services.sealer import Pace
from services.settings import Settings
from tests.conftest import make_database

AT_ONCE = Pace(timedelta(0), 1000)


@dataclass
class Ground:
    """The database, its engines, and entries as they are written in many transactions at once."""

    settings: Settings
    admin: Engine
    worker: Engine
    keys: LogKeys

    def sql(self, statement: str, **named: object) -> list[Any]:
        with self.admin.begin() as connection:
            found = connection.execute(text(statement), named)
            return list(found) if found.returns_rows else []

    def enter(self, chain: UUID, seqs: list[int], *, undone: bool = False, pause: float = 0.0) -> None:
        """Entries of one chain, committed or undone after a while."""
        with self.admin.connect() as connection:
            connection.execute(INSERT, [row(chain, seq) for seq in seqs])
            time.sleep(pause)
            connection.rollback() if undone else connection.commit()

    def read(self, **changed: object) -> UUID:
        """One line in the log of reads, as its table takes it."""
        named: dict[str, object] = {
            "id": new_id(),
            "file_id": None,
            "purpose": None,
            "digest": None,
            "found": None,
        } | changed
        self.sql(READ, **{**named, "any": new_id()})
        found = named["id"]
        assert isinstance(found, UUID)
        return found

    def leaves(self) -> list[tuple[int, UUID, int]]:
        return [tuple(one) for one in self.sql("select leaf_index, source_id, seq from leaves order by 1")]


INSERT = text(
    "insert into timeline_entries (chain_id, seq, chain, entry_id, recorded_at, body, digest, what, what_salt, who,"
    " who_salt, values, values_salt) values (:chain, :seq, 'case', :id, clock_timestamp(), :body, :body, '', '', '', '', '', '')"
)
READ = (
    "insert into read_log (id, read_at, account_id, unit_id, role, file_id, subject, subject_id, purpose, request_id,"
    " query_digest, found_ids) values (:id, clock_timestamp(), :any, :any, 'caseworker', :file_id, 'case', null, :purpose,"
    " :any, :digest, :found)"
)


def row(chain: UUID, seq: int) -> dict[str, object]:
    return {"chain": chain, "seq": seq, "id": new_id(), "body": f"{chain} {seq}".encode()}


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server of their own: what runs in any other database of a server holds back what may be sealed in this one."""
    server = embedded_postgres.start(tmp_path_factory.mktemp("apart") / "postgres", durable=False)
    yield server
    embedded_postgres.discard(server)


@pytest.fixture(scope="module")
def own_database(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_database(cluster, f"tree_{new_id().hex}", tmp_path_factory.mktemp("tree"))


_TRIGGERS = "select tgname from pg_trigger where tgrelid = cast(:table as regclass) and not tgisinternal"
_TABLES = "checkpoint_deliveries checkpoints tree_nodes leaves log_keys read_log timeline_entries"


@pytest.fixture
def ground(own_database: Settings) -> Iterator[Ground]:
    """Empty: what the test before wrote is taken away, as only a superuser can."""
    settings = own_database
    assert settings.admin_database_url is not None
    assert settings.worker_database_url is not None
    admin, worker = (
        create_engine(settings.admin_database_url, pool_size=20),
        engine_for(settings.worker_database_url, 4),
    )
    ground = Ground(settings, admin, worker, read_log_keys(settings))
    for table in _TABLES.split():
        ground.sql(f"alter table {table} disable trigger all")
    ground.sql(f"truncate {_TABLES.replace(' ', ', ')}, registers, sealer_rounds")
    for table in _TABLES.split():
        ground.sql(f"alter table {table} enable trigger all")
        for (trigger,) in ground.sql(_TRIGGERS, table=table):
            ground.sql(f"alter table {table} enable always trigger {trigger}")
    yield ground
    worker.dispose()
    admin.dispose()


@dataclass
class Signer:
    """A witness: keeps size and root of the log, checks each step, signs what follows from what it knows."""

    log: VerifierKey
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    size: int = 0
    root: bytes = EMPTY_ROOT
    away: bool = False
    lie: str = ""
    asked: int = 0
    seen: list[int] = field(default_factory=list)

    @property
    def key(self) -> VerifierKey:
        return VerifierKey("witness.example/w", self.private.public_key().public_bytes_raw(), KeyKind.WITNESS)

    def answer(self, body: str) -> tuple[int, str]:
        self.asked += 1
        if self.away:
            return 503, ""
        old, path, note = submission_from(body)
        sent = checkpoint_from(note.text)
        if not is_signed(note, self.log, verifies):
            return 403, ""
        if old != self.size:
            return 409, f"{self.size}\n"
        if not is_consistent((self.size, self.root), (sent.size, sent.root), path):
            return 422, ""
        self.size, self.root = sent.size, sent.root
        self.seen.append(sent.size)
        return 200, cosigned(note.text + self.lie, self.key, int(time.time()), self.private.sign).line


@pytest.fixture
def witness(ground: Ground) -> Iterator[tuple[Signer, str]]:
    """The witness and its address."""
    signer = Signer(ground.keys.verifier)

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, answer = signer.answer(sent) if self.path == "/w/add-checkpoint" else (404, "")
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, format: str, *args: object) -> None:  # the base class calls it so
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield signer, f"http://127.0.0.1:{server.server_port}/w"
    server.shutdown()
    server.server_close()
    thread.join()


def writers(
    ground: Ground,
    entries: int,
    chains: list[UUID],
    chance: random.Random,
    stopping: Callable[[], bool] = lambda: False,
) -> list[threading.Thread]:
    """Eight that write at random: each takes a chain's lock, enters a few, waits a little, and undoes a tenth of it."""
    locks = {chain: threading.Lock() for chain in chains}
    heads = dict.fromkeys(chains, 0)
    seeds = [chance.random() for _ in range(8)]

    def write(seed: float) -> None:
        own, done = random.Random(seed), 0
        while done < entries // 8 and not stopping():
            chain, number = own.choice(chains), own.randint(1, 5)
            _transaction(ground, own, (chain, number), locks[chain], heads)
            done += number

    return [threading.Thread(target=write, args=(seed,)) for seed in seeds]


def _transaction(
    ground: Ground, own: random.Random, what: tuple[UUID, int], lock: threading.Lock, heads: dict[UUID, int]
) -> None:
    chain, number = what
    with ground.admin.connect() as connection:
        # the transaction has its number before it waits for the chain: so entries and numbers disagree
        connection.execute(text("select pg_current_xact_id()"))
        time.sleep(own.random() * 0.004)
        with lock:
            first = heads[chain] + 1
            connection.execute(INSERT, [row(chain, first + n) for n in range(number)])
            time.sleep(own.random() * 0.004)
            if own.random() < 0.1:
                connection.rollback()
                return
            connection.commit()
            heads[chain] += number


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints the figures of a drill past the capturing."""

    def past(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{line}\n")

    return past
