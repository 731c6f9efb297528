"""Input that looks like something else than it is, or breaks what stores it: always refused, never our failure."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine, text

from api.main import LARGEST_BODY
from api.problems import MEDIA_TYPE
from services.demo_desk import Desk, Json
from tests.api.manners.casework import Case, new_case, officers, report_body
from tests.api.manners.operations import Caller

Staff = Callable[[str], Desk]
HERE: Final = "@here@"
SOMEBODY: Final = "0198c0de-0000-7000-8000-000000000001"
JSON: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Door:
    """An address that takes a body; `fields` holds a body for each kind of field, with `HERE` in the field's place."""

    method: str
    path: str
    headers: dict[str, str]
    fields: dict[str, Json]

    @property
    def valid(self) -> Json:
        body: Json = json.loads(json.dumps(self.fields["text"]).replace(HERE, "示例"))
        return body


@pytest.fixture(scope="module")
def worked_case(module_caller: Caller, staff: Staff) -> Case:
    """A case whose investigation takes records."""
    desk, caller = staff("psb-1"), module_caller
    case = new_case(caller, desk)
    stage = case.stage("investigation", None)
    at = {"stage_id": stage["id"]}
    accepted = caller.done("accept_investigation", desk, officers(desk), version=stage["version"], **at)
    caller.done("begin_investigation", desk, version=accepted["version"], **at)
    return case


def _report(caller: Caller) -> dict[str, Json]:
    whole = report_body(caller)
    return {
        "text": whole | {"message": {"narrative": HERE}},
        "id": whole | {"place_id": HERE},
        "choice": whole | {"kind": HERE},
    }


def _finding(case: Case) -> dict[str, Json]:
    whole = case.caller.document.example("add_investigation_finding") | {"victim_id": case.victims[0]}
    noted = case.caller.document.example("add_investigation_acceptance")
    return {
        "id": whole | {"victim_id": HERE},
        "choice": whole | {"outcome": HERE},
        "moment": whole | {"happened_at": HERE},
        "bool": whole | {"seen_in_private": HERE},
        "text": noted | {"number": HERE},
    }


@pytest.fixture(scope="module")
def doors(module_caller: Caller, worked_case: Case, staff: Staff) -> dict[str, Door]:
    case, police = worked_case, staff("psb-1")
    signed_in = {"Authorization": f"Bearer {police.token}"}
    stage = case.stage("investigation", None)["id"]
    person: dict[str, Json] = {
        "text": {"identity": {"name": HERE}},
        "number": {"identity": {"lowest_age": HERE}},
        "date": {"identity": {"birth_date": HERE}},
        "moment": {"account": {"liberty_at": HERE}},
        "choice": {"identity": {"sex": HERE}},
    }
    victim = f"/cases/{case.id}/victims/{case.victims[0]}"
    records, finding = f"/investigation/{stage}", _finding(case)
    noted = {"text": finding.pop("text")}
    versioned = {**signed_in, "If-Match": '"1"'}
    return {
        "reports": Door("POST", "/reports", signed_in, _report(module_caller)),
        "public": Door("POST", "/public/reports", {}, _report(module_caller)),
        "victim": Door("PATCH", victim, versioned, person),
        "finding": Door("POST", f"{records}/findings", signed_in, finding),
        "acceptance": Door("POST", f"{records}/acceptances", signed_in, noted),
    }


