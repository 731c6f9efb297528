"""The tree over everything written down: what is a leaf, its nodes, its checkpoints and where they went. Append-only."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.records.tables import At, Id, Octets, Ref, Table, Word, one_of
from services.records.timeline import TransactionId

OUTCOMES = ("delivered", "away", "refused", "knows_another")


class LeafRow(Table):
    """What stands at one place of the tree: an entry by its chain and number, or a read by its id and the number 0."""

    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("leaf_index >= 0 and seq >= 0", name="counted_from_zero"),
        UniqueConstraint("source_id", "seq"),
    )

    leaf_index: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    source_id: Mapped[Ref]
    seq: Mapped[int] = mapped_column(BigInteger())


class NodeRow(Table):
    """The hash of one whole subtree; at level 0 that of a leaf."""

    __tablename__ = "tree_nodes"
    __table_args__ = (CheckConstraint("octet_length(hash) = 32", name="whole_hash"),)

    level: Mapped[int] = mapped_column(SmallInteger(), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger(), primary_key=True)
    hash: Mapped[Octets]


class CheckpointRow(Table):
    """One signed checkpoint; when the oldest of its new leaves was written; how far entries and reads had been read."""

    __tablename__ = "checkpoints"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    size: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    root: Mapped[Octets]
    note: Mapped[Word]
    signed_at: Mapped[At]
    oldest_at: Mapped[At]
    entry_xid: Mapped[int] = mapped_column(TransactionId())
    entry_chain_id: Mapped[Ref]
    entry_seq: Mapped[int] = mapped_column(BigInteger())
    read_xid: Mapped[int] = mapped_column(TransactionId())
    read_id: Mapped[Ref]


class DeliveryRow(Table):
    """One attempt to take a checkpoint to a place outside, and the cosignatures that came back."""

    __tablename__ = "checkpoint_deliveries"
    __table_args__ = (one_of("outcome", OUTCOMES), Index(None, "place", "id"), Index(None, "size"))

    id: Mapped[Id]
    place: Mapped[Word]
    size: Mapped[int] = mapped_column(ForeignKey("checkpoints.size"))
    tried_at: Mapped[At]
    outcome: Mapped[Word]
    cosignatures: Mapped[Word]


class LogKeyRow(Table):
    """A public key, and the size of the tree from which on it signs: until the next one does."""

    __tablename__ = "log_keys"
    __table_args__ = (UniqueConstraint("verifier_key"),)

    id: Mapped[Id]
    verifier_key: Mapped[Word]
    from_size: Mapped[int] = mapped_column(BigInteger())
    from_at: Mapped[At]


class SealerRoundRow(Table):
    """When the sealer last looked, since when something waited then, and to which places it takes checkpoints. One row, kept
    up to date: it says how things stand and is no part of what is kept."""

    __tablename__ = "sealer_rounds"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    looked_at: Mapped[At]
    unsealed_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    places: Mapped[list[str]] = mapped_column(ARRAY(Text()))
