"""Cases: opened by rule or from a report, owned by one unit, closed with another agency's approval."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.agencies import Agency
from domain.articles import EDITION
from domain.closing import unmet_to_close
from domain.identifiers import new_id
from domain.mandates import CASE_OWNERS
from domain.numbers import case_number
from domain.openings import CASE_OPENINGS
from domain.people import civil_day
from domain.refusals import FieldRefused
from domain.timeline import GENESIS
from domain.workflow import decide, require_standing
from services import approvals
from services.approval_ends import end_approvals_of
from services.case_erasure import begin_term
from services.case_facts import subject_of_case
from services.case_files import CaseFile
from services.case_loading import open_case
from services.case_ownership import end_offer, offer
from services.closing import closing_of
from services.database import working_on
from services.deadlines import RunningClocks, amounts_in
from services.openings import NewStage, open_due_stages, open_stages
from services.records.cases import CaseRow
from services.remarks import with_sealed_words
from services.routing import serving
from services.sealed_values import KeyRing
from services.stage_effects import reopen_round
from services.stages import Move
from services.timeline import Note
from services.units import unit_named
from services.versions import require_version
from services.victim_sections import Sections
from services.victims import add_victim


@dataclass(frozen=True, slots=True)
class Origin:
    """What a case is opened from: the place that works on it, the owner, the report, the rule on the timeline, and the
    offices that never see it."""

    place_id: UUID
    owner_unit_id: UUID
    owner_agency: Agency
    report_id: UUID
    rule: str
    kept_from: Collection[UUID] = ()


def open_new_case(
    session: Session, actor: Actor | None, at: datetime, origin: Origin, people: Sequence[Sections]
) -> CaseFile:
    """A new case beside the report of this transaction, with its people, its investigation and every stage that is due."""
    case = _new_row(session, at, origin)
    working_on(session, case.id, other=True)
    session.add(case)
    session.flush()
    file = CaseFile(session, actor, case, at, KeyRing(session, case.id))
    file.clocks = RunningClocks(amounts_in(session, case.division_id))
    file.keys.create(case.id, at)
    report = str(origin.report_id)
    file.note(Note("open", "case", case.id, articles=(20,), target="open", rule=origin.rule, reason=report))
    investigation, article = CASE_OPENINGS[origin.rule]
    open_stages(file, [NewStage(investigation, None, origin.rule, article)])
    name_people(file, people)
    return file


def _new_row(session: Session, at: datetime, origin: Origin) -> CaseRow:
    sequence = session.execute(select(func.nextval("case_numbers"))).scalar_one()
    return CaseRow(
        id=new_id(),
        number=case_number(sequence, civil_day(at).year),
        edition=EDITION,
        place_id=origin.place_id,
        division_id=serving(session, origin.place_id, ()).division_id,
        owner_unit_id=origin.owner_unit_id,
        owner_agency=origin.owner_agency,
        state="open",
        round=1,
        opened_at=at,
        kept_from=sorted(origin.kept_from),
        version=0,
        seq=0,
        head=GENESIS,
    )


def name_people(file: CaseFile, people: Sequence[Sections]) -> None:
    """Add victims, open what is due for them, and save."""
    for sections in people:
        add_victim(file, sections)
    open_due_stages(file)
    file.save()


def move_case(session: Session, actor: Actor, case_id: UUID, move: Move) -> CaseFile:
    """hand_over, accept_hand_over, refuse_hand_over, close, reopen. Refusals in the order of `move_stage`."""
    file = open_case(session, actor, case_id, lock=True)
    subject = subject_of_case(file)
    require_standing(subject, move.action, actor)
    require_version(move.version, file.case.version)
    decide(subject, move.action, actor)
    source = file.case.state
    _EFFECTS[move.action](file, actor, move)
    if move.action != "reopen":
        # a closing reason is a code and stands in the entry; every other word is sealed
        words = {} if move.action == "close" else move.body
        file.note(with_sealed_words(file, case_id, _moved(file, move, source), words))
    file.save()
    return file


def _moved(file: CaseFile, move: Move, source: str) -> Note:
    return Note(
        move.action,
        "case",
        file.case.id,
        articles=(39,) if move.action == "close" else (20,),
        source=source,
        target=file.case.state,
        reason=file.case.closing_reason if move.action == "close" else None,
        unit_id=cast(UUID | None, move.body.get("unit_id")),
    )


def _offer(file: CaseFile, _actor: Actor, move: Move) -> None:
    unit_id = cast(UUID, move.body["unit_id"])
    unit = unit_named(file.session, unit_id)
    if unit.agency not in CASE_OWNERS or unit.institution is not None:
        raise FieldRefused(("unit_id", "agency_does_not_own_cases"))
    if unit_id == file.case.owner_unit_id:
        raise FieldRefused(("unit_id", "already_responsible"))
    if unit_id in file.units_in_conflict():
        raise FieldRefused(("unit_id", "unit_in_conflict"))
    offer(file, unit_id)


def _take_over(file: CaseFile, actor: Actor, _move: Move) -> None:
    end_offer(file)
    file.case.owner_unit_id, file.case.owner_agency = actor.unit_id, actor.agency


def _withdraw(file: CaseFile, _actor: Actor, _move: Move) -> None:
    if file.case.offered_unit_id is None:
        raise FieldRefused(("offered_unit_id", "nothing_offered"))
    end_offer(file)


def _keep(file: CaseFile, _actor: Actor, _move: Move) -> None:
    end_offer(file)


def _close(file: CaseFile, actor: Actor, move: Move) -> None:
    reason = str(move.body["reason"])
    decide(subject_of_case(file), "close", actor, unmet_to_close(closing_of(file, reason)))
    approvals.use_approval(file, file.case.id, "close")
    end_approvals_of(file, file.case.id)
    end_offer(file)
    case = file.case
    case.state, case.closed_at, case.closing_reason = "closed", file.at, reason
    begin_term(file)


def _reopen(file: CaseFile, _actor: Actor, move: Move) -> None:
    reopen_round(file, move.body)
    open_due_stages(file, everybody=True)


_EFFECTS = {
    "hand_over": _offer,
    "withdraw_hand_over": _withdraw,
    "accept_hand_over": _take_over,
    "refuse_hand_over": _keep,
    "close": _close,
    "reopen": _reopen,
}
