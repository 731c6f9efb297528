"""Clocks under test: what runs in a case, moved in time as the superuser, and the worker at its rounds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, NullPool, create_engine, text

from api.calls import House
from services.clockwork import DueFile, raise_due
from services.database import engine_for
from services.settings import Settings

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clocks:
    """The superuser's view of the clocks, and a worker of this very database."""

    house: House
    admin: Engine
    worker: Engine

    def sql(self, statement: str, **values: object) -> list[Line]:
        with self.admin.begin() as connection:
            found = connection.execute(text(statement), values)
            return [dict(row._mapping) for row in found] if found.returns_rows else []

    def of(self, file_id: str, clock: str | None = None) -> list[Line]:
        """The clocks of a file, oldest first; of one kind if it is named."""
        rows = self.sql("select * from deadlines where file_id = :file order by id", file=file_id)
        return [row for row in rows if clock in (None, row["clock"])]

    def alarms(self, file_id: str, clock: str) -> list[tuple[int, str, UUID]]:
        """Rung, told as what, unit: of one clock, in the order of the rungs."""
        rows = self.sql(
            "select * from alarms where file_id = :file and clock = :clock order by rung, id",
            file=file_id, clock=clock,
        )  # fmt: skip
        return [(row["rung"], row["told"], row["unit_id"]) for row in rows]

    def pass_time(self, file_id: str, clock: str, by: timedelta) -> None:
        """As if so much time had gone by for the running clock of this kind in the file."""
        self.sql(
            "update deadlines set started_at = started_at - :by, due_at = due_at - :by, next_at = next_at - :by"
            " where file_id = :file and clock = :clock and state in ('running', 'paused')",
            file=file_id, clock=clock, by=by,
        )  # fmt: skip

    def come_due(self, file_id: str, clock: str, late: timedelta = timedelta(seconds=1)) -> None:
        """As if it had been due for so long already."""
        row = next(row for row in self.of(file_id, clock) if row["state"] == "running")
        now = self.sql("select clock_timestamp() as at")[0]["at"]
        self.pass_time(file_id, clock, row["due_at"] - now + late)

    def work(self, file_id: str, kind: str = "case") -> int:
        """One round of the worker at this file: how many rungs it raised."""
        return raise_due(self.worker, {"master_keys": self.house.master_keys}, DueFile(kind, UUID(file_id)))


def review() -> str:
    """A day on which a hold that begins now may be reviewed."""
    return (datetime.now(UTC) + timedelta(days=60)).isoformat(timespec="seconds")


@contextmanager
def clocks_of(house: House, settings: Settings) -> Iterator[Clocks]:
    assert settings.admin_database_url is not None
    assert settings.worker_database_url is not None
    admin = create_engine(settings.admin_database_url, poolclass=NullPool)
    worker = engine_for(settings.worker_database_url, 2)
    yield Clocks(house, admin, worker)
    worker.dispose()
    admin.dispose()