DEEP: Final = "[" * 1000 + "]" * 1000
DEEP_MEMBERS: Final = '{"a":' * 1000 + "1" + "}" * 1000
WRONG_EVERYWHERE: Final = (
    '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"', '"\\u0007"', '"\\uffff"', "NaN", "Infinity", "-Infinity",
    "1e999", "-1e999", "9" * 400, "1" + "0" * 5000, DEEP, DEEP_MEMBERS, "{}", "[]", "null,", "'x'", "0x10", "01", "--1", "",
)  # fmt: skip
WRONG: Final = {
    "text": ("1", "1.5", "true", '""', '"   "', '"\\u200b"', f'"{"x" * 6000}"'),
    "id": (
        '""', f'"{{{SOMEBODY}}}"', f'"urn:uuid:{SOMEBODY}"', f'"{SOMEBODY.replace("-", "")}"', f'"{SOMEBODY} "',
        f'"{SOMEBODY[:-1]}"', f'"{SOMEBODY}0"', "1", "true", "null", f'"{SOMEBODY}\\u0000"', f'"{SOMEBODY[:-1]}１"',
    ),
    "choice": ("1", "true", '""', '"TIP"', '"tip "', '"tip\\u0000"', '["tip"]'),
    "moment": (
        '"2026-03-12T09:30:00"', '"2026-03-12 09:30:00+08:00"', '"2026-03-12"', "1773279000", '"1773279000"',
        "1773279000.5", '"2026-03-12T09:30:00+14:30"', '"2026-03-12T09:30:00+23:59"', '"0001-01-01T00:00:00+14:00"',
        '"9999-12-31T23:59:59-14:00"', '"2026-02-30T09:30:00+08:00"', '"2026-03-12t09:30:00z"', '"20260312T093000Z"',
        '"2026-03-12T25:00:00Z"', '"2026-03-12T09:30:60Z"', '"２026-03-12T09:30:00Z"', "true", '"now"',
    ),
    "date": ('"2026-3-1"', '"20260301"', "20260301", '"2026-02-30"', '"0001-01-01"', '"9999-01-01"', '"2026-03-01T00:00:00Z"'),
    "number": ("true", "false", '"1"', "1.0", "1e1", "-1", "121", "2147483648", "9223372036854775808", "18446744073709551616"),
    "bool": ("0", "1", '"true"', '"yes"', '"on"', "1.0", "null"),
}  # fmt: skip


def _traps() -> Iterator[tuple[str, str, str]]:
    kinds = {
        "reports": ("text", "id", "choice"),
        "public": ("text", "id", "choice"),
        "victim": ("text", "number", "date", "moment", "choice"),
        "finding": ("id", "choice", "moment", "bool"),
        "acceptance": ("text",),
    }
    for name, found in kinds.items():
        for kind in found:
            for written in (*WRONG_EVERYWHERE, *WRONG[kind]):
                yield name, kind, written


def _is_refusal(answer: httpx.Response, *statuses: int) -> bool:
    """A problem of one of these numbers, by default of any from 400 to 499."""
    fits = answer.status_code in statuses if statuses else 400 <= answer.status_code < 500
    return (
        fits
        and answer.headers["Content-Type"] == MEDIA_TYPE
        and answer.json()["status"] == answer.status_code
    )


def _send(caller: Caller, door: Door, content: bytes, **headers: str) -> httpx.Response:
    sent = {**JSON, **door.headers, **headers}
    return caller.client.request(door.method, door.path, content=content, headers=sent)


def test_every_door_opens_to_what_is_right(caller: Caller, doors: dict[str, Door]) -> None:
    """Otherwise the refusals below would prove nothing."""
    for name in ("reports", "public", "victim", "acceptance"):
        door = doors[name]
        answer = _send(caller, door, json.dumps(door.valid).encode())
        assert answer.is_success, (name, answer.text)
        if name == "victim":
            door.headers["If-Match"] = answer.headers["ETag"]


def test_no_field_takes_what_only_looks_right(
    caller: Caller, doors: dict[str, Door], admin_engine: Engine
) -> None:
    before, wrong = _rows(admin_engine), []
    for name, kind, written in _traps():
        door = doors[name]
        content = json.dumps(door.fields[kind]).replace(f'"{HERE}"', written)
        answer = _send(caller, door, content.encode("utf-8", "surrogatepass"))
        if not _is_refusal(answer, 422):
            wrong.append((name, kind, written[:60], answer.status_code))
    assert wrong == []
    assert _rows(admin_engine) == before


