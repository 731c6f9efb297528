"""People whose first day is over, each from an address of their own."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from services.demo_desk import Desk
from services.demo_world import PASSWORD
from tests.doors import another_door
from tests.newcomers import Person, first_day, let_in

Desks = Callable[[str], Desk]
Newcomer = Callable[..., Person]
Sql = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def door(client: TestClient) -> TestClient:
    return another_door(client, f"2001:db8:7::{uuid4().hex[:4]}")


@pytest.fixture
def newcomer(door: TestClient, desk: Desks) -> Newcomer:
    """An account of this test's own, after its first day; let in to people's data, if it works with them."""

    def arrive(role: str = "caseworker", unit_of: str = "cab-1") -> Person:
        account = given(desk, role, unit_of)
        let_in(desk, account)
        return first_day(door, account["username"], PASSWORD, account)

    return arrive


def given(desk: Desks, role: str = "caseworker", unit_of: str = "cab-1") -> dict[str, str]:
    """An account that an administrator just gave to somebody."""
    body = {
        "username": f"p-{uuid4().hex[:12]}",
        "password": PASSWORD,
        "unit_id": desk(unit_of).me["unit_id"],
        "role": role,
    }
    return desk("admin").post("/accounts", body)


@pytest.fixture
def sql(admin: Engine) -> Sql:
    """As the database's superuser, whom nothing holds."""

    def ask(statement: str, **values: object) -> list[tuple[object, ...]]:
        with admin.begin() as connection:
            result = connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    return ask
