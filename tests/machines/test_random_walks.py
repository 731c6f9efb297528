"""Random walks through the machines beside a small model: no illegal state, somebody responsible, access equal to work."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import create_engine, text

from api.calls import House
from services.settings import Settings
from tests.machines.ground import Ground
from tests.machines.walk import RandomWalk

SEED = 20210401


@pytest.fixture(scope="module")
def walker(house: House, settings: Settings) -> Iterator[type[RandomWalk]]:
    assert settings.admin_database_url is not None
    admin = create_engine(settings.admin_database_url, pool_size=1)
    ground = Ground(house, admin)
    ground.sign_everybody_in()
    with admin.connect() as connection:
        place = connection.execute(text("select id from places where code = '0101'")).scalar_one()
    RandomWalk.ground, RandomWalk.place_id = ground, UUID(str(place))
    yield RandomWalk
    admin.dispose()


def walks(runs: int, steps: int) -> settings:
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=True,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


def test_some_random_walks_leave_the_case_as_the_model_says(walker: type[RandomWalk]) -> None:
    run_state_machine_as_test(seed(SEED)(walker), settings=walks(6, 20))


@pytest.mark.drill
@pytest.mark.parametrize("part", range(8))
def test_two_thousand_random_walks_of_fifty_steps_leave_the_case_as_the_model_says(
    walker: type[RandomWalk], part: int
) -> None:
    """Eight parts, so that two processes can share them: 250 runs each."""
    run_state_machine_as_test(seed(SEED + part)(walker), settings=walks(250, 50))