def _rows(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return [
            int(connection.execute(text(f"select count(*) from {table}")).scalar_one())  # noqa: S608
            for table in ("reports", "stage_records", "sealed_values", "timeline_entries", "idempotency_keys")
        ]


def _spoiled(valid: Json) -> dict[str, bytes]:
    good = json.dumps(valid, ensure_ascii=False)
    first = next(iter(valid))
    member = json.dumps({first: valid[first]}, ensure_ascii=False)[1:-1]
    return {
        "utf-16": good.encode("utf-16"),
        "utf-16 without a mark": good.encode("utf-16-le"),
        "utf-32": good.encode("utf-32"),
        "byte order mark": b"\xef\xbb\xbf" + good.encode(),
        "gb18030": good.encode("gb18030"),
        "half a character": good.encode()[:-3] + b"\xe4\xbd" + b'"}',
        "raw surrogate": good.replace("示例", "\ud800").encode("utf-8", "surrogatepass"),
        "overlong": good.encode().replace(b"{", b"\xc1\xbb", 1),
        "raw NUL": good.replace("示例", "\x00").encode(),
        "member twice": f"{good[:-1]},{member}}}".encode(),
        "member twice inside": good.replace('{"narrative"', '{"narrative":"a","narrative"').encode(),
        "extra member": f'{good[:-1]},"more":1}}'.encode(),
        "extra deep member": f'{good[:-1]},"more":{DEEP}}}'.encode(),
        "deep": DEEP.encode(),
        "nothing": b"",
        "null": b"null",
        "list": b"[]",
        "text": b'"x"',
        "number": b"1",
        "cut off": good.encode()[:-1],
        "something behind": good.encode() + b"{}",
        "comment": b"/* */" + good.encode(),
        "comma too many": f"{good[:-1]},}}".encode(),
    }


WITHOUT_TARGET: Final = {"victim": {"member twice inside"}, "acceptance": {"member twice inside"}}
"""A trap that has no place in this body."""


@pytest.mark.parametrize("name", ["reports", "public", "victim", "acceptance"])
def test_no_body_is_read_in_two_ways(caller: Caller, doors: dict[str, Door], name: str) -> None:
    door = doors[name]
    sent = {trap: _send(caller, door, content) for trap, content in _spoiled(door.valid).items()}
    taken = [
        (trap, answer.status_code)
        for trap, answer in sent.items()
        if trap not in WITHOUT_TARGET.get(name, ()) and not _is_refusal(answer, 422, 400)
    ]
    assert taken == []


@pytest.mark.parametrize("name", ["reports", "public", "victim", "acceptance"])
@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "",
    ],
)
def test_only_json_is_json(caller: Caller, doors: dict[str, Door], name: str, media_type: str) -> None:
    door = doors[name]
    answer = _send(caller, door, json.dumps(door.valid).encode(), **{"Content-Type": media_type})
    assert _is_refusal(answer, 415, 422)


ODD_PARTS: Final = (
    "%00", f"{SOMEBODY}%00", f"%7B{SOMEBODY}%7D", f"urn:uuid:{SOMEBODY}", SOMEBODY.replace("-", ""), f"{SOMEBODY}%20",
    "%ff", "%ed%a0%80", "%C0%AE%C0%AE", "..%2f..%2fetc", "x" * 9000, "%E4%BD%A0" * 500, "0", "-1", "1e999", "null", "%0a",
    quote("' or 1=1 --"),
)  # fmt: skip
WITH_ID: Final = (
    "/reports/{}", "/cases/{}", "/cases/{}/stages", "/cases/{}/victims", "/cases/{}/timeline", f"/cases/{SOMEBODY}/victims/{{}}",
    "/shelter/{}", "/shelter/{}/records", "/approvals/{}", "/receipts/{}", "/problems/{}",
)  # fmt: skip


def test_no_part_of_an_address_breaks_anything(caller: Caller, staff: Staff) -> None:
    headers = {"Authorization": f"Bearer {staff('psb-1').token}", "Receipt-Secret": "x"}
    answers = {
        (address, part[:40]): caller.client.get(address.format(part), headers=headers)
        for address, part in product(WITH_ID, ODD_PARTS)
    }
    assert [
        (which, answer.status_code)
        for which, answer in answers.items()
        if not _is_refusal(answer, 404, 422, 429)
    ] == []


ODD_QUERIES: Final = (
    "/cases?state=%00", "/cases?state=open%00", "/cases?stage=%00", "/cases?unit_id=%00", f"/cases?unit_id=%7B{SOMEBODY}%7D",
    "/cases?due_before=2026-03-12T09:30:00", "/cases?due_before=1773279000", "/cases?due_before=%00",
    "/cases?due_before=0001-01-01T00:00:00%2B14:00", "/cases?due_before=9999-12-31T00:00:00-14:00", "/reports?state=%00",
    "/inbox?tray=%00", "/inbox?tray=ALL", "/units?agency=%00", "/units?agency=psb", "/units?place_id=1", "/units?place_id=%ff",
    "/accounts?unit_id=%00", "/places?parent_id=%00", "/places?parent_id=%ed%a0%80",
)  # fmt: skip
ODD_LIMITS: Final = (
    "0", "-1", "101", "1e2", "1.5", "true", "", "%00", "0x10", "1_0", "9" * 30, "9223372036854775808", "NaN", "%EF%BC%95",
    "10%00", "+5", "%205",
)  # fmt: skip
ODD_MARKS: Final = (
    "",
    "%00",
    "x",
    "AAAA",
    "=" * 20,
    "%ff",
    "A" * 500,
    "A" * 501,
    "%F0%9F%98%80",
    "!!!!",
    "WyIxIl0=",
)
LISTS: Final = ("/cases", "/reports", "/inbox", "/units", "/accounts")


