"""A case bundle says offline whether a case's history is whole; whatever was done to it, it shows."""

import gc
import hashlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import cryptography
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from api import verify_bundle
from api.bundle_lines import bundle_lines
from api.calls import House
from api.redaction import written
from api.representations.bundles import entry_line, header_line
from api.verify_bundle import TAMPERED, UNUSABLE, WHOLE, Kept, kept_from, key_from, verify
from domain.actors import Actor, Role
from domain.agencies import InstitutionKind
from domain.checkpoints import Checkpoint, VerifierKey
from domain.merkle import Node, inclusion_spans, nodes_of
from domain.timeline import Section, canonical
from services.bundles import entries_behind, opening
from services.database import engine_for, now, transaction
from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.log_keys import read_log_keys
from services.records.cases import CaseRow
from services.sealer import Pace, seal
from services.sessions import begin
from services.timeline import Note, append
from services.timelines import Reader
from tests.conftest import let_others_end

FOUND: Final = {"narrative": "车站门口有一个男孩独自乞讨", "whereabouts": "汽车站北出口"}
AT_ONCE: Final = Pace(timedelta(0), 1000)


@pytest.fixture(scope="module")
def worker(house: House) -> Iterator[Engine]:
    assert house.settings.worker_database_url
    engine = engine_for(house.settings.worker_database_url, 2)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def sealed(house: House, worker: Engine, admin: Engine) -> Callable[[], None]:
    def once() -> None:
        let_others_end(admin)
        while seal(worker, read_log_keys(house.settings), AT_ONCE, at_once=True).more:
            pass

    return once


@pytest.fixture(scope="module")
def journey(module_play: Stage, sealed: Callable[[], None]) -> Journey:
    receipt = first.report(module_play, "tip", ["child_alone"], FOUND)
    journey = first.police_take_it_up(module_play, receipt, [])
    sealed()
    first.investigate(module_play, journey, "rescue_needed", on=0, seen_in_private=False)
    first.rescue(module_play, journey, on=1)
    first.hand_to_civil_affairs(module_play, journey)
    sealed()
    return journey


@pytest.fixture(scope="module")
def auditor(module_play: Stage) -> Desk:
    desk = module_play.desk("auditor")
    desk.confirm()
    return desk


