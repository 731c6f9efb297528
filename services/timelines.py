"""Who reads which entry of a case's timeline."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.actors import AUDIT_ROLES, Actor
from domain.disclosure import sees_whole_case
from domain.refusals import NotFound
from services import access
from services.records.cases import CaseRow, StageRow, StageUnitRow
from services.timeline import ReadEntry


@dataclass(frozen=True, slots=True)
class Reader:
    """The stages whose entries this reader sees; None: all of them, and the case's own."""

    stages: frozenset[UUID] | None

    def sees(self, entry: ReadEntry) -> bool:
        return self.stages is None or (entry.stage_id is not None and entry.stage_id in self.stages)


def followed_case(session: Session, actor: Actor, case_id: UUID) -> CaseRow:
    """The case if its timeline is this reader's to pull; NotFound else."""
    case = session.execute(
        select(CaseRow).where(CaseRow.id == case_id, access.may_follow(actor))
    ).scalar_one_or_none()
    if case is None:
        raise NotFound
    return case


def reader_of(session: Session, actor: Actor, case_id: UUID) -> Reader:
    """Auditors and units that see the whole case read every entry; others those of their own stages."""
    followed_case(session, actor, case_id)
    if actor.role in AUDIT_ROLES or sees_whole_case(actor):
        return Reader(None)
    beside = select(StageUnitRow.stage_id).where(
        StageUnitRow.case_id == case_id, StageUnitRow.unit_id == actor.unit_id
    )
    own = select(StageRow.id).where(
        StageRow.case_id == case_id,
        or_(
            StageRow.unit_id == actor.unit_id,
            StageRow.offered_unit_id == actor.unit_id,
            StageRow.id.in_(beside),
        ),
    )
    return Reader(frozenset(session.execute(own).scalars()))