def test_no_query_breaks_anything(caller: Caller, staff: Staff, worked_case: Case) -> None:
    headers = {"Authorization": f"Bearer {staff('psb-1').token}"}
    lists = (*LISTS, f"/cases/{worked_case.id}/timeline")
    queries = (
        *ODD_QUERIES,
        *(f"{path}?limit={limit}" for path, limit in product(lists, ODD_LIMITS)),
        *(f"{path}?after={mark}" for path, mark in product(lists, ODD_MARKS)),
    )
    answers = {query: caller.client.get(query, headers=headers) for query in queries}
    taken = [
        (query[:80], answer.status_code) for query, answer in answers.items() if not _is_refusal(answer, 422)
    ]
    assert taken == []


ODD_VERSIONS: Final = (
    "1",
    "*",
    'W/"1"',
    '"0"',
    '"-1"',
    '"01"',
    '"1", "2"',
    '"1"x',
    '""',
    '"1.0"',
    '"1e1"',
    '"9999999999999999999"',
    '"x"',
    "",
)
ODD_KEYS: Final = ("short", "x" * 256, "with a blank in it", "tab\tinside-it", "schlüssel-schlüssel", "")
ODD_PURPOSES: Final = ("Care", "x" * 61, "a b", "zweck-ä", "")
ODD_HEADERS: Final = (
    *(("If-Match", value) for value in ODD_VERSIONS),
    *(("Idempotency-Key", value) for value in ODD_KEYS),
    *(("X-Purpose-Of-Use", value) for value in ODD_PURPOSES),
)


@pytest.mark.parametrize(("name", "value"), ODD_HEADERS)
def test_no_header_breaks_anything(caller: Caller, doors: dict[str, Door], name: str, value: str) -> None:
    door = doors["victim"]
    sent = {name.encode(): value.encode("latin-1") for name, value in {**door.headers, name: value}.items()}
    answer = caller.client.request(door.method, door.path, json=door.valid, headers=sent)
    assert _is_refusal(answer, 422)


@pytest.mark.parametrize(
    "value",
    [
        "Bearer",
        "Bearer ",
        "Basic eDp5",
        "Bearer x.y.z",
        "Bearer ü",
        "Bearer " + "x" * 9000,
        "bearer\tx",
        "Bearer a b",
    ],
)
def test_no_token_breaks_anything(caller: Caller, value: str) -> None:
    answer = caller.client.get("/me", headers={b"Authorization": value.encode("latin-1")})
    assert _is_refusal(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def _padded(body: Json, size: int) -> bytes:
    """The same JSON, blown up with blanks that mean nothing."""
    content = json.dumps(body).encode()
    return content[:-1] + b" " * (size - len(content)) + b"}"


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 50_000):
        yield content[start : start + 50_000]


@pytest.mark.parametrize("in_pieces", [False, True])
@pytest.mark.parametrize(("more", "status"), [(0, 201), (1, 413), (100_000, 413)])
def test_a_body_of_256_kib_is_taken_and_one_byte_more_is_not(
    served: httpx.Client, doors: dict[str, Door], *, in_pieces: bool, more: int, status: int
) -> None:
    door = doors["reports"]
    content = _padded(door.valid, LARGEST_BODY + more)
    key = {"Idempotency-Key": str(uuid4())}
    sent = _pieces(content) if in_pieces else content
    answer = served.post(door.path, content=sent, headers={**JSON, **door.headers, **key})
    assert answer.status_code == status
    assert ("transfer-encoding" in answer.request.headers) is in_pieces
    if status == 413:
        assert _is_refusal(answer, 413)
        assert "X-Request-Id" in answer.headers
