"""Every exit, walked by an excluded officer, a unit in question and the auditors of an office in question: nothing is left."""

from collections.abc import Callable, Iterator
from typing import Final
from uuid import uuid4

import httpx
import pytest

from domain.numbers import case_number
from services.demo_desk import Json
from tests.api.access.world import EXPORTS, Matter, Operation, World, new_case, nowhere, operations, same

LISTS: Final = (
    "/cases?limit=100", "/reports?limit=100", "/inbox?limit=100", "/inbox/reports", "/approvals?limit=100", "/alarms?limit=100",
    "/requests?limit=100", "/emergency_access?limit=100",
)  # fmt: skip


@pytest.fixture
def plain(world: World) -> Matter:
    return with_parts(new_case(world, "0101", "psb-1"))


@pytest.fixture
def fresh(world: World, layer: str) -> Matter:
    """The same for every layer of access."""
    return with_parts(new_case(world, "0101", "psb-1"))


def with_parts(matter: Matter) -> Matter:
    """No consent and no approval stands in it: their addresses lead nowhere."""
    matter.consent_id, matter.approval_id = str(uuid4()), str(uuid4())
    return matter


def reads(world: World) -> list[Operation]:
    return [one for one in operations(world) if one.method == "GET"]


def left_to(world: World, username: str, matter: Matter) -> Iterator[str]:
    """What this account still gets, or could tell from nothing; one after the other, as far as somebody asks."""
    nothing = nowhere()
    for operation in reads(world):
        answer = world.ask(username, "GET", operation.at(matter))
        told = answer.is_success or not same(answer, world.ask(username, "GET", operation.at(nothing)))
        yield from [operation.name] if told else []
    ids = (matter.case_id, matter.victim_id, matter.report_id, *matter.stages.values())
    number = world.sql("select number from cases where id = :id", id=matter.case_id)[0][0]
    sought, unknown = (
        world.ask(username, "GET", f"/audited_cases?number={one}")
        for one in (number, case_number(9_000_001, 2026))
    )
    yield from ["find_audited_case"] if sought.is_success or not same(sought, unknown) else []
    for path in LISTS:
        text = world.ask(username, "GET", path).text
        yield from [path] if any(one in text for one in ids) else []


def doubted(world: World, matter: Matter, kind: str, **whom: object) -> None:
    body = {**whom, "reason": "与案件有牵连"}
    answer = world.ask("psb-1", "POST", f"/cases/{matter.case_id}/{kind}", body)
    assert answer.status_code == 201, answer.text


def test_an_excluded_officer_walks_every_exit_in_vain(world: World, fresh: Matter) -> None:
    assert any(left_to(world, "health-1", fresh))
    doubted(world, fresh, "exclusions", account_id=world.desk("health-1").me["account_id"])
    assert list(left_to(world, "health-1", fresh)) == []
    assert any(left_to(world, "health-2", fresh))


def test_a_unit_in_question_walks_every_exit_in_vain(world: World, fresh: Matter) -> None:
    assert any(left_to(world, "edu-1", fresh))
    doubted(world, fresh, "unit_conflicts", unit_id=world.unit("edu-1"))
    assert list(left_to(world, "edu-1", fresh)) == []
    assert world.ask("edu-2", "GET", f"/cases/{fresh.case_id}").status_code == 404


AUDITOR: Final = "north-auditor"


def office_doubted(world: World, matter: Matter) -> None:
    doubted(world, matter, "unit_conflicts", unit_id=world.unit(AUDITOR))


AUDITED: Final = {
    "find_audited_case", "read_timeline", "check_timeline", "read_case_as_of", "prove_entry", *EXPORTS,
}  # fmt: skip
"""The exits of an auditor to a case."""


def auditor_excluded(world: World, matter: Matter) -> None:
    doubted(world, matter, "exclusions", account_id=world.desk(AUDITOR).me["account_id"])


