"""Opening one case in an emergency, adding an hour to it, ending it: each entered and told in the same transaction."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.agencies import may_read_cases
from domain.clocks import EMERGENCY_REVIEW
from domain.emergency import (
    ARTICLES,
    DAY,
    ENDING_ROLES,
    OPEN_FOR,
    REVIEWED_WITHIN,
    USUAL_IN_A_DAY,
    EmergencyReason,
)
from domain.identifiers import new_id
from domain.refusals import MoveNotPossible, NotFound, Possible
from services.case_files import CaseFile
from services.case_loading import open_case_by_rule
from services.database import now, working_on
from services.deadlines import Subject
from services.duty_units import division_of, place_of
from services.emergency_reviews import told_of
from services.records.cases import CaseRow
from services.records.conflicts import ExclusionRow
from services.records.emergency import EmergencyGrantRow, EmergencyNoticeRow
from services.sealed_values import NewValue
from services.timeline import Note
from services.versions import require_version

EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Emergency:
    """Which case, by the number that somebody said; why, as a code and in words (sealed)."""

    number: str
    code: EmergencyReason
    reason: str


def open_in_emergency(session: Session, actor: Actor, asked: Emergency) -> EmergencyGrantRow:
    """Open it for an hour. MoveNotPossible while another is open, before the number is looked at; NotFound alike for an
    unknown number, a case that one works on anyway, one from which the officer or the unit is kept."""
    at = now(session)
    _require_no_other(session, actor, at)
    file = _case_by_number(session, actor, asked.number)
    row = EmergencyGrantRow(
        case_id=file.id,
        id=new_id(),
        account_id=actor.account_id,
        unit_id=actor.unit_id,
        role=actor.role,
        reason_code=asked.code,
        kept_from=list(file.case.kept_from),
        opened_at=file.at,
        expires_at=file.at + OPEN_FOR,
        review_by=file.at + REVIEWED_WITHIN,
        version=1,
    )
    session.add(row)
    session.flush()
    file.keys.write([NewValue(row.id, "reason", file.id, {"reason": asked.reason})], file.at)
    values = file.keys.commit_to(file.id, {"reason": asked.reason})
    _tell(file, row, "opened")
    if _opened_in_a_day(session, actor, file.at) > USUAL_IN_A_DAY:
        _tell(file, row, "too_many")
    file.clocks.start(Subject("emergency_access", row.id), EMERGENCY_REVIEW, file.at, row.review_by)
    file.note(replace(_note(row, "open_in_emergency", "open"), changed=tuple(values), values=values))
    file.actor = actor
    file.save()
    return row


def _require_no_other(session: Session, actor: Actor, at: datetime) -> None:
    """One case at a time. What ran out is put away first, so that the database itself can hold to it."""
    own = select(EmergencyGrantRow).where(
        EmergencyGrantRow.account_id == actor.account_id, EmergencyGrantRow.ended_at.is_(None)
    )
    live = session.execute(own).scalar_one_or_none()
    if live is None:
        return
    if live.expires_at > at:
        by = Possible("end", ("holder", "supervisor", "auditor"), (), ARTICLES)
        raise MoveNotPossible("emergency_access", "open", "open", (by,))
    working_on(session, live.case_id)
    live.ended_at, live.ended_because, live.version = live.expires_at, EXPIRED, live.version + 1
    session.flush()


def _case_by_number(session: Session, actor: Actor, number: str) -> CaseFile:
    if not may_read_cases(actor.agency):
        raise NotFound
    session.execute(select(func.set_config("homeward.case_number", number, True)))
    case_id = session.execute(select(CaseRow.id).where(CaseRow.number == number)).scalar_one_or_none()
    session.execute(select(func.set_config("homeward.case_number", "", True)))
    if case_id is None:
        raise NotFound
    working_on(session, case_id)
    file = open_case_by_rule(session, case_id)
    kept_out = actor.unit_id in file.units_in_conflict() or _is_excluded(session, actor, case_id)
    if kept_out or file.case.erased_at is not None or actor.unit_id in file.units_at_work():
        raise NotFound
    return file


def _is_excluded(session: Session, actor: Actor, case_id: UUID) -> bool:
    found = select(ExclusionRow.file_id).where(
        ExclusionRow.file_id == case_id, ExclusionRow.account_id == actor.account_id
    )
    return session.execute(found.limit(1)).first() is not None


def _opened_in_a_day(session: Session, actor: Actor, at: datetime) -> int:
    recent = select(EmergencyGrantRow.id).where(
        EmergencyGrantRow.account_id == actor.account_id, EmergencyGrantRow.opened_at > at - DAY
    )
    return len(session.execute(recent.limit(USUAL_IN_A_DAY + 1)).all())


def _tell(file: CaseFile, row: EmergencyGrantRow, kind: str) -> None:
    """The supervisors of the asker's unit and of the owner's, and the auditors of the divisions that both lie in. Nobody in
    question in the case is told. What is unusual is for the auditors alone."""
    told = [*(_supervisors(file, row) if kind != "too_many" else ()), *_auditors(file, row)]
    rows = [
        {"case_id": file.id, "id": new_id(), "grant_id": row.id, "kind": kind, "raised_at": file.at, **one}
        for one in told
    ]
    file.session.execute(insert(EmergencyNoticeRow), rows)


def _supervisors(file: CaseFile, row: EmergencyGrantRow) -> Iterator[dict[str, object]]:
    for unit_id in dict.fromkeys((row.unit_id, file.case.owner_unit_id)):
        yield {"told": "supervisor", "unit_id": unit_id, "division_id": None}


def _auditors(file: CaseFile, row: EmergencyGrantRow) -> Iterator[dict[str, object]]:
    asker = division_of(file.session, place_of(file.session, row.unit_id))
    for division_id in dict.fromkeys((file.case.division_id, asker)):
        yield {"told": "auditor", "unit_id": None, "division_id": division_id}


def renew(session: Session, actor: Actor, grant_id: UUID, version: int | None) -> EmergencyGrantRow:
    """A supervisor of the asker's unit, who is somebody else, adds an hour while it is still open. NotFound for everybody
    who was not told; MoveNotPossible once it has ended."""
    row = told_of(session, actor, grant_id)
    if (
        actor.role is not Role.SUPERVISOR
        or actor.unit_id != row.unit_id
        or actor.account_id == row.account_id
    ):
        raise NotFound
    file = _locked(session, actor, row)
    require_version(version, row.version)
    _require_open(row, file.at, "renew")
    row.expires_at = file.at + OPEN_FOR
    row.renewed_at, row.renewed_by_id, row.version = file.at, actor.account_id, row.version + 1
    _tell(file, row, "renewed")
    file.note(_note(row, "renew_emergency_access", "open"))
    file.save()
    return row


def end(session: Session, actor: Actor, grant_id: UUID, version: int | None) -> EmergencyGrantRow:
    """Ended early, by its holder or by one of those who were told of it."""
    row = _own(session, actor, grant_id) or told_of(session, actor, grant_id)
    if actor.role not in ENDING_ROLES:
        raise NotFound
    file = _locked(session, actor, row)
    require_version(version, row.version)
    _require_open(row, file.at, "end")
    by_holder = actor.account_id == row.account_id
    _end(file, row, "by_its_holder" if by_holder else f"by_{actor.role}")
    file.save()
    return row


def end_for_whom_it_concerns(file: CaseFile, whose: ColumnElement[bool], rule: str) -> None:
    """Whoever is now kept from the case reads nothing of it any more, in an emergency neither. The caller saves."""
    live = select(EmergencyGrantRow).where(
        EmergencyGrantRow.case_id == file.id, EmergencyGrantRow.ended_at.is_(None), whose
    )
    for row in file.session.execute(live).scalars():
        _end(file, row, rule, by_rule=True)


def _end(file: CaseFile, row: EmergencyGrantRow, because: str, *, by_rule: bool = False) -> None:
    row.ended_at, row.ended_because, row.version = file.at, because, row.version + 1
    ended = _note(row, "end_emergency_access", "ended")
    file.note(replace(ended, source="open", rule=because if by_rule else None))


def _own(session: Session, actor: Actor, grant_id: UUID) -> EmergencyGrantRow | None:
    return session.execute(
        select(EmergencyGrantRow).where(
            EmergencyGrantRow.id == grant_id, EmergencyGrantRow.account_id == actor.account_id
        )
    ).scalar_one_or_none()


def _locked(session: Session, actor: Actor, row: EmergencyGrantRow) -> CaseFile:
    """The case under its lock, for the entry; the row as it is now."""
    working_on(session, row.case_id)
    file = open_case_by_rule(session, row.case_id)
    file.actor = actor
    session.refresh(row)
    return file


def _require_open(row: EmergencyGrantRow, at: datetime, action: str) -> None:
    if row.ended_at is not None or row.expires_at <= at:
        raise MoveNotPossible("emergency_access", action, "ended", ())


def _note(row: EmergencyGrantRow, action: str, target: str) -> Note:
    """What the timeline says: who and when, and under which code; never in which words."""
    return Note(
        action, "emergency_access", row.id, articles=ARTICLES, target=target, reason=row.reason_code, unit_id=row.unit_id,
    )  # fmt: skip


def accounts_of(unit_id: UUID) -> ColumnElement[bool]:
    """Grants of everybody in a unit."""
    return EmergencyGrantRow.unit_id == unit_id


def held_by(account_id: UUID) -> ColumnElement[bool]:
    return EmergencyGrantRow.account_id == account_id
