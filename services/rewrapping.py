"""After a rotation: what is under an old master key comes under the current one, in small steps, by any number of workers.

Nothing is opened that a value of somebody stands in, except the stored answers, which are sealed by the master key itself.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, bindparam, func, literal, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.database import transaction
from services.idempotency import seal_anew
from services.master_keys import MasterKeys, WrapBroken
from services.records.accounts import SecondFactorRow
from services.records.sealed import PersonKeyRow, SearchTokenRow
from services.records.writes import IdempotencyKeyRow
from services.sealed_values import key_context
from services.sealing import SealBroken
from services.second_factors import seal_seed_anew

BATCH: Final = 500
COUNTED: Final = 1_000_000
"""A count goes no further: nobody needs to know how much more."""


def rewrap(engine: Engine, keys: MasterKeys, stopping: Callable[[], bool] = lambda: False) -> dict[str, int]:
    """Everything that is under an old key, batch by batch, each in a transaction of its own; what was done, as counts."""
    done = {"person_keys": 0, "stored_answers": 0, "second_factors": 0, "broken": 0}
    if not keys.others:
        return done
    last: tuple[UUID, UUID] | None = (UUID(int=0), UUID(int=0))
    while last is not None and not stopping():
        with transaction(engine, {"master_keys": keys}) as session:
            last, wrapped, broken = _wrap_batch(session, keys, last)
        done["person_keys"] += wrapped
        done["broken"] += broken
    answers = BATCH
    while answers == BATCH and not stopping():
        with transaction(engine, {"master_keys": keys}) as session:
            answers = _seal_answers(session, keys)
        done["stored_answers"] += answers
    seeds = BATCH
    while seeds == BATCH and not stopping():
        with transaction(engine, {"master_keys": keys}) as session:
            seeds, broken = _seal_seeds(session, keys)
        done["second_factors"] += seeds
        done["broken"] += broken
    return done


def _seal_seeds(session: Session, keys: MasterKeys) -> tuple[int, int]:
    """One that does not open stays as it is and holds up the retirement: its owner would stand before a closed door."""
    rows = session.execute(
        select(SecondFactorRow)
        .where(SecondFactorRow.seed_version.in_(keys.others))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).scalars()
    done = broken = 0
    for row in rows:
        try:
            seal_seed_anew(keys, row)
            done += 1
        except (SealBroken, KeyError):
            broken += 1
    session.flush()
    return done, broken


def _wrap_batch(
    session: Session, keys: MasterKeys, last: tuple[UUID, UUID]
) -> tuple[tuple[UUID, UUID] | None, int, int]:
    """Rows that another worker or a writer holds are theirs: whoever writes wraps anew as well."""
    rows = session.execute(
        select(
            PersonKeyRow.file_id, PersonKeyRow.person_id, PersonKeyRow.master_version, PersonKeyRow.wrapped
        )
        .where(
            PersonKeyRow.master_version.in_(keys.others),
            PersonKeyRow.wrapped.is_not(None),
            tuple_(PersonKeyRow.file_id, PersonKeyRow.person_id) > last,
        )
        .order_by(PersonKeyRow.file_id, PersonKeyRow.person_id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    fresh, broken = [], 0
    for file_id, person_id, version, wrapped in rows:
        assert wrapped is not None  # the query leaves the erased out
        context = key_context(file_id, person_id)
        try:
            plain = keys.unwrap(version, wrapped, context)
        except WrapBroken:
            broken += 1
            continue
        now_version, now_wrapped = keys.wrap(plain, context)
        fresh.append({"f": file_id, "p": person_id, "v": now_version, "w": now_wrapped})
    if fresh:
        session.connection().execute(_WRAP, fresh)
    return (rows[-1].file_id, rows[-1].person_id) if len(rows) == BATCH else None, len(fresh), broken


_WRAP: Final = (
    update(PersonKeyRow.__table__)  # type: ignore[arg-type]  # the table behind the rows, to write many at once
    .where(PersonKeyRow.file_id == bindparam("f"), PersonKeyRow.person_id == bindparam("p"))
    .values(master_version=bindparam("v"), wrapped=bindparam("w"))
)


def _seal_answers(session: Session, keys: MasterKeys) -> int:
    rows = session.execute(
        select(IdempotencyKeyRow)
        .where(IdempotencyKeyRow.master_version.in_(keys.others))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).scalars()
    done = 0
    for row in rows:
        done += 1
        if row.answer is None:
            row.master_version = keys.current
            continue
        try:
            seal_anew(keys, row)
        except (SealBroken, KeyError):
            # an answer that does not open answers nobody, and must not hold up the others
            session.delete(row)
    session.flush()
    return done


def under_each(engine: Engine, keys: MasterKeys) -> dict[int, dict[str, int]]:
    """How much is still under each version, by kind; each counted up to a million."""
    with transaction(engine) as session:
        return {version: under(session, version) for version in keys.versions}


def under(session: Session, version: int) -> dict[str, int]:
    """What is under one version: person keys wrapped, answers sealed, people found by it."""
    return {
        "person_keys": _bounded(
            session, PersonKeyRow.master_version, version, PersonKeyRow.wrapped.is_not(None)
        ),
        "stored_answers": _bounded(session, IdempotencyKeyRow.master_version, version),
        "second_factors": _bounded(session, SecondFactorRow.seed_version, version),
        "search_tokens": _bounded(session, SearchTokenRow.master_version, version),
    }


def _bounded(session: Session, column: InstrumentedAttribute[int], version: int, *more: object) -> int:
    some = select(literal(1)).where(column == version, *more).limit(COUNTED).subquery()  # type: ignore[arg-type]
    total: int = session.execute(select(func.coalesce(func.sum(some.c[0]), 0))).scalar_one()
    return total
