"""The timeline of a case: every step in order, the case as it stood at an instant, and whether the chain is whole."""

from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId
from api.openapi import ONE, problems
from api.representations.timeline import (
    AsOfAnswer,
    ChainAnswer,
    TimelineAnswer,
    as_of_answer,
    item_answer,
)
from api.representations.types import Moment
from api.strict_json import StrictRoute
from api.timeline_queries import WantedItems, filters_of, mark_of, place_of, scope_of
from domain.actors import AUDIT_ROLES, CASE_ROLES, Actor
from services.access import record_read
from services.database import now
from services.past_cases import case_as_of
from services.timeline import check_chain
from services.timeline_pages import Page, Wanted, items_after
from services.timelines import followed_case, reader_of

router: Final = APIRouter(prefix="/cases/{case_id}", tags=["Timeline"], route_class=StrictRoute)
Follower = Annotated[Call, Depends(Gate(CASE_ROLES | AUDIT_ROLES))]


@router.get(
    "/timeline", response_model=TimelineAnswer, operation_id="read_timeline", responses=problems(*ONE)
)
def read_timeline(
    call: Follower, case_id: PathId, wanted: WantedItems, after: Mark = None, limit: Limit = 50
) -> Response:
    """Every step of the case in the order in which it was learned: what, who, when it happened, when it was recorded; for
    auditors also who looked, by role and unit."""
    return call.read(lambda session, actor: _page(call, session, actor, case_id, (wanted, after, limit)))


def _page(
    call: Call,
    session: Session,
    actor: Actor,
    case_id: UUID,
    asked: tuple[Wanted, str | None, int],
) -> Answered:
    wanted, mark, limit = asked
    reader = reader_of(session, actor, case_id)
    listing = Listing(scope_of(case_id, actor, wanted), limit, filters_of(wanted))
    place = place_of(position_of(call, listing.scope, mark))
    found = items_after(session, reader, case_id, Page(wanted, place, limit + 1))
    record_read(session, actor, subject="timeline", file_id=case_id, subject_id=case_id)
    rows, links, headers = paged(call, listing, found, lambda one: mark_of(one.place))
    base, late_after = f"/cases/{case_id}", timedelta(hours=call.house.settings.late_after_hours)
    links |= {"case": base, "check": f"{base}/timeline/check", "as_of": f"{base}/as_of"}
    items = [item_answer(one.item, reader, late_after) for one in rows]
    return Answered(TimelineAnswer(items=items, links=links), headers=headers)


@router.get("/as_of", response_model=AsOfAnswer, operation_id="read_case_as_of", responses=problems(*ONE))
def read_as_of(
    call: Follower,
    case_id: PathId,
    at: Annotated[
        Moment | None, Query(description="The instant, now if none is named; what was on record then counts.")
    ] = None,
) -> Response:
    """The case as it stood: states, holders and due times from its entries, what was known of people from what was sealed by
    then; what was erased since is shown as erased."""
    return call.read(lambda session, actor: _as_of(session, actor, case_id, at))


def _as_of(session: Session, actor: Actor, case_id: UUID, named: datetime | None) -> Answered:
    at = named or now(session)
    past = case_as_of(session, actor, case_id, at)
    record_read(session, actor, subject="case_as_of", file_id=case_id, subject_id=case_id)
    return Answered(as_of_answer(past, at))


@router.get(
    "/timeline/check", response_model=ChainAnswer, operation_id="check_timeline", responses=problems(*ONE)
)
def check_timeline(call: Follower, case_id: PathId) -> Response:
    """Walk the chain of the case from its first entry to its head."""
    return call.read(lambda session, actor: _check(session, actor, case_id))


def _check(session: Session, actor: Actor, case_id: UUID) -> Answered:
    case, at = followed_case(session, actor, case_id), now(session)
    state = check_chain(session, case)
    record_read(session, actor, subject="timeline_check", file_id=case_id, subject_id=case_id)
    return Answered(
        ChainAnswer(
            whole=state.first_bad is None,
            entries=state.entries,
            head=state.head.hex(),
            first_bad=state.first_bad,
            fault=state.fault,
            checked_at=at,
        )
    )
