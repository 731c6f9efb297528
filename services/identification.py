"""Deciding whether somebody is a victim, how old they are, and telling what they need: each of these is kept whole."""

from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.age_decisions import ACTION, ARTICLES, unmet_for_age
from domain.people import civil_day
from domain.person_codes import AgeEvidence, AgeOutcome
from domain.person_rights import AGE_DECIDERS
from domain.refusals import Possible, RequirementsUnmet, StageNotYours
from domain.stages import StageCode
from services.approvals import use_approval
from services.case_facts import age_of
from services.case_files import CaseFile, Victim
from services.case_loading import open_case
from services.openings import open_due_stages
from services.sealed_values import Content
from services.victim_sections import Written, write_sections
from services.victims import owned_case, require_responsible, victim_of


def decide_identification(
    session: Session, actor: Actor, who: tuple[UUID, UUID], decision: Content
) -> tuple[CaseFile, Victim]:
    """Write down who decided what, and why. Not a victim: no stage ends by it, only nothing further opens by rule."""
    file = owned_case(session, actor, who[0], "identification")
    return _written(file, victim_of(file, who[1]), "identification", decision)


def decide_age(
    session: Session, actor: Actor, who: tuple[UUID, UUID], decision: Content
) -> tuple[CaseFile, Victim]:
    """Civil affairs decide, once a second agency agreed. NotFound, StageNotYours, RequirementsUnmet (all of them)."""
    file = open_case(session, actor, who[0], lock=True)
    victim = victim_of(file, who[1])
    require_age_decider(file, actor, victim.row.id)
    adult = decision["outcome"] == AgeOutcome.ADULT
    open_requirements = unmet_for_age(
        adult=adult,
        doubt=bool(decision["doubt"]),
        evidence=[AgeEvidence(str(one)) for one in _listed(decision["evidence"])],
        medical_consent=bool(file.in_force("consent", victim.row.id, "medical_care")),
        approved=any(a.state == "approved" for a in file.in_force("approval", victim.row.id, ACTION)),
    )
    if open_requirements:
        raise RequirementsUnmet(ACTION, open_requirements)
    use_approval(file, victim.row.id, ACTION)
    file.agreements = [
        a for a in file.agreements if a not in file.in_force("approval", victim.row.id, ACTION)
    ]
    if not adult:
        _disbelieve_the_paper(file, victim)
    return _written(file, victim, "age", decision)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []


def require_age_decider(file: CaseFile, actor: Actor, victim_id: UUID) -> None:
    """Civil affairs, as the case's owner or where the person's guardianship lies; StageNotYours else."""
    guarding = {stage.unit_id for stage in file.of(victim_id) if stage.code == StageCode.GUARDIANSHIP}
    if actor.agency in AGE_DECIDERS and actor.unit_id in {file.case.owner_unit_id, *guarding}:
        return
    agencies = tuple(sorted(AGE_DECIDERS))
    raise StageNotYours(
        ACTION, Possible(ACTION, ("owner", "responsible_unit"), agencies, ARTICLES), agencies[0]
    )


def _disbelieve_the_paper(file: CaseFile, victim: Victim) -> None:
    """Decided a minor: a birth date that says otherwise counts no more; the earlier revision keeps it."""
    if not age_of(victim.sections.get("identity", {}), {}).minor(civil_day(file.at)):
        nothing = {"identity": {"birth_date": None}}
        write_sections(file, victim, nothing, Written("change_victim", ARTICLES, "doubt_means_minor"))


def assess_needs(
    session: Session, actor: Actor, who: tuple[UUID, UUID], told: Content
) -> tuple[CaseFile, Victim]:
    """Tell what the person needs and what carries them. By the owner, or a unit responsible for one of their open stages."""
    file = open_case(session, actor, who[0], lock=True)
    victim = victim_of(file, who[1])
    require_responsible(file, actor, victim.row.id, "needs_assessment")
    signed = {**told, "by_agency": str(actor.agency), "unit_id": str(actor.unit_id)}
    return _written(file, victim, "needs", signed)


def _written(file: CaseFile, victim: Victim, section: str, content: Content) -> tuple[CaseFile, Victim]:
    victim.row.version += 1
    write_sections(file, victim, {section: content}, _STORIES[section])
    open_due_stages(file)
    file.save()
    return file, victim


_STORIES = {
    "identification": Written("identification", (39,)),
    "age": Written(ACTION, ARTICLES),
    "needs": Written("needs_assessment", (39,)),
}
