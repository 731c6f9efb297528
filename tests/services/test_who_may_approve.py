"""Who approves where an agency is the only one: the level above, and only there (workflow 2, case)."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.calls import House
from domain.actors import Actor, Role
from domain.agencies import NO_CASE_READING, Agency, PlaceKind
from domain.identifiers import new_id
from domain.refusals import FieldRefused
from services.approvals import require_other_agency
from services.records.agencies import PlaceRow, UnitRow


@pytest.fixture
def session(house: House, admin: Engine) -> Iterator[Session]:
    """What is added here is gone with the test: every other place of the world has many agencies."""
    with Session(admin) as session:
        yield session


def place(session: Session, kind: PlaceKind, parent: PlaceRow | None = None) -> PlaceRow:
    row = PlaceRow(
        id=new_id(), parent_id=parent.id if parent else None, kind=kind, code=uuid4().hex, name_zh="偏远地方",
        name_en="A remote place",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def unit(session: Session, agency: Agency, at: PlaceRow) -> UnitRow:
    row = UnitRow(
        id=new_id(), agency=agency, place_id=at.id, name_zh="单位", name_en="Unit", is_default=True, version=1
    )
    session.add(row)
    session.flush()
    return row


def officer(of: UnitRow, at: PlaceRow) -> Actor:
    return Actor(
        new_id(), new_id(), of.id, Agency(of.agency), Role.CASEWORKER, at.id, PlaceKind(at.kind), None
    )


def refused(session: Session, actor: Actor, approver: UnitRow) -> list[str]:
    with pytest.raises(FieldRefused) as found:
        require_other_agency(session, actor, approver.id)
    return [rule for _, rule in found.value.errors]


def test_the_level_above_approves_only_where_no_other_agency_serves_the_place(session: Session) -> None:
    division = place(session, PlaceKind.DIVISION)
    farm = place(session, PlaceKind.FARM, division)
    asking, above = unit(session, Agency.HEALTH, farm), unit(session, Agency.HEALTH, division)
    actor = officer(asking, farm)
    require_other_agency(session, actor, above.id)
    # an agency that never reads a case approves nothing, and stands in nobody's way
    unit(session, min(NO_CASE_READING), farm)
    require_other_agency(session, actor, above.id)
    women = unit(session, Agency.WOMEN, division)
    assert refused(session, actor, above) == ["another_agency_serves"]
    require_other_agency(session, actor, women.id)


def test_two_levels_above_is_not_the_level_above(session: Session) -> None:
    division = place(session, PlaceKind.DIVISION)
    farm = place(session, PlaceKind.FARM, division)
    company = place(session, PlaceKind.COMPANY, farm)
    asking, far = unit(session, Agency.HEALTH, company), unit(session, Agency.HEALTH, division)
    assert refused(session, officer(asking, company), far) == ["same_agency"]
