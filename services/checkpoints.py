"""Reading the log as others check it: checkpoints with their cosignatures, proofs, the keys, and how far sealing is behind."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.refusals import FieldRefused, NotFound
from services.database import now
from services.records.tree import CheckpointRow, DeliveryRow, LeafRow, LogKeyRow, NodeRow, SealerRoundRow
from services.sealer import LATE
from services.timelines import followed_case
from services.tree import consistency_proof, inclusion_proof


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint, its note with the cosignatures that came back so far."""

    size: int
    root: bytes
    signed_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A key of the log; it signs from one size of the tree on, until another does."""

    verifier_key: str
    from_size: int
    until_size: int | None
    from_at: datetime


@dataclass(frozen=True, slots=True)
class EntryProof:
    """Where an entry stands in the tree, and what leads from it to a checkpoint."""

    leaf_index: int
    leaf_hash: bytes
    path: Sequence[bytes]
    checkpoint: Published


@dataclass(frozen=True, slots=True)
class PlaceState:
    """One place outside: the last checkpoint that it took, since when something is missing there, how the last try went."""

    place: str
    size: int | None
    delivered_at: datetime | None
    behind_since: datetime | None
    last_outcome: str | None


@dataclass(frozen=True, slots=True)
class SealerState:
    """When the sealer last looked, since when something waits, and how each place stands; `late` where any of it is over two
    minutes behind."""

    at: datetime
    looked_at: datetime | None
    unsealed_since: datetime | None
    places: Sequence[PlaceState]
    late: bool


def published(
    session: Session, *, below: int | None = None, at: Sequence[int] | None = None, limit: int = 1
) -> list[Published]:
    """Checkpoints, the newest first. `at`: those of exactly these sizes."""
    query = select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(limit)
    if below is not None:
        query = query.where(CheckpointRow.size < below)
    if at is not None:
        query = query.where(CheckpointRow.size.in_(at))
    rows = session.execute(query).scalars().all()
    signed = _cosignatures(session, [row.size for row in rows])
    return [
        Published(row.size, row.root, row.signed_at, row.note + "".join(signed[row.size])) for row in rows
    ]


def newest(session: Session) -> Published:
    """The newest checkpoint; NotFound before the first."""
    found = published(session)
    if not found:
        raise NotFound
    return found[0]


def checkpoint_of(session: Session, size: int) -> Published:
    """The checkpoint of exactly this size; NotFound if none was signed there."""
    found = published(session, below=size + 1)
    if not found or found[0].size != size:
        raise NotFound
    return found[0]


def _cosignatures(session: Session, sizes: Sequence[int]) -> dict[int, list[str]]:
    """One line a key, whichever way it came."""
    kept = select(DeliveryRow.size, DeliveryRow.cosignatures).where(
        DeliveryRow.size.in_(sizes), DeliveryRow.cosignatures != ""
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in session.execute(kept.order_by(DeliveryRow.id)):
        for line in row.cosignatures.splitlines(keepends=True):
            found[row.size].setdefault(line.split(" ")[1], line)
    return defaultdict(list, {size: [*lines.values()] for size, lines in found.items()})


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """That the log of `old` leaves is the beginning of that of `new`; FieldRefused where it was never so large."""
    if old > new or new > newest(session).size:
        raise FieldRefused(("to", "size_not_reached"))
    return consistency_proof(session, old, new)


def entry_proof(
    session: Session, actor: Actor, case_id: UUID, *, seq: int | None, size: int | None
) -> tuple[int, EntryProof | None]:
    """Of an entry of a case that the reader may follow, or its last one: its number, and the proof, None while it is no leaf
    of that checkpoint. NotFound for an entry that is not there, and a checkpoint that was not signed."""
    last = followed_case(session, actor, case_id).seq
    seq = last if seq is None else seq
    if seq > last:
        raise NotFound
    leaf = session.execute(
        select(LeafRow.leaf_index, NodeRow.hash)
        .join(NodeRow, (NodeRow.level == 0) & (NodeRow.position == LeafRow.leaf_index))
        .where(LeafRow.source_id == case_id, LeafRow.seq == seq)
    ).one_or_none()
    checkpoint = published(session) if size is None else [checkpoint_of(session, size)]
    if leaf is None or not checkpoint or leaf.leaf_index >= checkpoint[0].size:
        return seq, None
    path = inclusion_proof(session, leaf.leaf_index, checkpoint[0].size)
    return seq, EntryProof(leaf.leaf_index, leaf.hash, path, checkpoint[0])


def key_history(session: Session) -> list[KeyInUse]:
    """Every key that ever signed, the first one first; at most 200."""
    rows = session.execute(select(LogKeyRow).order_by(LogKeyRow.id).limit(200)).scalars().all()
    return [
        KeyInUse(row.verifier_key, row.from_size, following.from_size if following else None, row.from_at)
        for row, following in zip_longest(rows, rows[1:])
    ]


def sealer_state(session: Session) -> SealerState:
    """How things stand, by what the sealer last wrote down: a sealer that is gone shows by its silence."""
    at, said = now(session), session.execute(select(SealerRoundRow)).scalar_one_or_none()
    places = [_place(session, name) for name in said.places] if said else []
    since = (said.unsealed_since or said.looked_at) if said else None
    behind = [since, *(place.behind_since for place in places)]
    if not places and (first := _first_beyond(session, 0)):
        behind.append(first)
    late = since is None or any(one is not None and at - one > LATE for one in behind)
    return SealerState(
        at, said.looked_at if said else None, said.unsealed_since if said else None, places, late
    )


def _place(session: Session, name: str) -> PlaceState:
    own = select(DeliveryRow).where(DeliveryRow.place == name).order_by(DeliveryRow.id.desc()).limit(1)
    last = session.execute(own).scalar()
    there = session.execute(own.where(DeliveryRow.outcome == "delivered")).scalar()
    size = there.size if there else 0
    return PlaceState(
        name,
        there.size if there else None,
        there.tried_at if there else None,
        _first_beyond(session, size),
        last.outcome if last else None,
    )


def _first_beyond(session: Session, size: int) -> datetime | None:
    """When the oldest entry was written that stands in a checkpoint beyond this size and in none before."""
    beyond = select(CheckpointRow.oldest_at).where(CheckpointRow.size > size)
    return session.execute(beyond.order_by(CheckpointRow.size).limit(1)).scalar()


def seconds_behind(state: SealerState, since: datetime | None) -> int:
    """Whole seconds; none where nothing waits."""
    waited = state.at - since if since else timedelta(0)
    return max(int(waited.total_seconds()), 0)
