"""Everything that is known of one person, as one bundle for them: written down before it leaves."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Date, cast, func, or_, select
from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.compartments import consent_compartment, record_compartment
from domain.consents import PURPOSE_STAGES, GivenBy, Purpose
from domain.disclosure import presence
from domain.disclosure_table import Relation
from domain.own_door import NOT_FOR_GUARDIANS, kept_from_guardian
from domain.refusals import FieldRefused, RoleNotAllowed
from domain.stages import StageCode
from domain.subject_access import (
    INVESTIGATION_STAGES,
    exported_fields,
    exports,
    guardian_reads,
    may_export,
    without_others,
)
from services.access import record_read
from services.case_facts import person_of
from services.case_files import CaseFile, Victim
from services.case_loading import load_records
from services.door_codes import guardian_voice
from services.protected_cases import open_protected_case
from services.records.access import ReadLogRow
from services.records.agencies import UnitRow
from services.records.cases import ConsentRow, StageRow
from services.records.clocks import DeadlineRow
from services.records.reports import ReportRow
from services.sharing import what_was_shared
from services.timeline import Note
from services.victim_sections import revisions
from services.victims import victim_of

SUBJECT: Final = "subject_export"
ACTION: Final = "export_person"
_MOST: Final = 1000
Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Withheld:
    """Something that is not in the bundle, and why: `third_party`, `investigation`, `not_read_by_this_unit`,
    `kept_from_guardian`."""

    what: str
    why: str


@dataclass(slots=True)
class Bundle:
    """All of it, as JSON values."""

    case_number: str
    victim_id: UUID
    sections: dict[str, list[Line]] = field(default_factory=dict)
    consents: list[Line] = field(default_factory=list)
    stages: list[Line] = field(default_factory=list)
    records: list[Line] = field(default_factory=list)
    deadlines: list[Line] = field(default_factory=list)
    readers: list[Line] = field(default_factory=list)
    sources: list[Line] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Asked:
    file: CaseFile
    victim: Victim
    actor: Actor
    guardian: bool
    bundle: Bundle

    @property
    def relations(self) -> set[Relation]:
        owns = self.actor.unit_id == self.file.case.owner_unit_id
        return {presence(self.actor), *({Relation.OWNER} if owns else ())}

    def add(self, where: list[Line], what: str, line: Line, content: Line) -> None:
        kept, left_out = without_others(content)
        where.append({**line, "content": kept})
        self.bundle.withheld += [Withheld(f"{what}.{name}", "third_party") for name in left_out]


def export_person(
    session: Session, actor: Actor, who: tuple[UUID, UUID], *, for_guardian: bool
) -> tuple[Bundle, CaseFile]:
    """The bundle; the export is on the timeline and in the log of reads in the same transaction.

    NotFound; RoleNotAllowed for all but the owner's caseworkers and the data protection officer; FieldRefused for the guardian
    of an adult, while the guardian is in question, and while nobody is on record as safe or temporary.
    """
    file = open_protected_case(session, actor, who[0])
    victim = victim_of(file, who[1])
    if not may_export(actor, owns_case=actor.unit_id == file.case.owner_unit_id):
        raise RoleNotAllowed(actor.role, [Role.CASEWORKER, Role.DATA_PROTECTION_OFFICER])
    if for_guardian:
        _require_guardian(file, victim)
    asked = _Asked(file, victim, actor, for_guardian, Bundle(file.case.number, victim.row.id))
    for part in (_sections, _consents, _stages, _deadlines, _readers, _sources):
        part(asked)
    record_read(session, actor, subject=SUBJECT, file_id=file.id, subject_id=victim.row.id)
    told = "for_guardian" if for_guardian else "for_person"
    file.note(Note(ACTION, "victim", victim.row.id, articles=(39,), victim_id=victim.row.id, reason=told))
    file.save()
    return asked.bundle, file


def _require_guardian(file: CaseFile, victim: Victim) -> None:
    person = person_of(file, victim.row.id)
    if person is None or not person.minor:
        raise FieldRefused(("recipient", "not_a_child"))
    if file.guardian_in_conflict(victim.row.id):
        raise FieldRefused(("recipient", "guardian_in_question"))
    if guardian_voice(file, victim.row.id) is None:
        raise FieldRefused(("recipient", "guardian_not_confirmed"))


def _sections(asked: _Asked) -> None:
    for name in sorted(asked.victim.sections):
        mine = exported_fields(asked.actor, asked.relations, name)
        found = [dict(content) for content in revisions(asked.file, asked.victim, name)]
        not_mine = {field for content in found for field in content} - mine
        asked.bundle.withheld += [
            Withheld(f"{name}.{field}", "not_read_by_this_unit") for field in sorted(not_mine)
        ]
        if asked.guardian:
            theirs = mine & guardian_reads(name)
            asked.bundle.withheld += [
                Withheld(f"{name}.{field}", "kept_from_guardian") for field in sorted(mine - theirs)
            ]
            mine = theirs
        if not mine:
            continue
        lines = asked.bundle.sections.setdefault(name, [])
        for content in found:
            asked.add(lines, name, {}, {field: value for field, value in content.items() if field in mine})


def _consents(asked: _Asked) -> None:
    """With what was shared under each. Words are the person's or their guardian's own; whoever explained is not named."""
    query = select(ConsentRow).where(
        ConsentRow.case_id == asked.file.id, ConsentRow.victim_id == asked.victim.row.id
    )
    rows = asked.file.session.execute(query.order_by(ConsentRow.id).limit(_MOST)).scalars().all()
    words: dict[UUID, Line] = {}
    for value in asked.file.keys.read([row.id for row in rows]):
        words.setdefault(value.row_id, {})[value.section] = value.content
    agencies = _agencies(asked)
    names = ("purpose", "basis", "state", "round", "asked_at", "decided_at", "given_by", "ended_at")
    for row in rows:
        if asked.guardian and row.given_by == GivenBy.SELF:
            asked.bundle.withheld.append(Withheld(f"consent.{row.purpose}", "kept_from_guardian"))
            continue
        shared = [
            {
                "agency": agencies(one.unit_id),
                "role": one.role,
                "since": one.since,
                "reads": [read.subject for read in one.reads],
            }
            for one in what_was_shared(asked.file, row)
        ]
        line: Line = {**{name: getattr(row, name) for name in names}, "shared": shared}
        asked.add(
            asked.bundle.consents, f"consent.{row.purpose}", line, _words(asked, row, words.get(row.id, {}))
        )


def _words(asked: _Asked, row: ConsentRow, said: Line) -> Line:
    """What was said with a consent, as far as whoever asks reads it; else nothing, and it is named."""
    place = consent_compartment(PURPOSE_STAGES.get(Purpose(row.purpose)))
    asked_it = {Relation.AUTHOR} if row.unit_id == asked.actor.unit_id else set()
    if exports(asked.actor, asked.relations | asked_it, place):
        return said
    asked.bundle.withheld.append(Withheld(f"consent.{row.purpose}", "not_read_by_this_unit"))
    return {}


def _stages(asked: _Asked) -> None:
    names = ("code", "state", "round", "agency", "opened_at", "begun_at", "ended_at")
    for stage in asked.file.stages:
        if stage.victim_id != asked.victim.row.id:
            continue
        if not (asked.guardian and stage.code in NOT_FOR_GUARDIANS):
            asked.bundle.stages.append({name: getattr(stage, name) for name in names})
        _records(asked, stage)


def _records(asked: _Asked, stage: StageRow) -> None:
    code = StageCode(stage.code)
    if code in INVESTIGATION_STAGES:
        asked.bundle.withheld.append(Withheld(f"records of {code}", "investigation"))
        return
    holds = asked.actor.unit_id == stage.unit_id
    relations = asked.relations | ({Relation.RESPONSIBLE} if holds else set())
    load_records(asked.file, stage)
    for record in asked.file.records[stage.id]:
        if not exports(asked.actor, relations, record_compartment(code, record.row.kind)):
            asked.bundle.withheld.append(Withheld(f"{code}.{record.row.kind}", "not_read_by_this_unit"))
            continue
        if asked.guardian and (record.row.kind != "child_view" or kept_from_guardian(record.body)):
            asked.bundle.withheld.append(Withheld(f"{code}.{record.row.kind}", "kept_from_guardian"))
            continue
        line: Line = {
            "stage": stage.code,
            "kind": record.row.kind,
            "agency": record.row.agency,
            "happened_at": record.row.happened_at,
            "recorded_at": record.row.recorded_at,
        }
        asked.add(asked.bundle.records, f"{code}.{record.row.kind}", line, dict(record.body))


def _deadlines(asked: _Asked) -> None:
    own = [stage.id for stage in asked.file.stages if stage.victim_id == asked.victim.row.id]
    query = select(DeadlineRow).where(
        DeadlineRow.file_id == asked.file.id,
        or_(DeadlineRow.victim_id == asked.victim.row.id, DeadlineRow.stage_id.in_(own)),
    )
    names = ("clock", "state", "started_at", "due_at", "ended_at")
    for row in asked.file.session.execute(query.order_by(DeadlineRow.due_at).limit(_MOST)).scalars():
        asked.bundle.deadlines.append({name: getattr(row, name) for name in names})


def _readers(asked: _Asked) -> None:
    """Who read the record: role, agency and day, no names."""
    day = cast(func.timezone("Asia/Shanghai", ReadLogRow.read_at), Date)
    own = [stage.id for stage in asked.file.stages if stage.victim_id == asked.victim.row.id]
    query = (
        select(ReadLogRow.role, UnitRow.agency, day, ReadLogRow.subject)
        .join(UnitRow, UnitRow.id == ReadLogRow.unit_id)
        .where(
            ReadLogRow.file_id == asked.file.id,
            ReadLogRow.subject_id.in_([asked.file.id, asked.victim.row.id, *own]),
        )
        .distinct()
        .order_by(day, UnitRow.agency, ReadLogRow.role, ReadLogRow.subject)
        .limit(_MOST)
    )
    asked.bundle.readers += [
        {"role": role, "agency": agency, "day": on, "subject": subject}
        for role, agency, on, subject in asked.file.session.execute(query)
    ]


def _sources(asked: _Asked) -> None:
    """Where it came from: the reports behind the case by their kind, never by whom."""
    query = select(ReportRow.kind, ReportRow.received_at).where(ReportRow.case_id == asked.file.id)
    rows = asked.file.session.execute(query.order_by(ReportRow.received_at).limit(_MOST))
    asked.bundle.sources += [{"kind": f"report:{kind}", "at": at} for kind, at in rows]
    asked.bundle.withheld.append(Withheld("reports", "third_party"))


def _agencies(asked: _Asked) -> "_Agencies":
    return _Agencies(asked.file.session)


@dataclass(slots=True)
class _Agencies:
    """The agency behind a unit, looked up once each."""

    session: Session
    known: dict[UUID, str] = field(default_factory=dict)

    def __call__(self, unit_id: UUID) -> str:
        if unit_id not in self.known:
            query = select(UnitRow.agency).where(UnitRow.id == unit_id)
            self.known[unit_id] = self.session.execute(query).scalar_one()
        return self.known[unit_id]
