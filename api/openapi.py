"""The OpenAPI document: what the framework derives, completed with problems, headers, words and examples."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from api.examples import ANSWERS
from api.openapi_problems import (
    ALWAYS,
    CHANGE,
    CREATE,
    EXPORT,
    ONE,
    OWN_SCHEMAS,
    SEARCH,
    SIGNED_IN,
    Json,
    Responses,
    examples,
    file_problems,
    problems,
)
from api.openapi_texts import DESCRIPTION, HEADERS, PARAMETERS, REDACTED, stories, tags
from domain.stages import StageCode

__all__ = [
    "ALWAYS",
    "CHANGE",
    "CREATE",
    "EXPORT",
    "ONE",
    "SEARCH",
    "SIGNED_IN",
    "Responses",
    "describe",
    "problems",
    "written",
]


def describe(app: FastAPI) -> None:
    """Let the application give out the completed document."""
    app.description = DESCRIPTION
    derive = app.openapi

    def openapi() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(derive())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the framework's own way to complete the document


def written(app: FastAPI) -> str:
    """The document as openapi/openapi.json holds it: the same text on every machine."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _completed(document: Json) -> Json:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    _add_own_schemas(schemas)
    for name, scheme in components.get("securitySchemes", {}).items():
        scheme["bearerFormat"] = "opaque" if name == _DOOR else "JWT"
    components["headers"] = dict(HEADERS)
    components["parameters"] = dict(PARAMETERS)
    components["examples"] = examples()
    components["responses"] = {}
    told = stories()
    for operation in _operations(document):
        _complete(operation, schemas, told)
        file_problems(operation.content, components["responses"], repeatable=_takes_key(operation))
    document["tags"] = tags(_stage_tags(document))
    return _with_short_names(document)


@dataclass(frozen=True, slots=True)
class _Operation:
    method: str
    content: Json

    @property
    def id(self) -> str:
        return str(self.content["operationId"])

    @property
    def answers(self) -> Iterator[tuple[str, Json]]:
        """The responses of success, by status."""
        return ((status, one) for status, one in self.content["responses"].items() if status.startswith("2"))


def _operations(document: Json) -> Iterator[_Operation]:
    for path in document["paths"].values():
        for method, content in path.items():
            yield _Operation(method, content)


def _stage_tags(document: Json) -> dict[StageCode, str]:
    reading = {f"read_{code}": code for code in StageCode if code is not StageCode.REPORT}
    found = {operation.id: operation.content["tags"][0] for operation in _operations(document)}
    return {code: found[name] for name, code in reading.items()}


# --- schemas ---


def _add_own_schemas(schemas: Json) -> None:
    _refs, own = models_json_schema(
        [(model, "serialization") for model in OWN_SCHEMAS], ref_template="#/components/schemas/{model}"
    )
    schemas.update(own["$defs"])
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for name, schema in schemas.items():
        members = schema.get("properties", {})
        for member in members.values():
            member.pop("title", None)
        if "_redacted" in members:
            members["_redacted"]["description"] = REDACTED
        if name in ANSWERS:
            schema["examples"] = [ANSWERS[name]]


def _with_short_names(document: Json) -> Json:
    """Two models of one name get theirs with the path of their module in front: keep its last part only."""
    text = json.dumps(document)
    for name in document["components"]["schemas"]:
        if "__" in name:
            *_path, module, model = name.split("__")
            short = "".join(word.capitalize() for word in module.split("_")) + model
            text = text.replace(f'"{name}"', f'"{short}"').replace(f'/{name}"', f'/{short}"')
    short_document: Json = json.loads(text)
    return short_document


# --- operations ---

_DONE: Final = {
    "get": "As it stands now, as far as it is for this reader.",
    "201": "Made.",
    "204": "Done; there is nothing to say.",
}


def _complete(operation: _Operation, schemas: Json, told: Mapping[str, str]) -> None:
    content = operation.content
    content["summary"] = operation.id.replace("_", " ").capitalize()
    said = [content.get("description"), told.get(operation.id), _of_body(content, schemas)]
    content["description"] = "\n\n".join(dict.fromkeys(text for text in said if text))
    parameters = content.setdefault("parameters", [])
    for parameter in parameters:
        parameter["schema"].pop("title", None)
    parameters += [_ref("parameters", name) for name in _parameters(operation)]
    for status, answer in operation.answers:
        answer["description"] = _DONE.get(status) or _DONE.get(
            operation.method, "Done; this is how it stands now."
        )
        answer["headers"] = {
            name: _ref("headers", name) for name in _headers(operation, status, answer, schemas)
        }


def _of_body(content: Json, schemas: Json) -> str | None:
    """What a move or a record is, as its body says it, unless the body is empty."""
    schema = content.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    body = schemas.get(_name(schema), {})
    described: str | None = body.get("description") if body.get("properties") else None
    return described


def _name(schema: Json) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def _takes_key(operation: _Operation) -> bool:
    """Signing in and out keep no answer; every other change does, and says 409 for a key under way."""
    return operation.method != "get" and "409" in operation.content["responses"]


_DOOR: Final = "DoorToken"


def _at_the_door(operation: _Operation) -> bool:
    return any(_DOOR in one for one in operation.content["security"])


def _parameters(operation: _Operation) -> Iterator[str]:
    responses = operation.content["responses"]
    yield "Accept-Language"
    if "security" in operation.content and not _at_the_door(operation):
        yield "X-Purpose-Of-Use"
    if _takes_key(operation):
        yield "Idempotency-Key" if "security" in operation.content else "Idempotency-Key-Public"
    if "428" in responses:
        yield "If-Match"
    elif "412" in responses:
        yield "If-Match-Optional"


# what answers of these shapes carry besides what every answer carries
_PLACED: Final = frozenset(
    {
        "AccountAnswer",
        "ApprovalLine",
        "ClientAnswer",
        "ConflictAnswer",
        "ConsentAnswer",
        "ReceiptAnswer",
        "RecordAnswer",
        "RequestAnswer",
    }
)
_VERSIONED_LISTS: Final = frozenset(
    {"ConflictList", "RecordList", "RemarkList", "StageList", "VictimList", "PolicyAnswer"}
)


def _headers(operation: _Operation, status: str, answer: Json, schemas: Json) -> Iterator[str]:
    name = _name(answer.get("content", {}).get("application/json", {}).get("schema", {}))
    yield "X-Request-Id"
    yield "Content-Language"
    if name in _VERSIONED_LISTS or "version" in schemas.get(name, {}).get("properties", {}):
        yield "ETag"
    if status == "201" and (name in _PLACED or operation.id == "plan_stage"):
        yield "Location"
    if name == "RecordAnswer":
        yield "Stage-Version"
    if any(parameter.get("name") == "after" for parameter in operation.content["parameters"]):
        yield "Link"
    if _takes_key(operation):
        yield "Idempotent-Replayed"
    if "429" in operation.content["responses"] and "security" not in operation.content:
        yield from ("RateLimit", "RateLimit-Policy")
