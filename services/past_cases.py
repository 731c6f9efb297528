"""A case as it stood at an instant: its standing from its entries, its people's values from the revisions sealed by then."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from domain.actors import AUDIT_ROLES, Actor
from domain.as_of import PastCase, PastEntry, as_of
from domain.disclosure import sees_whole_case
from services.records.cases import CaseRow, VictimRow
from services.records.sealed import PersonKeyRow, SealedValueRow, key_of
from services.records.timeline import EntryRow
from services.sealed_values import Content, KeyRing
from services.timelines import Reader, followed_case, reader_of


@dataclass(frozen=True, slots=True)
class PastPerson:
    """`erased`: by then, or since; then nothing of what was known of them is kept."""

    id: UUID
    erased: bool
    merged: bool
    sections: dict[str, Content] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """`case`: the row as it is now, which says whose it is now."""

    reader: Reader
    case: CaseRow
    standing: PastCase
    people: list[PastPerson]


def case_as_of(session: Session, actor: Actor, case_id: UUID, instant: datetime) -> Past:
    """What was on record of the case at the instant. NotFound for whom its timeline is not; the caller records the read.

    Who reads it now decides what of it is read, not who read it then.
    """
    reader = reader_of(session, actor, case_id)
    case = followed_case(session, actor, case_id)
    past = as_of(_entries(session, case_id, instant), instant)
    return Past(reader, case, past, _people(session, reader, past, (case_id, instant)))


def _entries(session: Session, case_id: UUID, instant: datetime) -> Iterator[PastEntry]:
    rows = session.execute(
        select(EntryRow.seq, EntryRow.recorded_at, EntryRow.stage_id, EntryRow.what)
        .where(EntryRow.chain_id == case_id, EntryRow.recorded_at <= instant)
        .order_by(EntryRow.seq)
        .execution_options(yield_per=500)
    )
    return (PastEntry(row.seq, row.recorded_at, row.stage_id, json.loads(row.what)) for row in rows)


def _people(
    session: Session, reader: Reader, past: PastCase, when: tuple[UUID, datetime]
) -> list[PastPerson]:
    """Those for whom the reader's unit works; who checks learns that they were there, and nothing of them."""
    seen = [victim_id for victim_id in past.victims if _seen(reader, past, victim_id)]
    if reader.actor.role in AUDIT_ROLES:
        return [PastPerson(victim_id, victim_id in past.erased, merged=False) for victim_id in seen]
    rows = session.execute(
        select(VictimRow.id, VictimRow.erased_at, VictimRow.merge_id).where(
            VictimRow.case_id == when[0], VictimRow.id.in_(seen)
        )
    ).all()
    now = {row.id: row for row in rows}
    sections = _sections(session, seen, when)
    return [
        PastPerson(
            victim_id,
            erased=victim_id in past.erased or now[victim_id].erased_at is not None,
            merged=now[victim_id].merge_id is not None,
            sections=sections.get(victim_id, {}),
        )
        for victim_id in seen
    ]


def _seen(reader: Reader, past: PastCase, victim_id: UUID) -> bool:
    return (
        reader.whole
        or sees_whole_case(reader.actor)
        or any(one.victim_id == victim_id and reader.follows(id_) for id_, one in past.stages.items())
    )


def _sections(
    session: Session, people: list[UUID], when: tuple[UUID, datetime]
) -> dict[UUID, dict[str, Content]]:
    """Of each section the last revision sealed by then; of an erased person there is none, and no key."""
    case_id, instant = when
    rows = session.execute(
        select(SealedValueRow, PersonKeyRow.master_version, PersonKeyRow.wrapped)
        .ext(distinct_on(SealedValueRow.row_id, SealedValueRow.section))
        .join(PersonKeyRow, key_of(SealedValueRow.file_id, SealedValueRow.person_id))
        .where(
            SealedValueRow.file_id == case_id,
            SealedValueRow.row_id.in_(people),
            SealedValueRow.sealed_at <= instant,
            PersonKeyRow.wrapped.is_not(None),
        )
        .order_by(SealedValueRow.row_id, SealedValueRow.section, SealedValueRow.revision.desc())
    ).all()
    keys, found = KeyRing(session, case_id), dict[UUID, dict[str, Content]]()
    for row in rows:
        keys.meet(row[0].person_id, row.master_version, row.wrapped)
        found.setdefault(row[0].row_id, {})[row[0].section] = keys.open(row[0]).content
    return found
