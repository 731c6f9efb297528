"""After the drill: every acknowledged write against the database, read as a superuser, row by row."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from domain.timeline import SECTIONS, Link, Section, check
from services.idempotency import Claim, _address, answer_key
from services.master_keys import MasterKeys
from services.receipts import receipt_digest
from services.sealing import unseal
from tests.faults.clients import Acknowledged
from tests.faults.ground import Ground

Effect = tuple[str, str, UUID]
"""The action, report or stage, and its id."""
_MOVE: Final = re.compile(r"POST /(reports|[a-z_]+)/([0-9a-f-]{36})/([a-z_]+)")
_MOST_EXAMPLES: Final = 5


@dataclass(slots=True)
class Reckoning:
    """What was found. All three are 0 in a system that keeps its word; `examples` names the first of each."""

    acknowledged: int
    lost: int = 0
    duplicated: int = 0
    half_written: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, kind: str, what: object, count: int = 1) -> None:
        setattr(self, kind, getattr(self, kind) + count)
        if len(self.examples) < _MOST_EXAMPLES:
            self.examples.append(f"{kind}: {what}")

    def __str__(self) -> str:
        found = f"{self.lost} lost, {self.duplicated} duplicated, {self.half_written} half-written"
        return f"{self.acknowledged} acknowledged: {found}"

    @property
    def clean(self) -> bool:
        return (self.lost, self.duplicated, self.half_written) == (0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Key:
    """A key as stored, with what it stands for; `effect` None when its answer leads to nothing."""

    status: int | None
    answer: str | None
    effect: Effect | None


def reckon(ground: Ground, acknowledged: list[Acknowledged]) -> Reckoning:
    """Compare: acknowledgements with keys and answers, keys with effects, and every file with itself."""
    found = Reckoning(len(acknowledged))
    engine = ground.superuser()
    with engine.connect() as connection:
        keys = _keys(connection, ground.master_keys)
        effects, last_states = _walk_chains(connection, found)
        _compare_keys(keys, effects, found)
        _find_lost(acknowledged, keys, effects, found)
        _check_states(connection, last_states, found)
        _check_reports(connection, found)
    engine.dispose()
    return found


def _keys(connection: Connection, master: MasterKeys) -> dict[tuple[UUID, str, str], _Key]:
    opener = answer_key(master, 1)
    receipts = {
        bytes(row.digest): row.file_id for row in _rows(connection, "select digest, file_id from receipts")
    }
    return {
        (row.scope_id, row.route, row.key): _key(row, opener, receipts)
        for row in _rows(connection, "select scope_id, route, key, status, answer from idempotency_keys")
    }


def _key(row: Row[Any], opener: bytes, receipts: dict[bytes, UUID]) -> _Key:
    if row.answer is None:
        return _Key(row.status, None, None)
    opened = unseal(opener, bytes(row.answer), _address(Claim(row.scope_id, row.route, row.key, b"")))
    answer: str = json.loads(opened)["body"]
    if move := _MOVE.fullmatch(row.route):
        subject = "report" if move[1] == "reports" else "stage"
        return _Key(row.status, answer, (move[3], subject, UUID(move[2])))
    said = json.loads(answer)
    file_id = receipts.get(receipt_digest(said["number"], said["secret"]))
    return _Key(row.status, answer, ("receive", "report", file_id) if file_id else None)


def _walk_chains(
    connection: Connection, found: Reckoning
) -> tuple[Counter[Effect], dict[tuple[str, UUID], str]]:
    """Every chain from its first entry to the head that its report or case names; what was done, and where it led."""
    effects: Counter[Effect] = Counter()
    last_states: dict[tuple[str, UUID], str] = {}
    heads = _heads(connection)
    entries = _rows(
        connection,
        "select * from timeline_entries where chain in ('report', 'case') order by chain_id, seq",
    )
    for chain_id, chain in groupby(entries, key=attrgetter("chain_id")):
        rows = list(chain)
        head, length = heads.pop(chain_id, (b"", -1))
        state = check(chain_id, map(_link, rows), head)
        if state.first_bad is not None or length != len(rows):
            found.add("half_written", f"chain {chain_id}: {state.fault or 'length differs'}")
        for row in rows:
            _take_in(json.loads(bytes(row.what)), effects, last_states)
    for chain_id in heads:
        found.add("half_written", f"no entries for {chain_id}")
    return effects, last_states


def _take_in(
    what: dict[str, Any], effects: Counter[Effect], last_states: dict[tuple[str, UUID], str]
) -> None:
    subject, subject_id = what["subject"], UUID(what["subject_id"])
    if what["to"] is not None:
        last_states[subject, subject_id] = what["to"]
    if what["rule"] is None and subject in ("report", "stage"):
        effects[what["action"], subject, subject_id] += 1


def _heads(connection: Connection) -> dict[UUID, tuple[bytes, int]]:
    rows = _rows(connection, "select id, head, seq from reports union all select id, head, seq from cases")
    return {row.id: (bytes(row.head), row.seq) for row in rows}


def _link(row: Row[Any]) -> Link:
    sections = {
        name: Section(bytes(row._mapping[name]), bytes(row._mapping[f"{name}_salt"])) for name in SECTIONS
    }
    return Link(row.seq, bytes(row.body), bytes(row.digest), sections)


def _compare_keys(
    keys: dict[tuple[UUID, str, str], _Key], effects: Counter[Effect], found: Reckoning
) -> None:
    """One effect for each key: more is a duplicate, fewer a half."""
    commanded: Counter[Effect] = Counter()
    for name, key in keys.items():
        if key.status is None or key.answer is None or key.effect is None:
            found.add("half_written", f"key without answer or effect: {name[1]}")
        else:
            commanded[key.effect] += 1
    for effect, count in (effects - commanded).items():
        found.add("duplicated", effect, count)
    for effect, count in (commanded - effects).items():
        found.add("half_written", f"key without its entry: {effect}", count)


def _find_lost(
    acknowledged: Iterable[Acknowledged],
    keys: dict[tuple[UUID, str, str], _Key],
    effects: Counter[Effect],
    found: Reckoning,
) -> None:
    """Acknowledged means: the key stands there with this very answer, and what it did stands on the timeline."""
    for write in acknowledged:
        key = keys.get((write.account_id, write.route, write.key))
        kept = key is not None and key.status == write.status and key.answer == write.body.decode()
        if not kept or key is None or key.effect is None or not effects[key.effect]:
            found.add("lost", write.route)


def _check_states(connection: Connection, last_states: dict[tuple[str, UUID], str], found: Reckoning) -> None:
    """Reports, stages and cases stand where their last entry left them."""
    standing = {
        (row.subject, row.id): row.state
        for row in _rows(
            connection,
            "select 'report' as subject, id, state from reports union all select 'stage', id, state from stages"
            " union all select 'case', id, state from cases",
        )
    }
    for name in standing.keys() | last_states.keys():
        if standing.get(name) != last_states.get(name):
            found.add("half_written", f"{name} is {standing.get(name)}, entered {last_states.get(name)}")


_INCOMPLETE: Final = (
    "select r.id from reports r where"
    " (select count(*) from receipts where file_id = r.id) <> 1"
    " or not exists (select from person_keys where file_id = r.id)"
    " or not exists (select from sealed_values where file_id = r.id and section = 'message')"
    " or not exists (select from case_access where file_id = r.id and unit_id = r.unit_id)"
    " or (r.state = 'accepted') <> exists (select from cases where id = r.case_id)"
    " or (r.answered_at is not null) <> exists"
    "  (select from sealed_values where file_id = r.id and section = 'answer')"
)


def _check_reports(connection: Connection, found: Reckoning) -> None:
    """A whole report has one receipt, a key, its message, a unit that can read it; an accepted one has its case."""
    for row in _rows(connection, _INCOMPLETE):
        found.add("half_written", f"report {row.id} is not whole")


def _rows(connection: Connection, question: str) -> Iterator[Row[Any]]:
    return iter(connection.execution_options(yield_per=2000).execute(text(question)))
