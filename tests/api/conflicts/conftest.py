"""What the stories of guardians and of units in question both look at: a refusal, and how long somebody has."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from api.calls import House
from services.demo_desk import Desk, Json, Refused


def refused(desk: Desk, path: str, body: Json | None = None, *, version: int | None = 1) -> tuple[int, Json]:
    """The status and the problem of what must be refused; everything here is made from its first version."""
    with pytest.raises(Refused) as refusal:
        desk.post(path, body, version=version)
    return refusal.value.status, refusal.value.problem


def clock_of(house: House, conflict: Json) -> tuple[timedelta, str]:
    """How long those have who decide this conflict, and whether the clock still runs."""
    # the tests' own look, as nobody in the house has it
    with house.engine.connect() as connection:
        connection.execute(
            text("select set_config('homeward.file', :case, true)"), {"case": conflict["case_id"]}
        )
        row = connection.execute(
            text("select due_at - started_at, state from deadlines where subject_id = :id"),
            {"id": conflict["id"]},
        ).one()
    return row[0], row[1]
