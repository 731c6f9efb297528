"""The doors of a report, each test file from an address of its own; and the worker with its own role in the database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine, create_engine, text
from starlette.testclient import TestClient

from api.calls import House
from services.clockwork import DueFile, raise_due
from services.database import engine_for
from services.demo_desk import Desk, Json, checked
from services.settings import Settings
from tests.doors import another_door

MESSAGE: Final = {"narrative": "邻居家新来一个女孩，不许出门"}
REPORTER: Final = {"name": "示例过路人", "phone": "+8613900000009"}


@dataclass(slots=True)
class Doors:
    """Where reports come in, who works on them, and what stands in the database behind it."""

    client: TestClient
    admin: Engine
    worker: Engine
    house: House
    sit_down: Callable[[str], Desk]
    places: dict[str, str] = field(default_factory=dict)

    def desk(self, username: str) -> Desk:
        return self.sit_down(username)

    def unit(self, username: str) -> str:
        return str(self.desk(username).me["unit_id"])

    def sql(self, statement: str, **values: object) -> list[Any]:
        """As the database's superuser, whom nothing holds."""
        with self.admin.begin() as connection:
            result = connection.execute(text(statement), values)
            return list(result) if result.returns_rows else []

    def place(self, code: str) -> str:
        if code not in self.places:
            self.places[code] = str(self.sql("select id from places where code = :code", code=code)[0][0])
        return self.places[code]

    def report(self, *concerns: str, at: str = "0101", **more: Any) -> Json:
        """Somebody reports without an account; the receipt."""
        body = {
            "place_id": self.place(at),
            "concerns": list(concerns),
            "message": MESSAGE,
            "reporter": REPORTER,
        }
        return checked(self.client.post("/public/reports", json={**body, **more}))

    def child(self, safe_now: str = "no", at: str = "0101", **more: Any) -> Json:
        return checked(
            self.client.post(
                "/public/child_reports", json={"place_id": self.place(at), "safe_now": safe_now, **more}
            )
        )

    def newest(self, username: str = "psb-1") -> Json:
        """The report that came in last, as this desk reads it."""
        found = self.desk(username).get("/reports")["items"][0]
        return self.desk(username).get(found["links"]["self"])

    def screened(self, *concerns: str, username: str = "psb-1", **more: Any) -> Json:
        self.report(*concerns, **more)
        return self.desk(username).move(self.newest(username), "screen")

    def status(self, receipt: Json) -> str:
        return str(self.receipt(receipt).json()["status"])

    def receipt(self, receipt: Json, secret: str | None = None) -> httpx.Response:
        headers = {"Receipt-Secret": secret or receipt["secret"]}
        answer: httpx.Response = self.client.get(f"/receipts/{receipt['number']}", headers=headers)
        return answer

    def complain(self, receipt: Json, secret: str | None = None) -> httpx.Response:
        headers = {"Receipt-Secret": secret or receipt["secret"]}
        answer: httpx.Response = self.client.post(
            f"/receipts/{receipt['number']}/complaints", json={"narrative": "没有人来过"}, headers=headers
        )
        return answer

    def clock(self, report: Json, clock: str) -> Any:
        """The newest row of a clock of this report."""
        return self.sql(
            "select * from deadlines where file_id = :id and clock = :clock order by id desc limit 1",
            id=report["id"],
            clock=clock,
        )[0]

    def comes_due(self, report: Json, clock: str) -> int:
        """Let the time of a clock come, and the worker pass by in its own role; returns the rungs that it raised."""
        self.sql(
            "update deadlines set due_at = now(), next_at = now()"
            " where file_id = :id and clock = :clock and state = 'running'",
            id=report["id"],
            clock=clock,
        )
        info = {"master_keys": self.house.master_keys}
        return raise_due(self.worker, info, DueFile("report", UUID(report["id"])))

    def unfounded(self, report: Json, username: str = "psb-1", approver: str = "women-1") -> Json:
        """Screened already; another agency approves that there was nothing."""
        police = self.desk(username)
        ask = {"action": "find_unfounded", "approver_unit_id": self.unit(approver), "reason": "现场核实"}
        asked = police.post(f"{report['links']['self']}/approvals", ask)
        self.desk(approver).post(f"/approvals/{asked['id']}/approve", version=int(asked["version"]))
        return police.move(report, "find_unfounded", {"reason": "系家长短暂离开"})


@pytest.fixture(scope="module")
def doors(
    house: House,
    client: TestClient,
    settings: Settings,
    desk: Callable[[str], Desk],
    request: pytest.FixtureRequest,
) -> Iterator[Doors]:
    assert settings.admin_database_url is not None
    assert settings.worker_database_url is not None
    admin = create_engine(settings.admin_database_url, pool_size=1)
    worker = engine_for(settings.worker_database_url, 1)
    address = f"2001:db8::{abs(hash(request.node.name)) % 60000:x}"
    yield Doors(another_door(client, address), admin, worker, house, desk)
    admin.dispose()
    worker.dispose()


@pytest.fixture
def refused() -> Callable[..., httpx.Response]:
    """One request that is not done, as it was answered."""

    def ask(desk: Desk, address: str, body: object = None, version: int | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {desk.token}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        answer: httpx.Response = desk.client.post(address, json=body or {}, headers=headers)
        assert answer.is_error
        return answer

    return ask
