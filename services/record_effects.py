"""What a record does besides being kept: facts that it settles about the person, in the same transaction."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from domain.stages import StageCode
from services.absences import report_missing_child
from services.case_files import CaseFile, OpenRecord
from services.case_ownership import offer_on_record
from services.clock_starts import clocks_of_record
from services.contact_clocks import keep_contact_clock, plan_anew
from services.employment import stop_at_once
from services.follow_up import end_at_once, open_what_solves
from services.guardianship import after_guardian_status
from services.records.cases import StageRow
from services.relatives import kinship_matched, kinship_ordered
from services.reopened_tracing import begin_tracing_anew
from services.report_feedback import feedback_after_filing
from services.settled_facts import found_safe, request_made, status_explained
from services.victims import set_free

Effect = Callable[[CaseFile, StageRow, OpenRecord], None]


def _free_from_now_on(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    if stage.victim_id is not None:
        set_free(file, stage.victim_id, str(record.body["liberty_at"]))


EFFECTS: Final[Mapping[tuple[StageCode, str], tuple[Effect, ...]]] = MappingProxyType(
    {
        (StageCode.INVESTIGATION, "filing_decision"): (feedback_after_filing,),
        (StageCode.RESCUE, "rescue_carried_out"): (_free_from_now_on,),
        (StageCode.FAMILY_TRACING, "match_report"): (begin_tracing_anew, kinship_matched),
        (StageCode.GUARDIANSHIP, "guardian_status"): (after_guardian_status,),
        (StageCode.RESCUE, "handover"): (offer_on_record,),
        (StageCode.SHELTER, "admission"): (plan_anew, offer_on_record),
        (StageCode.SHELTER, "exit"): (plan_anew, report_missing_child),
        (StageCode.EMPLOYMENT, "stopped"): (stop_at_once,),
        (StageCode.FOLLOW_UP, "contact_plan"): (keep_contact_clock,),
        (StageCode.FOLLOW_UP, "contact"): (keep_contact_clock,),
        (StageCode.FOLLOW_UP, "difficulty"): (open_what_solves,),
        (StageCode.FOLLOW_UP, "ended"): (end_at_once,),
        (StageCode.GUARDIANSHIP, "court_order"): (kinship_ordered,),
        (StageCode.INVESTIGATION, "finding"): (found_safe,),
        (StageCode.REPATRIATION, "status_explained"): (status_explained,),
        (StageCode.REPATRIATION, "own_request"): (request_made,),
    }
)


def take_effect(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    """Carry out everything that follows from this record; openings are looked at afterwards."""
    clocks_of_record(file, stage, record)
    for effect in EFFECTS.get((StageCode(stage.code), record.row.kind), ()):
        effect(file, stage, record)
