"""Which consents of a person somebody reads, and what was said in one of them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.compartments import consent_compartment
from domain.consents import PURPOSE_STAGES, Purpose
from domain.disclosure import Standing, reads, sees_whole_case, standing
from domain.disclosure_table import Relation
from domain.refusals import NotFound
from services import access
from services.case_files import CaseFile
from services.case_loading import open_case
from services.records.cases import ConsentRow
from services.sealed_values import OpenValue


def consents_of(session: Session, actor: Actor, case_id: UUID, victim_id: UUID) -> list[ConsentRow]:
    """Consents of a person, oldest first, without what was said in them.

    A purpose names a stage: who sees only their own stages gets the consents that their unit asked for.
    """
    query = select(ConsentRow).where(ConsentRow.case_id == case_id, ConsentRow.victim_id == victim_id)
    if not sees_whole_case(actor):
        query = query.where(ConsentRow.unit_id == actor.unit_id)
    return list(session.execute(query.order_by(ConsentRow.id)).scalars())


def read_consent(
    session: Session, actor: Actor, consent_id: UUID
) -> tuple[CaseFile, ConsentRow, list[OpenValue], Standing]:
    """One consent with what was said in it, for those who read such a stage's records. NotFound for everybody else."""
    found = session.execute(
        select(ConsentRow).where(ConsentRow.id == consent_id, access.visible_to(actor, ConsentRow.case_id))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    file = open_case(session, actor, found.case_id)
    stage = PURPOSE_STAGES.get(Purpose(found.purpose))
    ways = {
        Relation.OWNER: actor.unit_id == file.case.owner_unit_id,
        Relation.AUTHOR: actor.unit_id == found.unit_id,
    }
    to_consent = standing(actor, ways, consent_compartment(stage))
    if not all(reads(actor, to_consent.relations, place) for place in to_consent.content):
        raise NotFound
    return file, found, file.keys.read([found.id]), to_consent
