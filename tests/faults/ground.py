"""The ground of a drill: a durable PostgreSQL, a database with the demonstration's world, real API processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.engine import make_url

from services import embedded_postgres
from services.embedded_postgres import EmbeddedPostgres
from services.master_keys import MasterKeys
from services.settings import Settings

ROOT: Final = Path(__file__).parents[2]
PROGRAM: Final = (str(Path(sys.executable).with_name("homeward")), "api")
READY_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Size:
    """How often to kill, how many acknowledgements to reach, and how many seconds at most."""

    kills: int
    acknowledged: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Ground:
    """One scratch database on a server that no other test uses. `place_id` is where the reports come from."""

    server: EmbeddedPostgres
    settings: Settings
    master_keys: MasterKeys
    place_id: str

    def superuser(self) -> Engine:
        """Sees everything, row-level security or not; each use is a connection of its own."""
        assert self.settings.admin_database_url is not None
        return create_engine(self.settings.admin_database_url, poolclass=NullPool)

    def name_of_database(self) -> str:
        return str(make_url(self.settings.admin_database_url or "").database)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass(slots=True)
class Api:
    """`homeward api` as a process of its own, always on the same port. What it says goes to `log`."""

    ground: Ground
    log: Path
    program: Sequence[str] = PROGRAM
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the first request is answered."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.program], cwd=ROOT, env=self.environment(), stdout=subprocess.DEVNULL, stderr=log
            )
        until = time.monotonic() + READY_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"the API did not start:\n{self.said()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """Like a power cut for this one process."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self, seconds: float) -> float:
        """Ask it to stop and return how long that took; TimeoutExpired beyond `seconds`."""
        assert self.process is not None
        asked = time.monotonic()
        self.process.terminate()
        self.process.wait(seconds)
        return time.monotonic() - asked

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def environment(self) -> dict[str, str]:
        """The settings that lead to this ground, and nothing of whatever the caller's own house is."""
        settings = self.ground.settings
        kept = {
            name: value
            for name, value in os.environ.items()
            if "DATABASE_URL" not in name and "HOMEWARD" not in name
        }
        return kept | {
            "DATABASE_URL": settings.database_url or "",
            "HOMEWARD_DATA": str(settings.data_folder),
            "HOMEWARD_MASTER_KEYS_FILE": str(settings.master_keys_file),
            "HOMEWARD_TOKEN_KEYS_FILE": str(settings.token_keys_file),
            "HOMEWARD_API_PAGE": "closed",
            "HOMEWARD_REQUESTS_A_MINUTE": str(settings.requests_a_minute),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
        }

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/live")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def processes_of(server: EmbeddedPostgres) -> list[int]:
    """The server's processes, known by their working folder; the postmaster first."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").readlink() == server.home.cluster:
                found.append(int(entry.name))
    postmaster = int((server.home.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    return sorted(found, key=lambda pid: (pid != postmaster, pid))


def kill_postgres(server: EmbeddedPostgres) -> None:
    """SIGKILL to the postmaster, then to every process of it: nothing gets the time to write anything down."""
    for pid in processes_of(server):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def start_again(server: EmbeddedPostgres) -> float:
    """Recover and return the moment at which the server answered a query again."""
    embedded_postgres.start(server.folder, durable=True)
    return time.monotonic()


def copy_database(ground: Ground, name: str) -> Ground:
    """A database with the same world. Nobody may be connected to the first one."""
    engine = create_engine(ground.server.admin_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'create database "{name}" template "{ground.name_of_database()}"'))

    def to(url: str | None) -> str:
        return make_url(url or "").set(database=name).render_as_string(hide_password=False)

    old = ground.settings
    settings = replace(old, database_url=to(old.database_url), admin_database_url=to(old.admin_database_url))
    return replace(ground, settings=settings)
