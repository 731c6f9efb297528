"""People who cannot be looked for yet, or by an old master key only: the worker brings them into the index, case by case."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from services.blind_index import SECTION_OF, index_person
from services.database import transaction
from services.master_keys import MasterKeys
from services.records.cases import CaseRow, VictimRow
from services.sealed_values import Content, KeyRing

CASES_AT_A_TIME: Final = 200


def index_people(
    engine: Engine, keys: MasterKeys, stopping: Callable[[], bool] = lambda: False
) -> dict[str, int]:
    """Every case with somebody in it who is not in the index of the current master key; the number of people."""
    done, after = 0, UUID(int=0)
    while not stopping():
        found = _waiting(engine, keys, after)
        for case_id in found:
            with transaction(engine, {"master_keys": keys}) as session:
                done += _index_case(session, case_id, keys.current)
        if len(found) < CASES_AT_A_TIME:
            break
        after = found[-1]
    return {"indexed": done}


def _waiting(engine: Engine, keys: MasterKeys, after: UUID) -> list[UUID]:
    """In the order of the cases, so that one that another worker holds does not come back in this round."""
    with_another = or_(VictimRow.indexed_with < keys.current, VictimRow.indexed_with > keys.current)
    old = or_(VictimRow.indexed_with.is_(None), with_another)
    query = select(VictimRow.case_id).where(old, VictimRow.case_id > after).distinct()
    with transaction(engine) as session:
        return list(session.execute(query.order_by(VictimRow.case_id).limit(CASES_AT_A_TIME)).scalars())


def _index_case(session: Session, case_id: UUID, version: int) -> int:
    """Under the lock of the case, which whoever writes about its people holds too; a locked one is for the next round."""
    locked = select(CaseRow.id).where(CaseRow.id == case_id).with_for_update(skip_locked=True)
    if session.execute(locked).one_or_none() is None:
        return 0
    people = list(session.execute(select(VictimRow).where(VictimRow.case_id == case_id)).scalars())
    sections: dict[UUID, dict[str, Content]] = {victim.id: {} for victim in people}
    for value in KeyRing(session, case_id).read(sections):
        if value.section in SECTION_OF.values():
            sections[value.row_id][value.section] = value.content
    waiting = [victim for victim in people if victim.indexed_with != version]
    for victim in waiting:
        victim.indexed_with = index_person(session, case_id, victim.id, sections[victim.id])
    session.flush()
    return len(waiting)
