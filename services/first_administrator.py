"""The first administrator of an empty house: the top place, one unit, one account. They add everybody else."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from domain.actors import Role
from domain.agencies import AGENCY_NAMES, PlaceKind
from domain.mandates import MANDATES
from domain.refusals import Refusal
from domain.stages import StageCode
from services.accounts import NewAccount, add_account
from services.records.accounts import AccountRow
from services.registers import NewPlace, NewUnit, add_place, add_unit
from services.sessions import begin_as_nobody

FIRST_AGENCY: Final = MANDATES[StageCode.FOLLOW_UP].accountable
"""The agency that stays with a person to the end (Art. 39) gets the first unit; an administrator reads no cases anyway."""

_ONE_AT_A_TIME: Final = text("select pg_advisory_xact_lock(7217217202)")


class HouseNotEmpty(Refusal):
    """Somebody has an account already; further ones are added by an administrator, with their name on the record."""


@dataclass(frozen=True, slots=True)
class TopPlace:
    """The place at the top, in both languages."""

    code: str
    name_zh: str
    name_en: str


def appoint_first(session: Session, place: TopPlace, username: str, password: str) -> AccountRow:
    """Add place, unit and administrator; the caller's transaction commits. HouseNotEmpty, then FieldRefused."""
    begin_as_nobody(session)
    session.execute(_ONE_AT_A_TIME)
    if session.execute(select(AccountRow.id).limit(1)).one_or_none() is not None:
        raise HouseNotEmpty
    top = add_place(session, None, NewPlace(None, PlaceKind.CORPS, place.code, place.name_zh, place.name_en))
    agency = AGENCY_NAMES[FIRST_AGENCY]
    names = (f"{place.name_zh}{agency.zh}", f"{agency.en}, {place.name_en}")
    unit = add_unit(session, None, NewUnit(FIRST_AGENCY, top.id, None, *names, is_default=True))
    return add_account(session, None, NewAccount(username, password, unit.id, Role.ADMINISTRATOR))
