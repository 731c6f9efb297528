"""Follow-up (Art. 39): agreed contact, at a place and by a channel that the person chose."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Response

from api.calls import Answered, Call, Session
from api.dependencies import PathId
from api.openapi import ONE, problems
from api.representations.difficulties import DifficultyList, difficulty_list
from api.representations.records import RECORD_BODIES
from api.representations.stages import standing_of
from api.routes.stage_routes import READER, stage_router
from domain.actors import Actor
from domain.disclosure import sees_stage
from domain.refusals import NotFound
from domain.stages import StageCode
from services.access import record_read
from services.case_loading import load_records, open_stage
from services.follow_up import difficulties_of

RECORDS: Final = RECORD_BODIES[StageCode.FOLLOW_UP]

router: Final = stage_router(
    StageCode.FOLLOW_UP,
    {
        "contact_plans": ("contact_plan", RECORDS["contact_plan"]),
        "contacts": ("contact", RECORDS["contact"]),
        "difficulties": ("difficulty", RECORDS["difficulty"]),
        "ends": ("ended", RECORDS["ended"]),
    },
)


@router.get(
    "/{stage_id}/difficulties",
    response_model=DifficultyList,
    operation_id="list_follow_up_difficulties",
    responses=problems(*ONE),
)
def read_difficulties(call: Annotated[Call, READER], stage_id: PathId) -> Response:
    """What the person asked help with, oldest first, each with the stage that can solve it as far as the reader sees it."""
    return call.read(lambda session, actor: _read(call, session, actor, stage_id))


def _read(call: Call, session: Session, actor: Actor, stage_id: UUID) -> Answered:
    file, stage = open_stage(session, actor, StageCode.FOLLOW_UP, stage_id)
    if not sees_stage(actor, standing_of(file, stage, actor)):
        raise NotFound
    load_records(file, stage)
    record_read(session, actor, subject="difficulties", file_id=file.id, subject_id=stage.id)
    return Answered(
        difficulty_list(file, stage, difficulties_of(file, stage), actor, call.language), stage.version
    )
