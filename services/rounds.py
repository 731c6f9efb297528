"""Starting again (workflow 2): a stage of this round goes on as it is; one of an earlier round begins anew beside the old."""

from typing import Final

from domain.agencies import Agency
from domain.identifiers import new_id
from domain.mandates import MANDATES
from domain.refusals import FieldRefused
from domain.routing import candidates
from domain.stages import StageCode, StageState
from services.case_files import CaseFile
from services.openings import NewStage, attach_leads, route_by_rule
from services.records.cases import StageRow
from services.routing import serving
from services.stage_effects import reopen_round

STARTS_AGAIN: Final = frozenset({"reopen", "offer_again"})


def of_this_round(file: CaseFile, stage: StageRow) -> StageRow:
    """The stage that starts again: this one, or its successor where the case is in, or only now enters, a later round.

    The old stage keeps its state, its records and its entries. FieldRefused when this round has the stage already.
    """
    if file.case.state == "closed":
        reopen_round(file, {})
    if stage.round == file.case.round:
        return stage
    if any(other.code == stage.code for other in file.of(stage.victim_id)):
        raise FieldRefused(("stage_id", "stage_exists"))
    return _successor(file, stage)


def _successor(file: CaseFile, stage: StageRow) -> StageRow:
    row = StageRow(
        case_id=file.id,
        id=new_id(),
        victim_id=stage.victim_id,
        code=stage.code,
        round=file.case.round,
        state=stage.state,
        opened_by="reopen",
        opened_at=file.at,
        passed_by=[],
        version=0,
    )
    file.session.add(row)
    file.stages.append(row)
    file.units[row.id] = {"attached": set(), "invited": set()}
    file.records[row.id] = []
    file.complete.add(row.id)
    return row


def route_again(file: CaseFile, stage: StageRow, action: str) -> None:
    """What starts again goes at once to the unit that held it, when it is offered again, or to the first candidate."""
    if action not in STARTS_AGAIN or stage.state != StageState.PLANNED:
        return
    code = StageCode(stage.code)
    served, in_question = (
        serving(file.session, file.case.place_id, MANDATES[code].leads),
        file.units_in_conflict(),
    )
    found = candidates(code, served.upward, in_question)
    if stage.unit_id is not None and stage.agency is not None and stage.unit_id not in in_question:
        found = [(Agency(stage.agency), stage.unit_id), *found]
    if found:
        route_by_rule(
            file, stage, found[0], NewStage(code, stage.victim_id, None, MANDATES[code].articles[0])
        )
        attach_leads(file, stage, served)
