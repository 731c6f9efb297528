"""The people in a case: named or nameless, each with a key of their own."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.agencies import Agency
from domain.identifiers import new_id
from domain.mandates import MANDATES, WILLINGNESS_RECORDERS
from domain.person_rights import may_hear_about_work
from domain.refusals import CaseClosed, MoveNotPossible, NotFound, Possible, StageNotYours
from domain.stages import ENDED_STATES, StageCode
from services.case_facts import keeper_of
from services.case_files import CaseFile, Victim
from services.case_loading import open_case
from services.openings import open_due_stages
from services.person_rules import doubt_the_decision, require_writable
from services.records.cases import VictimRow
from services.sealed_values import Content
from services.versions import require_version
from services.victim_sections import Sections, Written, write_sections


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned about a person, and the version of them that it was learned from."""

    sections: Sections
    version: int | None


def add_victim(file: CaseFile, sections: Sections) -> Victim:
    """Name a person in the case, presumed a victim until decided otherwise. The caller opens stages and saves."""
    victim = Victim(
        VictimRow(
            case_id=file.case.id, id=new_id(), ordinal=len(file.victims) + 1, added_at=file.at, version=1
        )
    )
    file.session.add(victim.row)
    # the row must be there before values and stages refer to it
    file.session.flush()
    file.keys.create(victim.row.id, file.at)
    file.victims[victim.row.id] = victim
    require_writable(file, victim, sections, known=False)
    write_sections(file, victim, sections, Written("add_victim"))
    return victim


def add_victim_to_case(
    session: Session, actor: Actor, case_id: UUID, sections: Sections
) -> tuple[CaseFile, Victim]:
    """The owner names another person; the stages that are due for them open at once."""
    file = owned_case(session, actor, case_id, "add_victim")
    victim = add_victim(file, sections)
    open_due_stages(file)
    file.save()
    return file, victim


def change_victim(
    session: Session, actor: Actor, case_id: UUID, victim_id: UUID, learned: Learned
) -> tuple[CaseFile, Victim]:
    """Write what was learned: only the fields given change. Openings that become due fire in the same transaction."""
    file = owned_case(session, actor, case_id, "change_victim", victim_id)
    victim = victim_of(file, victim_id)
    require_version(learned.version, victim.row.version)
    require_writable(file, victim, learned.sections, known=True)
    victim.row.version += 1
    write_sections(file, victim, learned.sections, Written("change_victim"))
    doubt_the_decision(file, victim, learned.sections.get("identity", {}))
    open_due_stages(file)
    file.save()
    return file, victim


def victim_of(file: CaseFile, victim_id: UUID) -> Victim:
    """That person of the case; NotFound when the case has nobody of that id, MoveNotPossible once they were erased."""
    victim = file.victims.get(victim_id)
    if victim is None:
        raise NotFound
    if victim.row.erased_at is not None:
        raise MoveNotPossible("case", "change", "erased", ())
    return victim


def record_willingness(
    session: Session, actor: Actor, case_id: UUID, victim_id: UUID, will: Content
) -> tuple[CaseFile, Victim]:
    """The person's own words about wanting to train or work, said in private (Art. 37, rule 7).

    Never written down by the employment agency, the police, or whoever houses the person: StageNotYours names who may.
    """
    file = open_case(session, actor, case_id, lock=True)
    victim = victim_of(file, victim_id)
    if not works_for(file, victim_id, actor):
        raise NotFound
    if not may_hear_about_work(actor, houses_the_person=actor.unit_id in _houses(file, victim_id)):
        by = Possible(
            "record_willingness", ("person", "advocate"), tuple(sorted(WILLINGNESS_RECORDERS)), (37,)
        )
        raise StageNotYours("record_willingness", by, min(WILLINGNESS_RECORDERS))
    victim.row.version += 1
    heard = {"will": {**will, "recorded_by": str(actor.agency)}}
    write_sections(file, victim, heard, Written("record_willingness", (37,)))
    open_due_stages(file)
    file.save()
    return file, victim


def set_free(file: CaseFile, victim_id: UUID, liberty_at: str) -> None:
    """When the person became free is kept once; a later rescue record does not move it."""
    if file.victims[victim_id].sections.get("account", {}).get("liberty_at") is None:
        write_down(file, victim_id, {"account": {"liberty_at": liberty_at}}, "set_liberty")


def write_down(file: CaseFile, victim_id: UUID, sections: Sections, action: str) -> None:
    """What a record settles about a person, in the record's own transaction. The caller opens stages and saves."""
    victim = file.victims[victim_id]
    victim.row.version += 1
    write_sections(file, victim, sections, Written(action))


def works_for(file: CaseFile, victim_id: UUID, actor: Actor) -> bool:
    """Whether the actor's unit owns the case or has a part in a stage of this person; approving a move is none."""
    if actor.unit_id == file.case.owner_unit_id:
        return True
    return any(
        actor.unit_id == stage.unit_id
        or actor.unit_id in file.related(stage.id, "attached") | file.related(stage.id, "invited")
        for stage in file.of(victim_id)
    )


def require_responsible(file: CaseFile, actor: Actor, victim_id: UUID, action: str) -> None:
    """The case's owner, or a unit responsible for one of the person's open stages. NotFound, StageNotYours."""
    if not works_for(file, victim_id, actor):
        raise NotFound
    responsible = {stage.unit_id for stage in file.open_stages() if stage.victim_id == victim_id}
    if actor.unit_id not in {file.case.owner_unit_id, *responsible}:
        owner = Agency(file.case.owner_agency)
        by = Possible(action, ("owner", "responsible_unit"), (owner,), MANDATES[StageCode.FOLLOW_UP].articles)
        raise StageNotYours(action, by, owner)


def _houses(file: CaseFile, victim_id: UUID) -> set[UUID | None]:
    """The units that house the person now, in whatever round they took them in."""
    return {
        stage.unit_id
        for stage in file.stages
        if stage.victim_id == victim_id
        and stage.code == StageCode.SHELTER
        and stage.state not in ENDED_STATES
    }


def owned_case(
    session: Session, actor: Actor, case_id: UUID, action: str, victim_id: UUID | None = None
) -> CaseFile:
    """The open case, locked, for its owner, or for whoever keeps this person. NotFound, StageNotYours, CaseClosed."""
    file = open_case(session, actor, case_id, lock=True)
    if victim_id not in file.victims or actor.unit_id != keeper_of(file, victim_id):
        require_owner(file, actor, action)
    if file.case.state == "closed":
        raise CaseClosed(case_id)
    return file


def require_owner(file: CaseFile, actor: Actor, action: str) -> None:
    """StageNotYours unless the actor's unit owns the case."""
    if actor.unit_id != file.case.owner_unit_id:
        owner = Agency(file.case.owner_agency)
        raise StageNotYours(
            action, Possible(action, ("owner",), (owner,), MANDATES[StageCode.FOLLOW_UP].articles), owner
        )
