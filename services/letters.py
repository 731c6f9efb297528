"""What is written at the person's own door for an answer: corrections and wishes to the case's owner, complaints elsewhere."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, or_, select
from sqlalchemy.orm import Session

from domain.actors import CASE_ROLES, Actor
from domain.agencies import may_read_cases
from domain.clocks import LETTER_ANSWER
from domain.conflicts import PROSECUTOR
from domain.identifiers import new_id
from domain.own_door import ARTICLES, LetterKind
from domain.refusals import FieldRefused, NotFound
from domain.stages import StageCode
from services import access
from services.case_files import CaseFile
from services.case_loading import open_case_by_rule
from services.database import working_on
from services.deadlines import Subject
from services.door_visits import Visitor, open_file
from services.duty_units import place_of, unit_above
from services.records.cases import CaseRow
from services.records.own_door import LetterRow
from services.sealed_values import Content, KeyRing, NewValue
from services.timeline import Note
from services.units import agency_of
from services.versions import require_version


@dataclass(frozen=True, slots=True)
class NewLetter:
    """What is written; a complaint says about which kind of help, if it is not about the office that keeps the case."""

    kind: LetterKind
    said: Content
    about: StageCode | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter; its words and the answer's only where it is read by itself, or by who wrote it."""

    row: LetterRow
    said: Content | None = None
    answer: Content | None = None


def write_letter(session: Session, visitor: Visitor, new: NewLetter) -> LetterRow:
    """Sealed under the person's key, on the timeline by its kind alone. A complaint goes to another unit than that which it
    is about; nobody in question in the case gets it."""
    file = open_file(session, visitor, lock=True)
    about = _about(file, visitor, new.about)
    complaint = new.kind is LetterKind.COMPLAINT
    row = LetterRow(
        case_id=file.id,
        id=new_id(),
        victim_id=visitor.victim_id,
        kind=new.kind,
        voice=visitor.voice,
        unit_id=_who_hears(file, about) if complaint else None,
        about_unit_id=about if complaint else None,
        written_at=file.at,
        version=1,
    )
    session.add(row)
    session.flush()
    file.clocks.start(Subject("letter", row.id, victim_id=row.victim_id), LETTER_ANSWER, file.at)
    file.note(_entered(file, row, "write_letter", "letter", new.said))
    file.save()
    return row


def _about(file: CaseFile, visitor: Visitor, code: StageCode | None) -> UUID:
    stages = (stage for stage in file.of(visitor.victim_id) if stage.code == code)
    return next((stage.unit_id for stage in stages if stage.unit_id), file.case.owner_unit_id)


def _who_hears(file: CaseFile, about: UUID) -> UUID:
    """The same agency above, else the procuratorate of the place, else whoever owns the case; never who it is about."""
    place_id = place_of(file.session, about)
    ways = (
        unit_above(file.session, place_id, agency_of(file.session, about)),
        unit_above(file.session, place_id, PROSECUTOR, same_level=True),
        unit_above(file.session, place_id, PROSECUTOR),
        file.case.owner_unit_id,
    )
    barred = file.units_in_conflict() | {about}
    found = next((unit_id for unit_id in ways if unit_id is not None and unit_id not in barred), None)
    if found is None:
        raise FieldRefused(("about", "no_unit_above"))
    return found


def own_letters(file: CaseFile, visitor: Visitor) -> list[Letter]:
    """What was written by this code's voice, newest first, with the answers."""
    rows = file.session.execute(
        select(LetterRow)
        .where(
            LetterRow.case_id == file.id,
            LetterRow.victim_id == visitor.victim_id,
            LetterRow.voice == visitor.voice,
        )
        .order_by(LetterRow.id.desc())
        .limit(100)
    ).scalars()
    return _opened(file.keys, list(rows))


def _opened(keys: KeyRing, rows: list[LetterRow]) -> list[Letter]:
    values = keys.read([row.id for row in rows]) if rows else []
    words = {(value.row_id, value.section): value.content for value in values}
    return [Letter(row, words.get((row.id, "letter")), words.get((row.id, "answer"))) for row in rows]


def list_letters(
    session: Session, actor: Actor, *, unanswered: bool, after: UUID | None, limit: int
) -> list[Letter]:
    """Letters that are the actor's unit's to answer, newest first, without their words."""
    query = select(LetterRow).where(_ours(actor))
    if unanswered:
        query = query.where(LetterRow.answered_at.is_(None))
    if after is not None:
        query = query.where(LetterRow.id < after)
    return [
        Letter(row) for row in session.execute(query.order_by(LetterRow.id.desc()).limit(limit)).scalars()
    ]


def read_letter(session: Session, actor: Actor, letter_id: UUID) -> Letter:
    """One with its words; NotFound unless it is the actor's unit's to answer."""
    row = _ours_by_id(session, actor, letter_id)
    working_on(session, row.case_id, other=True)
    return _opened(KeyRing(session, row.case_id), [row])[0]


def answer_letter(session: Session, actor: Actor, letter_id: UUID, text: str, version: int | None) -> Letter:
    """Answered once. Who hears a complaint gets no case by it: only its chain is written to."""
    row = _ours_by_id(session, actor, letter_id)
    working_on(session, row.case_id)
    file = open_case_by_rule(session, row.case_id)
    file.actor = actor
    session.refresh(row)
    require_version(version, row.version)
    if row.answered_at is not None:
        raise FieldRefused(("state", "already_answered"))
    row.answered_at, row.answered_by_id, row.version = file.at, actor.account_id, row.version + 1
    file.clocks.stop(row.id, file.at, LETTER_ANSWER, met=True)
    file.note(_entered(file, row, "answer_letter", "answer", {"text": text}))
    file.save()
    return _opened(file.keys, [row])[0]


def _ours_by_id(session: Session, actor: Actor, letter_id: UUID) -> LetterRow:
    row = session.execute(
        select(LetterRow).where(LetterRow.id == letter_id, _ours(actor))
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def _ours(actor: Actor) -> ColumnElement[bool]:
    if actor.role not in CASE_ROLES or not may_read_cases(actor.agency):
        return false()
    owned = select(CaseRow.id).where(CaseRow.id == LetterRow.case_id, CaseRow.owner_unit_id == actor.unit_id)
    to_the_owner = LetterRow.unit_id.is_(None) & access.visible_to(actor, LetterRow.case_id)
    kept_in = access.not_excluded(actor, LetterRow.case_id) & access.not_in_question(actor, LetterRow.case_id)
    return or_(to_the_owner & exists(owned), LetterRow.unit_id == actor.unit_id) & kept_in


def _entered(file: CaseFile, row: LetterRow, action: str, section: str, said: Content) -> Note:
    file.keys.write([NewValue(row.id, section, row.victim_id, said)], file.at)
    values = {
        f"{section}.{name}": digest for name, digest in file.keys.commit_to(row.victim_id, said).items()
    }
    return Note(
        action,
        "letter",
        row.id,
        articles=ARTICLES,
        victim_id=row.victim_id,
        reason=row.kind,
        unit_id=row.unit_id,
        changed=tuple(values),
        values=values,
    )
