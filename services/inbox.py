"""Work lists of a unit, and of one officer in it: what is routed to us, under way, due, waiting for somebody's word."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.consents import CONSENT_NEEDS
from domain.stages import OPEN_STATES, StageCode, StageState
from services import access
from services.records.cases import CaseRow, ConsentRow, StageRow
from services.routing import places_below

DUE_SOON: Final = timedelta(days=3)
_UNDER_WAY: Final = (StageState.ACCEPTED, StageState.ACTIVE, StageState.ON_HOLD)
_UNROUTED: Final = (StageState.PLANNED, StageState.RETURNED)


class Tray(StrEnum):
    """One view of the list. `all` is every open stage that lies with the unit, is offered to it, or is its to route."""

    ALL = "all"
    TO_ROUTE = "to_route"
    ROUTED = "routed"
    WAITING_FOR_CONSENT = "waiting_for_consent"
    ACTIVE = "active"
    DUE = "due"
    OVERDUE = "overdue"
    OFFERED = "offered"


class Whose(StrEnum):
    UNIT = "unit"
    MINE = "mine"  # the caller is the named officer or the deputy (Art. 20)


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What to show; None: not asked for. `place_id` stands for the place and everything below it."""

    tray: Tray = Tray.ALL
    whose: Whose = Whose.UNIT
    stage: StageCode | None = None
    state: StageState | None = None
    place_id: UUID | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`after`: due time and id of the last line of the page before."""

    wanted: InboxFilter
    at: datetime
    after: tuple[datetime, UUID] | None
    limit: int


def inbox(session: Session, actor: Actor, page: InboxPage) -> list[StageRow]:
    """Open stages in one statement, the most urgent first; those without a due time come last."""
    query = (
        select(StageRow)
        .where(
            access.visible_to(actor, StageRow.case_id),
            StageRow.state.in_(list(OPEN_STATES)),
            _in_tray(page, actor),
        )
        .order_by(_due(), StageRow.id)
        .limit(page.limit)
    )
    if page.after is not None:
        query = query.where(tuple_(_due(), StageRow.id) > page.after)
    return list(session.execute(_narrowed(query, page.wanted, actor)).scalars())


NO_DUE_TIME: Final = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


def _due() -> ColumnElement[datetime]:
    return func.coalesce(StageRow.due_at, NO_DUE_TIME)


def _narrowed(query: Select[StageRow], wanted: InboxFilter, actor: Actor) -> Select[StageRow]:
    if wanted.stage is not None:
        query = query.where(StageRow.code == wanted.stage)
    if wanted.state is not None:
        query = query.where(StageRow.state == wanted.state)
    if wanted.due_from is not None:
        query = query.where(StageRow.due_at >= wanted.due_from)
    if wanted.due_before is not None:
        query = query.where(StageRow.due_at < wanted.due_before)
    if wanted.place_id is not None:
        there = select(CaseRow.id).where(CaseRow.place_id.in_(places_below(wanted.place_id)))
        query = query.where(StageRow.case_id.in_(there))
    if wanted.whose is Whose.MINE:
        query = query.where(
            StageRow.unit_id == actor.unit_id,
            or_(StageRow.officer_id == actor.account_id, StageRow.deputy_id == actor.account_id),
        )
    return query


def _in_tray(page: InboxPage, actor: Actor) -> ColumnElement[bool]:
    ours, offered = StageRow.unit_id == actor.unit_id, StageRow.offered_unit_id == actor.unit_id
    trays: dict[Tray, ColumnElement[bool]] = {
        Tray.ALL: or_(ours, offered, _to_route(actor)),
        Tray.TO_ROUTE: _to_route(actor),
        Tray.ROUTED: ours & (StageRow.state == StageState.ROUTED),
        Tray.WAITING_FOR_CONSENT: ours & (StageRow.state == StageState.ACCEPTED) & _lacks_consent(),
        Tray.ACTIVE: ours & StageRow.state.in_(_UNDER_WAY),
        Tray.DUE: ours & (StageRow.due_at >= page.at) & (StageRow.due_at < page.at + DUE_SOON),
        Tray.OVERDUE: ours & (StageRow.due_at < page.at),
        Tray.OFFERED: offered,
    }
    return trays[page.wanted.tray]


def _to_route(actor: Actor) -> ColumnElement[bool]:
    """Sent back, or with no lead's unit anywhere: nobody holds it, and the case's owner sends it on."""
    owned = select(CaseRow.id).where(CaseRow.owner_unit_id == actor.unit_id, CaseRow.state == "open")
    return and_(StageRow.state.in_(_UNROUTED), StageRow.case_id.in_(owned))


def _lacks_consent() -> ColumnElement[bool]:
    """Stages of a kind that begins on consent while none is given. Age and urgency are sealed, so that a few of these
    may begin without one: their blockers say so."""
    purpose = case({code: need.purpose for code, need in CONSENT_NEEDS.items()}, value=StageRow.code)
    given = select(ConsentRow.id).where(
        ConsentRow.case_id == StageRow.case_id,
        ConsentRow.victim_id == StageRow.victim_id,
        ConsentRow.round == StageRow.round,
        ConsentRow.purpose == purpose,
        ConsentRow.state == "given",
        func.coalesce(ConsentRow.expires_at > func.now(), true()),
    )
    return StageRow.code.in_(list(CONSENT_NEEDS)) & ~given.exists()
