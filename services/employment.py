"""Help with work: the person's word stops it, and nothing else changes (rule 7)."""

from services.case_files import CaseFile, OpenRecord
from services.records.cases import StageRow
from services.stages import move_by_rule


def stop_at_once(file: CaseFile, stage: StageRow, _record: OpenRecord) -> None:
    """Stopping is final the moment it is written down; no other stage moves."""
    move_by_rule(file, stage, "complete", "stopped_by_the_person")
