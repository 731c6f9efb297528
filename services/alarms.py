"""Telling units that something is due: one rung of one clock at a time, an entry and a row for each who is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from domain.clocks import CLOCKS
from domain.identifiers import new_id
from domain.ladders import Rung, Told
from domain.mandates import MANDATES
from domain.stages import ENDED_STATES, StageCode
from services.case_files import CaseFile
from services.levels import units_above
from services.records.cases import StageRow
from services.records.clocks import AlarmRow, DeadlineRow
from services.report_files import ARTICLES, ReportFile
from services.rung_effects import RUNG_EFFECTS
from services.timeline import Note
from services.unanswered import WAITING_ON, tell_auditors

_OWN_UNIT: Final = (Told.UNIT, Told.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Heard:
    """A unit that is told, and as what."""

    told: Told
    unit_id: UUID


def sound_in_case(file: CaseFile, deadline: DeadlineRow, rung: Rung) -> None:
    """Tell those of this rung, on the timeline and in their list of alarms. A unit in conflict is told nothing."""
    stage = _stage_of(file, deadline)
    late = _late_units(file, deadline, stage)
    heard = [
        one
        for unit_id in late
        for one in _in_case(file, stage, unit_id, rung)
        if one.unit_id not in file.units_in_conflict()
    ]
    articles = MANDATES[StageCode(stage.code)].articles if stage else CLOCKS[deadline.clock].articles
    if Told.AUDITORS in rung.told:
        tell_auditors(file, deadline.subject_id)
    file.note(_note(deadline, rung, heard, articles, stage))
    about = {"stage": stage.code if stage else None, "late_unit_id": late[0], "raised_at": file.at}
    _write(file.session, deadline, heard, {**about, "division_id": file.case.division_id})


def sound_in_report(file: ReportFile, deadline: DeadlineRow, rung: Rung) -> None:
    """The same for a report; the level above that is told reads it from now on and may act."""
    heard = list(_in_report(file, rung))
    file.note(_note(deadline, rung, heard, ARTICLES, None))
    about = {"stage": None, "late_unit_id": file.report.unit_id, "raised_at": file.at}
    _write(file.session, deadline, heard, {**about, "division_id": None})


def _stage_of(file: CaseFile, deadline: DeadlineRow) -> StageRow | None:
    """The stage that a clock is about, or the open one whose unit keeps this clock of the person."""
    if deadline.stage_id is not None:
        return file.stage(deadline.stage_id)
    keeper = CLOCKS[deadline.clock].keeper
    open_now = (s for s in file.of(deadline.victim_id) if s.state not in ENDED_STATES and s.code == keeper)
    return next(open_now, None)


def _late_units(file: CaseFile, deadline: DeadlineRow, stage: StageRow | None) -> list[UUID]:
    """Whose work it is: those who confirm a conflict, answer an approval or a letter, or review an emergency; who is responsible
    for the stage; with none, or once the stage has ended, the case's owner."""
    if deadline.subject in WAITING_ON:
        return WAITING_ON[deadline.subject](file, deadline.subject_id) or [file.case.owner_unit_id]
    asked = {a.unit_id for a in file.agreements if a.id == deadline.subject_id and a.unit_id is not None}
    if asked:
        return sorted(asked)
    if stage is None or stage.unit_id is None or stage.state in ENDED_STATES:
        return [file.case.owner_unit_id]
    return [stage.unit_id]


def _in_case(file: CaseFile, stage: StageRow | None, late: UUID, rung: Rung) -> Iterator[Heard]:
    for told in rung.told:
        if told in _OWN_UNIT:
            yield Heard(told, late)
        elif told is Told.OWNER:
            yield Heard(told, file.case.owner_unit_id)
        elif told is Told.OFFERED:
            yield from _offered(file, stage)
        elif told is Told.AUDITORS:
            continue  # they sit in no unit of the case: told in a list of their own
        elif told is not Told.CANDIDATE:
            yield from _higher(file.session, late, told)
        elif stage is not None and (effect := RUNG_EFFECTS.get(told)) and (unit_id := effect(file, stage)):
            yield Heard(told, unit_id)


def _offered(file: CaseFile, stage: StageRow | None) -> Iterator[Heard]:
    unit_id = stage.offered_unit_id if stage else file.case.offered_unit_id
    if unit_id is not None:
        yield Heard(Told.OFFERED, unit_id)


def _higher(session: Session, unit_id: UUID, told: Told) -> Iterator[Heard]:
    """The level right above, or the top; nobody is above the top, which is told itself."""
    levels = units_above(session, unit_id) or [unit_id]
    yield Heard(told, levels[0] if told is Told.ABOVE else levels[-1])


def _in_report(file: ReportFile, rung: Rung) -> Iterator[Heard]:
    report = file.report
    for told in rung.told:
        if told not in (Told.ABOVE, Told.CORPS):
            duty = (report.unit_id, report.second_unit_id)
            yield from (Heard(told, unit_id) for unit_id in duty if unit_id is not None)
            continue
        reached = report.above_unit_id or report.unit_id
        higher = next(_higher(file.session, reached, told))
        if higher.unit_id != report.unit_id:
            report.above_unit_id = higher.unit_id
        yield higher


def _note(
    deadline: DeadlineRow, rung: Rung, heard: list[Heard], articles: tuple[int, ...], stage: StageRow | None
) -> Note:
    return Note(
        rung.action,
        deadline.subject,
        deadline.subject_id,
        articles=articles,
        stage=stage.code if stage else None,
        stage_id=stage.id if stage else None,
        victim_id=deadline.victim_id,
        rule=deadline.clock,
        reason=" ".join(dict.fromkeys(one.told for one in heard)) or None,
        unit_id=heard[0].unit_id if heard else None,
    )


def _write(session: Session, deadline: DeadlineRow, heard: list[Heard], about: Mapping[str, object]) -> None:
    rows = [
        {
            "file_id": deadline.file_id,
            "id": new_id(),
            "kind": deadline.kind,
            "deadline_id": deadline.id,
            "rung": deadline.rung,
            "told": one.told,
            "clock": deadline.clock,
            "subject": deadline.subject,
            "subject_id": deadline.subject_id,
            "unit_id": one.unit_id,
            "due_at": deadline.due_at,
            **about,
        }
        for one in dict.fromkeys(heard)
    ]
    if rows:
        session.execute(insert(AlarmRow), rows)
