"""What waits to become a leaf, in an order that misses nothing: by transaction, and only those before which none still runs.

Numbers that are given out in order are committed out of order; whoever asks for `id > last` misses what commits late.
A chain's entries become leaves in their own order, even where a later one was written by an earlier transaction.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, cast, literal, text, tuple_
from sqlalchemy.orm import Session

from domain.merkle import leaf_hash
from services.records.timeline import EntryRow, TransactionId
from services.records.tree import CheckpointRow
from services.tree import Leaf

_NIL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Position:
    """How far entries and reads have been looked through, each by transaction and key. Transactions as PostgreSQL writes them.
    `kept`: what stays written down instead, while everything is looked through from the start."""

    entry_xid: str = "0"
    entry_chain_id: UUID = _NIL
    entry_seq: int = 0
    read_xid: str = "0"
    read_id: UUID = _NIL
    kept: "Position | None" = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The next leaves in their order, and the position behind them."""

    leaves: Sequence[Leaf]
    behind: Position


def _position(row: CheckpointRow | None) -> Position:
    if row is None:
        return Position()
    return Position(str(row.entry_xid), row.entry_chain_id, row.entry_seq, str(row.read_xid), row.read_id)


# What lies in the future of all transactions is from before a dump was put back elsewhere, and is over.
_OVER: Final = (
    "(xid < pg_snapshot_xmin(pg_current_snapshot()) or xid >= pg_snapshot_xmax(pg_current_snapshot()))"
)
_COUNTED_ANEW: Final = text(
    "select greatest(cast(:entry_xid as xid8), cast(:read_xid as xid8)) >= pg_snapshot_xmax(pg_current_snapshot())"
)
_ENTRIES: Final = """
 from timeline_entries e
 where (xid, chain_id, seq) > (cast(:entry_xid as xid8), cast(:entry_chain_id as uuid), cast(:entry_seq as bigint))
 and not exists (select from leaves l where l.source_id = e.chain_id and l.seq = e.seq)"""
_READS: Final = """
 from read_log r where (xid, id) > (cast(:read_xid as xid8), cast(:read_id as uuid))
 and not exists (select from leaves l where l.source_id = r.id and l.seq = 0)"""
_FIRST_ENTRIES: Final = " order by e.xid, e.chain_id, e.seq limit :at_most"
_FIRST_READS: Final = " order by r.xid, r.id limit :at_most"
_NEXT_ENTRIES: Final = text(
    f"select xid::text as xid, chain_id, seq, body, recorded_at{_ENTRIES} and {_OVER}{_FIRST_ENTRIES}"  # ours
)
_NEXT_READS: Final = text(
    f"select xid::text as xid, id, leaf, read_at{_READS} and {_OVER}{_FIRST_READS}"
)  # ours
_BETWEEN: Final = text(
    "select chain_id, seq, body, recorded_at from timeline_entries"
    " where chain_id = :chain_id and seq > :after and seq < :before"
)
_OLDEST: Final = text(
    f"select min(at) from ((select recorded_at as at{_ENTRIES}{_FIRST_ENTRIES})"  # noqa: S608  # ours
    f" union all (select read_at as at{_READS}{_FIRST_READS})) as waiting"
)


def position_in(session: Session, last: CheckpointRow | None) -> Position:
    """Where to look on from; in a database that was put back from a dump transactions are counted anew, and it is looked
    through from the start."""
    position = _position(last)
    anew = session.execute(_COUNTED_ANEW, _named(position)).scalar_one()
    return Position(kept=position) if anew else position


def was_read(position: Position) -> ColumnElement[bool]:
    """Whether the sealer was past an entry at this position: it is a leaf then."""
    place = (position.entry_xid, position.entry_chain_id, position.entry_seq)
    xid = cast(literal(place[0]), TransactionId())
    here = tuple_(EntryRow.xid, EntryRow.chain_id, EntryRow.seq)
    found: ColumnElement[bool] = here <= tuple_(xid, literal(place[1]), literal(place[2]))
    return found


def oldest_unsealed(session: Session, after: Position) -> datetime | None:
    """When the first of what waits was written, whether or not it can become a leaf yet."""
    found: datetime | None = session.execute(_OLDEST, {**_named(after), "at_most": 1}).scalar_one()
    return found


def next_batch(session: Session, after: Position, at_most: int) -> Batch:
    """Up to `at_most` entries and as many reads, and whatever entries their chains need before them."""
    named = {**_named(after), "at_most": at_most}
    entries = session.execute(_NEXT_ENTRIES, named).all()
    reads = session.execute(_NEXT_READS, named).all()
    behind = after
    if entries:
        last = entries[-1]
        behind = replace(behind, entry_xid=last.xid, entry_chain_id=last.chain_id, entry_seq=last.seq)
    if reads:
        behind = replace(behind, read_xid=reads[-1].xid, read_id=reads[-1].id)
    leaves = [*_in_order(session, entries), *(Leaf(row.id, 0, bytes(row.leaf), row.read_at) for row in reads)]
    return Batch(leaves, after.kept or behind)


def _named(position: Position) -> dict[str, object]:
    return {name: getattr(position, name) for name in Position.__dataclass_fields__ if name != "kept"}


def _in_order(session: Session, rows: Sequence[Row[Any]]) -> list[Leaf]:
    """Chain by chain, each in its own order, without a gap before its first."""
    chains: dict[UUID, dict[int, Leaf]] = defaultdict(dict)
    for row in rows:
        chains[row.chain_id][row.seq] = _entry(row)
    for row in _passed_over(session, chains):
        chains[row.chain_id][row.seq] = _entry(row)
    return [leaves[seq] for leaves in chains.values() for seq in sorted(leaves)]


def _entry(row: Row[Any]) -> Leaf:
    return Leaf(row.chain_id, row.seq, leaf_hash(bytes(row.body)), row.recorded_at)


def _passed_over(session: Session, chains: dict[UUID, dict[int, Leaf]]) -> Sequence[Row[Any]]:
    """Entries that stand before one of these in its chain and are no leaf: written by a transaction that began later, and
    committed all the same, since the chain's lock went from one to the other."""
    if not chains:
        return []
    query = text(
        "select source_id, max(seq) as seq from leaves where source_id = any(cast(:chains as uuid[])) group by source_id"
    )
    found = session.execute(query, {"chains": [*chains]})
    sealed = {row.source_id: row.seq for row in found}
    gaps = [
        (chain_id, sealed.get(chain_id, 0), max(leaves))
        for chain_id, leaves in chains.items()
        if max(leaves) - sealed.get(chain_id, 0) != len(leaves)
    ]
    rows: list[Row[Any]] = []
    for chain_id, after, before in gaps:
        between = session.execute(_BETWEEN, {"chain_id": chain_id, "after": after, "before": before})
        rows += [row for row in between if row.seq not in chains[chain_id]]
    return rows
