"""Legal holds: while one is on a case nothing of it is erased, whatever its term (C-56)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.identifiers import new_id
from domain.legal_holds import may_hold
from domain.refusals import FieldRefused, NotFound, RoleNotAllowed
from services.case_files import CaseFile
from services.protected_cases import open_protected_case
from services.records.cases import LegalHoldRow
from services.sealed_values import NewValue
from services.timeline import Note
from services.versions import require_version

ARTICLES = (39,)


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold with the words that were said when it was set and released."""

    row: LegalHoldRow
    reason: str | None
    released_because: str | None


def set_hold(session: Session, actor: Actor, case_id: UUID, reason: str) -> Hold:
    """From now on nothing of the case is erased. NotFound, RoleNotAllowed."""
    file = _opened(session, actor, case_id)
    row = LegalHoldRow(
        case_id=file.id,
        id=new_id(),
        set_by_id=actor.account_id,
        set_by_unit_id=actor.unit_id,
        set_at=file.at,
        version=1,
    )
    session.add(row)
    session.flush()
    _enter(file, row, "set_legal_hold", reason)
    return Hold(row, reason, None)


def release_hold(
    session: Session, actor: Actor, which: tuple[UUID, UUID], reason: str, version: int | None
) -> Hold:
    """Another person than the one who set it says that it is over. FieldRefused for the same person, or a second time."""
    file = _opened(session, actor, which[0])
    hold = next((one for one in _holds(file) if one.row.id == which[1]), None)
    if hold is None:
        raise NotFound
    require_version(version, hold.row.version)
    if hold.row.released_at is not None:
        raise FieldRefused(("hold_id", "hold_is_over"))
    if hold.row.set_by_id == actor.account_id:
        raise FieldRefused(("hold_id", "own_request"))
    hold.row.released_by_id, hold.row.released_at = actor.account_id, file.at
    hold.row.version += 1
    _enter(file, hold.row, "release_legal_hold", reason)
    return Hold(hold.row, hold.reason, reason)


def list_holds(session: Session, actor: Actor, case_id: UUID) -> list[Hold]:
    """Every hold that was ever on the case, oldest first, at most 100."""
    return _holds(_opened(session, actor, case_id))


def is_held(session: Session, case_id: UUID | None) -> bool:
    """Whether nothing of this case may be erased now."""
    held = select(LegalHoldRow.id).where(LegalHoldRow.case_id == case_id, LegalHoldRow.released_at.is_(None))
    return case_id is not None and session.execute(held.limit(1)).first() is not None


def _opened(session: Session, actor: Actor, case_id: UUID) -> CaseFile:
    file = open_protected_case(session, actor, case_id)
    if not may_hold(actor, owns_case=actor.unit_id == file.case.owner_unit_id):
        raise RoleNotAllowed(actor.role, [Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER])
    return file


def _holds(file: CaseFile) -> list[Hold]:
    query = select(LegalHoldRow).where(LegalHoldRow.case_id == file.id).order_by(LegalHoldRow.id).limit(100)
    rows: Sequence[LegalHoldRow] = file.session.execute(query).scalars().all()
    words = {
        (value.row_id, value.section): str(value.content["text"])
        for value in file.keys.read([row.id for row in rows])
    }
    return [
        Hold(row, words.get((row.id, "set_legal_hold")), words.get((row.id, "release_legal_hold")))
        for row in rows
    ]


def _enter(file: CaseFile, row: LegalHoldRow, action: str, reason: str) -> None:
    content = {"text": reason}
    file.keys.write([NewValue(row.id, action, file.id, content)], file.at)
    values = {f"{action}.text": file.keys.commit_to(file.id, content)["text"]}
    file.note(Note(action, "case", row.id, articles=ARTICLES, changed=tuple(values), values=values))
    file.save()
