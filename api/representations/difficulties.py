"""What somebody needs help with in follow-up, and how far the stage is that can solve it."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.stages import record_answer, standing_of
from api.representations.types import Answer
from domain.actors import Actor
from domain.disclosure import sees_stage
from domain.stages import ENDED_STATES, STATE_NAMES, StageState
from domain.texts import Language
from services.case_files import CaseFile
from services.follow_up import Difficulty
from services.records.cases import StageRow


class DifficultyAnswer(Answer):
    """`_redacted` names what is not for this reader: the words, or the stage that can solve it."""

    model_config = ConfigDict(populate_by_name=True)
    id: UUID
    happened_at: datetime
    description: str | None
    stage: str | None
    stage_id: UUID | None
    state: str | None
    state_name: str | None
    solved: bool | None = Field(description="Whether the stage that can solve it came to its end.")
    links: dict[str, str]
    redacted: list[str] = Field(alias="_redacted")


class DifficultyList(Answer):
    items: list[DifficultyAnswer]
    links: dict[str, str]


def difficulty_list(
    file: CaseFile, stage: StageRow, found: list[Difficulty], actor: Actor, language: Language
) -> DifficultyList:
    base = f"/{stage.code}/{stage.id}"
    items = [_difficulty(file, stage, difficulty, actor, language) for difficulty in found]
    return DifficultyList(items=items, links={"self": f"{base}/difficulties", "stage": base})


def _difficulty(
    file: CaseFile, stage: StageRow, difficulty: Difficulty, actor: Actor, language: Language
) -> DifficultyAnswer:
    record = record_answer(file, stage, difficulty.record, actor, language)
    solving = difficulty.solving
    seen = solving is not None and sees_stage(actor, standing_of(file, solving, actor))
    shown: dict[str, object] = dict.fromkeys(("stage", "stage_id", "state", "state_name", "solved"))
    links = {"follow_up": f"/{stage.code}/{stage.id}"}
    if seen and solving is not None:
        state = StageState(solving.state)
        shown |= {
            "stage": solving.code,
            "stage_id": solving.id,
            "state": state,
            "state_name": STATE_NAMES[state].in_language(language),
            "solved": state in ENDED_STATES,
        }
        links["stage"] = f"/{solving.code}/{solving.id}"
    said = record.body.get("description")
    redacted = [*(["description"] if record.redacted else []), *([] if seen else ["stage"])]
    return DifficultyAnswer.model_validate(
        {
            "id": record.id,
            "happened_at": record.happened_at,
            "description": said,
            **shown,
            "links": links,
            "redacted": redacted,
        }
    )
