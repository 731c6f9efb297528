"""The timeline of a case: every step in order, and whether the chain of entries is whole."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId
from api.openapi import ONE, problems
from api.representations.answers import Answer, Guarded
from api.strict_json import StrictRoute
from domain.actors import AUDIT_ROLES, CASE_ROLES, Actor
from domain.compartments import Compartment
from domain.labels import INTERNAL, restricted
from services.access import record_read
from services.database import now
from services.timeline import ReadEntry, check_chain, entries_after
from services.timelines import Reader, followed_case, reader_of

router: Final = APIRouter(prefix="/cases/{case_id}/timeline", tags=["Timeline"], route_class=StrictRoute)
Follower = Annotated[Call, Depends(Gate(CASE_ROLES | AUDIT_ROLES))]


SEEN: Final = restricted(Compartment.TIMELINE)


class EntryAnswer(Guarded):
    """`what` and `who` are absent, and named in `_redacted`, where the step is another agency's own matter."""

    LABEL = INTERNAL

    seq: int
    id: UUID
    recorded_at: datetime
    digest: str
    what: Annotated[dict[str, object] | None, SEEN]
    who: Annotated[dict[str, object] | None, SEEN]
    values: Annotated[dict[str, object] | None, SEEN]


class TimelineAnswer(Answer):
    LABEL = INTERNAL
    items: list[EntryAnswer]
    links: dict[str, str]


class ChainAnswer(Answer):
    """`whole`: every stored entry still has its digest, names the one before it, and the last is the case's head."""

    LABEL = INTERNAL

    whole: bool
    entries: int
    head: str
    first_bad: int | None
    fault: str | None
    checked_at: datetime


@router.get("", response_model=TimelineAnswer, operation_id="read_timeline", responses=problems(*ONE))
def read_timeline(call: Follower, case_id: PathId, after: Mark = None, limit: Limit = 50) -> Response:
    """Every step of the case, oldest first: what, who, when it happened, when it was recorded."""
    return call.read(lambda session, actor: _page(call, session, actor, case_id, (after, limit)))


def _page(
    call: Call, session: Session, actor: Actor, case_id: UUID, asked: tuple[str | None, int]
) -> Answered:
    mark, limit = asked
    reader = reader_of(session, actor, case_id)
    listing = Listing(f"timeline {case_id} {actor.unit_id}", limit, {})
    position = position_of(call, listing.scope, mark)
    found = entries_after(session, case_id, int(position[0]) if position else 0, limit + 1)
    record_read(session, actor, subject="timeline", file_id=case_id, subject_id=case_id)
    rows, links, headers = paged(call, listing, found, lambda entry: [str(entry.seq)])
    links |= {"case": f"/cases/{case_id}", "check": f"/cases/{case_id}/timeline/check"}
    return Answered(
        TimelineAnswer(items=[_entry(entry, reader) for entry in rows], links=links), headers=headers
    )


def _entry(entry: ReadEntry, reader: Reader) -> EntryAnswer:
    sections = {name: dict(content) for name, content in entry.sections.items()}
    return EntryAnswer.model_validate(
        {
            "seq": entry.seq,
            "id": entry.entry_id,
            "recorded_at": entry.recorded_at,
            "digest": entry.digest.hex(),
            **{name: sections.get(name) for name in ("what", "who", "values")},
        }
    ).seen_with(reader.stands_to(entry))


@router.get("/check", response_model=ChainAnswer, operation_id="check_timeline", responses=problems(*ONE))
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
