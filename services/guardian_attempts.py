"""What the family tries while a child is cared for: written down by whoever it reached, for those who answer for the child."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.conflicts import TERMS, ConflictKind
from domain.refusals import NotFound
from domain.stages import StageCode
from services.case_files import CaseFile
from services.case_loading import open_case
from services.guardianship import require_works_for_the_child
from services.remarks import with_sealed_words
from services.sealed_values import Content
from services.timeline import Note


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody wanted the child, where they are, or a say: when, and how it came; what it was is sealed."""

    happened_at: datetime
    said: Content


def write_down_attempt(
    session: Session, actor: Actor, case_id: UUID, victim_id: UUID, attempt: Attempt
) -> tuple[CaseFile, Note]:
    """The same whether the guardian is in question or not: who writes it down need not know. NotFound, StageNotYours."""
    file = open_case(session, actor, case_id, lock=True)
    if victim_id not in file.victims:
        raise NotFound
    require_works_for_the_child(file, actor, victim_id)
    guardianship = [stage for stage in file.of(victim_id) if stage.code == StageCode.GUARDIANSHIP]
    note = Note(
        "guardian_attempt",
        "victim",
        victim_id,
        articles=TERMS[ConflictKind.GUARDIAN].articles,
        stage=StageCode.GUARDIANSHIP,
        stage_id=guardianship[0].id if guardianship else None,
        victim_id=victim_id,
        happened_at=attempt.happened_at,
    )
    note = with_sealed_words(file, victim_id, note, attempt.said)
    file.note(note)
    file.save()
    return file, note
