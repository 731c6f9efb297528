"""Consents of one person to one purpose: asked, given or refused, withdrawn, expired."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.agencies import Agency, may_read_cases
from domain.bases import CARE_OF_A_CHILD_IN_CONFLICT, LONGEST
from domain.conflicts import MEANWHILE
from domain.consents import CARE, ENDS_WITH_THE_GUARDIAN, Basis, GivenBy, Purpose
from domain.identifiers import new_id
from domain.refusals import FieldRefused, NotFound, Possible, StageNotYours, Unmet
from domain.stages import StageCode
from domain.texts import Text
from domain.voices import (
    ARTICLES,
    Guardianship,
    Said,
    band_of,
    unmet_to_give,
    unmet_to_say_no,
    unmet_to_withdraw,
)
from domain.workflow import Machine, Subject, decide, decide_by_rule, require_standing
from services import access
from services.case_facts import guardian_status, person_of
from services.case_files import CaseFile
from services.case_loading import load_records, open_case
from services.consent_endings import (
    come_into_force,
    consent_note,
    copy_of,
    expire,
    in_force,
    leave,
    seal,
    stop_what_rests_on,
)
from services.openings import open_due_stages
from services.records.agencies import UnitRow
from services.records.cases import ConsentRow
from services.records.people import RelativeRow
from services.sealed_values import Content
from services.sharing import Shared, what_was_shared
from services.stages import Move
from services.versions import require_version


@dataclass(frozen=True, slots=True)
class NewConsent:
    """What is asked: the purpose, the units that would learn of it, how it is explained (sealed), and until when."""

    purpose: Purpose
    details: Content
    expires_at: datetime | None
    recipient_unit_ids: Sequence[UUID] = ()


def ask_consent(
    session: Session, actor: Actor, case_id: UUID, victim_id: UUID, new: NewConsent
) -> tuple[CaseFile, ConsentRow]:
    """Ask the person. Any unit responsible for one of their open stages, or the case's owner, may ask; StageNotYours else."""
    file = open_case(session, actor, case_id, lock=True)
    require_works_for(file, actor, victim_id, "ask")
    if new.expires_at is not None and new.expires_at <= file.at:
        raise FieldRefused(("expires_at", "term_over"))
    _require_recipients(session, new.recipient_unit_ids)
    row = ConsentRow(
        case_id=case_id,
        id=new_id(),
        victim_id=victim_id,
        purpose=new.purpose,
        basis=Basis.CONSENT,
        state="asked",
        round=file.case.round,
        unit_id=actor.unit_id,
        asked_at=file.at,
        expires_at=new.expires_at,
        recipient_unit_ids=list(new.recipient_unit_ids),
        version=1,
    )
    file.session.add(row)
    file.note(consent_note(row, "ask", None, seal(file, row, "asked", new.details).items()))
    file.save()
    return file, row


def move_consent(session: Session, actor: Actor, consent_id: UUID, move: Move) -> tuple[CaseFile, ConsentRow]:
    """give, refuse: written down by the unit that asked, for the person. Refusals in the order of `move_stage`."""
    file, row = _open(session, actor, consent_id)
    answer(file, row, actor, move)
    return file, row


def answer(file: CaseFile, row: ConsentRow, actor: Actor, move: Move) -> None:
    """The same, of a file that is locked already. `actor`: who writes it down. Saves."""
    _decide(file, row, actor, move)
    row.decided_at, row.version = file.at, row.version + 1
    if row.state == "given":
        row.given_by = str(move.body["given_by"])
        row.relative_id = _relative(file, row, move)
        come_into_force(file, row, "consent_term")
    if move.body.get("given_by", move.body.get("said_by")) == GivenBy.TEMPORARY_GUARDIAN:
        _guardian_has_decided(file, row)
    open_due_stages(file)
    file.save()


def withdraw_consent(
    session: Session, actor: Actor, consent_id: UUID, move: Move
) -> tuple[CaseFile, ConsentRow, list[Shared]]:
    """Take it back. What rests on it stops in the same transaction; returns what had been shared until now."""
    file, row = _open(session, actor, consent_id)
    return file, row, take_back(file, row, actor, move)


def take_back(file: CaseFile, row: ConsentRow, actor: Actor, move: Move) -> list[Shared]:
    """The same, of a file that is locked already. Saves."""
    shared = what_was_shared(file, row)
    _decide(file, row, actor, move)
    leave(file, row, str(move.body["said_by"]))
    stop_what_rests_on(file, row, said_no=True)
    open_due_stages(file)
    file.save()
    return shared


def _open(session: Session, actor: Actor, consent_id: UUID) -> tuple[CaseFile, ConsentRow]:
    """The consent with its case, locked; NotFound for an invisible one."""
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
    return file, row


def _decide(file: CaseFile, row: ConsentRow, actor: Actor, move: Move) -> None:
    """The move as the table has it, entered with what was said."""
    subject = Subject(
        Machine.CONSENT, row.state, owner=file.case.owner_unit_id, responsible=_writes_down(file, row, actor)
    )
    require_standing(subject, move.action, actor)
    require_version(move.version, row.version)
    decide(subject, move.action, actor)
    source, row.state = (
        row.state,
        str(decide(subject, move.action, actor, _unmet(file, row, move)).target),
    )
    file.note(consent_note(row, move.action, source, seal(file, row, row.state, move.body).items()))


