"""The first journey over sockets, as another program would play it: a server of its own on a free port."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from api.calls import House
from api.serving import client_of, in_background, server_for
from services.demo_journeys import YEAR_AND_MORE, Stage, boy_found_begging
from services.demo_world import PASSWORD


@pytest.fixture
def over_sockets(house: House) -> Iterator[httpx.Client]:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port = asking.getsockname()[1]
    served = replace(house, settings=replace(house.settings, port=port))
    with in_background(server_for(served)), client_of(served) as client:
        yield client


def test_the_first_journey_ends_in_a_closed_case_over_a_real_server(over_sockets: httpx.Client) -> None:
    lines: list[str] = []
    play = Stage(over_sockets, PASSWORD, datetime.now(UTC) - YEAR_AND_MORE, lines.append)
    journey = boy_found_begging(play)
    assert (journey.case["state"], journey.case["closing_reason"]) == ("closed", "goals_met")
    assert "close case" in lines[-1]


def test_a_real_server_says_no_as_a_problem(over_sockets: httpx.Client) -> None:
    answer = over_sockets.get("/inbox")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
