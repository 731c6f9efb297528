"""A match that comes after the search had ended: the search begins anew, with the unit that did it (Art. 32; rule 6)."""

from domain.openings import reopened_by
from domain.stages import StageCode, StageState
from services.case_files import CaseFile, OpenRecord
from services.records.cases import StageRow
from services.stages import move_by_rule


def begin_tracing_anew(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    """Reopen and route by rule; a stage that is under way takes the match as it is."""
    if stage.state != StageState.COMPLETED:
        return
    earlier = {one.row.kind for one in file.records[stage.id] if one.row.recorded_at >= stage.opened_at}
    row = reopened_by(StageCode(stage.code), record.row.kind, record.body, earlier)
    if row is None:
        return
    unit_id = stage.unit_id
    move_by_rule(file, stage, "reopen", row.rule)
    if stage.state == StageState.PLANNED:
        move_by_rule(file, stage, "route", row.rule, {"unit_id": unit_id})
