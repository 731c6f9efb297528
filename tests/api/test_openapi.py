"""The OpenAPI document says what the program does: it is valid, committed, complete, and every answer keeps to it."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel
from starlette.testclient import TestClient

from api.access import Anyone, AtTheDoor, Gate
from api.main import application
from api.openapi import problems
from api.problems import CATALOGUE
from services.demo_desk import Desk
from services.demo_journeys import YEAR_AND_MORE, Journey, Stage, boy_found_begging
from services.demo_world import PASSWORD
from tests.api.contract import (
    COMPONENTS,
    DOCUMENT,
    JSON,
    KEEPING_NO_ANSWER,
    OPERATIONS,
    PROBLEM,
    ROUTES,
    answers,
    body_schema,
    codes,
    faults,
    parameter,
    resolved,
    responses,
    schema_of,
    unlike,
)
from tests.doors import another_door

ROOT: Final = Path(__file__).parents[2]


# --- the document as a whole ---


def test_the_document_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_the_committed_document_is_what_the_command_writes_in_any_surroundings(tmp_path: Path) -> None:
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": "latin-1",
        "TZ": "America/Lima",
        "HOMEWARD_ENV": "production",
        "HOMEWARD_ISSUER": "https://another.invalid",
    }
    command = [sys.executable, "-c", "from api.cli import app; app()", "openapi"]
    ran = subprocess.run(command, env=surroundings, cwd=tmp_path, capture_output=True, check=True)
    committed = (ROOT / "openapi" / "openapi.json").read_bytes()
    same = ran.stdout == committed
    assert same, (
        "the API changed: regenerate with `homeward openapi > openapi/openapi.json` and look at the diff"
    )
    assert ran.stdout.endswith(b"}\n")


def test_the_document_names_no_server_and_leaves_nothing_of_the_framework() -> None:
    text = json.dumps(DOCUMENT)
    assert "servers" not in DOCUMENT
    assert not re.search(r"HTTPValidationError|Successful Response|x-problems|__", text)


def test_every_operation_has_a_readable_id_of_its_own_and_says_what_it_does() -> None:
    written_ids = [o["operationId"] for methods in DOCUMENT["paths"].values() for o in methods.values()]
    assert len(written_ids) == len(set(written_ids)) == len(ROUTES)
    assert {name for name in written_ids if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)} == set()
    assert [
        name for name, (_m, _p, o) in OPERATIONS.items() if not o["summary"] or not o["description"]
    ] == []


def test_every_tag_is_described_once_in_both_languages_in_the_order_of_reading() -> None:
    names = [tag["name"] for tag in DOCUMENT["tags"]]
    used = {tag for _m, _p, operation in OPERATIONS.values() for tag in operation["tags"]}
    assert used == set(names), "describe a new tag in api/openapi_texts.py"
    assert len(names) == len(set(names))
    assert names[0] == "Signing in"
    for tag in (DOCUMENT["info"], *DOCUMENT["tags"]):
        assert re.search(r"[\u4e00-\u9fff]{4}", tag["description"])
        assert re.search(r"[a-z]{4} [a-z]+", tag["description"])


def test_every_redacted_list_says_what_it_is() -> None:
    redacted = [
        s["properties"]["_redacted"]
        for s in COMPONENTS["schemas"].values()
        if "_redacted" in s.get("properties", {})
    ]
    assert len(redacted) >= 6
    assert all("withheld" in one["description"] for one in redacted)


# --- examples ---


def model_of_body(name: str) -> type[BaseModel]:
    (body,) = ROUTES[name].dependant.body_params
    model = body.field_info.annotation
    assert isinstance(model, type)
    assert issubclass(model, BaseModel)
    return model


def test_every_body_has_an_example_that_its_schema_and_its_model_accept() -> None:
    taking = {name: schema for name in OPERATIONS if (schema := body_schema(name)) is not None}
    assert len(taking) > 300
    for name, schema in taking.items():
        examples = resolved(schema).get("examples")
        assert examples, f"{name}: give its body an example in model_config"
        for example in examples:
            assert faults(schema, example) == [], name
            model_of_body(name).model_validate(example)


def test_every_answer_has_an_example_that_its_schema_and_its_model_accept() -> None:
    for name in OPERATIONS:
        for status, content in answers(name):
            if JSON not in content:
                assert all("example" in media for media in content.values()), name
                continue
            schema = resolved(schema_of(content).get("items", schema_of(content)))
            assert schema.get("examples"), f"{name} {status}: give its answer an example in api/examples"
            assert faults(schema, schema["examples"][0]) == [], name
            model = ROUTES[name].response_model
            example = json.dumps(schema["examples"][0])
            # the model is the whole answer; an example of one in which something is withheld lacks that
            if isinstance(model, type) and issubclass(model, BaseModel) and '"_redacted": ["' not in example:
                model.model_validate_json(example)


def test_every_problem_has_an_example() -> None:
    examples = {name: example["value"] for name, example in COMPONENTS["examples"].items()}
    assert set(examples) == {problem.code for problem in CATALOGUE}
    for code, example in examples.items():
        assert faults({"$ref": "#/components/schemas/ProblemAnswer"}, example) == [], code


# --- what stands with every operation ---


def test_every_operation_documents_what_any_request_may_meet() -> None:
    for name in OPERATIONS:
        documented = responses(name)
        assert {"400", "413", "422", "500", "503"} <= documented.keys(), name
        for response in (one for status, one in documented.items() if not status.startswith("2")):
            assert response["content"][PROBLEM]["schema"] == {"$ref": "#/components/schemas/ProblemAnswer"}
            assert "X-Request-Id" in response["headers"], name


def test_signed_in_operations_show_their_lock_and_no_others_do() -> None:
    for name, route in ROUTES.items():
        (gate,) = [one.call for one in route.dependant.dependencies if isinstance(one.call, Gate)]
        locked = not isinstance(gate, Anyone)
        assert ("security" in OPERATIONS[name][2]) is locked, name
        assert ("not_signed_in" in codes(name, "401")) is locked, name
        staff = locked and not isinstance(gate, AtTheDoor)
        assert ("role_not_allowed" in codes(name, "403")) is staff, name
        assert ("429" in responses(name)) is (staff or gate.condition.limit is not None), name


def test_the_headers_that_operations_take_are_documented() -> None:
    for name, (method, _path, _operation) in OPERATIONS.items():
        takes_key = method != "get" and name not in KEEPING_NO_ANSWER
        assert parameter(name, "Accept-Language") is not None, name
        assert (parameter(name, "Idempotency-Key") is not None) is takes_key, name
        assert ("key_in_flight" in codes(name, "409")) is takes_key, name
        assert ("key_reused" in codes(name, "422")) is takes_key, name
        match, documented = parameter(name, "If-Match"), responses(name)
        assert (match is not None) is bool({"412", "428"} & documented.keys()), name
        assert (match or {}).get("required", False) is ("428" in documented), name


def test_a_problem_that_no_catalogue_knows_is_not_documented_by_mistake() -> None:
    with pytest.raises(LookupError, match="no_such_problem"):
        problems("not_found", "no_such_problem")


# --- what was really answered ---


@dataclass(slots=True)
class Recorder:
    """Keeps every answer that a client got."""

    answers: list[httpx.Response] = field(default_factory=list)

    def __call__(self, response: httpx.Response) -> None:
        response.read()
        self.answers.append(response)


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def door(client: TestClient, recorder: Recorder) -> TestClient:
    """A way in from an address of this file's own, so that limits are not shared; all that leaves is kept."""
    door = another_door(client, "2001:db8::31")
    door.event_hooks = {"response": [recorder]}
    return door


