"""What a coordinator reads: counts and a late list. Nothing in it leads to a case."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from api.representations.answers import Answer
from domain.labels import INTERNAL


class WorkloadLine(Answer):
    """How many open stages of a kind and state lie with a unit, and how many of them are late."""

    LABEL = INTERNAL

    unit_id: UUID
    stage: str
    state: str
    stages: int
    late: int


class Workload(Answer):
    LABEL = INTERNAL
    counted_at: datetime | None = Field(description="When the worker counted; null: nothing is counted yet.")
    items: list[WorkloadLine]
    links: dict[str, str]


class LateLine(Answer):
    """One stage or report that is late; `number` is of this list alone and opens nothing."""

    LABEL = INTERNAL

    number: str
    stage: str
    unit_id: UUID
    due_at: datetime
    hours_late: int


class LateList(Answer):
    LABEL = INTERNAL
    at: datetime
    items: list[LateLine]
    links: dict[str, str]
