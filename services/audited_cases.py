"""From the number of a case, as it stands on paper, to the case: for those who check."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.refusals import NotFound
from services.access import auditable_by
from services.records.cases import CaseRow


def audited_case(session: Session, actor: Actor, number: str) -> CaseRow:
    """The case of this number if its timeline is this auditor's to pull. NotFound else, whether there is none or it is kept
    from them; the caller records the read."""
    found = session.execute(select(CaseRow).where(CaseRow.number == number, auditable_by(actor)))
    case = found.scalar_one_or_none()
    if case is None:
        raise NotFound
    return case
