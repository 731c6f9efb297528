"""A coordinator sees how much lies where and what is late; no name, no case, and no way down to one (workflow 7)."""

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import Engine, delete
from starlette.testclient import TestClient

from domain.actors import COORDINATING_ROLES, Role
from services.database import transaction
from services.demo_desk import Desk
from services.demo_journeys import Journey, Stage
from services.records.clocks import AlarmRow, WorkloadRow
from tests.api.contract import OPERATIONS, body_schema, resolved
from tests.api.routing.conftest import PASSWORD, refusal
from tests.newcomers import first_day

OPEN_TO_EVERYBODY = {
    *("sign_out", "read_me", "list_units", "list_accounts"),
    # one's own account: password, second factor, sessions
    *("confirm_session", "list_sessions", "end_other_sessions", "change_password", "begin_second_factor"),
    *("confirm_second_factor", "renew_recovery_codes"),
}
OWN = {"read_workload", "read_late_list"}


@pytest.fixture(scope="module")
def late(module_journey: Journey, module_play: Stage, worker: Engine) -> tuple[Journey, str]:
    """The schooling of a child in the north is a day late, and three units were told of it; the worker has counted."""
    deadline_id, at = uuid4(), datetime.now(UTC)
    stage, unit_id = module_journey.stage("schooling"), module_play.unit(module_play.desk("edu-1"))
    common = {
        "kind": "case", "deadline_id": deadline_id, "clock": "stage_reply", "subject": "stage", "stage": "schooling",
        "subject_id": stage["id"], "late_unit_id": unit_id, "due_at": at - timedelta(hours=26), "raised_at": at,
        "file_id": module_journey.case["id"], "division_id": module_play.place("01"),
    }  # fmt: skip
    with transaction(worker) as session:
        for rung, told in enumerate(("edu-1", "cab-1", "corps-edu-1")):
            row = {
                "id": uuid4(),
                "rung": rung,
                "told": "unit",
                "unit_id": module_play.unit(module_play.desk(told)),
            }
            session.add(AlarmRow(**common, **row))
        session.execute(delete(WorkloadRow))
        line = {"division_id": module_play.place("01"), "stages": 7, "late": 1, "counted_at": at}
        session.add(WorkloadRow(unit_id=unit_id, stage="schooling", state="routed", **line))
    return module_journey, unit_id


def coordinator_of(play: Stage, place: str) -> Desk:
    """OFFICE in one division, and its coordinator."""
    admin, name = play.desk("admin"), f"office-{uuid4().hex[:8]}"
    unit = admin.post(
        "/units",
        {
            "agency": "OFFICE",
            "place_id": play.place(place),
            "institution": None,
            "name_zh": "示范师市反拐办",
            "name_en": "Demonstration Division Office",
        },
    )
    account = {"username": name, "password": PASSWORD, "unit_id": unit["id"], "role": "coordinator"}
    admin.post("/accounts", account)
    return first_day(play.client, name, PASSWORD).desk()


def test_what_is_late_is_told_once_under_a_number_of_its_own(late: tuple[Journey, str], play: Stage) -> None:
    journey, unit_id = late
    office = play.desk("office-1")
    answer = office.get("/coordination/late", unit_id=unit_id, stage="schooling", limit=100)
    (line,) = [item for item in answer["items"] if item["hours_late"] == 26]
    assert (line["stage"], line["unit_id"]) == ("schooling", unit_id)
    assert set(line) == {"number", "stage", "unit_id", "due_at", "hours_late"}
    again = office.get("/coordination/late", unit_id=unit_id, limit=100)["items"]
    assert line["number"] in {item["number"] for item in again}
    told = json.dumps(answer)
    stage = journey.stage("schooling")
    for secret in (journey.case["id"], journey.case["number"], journey.victim_id, stage["id"], "示例"):
        assert secret not in told


def test_workload_is_what_the_worker_counted_in_the_order_of_the_units(
    late: tuple[Journey, str], play: Stage
) -> None:
    _journey, unit_id = late
    answer = play.desk("office-1").get("/coordination/workload")
    assert answer["counted_at"] is not None
    (line,) = answer["items"]
    assert line == {"unit_id": unit_id, "stage": "schooling", "state": "routed", "stages": 7, "late": 1}