def _writes_down(file: CaseFile, row: ConsentRow, actor: Actor) -> UUID:
    """The unit that asked. Once it has left the case, another that works for the person: nobody is held to a yes because
    the desk at which it was said is gone."""
    if row.unit_id in file.units_at_work() or not _works_for(file, actor, row.victim_id):
        return row.unit_id
    return actor.unit_id


def _unmet(file: CaseFile, row: ConsentRow, move: Move) -> list[Unmet]:
    guardianship = guardianship_of(file, row.victim_id)
    band = band_of(person_of(file, row.victim_id))
    body = move.body
    if move.action != "give":
        return [
            *unmet_to_withdraw(band, Basis(row.basis)),
            *unmet_to_say_no(band, GivenBy(str(body["said_by"])), guardianship),
        ]
    assent = body.get("assent")
    said = Said(
        GivenBy(str(body["given_by"])), None if assent is None else bool(assent), bool(body.get("own_words"))
    )
    term_over = row.expires_at is not None and row.expires_at <= file.at
    text = Text("期限尚未届满", "its term is not over")
    return [
        *unmet_to_give(band, Purpose(row.purpose), said, guardianship),
        *([Unmet("term_not_over", text, ARTICLES)] if term_over else ()),
    ]


def guardianship_of(file: CaseFile, victim_id: UUID) -> Guardianship:
    """Who may speak for this person as far as the records of guardianship say."""
    for stage in file.of(victim_id):
        if stage.code == StageCode.GUARDIANSHIP:
            load_records(file, stage)
    status = guardian_status(file, victim_id)
    # once a court has decided, the guardian that there is is no longer the one in question
    return Guardianship(status, file.guardian_in_conflict(victim_id) and status == MEANWHILE)


def _relative(file: CaseFile, row: ConsentRow, move: Move) -> UUID | None:
    """Which guardian it was, where the voice was a guardian's of the person's own circle."""
    named = move.body.get("relative_id")
    if named is None:
        return None
    found = select(RelativeRow.id).where(
        RelativeRow.case_id == file.id, RelativeRow.id == named, RelativeRow.victim_id == row.victim_id
    )
    if row.given_by != GivenBy.SAFE_GUARDIAN or not file.session.execute(select(found.exists())).scalar_one():
        raise FieldRefused(("relative_id", "unknown_relative"))
    return UUID(str(named))


def _works_for(file: CaseFile, actor: Actor, victim_id: UUID) -> bool:
    working = {stage.unit_id for stage in file.open_stages() if stage.victim_id == victim_id}
    return actor.unit_id in working or actor.unit_id == file.case.owner_unit_id


def require_works_for(file: CaseFile, actor: Actor, victim_id: UUID, action: str) -> None:
    """The unit is responsible for an open stage of this person, or owns the case. NotFound, then StageNotYours."""
    if victim_id not in file.victims:
        raise NotFound
    if not _works_for(file, actor, victim_id):
        owner = Agency(file.case.owner_agency)
        raise StageNotYours(
            action, Possible(action, ("responsible_unit", "owner"), (owner,), ARTICLES), owner
        )


def _require_recipients(session: Session, unit_ids: Sequence[UUID]) -> None:
    if not unit_ids:
        return
    query = select(UnitRow.id, UnitRow.agency).where(UnitRow.id.in_(list(unit_ids)))
    known = {row.id: Agency(row.agency) for row in session.execute(query)}
    if not known.keys() >= set(unit_ids):
        raise FieldRefused(("recipient_unit_ids", "unknown_unit"))
    if not all(may_read_cases(agency) for agency in known.values()):
        raise FieldRefused(("recipient_unit_ids", "agency_reads_no_cases"))


def end_consents_of_guardian(file: CaseFile, victim_id: UUID, *, rule: str) -> None:
    """The guardian who gave them is in question (rule 3): sharing, contact, travel, publication and work stop now; care goes
    on under `vital_interest` until the temporary guardian has decided. The caller saves."""
    given = [row for row in in_force(file, victim_id) if row.given_by == GivenBy.SAFE_GUARDIAN]
    for row in given:
        if row.purpose in CARE:
            expire(file, row, rule, stops=False)
            _continue_care(file, row, rule)
    for row in given:
        if row.purpose in ENDS_WITH_THE_GUARDIAN:
            expire(file, row, rule)


def _continue_care(file: CaseFile, ended: ConsentRow, rule: str) -> None:
    """The same care on another basis: at most 30 days, though the temporary guardian is to decide within 24 hours, since a
    child's care must not stop because an office was late."""
    move = decide_by_rule(Subject(Machine.CONSENT, ""), "rest_on")
    row = copy_of(file, ended, state=str(move.target), basis=Basis.VITAL_INTEREST)
    row.decided_at, row.expires_at = file.at, file.at + LONGEST
    values = seal(file, row, "rested_on", {"article": CARE_OF_A_CHILD_IN_CONFLICT, "reason": rule})
    file.note(replace(consent_note(row, "rest_on", None, values.items()), rule=rule))
    come_into_force(file, row, "other_basis")


def _guardian_has_decided(file: CaseFile, decided: ConsentRow) -> None:
    """What care rested on meanwhile ends with the temporary guardian's answer."""
    waiting = [
        a.id for a in file.in_force("consent", decided.victim_id, decided.purpose) if a.basis != Basis.CONSENT
    ]
    for row in in_force(file, decided.victim_id, *waiting) if waiting else ():
        expire(file, row, "guardian_decided")
