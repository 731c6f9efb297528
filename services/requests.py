"""Nameless requests: help asked of an agency that reads no cases. It reads the request and nothing of the case."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.identifiers import new_id
from domain.mandates import MANDATES
from domain.refusals import FieldRefused, NotFound
from domain.requests import Need, may_be_requested, names_somebody, naming_words
from domain.stages import ENDED_STATES, StageCode
from domain.workflow import require_standing
from services import access
from services.case_facts import subject_of
from services.case_files import CaseFile
from services.case_loading import open_stage
from services.database import working_on
from services.deadlines import Subject as ClockSubject
from services.records.agencies import UnitRow
from services.records.cases import StageRow
from services.records.people import RelativeRow
from services.records.requests import RequestRow
from services.sealed_values import Content, KeyRing, NewValue
from services.timeline import Note
from services.units import agency_of

CLOCK = "request_by"


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What is needed of which unit, by when, in words that name nobody."""

    unit_id: UUID
    what: Need
    text: str
    by: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A request with the unit that asks; `said` is what stands in it, opened only where it was asked for by itself."""

    row: RequestRow
    asked_by: UnitRow
    said: dict[str, Content]


def ask_request(session: Session, actor: Actor, code: StageCode, stage_id: UUID, new: NewRequest) -> Request:
    """The responsible unit asks. Refusals in order: NotFound, StageNotYours, FieldRefused (never echoing the text)."""
    file, stage = open_stage(session, actor, code, stage_id, lock=True)
    require_standing(subject_of(file, stage), "hand_over", actor)
    _require_nameless(file, stage, new)
    row = _new_row(file, stage, actor, new)
    session.add(row)
    said = {"text": new.text}
    commitments = _seal_request(session, row, said, file.at)
    subject = ClockSubject("request", row.id, stage.id, stage.victim_id)
    file.clocks.start(subject, CLOCK, file.at, new.by)
    file.note(note_of(row, stage, "ask_request", None, commitments))
    file.save()
    return Request(row, session.get_one(UnitRow, actor.unit_id), {"request": said})


def _require_nameless(file: CaseFile, stage: StageRow, new: NewRequest) -> None:
    if stage.state in ENDED_STATES:
        raise FieldRefused(("unit_id", "stage_ended"))
    if not may_be_requested(agency_of(file.session, new.unit_id)):
        raise FieldRefused(("unit_id", "agency_reads_cases"))
    if new.by <= file.at:
        raise FieldRefused(("by", "time_is_past"))
    if names_somebody(new.text, _known_words(file)):
        raise FieldRefused(("text", "names_somebody"))


def _known_words(file: CaseFile) -> Iterator[str]:
    """Names, numbers and addresses of everybody in the case, their relatives among them, and the case's own number."""
    yield file.case.number
    for victim in file.victims.values():
        yield from naming_words(victim.sections)
    relatives = (
        file.session.execute(select(RelativeRow.id).where(RelativeRow.case_id == file.id)).scalars().all()
    )
    for value in file.keys.read(relatives):
        yield from naming_words(value.content)


def _new_row(file: CaseFile, stage: StageRow, actor: Actor, new: NewRequest) -> RequestRow:
    return RequestRow(
        case_id=file.id,
        id=new_id(),
        stage_id=stage.id,
        unit_id=new.unit_id,
        asked_by_unit_id=actor.unit_id,
        asked_by_id=actor.account_id,
        what=new.what,
        state="asked",
        by=new.by,
        asked_at=file.at,
        version=1,
    )


def _seal_request(session: Session, row: RequestRow, said: Content, at: datetime) -> dict[str, str]:
    """Under a key of the request's own, so that nobody needs the case's to read it."""
    session.flush()
    working_on(session, row.id, other=True)
    keys = KeyRing(session, row.id)
    keys.create(row.id, at)
    return _write(keys, row, "request", said, at)


def seal_answer(session: Session, row: RequestRow, said: Content, at: datetime) -> dict[str, str]:
    """What was answered, under the same key; returns the commitments for the timeline."""
    working_on(session, row.id, other=True)
    return _write(KeyRing(session, row.id), row, "answer", said, at)


def _write(keys: KeyRing, row: RequestRow, section: str, said: Content, at: datetime) -> dict[str, str]:
    keys.write([NewValue(row.id, section, row.id, said)], at)
    return {f"{section}.{name}": digest for name, digest in keys.commit_to(row.id, said).items()}


def note_of(
    row: RequestRow, stage: StageRow, action: str, source: str | None, values: dict[str, str]
) -> Note:
    """The entry on the case's timeline: who was asked for what kind of help, never in which words."""
    return Note(
        action,
        "request",
        row.id,
        articles=MANDATES[StageCode(stage.code)].articles,
        stage=stage.code,
        stage_id=stage.id,
        victim_id=stage.victim_id,
        source=source,
        target=row.state,
        reason=row.what,
        unit_id=row.unit_id,
        changed=tuple(values),
        values=values,
    )


def list_requests(
    session: Session, actor: Actor, *, by_us: bool, after: UUID | None, limit: int
) -> list[Request]:
    """Requests to the actor's unit, or by it; newest first, without their words."""
    query = _by(actor) if by_us else _to(actor)
    if after is not None:
        query = query.where(RequestRow.id < after)
    rows = session.execute(query.order_by(RequestRow.id.desc()).limit(limit)).all()
    return [Request(row, unit, {}) for row, unit in rows]


def find_request(
    session: Session, actor: Actor, request_id: UUID, *, to_us: bool | None = None
) -> RequestRow:
    """A request to the actor's unit, or one that it asked in a case on which it works; NotFound else."""
    wanted = [query(actor) for query, asked in ((_to, True), (_by, False)) if to_us in (None, asked)]
    for query in wanted:
        found = session.execute(
            query.where(RequestRow.id == request_id).execution_options(populate_existing=True)
        ).one_or_none()
        if found is not None:
            row: RequestRow = found[0]
            return row
    raise NotFound


def read_request(session: Session, row: RequestRow) -> Request:
    """The request with its words and those of the answer. Only for who may read it: `find_request` decides that."""
    working_on(session, row.id, other=True)
    said = {value.section: value.content for value in KeyRing(session, row.id).read([row.id])}
    return Request(row, session.get_one(UnitRow, row.asked_by_unit_id), said)


def _to(actor: Actor) -> Select[RequestRow, UnitRow]:
    """Not those of a case from which the unit or the officer is kept, though nobody is named in them."""
    return _with_asker().where(
        RequestRow.unit_id == actor.unit_id,
        access.not_excluded(actor, RequestRow.case_id),
        access.not_in_question(actor, RequestRow.case_id),
    )


def _by(actor: Actor) -> Select[RequestRow, UnitRow]:
    return _with_asker().where(
        RequestRow.asked_by_unit_id == actor.unit_id, access.visible_to(actor, RequestRow.case_id)
    )


def _with_asker() -> Select[RequestRow, UnitRow]:
    return select(RequestRow, UnitRow).join(UnitRow, UnitRow.id == RequestRow.asked_by_unit_id)
