"""A case bundle as it leaves: line by line, a few hundred entries in one transaction, hashed on its way."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Final

from api.calls import Session
from api.redaction import written
from api.representations.answers import Answer
from api.representations.bundles import (
    BundleConsistency,
    BundleEnd,
    BundleHeader,
    checkpoint_line,
    entry_line,
    key_line,
)
from api.representations.checkpoints import written as in_base64
from domain.actors import Actor
from services.bundles import Opening, closing, entries_behind
from services.timelines import reader_of

AT_A_TIME: Final = 250
Again = Callable[[], AbstractContextManager[tuple[Session, Actor]]]
"""Begins a further transaction of the same caller."""


def bundle_lines(again: Again, begun: Opening, header: BundleHeader, since: int | None) -> Iterator[bytes]:
    """The whole bundle in pieces. Each is read as the caller stands to the case at that moment: whoever lost the right to it
    meanwhile gets one without an end, which proves nothing."""
    digest, seq, entries = hashlib.sha256(), 0, AT_A_TIME
    with again() as (_session, actor):
        piece = _line(header, actor)
    digest.update(piece)
    yield piece
    while entries == AT_A_TIME:
        with again() as (session, actor):
            reader = reader_of(session, actor, begun.case_id)
            found = entries_behind(session, begun, seq, AT_A_TIME)
            piece = b"".join(_line(entry_line(one, reader), actor) for one in found)
        entries, seq = len(found), found[-1].seq if found else seq
        digest.update(piece)
        yield piece
    yield from _ending(again, begun, since, digest)


def _ending(again: Again, begun: Opening, since: int | None, digest: "hashlib._Hash") -> Iterator[bytes]:
    with again() as (session, actor):
        ends = closing(session, begun, since)
        lines: list[Answer] = [checkpoint_line(ends.checkpoint)] if ends.checkpoint else []
        if ends.since is not None:
            path = None if ends.consistency is None else [in_base64(one) for one in ends.consistency]
            lines.append(BundleConsistency(from_size=ends.since, to=begun.size, proof=path))
        lines += [key_line(one) for one in ends.keys]
        piece = b"".join(_line(one, actor) for one in lines)
        digest.update(piece)
        end = BundleEnd(further=len(lines), sha256=digest.hexdigest())
        yield piece + _line(end, actor)


def _line(answer: Answer, actor: Actor) -> bytes:
    return written(answer, actor) + b"\n"
