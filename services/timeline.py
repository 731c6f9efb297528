"""Entering what happened, in the transaction in which it happens, and reading it back."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.actors import Actor
from domain.articles import EDITION
from domain.identifiers import new_id
from domain.timeline import SECTIONS, ChainState, Link, Place, Section, Value, canonical, check, entry, moment
from services.records.timeline import EntryRow


class ChainHolder(Protocol):
    """A row whose lock orders a chain: a case, a report, or the register."""

    CHAIN: ClassVar[str]
    id: UUID
    seq: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to be entered. `happened_at` None: now. `values`: commitments by field name.

    `stands`: how the case, or the stage that it names, stands after it, where that is not as before. `clocks`: what ran,
    was met or stood still with it. `corrects`: the number of the earlier entry whose values it takes back.
    """

    action: str
    subject: str
    subject_id: UUID
    articles: Sequence[int] = ()
    stage: str | None = None
    stage_id: UUID | None = None
    victim_id: UUID | None = None
    source: str | None = None
    target: str | None = None
    happened_at: datetime | None = None
    rule: str | None = None
    reason: str | None = None
    changed: Sequence[str] = ()
    unit_id: UUID | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    stands: Mapping[str, Value] | None = None
    clocks: Sequence[Mapping[str, Value]] = ()
    corrects: int | None = None
    entry_id: UUID = field(default_factory=new_id)


def append(
    session: Session, holder: ChainHolder, actor: Actor | None, at: datetime, notes: Sequence[Note]
) -> None:
    """Enter these notes behind the holder's head and move the head. The holder's row is locked, or new, in this transaction."""
    rows = []
    for note in notes:
        sections = {
            "what": _salted(_what(note, at)),
            "who": _salted(_who(note, actor, session)),
            "values": _salted(dict(note.values)),
        }
        place = Place(holder.CHAIN, holder.id, holder.seq + 1, holder.head)
        made = entry(note.entry_id, place, at, EDITION, sections)
        holder.seq, holder.head = holder.seq + 1, made.digest
        rows.append(
            {
                "chain_id": holder.id,
                "seq": holder.seq,
                "chain": holder.CHAIN,
                "entry_id": made.entry_id,
                "recorded_at": at,
                "stage_id": note.stage_id,
                "body": made.body,
                "digest": made.digest,
                **{name: sections[name].content for name in SECTIONS},
                **{f"{name}_salt": sections[name].salt for name in SECTIONS},
            }
        )
    if rows:
        session.execute(insert(EntryRow), rows)


def _salted(content: Mapping[str, Value]) -> Section:
    return Section(canonical(content), secrets.token_bytes(16))


def _what(note: Note, at: datetime) -> dict[str, Value]:
    further: dict[str, Value] = {
        "stands": note.stands,
        "clocks": list(note.clocks) or None,
        "corrects": note.corrects,
    }
    return {
        "action": note.action,
        "subject": note.subject,
        "subject_id": str(note.subject_id),
        "articles": list(note.articles),
        "stage": note.stage,
        "stage_id": _text(note.stage_id),
        "victim_id": _text(note.victim_id),
        "from": note.source,
        "to": note.target,
        "happened_at": moment(note.happened_at or at),
        "rule": note.rule,
        "reason": note.reason,
        "changed": [*sorted(note.changed)],
        "unit_id": _text(note.unit_id),
        "outcome": "done",
        # most entries have none of these
        **{name: value for name, value in further.items() if value is not None},
    }


def _who(note: Note, actor: Actor | None, session: Session) -> dict[str, Value]:
    info = session.info
    who: dict[str, Value] = {
        "account_id": _text(actor.account_id if actor else None),
        "unit_id": _text(actor.unit_id if actor else None),
        "agency": str(actor.agency) if actor else None,
        "role": str(actor.role if actor else info.get("role", "public")),
        "session_id": _text(actor.session_id if actor else None),
        "request_id": _text(info.get("request_id")),
        "purpose": info.get("purpose"),
        "on_behalf_of": None,
        "client": None,
    }
    return {**who, "by_rule": note.rule is not None}


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry as read, before the reader's redaction."""

    seq: int
    entry_id: UUID
    recorded_at: datetime
    stage_id: UUID | None
    digest: bytes
    sections: Mapping[str, Mapping[str, object]]


def entries_of(rows: Iterable[EntryRow]) -> list[ReadEntry]:
    return [
        ReadEntry(
            row.seq,
            row.entry_id,
            row.recorded_at,
            row.stage_id,
            row.digest,
            {name: json.loads(getattr(row, name)) for name in SECTIONS},
        )
        for row in rows
    ]


def parsed(section: InstrumentedAttribute[bytes]) -> ColumnElement[Any]:
    """A section's content as the database can look into it. A derived reading: what counts are the bytes."""
    return cast(func.convert_from(section, "UTF8"), JSONB)


def last_that_set(session: Session, chain_id: UUID, subject_id: UUID, fields: Sequence[str]) -> int | None:
    """The number of the last entry that set any of these fields of this subject."""
    what = parsed(EntryRow.what)
    earlier = (
        select(EntryRow.seq)
        .where(
            EntryRow.chain_id == chain_id,
            what["subject_id"].astext == str(subject_id),
            what["changed"].has_any(array([*fields], type_=Text())),
        )
        .order_by(EntryRow.seq.desc())
        .limit(1)
    )
    return session.execute(earlier).scalar_one_or_none()


def what_of(row: EntryRow) -> Mapping[str, object]:
    """The section that says what happened."""
    content: Mapping[str, object] = json.loads(row.what)
    return content


def who_of(row: EntryRow) -> Mapping[str, object]:
    """The section that says who did it."""
    content: Mapping[str, object] = json.loads(row.who)
    return content


def check_chain(session: Session, holder: ChainHolder) -> ChainState:
    """Walk the stored bytes of one chain up to its head."""
    rows = session.execute(
        select(EntryRow)
        .where(EntryRow.chain_id == holder.id)
        .order_by(EntryRow.seq)
        .execution_options(yield_per=500)
    ).scalars()
    links = (
        Link(
            row.seq,
            row.body,
            row.digest,
            {name: Section(getattr(row, name), getattr(row, f"{name}_salt")) for name in SECTIONS},
        )
        for row in rows
    )
    return check(holder.id, links, holder.head)
