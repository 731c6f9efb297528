"""A child who came out of danger, in a case of civil affairs, with people who work for them."""

from collections.abc import Callable

import pytest

from services.demo_desk import Desk, Json, Refused
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first

NAMELESS: Json = {
    "identity": {"lowest_age": 17, "languages": ["zh"]},
    "situation": {"in_danger": "no", "safe_place_tonight": "no", "apart_from_family": "yes"},
}


def taken_in(play: Stage, person: Json) -> Journey:
    """Reported, accepted, and handed to civil affairs."""
    message = {"narrative": "有人需要帮助", "whereabouts": "师市汽车站"}
    journey = first.police_take_it_up(play, first.report(play, "tip", [], message), [person])
    first.hand_to_civil_affairs(play, journey)
    return journey


@pytest.fixture(scope="module")
def child(module_play: Stage) -> Journey:
    return taken_in(module_play, NAMELESS)


@pytest.fixture
def refused() -> Callable[..., Json]:
    """The problem with which a call is refused, and its status."""

    def call(status: int, act: Callable[..., object], *args: object, **named: object) -> Json:
        with pytest.raises(Refused) as found:
            act(*args, **named)
        assert found.value.status == status, found.value.problem
        return found.value.problem

    return call


def learn(desk: Desk, journey: Journey, **sections: Json) -> Json:
    """Write what was learned about the person, from the version that they have now."""
    version = int(desk.get(journey.person)["version"])
    return desk.patch(journey.person, sections, version=version)
