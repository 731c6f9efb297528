"""The entry of a timeline: its canonical bytes, its digest, its sections that can be withheld, and the check of a chain.

An entry's body holds no more than its place in the chain and one salted commitment for each section. What happened
(`what`), who did it (`who`) and the keyed commitments of changed values (`values`) are sections of their own, so that a
reader can be given an entry without them and still check every digest.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

VERSION: Final = 1
GENESIS: Final = bytes(32)
SECTIONS: Final = ("what", "who", "values")

Value = str | int | bool | None | list["Value"] | Mapping[str, "Value"]
"""Entries carry no floats: they have no single spelling (RFC 8785)."""


def canonical(value: Mapping[str, Value]) -> bytes:
    """RFC 8785 bytes for the values allowed here: ASCII member names, no floats, times as strings."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def moment(at: datetime) -> str:
    """An instant as it stands in entries: UTC, microseconds, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Section:
    """Canonical bytes and the 16 random bytes that keep their commitment from being guessed."""

    content: bytes
    salt: bytes

    @property
    def commitment(self) -> str:
        return hashlib.sha256(b"homeward-section-v1\x00" + self.salt + self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which chain an entry stands: the chain's kind and id, the number, the digest before it."""

    kind: str
    chain_id: UUID
    seq: int
    previous: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as stored: exact body bytes, their digest, and the sections they commit to."""

    entry_id: UUID
    place: Place
    recorded_at: datetime
    body: bytes
    sections: Mapping[str, Section]

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.body).digest()


def entry(
    entry_id: UUID, place: Place, recorded_at: datetime, edition: str, sections: Mapping[str, Section]
) -> Entry:
    """Build an entry; every section of `SECTIONS` is committed to, so that leaving one out shows."""
    body = canonical(
        {
            "v": VERSION,
            "entry_id": str(entry_id),
            "chain": place.kind,
            "chain_id": str(place.chain_id),
            "seq": place.seq,
            "prev": place.previous.hex(),
            "recorded_at": moment(recorded_at),
            "edition": edition,
            "sections": {name: sections[name].commitment for name in SECTIONS},
        }
    )
    return Entry(entry_id, place, recorded_at, body, dict(sections))


@dataclass(frozen=True, slots=True)
class Link:
    """What the check needs of a stored entry; a withheld section is simply absent."""

    seq: int
    body: bytes
    digest: bytes
    sections: Mapping[str, Section]


@dataclass(frozen=True, slots=True)
class ChainState:
    """The outcome of a check: how many entries, the head's digest, and the first bad entry with what is wrong there."""

    entries: int
    head: bytes
    first_bad: int | None = None
    fault: str | None = None


def check(chain_id: UUID, links: Iterable[Link], expected_head: bytes | None = None) -> ChainState:
    """Follow a chain from its first entry; faults: gap, other_chain, broken_link, altered_body, altered_section, head_differs."""
    previous, count = GENESIS, 0
    for link in links:
        fault = _fault(chain_id, link, count + 1, previous)
        if fault:
            return ChainState(count, previous, link.seq, fault)
        previous, count = link.digest, count + 1
    if expected_head is not None and expected_head != previous:
        return ChainState(count, previous, count + 1, "head_differs")
    return ChainState(count, previous)


def _fault(chain_id: UUID, link: Link, seq: int, previous: bytes) -> str | None:
    if hashlib.sha256(link.body).digest() != link.digest:
        return "altered_body"
    body = json.loads(link.body)
    if link.seq != seq or body["seq"] != seq:
        return "gap"
    if body["chain_id"] != str(chain_id):
        return "other_chain"
    if body["prev"] != previous.hex():
        return "broken_link"
    if any(section.commitment != body["sections"].get(name) for name, section in link.sections.items()):
        return "altered_section"
    return None
