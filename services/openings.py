"""Stages that open by rule or by plan, and go at once to the unit that serves the place."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import clocks
from domain.agencies import Agency
from domain.identifiers import new_id
from domain.mandates import MANDATES
from domain.openings import Progress, openings
from domain.routing import candidates
from domain.stages import ENDED_STATES, StageCode, StageState
from domain.workflow import decide_by_rule
from services.case_facts import last_finding, offer_again_from, person_of, subject_of
from services.case_files import CaseFile
from services.deadlines import Subject as ClockSubject
from services.records.cases import StageRow, StageUnitRow
from services.routing import Serving, serving
from services.timeline import Note


@dataclass(frozen=True, slots=True)
class NewStage:
    """A stage to open: whose, which, and the rule that says so (None: planned by the case's owner)."""

    code: StageCode
    victim_id: UUID | None
    rule: str | None
    article: int


def open_due_stages(
    file: CaseFile, stranded: Collection[UUID] = (), *, everybody: bool = False
) -> list[StageRow]:
    """Fire every opening rule on every person whom this round concerns; each stage opens once a round.

    `stranded`: the people whose stranded period has just passed. `everybody`: the case itself was opened again.
    """
    due = [
        NewStage(opening.stage, victim_id, opening.rule, opening.article)
        for victim_id in file.victims
        if (everybody or _concerned(file, victim_id)) and not file.victims[victim_id].sections.get("death")
        if (person := person_of(file, victim_id)) is not None
        for opening in openings(
            person, _progress(file, victim_id, stranded=victim_id in stranded), _not_to_open(file, victim_id)
        )
    ]
    return open_stages(file, due)


def _concerned(file: CaseFile, victim_id: UUID) -> bool:
    """Somebody new, or with a stage in this round: reopening one matter alone contacts nobody else."""
    rounds = {stage.round for stage in file.stages if stage.victim_id == victim_id}
    return not rounds or file.case.round in rounds


def _not_to_open(file: CaseFile, victim_id: UUID) -> set[StageCode]:
    """What this round has, and what was declined in an earlier one so lately that nobody asks again; danger is new danger."""
    declined = {
        StageCode(stage.code)
        for stage in file.stages
        if stage.victim_id == victim_id
        and stage.code != StageCode.RESCUE
        and (offer_again_from(file, stage) or file.at) > file.at
    }
    return declined | {StageCode(stage.code) for stage in file.of(victim_id)}


def open_stages(file: CaseFile, wanted: Sequence[NewStage]) -> list[StageRow]:
    """Plan and route: planned -> routed to the first candidate. With no lead's unit anywhere it stays planned, and
    lies in its owner's inbox as still to be routed."""
    if not wanted:
        return []
    agencies = {agency for new in wanted for agency in MANDATES[new.code].leads}
    served = serving(file.session, file.case.place_id, agencies)
    return [_open(file, new, served) for new in wanted]


def _progress(file: CaseFile, victim_id: UUID, *, stranded: bool) -> Progress:
    own = {StageCode(stage.code): stage for stage in file.of(victim_id)}
    shelter = own.get(StageCode.SHELTER)
    agreed = {a.purpose: a.voice for a in file.in_force("consent", victim_id)}
    return Progress(
        in_care=shelter is not None and shelter.state not in ENDED_STATES,
        left_care=shelter is not None and shelter.state == StageState.COMPLETED,
        repatriation_consent="repatriation" in agreed,
        tracing_asked=agreed.get("family_tracing") == "self",
        schooling_asked="schooling" in agreed,
        emergency=any(stage.opened_by == "on_receipt_in_emergency" for stage in file.of(None)),
        rescue_needed_at=_rescue_needed_at(file, victim_id),
        stranded=stranded,
    )


def _rescue_needed_at(file: CaseFile, victim_id: UUID) -> datetime | None:
    finding = last_finding(file, victim_id)
    needed = finding is not None and finding.body.get("outcome") == "rescue_needed"
    return finding.row.happened_at if finding is not None and needed else None


def _open(file: CaseFile, new: NewStage, served: Serving) -> StageRow:
    stage = StageRow(
        case_id=file.case.id,
        id=new_id(),
        victim_id=new.victim_id,
        code=new.code,
        round=file.case.round,
        state=StageState.PLANNED,
        opened_by=new.rule or "owner",
        opened_at=file.at,
        version=1,
    )
    file.session.add(stage)
    file.stages.append(stage)
    file.units[stage.id] = {"attached": set(), "invited": set()}
    file.note(_opened(stage, new))
    if found := candidates(new.code, served.upward, file.units_in_conflict()):
        route_by_rule(file, stage, found[0], new)
        attach_leads(file, stage, served)
    return stage


def _opened(stage: StageRow, new: NewStage) -> Note:
    return Note(
        "plan",
        "stage",
        stage.id,
        articles=(new.article,),
        stage=stage.code,
        stage_id=stage.id,
        victim_id=stage.victim_id,
        target=stage.state,
        rule=new.rule,
    )


def route_by_rule(file: CaseFile, stage: StageRow, found: tuple[Agency, UUID], new: NewStage) -> None:
    move = decide_by_rule(subject_of(file, stage), "route")
    agency, unit_id = found
    set_routed(file, stage, unit_id, agency)
    file.note(
        Note(
            "route",
            "stage",
            stage.id,
            articles=MANDATES[new.code].articles,
            stage=stage.code,
            stage_id=stage.id,
            victim_id=stage.victim_id,
            source=StageState.PLANNED,
            target=move.target,
            rule=new.rule or "default_unit",
            unit_id=unit_id,
        )
    )


def set_routed(file: CaseFile, stage: StageRow, unit_id: UUID, agency: Agency) -> None:
    """The stage lies with that unit, and its reply-by runs."""
    stage.state = StageState.ROUTED
    stage.unit_id, stage.agency = unit_id, agency
    stage.officer_id = stage.deputy_id = None
    stage.routed_at = file.at
    wait_for(file, stage, clocks.stage_reply_clock(StageCode(stage.code)))


def wait_for(file: CaseFile, stage: StageRow, clock: str | None, *, due: datetime | None = None) -> None:
    """From now on the stage waits for this, its principal clock; None: for nothing. What it waited for before is met."""
    if stage.due_clock is not None:
        file.clocks.stop(stage.id, file.at, stage.due_clock, met=True)
    stage.due_clock, stage.due_at = clock, None
    if clock is not None:
        stage.due_at = file.clocks.start(clock_subject(stage), clock, file.at, due)


def clock_subject(stage: StageRow) -> ClockSubject:
    """The stage as its clocks know it."""
    return ClockSubject("stage", stage.id, stage.id, stage.victim_id)


def attach_leads(file: CaseFile, stage: StageRow, served: Serving) -> None:
    """Other leads of the article see the stage and add their own records; they never move it."""
    beside = file.related(stage.id, "attached") | file.related(stage.id, "invited")
    in_question = file.units_in_conflict()
    for lead in MANDATES[StageCode(stage.code)].leads:
        served_by = served.upward.get(lead, ()) if lead != stage.agency else ()
        nearest = next((unit_id for unit_id in served_by if unit_id not in in_question), None)
        if nearest not in beside:
            add_units(file, stage, "attached", [nearest])


def add_units(file: CaseFile, stage: StageRow, relation: str, unit_ids: Iterable[UUID | None]) -> None:
    for unit_id in unit_ids:
        if unit_id is not None:
            row = StageUnitRow(case_id=file.case.id, stage_id=stage.id, unit_id=unit_id, relation=relation)
            file.session.add(row)
            file.units[stage.id][relation].add(unit_id)
