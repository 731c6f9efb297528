"""Clocks that a record, a move or a fact about a person starts or meets, as `domain.clock_starts` says."""

from datetime import date, datetime
from uuid import UUID

from domain.clock_starts import (
    ENDS_WITH_STAGE,
    MET_BY_IDENTITY,
    OnRecord,
    Start,
    Whose,
    on_move,
    on_record,
)
from domain.clocks import birthday, start_of
from domain.people import ADULT_AGE, Known, Person
from domain.stages import ENDED_STATES, StageCode
from services.case_facts import person_of
from services.case_files import CaseFile, OpenRecord, Victim
from services.deadlines import Subject, running
from services.openings import clock_subject
from services.records.cases import StageRow

_INFANT_YEARS = 1


def clocks_of_record(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    """Start what this record starts, meet what it was waited for."""
    rows = list(on_record(StageCode(stage.code), record.row.kind, record.body))
    for row in rows:
        _meet(file, stage, row)
    if rows and stage.due_clock is None:
        _show_what_is_left(file, stage)
    for start in (start for row in rows for start in row.starts):
        if _applies(file, stage, start):
            _start(file, stage, start, _counted_from(record, start))


def clocks_of_move(file: CaseFile, stage: StageRow, action: str) -> None:
    """The same for a move of the stage; with the stage end those of the person's clocks that are its own."""
    for row in on_move(StageCode(stage.code), action):
        for clock in row.meets:
            file.clocks.stop(stage.id, file.at, clock, met=True)
        for start in row.starts:
            _start(file, stage, start, file.at)
    if stage.state in ENDED_STATES and stage.victim_id is not None:
        for clock in ENDS_WITH_STAGE.get(StageCode(stage.code), ()):
            file.clocks.stop(stage.victim_id, file.at, clock)


def clocks_of_person(file: CaseFile, victim: Victim, changed: frozenset[str]) -> None:
    """The same for what was learned of a person: freedom, age, identity."""
    person = person_of(file, victim.row.id)
    assert person is not None
    if "account.liberty_at" in changed and person.liberty_at is not None:
        file.clocks.restart(_person(victim.row.id), "annulment_year", person.liberty_at)
    if "identity.birth_date" in changed:
        _learn_birth_date(file, victim.row.id, person)
    if "situation.identity_known" in changed and person.situation.identity_known is Known.YES:
        for clock in MET_BY_IDENTITY:
            file.clocks.stop(victim.row.id, file.at, clock, met=True)


def _meet(file: CaseFile, stage: StageRow, row: OnRecord) -> None:
    for clock, whose in row.meets:
        if stage.due_clock == clock:
            stage.due_clock, stage.due_at = None, None
        subject_id = stage.id if whose is Whose.STAGE else stage.victim_id
        if subject_id is not None:
            file.clocks.stop(subject_id, file.at, clock, met=True)


def _applies(file: CaseFile, stage: StageRow, start: Start) -> bool:
    if not start.asked(person_of(file, stage.victim_id)):
        return False
    if start.after is None:
        return True
    kind, name, value = start.after
    return any(
        record.row.kind == kind and record.body.get(name) == value
        for record in file.records.get(stage.id, [])
    )


def _start(file: CaseFile, stage: StageRow, start: Start, at: datetime) -> None:
    subject = clock_subject(stage)
    if start.whose is Whose.VICTIM:
        assert stage.victim_id is not None, "a clock of a person is started in a stage of a person"
        subject = _person(stage.victim_id)
    if start.once:
        file.clocks.start_once(subject, start.clock, at)
        return
    due = file.clocks.start(subject, start.clock, at)
    if start.whose is Whose.STAGE:
        _show(stage, start.clock, due)


def _show(stage: StageRow, clock: str, due: datetime) -> None:
    """The stage's due time is that of the most urgent of its clocks."""
    if stage.due_at is None or stage.due_clock == clock or due < stage.due_at:
        stage.due_clock, stage.due_at = clock, due


def _show_what_is_left(file: CaseFile, stage: StageRow) -> None:
    for row in running(file.session, file.id, stage.id):
        if not file.clocks.is_ending(row):
            _show(stage, row.clock, row.due_at)


def _counted_from(record: OpenRecord, start: Start) -> datetime:
    """The start of the civil day that the record names, or the moment at which it happened."""
    day = record.body.get(start.counted_from) if start.counted_from else None
    return start_of(date.fromisoformat(day)) if isinstance(day, str) else record.row.happened_at


def _person(victim_id: UUID) -> Subject:
    return Subject("victim", victim_id, None, victim_id)


def _learn_birth_date(file: CaseFile, victim_id: UUID, person: Person) -> None:
    born = person.age.birth_date
    if born is None:
        return
    file.clocks.stop(victim_id, file.at, "eighteenth_birthday")
    if person.minor:
        due = start_of(birthday(born, ADULT_AGE))
        file.clocks.restart(_person(victim_id), "eighteenth_birthday", file.at, due)
    unregistered = person.situation.household_registered is not Known.YES
    if unregistered and birthday(born, _INFANT_YEARS) > person.today:
        file.clocks.restart(_person(victim_id), "birth_registration", start_of(born))
