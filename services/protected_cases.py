"""A case as those open it who work on it, or who answer for personal data at its place."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.refusals import NotFound
from services import access
from services.case_files import CaseFile
from services.case_loading import open_case, open_case_by_rule, require_not_erased
from services.database import working_on
from services.records.cases import CaseRow


def open_protected_case(session: Session, actor: Actor, case_id: UUID) -> CaseFile:
    """The case, locked: for a unit at work, or the data protection officer of its division. NotFound else.

    An officer reads it for what they were asked to do; what leaves is decided by whoever calls this.
    """
    if actor.role is not Role.DATA_PROTECTION_OFFICER:
        return open_case(session, actor, case_id, lock=True)
    here = select(CaseRow.id).where(CaseRow.id == case_id, access.auditable_by(actor))
    if session.execute(here).one_or_none() is None:
        raise NotFound
    working_on(session, case_id)
    file = open_case_by_rule(session, case_id)
    require_not_erased(file.case)
    file.actor = actor
    return file
