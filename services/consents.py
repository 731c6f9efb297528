"""Consents of one person to one purpose: asked, given or refused, withdrawn, expired."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.agencies import Agency
from domain.consents import GivenBy, Purpose, may_give
from domain.disclosure import sees_whole_case
from domain.identifiers import new_id
from domain.refusals import NotFound, Possible, StageNotYours, Unmet
from domain.requirements import SAFE_GUARDIANS
from domain.stages import StageCode
from domain.texts import Text
from domain.workflow import Machine, Subject, decide, require_standing
from services import access
from services.case_facts import guardian_status, person_of
from services.case_files import Agreement, CaseFile
from services.case_loading import load_records, open_case
from services.openings import open_due_stages
from services.records.cases import ConsentRow
from services.sealed_values import Content, NewValue
from services.stages import Move
from services.timeline import Note
from services.versions import require_version

ARTICLES = (40, 22)


@dataclass(frozen=True, slots=True)
class NewConsent:
    """What is asked: the purpose, and how it is explained (sealed)."""

    purpose: Purpose
    details: Content
    expires_at: datetime | None


def ask_consent(
    session: Session, actor: Actor, case_id: UUID, victim_id: UUID, new: NewConsent
) -> tuple[CaseFile, ConsentRow]:
    """Ask the person. Any unit responsible for one of their open stages, or the case's owner, may ask; StageNotYours else."""
    file = open_case(session, actor, case_id, lock=True)
    if victim_id not in file.victims:
        raise NotFound
    _require_works_for(file, actor, victim_id)
    row = ConsentRow(
        case_id=case_id,
        id=new_id(),
        victim_id=victim_id,
        purpose=new.purpose,
        state="asked",
        round=file.case.round,
        unit_id=actor.unit_id,
        asked_at=file.at,
        expires_at=new.expires_at,
        version=1,
    )
    file.session.add(row)
    file.note(_note(row, "ask", None, _seal(file, row, "asked", new.details)))
    file.save()
    return file, row


def move_consent(session: Session, actor: Actor, consent_id: UUID, move: Move) -> tuple[CaseFile, ConsentRow]:
    """give, refuse, withdraw: written down by the unit that asked, for the person. Refusals in the order of `move_stage`."""
    case_id = session.execute(
        select(ConsentRow.case_id).where(
            ConsentRow.id == consent_id, access.visible_to(actor, ConsentRow.case_id)
        )
    ).scalar_one_or_none()
    if case_id is None:
        raise NotFound
    file = open_case(session, actor, case_id, lock=True)
    row = session.execute(
        select(ConsentRow)
        .where(ConsentRow.case_id == case_id, ConsentRow.id == consent_id)
        .execution_options(populate_existing=True)
    ).scalar_one()
    subject = Subject(Machine.CONSENT, row.state, owner=file.case.owner_unit_id, responsible=row.unit_id)
    require_standing(subject, move.action, actor)
    require_version(move.version, row.version)
    decide(subject, move.action, actor)
    transition = decide(subject, move.action, actor, _who_speaks(file, row, move))
    source, row.state = row.state, str(transition.target)
    row.decided_at, row.version = file.at, row.version + 1
    file.note(_note(row, move.action, source, _seal(file, row, row.state, move.body)))
    if row.state == "given":
        file.agreements.append(Agreement("consent", row.id, row.victim_id, row.purpose, row.state, None))
    open_due_stages(file)
    file.save()
    return file, row


def _who_speaks(file: CaseFile, row: ConsentRow, move: Move) -> list[Unmet]:
    """Only giving needs the right voice: refusing and withdrawing are taken from anybody who speaks for the person."""
    if move.action != "give":
        return []
    for stage in file.of(row.victim_id):
        if stage.code == StageCode.GUARDIANSHIP:
            load_records(file, stage)
    status = guardian_status(file, row.victim_id)
    person = person_of(file, row.victim_id)
    allowed = may_give(
        GivenBy(str(move.body["given_by"])),
        minor=person is None or person.minor,
        guardian_is_safe=status in SAFE_GUARDIANS - {"temporary_cab"},
        guardian_is_temporary=status in ("temporary_cab", "long_term_cab"),
    )
    if allowed:
        return []
    text = Text(
        "成年人须本人同意；未成年人由安全的监护人或临时监护人同意",
        "an adult consents in person; for a child a safe guardian or the temporary guardian does",
    )
    return [Unmet("right_person_consents", text, (40,))]


def _require_works_for(file: CaseFile, actor: Actor, victim_id: UUID) -> None:
    working = {stage.unit_id for stage in file.open_stages() if stage.victim_id == victim_id}
    if actor.unit_id in working or actor.unit_id == file.case.owner_unit_id:
        return
    owner = Agency(file.case.owner_agency)
    raise StageNotYours("ask", Possible("ask", ("responsible_unit", "owner"), (owner,), ARTICLES), owner)


def _seal(file: CaseFile, row: ConsentRow, section: str, content: Content) -> dict[str, str]:
    plain = {
        name: value if isinstance(value, (str, bool, int, list)) else str(value)
        for name, value in content.items()
    }
    file.session.flush()
    file.keys.write([NewValue(row.id, section, row.victim_id, plain)], file.at)
    return {f"consent.{name}": digest for name, digest in file.keys.commit_to(row.victim_id, plain).items()}


def _note(row: ConsentRow, action: str, source: str | None, values: dict[str, str]) -> Note:
    return Note(
        f"{action}_consent",
        "consent",
        row.id,
        articles=ARTICLES,
        victim_id=row.victim_id,
        source=source,
        target=row.state,
        reason=row.purpose,
        changed=tuple(values),
        values=values,
    )


def consents_of(session: Session, actor: Actor, case_id: UUID, victim_id: UUID) -> list[ConsentRow]:
    """Consents of a person, oldest first, without what was said in them.

    A purpose names a stage: who sees only their own stages gets the consents that their unit asked for.
    """
    query = select(ConsentRow).where(ConsentRow.case_id == case_id, ConsentRow.victim_id == victim_id)
    if not sees_whole_case(actor):
        query = query.where(ConsentRow.unit_id == actor.unit_id)
    return list(session.execute(query.order_by(ConsentRow.id)).scalars())
