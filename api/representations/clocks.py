"""Clocks, what is due, alarms and overrides, as they are read over HTTP."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field

from api.representations.answers import Answer
from api.representations.stages import seen_stages
from api.representations.types import Body, Id, ShortText, whole_number
from domain.actors import Actor
from domain.clocks import CLOCKS
from domain.labels import INTERNAL, PUBLIC
from domain.texts import Language
from services.case_files import CaseFile
from services.records.clocks import AlarmRow, ClockOverrideRow, DeadlineRow
from services.unanswered import WAITING_ON


class RungAnswer(Answer):
    """A step: `after` is an ISO 8601 duration from the due time, negative before it; `told` says who hears of it."""

    LABEL = PUBLIC

    after: str
    action: str
    told: list[str]


class ClockAnswer(Answer):
    """One clock. `verified` false: a configurable default, or no primary text read. A division may set
    from `least` to `most`."""

    LABEL = PUBLIC

    code: str
    text: str
    starts: str
    amount: int
    unit: str
    day_type: str
    pausable: bool
    extendable: bool
    least: int | None
    most: int | None
    critical: bool
    source: str
    verified: bool
    ladder: list[RungAnswer]
    again: str | None


class ClockTable(Answer):
    LABEL = PUBLIC
    edition: str
    clocks: list[ClockAnswer]


class DeadlineAnswer(Answer):
    """One clock that runs. `provisional`: counted over a year whose working days are not yet published."""

    LABEL = INTERNAL

    id: UUID
    clock: str
    text: str
    source: str
    verified: bool
    critical: bool
    state: str
    subject: str
    subject_id: UUID
    stage_id: UUID | None
    victim_id: UUID | None
    started_at: datetime
    due_at: datetime
    provisional: bool
    moved: bool
    version: int


class DeadlineList(Answer):
    LABEL = INTERNAL
    items: list[DeadlineAnswer]
    links: dict[str, str]


class AlarmAnswer(Answer):
    """One rung, as the caller's unit was told it; `late_unit_id` is whose work it is."""

    LABEL = INTERNAL

    id: UUID
    clock: str
    text: str
    told: str
    stage: str | None
    subject: str
    subject_id: UUID
    late_unit_id: UUID | None
    due_at: datetime
    raised_at: datetime
    links: dict[str, str]


class AlarmList(Answer):
    LABEL = INTERNAL
    items: list[AlarmAnswer]
    links: dict[str, str]


class OverrideBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "division_id": "0198c0de-0000-7000-8000-000000000005",
                    "clock": "stage_reply",
                    "amount": 12,
                    "reason": "示范北师市要求12小时内答复",
                }
            ]
        }
    )
    division_id: Id
    clock: Annotated[str, Field(strict=True, pattern=r"^[a-z0-9_]{1,60}$", max_length=60)]
    amount: Annotated[int, BeforeValidator(whole_number), Field(ge=1, le=1000)] = Field(
        description="In the clock's own unit."
    )
    reason: ShortText


class OverrideAnswer(Answer):
    LABEL = INTERNAL
    division_id: UUID
    clock: str
    text: str
    amount: int
    unit: str
    reason: str
    set_at: datetime
    version: int


class OverrideList(Answer):
    LABEL = INTERNAL
    items: list[OverrideAnswer]
    links: dict[str, str]


def seen_deadlines(file: CaseFile, actor: Actor, rows: Sequence[DeadlineRow]) -> list[DeadlineRow]:
    """The owner sees every clock; others those of the stages that they see, and the person's that such a stage keeps. Nobody
    sees here that a letter waits, which may be a complaint about them, nor an emergency: those have lists of their own."""
    if actor.unit_id == file.case.owner_unit_id:
        return [row for row in rows if row.subject not in WAITING_ON]
    seen = seen_stages(file, actor)
    stages, keepers = {stage.id for stage in seen}, {(stage.victim_id, stage.code) for stage in seen}
    return [
        row
        for row in rows
        if row.stage_id in stages
        or (row.stage_id is None and (row.victim_id, CLOCKS[row.clock].keeper) in keepers)
    ]


def deadline_answer(row: DeadlineRow, language: Language) -> DeadlineAnswer:
    clock = CLOCKS[row.clock]
    return DeadlineAnswer(
        id=row.id,
        clock=clock.code,
        text=clock.text.in_language(language),
        source=clock.source,
        verified=clock.verified,
        critical=clock.critical,
        state=row.state,
        subject=row.subject,
        subject_id=row.subject_id,
        stage_id=row.stage_id,
        victim_id=row.victim_id,
        started_at=row.started_at,
        due_at=row.due_at,
        provisional=row.provisional,
        moved=bool(row.moved_by),
        version=row.version,
    )


def alarm_answer(row: AlarmRow, language: Language) -> AlarmAnswer:
    links = {row.kind: f"/{row.kind}s/{row.file_id}"}
    if row.subject == "stage" and row.stage is not None:
        links["stage"] = f"/{row.stage}/{row.subject_id}"
    return AlarmAnswer(
        id=row.id,
        clock=row.clock,
        text=CLOCKS[row.clock].text.in_language(language),
        told=row.told,
        stage=row.stage,
        subject=row.subject,
        subject_id=row.subject_id,
        late_unit_id=row.late_unit_id,
        due_at=row.due_at,
        raised_at=row.raised_at,
        links=links,
    )


def override_answer(row: ClockOverrideRow, language: Language) -> OverrideAnswer:
    clock = CLOCKS[row.clock]
    return OverrideAnswer(
        division_id=row.division_id,
        clock=row.clock,
        text=clock.text.in_language(language),
        amount=row.amount,
        unit=clock.unit,
        reason=row.reason,
        set_at=row.set_at,
        version=row.version,
    )
