"""What happens by itself when a clock is due, besides the alarm: rules that the worker carries out under the file's lock."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from domain.clock_starts import OPENS_WHEN_DUE
from domain.stages import StageState
from services.case_files import CaseFile
from services.openings import NewStage, open_due_stages, open_stages
from services.records.clocks import DeadlineRow
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


def _open_for_the_person(file: CaseFile, deadline: DeadlineRow) -> None:
    """The stage that the clock was waiting for opens, unless the person has it in this round."""
    code, article = OPENS_WHEN_DUE[deadline.clock]
    if all(stage.code != code for stage in file.of(deadline.victim_id)):
        open_stages(file, [NewStage(code, deadline.victim_id, deadline.clock, article)])


DUE_EFFECTS: Final[Mapping[str, DueEffect]] = MappingProxyType(
    {
        "hand_over_reply": lapse_offer,
        "hold_review": _resume,
        **dict.fromkeys(OPENS_WHEN_DUE, _open_for_the_person),
    }
)
"""By clock of a case. The caller saves the file; each effect enters what it did, with its rule."""

REPORT_DUE_EFFECTS: Final[Mapping[str, ReportDueEffect]] = MappingProxyType({})
"""The same for clocks of a report."""