@pytest.fixture(scope="module")
def play(door: TestClient, desks: dict[str, Desk]) -> Stage:
    at_this_door = {name: replace(desk, client=door) for name, desk in desks.items()}
    return Stage(door, PASSWORD, datetime.now(UTC) - YEAR_AND_MORE, lambda _line: None, at_this_door)


@pytest.fixture(scope="module")
def journey(play: Stage) -> Journey:
    return boy_found_begging(play)


@pytest.fixture(scope="module")
def everything(journey: Journey, play: Stage, recorder: Recorder) -> list[httpx.Response]:
    """All answers of a journey, of reading what it left, and of what is refused."""
    read_around(journey, play)
    meet_refusals(journey, play)
    return recorder.answers


def read_around(journey: Journey, play: Stage) -> None:
    case, stage = journey.case["links"]["self"], journey.stage("shelter")["links"]["self"]
    inside = (
        case,
        f"{case}/victims",
        f"{case}/timeline?limit=2",
        f"{case}/timeline/check",
        f"{journey.person}/consents",
    )
    lists = ("/inbox", "/cases", "/approvals", "/units?limit=2", "/accounts")
    for path in (*inside, stage, f"{stage}/records", f"{stage}/remarks", *lists):
        play.client.get(path, headers=bearer(journey.owner))
    policy = ("/policy", "/policy/workflow.svg", "/problems", "/problems/not_found")
    for path in (*policy, "/.well-known/jwks.json", "/health/live", "/health/ready", "/places"):
        play.client.get(path, headers={"Accept-Language": "en"})


