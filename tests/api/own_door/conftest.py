"""Somebody at their own door: a code in hand, no account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage
from tests.api.consents.conftest import somebody, time

__all__ = ["Door", "code_for", "come_in", "time"]


@dataclass(slots=True)
class Door:
    """One visit; `ask` never judges the answer."""

    client: httpx.Client
    token: str
    code: str

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        answer: httpx.Response = self.client.request(method, f"/door{path}", json=body, headers=sent)
        return answer

    def get(self, path: str, language: str = "zh-CN") -> Json:
        answer = self.ask("GET", path, None, {"Accept-Language": language})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def say(self, consent: Json, action: str, **body: object) -> httpx.Response:
        """One word about a consent, from the version that the door shows."""
        version = f'"{consent["version"]}"'
        return self.ask("POST", f"/consents/{consent['id']}/{action}", body, {"If-Match": version})


def code_for(desk: Desk, journey: Journey, voice: str = "person") -> str:
    body = {"for": voice, "language": "zh-CN"}
    return str(desk.post(f"{journey.person}/door_codes", body)["code"])


def come_in(client: httpx.Client, code: str) -> Door:
    answer = client.post("/door", json={"code": code})
    assert answer.status_code == 200, answer.text
    return Door(client, str(answer.json()["door_token"]), code)


@pytest.fixture
def woman(play: Stage) -> Journey:
    return somebody(play, "1993-05-01")


@pytest.fixture
def door(play: Stage, woman: Journey) -> Door:
    return come_in(play.client, code_for(play.desk("cab-1"), woman))


def sql(admin: Engine, statement: str, **values: object) -> list[Any]:
    """As the database's superuser, whom nothing holds."""
    with admin.begin() as connection:
        result = connection.execute(text(statement), values)
        return list(result) if result.returns_rows else []
