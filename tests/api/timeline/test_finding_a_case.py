"""From a case's number to the case, for those who check: written down, in few statements, for nobody else."""

from collections.abc import Callable
from typing import Final

import httpx
import pytest
from sqlalchemy import Engine, text

from api.calls import House
from services.demo_desk import Desk, Json
from services.demo_journeys import Stage
from services.demo_journeys import first_steps as first
from tests.api.manners.operations import statements_of

MESSAGE: Final = {"narrative": "示例", "whereabouts": "示例"}


@pytest.fixture(scope="module")
def case(module_play: Stage) -> Json:
    receipt = first.report(module_play, "tip", ["child_alone"], MESSAGE)
    return first.police_take_it_up(module_play, receipt, []).case


def ask(client: httpx.Client, desk: Desk, number: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {desk.token}"}
    return client.get("/audited_cases", params={"number": number}, headers=headers)


@pytest.mark.parametrize("username", ["auditor", "north-auditor", "data-officer"])
def test_who_audits_finds_the_case_and_it_is_written_down(
    client: httpx.Client, desk: Callable[[str], Desk], house: House, admin: Engine, case: Json, username: str
) -> None:
    auditor = desk(username)
    # as somebody types it who reads it from paper
    with statements_of(house.engine) as seen:
        found = ask(client, auditor, case["number"].replace("-", " "))
    # who calls, the case, the line in the log of reads
    assert len(seen) <= 4, seen
    assert (found.status_code, found.json()["case_id"]) == (200, case["id"])
    assert auditor.get(found.json()["links"]["check"])["whole"]
    with admin.begin() as connection:
        asked = "select subject, file_id from read_log where request_id = :id"
        (row,) = connection.execute(text(asked), {"id": found.headers["x-request-id"]})
    assert (row.subject, str(row.file_id)) == ("audited_case", case["id"])


def test_a_mistyped_number_is_said_to_be_one_and_not_repeated(
    client: httpx.Client, desk: Callable[[str], Desk], case: Json
) -> None:
    mistyped = case["number"][:-1] + str((int(case["number"][-1]) + 1) % 10)
    answer = ask(client, desk("auditor"), mistyped)
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "number_format")
    assert mistyped not in answer.text


def test_who_works_in_a_case_does_not_look_cases_up_by_number(
    client: httpx.Client, desk: Callable[[str], Desk], case: Json
) -> None:
    for username in ("psb-1", "psb-supervisor", "admin", "office-1"):
        answer = ask(client, desk(username), case["number"])
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/role_not_allowed")
