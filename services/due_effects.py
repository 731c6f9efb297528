"""What happens by itself when a clock is due, besides the alarm: rules that the worker carries out under the case's lock."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from services.case_files import CaseFile
from services.records.clocks import DeadlineRow
from services.report_clocks import ERASURE
from services.report_erasure import erase_when_free
from services.report_files import ReportFile
from services.stage_offers import lapse_offer

DueEffect = Callable[[CaseFile, DeadlineRow], None]
ReportDueEffect = Callable[[ReportFile, DeadlineRow], None]

DUE_EFFECTS: Final[Mapping[str, DueEffect]] = MappingProxyType({"hand_over_reply": lapse_offer})
"""By clock of a case. The caller saves the file; each effect enters what it did, with its rule."""

REPORT_DUE_EFFECTS: Final[Mapping[str, ReportDueEffect]] = MappingProxyType({ERASURE: erase_when_free})
"""The same by clock of a report."""
