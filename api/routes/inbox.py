"""The work lists of the caller's unit: stages by tray, and reports without an answer."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, QueryId
from api.openapi import SIGNED_IN, problems
from api.representations.answers import Answer
from api.representations.reports import ReportList, report_line
from api.representations.stages import StageSummary, stage_summary
from api.representations.types import Moment
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, INTAKE_ROLES, Actor
from domain.labels import INTERNAL
from domain.stages import StageCode, StageState
from services.access import record_read
from services.database import now
from services.inbox import NO_DUE_TIME, InboxFilter, InboxPage, Tray, Whose, inbox
from services.inbox_reports import unanswered_reports
from services.records.cases import StageRow
from services.records.reports import ReportRow

router: Final = APIRouter(prefix="/inbox", tags=["Inbox"], route_class=StrictRoute)
Reader = Annotated[Call, Depends(Gate(CASE_ROLES))]


class Inbox(Answer):
    """Most urgent first; `at` is the clock by which due and overdue were told apart."""

    LABEL = INTERNAL

    tray: str
    at: datetime
    items: list[StageSummary]
    links: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Asked:
    wanted: InboxFilter
    mark: str | None
    limit: int


def _filter(
    tray: Annotated[Tray, Query()] = Tray.ALL,
    whose: Annotated[Whose, Query(description="`mine`: the caller is officer or deputy.")] = Whose.UNIT,
    stage: Annotated[StageCode | None, Query()] = None,
    state: Annotated[StageState | None, Query()] = None,
    place_id: Annotated[QueryId | None, Query(description="The place and everything below it.")] = None,
) -> InboxFilter:
    return InboxFilter(tray, whose, stage, state, place_id)


@router.get("", response_model=Inbox, operation_id="read_inbox", responses=problems(*SIGNED_IN))
def read_inbox(
    call: Reader,
    wanted: Annotated[InboxFilter, Depends(_filter)],
    due_from: Annotated[Moment | None, Query(description="Due at or after this time.")] = None,
    due_before: Annotated[Moment | None, Query(description="Due before this time.")] = None,
    after: Mark = None,
    limit: Limit = 50,
) -> Response:
    """What lies with the caller's unit, most urgent first: still to be routed, routed to us, waiting for consent, under
    way, due within three days, overdue, offered to us. Its links lead to the other lists."""
    narrowed = replace(wanted, due_from=due_from, due_before=due_before)
    return call.read(lambda session, actor: _read(call, session, actor, _Asked(narrowed, after, limit)))


def _read(call: Call, session: Session, actor: Actor, asked: _Asked) -> Answered:
    at = now(session)
    filters = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(asked.wanted).items()
    }
    listing = Listing(f"inbox {filters} {actor.account_id}", asked.limit, filters)
    page = InboxPage(asked.wanted, at, _place(position_of(call, listing.scope, asked.mark)), asked.limit + 1)
    record_read(session, actor, subject="inbox", file_id=None)
    rows, links, headers = paged(call, listing, inbox(session, actor, page), _position)
    items = [stage_summary(stage, call.language) for stage in rows]
    answer = Inbox(tray=asked.wanted.tray, at=at, items=items, links={**links, **_other_lists(actor)})
    return Answered(answer, headers=headers)


def _other_lists(actor: Actor) -> dict[str, str]:
    reports = {"reports": "/inbox/reports"} if actor.role in INTAKE_ROLES else {}
    return {"alarms": "/alarms", "approvals": "/approvals", "requests": "/requests", **reports}


def _position(stage: StageRow) -> list[str]:
    return [(stage.due_at or NO_DUE_TIME).isoformat(), str(stage.id)]


def _place(position: list[str] | None) -> tuple[datetime, UUID] | None:
    return (datetime.fromisoformat(position[0]), UUID(position[1])) if position else None


@router.get(
    "/reports",
    response_model=ReportList,
    operation_id="list_unanswered_reports",
    responses=problems(*SIGNED_IN),
)
def read_unanswered(
    call: Annotated[Call, Depends(Gate(INTAKE_ROLES))], after: Mark = None, limit: Limit = 50
) -> Response:
    """Reports that wait for the caller's unit to answer, the soonest reply-by first."""
    return call.read(lambda session, actor: _unanswered(call, session, actor, (after, limit)))


def _unanswered(call: Call, session: Session, actor: Actor, asked: tuple[str | None, int]) -> Answered:
    mark, limit = asked
    listing = Listing(f"unanswered {actor.unit_id}", limit, {})
    after = _place(position_of(call, listing.scope, mark))
    record_read(session, actor, subject="report_list", file_id=None)
    found = unanswered_reports(session, actor, after=after, limit=limit + 1)
    rows, links, headers = paged(call, listing, found, _reply_by)
    return Answered(ReportList(items=[report_line(row) for row in rows], links=links), headers=headers)


def _reply_by(report: ReportRow) -> list[str]:
    return [report.reply_by.isoformat(), str(report.id)]
