"""Invited units: cooperating agencies of the main article, or others by the person's own consent. They never move a stage."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.agencies import may_read_cases
from domain.consents import Basis, Purpose
from domain.mandates import MANDATES
from domain.refusals import FieldRefused, NotFound
from domain.stages import ENDED_STATES, StageCode
from domain.workflow import require_standing
from services.case_facts import subject_of
from services.case_files import CaseFile
from services.case_loading import open_stage
from services.records.cases import ConsentRow, StageRow, StageUnitRow
from services.timeline import Note
from services.units import agency_of


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom; and on which consent, where the article does not name their agency."""

    unit_id: UUID
    consent_id: UUID | None = None


def invite(
    session: Session, actor: Actor, code: StageCode, stage_id: UUID, wanted: Invitation
) -> tuple[CaseFile, StageRow]:
    """The responsible unit invites another; it reads what the stage shares and adds the records that it allows, while both
    the stage is open and the consent stands. StageNotYours, then FieldRefused."""
    file, stage = _stage_to_share(session, actor, code, stage_id)
    _require_may_be_invited(file, stage, wanted)
    if stage.state in ENDED_STATES:
        raise FieldRefused(("unit_id", "stage_ended"))
    if wanted.unit_id not in file.related(stage.id, "attached") | file.related(stage.id, "invited"):
        row = StageUnitRow(
            case_id=file.id,
            stage_id=stage.id,
            unit_id=wanted.unit_id,
            relation="invited",
            consent_id=wanted.consent_id,
        )
        session.add(row)
        file.units[stage.id]["invited"].add(wanted.unit_id)
        _enter(file, stage, "invite", wanted.unit_id)
    return file, stage


def end_invitation(
    session: Session, actor: Actor, code: StageCode, stage_id: UUID, unit_id: UUID
) -> tuple[CaseFile, StageRow]:
    """The unit is no longer invited; what it could read here ends with this transaction. NotFound when it was not."""
    file, stage = _stage_to_share(session, actor, code, stage_id)
    if unit_id not in file.related(stage.id, "invited"):
        raise NotFound
    session.execute(
        delete(StageUnitRow)
        .where(
            StageUnitRow.case_id == file.id,
            StageUnitRow.stage_id == stage.id,
            StageUnitRow.unit_id == unit_id,
        )
        .execution_options(synchronize_session=False)
    )
    file.units[stage.id]["invited"].discard(unit_id)
    _enter(file, stage, "end_invitation", unit_id)
    return file, stage


def _stage_to_share(
    session: Session, actor: Actor, code: StageCode, stage_id: UUID
) -> tuple[CaseFile, StageRow]:
    file, stage = open_stage(session, actor, code, stage_id, lock=True)
    require_standing(subject_of(file, stage), "hand_over", actor)
    return file, stage


def _require_may_be_invited(file: CaseFile, stage: StageRow, wanted: Invitation) -> None:
    agency = agency_of(file.session, wanted.unit_id)
    if not may_read_cases(agency):
        raise FieldRefused(("unit_id", "agency_reads_no_cases"))
    if wanted.unit_id in file.units_in_conflict():
        raise FieldRefused(("unit_id", "unit_in_conflict"))
    if wanted.consent_id is not None:
        if not _named_by_consent(file, stage, wanted):
            raise FieldRefused(("consent_id", "consent_does_not_cover"))
    elif agency not in MANDATES[StageCode(stage.code)].cooperating:
        raise FieldRefused(("unit_id", "agency_does_not_cooperate"))


def _named_by_consent(file: CaseFile, stage: StageRow, wanted: Invitation) -> bool:
    """Whether the person agreed, in force now and in their own case, that this very unit may know."""
    in_force = file.in_force("consent", stage.victim_id, Purpose.INFORMATION_SHARING)
    if wanted.consent_id not in {agreement.id for agreement in in_force}:
        return False
    named = file.session.execute(
        select(ConsentRow.recipient_unit_ids).where(
            ConsentRow.case_id == file.id,
            ConsentRow.id == wanted.consent_id,
            ConsentRow.basis == Basis.CONSENT,
        )
    ).scalar_one_or_none()
    return wanted.unit_id in (named or ())


def _enter(file: CaseFile, stage: StageRow, action: str, unit_id: UUID) -> None:
    stage.version += 1
    note = Note(
        action,
        "stage",
        stage.id,
        articles=MANDATES[StageCode(stage.code)].articles,
        stage=stage.code,
        stage_id=stage.id,
        victim_id=stage.victim_id,
        source=stage.state,
        target=stage.state,
        unit_id=unit_id,
    )
    file.note(note)
    file.save()
