"""Who reads which entry of a case's timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.compartments import Compartment
from domain.disclosure import Standing, follows_whole_case, reads, standing
from domain.disclosure_table import Relation
from domain.refusals import NotFound
from services import access
from services.records.cases import CaseRow, StageRow, StageUnitRow


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and how their unit stands to the stages in which it has work."""

    actor: Actor
    stages: Mapping[UUID, frozenset[Relation]]

    def stands_to(self, stage_id: UUID | None) -> Standing:
        """To an entry as to its stage; to the case's own as somebody at work in it."""
        there = self.stages.get(stage_id, frozenset()) if stage_id else frozenset()
        return standing(self.actor, dict.fromkeys(there, True))

    def follows(self, stage_id: UUID | None) -> bool:
        """Whether the entries of this stage, or the case's own, are read in full."""
        return reads(self.actor, self.stands_to(stage_id).relations, Compartment.TIMELINE)

    @property
    def whole(self) -> bool:
        return follows_whole_case(self.actor)


def followed_case(session: Session, actor: Actor, case_id: UUID) -> CaseRow:
    """The case if its timeline is this reader's to pull; NotFound else."""
    case = session.execute(
        select(CaseRow).where(CaseRow.id == case_id, access.may_follow(actor))
    ).scalar_one_or_none()
    if case is None:
        raise NotFound
    return case


def reader_of(session: Session, actor: Actor, case_id: UUID) -> Reader:
    """Who reads every entry needs no look at the stages; others read the entries of those in which they have work."""
    followed_case(session, actor, case_id)
    if follows_whole_case(actor):
        return Reader(actor, {})
    beside = (
        select(StageUnitRow.stage_id, StageUnitRow.relation)
        .where(StageUnitRow.case_id == case_id, StageUnitRow.unit_id == actor.unit_id)
        .subquery()
    )
    query = (
        select(StageRow.id, StageRow.unit_id, StageRow.offered_unit_id, beside.c.relation)
        .outerjoin(beside, beside.c.stage_id == StageRow.id)
        .where(StageRow.case_id == case_id)
    )
    found: dict[UUID, frozenset[Relation]] = {}
    for row in session.execute(query):
        ways = {
            Relation.RESPONSIBLE: row.unit_id == actor.unit_id,
            Relation.WAITING: row.offered_unit_id == actor.unit_id,
            Relation.ATTACHED: row.relation == "attached",
            Relation.INVITED: row.relation == "invited",
        }
        found[row.id] = found.get(row.id, frozenset()) | {way for way, true in ways.items() if true}
    return Reader(actor, found)
