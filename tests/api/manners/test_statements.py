"""How often operations ask the database, bounded by kind; and that it does not depend on how much is there."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import Engine

from api.calls import House
from services.demo_desk import Desk
from services.demo_journeys import (
    YEAR_AND_MORE,
    Stage,
    boy_found_begging,
    girl_who_wants_to_train,
    woman_forced_into_marriage,
)
from services.demo_world import PASSWORD
from tests.api.contract import operation_at
from tests.api.manners.casework import Case, new_case, officers
from tests.api.manners.operations import Caller, Document, statements_of
from tests.api.manners.walk import Walk, in_a_month
from tests.api.manners.walk_on import walk_reads

# Every call of somebody who is signed in begins with one statement: session, account, row-level context. A case is
# read in four (case, stages, agreements, people), a stage's records in one more. A move writes entry, case, stage and
# clocks; a record besides may open stages, each of which is planned, routed and waited for.
MOST: Final = {"read": 11, "move": 24, "record": 27, "report": 40}
"""The most statements that an operation of each kind may take on a person's whole way home."""
KEY: Final = 2
"""What an Idempotency-Key adds: the claim, and the answer kept."""


def kind_of(name: str, method: str) -> str:
    if method == "GET":
        return "read"
    if name.startswith("add_"):
        return "record"
    return "report" if "report" in name or name in ("reopen_case", "add_victim", "change_victim") else "move"


class CountingClient(httpx.Client):
    """Another client on the same application, which notes how many statements each answer took."""

    def __init__(self, client: httpx.Client, engine: Engine) -> None:
        super().__init__(base_url="http://testserver")
        self.inner, self.engine = client, engine
        self.counts: dict[str, set[int]] = {}

    def request(self, method: str, url: httpx.URL | str, **asked: Any) -> httpx.Response:
        with statements_of(self.engine) as seen:
            response = self.inner.request(method, url, **asked)
        if response.is_success:
            name = operation_at(method, str(url).partition("?")[0])
            self.counts.setdefault(name, set()).add(len(seen))
        return response


@pytest.fixture
def walk(house: House, caller: Caller, staff: Callable[[str], Desk]) -> Walk:
    return Walk(caller, house.engine, staff)


def test_no_operation_on_somebodys_way_home_asks_the_database_more_often_than_its_kind_may(
    house: House, client: httpx.Client, document: Document
) -> None:
    counting = CountingClient(client, house.engine)
    play = Stage(counting, PASSWORD, datetime.now(UTC) - YEAR_AND_MORE, lambda _line: None, {})
    boy_found_begging(play)
    girl_who_wants_to_train(play)
    woman_forced_into_marriage(play)
    _print({name: sorted(counts) for name, counts in counting.counts.items()})
    over = {
        name: max(counts)
        for name, counts in counting.counts.items()
        if max(counts) > MOST[kind_of(name, document.operations[name][0])]
    }
    assert over == {}
    assert len(counting.counts) > 80


def _print(seen: dict[str, list[int]]) -> None:
    for name, counts in sorted(seen.items(), key=lambda row: (row[1], row[0])):
        sys.stdout.write(f"{'/'.join(map(str, counts)):>12}  {name}\n")


def test_reading_and_changing_a_case_costs_the_same_whether_it_is_small_or_large(walk: Walk) -> None:
    small, large = _filled_case(walk, people=1, records=1), _filled_case(walk, people=5, records=50)
    assert len(walk.caller.done("list_case_stages", large.owner, case_id=large.id)["items"]) >= 10
    counts = []
    for case in (small, large):
        once = Walk(walk.caller, walk.engine, walk.staff)
        walk_reads(once, case)
        _change(once, case)
        counts.append(once.counts)
    assert counts[0] == counts[1]
    assert all(len(numbers) == 1 for numbers in counts[0].values())


def _filled_case(walk: Walk, *, people: int, records: int) -> Case:
    police, done = walk.staff("psb-1"), walk.caller.done
    case = new_case(walk.caller, police, people)
    for victim_id in case.victims[1:]:
        case.plan("rescue", victim_id)
    stage = case.stage("investigation", None)
    at = {"stage_id": stage["id"]}
    accepted = done("accept_investigation", police, officers(police), version=stage["version"], **at)
    done("begin_investigation", police, version=accepted["version"], **at)
    body = walk.caller.document.example("add_investigation_acceptance")
    for _ in range(records):
        done("add_investigation_acceptance", police, body, **at)
    return case


def _change(walk: Walk, case: Case) -> None:
    done, at = walk.caller.done, {"stage_id": case.stage("investigation", None)["id"]}
    walk.count(
        "add_investigation_acceptance",
        case.owner,
        walk.caller.document.example("add_investigation_acceptance"),
        **at,
    )
    version = done("read_investigation", case.owner, **at)["version"]
    later = {"reason": "等待结果", "review_at": in_a_month()}
    held = walk.count("hold_investigation", case.owner, later, version=version, **at)
    walk.count("resume_investigation", case.owner, version=held["version"], **at)
    person = {"case_id": case.id, "victim_id": case.victims[-1]}
    named = {"identity": {"name": "某人"}}
    walk.count("change_victim", case.owner, named, version=1, **person)


@pytest.mark.parametrize(
    "operation_id",
    ["list_cases", "list_reports", "read_inbox", "list_units", "list_accounts", "list_approvals"],
)
def test_a_page_of_a_hundred_costs_as_much_as_a_page_of_one(walk: Walk, operation_id: str) -> None:
    desk = walk.staff("psb-1")
    for _ in range(3):
        new_case(walk.caller, desk)
    counts = []
    for limit in (1, 100):
        with statements_of(walk.engine) as seen:
            walk.caller.done(operation_id, desk, query={"limit": limit})
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_key_adds_the_claim_and_the_kept_answer(walk: Walk) -> None:
    desk, counts = walk.staff("psb-1"), []
    for key in (None, "begin-this-once"):
        stage = new_case(walk.caller, desk).stage("investigation", None)
        at = {"stage_id": stage["id"]}
        accepted = walk.caller.done(
            "accept_investigation", desk, officers(desk), version=stage["version"], **at
        )
        with statements_of(walk.engine) as seen:
            walk.caller.done("begin_investigation", desk, version=accepted["version"], key=key, **at)
        counts.append(len(seen))
    without_key, with_key = counts
    assert with_key == without_key + KEY
