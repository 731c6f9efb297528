"""One request as the routes see it: who calls, in one transaction, with one answer made once."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.refusals import (
    ConfirmationNeeded,
    FieldRefused,
    NotFound,
    NotSignedIn,
    RoleNotAllowed,
    SetUpFirst,
)
from domain.texts import Language
from services import idempotency, rate_limits
from services.access import REFUSED, record_read
from services.database import Begin, transaction
from services.idempotency import Claim, StoredAnswer
from services.master_keys import MasterKeys
from services.rate_limits import Limit
from services.sessions import NOBODY, begin, begin_as_nobody
from services.settings import Settings
from services.tokens import TokenKeys


@dataclass(frozen=True, slots=True)
class House:
    """What every request shares: the pool, the keys, the settings."""

    engine: Engine
    master_keys: MasterKeys
    token_keys: TokenKeys
    settings: Settings


@dataclass(frozen=True, slots=True)
class Condition:
    """Who may knock, and how often. `roles` None: anybody, without an account."""

    roles: frozenset[Role] | None
    limit: Limit | None = None
    confirmed: bool = False
    during_set_up: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts of the request that no route body holds."""

    request_id: UUID
    method: str
    path: str
    body: bytes
    source: str
    token: str | None
    version: int | None
    key: str | None
    purpose: str | None
    language: Language


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: its model, the version that its ETag carries, further headers."""

    content: BaseModel | None
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


__all__ = ["Answered", "Asked", "Call", "House", "Session"]

LONG_KEY: Final = 32
_ID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

PublicUse = Callable[[Session], Answered]
Use = Callable[[Session, Actor], Answered]
PublicSlowUse = Callable[[Begin], Answered]
SlowUse = Callable[[Begin, Actor], Answered]


@dataclass(frozen=True, slots=True)
class Call:
    """One call by one caller. `read` and `write` are the only two ways to the database that a route has."""

    house: House
    asked: Asked
    condition: Condition

    @property
    def language(self) -> Language:
        return self.asked.language

    def read(self, use: Use) -> Response:
        """Answer a signed-in caller; what the read log says of it is committed before the answer leaves."""
        with self._watched(), self._transaction() as session:
            return _response(use(session, self._actor(session)), 200, self.asked)

    def write(self, use: Use, status: int = 200) -> Response:
        """Change something: effect, entry, key and stored answer commit together or not at all."""
        with self._watched(), self._transaction() as session:
            actor = self._actor(session)
            return self._once(session, actor.account_id, status, lambda: use(session, actor), actor)

    def write_once(self, use: Use, status: int = 200) -> Response:
        """Change something whose answer is shown once and kept nowhere, such as a secret: a key that came along is ignored."""
        with self._watched(), self._transaction() as session:
            return _response(use(session, self._actor(session)), status, self.asked)

    def read_publicly(self, use: PublicUse) -> Response:
        headers = self._count()
        with self._transaction() as session:
            begin_as_nobody(session)
            answer = _response(use(session), 200, self.asked)
        answer.headers.update(headers)
        return answer

    def write_publicly(self, use: PublicUse, status: int = 200) -> Response:
        """Change something without an account. All such keys share one drawer: one that could be guessed is refused."""
        if self.asked.key is not None and len(self.asked.key) < LONG_KEY:
            raise FieldRefused(("Idempotency-Key", "key_too_short"))
        headers = self._count()
        with self._transaction() as session:
            begin_as_nobody(session)
            answer = self._once(session, NOBODY, status, lambda: use(session))
        answer.headers.update(headers)
        return answer

    def apart(self, use: SlowUse) -> Response:
        """For what is slow to check: who calls is asked first, then `use` opens transactions of its own."""
        with self._transaction() as session:
            actor = self._actor(session)
        return _response(use(self._transaction, actor), 200, self.asked)

    def apart_publicly(self, use: PublicSlowUse) -> Response:
        """The same without an account; nothing of it is kept for a second click, such as a token."""
        headers = self._count()
        answer = _response(use(self._transaction), 200, self.asked)
        answer.headers.update(headers)
        return answer

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Who asks for what is not for them is written down, and who asks for what is not there alike: neither the answer
        nor the log tells the two apart. In a transaction of its own, since the first one is undone."""
        try:
            yield
        except NotFound:
            if named := _ID.search(self.asked.path):
                with self._transaction() as session:
                    actor = self._actor(session)
                    record_read(session, actor, subject=REFUSED, file_id=None, subject_id=UUID(named.group()))
            raise

    def _transaction(self) -> AbstractContextManager[Session]:
        return transaction(self.house.engine, self._info())

    def _info(self) -> dict[str, object]:
        return {
            "master_keys": self.house.master_keys,
            "request_id": self.asked.request_id,
            "purpose": self.asked.purpose,
        }

    def _actor(self, session: Session) -> Actor:
        if self.asked.token is None:
            raise NotSignedIn
        claims = self.house.token_keys.verify(self.asked.token, now=datetime.now(UTC))
        actor = begin(session, claims.subject, claims.session)
        self._let_in(actor)
        return actor

    def _let_in(self, actor: Actor) -> None:
        """RoleNotAllowed, SetUpFirst, ConfirmationNeeded: in this order, so that nobody proves anything in vain."""
        condition = self.condition
        if condition.roles is not None and actor.role not in condition.roles:
            raise RoleNotAllowed(actor.role, sorted(condition.roles))
        if actor.to_set_up and not condition.during_set_up:
            raise SetUpFirst(actor.to_set_up)
        if condition.confirmed and not actor.confirmed:
            raise ConfirmationNeeded

    def _count(self) -> dict[str, str]:
        limit, at = self.condition.limit, datetime.now(UTC)
        if limit is None:
            return {}
        left = rate_limits.count(self.house.engine, self.house.master_keys, limit, self.asked.source, at)
        return rate_headers(limit.requests, limit.seconds, left)

    def _once(
        self,
        session: Session,
        scope: UUID,
        status: int,
        use: Callable[[], Answered],
        actor: Actor | None = None,
    ) -> Response:
        if self.asked.key is None:
            return _response(use(), status, self.asked)
        digest = idempotency.fingerprint(self.asked.method, self.asked.path, self.asked.body)
        wanted = Claim(scope, f"{self.asked.method} {self.asked.path}", self.asked.key, digest)
        first = idempotency.claim(session, wanted, actor)
        if first is not None:
            return Response(first.body, first.status, {**first.headers, "Idempotent-Replayed": "true"})
        answer = _response(use(), status, self.asked)
        session.flush()
        kept = {
            name: value
            for name, value in answer.headers.items()
            if name not in ("content-length", "x-request-id")
        }
        idempotency.keep_answer(session, wanted, StoredAnswer(status, kept, bytes(answer.body)), actor)
        return answer


def _response(answered: Answered, status: int, asked: Asked) -> Response:
    """The bytes are made once, inside the transaction: an answer that cannot be written undoes its effect."""
    body = b"" if answered.content is None else answered.content.model_dump_json(by_alias=True).encode()
    headers = {"Cache-Control": "no-store", "Content-Language": str(asked.language), **answered.headers}
    if answered.version is not None:
        headers["ETag"] = f'"{answered.version}"'
    media_type = None if answered.content is None else "application/json"
    return Response(body, 204 if answered.content is None else status, headers, media_type)


def rate_headers(limit: int, seconds: int, left: int) -> dict[str, str]:
    """The RateLimit fields of the HTTP working group's draft."""
    return {
        "RateLimit-Policy": f'"default";q={limit};w={seconds}',
        "RateLimit": f'"default";r={max(left, 0)};t={seconds}',
    }


answered_as: Final = _response
"""For calls of another kind than these, such as those at a person's own door."""
