"""Help that rests on another basis than consent: approved by another agency, for a while, and told to the person."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.bases import Ground, Standing, approval_of, unmet_to_rest_on
from domain.consents import GivenBy
from domain.identifiers import new_id
from domain.refusals import CaseClosed, RequirementsUnmet
from domain.workflow import Machine, Subject, decide_by_rule, require_standing
from services.approvals import use_approval
from services.case_facts import person_of
from services.case_files import CaseFile
from services.case_loading import open_case
from services.consent_endings import come_into_force, consent_note, seal
from services.consents import require_works_for
from services.openings import open_due_stages
from services.records.cases import ConsentRow
from services.sealed_values import Content


@dataclass(frozen=True, slots=True)
class NewBasis:
    """What is asked; and in `details`, sealed, the article, the reason, when and how the person was told."""

    ground: Ground
    details: Content


def rest_on(
    session: Session, actor: Actor, case_id: UUID, victim_id: UUID, new: NewBasis
) -> tuple[CaseFile, ConsentRow]:
    """Let a purpose rest on a basis that another agency approved; the approval is spent with it. StageNotYours, CaseClosed,
    then every unmet requirement."""
    file = open_case(session, actor, case_id, lock=True)
    require_works_for(file, actor, victim_id, "rest_on")
    subject = Subject(Machine.CONSENT, "", owner=file.case.owner_unit_id, responsible=actor.unit_id)
    require_standing(subject, "rest_on", actor)
    if file.case.state == "closed":
        raise CaseClosed(case_id)
    ground, action = new.ground, approval_of(new.ground.basis, new.ground.purpose)
    unmet = unmet_to_rest_on(ground, _standing(file, victim_id, ground, action))
    if unmet:
        raise RequirementsUnmet("rest_on", unmet)
    row = _row(file, actor, victim_id, ground)
    use_approval(file, victim_id, action)
    file.agreements = [a for a in file.agreements if (a.about, a.purpose) != (victim_id, action)]
    file.note(consent_note(row, "rest_on", None, seal(file, row, "rested_on", new.details).items()))
    come_into_force(file, row, "other_basis")
    open_due_stages(file)
    file.save()
    return file, row


def _standing(file: CaseFile, victim_id: UUID, ground: Ground, action: str) -> Standing:
    approved = any(a.state == "approved" for a in file.in_force("approval", victim_id, action))
    person = person_of(file, victim_id)
    adult = person is not None and not person.minor
    return Standing(
        file.at, approved=approved, adult_said_no=adult and _said_no(file, victim_id, ground.purpose)
    )


def _said_no(file: CaseFile, victim_id: UUID, purpose: str) -> bool:
    """Whether the person's last own word on this purpose in this round was no."""
    last = file.session.execute(
        select(ConsentRow.state)
        .where(
            ConsentRow.case_id == file.id,
            ConsentRow.victim_id == victim_id,
            ConsentRow.purpose == purpose,
            ConsentRow.round == file.case.round,
            (ConsentRow.state == "refused")
            | (ConsentRow.ended_by == GivenBy.SELF)
            | (ConsentRow.given_by == GivenBy.SELF),
        )
        .order_by(ConsentRow.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return last in ("refused", "withdrawn")


def _row(file: CaseFile, actor: Actor, victim_id: UUID, ground: Ground) -> ConsentRow:
    move = decide_by_rule(Subject(Machine.CONSENT, ""), "rest_on")
    row = ConsentRow(
        case_id=file.id,
        id=new_id(),
        victim_id=victim_id,
        purpose=ground.purpose,
        basis=ground.basis,
        state=str(move.target),
        round=file.case.round,
        unit_id=actor.unit_id,
        asked_at=file.at,
        decided_at=file.at,
        expires_at=ground.ends_at(file.at),
        recipient_unit_ids=[],
        version=1,
    )
    file.session.add(row)
    return row
