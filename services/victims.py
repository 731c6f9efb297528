"""The people in a case: named or nameless, each with a key of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.agencies import Agency
from domain.disclosure import VICTIM_FIELDS
from domain.identifiers import new_id
from domain.mandates import MANDATES, WILLINGNESS_RECORDERS
from domain.refusals import CaseClosed, NotFound, Possible, StageNotYours
from domain.stages import StageCode
from services.case_files import CaseFile, Victim
from services.case_loading import open_case
from services.learned_effects import take_effect
from services.openings import open_due_stages
from services.records.cases import VictimRow
from services.sealed_values import Content, NewValue
from services.timeline import Note
from services.versions import require_version

Sections = Mapping[str, Content]


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned about a person, and the version of them that it was learned from."""

    sections: Sections
    version: int | None


PRESUMED: Content = {"identification": "presumed"}


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
    account = {**PRESUMED, **sections.get("account", {})}
    _write(file, victim, {**sections, "account": account}, "add_victim")
    return victim


def add_victim_to_case(
    session: Session, actor: Actor, case_id: UUID, sections: Sections
) -> tuple[CaseFile, Victim]:
    """The owner names another person; the stages that are due for them open at once."""
    file = _owned(session, actor, case_id, "add_victim")
    victim = add_victim(file, sections)
    open_due_stages(file)
    file.save()
    return file, victim


def change_victim(
    session: Session, actor: Actor, case_id: UUID, victim_id: UUID, learned: Learned
) -> tuple[CaseFile, Victim]:
    """Write what was learned: only the fields given change. Openings that become due fire in the same transaction."""
    file = _owned(session, actor, case_id, "change_victim")
    victim = file.victims.get(victim_id)
    if victim is None:
        raise NotFound
    require_version(learned.version, victim.row.version)
    victim.row.version += 1
    _write(file, victim, learned.sections, "change_victim")
    open_due_stages(file)
    file.save()
    return file, victim


def record_willingness(
    session: Session, actor: Actor, case_id: UUID, victim_id: UUID, will: Content
) -> tuple[CaseFile, Victim]:
    """The person's own words about wanting to train or work, said in private (Art. 37, rule 7).

    Never written down by the employment agency, the police, or whoever houses the person: StageNotYours names who may.
    """
    file = open_case(session, actor, case_id, lock=True)
    victim = file.victims.get(victim_id)
    if victim is None or not _works_for(file, victim_id, actor):
        raise NotFound
    if not _may_record_willingness(file, victim_id, actor):
        by = Possible(
            "record_willingness", ("person", "advocate"), tuple(sorted(WILLINGNESS_RECORDERS)), (37,)
        )
        raise StageNotYours("record_willingness", by, min(WILLINGNESS_RECORDERS))
    victim.row.version += 1
    _write(file, victim, {"will": {**will, "recorded_by": str(actor.agency)}}, "record_willingness")
    open_due_stages(file)
    file.save()
    return file, victim


def set_free(file: CaseFile, victim_id: UUID, liberty_at: str) -> None:
    """When the person became free is kept once; a later rescue record does not move it."""
    victim = file.victims[victim_id]
    if victim.sections.get("account", {}).get("liberty_at") is None:
        victim.row.version += 1
        _write(file, victim, {"account": {"liberty_at": liberty_at}}, "set_liberty")


def _works_for(file: CaseFile, victim_id: UUID, actor: Actor) -> bool:
    """Whether the actor's unit owns the case or has a part in a stage of this person; approving a move is none."""
    if actor.unit_id == file.case.owner_unit_id:
        return True
    return any(
        actor.unit_id == stage.unit_id
        or actor.unit_id in file.related(stage.id, "attached") | file.related(stage.id, "invited")
        for stage in file.of(victim_id)
    )


def _may_record_willingness(file: CaseFile, victim_id: UUID, actor: Actor) -> bool:
    houses = {stage.unit_id for stage in file.of(victim_id) if stage.code == StageCode.SHELTER}
    listens = actor.agency in WILLINGNESS_RECORDERS or actor.role is Role.ADVOCATE
    return listens and actor.unit_id not in houses


def _owned(session: Session, actor: Actor, case_id: UUID, action: str) -> CaseFile:
    file = open_case(session, actor, case_id, lock=True)
    if actor.unit_id != file.case.owner_unit_id:
        owner = Agency(file.case.owner_agency)
        raise StageNotYours(
            action, Possible(action, ("owner",), (owner,), MANDATES[StageCode.FOLLOW_UP].articles), owner
        )
    if file.case.state == "closed":
        raise CaseClosed(case_id)
    return file


def _write(file: CaseFile, victim: Victim, sections: Sections, action: str) -> None:
    victim_id = victim.row.id
    commitments: dict[str, str] = {}
    values = []
    for name in (name for name in (*VICTIM_FIELDS,) if sections.get(name)):
        merged = {**victim.sections.get(name, {}), **sections[name]}
        revision = victim.revisions.get(name, 0) + 1
        values.append(NewValue(victim_id, name, victim_id, merged, revision))
        victim.sections[name], victim.revisions[name] = merged, revision
        changed = file.keys.commit_to(victim_id, sections[name])
        commitments.update({f"{name}.{field}": digest for field, digest in changed.items()})
    file.keys.write(values, file.at)
    file.note(
        Note(
            action,
            "victim",
            victim_id,
            articles=(39,),
            victim_id=victim_id,
            changed=tuple(commitments),
            values=commitments,
        )
    )
    take_effect(file, victim, frozenset(commitments))
