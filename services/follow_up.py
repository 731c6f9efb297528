"""What somebody says in follow-up (rule 9): a difficulty opens the stage that can solve it, their word ends it at once."""

from dataclasses import dataclass
from typing import Final

from domain.follow_up import DIFFICULTY, solving
from domain.stages import ENDED_STATES
from services.case_files import CaseFile, OpenRecord
from services.openings import NewStage, open_stages
from services.records.cases import StageRow
from services.stages import move_by_rule

ARTICLE: Final = 39


def open_what_solves(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    """A difficulty opens the stage that can solve it; one that ended opens again, one that is open goes on."""
    code = solving(record.body.get("stage"))
    existing = next((other for other in file.of(stage.victim_id) if other.code == code), None)
    if existing is None:
        open_stages(file, [NewStage(code, stage.victim_id, DIFFICULTY, ARTICLE)])
    elif existing.state in ENDED_STATES:
        move_by_rule(file, existing, "reopen", DIFFICULTY)


@dataclass(frozen=True, slots=True)
class Difficulty:
    """A difficulty on record, and the stage of the same round that can solve it."""

    record: OpenRecord
    solving: StageRow | None


def difficulties_of(file: CaseFile, stage: StageRow) -> list[Difficulty]:
    """Every difficulty of this follow-up, oldest first; its records are loaded."""
    beside = {
        other.code: other
        for other in file.stages
        if other.victim_id == stage.victim_id and other.round == stage.round
    }
    return [
        Difficulty(record, beside.get(solving(record.body.get("stage"))))
        for record in file.records[stage.id]
        if record.row.kind == "difficulty"
    ]


def end_at_once(file: CaseFile, stage: StageRow, _record: OpenRecord) -> None:
    """The person's word ends it, in the same transaction, and its clocks with it."""
    move_by_rule(file, stage, "complete", "ended_by_the_person")
