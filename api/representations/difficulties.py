"""What somebody needs help with in follow-up, and how far the stage is that can solve it."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from api.representations.answers import Answer, Guarded
from api.representations.stages import standing_of
from domain.actors import Actor
from domain.compartments import Compartment, record_compartment
from domain.disclosure import sees_stage
from domain.labels import INTERNAL, SEALED_BY_CONTENT, restricted
from domain.stages import ENDED_STATES, STATE_NAMES, StageCode, StageState
from domain.texts import Language
from services.case_files import CaseFile
from services.follow_up import Difficulty
from services.records.cases import StageRow

SOLVING: Final = restricted(Compartment.STAGE_WORK, elsewhere=True)


class DifficultyAnswer(Guarded):
    """`_redacted` names what is not for this reader: the words, or the stage that can solve it."""

    LABEL = INTERNAL

    id: UUID
    happened_at: datetime
    description: Annotated[str | None, SEALED_BY_CONTENT]
    stage: Annotated[str | None, SOLVING]
    stage_id: Annotated[UUID | None, SOLVING]
    state: Annotated[str | None, SOLVING]
    state_name: Annotated[str | None, SOLVING]
    solved: Annotated[bool | None, SOLVING] = Field(
        description="Whether the stage that can solve it came to its end; null: no stage was opened for it."
    )
    links: dict[str, str]


class DifficultyList(Answer):
    LABEL = INTERNAL
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
    record, solving = difficulty.record, difficulty.solving
    to_record = standing_of(file, stage, actor, wrote=record.row.unit_id)
    to_solving = None if solving is None else standing_of(file, solving, actor)
    links = {"follow_up": f"/{stage.code}/{stage.id}"}
    if solving is not None and to_solving is not None and sees_stage(actor, to_solving):
        links["stage"] = f"/{solving.code}/{solving.id}"
    return DifficultyAnswer.model_validate(
        {
            "id": record.row.id,
            "happened_at": record.row.happened_at,
            "description": record.body.get("description"),
            **_solving(solving, language),
            "links": links,
        }
    ).seen_with(
        replace(
            to_record,
            content=frozenset({record_compartment(StageCode(stage.code), record.row.kind)}),
            elsewhere=frozenset() if to_solving is None else to_solving.relations,
        )
    )


def _solving(stage: StageRow | None, language: Language) -> dict[str, object]:
    """The stage that can solve it; None: none was opened."""
    if stage is None:
        return dict.fromkeys(("stage", "stage_id", "state", "state_name", "solved"))
    state = StageState(stage.state)
    return {
        "stage": stage.code,
        "stage_id": stage.id,
        "state": state,
        "state_name": STATE_NAMES[state].in_language(language),
        "solved": state in ENDED_STATES,
    }
