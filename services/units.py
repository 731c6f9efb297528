"""Units, places and accounts as other use cases need to look them up."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from domain.actors import MOVING_ROLES
from domain.agencies import Agency, InstitutionKind
from domain.refusals import FieldRefused
from services.records.accounts import AccountRow
from services.records.agencies import UnitRow
from services.records.conflicts import ExclusionRow


@dataclass(frozen=True, slots=True)
class Unit:
    """Whose unit it is; an institution is a house such as a shelter or a school, which sees its own stage only."""

    agency: Agency
    institution: InstitutionKind | None


def unit_named(session: Session, unit_id: UUID) -> Unit:
    """The unit that a body names in `unit_id`; FieldRefused (`unknown_unit`) when there is none such."""
    query = select(UnitRow.agency, UnitRow.institution).where(UnitRow.id == unit_id)
    found = session.execute(query).one_or_none()
    if found is None:
        raise FieldRefused(("unit_id", "unknown_unit"))
    return Unit(Agency(found.agency), InstitutionKind(found.institution) if found.institution else None)


def agency_of(session: Session, unit_id: UUID) -> Agency:
    """The agency of that unit."""
    return unit_named(session, unit_id).agency


def require_officers(
    session: Session, file_id: UUID, unit_id: UUID, officers: Collection[tuple[str, UUID]]
) -> None:
    """Named officer and deputy (Art. 20) are two open accounts of that unit, neither shut out of the file, in roles that
    move a stage; FieldRefused names the field that is not."""
    if len({account_id for _, account_id in officers}) < len(officers):
        raise FieldRefused(("deputy_id", "same_officer"))
    shut_out = exists().where(ExclusionRow.file_id == file_id, ExclusionRow.account_id == AccountRow.id)
    found = session.execute(
        select(AccountRow.id, shut_out).where(
            AccountRow.id.in_([account_id for _, account_id in officers]),
            AccountRow.unit_id == unit_id,
            AccountRow.role.in_(MOVING_ROLES),
            AccountRow.disabled_at.is_(None),
        )
    )
    excluded = {row[0]: bool(row[1]) for row in found}
    errors = [
        (field, "officer_excluded" if account_id in excluded else "not_in_this_unit")
        for field, account_id in officers
        if excluded.get(account_id, True)
    ]
    if errors:
        raise FieldRefused(*errors)
