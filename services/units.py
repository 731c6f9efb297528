"""Units, places and accounts as other use cases need to look them up."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.agencies import Agency
from domain.refusals import FieldRefused
from services.records.accounts import AccountRow
from services.records.agencies import UnitRow


def agency_of(session: Session, unit_id: UUID, field: str = "unit_id") -> Agency:
    """The agency of a unit; FieldRefused (`unknown_unit`) when there is none such."""
    agency = session.execute(select(UnitRow.agency).where(UnitRow.id == unit_id)).scalar_one_or_none()
    if agency is None:
        raise FieldRefused((field, "unknown_unit"))
    return Agency(agency)


def is_institution(session: Session, unit_id: UUID) -> bool:
    """Whether the unit is a house such as a shelter or a school: those see their own stage, so they own no case."""
    found = session.execute(select(UnitRow.institution).where(UnitRow.id == unit_id)).scalar_one_or_none()
    return found is not None


def require_officers(session: Session, unit_id: UUID, officers: Collection[tuple[str, UUID]]) -> None:
    """Named officer and deputy (Art. 20) are two open accounts of that unit; FieldRefused names the field that is not."""
    if len({account_id for _, account_id in officers}) < len(officers):
        raise FieldRefused(("deputy_id", "same_officer"))
    known = session.execute(
        select(AccountRow.id).where(
            AccountRow.id.in_([account_id for _, account_id in officers]),
            AccountRow.unit_id == unit_id,
            AccountRow.disabled_at.is_(None),
        )
    ).scalars()
    missing = {account_id for _, account_id in officers} - set(known)
    if missing:
        raise FieldRefused(
            *((field, "not_in_this_unit") for field, account_id in officers if account_id in missing)
        )
