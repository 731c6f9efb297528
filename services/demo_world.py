"""The demonstration's places, units and accounts. Their password stands in the README, so production refuses them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from domain.access_approvals import Approver
from domain.actors import Actor, Role
from domain.agencies import AGENCY_NAMES, Agency, InstitutionKind, PlaceKind
from domain.identifiers import new_id
from services.access_approvals import approve_access, due_approvals
from services.accounts import NewAccount, add_account
from services.database import transaction
from services.master_keys import MasterKeys
from services.records.accounts import AccountRow
from services.records.agencies import PlaceRow, UnitRow
from services.registers import NewPlace, NewUnit, add_place, add_unit
from services.sessions import begin_as_nobody

PASSWORD: Final = "homeward demonstration"  # noqa: S105  # meant to be known

OFFICER: Final = "data-officer"

_EVERYWHERE: Final = ("PSB", "CAB", "PROC", "WOMEN")
_BELOW_CORPS: Final = ("EDU", "HEALTH", "DPF", "HRSS", "JUSTICE", "UNION", "YOUTH", "COURT", "FAO")


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """One unit and the accounts in it. `tag` begins the names of its accounts: `cab` has `cab-1` and `cab-2`."""

    tag: str
    agency: Agency
    place: str
    name_zh: str
    name_en: str
    institution: InstitutionKind | None = None
    role: Role = Role.CASEWORKER


def _house(tag: str, agency: Agency, institution: InstitutionKind, name_zh: str, name_en: str) -> DemoUnit:
    role = Role.LAWYER if institution is InstitutionKind.LEGAL_AID_CENTRE else Role.INSTITUTION_STAFF
    return DemoUnit(tag, agency, "north", name_zh, name_en, institution, role)


def _units() -> list[DemoUnit]:
    found = [_bureau("corps", "corps", code) for code in (*_EVERYWHERE, "HEALTH", "EDU", "HRSS", "JUSTICE")]
    for place, prefix in (("north", ""), ("south", "south")):
        found += [_bureau(place, prefix, code) for code in (*_EVERYWHERE, *_BELOW_CORPS)]
    return [*found, *_INSTITUTIONS]


def _bureau(place: str, prefix: str, code: str) -> DemoUnit:
    agency, where = Agency(code), _PLACES[place]
    tag = "-".join(part for part in (prefix, code.lower()) if part)
    name = AGENCY_NAMES[agency]
    return DemoUnit(tag, agency, place, f"{where.name_zh}{name.zh}", f"{name.en}, {where.name_en}")


@dataclass(frozen=True, slots=True)
class _Place:
    kind: PlaceKind
    parent: str | None
    code: str
    name_zh: str
    name_en: str


_PLACES: Final[Mapping[str, _Place]] = {
    "corps": _Place(PlaceKind.CORPS, None, "00", "示范兵团", "Demonstration Corps"),
    "north": _Place(PlaceKind.DIVISION, "corps", "01", "示范北师市", "Demonstration North Division"),
    "south": _Place(PlaceKind.DIVISION, "corps", "02", "示范南师市", "Demonstration South Division"),
    "north-farm": _Place(PlaceKind.FARM, "north", "0101", "示范北一团", "Demonstration North Farm 1"),
    "south-farm": _Place(PlaceKind.FARM, "south", "0201", "示范南一团", "Demonstration South Farm 1"),
}

_INSTITUTIONS: Final = (
    _house(
        "station",
        Agency.CAB,
        InstitutionKind.RELIEF_STATION,
        "示范救助管理站",
        "Demonstration Relief Station",
    ),
    _house("hospital", Agency.HEALTH, InstitutionKind.HOSPITAL, "示范定点医院", "Demonstration Hospital"),
    _house("school", Agency.EDU, InstitutionKind.SCHOOL, "示范学校", "Demonstration School"),
    _house(
        "legalaid",
        Agency.JUSTICE,
        InstitutionKind.LEGAL_AID_CENTRE,
        "示范法律援助中心",
        "Demonstration Legal Aid",
    ),
    DemoUnit(
        "office",
        Agency.OFFICE,
        "corps",
        "示范反拐办",
        "Demonstration Coordinating Office",
        role=Role.COORDINATOR,
    ),
)

_EXTRA_ACCOUNTS: Final[Sequence[tuple[str, str, Role]]] = (
    ("hotline", "psb", Role.HOTLINE),
    ("admin", "corps-cab", Role.ADMINISTRATOR),
    ("auditor", "corps-proc", Role.AUDITOR),
    ("north-auditor", "proc", Role.AUDITOR),
    (OFFICER, "corps-proc", Role.DATA_PROTECTION_OFFICER),
    ("north-data-officer", "proc", Role.DATA_PROTECTION_OFFICER),
    ("cab-supervisor", "cab", Role.SUPERVISOR),
    ("psb-supervisor", "psb", Role.SUPERVISOR),
    ("advocate", "women", Role.ADVOCATE),
)


def world_exists(engine: Engine) -> bool:
    """Whether anybody is in the house yet."""
    with transaction(engine) as session:
        return session.execute(select(AccountRow.id).limit(1)).one_or_none() is not None


def build_world(engine: Engine, master_keys: MasterKeys) -> int:
    """Places, units and accounts, in one transaction; returns the number of accounts."""

    with transaction(engine, {"master_keys": master_keys, "request_id": new_id()}) as session:
        begin_as_nobody(session)
        places: dict[str, UUID] = {}
        for key, place in _PLACES.items():
            parent = places[place.parent] if place.parent else None
            new = NewPlace(parent, place.kind, place.code, place.name_zh, place.name_en)
            places[key] = add_place(session, None, new).id
        units = {unit.tag: _add_unit(session, unit, places[unit.place]) for unit in _units()}
        return _add_accounts(session, units)


def _add_unit(session: Session, unit: DemoUnit, place_id: UUID) -> UUID:
    default = unit.institution is None
    new = NewUnit(unit.agency, place_id, unit.institution, unit.name_zh, unit.name_en, default)
    return add_unit(session, None, new).id


def _add_accounts(session: Session, units: Mapping[str, UUID]) -> int:
    wanted = [(f"{unit.tag}-{number}", unit.tag, unit.role) for unit in _units() for number in (1, 2)]
    added = [
        add_account(session, None, NewAccount(username, PASSWORD, units[tag], role, demonstration=True))
        for username, tag, role in (*wanted, *_EXTRA_ACCOUNTS)
    ]
    _let_in(session, added)
    return len(added)


def _let_in(session: Session, accounts: Sequence[AccountRow]) -> None:
    """As in a house of one's own: the officer of data protection lets the supervisors in, these their people, and the officer
    those who have no supervisor."""
    officer = next(account for account in accounts if account.username == OFFICER)
    supervisors = [account for account in accounts if account.role == Role.SUPERVISOR]
    for supervisor in supervisors:
        approve_access(session, as_actor(session, officer), supervisor.id, supervisor.version)
    for approver in (*supervisors, officer):
        actor = as_actor(session, approver)
        for due in due_approvals(session, actor, after=None, limit=len(accounts)):
            if approver is not officer or due.by is Approver.DATA_PROTECTION_OFFICER:
                approve_access(session, actor, due.row.id, due.row.version)


def as_actor(session: Session, account: AccountRow) -> Actor:
    """Somebody of the demonstration as they act, without signing in."""
    unit = session.get_one(UnitRow, account.unit_id)
    kind = PlaceKind(session.get_one(PlaceRow, unit.place_id).kind)
    role, agency = Role(account.role), Agency(unit.agency)
    return Actor(account.id, account.id, unit.id, agency, role, unit.place_id, kind, None, approved=True)
