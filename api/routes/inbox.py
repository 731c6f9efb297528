"""The work list of the caller's unit."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark
from api.openapi import SIGNED_IN, problems
from api.representations.stages import StageSummary, stage_summary
from api.representations.types import Answer
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, Actor
from services.access import record_read
from services.database import now
from services.inbox import NO_DUE_TIME, InboxPage, Tray, inbox
from services.records.cases import StageRow

router: Final = APIRouter(tags=["Inbox"], route_class=StrictRoute)


class Inbox(Answer):
    """Most urgent first; `at` is the clock by which due and overdue were told apart."""

    tray: str
    at: datetime
    items: list[StageSummary]
    links: dict[str, str]


@router.get("/inbox", response_model=Inbox, operation_id="read_inbox", responses=problems(*SIGNED_IN))
def read_inbox(
    call: Annotated[Call, Depends(Gate(CASE_ROLES))],
    tray: Annotated[Tray, Query()] = Tray.ALL,
    after: Mark = None,
    limit: Limit = 50,
) -> Response:
    """What lies with the caller's unit: routed to us, under way, due within three days, overdue, offered to us."""
    return call.read(lambda session, actor: _read(call, session, actor, (tray, after, limit)))


def _read(call: Call, session: Session, actor: Actor, asked: tuple[Tray, str | None, int]) -> Answered:
    tray, mark, limit = asked
    at = now(session)
    listing = Listing(f"inbox {tray} {actor.unit_id}", limit, {"tray": tray})
    page = InboxPage(tray, at, _place(position_of(call, listing.scope, mark)), limit + 1)
    record_read(session, actor, subject="inbox", file_id=None)
    rows, links, headers = paged(call, listing, inbox(session, actor, page), _position)
    items = [stage_summary(stage, call.language) for stage in rows]
    return Answered(Inbox(tray=tray, at=at, items=items, links=links), headers=headers)


def _position(stage: StageRow) -> list[str]:
    return [(stage.due_at or NO_DUE_TIME).isoformat(), str(stage.id)]


def _place(position: list[str] | None) -> tuple[datetime, UUID] | None:
    return (datetime.fromisoformat(position[0]), UUID(position[1])) if position else None
