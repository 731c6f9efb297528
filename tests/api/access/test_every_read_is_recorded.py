"""Who read what, or tried to, is written down before the answer leaves; where it cannot be, nothing is read."""

from collections.abc import Iterator

import pytest

from services.settings import APPLICATION_ROLE
from tests.api.access.world import SECRETS, Matter, Operation, World, operations

LISTS = ("/cases", "/reports", "/inbox", "/approvals")
READERS = ("cab-1", "psb-1", "edu-1", "station-1", "south-justice-1", "auditor", "south-cab-1")


def reads(world: World, north: Matter) -> Iterator[tuple[str, str]]:
    """Every read of restricted data: its name and its address in the northern case."""
    yield from ((path, path) for path in LISTS)
    for operation in operations(world):
        if operation.method == "GET":
            yield operation.name, operation.at(north)


def recorded(world: World, username: str) -> dict[str, list[str]]:
    """The files in the read log by request; a list of several files names none."""
    rows = world.sql(
        "select request_id, file_id from read_log where account_id = cast(:me as uuid)",
        me=world.desk(username).me["account_id"],
    )
    found: dict[str, list[str]] = {}
    for request_id, file_id in rows:
        found.setdefault(str(request_id), []).append(str(file_id))
    return found


@pytest.mark.parametrize("username", READERS)
def test_each_answer_with_restricted_data_leaves_one_row_and_so_does_what_was_not_found(
    world: World, north: Matter, username: str
) -> None:
    before = recorded(world, username)
    expected = {}
    for _, path in reads(world, north):
        answer = world.ask(username, "GET", path)
        if answer.is_success:
            file = north.report_id if path.startswith("/reports/") else north.case_id
            expected[answer.headers["x-request-id"]] = ["None" if path in LISTS else file]
        elif answer.status_code == 404:
            expected[answer.headers["x-request-id"]] = ["None"]
    after = recorded(world, username)
    assert {request: files for request, files in after.items() if request not in before} == expected


def test_a_row_says_who_read_what_for_which_request(world: World, north: Matter) -> None:
    token = world.desk("cab-1").token
    path = f"/cases/{north.case_id}/victims/{north.victim_id}"
    headers = {"Authorization": f"Bearer {token}", "X-Purpose-Of-Use": "case_work"}
    answer = world.client.get(path, headers=headers)
    assert answer.status_code == 200
    (row,) = world.sql(
        "select account_id, unit_id, role, file_id, subject, subject_id, purpose, request_id from read_log"
        " order by read_at desc, id desc limit 1"
    )
    me = world.desk("cab-1").me
    assert [str(value) for value in row[:7]] == [
        me["account_id"], me["unit_id"], "caseworker", north.case_id, "victim", north.victim_id, "case_work",
    ]  # fmt: skip
    assert str(row[7]) == answer.headers["x-request-id"]


@pytest.fixture
def deaf_log(world: World) -> Iterator[None]:
    """The log takes nothing more."""
    world.sql(f"revoke insert on read_log from {APPLICATION_ROLE}")
    yield
    world.sql(f"grant insert on read_log to {APPLICATION_ROLE}")


@pytest.mark.parametrize("username", ["cab-1", "psb-1", "station-1", "auditor"])
def test_what_cannot_be_recorded_is_not_read(
    world: World, north: Matter, deaf_log: None, username: str
) -> None:
    for name, path in reads(world, north):
        answer = world.ask(username, "GET", path)
        assert (name, answer.status_code) in [(name, status) for status in (403, 404, 500, 503)]
        assert not [secret for secret in SECRETS.values() if secret in answer.text]


def test_every_read_of_the_interface_that_names_a_file_is_among_these(world: World, north: Matter) -> None:
    found: list[Operation] = [one for one in operations(world) if one.method == "GET"]
    assert {one.name for one in found} <= {name for name, _ in reads(world, north)}
    assert len(found) > 40
