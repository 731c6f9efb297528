"""A walk through the doors that counts the statements of each operation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine

from services.demo_desk import Desk, Json
from tests.api.manners.operations import Caller, statements_of

REASON: Final = {"reason": "本人情况有变"}


@dataclass(slots=True)
class Walk:
    """`counts`: operation id -> the numbers of statements that were seen."""

    caller: Caller
    engine: Engine
    staff: Callable[[str], Desk]
    counts: dict[str, set[int]] = field(default_factory=dict)

    def count(
        self, operation_id: str, desk: Desk | None = None, *body: Mapping[str, Any], **asked: Any
    ) -> Json:
        with statements_of(self.engine) as seen:
            answer = self.caller.done(operation_id, desk, *body, **asked)
        self.counts.setdefault(operation_id, set()).add(len(seen))
        return answer


def in_a_month() -> str:
    """A day within which a hold must be reviewed."""
    return (datetime.now(UTC) + timedelta(days=30)).isoformat()
