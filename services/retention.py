"""What would be erased by when: a dry run that changes nothing and names nobody."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.clocks import CASE_FILE_TERM
from domain.retention import (
    RATE_COUNTERS,
    REPORT_ERASURE,
    SESSIONS,
    STORED_ANSWERS,
    Category,
)
from services.database import now, transaction
from services.master_keys import MasterKeys
from services.records.accounts import RateCounterRow, SessionRow
from services.records.cases import LegalHoldRow
from services.records.clocks import DeadlineRow
from services.records.writes import IdempotencyKeyRow

MOST: Final = 1000
"""A dry run counts no further: `more` says that there is more."""

_CLOCKS: Final = {Category.UNFOUNDED_REPORT: REPORT_ERASURE, Category.CLOSED_CASE_FILE: CASE_FILE_TERM}
_SWEPT: Final[dict[Category, InstrumentedAttribute[datetime]]] = {
    Category.STORED_ANSWERS: IdempotencyKeyRow.claimed_at,
    Category.SESSIONS: SessionRow.expires_at,
    Category.RATE_COUNTERS: RateCounterRow.window_start,
}
_TERMS: Final = {
    Category.STORED_ANSWERS: STORED_ANSWERS,
    Category.SESSIONS: SESSIONS,
    Category.RATE_COUNTERS: RATE_COUNTERS,
}


@dataclass(frozen=True, slots=True)
class DueFile:
    """A file whose term is over by then. `held`: it will not be erased all the same."""

    file_id: UUID
    due_at: datetime
    held: bool


@dataclass(frozen=True, slots=True)
class Due:
    """One category: the files, or how many rows."""

    category: Category
    files: list[DueFile]
    count: int
    more: bool


def due_files(session: Session, by: datetime) -> list[Due]:
    """Files whose term is over by then, of those that this reader may look at: what row-level security shows them."""
    return [_due(session, category, clock, by) for category, clock in _CLOCKS.items()]


def _due(session: Session, category: Category, clock: str, by: datetime) -> Due:
    held = exists().where(LegalHoldRow.case_id == DeadlineRow.file_id, LegalHoldRow.released_at.is_(None))
    query = (
        select(DeadlineRow.file_id, DeadlineRow.due_at, held)
        .where(DeadlineRow.clock == clock, DeadlineRow.state == "running", DeadlineRow.due_at <= by)
        .order_by(DeadlineRow.due_at, DeadlineRow.file_id)
        .limit(MOST + 1)
    )
    found = [DueFile(*row) for row in session.execute(query)]
    files = found[:MOST]
    return Due(category, files, len(files), len(found) > MOST)


def everything_due(engine: Engine, by: datetime | None) -> list[Due]:
    """The same for whoever runs the installation, with what the worker sweeps."""
    with transaction(engine) as session:
        at = by or now(session)
        return [*due_files(session, at), *(_swept(session, category, at) for category in _SWEPT)]


def _swept(session: Session, category: Category, by: datetime) -> Due:
    column = _SWEPT[category]
    rows = session.execute(select(column).where(column < by - _TERMS[category]).limit(MOST + 1)).all()
    return Due(category, [], min(len(rows), MOST), len(rows) > MOST)


def number_of(keys: MasterKeys, file_id: UUID) -> str:
    """A number by which people can speak of a file without knowing which it is; another after a rotation."""
    digest = hmac.digest(keys.derive("retention list", keys.current), file_id.bytes, "sha256")
    return f"D-{base64.b32encode(digest[:10]).decode()}"
