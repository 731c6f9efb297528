"""Keys of people that have served their time are renewed, and everything that they sealed is sealed anew."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, select, tuple_
from sqlalchemy.orm import Session

from services.database import now, transaction
from services.master_keys import MasterKeys
from services.records.cases import CaseRow
from services.records.reports import ReportRow
from services.records.sealed import PersonKeyRow
from services.sealed_values import KeyRing

BATCH: Final = 200


def renew_keys(
    engine: Engine, keys: MasterKeys, older_than: timedelta, stopping: Callable[[], bool] = lambda: False
) -> dict[str, int]:
    """Renew every key that is older than this, the oldest first, one person a transaction, under the lock of their file.

    A file that somebody works on is left for the next round. Returns people and values, as counts.
    """
    people = values = 0
    after = (datetime.fromtimestamp(0, UTC), UUID(int=0), UUID(int=0))
    while not stopping():
        found = _old(engine, older_than, after)
        for _, file_id, person_id in found:
            with transaction(engine, {"master_keys": keys}) as session:
                done = _renew(session, file_id, person_id, older_than)
            people, values = people + (done is not None), values + (done or 0)
        if len(found) < BATCH:
            break
        after = found[-1]
    return {"people": people, "values": values}


Place = tuple[datetime, UUID, UUID]


def _old(engine: Engine, older_than: timedelta, after: Place) -> list[Place]:
    place = (PersonKeyRow.renewed_at, PersonKeyRow.file_id, PersonKeyRow.person_id)
    with transaction(engine) as session:
        query = select(*place).where(
            PersonKeyRow.wrapped.is_not(None),
            PersonKeyRow.renewed_at < now(session) - older_than,
            tuple_(*place) > after,
        )
        return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(*place).limit(BATCH))]


def _renew(session: Session, file_id: UUID, person_id: UUID, older_than: timedelta) -> int | None:
    """None when the file is locked, gone, or another worker was here first."""
    if not any(_locked(session, table, file_id) for table in (CaseRow, ReportRow)):
        return None
    at = now(session)
    still = select(PersonKeyRow.person_id).where(
        PersonKeyRow.file_id == file_id,
        PersonKeyRow.person_id == person_id,
        PersonKeyRow.wrapped.is_not(None),
        PersonKeyRow.renewed_at < at - older_than,
    )
    if session.execute(still).one_or_none() is None:
        return None
    return KeyRing(session, file_id).renew(person_id, at)


def _locked(session: Session, table: type[CaseRow] | type[ReportRow], file_id: UUID) -> bool:
    lock = select(table.id).where(table.id == file_id).with_for_update(skip_locked=True)
    return session.execute(lock).one_or_none() is not None
