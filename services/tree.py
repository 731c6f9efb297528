"""The stored tree: reading the few nodes that a root or a proof needs, and growing it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, SmallInteger, cast, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from domain.merkle import Node, Peaks, Span, consistency_spans, inclusion_spans, nodes_of, proof
from services.records.tree import LeafRow, NodeRow


@dataclass(frozen=True, slots=True)
class Leaf:
    """What becomes a leaf: an entry by its chain and number, or a read by its id and 0; its hash, and when it was written."""

    source_id: UUID
    seq: int
    hash: bytes
    at: datetime


def peaks_at(session: Session, size: int) -> Peaks:
    """The edge of the tree as it was at this size."""
    nodes = nodes_of((0, size))
    found = _hashes(session, nodes)
    return Peaks(size, tuple(found[node] for node in nodes))


def inclusion_proof(session: Session, index: int, size: int) -> list[bytes]:
    """That leaf `index` is in the tree of `size` leaves."""
    return _proof(session, inclusion_spans(index, size))


def consistency_proof(session: Session, old: int, new: int) -> list[bytes]:
    """That the tree of `old` leaves is the beginning of that of `new`."""
    return _proof(session, consistency_spans(old, new))


def inclusion_proofs(session: Session, indexes: Iterable[int], size: int) -> dict[int, list[bytes] | None]:
    """The same for many leaves, in one statement; None where a node that it needs is not there."""
    return _proofs(session, {index: inclusion_spans(index, size) for index in indexes})


def consistency_proofs(session: Session, olds: Iterable[int], new: int) -> dict[int, list[bytes] | None]:
    """The same from many sizes, in one statement; None where a node that it needs is not there."""
    return _proofs(session, {old: consistency_spans(old, new) for old in olds})


def grow(session: Session, peaks: Peaks, leaves: Sequence[Leaf]) -> Peaks:
    """Add the leaves in this order and keep every node that became whole; the caller is the only one who grows the tree."""
    places, nodes = [], []
    for leaf in leaves:
        places.append({"leaf_index": peaks.size, "source_id": leaf.source_id, "seq": leaf.seq})
        peaks, made = peaks.appended(leaf.hash)
        nodes += [{"level": node.level, "position": node.index, "hash": hashed} for node, hashed in made]
    session.execute(insert(LeafRow), places)
    session.execute(insert(NodeRow), nodes)
    return peaks


def _proof(session: Session, spans: Sequence[Span]) -> list[bytes]:
    found = _hashes(session, [node for span in spans for node in nodes_of(span)])
    return proof(spans, found.__getitem__)


def _proofs(session: Session, wanted: Mapping[int, Sequence[Span]]) -> dict[int, list[bytes] | None]:
    needed = {number: [node for span in spans for node in nodes_of(span)] for number, spans in wanted.items()}
    found = _hashes(session, {node for nodes in needed.values() for node in nodes})
    return {
        number: proof(spans, found.__getitem__) if all(node in found for node in needed[number]) else None
        for number, spans in wanted.items()
    }


def _hashes(session: Session, nodes: Iterable[Node]) -> dict[Node, bytes]:
    wanted = [*nodes]
    if not wanted:
        return {}
    # as two arrays: a list of thousands of pairs would be planned for longer than it is looked up
    levels = cast([node.level for node in wanted], ARRAY(SmallInteger()))
    positions = cast([node.index for node in wanted], ARRAY(BigInteger()))
    places = func.unnest(levels, positions).table_valued("level", "position", name="wanted").render_derived()
    here = (NodeRow.level == places.c.level) & (NodeRow.position == places.c.position)
    rows = session.execute(
        select(NodeRow.level, NodeRow.position, NodeRow.hash).join_from(places, NodeRow, here)
    )
    return {Node(row.level, row.position): row.hash for row in rows}