def test_a_divisions_coordinator_sees_the_division_alone(late: tuple[Journey, str], play: Stage) -> None:
    _journey, unit_id = late
    north, south = coordinator_of(play, "01"), coordinator_of(play, "02")
    assert unit_id in {item["unit_id"] for item in north.get("/coordination/late", limit=100)["items"]}
    assert len(north.get("/coordination/workload")["items"]) == 1
    assert south.get("/coordination/late")["items"] == south.get("/coordination/workload")["items"] == []


def test_no_id_in_what_a_coordinator_reads_opens_anything(late: tuple[Journey, str], play: Stage) -> None:
    """Not for the coordinator, and not for those who do work on the case either."""
    (journey, _unit_id), office = late, play.desk("office-1")
    read = [office.get(path, limit=1) for path in ("/coordination/late", "/coordination/workload")]
    told = json.dumps(read)
    found = set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|L-[A-Z2-7]{16}", told))
    assert len(found) >= 2
    opening = {path for _method, path, _operation in OPERATIONS.values() if re.search(r"{\w+_id}$", path)}
    assert len(opening) > 10
    for path, identity, desk in product(opening, found, (office, journey.owner)):
        answer = play.client.get(re.sub(r"{\w+}", identity, path), headers=signed(desk))
        assert answer.status_code in (403, 404, 405, 422), path


def signed(desk: Desk) -> dict[str, str]:
    return {"Authorization": f"Bearer {desk.token}", "If-Match": '"1"'}


def test_every_other_operation_of_the_api_is_closed_to_a_coordinator(
    module_journey: Journey, play: Stage, client: TestClient
) -> None:
    """Ids of a real case: 403 for the role, or 404; never an answer, whichever operation."""
    office, told = play.desk("office-1"), {}
    stages = {stage["code"]: stage["id"] for stage in module_journey.stages()}
    closed = {
        name: operation
        for name, operation in OPERATIONS.items()
        # a person's own door asks for another kind of token, and answers 401 to every officer
        if "security" in operation[2]
        and name not in OPEN_TO_EVERYBODY | OWN
        and not operation[1].startswith("/door")
    }
    for name, (method, path, operation) in closed.items():
        ids = {"case_id": module_journey.case["id"], "victim_id": module_journey.victim_id}
        ids["stage_id"] = stages.get(path.split("/")[1], str(uuid4()))
        where = re.sub(r"{(\w+)}", lambda found: str(ids.get(found[1], uuid4())), path)  # noqa: B023  # used at once
        schema = body_schema(name)
        body = {} if schema is None else resolved(schema)["examples"][0]
        needed = [
            one["name"] for one in operation["parameters"] if one.get("in") == "query" and one["required"]
        ]
        answer = client.request(
            method.upper(),
            where,
            headers=signed(office),
            params=dict.fromkeys(needed, str(uuid4())),
            json=None if method == "get" else body,
        )
        if answer.status_code not in (403, 404):
            told[name] = answer.status_code
    assert told == {}
    assert len(closed) > 300


def test_nobody_holds_office_and_any_other_role_together(play: Stage) -> None:
    """One account, one unit, one role: OFFICE has coordinators alone, and only OFFICE has them (Art. 3)."""
    admin, office = play.desk("admin"), play.unit(play.desk("office-1"))

    def add(unit_id: str, role: Role) -> object:
        body = {"username": f"x-{uuid4().hex[:8]}", "password": PASSWORD, "unit_id": unit_id, "role": role}
        return admin.post("/accounts", body)

    for role in Role:
        if role not in COORDINATING_ROLES:
            assert refusal(add, office, role) == (422, ["office_and_psb"])
    for username in ("psb-1", "corps-psb-1", "cab-1"):
        assert refusal(add, play.unit(play.desk(username)), Role.COORDINATOR) == (422, ["office_and_psb"])
    assert add(office, Role.COORDINATOR)