def meet_refusals(journey: Journey, play: Stage) -> None:
    client, owner, case = play.client, bearer(journey.owner), journey.case["links"]["self"]
    client.get("/inbox")
    client.get(f"/cases/{uuid4()}", headers=owner)
    client.get(case, headers=bearer(play.desk("office-1")))
    client.get("/cases?limit=0", headers=owner)
    client.get("/health/live", headers={"If-Match": "three"})
    client.get("/receipts/R-00000-00000-0", headers={"Receipt-Secret": "no"})
    client.post("/sign_in", json={"username": "cab-1", "password": "wrong"})
    client.post("/sign_in", content=b"{", headers={"Content-Type": JSON})
    client.post("/sign_in", content=b"x" * 300_000, headers={"Content-Type": JSON})
    place = {"kind": "corps", "code": "00", "name_zh": "一", "name_en": "one"}
    client.post("/places", json=place, headers=bearer(play.desk("admin")))
    report = {"place_id": play.place("0101"), "message": {"narrative": "有人求助"}}
    for kind in ("tip", "tip", "crime"):
        client.post(
            "/public/reports",
            json={"kind": kind, **report},
            headers={"Idempotency-Key": "one-key-for-three-that-nobody-guesses"},
        )
    _mishandle(play)


def _mishandle(play: Stage) -> None:
    """The newest report, moved without a version, with a stale one, out of turn, and by whom it is not."""
    police = play.desk("psb-1")
    report = police.get("/reports")["items"][0]
    address, version = report["links"]["self"], f'"{report["version"]}"'
    for match in ({}, {"If-Match": '"99"'}):
        play.client.post(f"{address}/screen", json={}, headers={**bearer(police), **match})
    out_of_turn = {"text": "已处理"}
    play.client.post(f"{address}/answer", json=out_of_turn, headers={**bearer(police), "If-Match": version})
    play.client.post(f"{address}/screen", json={}, headers=bearer(play.desk("cab-1")))


def bearer(desk: Desk) -> dict[str, str]:
    return {"Authorization": f"Bearer {desk.token}"}


def test_every_answer_of_a_journey_is_as_documented(everything: list[httpx.Response]) -> None:
    assert len(everything) > 150
    assert [fault for response in everything for fault in unlike(response)] == []


def test_the_journey_met_every_usual_refusal_and_a_replay(everything: list[httpx.Response]) -> None:
    statuses = {response.status_code for response in everything}
    assert statuses >= {200, 201, 401, 403, 404, 409, 412, 413, 422, 428}
    assert statuses.isdisjoint({500, 503})
    assert any("idempotent-replayed" in response.headers for response in everything)


# --- the page ---


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("src", "href") and value]


def test_the_page_needs_nothing_from_elsewhere() -> None:
    client = TestClient(application(None), base_url="http://homeward.invalid")
    page = client.get("/docs").text
    links = Links()
    links.feed(page)
    fetched = [*links.found, *re.findall(r"url: '([^']+)'", page)]
    assert len(fetched) >= 4
    for link in fetched:
        address = urljoin("http://homeward.invalid/docs", link)
        assert urlsplit(address).netloc == "homeward.invalid", link
        answer = client.get(address)
        assert answer.status_code == 200, link
        if address.endswith(".css"):
            assert set(re.findall(r"url\([\"']?(\w+):", answer.text)) <= {"data"}
    assert not re.search(r"(src|href|url)\W{1,3}(https?:)?//", page)


@pytest.mark.parametrize(
    "path",
    ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect", "/static-offline-docs/swagger-ui.css"],
)
def test_the_page_and_the_document_are_closed_where_the_settings_say_so(path: str) -> None:
    client = TestClient(application(None, api_page=False), raise_server_exceptions=False)
    assert client.get(path).status_code == 404
