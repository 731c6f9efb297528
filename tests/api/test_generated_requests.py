"""Requests made from the document itself, right ones and wrong ones: each is answered as the document says."""

import json
from collections.abc import Iterable
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.core import NotSet
from starlette.testclient import TestClient

from services.demo_desk import Desk, checked
from services.demo_world import PASSWORD
from tests.api.contract import DOCUMENT, OPERATIONS, unlike
from tests.doors import another_door

CHOSEN: Final = (
    "report_publicly",
    "list_cases",
    "read_inbox",
    "list_units",
    "add_victim",
    "ask_consent",
    "accept_investigation",
    "add_investigation_interview",
    "read_timeline",
)
SETTINGS: Final = settings(
    max_examples=10, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
GENERATED: Final = frozenset({"accept-language", "idempotency-key", "if-match", "x-purpose-of-use"})


def _chosen_paths() -> dict[str, Any]:
    places = {OPERATIONS[name][1]: OPERATIONS[name][0] for name in CHOSEN}
    return {path: {method: DOCUMENT["paths"][path][method]} for path, method in places.items()}


Generated = schemathesis.Case[Any]
SCHEMA: Final = schemathesis.openapi.from_dict({**DOCUMENT, "paths": _chosen_paths()})


@pytest.fixture(scope="module")
def door(client: TestClient) -> TestClient:
    return another_door(client, "2001:db8::32")


@pytest.fixture(scope="module")
def police(door: TestClient) -> Desk:
    return Desk.of(door, "psb-1", PASSWORD)


@pytest.fixture(scope="module")
def ids(door: TestClient, police: Desk) -> dict[str, str]:
    """What the generated requests are about: the child that somebody has just reported."""
    top = checked(door.get("/places"))["items"][0]
    below = checked(door.get(top["links"]["below"]))["items"][0]
    body = {
        "place_id": below["id"],
        "concerns": ["child_alone"],
        "message": {"narrative": "一个男孩独自在车站"},
    }
    checked(door.post("/public/reports", json=body))
    case = police.get(police.get("/reports")["items"][0]["links"]["case"])
    stage = next(one for one in case["stages"] if one["code"] == "investigation")
    return {
        "place_id": below["id"],
        "case_id": case["id"],
        "victim_id": case["victims"][0],
        "stage_id": stage["id"],
    }


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("name", CHOSEN)
def test_generated_requests_are_answered_as_documented(
    name: str, mode: GenerationMode, door: TestClient, police: Desk, ids: dict[str, str]
) -> None:
    method, path, _operation = OPERATIONS[name]
    operation = SCHEMA[path][method.upper()]
    statuses: set[int] = set()

    @SETTINGS
    @given(operation.as_strategy(generation_mode=mode))
    def send(case: Generated) -> None:
        address = path.format(**ids)
        answer = door.request(method, address, headers=_headers(case, police), **_content(case, ids))
        statuses.add(answer.status_code)
        assert answer.status_code < 500, answer.text
        assert unlike(answer) == []

    send()
    understood = bool(statuses - {422}) or mode is GenerationMode.NEGATIVE
    assert understood, "nothing was understood: the check has become blind"


def _headers(case: Generated, desk: Desk) -> list[tuple[bytes, bytes]]:
    """Those of the request that the document knows; they lie over the caller's own token."""
    given_ones: Iterable[tuple[str, object]] = (case.headers or {}).items()
    made = [
        (k.encode(), str(v).encode("latin-1", "replace")) for k, v in given_ones if k.lower() in GENERATED
    ]
    return [
        *made,
        (b"content-type", b"application/json"),
        (b"authorization", f"Bearer {desk.token}".encode()),
    ]


def _content(case: Generated, ids: dict[str, str]) -> dict[str, Any]:
    """Query and body; a body that names a place names one that exists."""
    query = httpx.QueryParams([(str(k), _text(v)) for k, v in (case.query or {}).items()])
    if isinstance(case.body, NotSet):
        return {"params": query}
    if isinstance(case.body, bytes):
        return {"params": query, "content": case.body}
    body = case.body
    if isinstance(body, dict) and "place_id" in body:
        body = {**body, "place_id": ids["place_id"]}
    return {"params": query, "content": json.dumps(body).encode()}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
