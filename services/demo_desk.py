"""A desk: one account that works over HTTP, as a front end would. The demonstration and the journeys' tests sit at it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import httpx

Json = dict[str, Any]
JSON: Final = "application/json"


class Refused(Exception):
    """The server said no; carries the problem as it came."""

    def __init__(self, status: int, problem: Json) -> None:
        super().__init__(
            f"{status} {problem.get('type')} {problem.get('errors') or problem.get('unmet') or ''}"
        )
        self.status = status
        self.problem = problem


@dataclass(slots=True)
class Desk:
    """One signed-in account."""

    client: httpx.Client
    username: str
    token: str
    me: Json = field(default_factory=dict)
    password: str = ""
    renew_at: float | None = None

    @classmethod
    def of(cls, client: httpx.Client, username: str, password: str) -> "Desk":
        desk = cls(client, username, "", password=password)
        desk.sign_in()
        desk.me = desk.get("/me")
        return desk

    def sign_in(self) -> None:
        """Sign in with the password alone, and again a minute before the token ends: somebody sits here for long."""
        answer = checked(
            self.client.post("/sign_in", json={"username": self.username, "password": self.password})
        )
        self.token = str(answer["access_token"])
        self.renew_at = time.monotonic() + int(answer["expires_in"]) - 60

    def get(self, path: str, **parameters: object) -> Json:
        known = {name: str(value) for name, value in parameters.items()}
        return checked(self.client.get(path, params=known, headers=self._headers()))

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, version: int | None = None) -> Json:
        headers = {**self._headers(version), "Idempotency-Key": str(uuid4())}
        answer = self.client.post(path, json=dict(body or {}), headers=headers)
        if asks_for_proof(answer):
            self.confirm()
            answer = self.client.post(path, json=dict(body or {}), headers=headers)
        return checked(answer)

    def confirm(self) -> None:
        """Prove once more who sits here. Accounts of the demonstration have no second factor: the password will do."""
        checked(self.client.post("/sign_in/confirm", json={"proof": self.password}, headers=self._headers()))

    def patch(self, path: str, body: Mapping[str, Any], *, version: int) -> Json:
        return checked(self.client.patch(path, json=dict(body), headers=self._headers(version)))

    def move(self, thing: Json, action: str, body: Mapping[str, Any] | None = None) -> Json:
        """Take a move on a resource from the version it has now."""
        address = thing["links"]["self"]
        current = self.get(address)
        return self.post(f"{address}/{action}", body, version=int(current["version"]))

    def record(self, stage: Json, address: str, happened_at: datetime, /, **body: Any) -> Json:
        """Add a record to a stage."""
        content = {"happened_at": happened_at.isoformat(), **body}
        return self.post(f"{stage['links']['self']}/{address}", content)

    def colleagues(self) -> list[str]:
        return [str(account["id"]) for account in self.get("/accounts")["items"]]

    def accept(self, stage: Json, action: str = "accept") -> Json:
        """Accept a stage with two people of this desk's unit as officer and deputy (Art. 20)."""
        officer, deputy = self.colleagues()[:2]
        return self.move(stage, action, {"officer_id": officer, "deputy_id": deputy})

    def _headers(self, version: int | None = None) -> dict[str, str]:
        if self.renew_at is not None and time.monotonic() > self.renew_at:
            self.sign_in()
        match = {} if version is None else {"If-Match": f'"{version}"'}
        return {"Authorization": f"Bearer {self.token}", **match}


def asks_for_proof(response: httpx.Response) -> bool:
    """Whether the step is open only to somebody who proved within the last minutes that it is they."""
    return response.status_code == HTTPStatus.FORBIDDEN and response.json()["type"].endswith(
        "confirmation_needed"
    )


def checked(response: httpx.Response) -> Json:
    """The answer's content, or Refused."""
    content: Json = response.json() if response.content else {}
    if response.is_error:
        raise Refused(response.status_code, content)
    return content
