"""A match that comes after the search had ended: the search begins anew (Art. 32; rule 6)."""

from domain.openings import reopened_by
from domain.stages import StageCode, StageState
from services.case_files import CaseFile, OpenRecord
from services.records.cases import StageRow
from services.stages import move_by_rule


def begin_tracing_anew(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    """Reopen by rule; a stage that is under way takes the match as it is."""
    if stage.state != StageState.COMPLETED:
        return
    earlier = {one.row.kind for one in file.records[stage.id] if one.row.recorded_at >= stage.opened_at}
    row = reopened_by(StageCode(stage.code), record.row.kind, record.body, earlier)
    if row is not None:
        move_by_rule(file, stage, "reopen", row.rule)
