"""Clients that write until they are answered: the same key again and again, and a ledger of what was acknowledged."""

import json
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any, Final
from uuid import UUID, uuid4

from services.demo_world import PASSWORD

Json = dict[str, Any]
PATIENCE_SECONDS: Final = 30.0
PAUSE_SECONDS: Final = 0.05
TOKEN_SECONDS: Final = 7 * 60.0  # tokens live for ten minutes
CUT: Final = "connection cut"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A write that the API said it had made. `at` is on the monotonic clock."""

    account_id: UUID
    route: str
    key: str
    status: int
    body: bytes
    at: float


class Unfinished(Exception):
    """The drill's time was up, or the API gave an answer that no patience will mend."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Json:
        content: Json = json.loads(self.body) if self.body else {}
        return content

    @property
    def name(self) -> str:
        """The status, with the problem's code if it is one."""
        if self.headers.get("content-type") != "application/problem+json":
            return str(self.status)
        return f"{self.status} {self.json()['type'].removeprefix('/problems/')}"


@dataclass(slots=True)
class Badges:
    """Tokens of accounts, shared by all clients, renewed before they run out."""

    _known: dict[str, tuple[str, UUID, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, line: "Line", username: str) -> tuple[str, UUID]:
        with self._lock:
            token, account_id, at = self._known.get(username, ("", UUID(int=0), 0.0))
            if not token or time.monotonic() - at > TOKEN_SECONDS:
                token, account_id = self._sign_in(line, username)
                self._known[username] = (token, account_id, time.monotonic())
            return token, account_id

    def _sign_in(self, line: "Line", username: str) -> tuple[str, UUID]:
        content = json.dumps({"username": username, "password": PASSWORD}).encode()
        token = str(line.until_answered("POST", "/sign_in", content, {}).json()["access_token"])
        shown = {"Authorization": f"Bearer {token}"}
        return token, UUID(line.until_answered("GET", "/me", b"", shown).json()["account_id"])


@dataclass(slots=True)
class Line:
    """One client's connection to one API. `troubles` counts every answer that was not a success."""

    port: int
    badges: Badges
    give_up_at: float
    acknowledged: list[Acknowledged] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)
    without_retry_after: int = 0
    _connection: HTTPConnection | None = None

    def write(self, username: str, path: str, body: Json, version: int | None = None) -> Json:
        """Retry with one key until it is acknowledged; Unfinished for an answer that is final and no success."""
        token, account_id = self.badges.of(self, username)
        key = str(uuid4())
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        reply = self.until_answered("POST", path, json.dumps(body).encode(), headers)
        self.acknowledged.append(
            Acknowledged(account_id, f"POST {path}", key, reply.status, reply.body, time.monotonic())
        )
        return reply.json()

    def read(self, username: str, path: str) -> Json:
        token, _account = self.badges.of(self, username)
        return self.until_answered("GET", path, b"", {"Authorization": f"Bearer {token}"}).json()

    def until_answered(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        while time.monotonic() < self.give_up_at:
            reply = self.once(method, path, body, headers)
            if reply is not None and reply.status < 300:
                return reply
            name = CUT if reply is None else reply.name
            self.troubles[name] += 1
            if reply is not None and "retry-after" not in reply.headers:
                self.without_retry_after += 1
            if name not in (CUT, "503 busy", "409 key_in_flight"):
                raise Unfinished(name)
            time.sleep(PAUSE_SECONDS)
        raise Unfinished("out of time")

    def once(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply | None:
        """One attempt; None when the connection broke before a whole answer came."""
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        sent = {"Content-Type": "application/json", **headers}
        try:
            self._connection.request(method, path, body or None, sent)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, HTTPException):
            self.hang_up()
            return None
        return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, content)

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@dataclass(slots=True)
class Crowd:
    """Clients at work, each in a thread, until told to stop; each finishes what it has begun."""

    lines: list[Line]
    work: Callable[[Line], None]
    stopped: threading.Event = field(default_factory=threading.Event)
    failures: list[str] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        self._threads = [threading.Thread(target=self._run, args=(line,)) for line in self.lines]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        self.stopped.set()
        for thread in self._threads:
            thread.join()

    def reach(self, count: int, until: float) -> bool:
        """Wait until so many writes are acknowledged; False when the time was up first, or a client failed."""
        while self.count() < count:
            if time.monotonic() > until or self.stopped.wait(PAUSE_SECONDS / 2):
                return False
        return not self.stopped.is_set()

    def count(self) -> int:
        return sum(len(line.acknowledged) for line in self.lines)

    def acknowledged(self) -> list[Acknowledged]:
        return [write for line in self.lines for write in line.acknowledged]

    def troubles(self) -> Counter[str]:
        return sum((line.troubles for line in self.lines), Counter())

    def slowest_recovery(self, answering_since: list[float]) -> float:
        """The longest that any client waited for its next acknowledgement after the system could answer again."""
        slowest = 0.0
        for line in self.lines:
            times = [write.at for write in line.acknowledged]
            nexts = [(since, bisect_left(times, since)) for since in answering_since]
            slowest = max([slowest, *(times[n] - since for since, n in nexts if n < len(times))])
        return slowest

    def _run(self, line: Line) -> None:
        try:
            while not self.stopped.is_set():
                self.work(line)
        except Exception as error:  # noqa: BLE001  # a thread's failure is told by the test, whatever it is
            self.failures.append(f"{type(error).__name__}: {error}")
            self.stopped.set()
        finally:
            line.hang_up()
