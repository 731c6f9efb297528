"""A case as one piece: loaded once under its lock, changed in memory, saved with its entries, clocks and access rows.

Saving writes what changed, the entries in one statement, and the case row last.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.refusals import NotFound
from domain.stages import ENDED_STATES, StageCode
from services import access
from services.deadlines import RunningClocks
from services.records.cases import CaseRow, StageRecordRow, StageRow, VictimRow
from services.sealed_values import Content, KeyRing
from services.standings import Standings, standings, with_clocks, with_standings
from services.timeline import Note, append


@dataclass(frozen=True, slots=True)
class Agreement:
    """Something in force: a given consent or other basis, an approval asked for or granted, a conflict not cleared.

    `about` is the victim of a consent, the subject of an approval, the victim, unit or account of a conflict; `purpose` the
    purpose, the action, or the conflict's kind. `unit_id` reads the file for it: who is to approve, who is to confirm.
    `since` and `voice` (given_by) of a consent say when it was given and in whose voice, `basis` on what it rests.
    """

    kind: str
    id: UUID
    about: UUID
    purpose: str
    state: str
    unit_id: UUID | None
    since: datetime | None = None
    voice: str | None = None
    basis: str | None = None


@dataclass(slots=True)
class Victim:
    """A victim's row with their sections open; `revisions` says which revision of each section is current."""

    row: VictimRow
    sections: dict[str, Content] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenRecord:
    row: StageRecordRow
    body: Content


@dataclass(slots=True)
class CaseFile:
    """One case in one transaction. `at` is the database's clock at the moment of the lock."""

    session: Session
    actor: Actor | None
    case: CaseRow
    at: datetime
    keys: KeyRing
    stages: list[StageRow] = field(default_factory=list)
    units: dict[UUID, dict[str, set[UUID]]] = field(default_factory=dict)
    agreements: list[Agreement] = field(default_factory=list)
    victims: dict[UUID, Victim] = field(default_factory=dict)
    records: dict[UUID, list[OpenRecord]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    complete: set[UUID] = field(default_factory=set)  # stages whose records are all in `records`
    clocks: RunningClocks = field(default_factory=RunningClocks)
    _units_before: set[UUID] = field(default_factory=set)
    _stood: Standings = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        return self.case.id

    def stage(self, stage_id: UUID) -> StageRow:
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise NotFound

    def of(self, victim_id: UUID | None) -> Iterator[StageRow]:
        return (
            stage for stage in self.stages if stage.victim_id == victim_id and stage.round == self.case.round
        )

    def open_stages(self) -> list[StageRow]:
        return [stage for stage in self.stages if stage.state not in ENDED_STATES]

    def related(self, stage_id: UUID, relation: str) -> set[UUID]:
        return self.units.get(stage_id, {}).get(relation, set())

    def units_at_work(self) -> set[UUID]:
        """Every unit that has work in this case now; with it the right to read begins and ends."""
        at_work = {self.case.owner_unit_id, self.case.offered_unit_id}
        for stage in self.open_stages():
            at_work |= {stage.unit_id, stage.offered_unit_id}
            at_work |= self.related(stage.id, "attached") | self.related(stage.id, "invited")
        at_work |= {
            a.unit_id
            for a in self.agreements
            if a.kind == "conflict" or (a.kind, a.state) == ("approval", "asked")
        }
        return {unit_id for unit_id in at_work if unit_id is not None} - self.units_in_conflict()

    def in_force(self, kind: str, about: UUID | None, purpose: str | None = None) -> list[Agreement]:
        """Consents, approvals or conflicts about this subject; of one purpose if it is named."""
        return [
            a for a in self.agreements if a.kind == kind and a.about == about and purpose in (None, a.purpose)
        ]

    def units_in_conflict(self) -> set[UUID]:
        """Units that read and move nothing here: those in question (rule 4), and those that a reporter asked to be spared."""
        in_question = {a.about for a in self.agreements if a.kind == "conflict" and a.purpose == "unit"}
        return in_question | set(self.case.kept_from)

    def guardian_in_conflict(self, victim_id: UUID | None) -> bool:
        """Whether the guardian of this person has no access and no say (rule 3)."""
        return bool(self.in_force("conflict", victim_id, "guardian"))

    def guardian_in_conflict_since(self, victim_id: UUID | None) -> datetime | None:
        """When the last guardian of this person was put in question who still is."""
        return max(
            (a.since for a in self.in_force("conflict", victim_id, "guardian") if a.since), default=None
        )

    @property
    def phase(self) -> StageCode | None:
        """The least advanced open stage of any victim; never stored, so that it cannot differ from the stages."""
        still_open = {StageCode(stage.code) for stage in self.open_stages()}
        return next((code for code in StageCode if code in still_open), None)

    def note(self, note: Note) -> None:
        self.notes.append(note)

    def save(self) -> None:
        """Write what changed. The case's version moves with every write in it."""
        self.case.version += 1
        steps, stands = self.clocks.write(self.session, "case", self.id), standings(self.case, self.stages)
        notes = with_standings(with_clocks(self.notes, self.id, steps), self.id, self._stood, stands)
        append(self.session, self.case, self.actor, self.at, notes)
        self.notes.clear()
        self._stood = stands
        access.keep_access(self.session, "case", self.case.id, self._units_before, self.units_at_work())
        self.session.flush()
        self._units_before = self.units_at_work()

    def remember(self) -> None:
        """Keep in mind who may read and how all stands now, so that saving tells the difference only."""
        self._units_before = self.units_at_work()
        self._stood = standings(self.case, self.stages)
