"""Two files about one person, as their two owners see it."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer
from api.representations.types import Body, Id, ShortText
from domain.labels import INTERNAL
from services.records.people import MergeRow


class MergeBody(Body):
    """The number of the other case, as its owner told it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"other_case_number": "2026-650-2813-8"}]})
    other_case_number: ShortText


class ApproveMergeBody(Body):
    """Which person of the answering owner's case it is."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"victim_id": "0198c0de-0000-7000-8000-000000000007"}]}
    )
    victim_id: Id


class MergeAnswer(Answer):
    """For the owners of the two files alone; nothing of either file is in it but its number."""

    LABEL = INTERNAL

    id: UUID
    version: int
    state: str
    case_number: str
    victim_id: UUID
    other_case_number: str
    other_victim_id: UUID | None
    asked_by_unit_id: UUID
    asked_at: datetime
    decided_by_unit_id: UUID | None
    decided_at: datetime | None
    undone_at: datetime | None
    links: dict[str, str] = Field(
        description="The moves of this merge; whether one is possible, `state` says."
    )


class MergeList(Answer):
    LABEL = INTERNAL
    items: list[MergeAnswer]
    links: dict[str, str]


def merge_answer(row: MergeRow) -> MergeAnswer:
    base = f"/merges/{row.id}"
    return MergeAnswer(
        id=row.id,
        version=row.version,
        state=row.state,
        case_number=row.case_number,
        victim_id=row.victim_id,
        other_case_number=row.other_number,
        other_victim_id=row.other_victim_id,
        asked_by_unit_id=row.asked_by_unit_id,
        asked_at=row.asked_at,
        decided_by_unit_id=row.decided_by_unit_id,
        decided_at=row.decided_at,
        undone_at=row.undone_at,
        links={"approve": f"{base}/approve", "refuse": f"{base}/refuse", "undo": f"{base}/undo"},
    )
