"""A case's entries with all that proves them: their places in the log under one checkpoint, and what that follows from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.articles import EDITION
from domain.timeline import SECTIONS, Section
from services.checkpoints import KeyInUse, Published, key_history, published
from services.database import now
from services.records.timeline import EntryRow
from services.records.tree import CheckpointRow, LeafRow
from services.timelines import followed_case
from services.tree import consistency_proofs, inclusion_proofs
from services.unsealed import Position, position_in, was_read


@dataclass(frozen=True, slots=True)
class Opening:
    """How case and log stood when a bundle was begun; what is entered later is not in it. `sealed_to`: the last entry of
    the case that the log has under the checkpoint, whatever the case itself says."""

    case_id: UUID
    edition: str
    seq: int
    head: bytes
    at: datetime
    sealed_to: int
    size: int
    position: Position | None
    log: str | None


@dataclass(frozen=True, slots=True)
class BundledEntry:
    """An entry as stored; its place and proof where it has them. `lost`: the sealer has seen it, and it is no leaf."""

    seq: int
    stage_id: UUID | None
    body: bytes
    digest: bytes
    sections: Mapping[str, Section]
    leaf_index: int | None
    proof: Sequence[bytes] | None
    lost: bool

    @property
    def state(self) -> str:
        if self.leaf_index is None:
            return "lost" if self.lost else "unsealed"
        return "lost" if self.proof is None else "sealed"


@dataclass(frozen=True, slots=True)
class KeyProof:
    """A key, the checkpoint with which it began, and that the log has grown from there; None where nodes are missing."""

    key: KeyInUse
    note: str
    proof: Sequence[bytes] | None


@dataclass(frozen=True, slots=True)
class Closing:
    """The checkpoint of a bundle, what leads to it from an older one, and the keys."""

    checkpoint: Published | None
    since: int | None
    consistency: Sequence[bytes] | None
    keys: Sequence[KeyProof]


def opening(session: Session, actor: Actor, case_id: UUID) -> Opening:
    """NotFound where the case is not this reader's to follow."""
    case = followed_case(session, actor, case_id)
    last = session.execute(select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1)).scalar()
    size = last.size if last else 0
    sealed = select(func.max(LeafRow.seq)).where(LeafRow.source_id == case_id, LeafRow.leaf_index < size)
    found = position_in(session, last) if last else None
    # in a database that was put back, transactions say nothing about what the sealer has seen
    position = None if found is None or found.kept else found
    sealed_to = session.execute(sealed).scalar() or 0
    origin = last.note.partition("\n")[0] if last else None
    return Opening(case_id, EDITION, case.seq, case.head, now(session), sealed_to, size, position, origin)


def entries_behind(session: Session, begun: Opening, seq: int, at_most: int) -> list[BundledEntry]:
    """The next entries, in two statements. The caller has decided access and recorded the read."""
    seen = was_read(begun.position) if begun.position else false()
    query = (
        select(EntryRow, LeafRow.leaf_index, seen.label("seen"))
        .outerjoin(
            LeafRow,
            (LeafRow.source_id == EntryRow.chain_id)
            & (LeafRow.seq == EntryRow.seq)
            & (LeafRow.leaf_index < begun.size),
        )
        .where(EntryRow.chain_id == begun.case_id, EntryRow.seq > seq, EntryRow.seq <= begun.seq)
        .order_by(EntryRow.seq)
        .limit(at_most)
    )
    rows: list[tuple[EntryRow, int | None, bool]] = [
        (row.EntryRow, row.leaf_index, row.seen) for row in session.execute(query)
    ]
    proofs = inclusion_proofs(session, [row[1] for row in rows if row[1] is not None], begun.size)
    return [
        _entry(row, index, proofs.get(-1 if index is None else index), lost=lost) for row, index, lost in rows
    ]


def _entry(
    row: EntryRow, leaf_index: int | None, proof: Sequence[bytes] | None, *, lost: bool
) -> BundledEntry:
    sections = {name: Section(getattr(row, name), getattr(row, f"{name}_salt")) for name in SECTIONS}
    return BundledEntry(row.seq, row.stage_id, row.body, row.digest, sections, leaf_index, proof, lost)


def closing(session: Session, begun: Opening, since: int | None) -> Closing:
    """What a bundle ends with, in a handful of statements whatever its size. A log shorter than `since` has no proof: whoever
    kept that checkpoint sees from its size alone what happened."""
    keys = [key for key in key_history(session) if key.from_size <= begun.size]
    if keys:
        keys[-1] = replace(keys[-1], until_size=None)
    starts = [key.from_size for key in keys]
    found = {one.size: one for one in published_at(session, [begun.size, *starts])}
    older = {size for size in [*starts, since or 0] if 0 < size < begun.size}
    proofs = consistency_proofs(session, sorted(older), begun.size)
    told = [
        KeyProof(key, found[key.from_size].note, proofs.get(key.from_size))
        for key in keys
        if key.from_size in found
    ]
    reached = since if since in older else None
    return Closing(found.get(begun.size), reached, proofs.get(since or 0), told)


def published_at(session: Session, sizes: Sequence[int]) -> list[Published]:
    """The checkpoints of exactly these sizes, with their cosignatures."""
    return published(session, at=sizes, limit=len(sizes))
