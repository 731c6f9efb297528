"""What happens by itself when a clock is due, besides the alarm: rules that the worker carries out under the file's lock."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from domain.clocks import CASE_FILE_TERM
from domain.stages import StageState
from services.case_erasure import erase_case
from services.case_files import CaseFile
from services.case_ownership import CASE_OFFER, lapse_case_offer
from services.consent_endings import expire_when_due
from services.majority import come_of_age
from services.openings import open_due_stages
from services.records.clocks import DeadlineRow
from services.report_clocks import ERASURE
from services.report_erasure import erase_when_free
from services.report_files import ReportFile
from services.stage_offers import lapse_offer
from services.stages import move_by_rule

DueEffect = Callable[[CaseFile, DeadlineRow], None]
ReportDueEffect = Callable[[ReportFile, DeadlineRow], None]


def _resume(file: CaseFile, deadline: DeadlineRow) -> None:
    stage = file.stage(deadline.subject_id)
    if stage.state == StageState.ON_HOLD:
        move_by_rule(file, stage, "resume", deadline.clock)
        open_due_stages(file)


def _register_the_stranded(file: CaseFile, deadline: DeadlineRow) -> None:
    """For the person whose first admission started the clock, unless they were identified meanwhile (Art. 33)."""
    if deadline.victim_id is not None:
        open_due_stages(file, stranded=(deadline.victim_id,))


DUE_EFFECTS: Final[Mapping[str, DueEffect]] = MappingProxyType(
    {
        "hand_over_reply": lapse_offer,
        CASE_OFFER: lapse_case_offer,
        "hold_review": _resume,
        "stranded_period": _register_the_stranded,
        "consent_term": expire_when_due,
        "other_basis": expire_when_due,
        "eighteenth_birthday": come_of_age,
        CASE_FILE_TERM: erase_case,
    }
)
"""By clock of a case. The caller saves the file; each effect enters what it did, with its rule."""

REPORT_DUE_EFFECTS: Final[Mapping[str, ReportDueEffect]] = MappingProxyType({ERASURE: erase_when_free})
"""The same by clock of a report."""
