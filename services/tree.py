"""The stored tree: reading the few nodes that a root or a proof needs, and growing it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, tuple_
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


def _hashes(session: Session, nodes: Iterable[Node]) -> dict[Node, bytes]:
    wanted = [(node.level, node.index) for node in nodes]
    if not wanted:
        return {}
    rows = session.execute(
        select(NodeRow.level, NodeRow.position, NodeRow.hash).where(
            tuple_(NodeRow.level, NodeRow.position).in_(wanted)
        )
    )
    return {Node(row.level, row.position): row.hash for row in rows}
