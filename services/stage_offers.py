"""What rules offer: a stage whose unit does not answer or begin goes to the next candidate, who may take it or not."""

from uuid import UUID

from domain.mandates import MANDATES
from domain.routing import candidates
from domain.stages import StageCode
from services.case_files import CaseFile
from services.records.cases import StageRow
from services.records.clocks import DeadlineRow
from services.routing import serving
from services.stage_effects import pass_by
from services.stages import move_by_rule


def next_candidate(file: CaseFile, stage: StageRow) -> UUID | None:
    """The first unit that a rule may give the stage to besides the one that holds it; None where there is none left."""
    code = StageCode(stage.code)
    served = serving(file.session, file.case.place_id, MANDATES[code].leads)
    shut_out = {*stage.passed_by} | file.units_in_conflict()
    found = (unit_id for _agency, unit_id in candidates(code, served.upward, shut_out))
    return next((unit_id for unit_id in found if unit_id != stage.unit_id), None)


def offer_to_next_candidate(file: CaseFile, stage: StageRow, rule: str) -> UUID | None:
    """Offer a routed or accepted stage to the next candidate, whom it returns; None and nothing done where there is none.

    Its unit stays responsible until the other accepts. Whoever was offered it before and did not answer is passed by.
    The caller saves.
    """
    if stage.offered_unit_id is not None:
        pass_by(stage, stage.offered_unit_id)
    unit_id = next_candidate(file, stage)
    if unit_id is not None:
        pass_by(stage, stage.unit_id)
        move_by_rule(file, stage, "hand_over", rule, {"unit_id": unit_id})
    return unit_id


def lapse_offer(file: CaseFile, due: DeadlineRow) -> None:
    """Nobody took the stage in time: the sender keeps it, and no rule offers it to that unit again."""
    stage = file.stage(due.subject_id)
    if stage.offered_unit_id is not None:
        pass_by(stage, stage.offered_unit_id)
        move_by_rule(file, stage, "withdraw_hand_over", "hand_over_lapsed")
