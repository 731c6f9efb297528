"""One officer in question (rule 4): off the file at both layers of access at once, their posts vacant."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.conflicts import TERMS, ConflictKind
from domain.mandates import MANDATES
from domain.refusals import FieldRefused
from domain.stages import StageCode
from services.case_files import CaseFile
from services.case_loading import open_case
from services.conflicts import InQuestion, clock_subject, is_set, put_in_question
from services.moving_up import void_approvals
from services.records.accounts import AccountRow
from services.records.cases import ApprovalRow, StageRow
from services.records.conflicts import ConflictRow
from services.reports_behind import lock_reports_behind, shut_out, shut_out_of_report
from services.stage_effects import wait_for_officers
from services.timeline import Note
from services.ways_up import ways_up

RULE = "exclusion"
_KIND = ConflictKind.OFFICER


@dataclass(frozen=True, slots=True)
class OfficerDoubted:
    """Which officer, and why (sealed)."""

    account_id: UUID
    reason: str


def set_exclusion(
    session: Session, actor: Actor, case_id: UUID, doubt: OfficerDoubted
) -> tuple[CaseFile, ConflictRow]:
    """Refusals in order: NotFound, FieldRefused (`unknown_account`, `already_in_question`)."""
    reports = lock_reports_behind(session, actor, case_id)
    file = open_case(session, actor, case_id, lock=True)
    unit_id = _unit_of(session, doubt.account_id)
    if is_set(file, _KIND, ConflictRow.account_id == doubt.account_id):
        raise FieldRefused(("account_id", "already_in_question"))
    ways = ways_up(file, unit_id)
    who = InQuestion(
        _KIND, account_id=doubt.account_id, reason=doubt.reason, above=ways.above, prosecutor=ways.prosecutor
    )
    row = put_in_question(file, who)
    file.clocks.start(clock_subject(row), TERMS[_KIND].clock, file.at)
    shut_out(session, file.id, doubt.account_id, row.id)
    for stage in file.open_stages():
        _vacate(file, stage, doubt.account_id)
    void = void_approvals(file, _of_officer(doubt.account_id), RULE)
    file.agreements = [agreement for agreement in file.agreements if agreement.id not in void]
    file.save()
    for report in reports:
        shut_out_of_report(report, doubt.account_id, row.id)
    return file, row


def _unit_of(session: Session, account_id: UUID) -> UUID:
    found = session.execute(
        select(AccountRow.unit_id).where(AccountRow.id == account_id)
    ).scalar_one_or_none()
    if found is None:
        raise FieldRefused(("account_id", "unknown_account"))
    return found


def _vacate(file: CaseFile, stage: StageRow, account_id: UUID) -> None:
    if account_id not in (stage.officer_id, stage.deputy_id):
        return
    stage.officer_id = None if stage.officer_id == account_id else stage.officer_id
    stage.deputy_id = None if stage.deputy_id == account_id else stage.deputy_id
    stage.version += 1
    wait_for_officers(file, stage)
    file.note(
        Note(
            "vacate_post", "stage", stage.id, articles=MANDATES[StageCode(stage.code)].articles, stage=stage.code,
            stage_id=stage.id, victim_id=stage.victim_id, source=stage.state, target=stage.state, rule=RULE,
        )
    )  # fmt: skip


def _of_officer(account_id: UUID) -> ColumnElement[bool]:
    return (ApprovalRow.decided_by_id == account_id) | (ApprovalRow.asked_by_id == account_id)
