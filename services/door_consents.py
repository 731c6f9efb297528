"""Consents at the person's own door: the same rules as anywhere, in the voice of whoever holds the code."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.agencies import PlaceKind
from domain.consents import GivenBy
from domain.own_door import Voice
from domain.refusals import NotFound, RequirementsUnmet
from domain.voices import AgeBand, band_of, unmet_to_say_no
from services.case_facts import person_of
from services.case_files import CaseFile
from services.consent_endings import consent_note
from services.consents import answer, guardianship_of, take_back
from services.door_visits import Visitor, given_by, open_file
from services.records.cases import ConsentRow
from services.sealed_values import Content, NewValue
from services.sharing import Shared
from services.stages import Move
from services.units import agency_of
from services.versions import require_version

HOW_EXPLAINED: Final = "own_door"
ASSENT: Final = "assent"


@dataclass(frozen=True, slots=True)
class Asked:
    """A consent with what was asked in it."""

    row: ConsentRow
    said: Content


@dataclass(frozen=True, slots=True)
class Said:
    """`give`, `refuse` or `withdraw`, from which version, in which words, in which language it was read."""

    action: str
    own_words: str | None
    language: str
    version: int | None


def consents_at_door(file: CaseFile, visitor: Visitor) -> list[Asked]:
    """Oldest first. A guardian sees what a guardian may answer: not what the child decided alone."""
    rows = list(
        file.session.execute(
            select(ConsentRow)
            .where(
                ConsentRow.case_id == file.id, ConsentRow.victim_id == visitor.victim_id, _for(visitor, file)
            )
            .order_by(ConsentRow.id)
        ).scalars()
    )
    values = file.keys.read([row.id for row in rows]) if rows else []
    asked = {value.row_id: value.content for value in values if value.section == "asked"}
    return [Asked(row, asked.get(row.id, {})) for row in rows]


def _for(visitor: Visitor, file: CaseFile) -> ColumnElement[bool]:
    if visitor.voice is Voice.PERSON:
        return true()
    band = band_of(person_of(file, visitor.victim_id))
    alone = ConsentRow.purpose != "information_sharing" if band is AgeBand.FROM_14_TO_17 else true()
    return alone & ConsentRow.given_by.is_distinct_from(GivenBy.SELF)


def say_at_door(
    session: Session, visitor: Visitor, consent_id: UUID, said: Said
) -> tuple[CaseFile, ConsentRow, list[Shared]]:
    """Refusals as for an officer who writes it down: NotFound, VersionMissing, VersionStale, MoveNotPossible,
    RequirementsUnmet. On the timeline it stands in the person's or the guardian's name."""
    file = open_file(session, visitor, lock=True)
    row = _consent(file, visitor, consent_id)
    voice = given_by(file, visitor)
    words = {} if said.own_words is None else {"own_words": said.own_words}
    desk = _desk_of(session, row)
    if said.action == "withdraw":
        move = Move(said.action, {"said_by": voice, **words}, said.version)
        return file, row, take_back(file, row, desk, move)
    body: Mapping[str, object] = {"said_by": voice, **words}
    if said.action == "give":
        body = {
            **_assent_to(file, row, voice),
            **words,
            "given_by": voice,
            "language": said.language,
            "how_explained": HOW_EXPLAINED,
            "in_private": True,
        }
    answer(file, row, desk, Move(said.action, body, said.version))
    return file, row, []


def _consent(file: CaseFile, visitor: Visitor, consent_id: UUID) -> ConsentRow:
    row = file.session.execute(
        select(ConsentRow).where(
            ConsentRow.case_id == file.id,
            ConsentRow.victim_id == visitor.victim_id,
            ConsentRow.id == consent_id,
            _for(visitor, file),
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def _desk_of(session: Session, row: ConsentRow) -> Actor:
    """The unit at which it would be written down: whose move it is, the table of moves asks. Nobody of it acts."""
    nobody = UUID(int=0)
    return Actor(
        nobody, nobody, row.unit_id, agency_of(session, row.unit_id), Role.CASEWORKER, nobody, PlaceKind.DIVISION, None
    )  # fmt: skip


def _assent_to(file: CaseFile, row: ConsentRow, voice: GivenBy) -> Content:
    """What the child said of it at its own door, beside a guardian's word."""
    if voice is GivenBy.SELF:
        return {}
    values = file.keys.read([row.id])
    return next((value.content for value in values if value.section == ASSENT), {})


def assent_at_door(
    session: Session, visitor: Visitor, consent_id: UUID, assent: bool, said: Said
) -> tuple[CaseFile, ConsentRow]:
    """A child's own yes or no, for which its guardian's word waits; never a guardian's to say. NotFound, the version, then
    RequirementsUnmet where nobody of this age is asked."""
    file = open_file(session, visitor, lock=True)
    row = _consent(file, visitor, consent_id)
    if visitor.voice is not Voice.PERSON:
        raise NotFound
    require_version(said.version, row.version)
    band = band_of(person_of(file, visitor.victim_id))
    if unmet := unmet_to_say_no(band, GivenBy.SELF, guardianship_of(file, visitor.victim_id)):
        raise RequirementsUnmet("assent", unmet)
    words = {} if said.own_words is None else {"own_words": said.own_words}
    content = {"assent": assent, **words}
    before = [value.revision for value in file.keys.read([row.id]) if value.section == ASSENT]
    file.keys.write(
        [NewValue(row.id, ASSENT, visitor.victim_id, content, max(before, default=0) + 1)], file.at
    )
    row.version += 1
    values = {
        f"consent.{name}": digest for name, digest in file.keys.commit_to(visitor.victim_id, content).items()
    }
    note = consent_note(row, ASSENT, row.state, values.items())
    file.note(replace(note, target=row.state))
    file.save()
    return file, row
