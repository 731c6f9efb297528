"""How a case and its stages stand, told in the entries that changed it, with what its clocks did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from domain.as_of import CaseStanding, StageStanding, Standing, written
from domain.mandates import MANDATES
from domain.stages import StageCode
from services.deadline_writes import ClockStep
from services.records.cases import CaseRow, StageRow
from services.timeline import Note

Standings = Mapping[UUID | None, Standing]
"""By stage; under None the case's own."""


def standings(case: CaseRow, stages: Iterable[StageRow]) -> Standings:
    own = CaseStanding(
        state=case.state,
        round=case.round,
        owner_unit_id=case.owner_unit_id,
        owner_agency=case.owner_agency,
        offered_unit_id=case.offered_unit_id,
        closing_reason=case.closing_reason,
    )
    return {None: own, **{stage.id: _of(stage) for stage in stages}}


def _of(stage: StageRow) -> StageStanding:
    return StageStanding(
        code=stage.code,
        victim_id=stage.victim_id,
        round=stage.round,
        state=stage.state,
        unit_id=stage.unit_id,
        agency=stage.agency,
        offered_unit_id=stage.offered_unit_id,
        officer_id=stage.officer_id,
        deputy_id=stage.deputy_id,
        due_clock=stage.due_clock,
        due_at=stage.due_at,
    )


def with_standings(notes: Sequence[Note], case_id: UUID, before: Standings, after: Standings) -> list[Note]:
    """The notes, the last of each stage (and of the case) telling how it stands where that changed; one of its own where
    nothing else was entered of it."""
    told = list(notes)
    for stage_id, stands in after.items():
        if before.get(stage_id) == stands:
            continue
        place = _last(told, stage_id)
        if place is None:
            place = len(told)
            told.append(_restated(case_id, stage_id, stands))
        told[place] = replace(told[place], stands=written(stands))
    return told


def with_clocks(notes: Sequence[Note], case_id: UUID, steps: Iterable[ClockStep]) -> list[Note]:
    """The notes, with what each clock did beside what was entered of its stage, so that who reads the one reads the other."""
    told = list(notes)
    for step in steps:
        place = _last(told, step.stage_id)
        if place is None:
            place = len(told)
            told.append(
                Note("restate", "case", case_id, stage_id=step.stage_id, victim_id=step.victim_id)
                if step.stage_id is None
                else Note("restate", "stage", step.stage_id, stage_id=step.stage_id, victim_id=step.victim_id)
            )
        told[place] = replace(told[place], clocks=[*told[place].clocks, step.written])
    return told


def _last(notes: Sequence[Note], stage_id: UUID | None) -> int | None:
    found = [place for place, note in enumerate(notes) if note.stage_id == stage_id]
    return found[-1] if found else None


def _restated(case_id: UUID, stage_id: UUID | None, stands: Standing) -> Note:
    if stage_id is None or isinstance(stands, CaseStanding):
        return Note("restate", "case", case_id, articles=(20,))
    code = StageCode(stands.code)
    return Note(
        "restate",
        "stage",
        stage_id,
        articles=MANDATES[code].articles,
        stage=code,
        stage_id=stage_id,
        victim_id=stands.victim_id,
        source=stands.state,
        target=stands.state,
    )
