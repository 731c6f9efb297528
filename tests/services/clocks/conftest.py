"""A child's case as the police have just accepted it, with its clocks running, and the worker beside it."""

import sys
from collections.abc import Callable, Iterator

import pytest

from api.calls import House
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.settings import Settings
from tests.services.clocks.ground import Clocks, clocks_of

CHILD = {
    "identity": {"lowest_age": 12, "sex": "male"},
    "situation": {"safe_place_tonight": "no", "apart_from_family": "yes", "identity_known": "no"},
}


@pytest.fixture(scope="module")
def clocks(house: House, settings: Settings) -> Iterator[Clocks]:
    with clocks_of(house, settings) as found:
        yield found


@pytest.fixture
def journey(play: Stage) -> Journey:
    """Shelter, tracing, rights and guardianship are routed."""
    receipt = first.report(play, "tip", [], {"narrative": "有一个男孩需要帮助"})
    return first.police_take_it_up(play, receipt, [CHILD])


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a drill's figures past pytest's capture."""

    def aloud(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{line}\n")
            sys.stdout.flush()

    return aloud
