"""Lists come in pages that neither repeat nor skip while rows are added; a mark is good for its own list only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import httpx
import pytest

from services.demo_desk import Desk, Json
from tests.api.manners.casework import Case, farm, new_case, screened_report
from tests.api.manners.operations import Caller

Staff = Callable[[str], Desk]
ROWS: Final = 5
LISTS: Final = ("cases", "reports", "inbox", "units", "accounts", "timeline", "approvals")


@dataclass(frozen=True, slots=True)
class List:
    """One list: who reads it at which address, what tells its rows apart, and how one more row comes into it."""

    desk: Desk
    path: str
    row_id: str
    add: Callable[[], object]


def _get(caller: Caller, desk: Desk, address: str) -> httpx.Response:
    return caller.client.get(address, headers={"Authorization": f"Bearer {desk.token}"})


def _new_unit(caller: Caller, admin: Desk) -> Json:
    named = {"name_zh": "新增单位", "name_en": "Another unit", "place_id": farm(caller)}
    return caller.done("add_unit", admin, {"agency": "YOUTH", "institution": None, **named})


def _new_account(caller: Caller, admin: Desk, unit_id: str) -> Json:
    body = {"username": f"p-{uuid4().hex[:12]}", "password": "a long enough sentence", "unit_id": unit_id}
    return caller.done("add_account", admin, body | {"role": "caseworker"})


def _ask_approval(caller: Caller, police: Desk, approver: Desk) -> Json:
    case = new_case(caller, police)
    ask = {
        "action": "close",
        "subject_id": case.id,
        "approver_unit_id": approver.me["unit_id"],
        "reason": "已核实",
    }
    return caller.done("ask_case_approval", police, ask, case_id=case.id)


@pytest.fixture(scope="module")
def lists(module_caller: Caller, staff: Staff) -> dict[str, List]:
    caller = module_caller
    police, admin, women = staff("psb-1"), staff("admin"), staff("women-1")
    case, unit_id = new_case(caller, police), _new_unit(caller, admin)["id"]
    accounts, timeline = f"/accounts?unit_id={unit_id}", f"/cases/{case.id}/timeline"
    people, place = {"case_id": case.id}, farm(caller)
    return {
        "cases": List(police, "/cases", "id", lambda: new_case(caller, police)),
        "reports": List(police, "/reports", "id", lambda: screened_report(caller, police)),
        "inbox": List(police, "/inbox", "id", lambda: new_case(caller, police)),
        "units": List(police, f"/units?place_id={place}", "id", lambda: _new_unit(caller, admin)),
        "accounts": List(admin, accounts, "id", lambda: _new_account(caller, admin, unit_id)),
        "approvals": List(women, "/approvals", "id", lambda: _ask_approval(caller, police, women)),
        "timeline": List(police, timeline, "seq", lambda: caller.done("add_victim", police, {}, **people)),
    }


def _with(path: str, **query: object) -> str:
    return path + "".join(
        f"{'&' if '?' in path or n else '?'}{k}={v}" for n, (k, v) in enumerate(query.items())
    )


def _pages(caller: Caller, wanted: List, limit: int) -> Iterator[Json]:
    address: str | None = _with(wanted.path, limit=limit)
    while address is not None:
        answer = _get(caller, wanted.desk, address)
        assert answer.status_code == 200, answer.text
        page: Json = answer.json()
        assert len(page["items"]) <= limit
        address = page["links"].get("next")
        assert answer.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
        yield page


def _rows(wanted: List, page: Json) -> list[str]:
    return [str(row[wanted.row_id]) for row in page["items"]]


@pytest.mark.parametrize("name", LISTS)
def test_pages_neither_repeat_nor_skip_while_rows_are_added(
    caller: Caller, lists: dict[str, List], name: str
) -> None:
    wanted = lists[name]
    for _ in range(ROWS):
        wanted.add()
    whole = [row for page in _pages(caller, wanted, 100) for row in _rows(wanted, page)]
    seen: list[str] = []
    for number, page in enumerate(_pages(caller, wanted, min(100, max(2, len(whole) // 4)))):
        seen += _rows(wanted, page)
        if number < 3:
            wanted.add()
    assert len(seen) == len(set(seen))
    assert [row for row in seen if row in set(whole)] == whole
    assert len(whole) >= ROWS


def _mark(caller: Caller, wanted: List) -> str:
    for _ in range(2):
        wanted.add()
    page = next(_pages(caller, wanted, 1))
    return str(httpx.URL(page["links"]["next"]).params["after"])


def _altered(mark: str) -> Iterator[str]:
    for place in range(0, len(mark), max(1, len(mark) // 8)):
        other = "A" if mark[place] != "A" else "B"
        yield mark[:place] + other + mark[place + 1 :]
    yield from (
        mark[:-4],
        mark[4:],
        mark + "AAAA",
        mark + "!!!!",
        mark[:5] + "~" + mark[5:],
        mark.swapcase(),
        mark * 2,
    )


@pytest.mark.parametrize("name", LISTS)
def test_an_altered_mark_is_refused(caller: Caller, lists: dict[str, List], name: str) -> None:
    wanted = lists[name]
    mark = _mark(caller, wanted)
    assert _get(caller, wanted.desk, _with(wanted.path, after=mark)).status_code == 200
    for altered in _altered(mark):
        answer = _get(caller, wanted.desk, _with(wanted.path, after=altered))
        assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "cursor"), altered


def test_a_mark_is_good_for_its_own_list_only(caller: Caller, lists: dict[str, List]) -> None:
    marks = {name: _mark(caller, wanted) for name, wanted in lists.items()}
    for name, wanted in lists.items():
        for other, mark in marks.items():
            status = _get(caller, wanted.desk, _with(wanted.path, after=mark)).status_code
            assert status == (200 if name == other else 422), (name, other)


def test_a_mark_is_good_for_its_filters_its_unit_and_its_case_only(
    caller: Caller, staff: Staff, lists: dict[str, List]
) -> None:
    marks = {name: _mark(caller, lists[name]) for name in ("cases", "timeline", "units")}
    police, south = staff("psb-1"), staff("south-psb-1")
    other_case: Case = new_case(caller, police)
    for desk, address in (
        (police, f"/cases?state=open&after={marks['cases']}"),
        (south, f"/cases?after={marks['cases']}"),
        (police, f"/cases/{other_case.id}/timeline?after={marks['timeline']}"),
        (police, f"/units?agency=PSB&after={marks['units']}"),
    ):
        assert _get(caller, desk, address).status_code == 422, address


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(("limit", "status"), [(0, 422), (1, 200), (100, 200), (101, 422)])
def test_a_page_holds_one_to_a_hundred_rows(
    caller: Caller, lists: dict[str, List], name: str, limit: int, status: int
) -> None:
    wanted = lists[name]
    assert _get(caller, wanted.desk, _with(wanted.path, limit=limit)).status_code == status


@pytest.mark.parametrize("path", ["/cases", "/reports", "/inbox", "/units?agency=OFFICE&place_id={}"])
def test_an_empty_list_is_a_list(caller: Caller, staff: Staff, path: str) -> None:
    answer = _get(caller, staff("south-health-1"), path.format(farm(caller)))
    assert (answer.status_code, answer.json()["items"], "Link" in answer.headers) == (200, [], False)
