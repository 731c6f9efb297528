"""Checkpoints and proofs as answers: hashes in base64, notes as C2SP writes them."""

import base64
from datetime import datetime

from pydantic import ConfigDict, Field

from api.representations.answers import Answer
from domain.labels import INTERNAL, PUBLIC
from services.checkpoints import EntryProof, KeyInUse, Published, SealerState, seconds_behind


class CheckpointAnswer(Answer):
    """`note`: origin, size and root, signed by the log and by the witnesses that answered so far."""

    LABEL = PUBLIC
    size: int
    root: str
    signed_at: datetime
    note: str


class CheckpointList(Answer):
    LABEL = PUBLIC
    items: list[CheckpointAnswer]
    links: dict[str, str]


class LogKeyAnswer(Answer):
    """`until_size` null: the key signs now. Its name, hash and key are written as C2SP signed-note says."""

    LABEL = PUBLIC
    verifier_key: str
    from_size: int
    until_size: int | None
    from_at: datetime


class LogKeyList(Answer):
    LABEL = PUBLIC
    items: list[LogKeyAnswer]
    links: dict[str, str]


class ConsistencyAnswer(Answer):
    """`proof`: that the log of the first size is the beginning of that of the second (RFC 6962, 2.1.2)."""

    model_config = ConfigDict(populate_by_name=True)
    LABEL = PUBLIC
    from_size: int = Field(alias="from")
    to: int
    proof: list[str]


class EntryProofAnswer(Answer):
    """`sealed` false: the entry is no leaf of that checkpoint yet, and the rest is null; `proof`: RFC 6962, 2.1.1."""

    LABEL = INTERNAL
    seq: int
    sealed: bool
    leaf_index: int | None
    leaf_hash: str | None
    proof: list[str]
    checkpoint: CheckpointAnswer | None
    links: dict[str, str]


class DestinationAnswer(Answer):
    """A place outside that checkpoints are taken to. `behind_seconds`: for how long the oldest entry is missing there."""

    LABEL = INTERNAL
    place: str
    size: int | None
    delivered_at: datetime | None
    behind_seconds: int
    last_outcome: str | None


class SealerStateAnswer(Answer):
    """`late`: the sealer is silent, or something waits, or is missing at a place outside, for more than two minutes; or there
    is no such place."""

    LABEL = INTERNAL
    looked_at: datetime | None
    unsealed_since: datetime | None
    behind_seconds: int
    late: bool
    places: list[DestinationAnswer]
    links: dict[str, str]


def checkpoint_answer(found: Published) -> CheckpointAnswer:
    return CheckpointAnswer(
        size=found.size, root=written(found.root), signed_at=found.signed_at, note=found.note
    )


def key_answer(key: KeyInUse) -> LogKeyAnswer:
    return LogKeyAnswer(
        verifier_key=key.verifier_key, from_size=key.from_size, until_size=key.until_size, from_at=key.from_at
    )


def entry_proof_answer(seq: int, found: EntryProof | None, links: dict[str, str]) -> EntryProofAnswer:
    return EntryProofAnswer(
        seq=seq,
        sealed=found is not None,
        leaf_index=found.leaf_index if found else None,
        leaf_hash=written(found.leaf_hash) if found else None,
        proof=[written(one) for one in found.path] if found else [],
        checkpoint=checkpoint_answer(found.checkpoint) if found else None,
        links=links,
    )


def state_answer(state: SealerState) -> SealerStateAnswer:
    return SealerStateAnswer(
        looked_at=state.looked_at,
        unsealed_since=state.unsealed_since,
        behind_seconds=seconds_behind(state, state.unsealed_since or state.looked_at),
        late=state.late,
        places=[
            DestinationAnswer(
                place=one.place,
                size=one.size,
                delivered_at=one.delivered_at,
                behind_seconds=seconds_behind(state, one.behind_since),
                last_outcome=one.last_outcome,
            )
            for one in state.places
        ],
        links={"self": "/checkpoints/state", "checkpoints": "/checkpoints"},
    )


def written(content: bytes) -> str:
    """Base64, as in notes."""
    return base64.b64encode(content).decode()
