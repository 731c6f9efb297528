"""Erasing one person on request (PIPL 47): refused with every reason, or done for good; decisions and digests stay."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.clocks import CASE_FILE_TERM, CLOCKS, end_of, months_after
from domain.people import Identification, civil_day
from domain.refusals import RequirementsUnmet, RoleNotAllowed
from domain.retention import NO_VICTIM_MONTHS, Erasing, unmet_to_erase
from services.case_erasure import grown_up, is_objected_to
from services.case_facts import person_of
from services.case_files import CaseFile, Victim
from services.database import working_on
from services.legal_holds import is_held
from services.protected_cases import open_protected_case
from services.records.people import MergeRow, RelativeRow
from services.records.reports import ReportRow
from services.sealed_values import Content
from services.timeline import Note
from services.victims import victim_of

ARTICLES: Final = (39,)
REFUSED: Final = "refuse_erasure"
Who = tuple[UUID, UUID]


def erase_person(session: Session, actor: Actor, who: Who, asked: Content) -> Victim:
    """Destroy the keys and values of one person, and of the relatives whom the file names for them.

    For the data protection officer of the place. NotFound, RoleNotAllowed, RequirementsUnmet with every reason against it:
    then the caller enters the refusal (`enter_refusal`), since this transaction is undone.
    """
    file, victim = _opened(session, actor, who)
    unmet = unmet_to_erase(_facts(file, victim))
    if unmet:
        raise RequirementsUnmet("erase_person", unmet)
    committed = file.keys.commit_to(file.id, asked)
    erase_in(file, victim, committed, rule=None)
    file.save()
    return victim


def enter_refusal(session: Session, actor: Actor, who: Who, asked: Content, codes: list[str]) -> None:
    """That it was asked for and why it was not done stands on the timeline, the reasons by their codes."""
    file, victim = _opened(session, actor, who)
    committed = file.keys.commit_to(file.id, asked)
    file.note(_note(victim, REFUSED, committed, reason=",".join(codes)))
    file.save()


def erase_in(file: CaseFile, victim: Victim, committed: dict[str, str], *, rule: str | None) -> None:
    """The erasure itself; the caller saves. What was said with the request is committed to under the key of the case."""
    relatives = file.session.execute(
        select(RelativeRow.id).where(RelativeRow.case_id == file.id, RelativeRow.victim_id == victim.row.id)
    ).scalars()
    digests = [file.keys.destroy(relative_id, file.at) for relative_id in relatives]
    victim.row.erased_digest = file.keys.destroy(victim.row.id, file.at)
    victim.row.erased_at = file.at
    victim.row.version += 1
    victim.sections.clear()
    file.records.clear()
    kept = {
        "erased_digest": victim.row.erased_digest.hex(),
        **{f"relative_digest_{number}": digest.hex() for number, digest in enumerate(digests, 1)},
    }
    file.note(_note(victim, "erase_person", {**committed, **kept}, rule=rule))


def term_ends(file: CaseFile, victim: Victim) -> datetime | None:
    """When this person's part of the file may go; None while the case is open. A person who was found to be no victim is kept
    no longer than an unfounded report, everybody else as long as the file."""
    closed_at = file.case.closed_at
    if closed_at is None:
        return None
    person = person_of(file, victim.row.id)
    if person is not None and person.identification is Identification.NOT_A_VICTIM:
        return end_of(months_after(civil_day(closed_at), NO_VICTIM_MONTHS))
    due = CLOCKS[CASE_FILE_TERM].due(closed_at, file.clocks.amounts.get(CASE_FILE_TERM)).at
    return max([due, *grown_up(file)])


def _opened(session: Session, actor: Actor, who: Who) -> tuple[CaseFile, Victim]:
    file = open_protected_case(session, actor, who[0])
    victim = victim_of(file, who[1])
    if actor.role is not Role.DATA_PROTECTION_OFFICER:
        raise RoleNotAllowed(actor.role, [Role.DATA_PROTECTION_OFFICER])
    return file, victim


def _facts(file: CaseFile, victim: Victim) -> Erasing:
    ends = term_ends(file, victim)
    about = or_(MergeRow.victim_id == victim.row.id, MergeRow.other_victim_id == victim.row.id)
    merged = select(MergeRow.id).where(about, MergeRow.state.in_(("asked", "merged"))).limit(1)
    return Erasing(
        case_open=file.case.state != "closed",
        held=is_held(file.session, file.id),
        term_runs=ends is not None and ends > file.at,
        objected_to=_objected_to(file),
        merged=file.session.execute(merged).first() is not None,
    )


def _objected_to(file: CaseFile) -> bool:
    """An officer works on the case alone: each report behind it is looked at as the other file of the transaction."""
    behind = select(ReportRow.id).where(ReportRow.case_id == file.id).order_by(ReportRow.id)
    for report_id in file.session.execute(behind).scalars().all():
        working_on(file.session, report_id, other=True)
        if is_objected_to(file):
            return True
    return False


def _note(
    victim: Victim,
    action: str,
    values: dict[str, str],
    *,
    rule: str | None = None,
    reason: str | None = None,
) -> Note:
    return Note(
        action,
        "victim",
        victim.row.id,
        articles=ARTICLES,
        victim_id=victim.row.id,
        rule=rule,
        reason=reason,
        changed=tuple(values),
        values=values,
    )
