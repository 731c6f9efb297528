"""A child's case in the north, as its police have accepted it, and the worker that carries out rules."""

from collections.abc import Callable, Iterator
from typing import Final
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from services.database import engine_for
from services.demo_desk import Desk, Refused
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.settings import Settings
from tests.newcomers import first_day, let_in

PASSWORD: Final = "a long enough sentence"
CHILD: Final = {
    "identity": {"lowest_age": 12, "sex": "male", "name": "示例丙"},
    "contact": {"phone": "+8613900000021"},
    "situation": {
        "in_danger": "yes",
        "safe_place_tonight": "no",
        "injured_or_ill": "yes",
        "apart_from_family": "yes",
        "identity_known": "yes",
        "household_registered": "no",
    },
}


def new_journey(play: Stage) -> Journey:
    """A case with rescue, shelter, medical care, tracing, registration, schooling, rights and guardianship routed."""
    told = {"kind": "tip", "place_id": play.place(first.FARM), "message": {"narrative": "有一个男孩需要帮助"}}
    return first.police_take_it_up(play, play.desk("psb-1").post("/reports", told), [CHILD])


@pytest.fixture
def journey(play: Stage) -> Journey:
    return new_journey(play)


@pytest.fixture(scope="module")
def module_journey(module_play: Stage) -> Journey:
    """The same, for a story that several tests tell on."""
    return new_journey(module_play)


@pytest.fixture(scope="module")
def worker(settings: Settings) -> Iterator[Engine]:
    assert settings.worker_database_url is not None
    engine = engine_for(settings.worker_database_url, 1)
    yield engine
    engine.dispose()


def refusal(act: Callable[..., object], *asked: object) -> tuple[int, list[str]]:
    """The status and the rules of what must be refused."""
    with pytest.raises(Refused) as refused:
        act(*asked)
    return refused.value.status, [error["rule"] for error in refused.value.problem.get("errors") or ()]


def housing_bureau(play: Stage) -> Desk:
    """A unit of an agency that reads no cases, and somebody in it."""
    admin, name = play.desk("admin"), f"housing-{uuid4().hex[:8]}"
    unit = admin.post(
        "/units",
        {
            "agency": "HOUSING",
            "place_id": play.place("0101"),
            "institution": None,
            "name_zh": "示范住建局",
            "name_en": "Demonstration Housing Bureau",
        },
    )
    account = {"username": name, "password": PASSWORD, "unit_id": unit["id"], "role": "caseworker"}
    let_in(play.desk, admin.post("/accounts", account))
    return first_day(play.client, name, PASSWORD).desk()
