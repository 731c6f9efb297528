"""Whose the case is: police at first, civil affairs from the first handover, admission or liberty on (workflow 2, case)."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from domain.clocks import CLOCKS
from domain.mandates import CARE_OWNER
from domain.workflow import decide_by_rule
from services.case_facts import subject_of_case
from services.case_files import CaseFile, OpenRecord, Victim
from services.deadlines import Subject
from services.records.cases import StageRow
from services.records.clocks import DeadlineRow
from services.routing import serving
from services.timeline import Note

RULE: Final = "care_is_civil_affairs"
LAPSED: Final = "hand_over_lapsed"
CASE_OFFER: Final = "case_hand_over_reply"


def offer_to_civil_affairs(file: CaseFile) -> None:
    """Offer the case to the civil affairs unit that serves the place; whoever has it stays responsible until it accepts."""
    case = file.case
    if case.owner_agency == CARE_OWNER or case.offered_unit_id is not None or case.state != "open":
        return
    upward = serving(file.session, case.place_id, [CARE_OWNER]).upward.get(CARE_OWNER, ())
    unit_id = next((unit_id for unit_id in upward if unit_id not in file.units_in_conflict()), None)
    if unit_id is None:
        return
    decide_by_rule(subject_of_case(file), "hand_over")
    offer(file, unit_id)
    note = Note("hand_over", "case", case.id, articles=(20, 39), source=case.state, target=case.state)
    file.note(replace(note, rule=RULE, unit_id=unit_id))


def offer(file: CaseFile, unit_id: UUID) -> None:
    """From now on the unit reads the case and may take it over; the caller enters who offered it, and saves."""
    file.case.offered_unit_id = unit_id
    file.clocks.start(Subject("case", file.id), CASE_OFFER, file.at)


def end_offer(file: CaseFile) -> None:
    """Taken, refused, taken back or without a purpose now; nothing where nothing was offered."""
    if file.case.offered_unit_id is not None:
        file.clocks.stop(file.id, file.at, CASE_OFFER, met=True)
        file.case.offered_unit_id = None


def lapse_case_offer(file: CaseFile, due: DeadlineRow) -> None:
    """Nobody took the case in time: the sender keeps it, as it had it all along."""
    unit_id = file.case.offered_unit_id
    if unit_id is None:
        return
    decide_by_rule(subject_of_case(file), "withdraw_hand_over")
    end_offer(file)
    state, articles = file.case.state, CLOCKS[due.clock].articles
    note = Note("withdraw_hand_over", "case", file.id, articles=articles, source=state, target=state)
    file.note(replace(note, rule=LAPSED, unit_id=unit_id))


def offer_on_record(file: CaseFile, _stage: StageRow, _record: OpenRecord) -> None:
    """The first handover or admission."""
    offer_to_civil_affairs(file)


def offer_at_liberty(file: CaseFile, _victim: Victim, changed: frozenset[str]) -> None:
    """The first liberty of anybody in the case."""
    if "account.liberty_at" in changed:
        offer_to_civil_affairs(file)
