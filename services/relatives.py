"""Relatives and guardians of a person: each somebody of their own, sealed under a key of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.identifiers import new_id
from domain.people import Known
from domain.person_rights import SUSPICION_WRITERS
from domain.refusals import FieldRefused, NotFound
from domain.relatives import KINSHIP_ORDERS, question
from services.case_facts import person_of
from services.case_files import CaseFile, OpenRecord, Victim
from services.case_loading import open_case
from services.guardianship import guardian_in_question
from services.records.cases import StageRow
from services.records.people import RelativeRow
from services.relatives_on_file import Relative, relatives_of
from services.sealed_values import Content, NewValue
from services.timeline import Note, last_that_set
from services.versions import require_version
from services.victims import require_responsible, victim_of

SECTION = "relative"
ARTICLES = (32, 40)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a relative; of a change, only the fields given, and the version that it was made from."""

    content: Content
    version: int | None = None


def relative_named(file: CaseFile, victim_id: UUID, relative_id: UUID) -> Relative:
    """That relative of that person; NotFound else."""
    for relative in relatives_of(file, victim_id):
        if relative.row.id == relative_id:
            return relative
    raise NotFound


def add_relative(
    session: Session, actor: Actor, who: tuple[UUID, UUID], told: Told
) -> tuple[CaseFile, Relative]:
    """Name somebody who is something to the person. A guardian or claimant counts as unproven until proven."""
    file, victim = _opened(session, actor, who)
    _require_writable(file, actor, told.content)
    row = RelativeRow(case_id=file.id, id=new_id(), victim_id=victim.row.id, added_at=file.at, version=1)
    session.add(row)
    session.flush()
    file.keys.create(row.id, file.at)
    relative = Relative(row, {"proven": Known.UNKNOWN.value, "suspect": Known.UNKNOWN.value}, 0)
    _write(file, relative, told.content, "add_relative")
    file.save()
    return file, relative


def change_relative(
    session: Session, actor: Actor, who: tuple[UUID, UUID, UUID], told: Told
) -> tuple[CaseFile, Relative]:
    """Write what was learned of them: only the fields given change."""
    file, victim = _opened(session, actor, who[:2])
    relative = relative_named(file, victim.row.id, who[2])
    require_version(told.version, relative.row.version)
    _require_writable(file, actor, told.content)
    relative.row.version += 1
    _write(file, relative, told.content, "change_relative")
    file.save()
    return file, relative


def kinship_matched(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    """The police's match says whether a kinship is true; a paper of a claimant never does (rule 6)."""
    _settle(file, stage, record, "police_match", proven=record.body.get("matched") is True)


def kinship_ordered(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    """A court that gives the child to a relative settled who they are; one that takes the child away did not."""
    if record.body.get("decision") in KINSHIP_ORDERS:
        _settle(file, stage, record, "court_order", proven=True)


def _settle(file: CaseFile, stage: StageRow, record: OpenRecord, rule: str, *, proven: bool) -> None:
    if record.body.get("relative_id") is None:
        return
    for relative in relatives_of(file, stage.victim_id):
        if str(relative.row.id) == str(record.body["relative_id"]):
            relative.row.version += 1
            answer = {"proven": (Known.YES if proven else Known.NO).value}
            _write(file, relative, answer, "settle_kinship", rule)
            return
    raise FieldRefused(("relative_id", "unknown_relative"))


def _opened(session: Session, actor: Actor, who: tuple[UUID, ...]) -> tuple[CaseFile, Victim]:
    file = open_case(session, actor, who[0], lock=True)
    victim = victim_of(file, who[1])
    require_responsible(file, actor, victim.row.id, "write_relative")
    return file, victim


def _require_writable(file: CaseFile, actor: Actor, content: Content) -> None:
    if content.get("proven") == Known.YES:
        raise FieldRefused(("proven", "proven_by_match_or_court"))
    says = actor.agency in SUSPICION_WRITERS or actor.unit_id == file.case.owner_unit_id
    if content.get("suspect") is not None and not says:
        raise FieldRefused(("suspect", "police_or_owner_says_suspect"))


def _write(
    file: CaseFile, relative: Relative, content: Content, action: str, rule: str | None = None
) -> None:
    before = question(relative.content)
    taken_back = [name for name in content if relative.content.get(name, content[name]) != content[name]]
    relative.content = {**relative.content, **content}
    relative.revision += 1
    person_id = relative.row.id
    value = NewValue(person_id, SECTION, person_id, relative.content, relative.revision)
    file.keys.write([value], file.at)
    corrected = last_that_set(file.session, file.id, person_id, taken_back) if taken_back else None
    note = _note(relative.row, action, rule, file.keys.commit_to(person_id, content))
    file.note(replace(note, corrects=corrected))
    found = question(relative.content)
    person = person_of(file, relative.row.victim_id)
    if found is not None and found != before and person is not None and person.minor:
        guardian_in_question(file, relative.row.victim_id, relative.row.id, found)


def _note(row: RelativeRow, action: str, rule: str | None, commitments: Mapping[str, str]) -> Note:
    return Note(
        action,
        "relative",
        row.id,
        articles=ARTICLES,
        victim_id=row.victim_id,
        rule=rule,
        changed=tuple(commitments),
        values={f"relative.{name}": digest for name, digest in commitments.items()},
    )
