"""One request as the routes see it: who calls, in one transaction, with one answer made once."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from fastapi import Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.answered import Answered, Asked, Poured, answered_as
from api.rate_headers import rate_headers
from api.redaction import Reader
from api.representations.answers import holds_narrow
from domain.access_approvals import approvable_by
from domain.actors import AUDIT_ROLES, CASE_ROLES, Actor, Role
from domain.purposes import purposes_open_to
from domain.refusals import (
    AccessNotApproved,
    ConfirmationNeeded,
    FieldRefused,
    NotFound,
    NotSignedIn,
    PurposeNotGranted,
    RoleNotAllowed,
    SetUpFirst,
)
from domain.texts import Language
from services import idempotency, rate_limits
from services.access import REFUSED, record_read, was_recorded
from services.database import Begin, transaction
from services.idempotency import Claim, StoredAnswer
from services.master_keys import MasterKeys
from services.rate_limits import Limit
from services.request_meter import RequestMeter
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
    meter: RequestMeter


@dataclass(frozen=True, slots=True)
class Condition:
    """Who may knock, and how often. `roles` None: anybody, without an account."""

    roles: frozenset[Role] | None
    limit: Limit | None = None
    confirmed: bool = False
    during_set_up: bool = False

    @property
    def restricted(self) -> bool:
        """Whether what is read behind it is about somebody: a door for nobody but those who work in cases or audit them."""
        return self.roles is not None and self.roles <= CASE_ROLES | AUDIT_ROLES


__all__ = ["Answered", "Asked", "Call", "House", "Poured", "Session"]


class NotRecorded(Exception):
    """A defect of ours: a read of restricted data that the log knows nothing of."""


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

    def read(self, use: Use, *, explain: bool = False) -> Response:
        """Answer a signed-in caller; what the read log says of it is committed before the answer leaves.

        A machine says for which purpose it reads: FieldRefused when it does not and the answer has narrow fields.
        NotRecorded, and nothing leaves, where somebody's data were read and nobody wrote it down.
        """
        with self._watched(), self._transaction() as session:
            actor = self._actor(session)
            answered = use(session, actor)
            if self._purpose_is_missing(actor) and answered.content and holds_narrow(type(answered.content)):
                raise FieldRefused(("X-Purpose-Of-Use", "purpose_missing"))
            if self.condition.restricted and not was_recorded(session):
                raise NotRecorded
            return answered_as(answered, 200, self.asked, actor, explain=explain)

    def write(self, use: Use, status: int = 200) -> Response:
        """Change something: effect, entry, key and stored answer commit together or not at all."""
        with self._watched(), self._transaction() as session:
            actor = self._actor(session)
            # what a machine does needs no purpose; what it then reads in the answer does
            reader = replace(actor, purpose=None) if self._purpose_is_missing(actor) else actor
            return self._once(session, actor.account_id, status, lambda: use(session, actor), reader)

    def write_once(self, use: Use, status: int = 200) -> Response:
        """Change something whose answer is shown once and kept nowhere, such as a secret: a key that came along is ignored."""
        with self._watched(), self._transaction() as session:
            actor = self._actor(session)
            return answered_as(use(session, actor), status, self.asked, actor)

    def note(self, use: Callable[[Session, Actor], None]) -> None:
        """Write something down in a transaction of its own, beside a request that is refused."""
        with self._transaction() as session:
            use(session, self._actor(session))

    def read_publicly(self, use: PublicUse) -> Response:
        headers = self._count()
        with self._transaction() as session:
            begin_as_nobody(session)
            answer = answered_as(use(session), 200, self.asked, None)
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
        return answered_as(use(self._transaction, actor), 200, self.asked, actor)

    def apart_publicly(
        self, use: PublicSlowUse, within: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> Response:
        """The same without an account; nothing of it is kept for a second click, such as a token. `within` is entered before
        anything is counted: what it refuses costs nothing."""
        with within():
            headers = self._count()
            answer = answered_as(use(self._transaction), 200, self.asked, None)
        answer.headers.update(headers)
        return answer

    def stream(self, begin: Callable[[Session, Actor], Poured]) -> Response:
        """Answer in pieces. Who calls is asked first, and what the read log says of it is committed before the first piece
        leaves; each piece then reads in a transaction of its own (`again`), so that a slow reader holds none open."""
        with self._watched(), self._transaction() as session:
            poured = begin(session, self._actor(session))
            if not was_recorded(session):
                raise NotRecorded
        headers = {"Cache-Control": "no-store", "Content-Language": str(self.language), **poured.headers}
        return StreamingResponse(poured.pieces, 200, headers, poured.media_type)

    @contextmanager
    def again(self) -> Iterator[tuple[Session, Actor]]:
        """A further transaction of the same caller, asked for anew: whoever lost their right meanwhile reads no further."""
        with self._transaction() as session:
            yield session, self._actor(session)

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
        self.house.meter.count(actor.account_id)
        self._let_in(actor)
        return self._with_purpose(actor)

    def _with_purpose(self, actor: Actor) -> Actor:
        """The actor as they read now: for what they named, else for their case work. PurposeNotGranted."""
        if self.asked.purpose is None:
            return actor
        granted = purposes_open_to(actor.agency, actor.purposes)
        if self.asked.purpose not in granted:
            raise PurposeNotGranted(sorted(granted))
        return replace(actor, purpose=self.asked.purpose)

    def _purpose_is_missing(self, actor: Actor) -> bool:
        return actor.role is Role.INTEGRATION and self.asked.purpose is None

    def _let_in(self, actor: Actor) -> None:
        """RoleNotAllowed, SetUpFirst, AccessNotApproved, ConfirmationNeeded: in this order; nobody proves anything in vain."""
        condition = self.condition
        if condition.roles is not None and actor.role not in condition.roles:
            raise RoleNotAllowed(actor.role, sorted(condition.roles))
        if actor.to_set_up and not condition.during_set_up:
            raise SetUpFirst(actor.to_set_up)
        if condition.restricted and not actor.approved:
            raise AccessNotApproved(approvable_by())
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
        reader: Reader = None,
    ) -> Response:
        actor = reader if isinstance(reader, Actor) else None
        if self.asked.key is None:
            return answered_as(use(), status, self.asked, reader)
        digest = idempotency.fingerprint(self.asked.method, self.asked.path, self.asked.body)
        wanted = Claim(scope, f"{self.asked.method} {self.asked.path}", self.asked.key, digest)
        first = idempotency.claim(session, wanted, actor)
        if first is not None:
            return Response(first.body, first.status, {**first.headers, "Idempotent-Replayed": "true"})
        answer = answered_as(use(), status, self.asked, reader)
        session.flush()
        kept = {
            name: value
            for name, value in answer.headers.items()
            if name not in ("content-length", "x-request-id")
        }
        idempotency.keep_answer(session, wanted, StoredAnswer(status, kept, bytes(answer.body)), actor)
        return answer
