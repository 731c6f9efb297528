"""One request at the person's own door: a token of its own kind, and the one person behind it."""

import re
from collections.abc import Callable
from typing import Final

from fastapi import Response

from api.answered import answered_as
from api.calls import Answered, Call, Session
from api.redaction import AtTheDoor
from domain.refusals import NotSignedIn
from services.door_visits import Visitor, begin_visit, record_visit

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
DoorUse = Callable[[Session, Visitor], Answered]


class DoorCall(Call):
    """No officer's token opens it, and its own opens nothing else."""

    def read_at_door(self, subject: str, use: DoorUse) -> Response:
        """Answer the visitor; that it was read is committed before the answer leaves."""
        with self._transaction() as session:
            visitor = self._visitor(session)
            record_visit(session, visitor, subject)
            return answered_as(use(session, visitor), 200, self.asked, AtTheDoor.VISITOR)

    def write_at_door(self, use: DoorUse, status: int = 200) -> Response:
        """Change something: effect, entry, key and stored answer commit together or not at all."""
        with self._transaction() as session:
            visitor = self._visitor(session)
            return self._once(
                session, visitor.code_id, status, lambda: use(session, visitor), AtTheDoor.VISITOR
            )

    def leave_door(self, use: DoorUse) -> Response:
        """The visit ends, and no answer is kept of it."""
        with self._transaction() as session:
            return answered_as(use(session, self._visitor(session)), 204, self.asked, AtTheDoor.VISITOR)

    def _visitor(self, session: Session) -> Visitor:
        token = self.asked.token
        if token is None or not _TOKEN.fullmatch(token):
            raise NotSignedIn
        return begin_visit(session, token)
