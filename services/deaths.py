"""A death, by its document and another agency's word (workflow 2, case): the person's stages end, everything else goes on."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.agencies import Agency
from domain.closing import unmet_to_record_death
from domain.refusals import FieldRefused, RequirementsUnmet
from domain.requirements import unmet
from domain.stages import ENDED_STATES, StageCode
from services.approvals import Ask, use_approval
from services.case_facts import facts_of
from services.case_files import CaseFile, Victim
from services.records.cases import StageRow
from services.sealed_values import Content
from services.stages import move_by_rule
from services.units import agency_of
from services.versions import require_version
from services.victim_sections import Written, write_sections
from services.victims import owned_case, require_owner, victim_of

RECORD_DEATH: Final = "record_death"
RULE: Final = "deceased"


@dataclass(frozen=True, slots=True)
class Death:
    """The document's number and the day, and the version of the person that it was written from."""

    content: Content
    version: int | None


def record_death(
    session: Session, actor: Actor, case_id: UUID, victim_id: UUID, death: Death
) -> tuple[CaseFile, Victim]:
    """For the case's owner. Refusals in order: NotFound, StageNotYours, CaseClosed, VersionStale, RequirementsUnmet.

    Claims that are open go on in rights_support; investigation and the stages of everybody else are left alone.
    """
    file = owned_case(session, actor, case_id, RECORD_DEATH)
    victim = victim_of(file, victim_id)
    require_version(death.version, victim.row.version)
    open_requirements = unmet_to_record_death(
        _approvers(file, victim_id), agencies_that_cared(file, victim_id)
    )
    if open_requirements:
        raise RequirementsUnmet(RECORD_DEATH, open_requirements)
    use_approval(file, victim_id, RECORD_DEATH)
    victim.row.version += 1
    write_sections(file, victim, {"death": death.content}, Written(RECORD_DEATH, (39,)))
    _end_stages(file, victim_id)
    file.clocks.stop(victim_id, file.at)
    file.save()
    return file, victim


def require_may_ask_about_death(file: CaseFile, actor: Actor, request: Ask) -> None:
    """The owner asks an agency that had no care of the person. StageNotYours, FieldRefused."""
    require_owner(file, actor, RECORD_DEATH)
    if agency_of(file.session, request.approver_unit_id) in agencies_that_cared(file, request.subject_id):
        raise FieldRefused(("approver_unit_id", "agency_had_care"))


def agencies_that_cared(file: CaseFile, victim_id: UUID) -> set[Agency]:
    """The agencies whose units were responsible for a stage of this person, in whatever round."""
    stages = (stage for stage in file.stages if stage.victim_id == victim_id)
    return {Agency(stage.agency) for stage in stages if stage.agency is not None}


def _approvers(file: CaseFile, victim_id: UUID) -> set[Agency]:
    granted = file.in_force("approval", victim_id, RECORD_DEATH)
    return {
        agency_of(file.session, a.unit_id) for a in granted if a.state == "approved" and a.unit_id is not None
    }


def _end_stages(file: CaseFile, victim_id: UUID) -> None:
    for stage in file.of(victim_id):
        if stage.state not in ENDED_STATES and not _has_open_claims(file, stage):
            move_by_rule(file, stage, "close_unmet", RULE, {"reason": RULE})


def _has_open_claims(file: CaseFile, stage: StageRow) -> bool:
    if stage.code != StageCode.RIGHTS_SUPPORT:
        return False
    return "claims_closed" in {one.code for one in unmet(facts_of(file, stage), "complete")}
