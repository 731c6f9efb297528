"""What the OpenAPI document says of problems: each route names those it can answer with."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from pydantic import ConfigDict, Field

from api.problems import CATALOGUE, MEDIA_TYPE, Problem
from api.representations.types import Answer
from domain.texts import Language

Responses = dict[int | str, dict[str, Any]]


class FieldError(Answer):
    field: str
    rule: str
    text: str


class ProblemAnswer(Answer):
    """RFC 9457. Further members carry the facts: `errors`, `unmet`, `possible`, `lead`, `articles`, `current`."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request's id; the same stands in our log.")
    errors: list[FieldError] | None = None


ALWAYS: Final = ("bad_request", "body_too_large", "invalid_input", "defect", "busy")
SIGNED_IN: Final = (*ALWAYS, "not_signed_in", "role_not_allowed")
ONE: Final = (*SIGNED_IN, "not_found")
CHANGE: Final = (
    *ONE,
    "stage_not_yours",
    "move_not_possible",
    "case_closed",
    "key_in_flight",
    "conflict",
    "version_stale",
    "requirements_unmet",
    "key_reused",
    "version_missing",
    "media_type",
)
CREATE: Final = tuple(code for code in CHANGE if code != "version_missing")


def problems(*codes: str) -> Responses:
    """The `responses` of a route: each status with an example of every problem behind it."""
    found: Responses = {}
    for problem in CATALOGUE:
        if problem.code not in codes:
            continue
        response = found.setdefault(
            problem.status, {"description": problem.title.en, "content": {MEDIA_TYPE: _schema()}}
        )
        response["content"][MEDIA_TYPE]["examples"][problem.code] = {"value": _example(problem)}
    return found


def _schema() -> dict[str, Any]:
    return {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}, "examples": {}}


def _example(problem: Problem) -> dict[str, object]:
    return {
        "type": f"/problems/{problem.code}",
        "title": problem.title.in_language(Language.EN),
        "status": problem.status,
        "detail": problem.detail.in_language(Language.EN),
        "instance": "urn:uuid:0198c0de-0000-7000-8000-00000000000a",
    }


DESCRIPTION: Final = """
Case management that brings trafficked people home. Each stage is moved by the agency that the articles make
responsible; every step is on the case's timeline.

* A change names in `If-Match` the version that it was made from (428 without, 412 when it moved on).
* `Idempotency-Key` on a POST makes it safe to send again: the first answer comes back, nothing happens twice.
* What is not for a reader is absent and named in `_redacted`; what a reader may not know of at all answers 404.
* `Accept-Language`: `zh-CN` or `en`.
"""


def describe(app: FastAPI) -> None:
    """Give the document its description, the problem schema, and the headers that every change takes."""
    app.description = DESCRIPTION
    original = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = original()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas["ProblemAnswer"] = ProblemAnswer.model_json_schema(
                ref_template="#/components/schemas/{model}"
            )
            schemas.update(schemas["ProblemAnswer"].pop("$defs", {}))
            schemas.pop("HTTPValidationError", None)
            schemas.pop("ValidationError", None)
            for operation in _operations(document):
                _complete(operation)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the framework's own way to complete the document


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        for method, operation in path.items():
            operation["x-method"] = method
            yield operation


def _complete(operation: dict[str, Any]) -> None:
    method = operation.pop("x-method")
    parameters = operation.setdefault("parameters", [])
    parameters.append(_header("Accept-Language", "zh-CN or en", {"type": "string", "maxLength": 200}))
    if method == "post":
        parameters.append(_header("Idempotency-Key", "Makes the request safe to repeat.", _KEY))
    if "428" in operation["responses"]:
        parameters.append(_header("If-Match", "The version that was read, in quotes.", _VERSION))
    elif "412" in operation["responses"]:
        parameters.append(_header("If-Match", "The stage's version, if it must not have moved on.", _VERSION))


_KEY: Final = {"type": "string", "minLength": 8, "maxLength": 255, "pattern": "^[\\x21-\\x7e]{8,255}$"}
_VERSION: Final = {"type": "string", "pattern": '^"[1-9][0-9]{0,17}"$'}


def _header(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}
