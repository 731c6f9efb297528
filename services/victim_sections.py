"""Writing and reading the sections of a person's record: each revision is kept, sealed, and entered by its field names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from services.blind_index import SECTION_OF, index_person
from services.case_files import CaseFile, Victim
from services.learned_effects import take_effect
from services.records.sealed import SealedValueRow
from services.sealed_values import Content, NewValue
from services.timeline import Note, last_that_set

Sections = Mapping[str, Content]
HISTORIES: Final = frozenset({"identification", "age", "needs", "will"})
"""Sections whose every revision is a decision or a talk of its own; the others are changed field by field."""


@dataclass(frozen=True, slots=True)
class Written:
    """How a writing stands on the timeline: the action, its articles, the rule behind it if any, when it happened."""

    action: str
    articles: Sequence[int] = (39,)
    rule: str | None = None
    happened_at: datetime | None = None


def write_sections(file: CaseFile, victim: Victim, sections: Sections, written: Written) -> None:
    """Seal the new revisions and enter what changed; what follows from the facts happens at once. The caller saves."""
    victim_id = victim.row.id
    commitments: dict[str, str] = {}
    values, replaced = [], list[str]()
    for name, content in sections.items():
        if not content:
            continue
        replaced += [f"{name}.{field}" for field in _taken_back(victim, name, content)]
        merged = content if name in HISTORIES else {**victim.sections.get(name, {}), **content}
        revision = victim.revisions.get(name, 0) + 1
        values.append(NewValue(victim_id, name, victim_id, merged, revision))
        victim.sections[name], victim.revisions[name] = merged, revision
        changed = file.keys.commit_to(victim_id, content)
        commitments.update({f"{name}.{field}": digest for field, digest in changed.items()})
    file.keys.write(values, file.at)
    if victim.row.indexed_with is None or not set(SECTION_OF.values()).isdisjoint(sections):
        known = victim.row.indexed_with is not None
        victim.row.indexed_with = index_person(file.session, file.id, victim_id, victim.sections, known=known)
    corrected = last_that_set(file.session, file.id, victim_id, replaced) if replaced else None
    file.note(replace(_note(victim_id, written, commitments), corrects=corrected))
    take_effect(file, victim, frozenset(commitments))


def _taken_back(victim: Victim, name: str, content: Content) -> list[str]:
    """Fields that held something else before. A new decision or talk takes nothing of the older one back."""
    known = {} if name in HISTORIES else victim.sections.get(name, {})
    return [field for field, value in content.items() if field in known and known[field] != value]


def _note(victim_id: UUID, written: Written, commitments: Mapping[str, str]) -> Note:
    return Note(
        written.action,
        "victim",
        victim_id,
        articles=written.articles,
        victim_id=victim_id,
        rule=written.rule,
        happened_at=written.happened_at,
        changed=tuple(commitments),
        values=commitments,
    )


def revisions(file: CaseFile, victim: Victim, section: str) -> list[Content]:
    """Every revision of one section, newest first, at most a hundred; an erased person's come back as nothing."""
    if section not in victim.revisions:
        return []
    rows = file.session.execute(
        select(SealedValueRow)
        .where(
            SealedValueRow.file_id == file.id,
            SealedValueRow.row_id == victim.row.id,
            SealedValueRow.section == section,
        )
        .order_by(SealedValueRow.revision.desc())
        .limit(100)
    ).scalars()
    return [file.keys.open(row).content for row in rows]
