"""A unit's work list: routed to us, active, due, overdue, waiting for our answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.stages import OPEN_STATES, StageState
from services import access
from services.records.cases import StageRow

DUE_SOON: Final = timedelta(days=3)
_UNDER_WAY: Final = (StageState.ACCEPTED, StageState.ACTIVE, StageState.ON_HOLD)


class Tray(StrEnum):
    """One view of the list. `all` is every open stage that lies with the unit or is offered to it."""

    ALL = "all"
    ROUTED = "routed"
    ACTIVE = "active"
    DUE = "due"
    OVERDUE = "overdue"
    OFFERED = "offered"


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`after`: due time and id of the last line of the page before."""

    tray: Tray
    at: datetime
    after: tuple[datetime, UUID] | None
    limit: int


def inbox(session: Session, actor: Actor, page: InboxPage) -> list[StageRow]:
    """Open stages of the actor's unit, the most urgent first; stages without a due time come last."""
    query = (
        select(StageRow)
        .where(
            access.visible_to(actor, StageRow.case_id),
            StageRow.state.in_(list(OPEN_STATES)),
            _in(page, actor),
        )
        .order_by(_due(), StageRow.id)
        .limit(page.limit)
    )
    if page.after is not None:
        query = query.where(tuple_(_due(), StageRow.id) > page.after)
    return list(session.execute(query).scalars())


NO_DUE_TIME: Final = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


def _due() -> ColumnElement[datetime]:
    return func.coalesce(StageRow.due_at, NO_DUE_TIME)


def _in(page: InboxPage, actor: Actor) -> ColumnElement[bool]:
    ours = StageRow.unit_id == actor.unit_id
    trays: dict[Tray, ColumnElement[bool]] = {
        Tray.ALL: or_(ours, StageRow.offered_unit_id == actor.unit_id),
        Tray.ROUTED: ours & (StageRow.state == StageState.ROUTED),
        Tray.ACTIVE: ours & StageRow.state.in_(_UNDER_WAY),
        Tray.DUE: ours & (StageRow.due_at >= page.at) & (StageRow.due_at < page.at + DUE_SOON),
        Tray.OVERDUE: ours & (StageRow.due_at < page.at),
        Tray.OFFERED: StageRow.offered_unit_id == actor.unit_id,
    }
    return trays[page.tray]
