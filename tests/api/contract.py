"""The OpenAPI document taken apart, and how an answer differs from what it says."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import httpx
import jsonschema_rs
from fastapi.routing import APIRoute

from api.main import application
from api.openapi import written
from api.routes import ROUTERS

Json = dict[str, Any]
DOCUMENT: Final[Json] = json.loads(written(application(None)))
COMPONENTS: Final[Json] = DOCUMENT["components"]
OPERATIONS: Final[dict[str, tuple[str, str, Json]]] = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
ROUTES: Final[dict[str, APIRoute]] = {
    str(route.operation_id): route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
}
JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
PLAIN_HEADERS: Final = {
    "cache-control",
    "content-length",
    "content-security-policy",
    "content-type",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
}
KEEPING_NO_ANSWER: Final = frozenset(
    {
        *(
            "sign_in",
            "refresh_session",
            "confirm_session",
            "sign_out",
            "end_other_sessions",
            "change_password",
        ),
        *("begin_second_factor", "confirm_second_factor", "renew_recovery_codes"),
        *("new_nonce", "sign_in_from_elsewhere", "sign_client_in", "search_people", "export_person"),
        *("give_door_code", "enter_door", "leave_door"),
    }
)


def resolved(part: Json) -> Json:
    """What a reference stands for."""
    if "$ref" not in part:
        return part
    _here, _components, kind, name = part["$ref"].split("/")
    found: Json = COMPONENTS[kind][name]
    return found


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    whole = {**json.loads(schema), "components": COMPONENTS}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def faults(schema: Json, value: object) -> list[str]:
    """Where the value breaks the schema."""
    found = _validator(json.dumps(schema)).iter_errors(value)
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in found]


def responses(name: str) -> dict[str, Json]:
    return {status: resolved(response) for status, response in OPERATIONS[name][2]["responses"].items()}


def codes(name: str, status: str) -> set[str]:
    """The problems that an operation documents under a status."""
    return set(responses(name).get(status, {}).get("content", {}).get(PROBLEM, {}).get("examples", ()))


def schema_of(content: Json) -> Json:
    schema: Json = content[JSON]["schema"]
    return schema


def body_schema(name: str) -> Json | None:
    body = OPERATIONS[name][2].get("requestBody", {"content": {}})
    return schema_of(body["content"]) if JSON in body["content"] else None


def answers(name: str) -> Iterator[tuple[str, Json]]:
    """The answers of success that have content."""
    for status, response in responses(name).items():
        if status.startswith("2") and status != "204":
            yield status, response["content"]


def parameter(name: str, header: str) -> Json | None:
    found = [resolved(one) for one in OPERATIONS[name][2]["parameters"]]
    return next((one for one in found if one["name"] == header and one["in"] == "header"), None)


# --- what was really answered ---


_ADDRESSES: Final = [
    (method, re.compile(re.sub(r"\{\w+\}", "[^/]+", template)), template.count("{"), name)
    for name, (method, template, _operation) in OPERATIONS.items()
]


def operation_at(method: str, path: str) -> str:
    """The id of the operation that answers there: of the templates that fit, the one with the fewest gaps."""
    fitting = [
        (gaps, name)
        for its_method, address, gaps, name in _ADDRESSES
        if its_method == method.lower() and address.fullmatch(path)
    ]
    return min(fitting)[1]


def asked(response: httpx.Response) -> str:
    """The id of the operation that answered."""
    return operation_at(response.request.method, response.request.url.path)


def unlike(response: httpx.Response) -> list[str]:
    """How an answer differs from what is documented of it."""
    name, status = asked(response), str(response.status_code)
    documented = responses(name).get(status)
    if documented is None:
        return [f"{name}: {status} is not documented: {response.text[:100]}"]
    found = [*headers_unlike(response.headers, documented.get("headers", {}))]
    if status != "204":
        media = response.headers["content-type"].partition(";")[0]
        if media not in documented["content"]:
            return [f"{name} {status}: {media} is not documented"]
        if media in (JSON, PROBLEM):
            found += faults(documented["content"][media]["schema"], response.json())
        if media == PROBLEM and response.json()["type"].rpartition("/")[2] not in codes(name, status):
            found.append(f"{response.json()['type']} is not documented")
    return [f"{name} {status}: {fault}" for fault in found]


def headers_unlike(seen: Mapping[str, str], documented: Json) -> Iterator[str]:
    known = {header.lower(): resolved(content) for header, content in documented.items()}
    for header in seen.keys() - known.keys() - PLAIN_HEADERS:
        yield f"header {header} is not documented"
    for header, content in known.items():
        if content.get("required") and header not in seen:
            yield f"header {header} is documented and missing"
        if header in seen:
            yield from faults(content["schema"], seen[header])
