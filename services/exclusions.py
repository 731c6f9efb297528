"""One officer in question (rule 4): off the file at both layers of access at once, their posts vacant."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.conflicts import TERMS, ConflictKind
from domain.refusals import FieldRefused
from services.case_files import CaseFile
from services.conflict_effects import cut_off_officer
from services.conflicts import InQuestion, clock_subject, is_set, put_in_question
from services.merged_conflicts import stand_in_merged
from services.records.accounts import AccountRow
from services.records.conflicts import ConflictRow
from services.reports_behind import open_doubted
from services.ways_up import ways_up

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
    reports, file = open_doubted(session, actor, case_id)
    unit_id = _unit_of(session, doubt.account_id)
    if is_set(file, _KIND, ConflictRow.account_id == doubt.account_id):
        raise FieldRefused(("account_id", "already_in_question"))
    ways = ways_up(file, unit_id)
    who = InQuestion(
        _KIND, account_id=doubt.account_id, reason=doubt.reason, above=ways.above, prosecutor=ways.prosecutor
    )
    row = put_in_question(file, who)
    file.clocks.start(clock_subject(row), TERMS[_KIND].clock, file.at)
    cut_off_officer(file, reports, row)
    stand_in_merged(file, row)
    return file, row


def _unit_of(session: Session, account_id: UUID) -> UUID:
    found = session.execute(
        select(AccountRow.unit_id).where(AccountRow.id == account_id)
    ).scalar_one_or_none()
    if found is None:
        raise FieldRefused(("account_id", "unknown_account"))
    return found