def office_spared(world: World, matter: Matter) -> None:
    spared = "update cases set kept_from = array[cast(:unit as uuid)] where id = :id"
    world.sql(spared, unit=world.unit(AUDITOR), id=matter.case_id)


@pytest.mark.parametrize("kept", [office_doubted, auditor_excluded, office_spared])
def test_an_auditor_who_is_kept_from_a_case_walks_every_exit_in_vain(
    world: World, fresh: Matter, kept: Callable[[World, Matter], None]
) -> None:
    timeline = f"/cases/{fresh.case_id}/timeline"
    assert world.ask(AUDITOR, "GET", timeline).status_code == 200
    kept(world, fresh)
    assert list(left_to(world, AUDITOR, fresh)) == []
    # another office follows it as before
    assert world.ask("auditor", "GET", timeline).status_code == 200


def test_an_auditor_is_left_the_timeline_of_a_case_and_its_check(world: World, plain: Matter) -> None:
    assert set(left_to(world, AUDITOR, plain)) == AUDITED


# --- answers that were given before ---


def repeat(world: World, username: str, path: str, body: Json, key: str, version: object) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {world.desk(username).token}",
        "Idempotency-Key": key,
        "If-Match": f'"{version}"',
    }
    answer: httpx.Response = world.client.post(path, json=body, headers=headers)
    return answer


def accepted(world: World, username: str, matter: Matter, key: str) -> Callable[[], httpx.Response]:
    """A stage accepted with a key; returns the second click."""
    desk, path = world.desk(username), f"/schooling/{matter.stages['schooling']}"
    officer, deputy = desk.colleagues()[:2]
    body, version = {"officer_id": officer, "deputy_id": deputy}, desk.get(path)["version"]
    first = repeat(world, username, f"{path}/accept", body, key, version)
    assert first.status_code == 200, first.text

    def again() -> httpx.Response:
        return repeat(world, username, f"{path}/accept", body, key, version)

    assert again().headers["idempotent-replayed"] == "true"
    return again


@pytest.mark.parametrize(
    ("kind", "whom"), [("exclusions", "account_id"), ("unit_conflicts", "unit_id")], ids=["officer", "unit"]
)
def test_a_stored_answer_is_not_shown_again_to_whom_the_case_is_closed(
    world: World, plain: Matter, kind: str, whom: str
) -> None:
    again = accepted(world, "edu-1", plain, str(uuid4()))
    doubted(world, plain, kind, **{whom: world.desk("edu-1").me[whom]})
    answer = again()
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not_found")


def test_a_stored_answer_is_not_shown_again_once_the_work_went_to_another_unit(
    world: World, plain: Matter
) -> None:
    again = accepted(world, "edu-1", plain, str(uuid4()))
    school, path = world.desk("edu-1"), f"/schooling/{plain.stages['schooling']}"
    stage = school.move(
        school.get(path), "hand_over", {"unit_id": world.unit("school-1"), "reason": "由学校接收"}
    )
    officer, deputy = world.desk("school-1").colleagues()[:2]
    body = {"officer_id": officer, "deputy_id": deputy}
    taken = world.ask("school-1", "POST", f"{path}/accept_hand_over", body, version=stage["version"])
    assert taken.status_code == 200
    assert again().status_code == 404


def test_the_answer_to_a_request_that_ended_the_right_itself_comes_back_on_a_second_click(
    world: World, plain: Matter
) -> None:
    path, key = f"/employment/{plain.stages['employment']}", str(uuid4())
    body = {"reason": "no_capacity"}
    version = world.desk("hrss-1").get(path)["version"]
    first = repeat(world, "hrss-1", f"{path}/send_back", body, key, version)
    assert first.status_code == 200, first.text
    assert world.ask("hrss-1", "GET", path).status_code == 404
    second = repeat(world, "hrss-1", f"{path}/send_back", body, key, version)
    assert (second.status_code, second.content) == (200, first.content)
