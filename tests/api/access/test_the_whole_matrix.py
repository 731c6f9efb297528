"""Every operation of the interface against everybody who has no work in a case, whole and with either layer switched off;
and every id that a body may hold, taken from somebody else's case.

The short forms, on a sample, are beside it; this is the whole of it.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from services.demo_desk import Json
from tests.api.access.test_what_each_reader_gets import strangers
from tests.api.access.world import Matter, Operation, World, nowhere, operations, same

REGISTERS: Final = re.compile(r"(unit|place|account|officer|deputy|advocate)(_account)?_id$")
"""Units, places and colleagues are in registers that everybody may read: naming one of another division gives nothing away."""
BY_PLACE: Final = {
    "proc": frozenset({"set_unit_conflict", "set_exclusion", "object_to_report"}),
    "corps-psb": frozenset({"object_to_report"}),
}
"""What is somebody's by their place, without work in the case: the procuratorate's (workflow 4, rule 4; section 2), and the
level above's review of a report."""
AT_WORK: Final = ("cab-1", "psb-1", "station-1", "health-1", "edu-1", "hrss-1", "justice-1")


@pytest.mark.drill
def test_who_has_no_work_in_a_case_gets_nothing_out_of_any_operation(
    world: World, north: Matter, layer: str
) -> None:
    told, empty, asked = [], nowhere(), 0
    readers = strangers(world, north)
    assert len(readers) > 20
    for username in readers if layer == "both layers" else readers[::4]:
        for operation in operations(world):
            if any(who in username and operation.name in theirs for who, theirs in BY_PLACE.items()):
                continue
            real = world.ask(username, operation.method, operation.at(north), operation.body, version=1)
            none = world.ask(username, operation.method, operation.at(empty), operation.body, version=1)
            asked += 2
            closed = real.status_code == 404 or real.json().get("type") == "/problems/role_not_allowed"
            if not closed or not same(real, none):
                told.append((username, operation.name, real.status_code))
    assert told == []
    assert asked > 3000


def ids_in(body: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where a body holds an id that is not one of the registers'."""
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, value in inside:
        if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
            if not REGISTERS.search(str(name)):
                yield (*path, name)
        else:
            yield from ids_in(value, (*path, name))


def with_id(body: Json, path: tuple[str | int, ...], value: str) -> Json:
    changed: Json = {**body}
    here: Any = changed
    for step in path[:-1]:
        here[step] = {**here[step]} if isinstance(here[step], dict) else [*here[step]]
        here = here[step]
    here[path[-1]] = value
    return changed


def holding_ids(world: World) -> list[tuple[Operation, tuple[str | int, ...]]]:
    return [(one, path) for one in operations(world) for path in ids_in(one.body)]


def test_an_id_of_somebody_elses_case_in_a_body_is_answered_like_one_that_stands_for_nothing(
    world: World, north: Matter, south: Matter
) -> None:
    empty, found = nowhere(), holding_ids(world)
    assert len(found) >= 5
    foreign = (
        (south.case_id, empty.case_id), (south.victim_id, empty.victim_id), (south.report_id, empty.report_id),
        (south.stages["shelter"], empty.stages["shelter"]), (south.parts["relative_id"], empty.parts["relative_id"]),
    )  # fmt: skip
    told = []
    for operation, path in found:
        for username in AT_WORK:
            for real_id, no_id in foreign:
                answers = [
                    world.ask(
                        username,
                        operation.method,
                        operation.at(north),
                        with_id(operation.body, path, one),
                        version=1,
                    )
                    for one in (real_id, no_id)
                ]
                if answers[0].is_success or not same(*answers):
                    told.append((username, operation.name, path, [one.status_code for one in answers]))
    assert told == []
