"""Looking for somebody, within the caller's own cases."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import next_mark, position_of
from api.openapi import SEARCH, problems
from api.rate_headers import rate_headers
from api.representations.searches import FoundPerson, SearchAnswer, SearchBody
from api.strict_json import StrictRoute
from domain.actors import SEARCHING_ROLES, Actor
from domain.disclosure import standing
from services.rate_limits import SEARCHES
from services.search import Found, digest_of_search, search

router: Final = APIRouter(tags=["People and their consent"], route_class=StrictRoute)
PATH: Final = "/people/searches"


@router.post(PATH, response_model=SearchAnswer, operation_id="search_people", responses=problems(*SEARCH))
def search_people(
    call: Annotated[Call, Depends(Gate(SEARCHING_ROLES, limit=SEARCHES))],
    body: SearchBody,
) -> Response:
    """Find somebody among the people of the caller's cases, as far as the caller reads what is asked for. It is counted by
    account, and written down: never the words, always who was found, also when it was nobody."""
    return call.read(lambda session, actor: _search(call, session, actor, body))


def _search(call: Call, session: Session, actor: Actor, body: SearchBody) -> Answered:
    sought = body.sought()
    # the mark is good for this search by this account; what was asked is in its scope as a digest
    scope = f"search {digest_of_search(session, sought).hex()} {actor.account_id}"
    position = position_of(call, scope, body.after)
    after = (UUID(position[0]), UUID(position[1])) if position else None
    page = search(session, actor, sought, after=after, limit=body.limit)
    mark = next_mark(call, scope, [str(part) for part in page.next_after]) if page.next_after else None
    items = [_person(found, actor) for found in page.found]
    headers = rate_headers(SEARCHES.requests, SEARCHES.seconds, page.left)
    return Answered(SearchAnswer(items=items, next=mark, links={"self": PATH}), headers=headers)


def _person(found: Found, actor: Actor) -> FoundPerson:
    case = f"/cases/{found.case_id}"
    return FoundPerson.model_validate(
        {
            "case_id": found.case_id,
            "victim_id": found.victim_id,
            "case_state": found.case_state,
            "fit": found.fit,
            "name": found.name,
            "links": {"case": case, "victim": f"{case}/victims/{found.victim_id}"},
        }
    ).seen_with(standing(actor, {}))
