"""Calling the API by operation id, as its own document describes it, and counting what the database is asked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Engine, event

from services.demo_desk import Desk, Json, asks_for_proof

Operation = tuple[str, str, Json]
"""Method, address template, and what the document says of it."""


@dataclass(slots=True)
class Document:
    """The OpenAPI document, looked up by operation id."""

    content: Json
    operations: dict[str, Operation] = field(default_factory=dict)

    @classmethod
    def of(cls, client: httpx.Client) -> "Document":
        document = cls(client.get("/openapi.json").json())
        for path, methods in document.content["paths"].items():
            for method, operation in methods.items():
                document.operations[operation["operationId"]] = (method.upper(), path, operation)
        return document

    def example(self, operation_id: str) -> Json:
        """The first example of the operation's body; empty where it takes none."""
        body = self.operations[operation_id][2].get("requestBody")
        if body is None or "application/json" not in body["content"]:
            return {}
        name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        example: Json = self.content["components"]["schemas"][name]["examples"][0]
        return dict(example)

    def parameters(self, operation_id: str) -> list[Json]:
        """The operation's parameters, those of the whole document among them."""
        shared = self.content["components"].get("parameters", {})
        own = self.operations[operation_id][2]["parameters"]
        return [shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in own]

    def address(self, operation_id: str, ids: Mapping[str, object]) -> str:
        return self.operations[operation_id][1].format(**ids)


@dataclass(slots=True)
class Caller:
    """Sends operations with what they need; `send` never judges the answer."""

    client: httpx.Client
    document: Document

    def send(
        self,
        operation_id: str,
        desk: Desk | None = None,
        body: Mapping[str, Any] | None = None,
        *,
        version: int | str | None = None,
        key: str | None = None,
        query: Mapping[str, object] | None = None,
        **ids: object,
    ) -> httpx.Response:
        method = self.document.operations[operation_id][0]
        headers = {} if desk is None else {"Authorization": f"Bearer {desk.token}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if key is not None:
            headers["Idempotency-Key"] = key
        address = self.document.address(operation_id, ids)
        content = None if method == "GET" else dict(body or {})
        asked = {name: str(value) for name, value in (query or {}).items()}
        answer = self.client.request(method, address, json=content, headers=headers, params=asked)
        if desk is not None and desk.password and asks_for_proof(answer):
            desk.confirm()
            answer = self.client.request(method, address, json=content, headers=headers, params=asked)
        return answer

    def done(
        self, operation_id: str, desk: Desk | None = None, *body: Mapping[str, Any], **asked: Any
    ) -> Json:
        """The answer's content of an operation that must succeed."""
        response = self.send(operation_id, desk, *body, **asked)
        assert response.is_success, f"{operation_id}: {response.status_code} {response.text}"
        answer: Json = response.json() if response.content else {}
        if "version" in answer and "links" in answer:
            assert response.headers["ETag"] == f'"{answer["version"]}"', operation_id
        return answer


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[str]]:
    """The SQL statements that the block sends, in order; BEGIN and COMMIT are not among them."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
