"""Visits at the person's own door: a code becomes a token, a token becomes the one case of one person, for a while."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from domain.consents import GivenBy
from domain.identifiers import new_id
from domain.own_door import CODE_RESTS, IDLE, VISIT, Voice
from domain.refusals import NotFound, NotSignedIn, SignInRefused
from services.case_files import CaseFile
from services.case_loading import open_at_the_door, open_case_by_rule
from services.database import Begin, now, working_on
from services.door_codes import as_written, code_digest, guardian_voice
from services.records.access import ReadLogRow
from services.records.own_door import DoorCodeRow, DoorSessionRow
from services.sessions import NOBODY
from services.sign_in_failures import begin_attempt, forgive

CAME_IN: Final = "door"
"""What the log of reads says of coming in."""
_CONTEXT: Final = text(
    "select set_config('homeward.account', :code, true), set_config('homeward.door_case', :case, true),"
    " set_config('homeward.door_person', :person, true), set_config('homeward.door_voice', :voice, true)"
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who stands at the door: by which code, for whom, and in whose voice."""

    session_id: UUID
    code_id: UUID
    case_id: UUID
    victim_id: UUID
    voice: Voice


@dataclass(frozen=True, slots=True)
class Entered:
    """A visit that began. The token is stored nowhere."""

    token: str
    expires_at: datetime
    voice: Voice
    language: str


def enter(begin: Begin, said: str) -> Entered:
    """A code for a token. TooMany while this code is not tried; SignInRefused alike for whatever is wrong with it.

    The attempt counts before anything is looked up; a code that opens is forgiven its failures.
    """
    code = as_written(said)
    name = f"own door {code}"
    with begin() as session:
        begin_attempt(session, name)
    with begin() as session:
        row = _code(session, code_digest(code))
        token, visitor = secrets.token_urlsafe(32), _visitor(row)
        until = _open_visit(session, row, visitor, token)
        _become(session, visitor)
        try:
            open_file(session, visitor)
        except NotSignedIn:
            raise SignInRefused from None
        record_visit(session, visitor, CAME_IN)
        forgive(session, name)
    return Entered(token, until, visitor.voice, row.language)


def _code(session: Session, digest: bytes) -> DoorCodeRow:
    _hold(session, digest)
    row = session.execute(
        select(DoorCodeRow).where(DoorCodeRow.digest == digest, DoorCodeRow.ended_at.is_(None))
    ).scalar_one_or_none()
    if row is None or row.good_until <= now(session):
        raise SignInRefused
    return row


def _visitor(row: DoorCodeRow) -> Visitor:
    return Visitor(new_id(), row.id, row.case_id, row.victim_id, Voice(row.voice))


def _open_visit(session: Session, row: DoorCodeRow, visitor: Visitor, token: str) -> datetime:
    at = now(session)
    row.first_used_at, row.good_until = row.first_used_at or at, at + CODE_RESTS
    session.flush()
    digest = _token_digest(token)
    _hold(session, digest)
    session.execute(
        insert(DoorSessionRow).values(
            case_id=visitor.case_id,
            id=visitor.session_id,
            code_id=visitor.code_id,
            victim_id=visitor.victim_id,
            voice=visitor.voice,
            digest=digest,
            began_at=at,
            seen_at=at,
            expires_at=at + VISIT,
        )
    )
    return at + VISIT


def begin_visit(session: Session, token: str) -> Visitor:
    """The visitor behind a token, with the row-level context of their one person set; NotSignedIn when the visit ended."""
    digest = _token_digest(token)
    _hold(session, digest)
    found = session.execute(
        update(DoorSessionRow)
        .where(
            DoorSessionRow.digest == digest,
            DoorSessionRow.ended_at.is_(None),
            DoorSessionRow.expires_at > func.clock_timestamp(),
            DoorSessionRow.seen_at > func.clock_timestamp() - IDLE,
        )
        .values(seen_at=func.clock_timestamp())
        .returning(
            DoorSessionRow.id,
            DoorSessionRow.code_id,
            DoorSessionRow.case_id,
            DoorSessionRow.victim_id,
            DoorSessionRow.voice,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if found is None:
        raise NotSignedIn
    visitor = Visitor(found.id, found.code_id, found.case_id, found.victim_id, Voice(found.voice))
    _become(session, visitor)
    return visitor


def _hold(session: Session, digest: bytes) -> None:
    session.execute(select(func.set_config("homeward.door", digest.hex(), True)))


def _become(session: Session, visitor: Visitor) -> None:
    """What the second layer compares with: this case, this person. The timeline says in whose voice."""
    session.info["role"] = visitor.voice
    session.execute(
        _CONTEXT,
        {
            "code": str(visitor.code_id),
            "case": str(visitor.case_id),
            "person": str(visitor.victim_id),
            "voice": visitor.voice,
        },
    )


def open_file(session: Session, visitor: Visitor, *, lock: bool = False) -> CaseFile:
    """The person's file, to read as far as it is theirs, or locked for a change. NotSignedIn once it is erased, and for a
    guardian who no longer speaks for the child: in question, not safe any more, or the child is grown up."""
    try:
        if lock:
            working_on(session, visitor.case_id)
        file = (
            open_case_by_rule(session, visitor.case_id)
            if lock
            else open_at_the_door(session, visitor.case_id)
        )
    except NotFound:
        raise NotSignedIn from None
    if file.case.erased_at is not None or visitor.victim_id not in file.victims:
        raise NotSignedIn
    if visitor.voice is Voice.GUARDIAN and guardian_voice(file, visitor.victim_id) is None:
        raise NotSignedIn
    return file


def given_by(file: CaseFile, visitor: Visitor) -> GivenBy:
    """In whose voice what is said at the door counts; the file was opened by `open_file`."""
    if visitor.voice is Voice.PERSON:
        return GivenBy.SELF
    voice = guardian_voice(file, visitor.victim_id)
    if voice is None:
        raise NotSignedIn
    return voice


def leave(session: Session, visitor: Visitor, *, end_code: bool) -> None:
    """End this visit; with `end_code` the code as well, and every other visit by it."""
    working_on(session, visitor.case_id)
    whose = DoorSessionRow.code_id == visitor.code_id if end_code else DoorSessionRow.id == visitor.session_id
    ending = {"ended_at": func.clock_timestamp(), "ended_because": "by_the_visitor"}
    session.execute(
        update(DoorSessionRow)
        .where(DoorSessionRow.case_id == visitor.case_id, whose, DoorSessionRow.ended_at.is_(None))
        .values(**ending)
        .execution_options(synchronize_session=False)
    )
    if end_code:
        session.execute(
            update(DoorCodeRow)
            .where(DoorCodeRow.case_id == visitor.case_id, DoorCodeRow.id == visitor.code_id)
            .values(**ending)
            .execution_options(synchronize_session=False)
        )


def record_visit(session: Session, visitor: Visitor, subject: str) -> None:
    """Who read what at the door, in the transaction that commits before the answer leaves."""
    session.execute(
        insert(ReadLogRow).values(
            id=new_id(),
            read_at=func.clock_timestamp(),
            account_id=visitor.code_id,
            unit_id=NOBODY,
            role=visitor.voice,
            file_id=visitor.case_id,
            subject=subject,
            subject_id=visitor.victim_id,
            purpose=None,
            request_id=session.info["request_id"],
        )
    )


def _token_digest(token: str) -> bytes:
    return hashlib.sha256(f"homeward-door-token-v1\x00{token}".encode()).digest()
