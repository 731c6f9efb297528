"""The clock of the next agreed contact (rule 9): kept right whenever the plan, a contact, care or liberty changes."""

from typing import Final
from uuid import UUID

from domain.follow_up import next_contact
from domain.stages import ENDED_STATES, StageCode
from services.case_facts import facts_of
from services.case_files import CaseFile, OpenRecord, Victim
from services.openings import wait_for
from services.records.cases import StageRow

CONTACT_CLOCK: Final = "follow_up_contact"


def keep_contact_clock(file: CaseFile, stage: StageRow, _record: OpenRecord | None = None) -> None:
    """The stage waits for the earliest planned contact that was not made; whether somebody was reached is not asked."""
    due = next_contact(facts_of(file, stage))
    if due is not None:
        wait_for(file, stage, CONTACT_CLOCK, due=due)
    elif stage.due_clock == CONTACT_CLOCK:
        wait_for(file, stage, None)


def plan_anew(file: CaseFile, stage: StageRow, _record: OpenRecord | None = None) -> None:
    """Somebody entered or left care: the contacts that were agreed count from there."""
    _keep_clock_of(file, stage.victim_id)


def keep_after_move(file: CaseFile, stage: StageRow, action: str) -> None:
    """Beginning and resuming set the stage's usual clock; what was agreed with the person goes before it."""
    if stage.code == StageCode.FOLLOW_UP and action in ("begin", "resume"):
        keep_contact_clock(file, stage)


def learn_liberty(file: CaseFile, victim: Victim, changed: frozenset[str]) -> None:
    """Without care, contacts count from the day of liberty."""
    if "account.liberty_at" in changed:
        _keep_clock_of(file, victim.row.id)


def _keep_clock_of(file: CaseFile, victim_id: UUID | None) -> None:
    for stage in file.of(victim_id):
        if stage.code == StageCode.FOLLOW_UP and stage.state not in ENDED_STATES:
            keep_contact_clock(file, stage)