def fetched(desk: Desk, journey: Journey, since: int | None = None) -> bytes:
    asked = {} if since is None else {"since": str(since)}
    headers = {"Authorization": f"Bearer {desk.token}"}
    answer = desk.client.get(f"{journey.address}/bundle", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.fixture(scope="module")
def bundle(auditor: Desk, journey: Journey) -> bytes:
    return fetched(auditor, journey)


def lines_of(bundle: bytes) -> list[Json]:
    return [json.loads(line) for line in bundle.splitlines()]


def judged(bundle: bytes, kept: Kept | None = None, keys: list[str] | None = None) -> tuple[int, str]:
    code, told, _keep = verify(bundle.splitlines(keepends=True), [key_from(one) for one in keys or []], kept)
    return code, "\n".join(told)


ALONE: Final = """
import runpy, sys
sys.path[:] = [one for one in sys.path if "packages" not in one] + [{only!r}]
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def alone(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The file copied away, in an interpreter that knows nothing of ours and no package but `cryptography`."""
    packages, only = Path(cryptography.__file__).parents[1], tmp_path / "only"
    only.mkdir(exist_ok=True)
    for name in ("cryptography", "cffi", "pycparser", *(one.name for one in packages.glob("_cffi_backend*"))):
        if (packages / name).exists() and not (only / name).exists():
            (only / name).symlink_to(packages / name)
    copy = tmp_path / "verify_bundle.py"
    copy.write_bytes(Path(verify_bundle.__file__).read_bytes())
    program = ALONE.format(only=str(only))
    command = [sys.executable, "-I", "-S", "-c", program, str(copy), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={}, cwd=tmp_path, check=False)


def test_a_bundle_is_verified_by_one_file_that_knows_nothing_of_ours(
    house: House, auditor: Desk, journey: Journey, bundle: bytes, tmp_path: Path
) -> None:
    (tmp_path / "case.bundle").write_bytes(bundle)
    key = read_log_keys(house.settings).verifier.written
    found = alone(tmp_path, "case.bundle", "--key", key, "--keep", "kept.json")
    assert found.returncode == WHOLE, found.stdout + found.stderr
    assert "signed by the key that you gave" in found.stdout
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept["seq"] == auditor.get(f"{journey.address}/timeline/check")["entries"]
    assert alone(tmp_path, "case.bundle", "--since", "kept.json").returncode == WHOLE
    assert "TAKEN FROM THE BUNDLE" in alone(tmp_path, "case.bundle").stdout
    (tmp_path / "case.bundle").write_bytes(bundle[:-50])
    assert alone(tmp_path, "case.bundle").returncode == UNUSABLE


def test_a_bundle_is_in_the_log_of_reads_before_its_first_byte_and_needs_a_role_that_answers_for_it(
    journey: Journey, auditor: Desk, module_play: Stage, admin: Engine
) -> None:
    read = text("select count(*) from read_log where file_id = :id and subject = 'case_bundle'")
    with admin.connect() as connection:
        before = connection.execute(read, {"id": journey.case["id"]}).scalar_one()
        fetched(auditor, journey)
        assert connection.execute(read, {"id": journey.case["id"]}).scalar_one() == before + 1
    desk = module_play.desk("cab-1")
    answer = desk.client.get(f"{journey.address}/bundle", headers={"Authorization": f"Bearer {desk.token}"})
    assert answer.json()["type"] == "/problems/role_not_allowed"


# --- the file itself is altered ---


def summed(lines: list[Json]) -> bytes:
    """The lines with an end that fits them, as somebody would make it who wants to deceive."""
    body = b"".join(spelled(line) for line in lines[:-1])
    further = sum(line["line"] not in ("header", "entry") for line in lines[:-1])
    return body + spelled({**lines[-1], "further": further, "sha256": hashlib.sha256(body).hexdigest()})


def spelled(line: Json) -> bytes:
    return json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def test_every_byte_of_a_bundle_counts(bundle: bytes) -> None:
    chance, raw = random.Random(7), bundle.splitlines(keepends=True)
    kinds: dict[str, list[int]] = {}
    for number, line in enumerate(raw):
        kinds.setdefault(json.loads(line)["line"], []).append(number)
    assert kinds.keys() == {"header", "entry", "checkpoint", "key", "end"}
    for numbers in kinds.values():
        for _ in range(40):
            number = chance.choice(numbers)
            altered = bytearray(raw[number])
            altered[chance.randrange(len(altered))] ^= chance.randrange(1, 256)
            code, _told = judged(b"".join([*raw[:number], bytes(altered), *raw[number + 1 :]]))
            assert code in (TAMPERED, UNUSABLE)
        cut = b"".join(raw[: numbers[0]] + raw[numbers[0] + 1 :])
        assert judged(cut)[0] == UNUSABLE
    assert judged(bundle[: len(bundle) // 2])[0] == UNUSABLE
    assert judged(bundle + raw[0])[0] == UNUSABLE
    assert judged(bundle)[0] == WHOLE


def test_who_alters_a_line_and_sums_it_up_again_is_found_all_the_same(bundle: bytes) -> None:
    lines = lines_of(bundle)
    assert judged(summed(lines))[0] == WHOLE
    for number in range(len(lines) - 1):
        assert judged(summed(lines[:number] + lines[number + 1 :]))[0] in (TAMPERED, UNUSABLE)
    told = ("log", "case_id", "seq", "head", "sealed_to", "checkpoint_size", "version", "format")
    for name in told:
        wrong = lines[0][name] + 1 if isinstance(lines[0][name], int) else "x"
        assert judged(summed([{**lines[0], name: wrong}, *lines[1:]]))[0] in (TAMPERED, UNUSABLE), name
    own = {"body", "digest", "what", "who", "values", "state", "seq", "leaf_index", "proof"}
    for name in own:
        other = [{**lines[3], name: lines[5][name] if name != "state" else "unsealed"}, *lines[4:]]
        code, said = judged(summed([*lines[:3], *other]))
        assert code == TAMPERED, name
        assert "entry 3" in said or name == "state"


# --- rows are altered behind the application's back ---

NOTHING: Final = bytes(32)
_HEAD_MOVED: Final = (
    "update cases set seq = :last, head = coalesce((select digest from timeline_entries where chain_id = :id and seq = :last),"
    " :none) where id = :id"
)
_TABLES = ("timeline_entries", "cases", "leaves", "tree_nodes", "checkpoints", "log_keys")


@dataclass
class Intruder:
    """A superuser who alters rows in one transaction, and what the bundle then says; nothing of it stays."""

    house: House
    connection: Connection
    case_id: UUID
    actor: Actor
    chance: random.Random
    seq: int = 0
    nodes: list[Node] = field(default_factory=list)

    def sql(self, statement: str, **named: object) -> Any:
        return self.connection.execute(text(statement), {"id": self.case_id, **named})

    @contextmanager
    def again(self) -> Iterator[tuple[Session, Actor]]:
        with Session(self.connection, join_transaction_mode="create_savepoint", autoflush=False) as session:
            yield session, self.actor

    def bundle(self, since: int | None = None) -> bytes:
        with self.again() as (session, actor):
            begun = opening(session, actor, self.case_id)
        header = header_line(begun, actor, whole=True)
        return b"".join(bundle_lines(self.again, begun, header, since))

    def some(self) -> int:
        return self.chance.randint(1, self.seq)

    def flipped(self, table: str, column: str, where: str, **named: object) -> None:
        read = f'select "{column}" from {table} where {where}'  # noqa: S608  # names from this file
        value = bytearray(self.sql(read, **named).scalar_one())
        value[self.chance.randrange(len(value))] ^= self.chance.randrange(1, 256)
        change = f'update {table} set "{column}" = :value where {where}'  # noqa: S608  # names from this file
        self.sql(change, value=bytes(value), **named)


def one_byte_of_a_body(one: Intruder) -> None:
    one.flipped("timeline_entries", "body", "chain_id = :id and seq = :seq", seq=one.some())


def one_byte_of_a_section(one: Intruder) -> None:
    column = one.chance.choice(["what", "who", "values", "what_salt", "who_salt", "values_salt"])
    one.flipped("timeline_entries", column, "chain_id = :id and seq = :seq", seq=one.some())


def one_byte_of_a_digest(one: Intruder) -> None:
    one.flipped("timeline_entries", "digest", "chain_id = :id and seq = :seq", seq=one.some())


def one_byte_of_the_head(one: Intruder) -> None:
    one.flipped("cases", "head", "id = :id")


def two_rows_swapped(one: Intruder) -> None:
    first, second = one.chance.sample(range(1, one.seq + 1), 2)
    move = "update timeline_entries set seq = :new where chain_id = :id and seq = :old"
    for old, new in ((first, 10**9), (second, first), (10**9, second)):
        one.sql(move, old=old, new=new)


def a_row_deleted(one: Intruder) -> None:
    one.sql("delete from timeline_entries where chain_id = :id and seq = :seq", seq=one.some())


def the_tail_removed(one: Intruder) -> None:
    one.sql("delete from timeline_entries where chain_id = :id and seq >= :seq", seq=one.some())


def the_tail_removed_and_the_head_moved(one: Intruder) -> None:
    last = one.some() - 1
    one.sql("delete from timeline_entries where chain_id = :id and seq > :last", last=last)
    one.sql(_HEAD_MOVED, last=last, none=NOTHING)


def the_chain_rewritten_and_hashed_anew(one: Intruder) -> None:
    start = one.some()
    rows = one.sql(
        "select seq, body, what, what_salt from timeline_entries where chain_id = :id order by seq"
    ).all()
    head = b""
    for seq, stored, what, salt in rows:
        body, content = json.loads(bytes(stored)), bytes(what)
        if seq == start:
            content = canonical({**json.loads(content), "action": "another"})
            body["sections"]["what"] = Section(content, bytes(salt)).commitment
        body["prev"] = head.hex() if seq > start else body["prev"]
        made = canonical(body) if seq >= start else bytes(stored)
        head = hashlib.sha256(made).digest()
        one.sql(
            "update timeline_entries set body = :body, digest = :digest, what = :what where chain_id = :id and seq = :seq",
            body=made, digest=head, what=content, seq=seq,
        )  # fmt: skip
    one.sql("update cases set head = :head where id = :id", head=head)


def a_leaf_deleted(one: Intruder) -> None:
    one.sql("delete from leaves where source_id = :id and seq = :seq", seq=one.some())


def two_leaves_swapped(one: Intruder) -> None:
    first, second = one.chance.sample(range(1, one.seq + 1), 2)
    move = "update leaves set seq = :new where source_id = :id and seq = :old"
    for old, new in ((first, 10**9), (second, first), (10**9, second)):
        one.sql(move, old=old, new=new)


def one_byte_of_a_node(one: Intruder) -> None:
    node = one.chance.choice(one.nodes)
    one.flipped(
        "tree_nodes", "hash", "level = :level and position = :index", level=node.level, index=node.index
    )


def a_node_deleted(one: Intruder) -> None:
    node = one.chance.choice(one.nodes)
    one.sql(
        "delete from tree_nodes where level = :level and position = :index",
        level=node.level,
        index=node.index,
    )


def one_byte_of_the_root(one: Intruder) -> None:
    one.flipped("checkpoints", "root", "size = (select max(size) from checkpoints)")


def one_sign_of_the_note(one: Intruder) -> None:
    size, note = one.sql("select size, note from checkpoints order by size desc limit 1").one()
    place = one.chance.randrange(len(note))
    other = one.chance.choice([sign for sign in "AZaz09+/" if sign != note[place]])
    altered = note[:place] + other + note[place + 1 :]
    one.sql("update checkpoints set note = :note where size = :size", note=altered, size=size)


TAMPERINGS: Final = (
    one_byte_of_a_body, one_byte_of_a_section, one_byte_of_a_digest, one_byte_of_the_head, two_rows_swapped,
    a_row_deleted, the_tail_removed, the_tail_removed_and_the_head_moved, the_chain_rewritten_and_hashed_anew,
    a_leaf_deleted, two_leaves_swapped, one_byte_of_a_node, a_node_deleted, one_byte_of_the_root, one_sign_of_the_note,
)  # fmt: skip


@pytest.fixture
def intruder(
    house: House, admin: Engine, auditor: Desk, journey: Journey, sealed: Callable[[], None]
) -> Iterator[Intruder]:
    sealed()
    claims = house.token_keys.verify(auditor.token, now=datetime.now(UTC))
    with transaction(house.engine) as session:
        actor = begin(session, claims.subject, claims.session)
    with admin.connect() as connection:
        one = Intruder(house, connection, UUID(journey.case["id"]), actor, random.Random(11))
        for table in _TABLES:
            one.sql(f"alter table {table} disable trigger all")
        one.seq = one.sql("select seq from cases where id = :id").scalar_one()
        size = one.sql("select max(size) from checkpoints").scalar_one()
        places = one.sql(
            "select leaf_index from leaves where source_id = :id and leaf_index < :size", size=size
        ).scalars()
        spans = [span for index in places for span in inclusion_spans(index, size)]
        one.nodes = sorted({node for span in spans for node in nodes_of(span)})
        yield one
        connection.rollback()


@pytest.mark.parametrize("times", [30, pytest.param(1000, marks=pytest.mark.drill)])
def test_whatever_a_superuser_does_to_stored_rows_is_found_offline(intruder: Intruder, times: int) -> None:
    assert judged(intruder.bundle())[0] == WHOLE
    missed, begun = [], time.monotonic()
    for number in range(times):
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        savepoint = intruder.connection.begin_nested()
        tamper(intruder)
        code, said = judged(intruder.bundle())
        savepoint.rollback()
        if code != TAMPERED:
            missed.append((tamper.__name__, code, said))
    sys.stdout.write(f"{times - len(missed)} of {times} found in {time.monotonic() - begun:.0f} s\n")
    assert missed == []
    assert judged(intruder.bundle())[0] == WHOLE


def test_the_tail_that_was_taken_away_with_its_places_is_missed_by_who_kept_the_head(
    intruder: Intruder,
) -> None:
    code, _told, keep = verify(intruder.bundle().splitlines(keepends=True))
    assert code == WHOLE
    kept = kept_from(json.dumps(keep))
    for last in range(intruder.seq):
        savepoint = intruder.connection.begin_nested()
        intruder.sql("delete from leaves where source_id = :id and seq > :last", last=last)
        intruder.sql("delete from timeline_entries where chain_id = :id and seq > :last", last=last)
        intruder.sql(_HEAD_MOVED, last=last, none=NOTHING)
        code, said = judged(intruder.bundle(), kept)
        savepoint.rollback()
        assert code == TAMPERED
        assert f"entry {last + 1}: it is missing" in said


def test_a_log_that_was_cut_or_begun_anew_is_found_by_who_kept_a_checkpoint(
    house: House, intruder: Intruder
) -> None:
    newest = kept_from(intruder.sql("select note from checkpoints order by size desc limit 1").scalar_one())
    note = intruder.sql("select note from checkpoints order by size limit 1").scalar_one()
    oldest = kept_from(note)
    assert judged(intruder.bundle(oldest.checkpoint.size), oldest)[0] == WHOLE
    assert judged(intruder.bundle(), oldest)[0] == UNUSABLE  # it was not asked to reach back
    savepoint = intruder.connection.begin_nested()
    intruder.sql("delete from checkpoints where size > :size", size=oldest.checkpoint.size)
    code, said = judged(intruder.bundle(newest.checkpoint.size), newest)
    savepoint.rollback()
    assert code == TAMPERED, said
    # the same key signs another past
    forged = house_note(house, Checkpoint(oldest.checkpoint.origin, oldest.checkpoint.size, bytes(32)))
    code, said = judged(intruder.bundle(oldest.checkpoint.size), kept_from(forged))
    assert (code, "does not begin as it did" in said) == (TAMPERED, True)


def house_note(house: House, checkpoint: Checkpoint) -> str:
    return read_log_keys(house.settings).note(checkpoint.text).written


def test_a_key_that_is_not_the_logs_own_does_not_count(intruder: Intruder) -> None:
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    stranger = VerifierKey(
        intruder.sql("select verifier_key from log_keys").scalars().first().split("+")[0], public
    )
    code, said = judged(intruder.bundle(), keys=[stranger.written])
    assert (code, "not signed by the key that you gave" in said) == (TAMPERED, True)


def test_what_is_not_for_the_reader_is_left_out_and_every_proof_still_holds(intruder: Intruder) -> None:
    # somebody at work in the case in another unit's house reads the entries of no stage that is not theirs
    elsewhere = replace(intruder.actor, role=Role.SUPERVISOR, institution=InstitutionKind.SCHOOL)
    lines = []
    with intruder.again() as (session, _actor):
        begun = opening(session, intruder.actor, intruder.case_id)
        header = json.loads(written(header_line(begun, elsewhere, whole=False), elsewhere))
        for entry in entries_behind(session, begun, 0, 1000):
            # of every third entry they know nothing
            reader = Reader(elsewhere if entry.seq % 3 == 0 else intruder.actor, {})
            lines.append(json.loads(written(entry_line(entry, reader), reader.actor)))
    hidden = [line for line in lines if line["_redacted"]]
    assert len(hidden) == intruder.seq // 3
    assert all(not {"what", "who", "values"} & set(line) for line in hidden)
    rest = [line for line in lines_of(intruder.bundle()) if line["line"] not in ("header", "entry")]
    code, told = judged(summed([header, *lines, *rest]))
    assert code == WHOLE, told
    assert f"what {3 * len(hidden)} withheld sections say" in told
    # a section that goes missing without being named is no withheld one
    lines[0] = {name: part for name, part in lines[0].items() if name != "what"}
    assert "entry 1: section what is missing" in judged(summed([header, *lines, *rest]))[1]


@pytest.mark.parametrize("size", [600, pytest.param(10_000, marks=pytest.mark.drill)])
def test_a_long_case_leaves_in_constant_memory_and_is_verified_at_once(
    house: House,
    admin: Engine,
    auditor: Desk,
    journey: Journey,
    sealed: Callable[[], None],
    tmp_path: Path,
    size: int,
) -> None:
    case_id = UUID(journey.case["id"])
    with transaction(admin) as session:
        case = session.get_one(CaseRow, case_id)
        notes = [Note("opened", "case", case_id) for _ in range(size - case.seq)]
        append(session, case, None, now(session), notes)
    sealed()
    auditor.confirm()
    claims = house.token_keys.verify(auditor.token, now=datetime.now(UTC))

    @contextmanager
    def again() -> Iterator[tuple[Session, Actor]]:
        with transaction(house.engine) as session:
            yield session, begin(session, claims.subject, claims.session)

    with again() as (session, actor):
        begun = opening(session, actor, case_id)
    gc.collect()
    before, most, path = resident(), 0, tmp_path / "case.bundle"
    started = time.monotonic()
    with path.open("wb") as file:
        for piece in bundle_lines(again, begun, header_line(begun, actor, whole=True), None):
            file.write(piece)
            most = max(most, resident())
    took, started = time.monotonic() - started, time.monotonic()
    with path.open("rb") as bundle:
        code, told, _keep = verify(bundle)
    checked = time.monotonic() - started
    grown = (most - before) / 2**20
    sys.stdout.write(
        f"{size}: {path.stat().st_size / 2**20:.1f} MB in {took:.1f} s, +{grown:.1f} MB, verified in {checked:.2f} s\n"
    )
    assert (code, grown < 64, checked < 2) == (WHOLE, True, True), told
    assert f"Proved: {size} entries stand in log" in "\n".join(told)


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
