"""A timeline taken away: the same items as on the screen, in three forms, written down before the first byte."""

import asyncio
import csv
import gc
import io
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import httpx
import pypdfium2
import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.calls import House
from api.main import application
from api.timeline_exports import fonts, items
from api.timeline_exports.lines import BYTE_ORDER_MARK, COLUMNS, defused
from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.demo_world import PASSWORD
from services.timeline_pages import items_after

FOUND: Final = {"narrative": "车站门口有一个男孩独自乞讨", "whereabouts": "汽车站北出口"}
UNSAFE: Final = ["safe_place_tonight", "identity_known"]


@pytest.fixture(scope="module")
def journey(module_play: Stage) -> Journey:
    receipt = first.report(module_play, "tip", ["child_alone"], FOUND)
    journey = first.police_take_it_up(module_play, receipt, [])
    first.learn(journey, identity={"lowest_age": 12, "sex": "male"}, situation=dict.fromkeys(UNSAFE, "no"))
    first.investigate(module_play, journey, "rescue_needed", on=0, seen_in_private=False)
    first.rescue(module_play, journey, on=1)
    first.hand_to_civil_affairs(module_play, journey)
    first.begin_guardianship(module_play, journey, on=1)
    first.shelter_at_the_station(module_play, journey, ["child_bed"], on=1)
    return journey


@pytest.fixture(scope="module")
def auditor(module_play: Stage) -> Desk:
    desk = module_play.desk("auditor")
    desk.confirm()
    return desk


def export(desk: Desk, journey: Journey, form: str, /, language: str = "en", **asked: str) -> httpx.Response:
    return desk.client.get(
        f"{journey.address}/timeline/export",
        params={"format": form, **asked},
        headers={"Authorization": f"Bearer {desk.token}", "Accept-Language": language},
    )


def lines(answer: httpx.Response) -> list[Json]:
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


def session_of(desk: Desk) -> str:
    """Which of the account's sessions the desk sits in: the newest."""
    return str(desk.get("/me/sessions")["items"][0]["id"])


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_every_form_holds_every_item_of_the_timeline(journey: Journey, auditor: Desk) -> None:
    found = lines(export(auditor, journey, "jsonl"))
    entries = [line for line in found if line["seq"] is not None]
    check = auditor.get(f"{journey.address}/timeline/check")
    assert [line["seq"] for line in entries] == [*range(1, check["entries"] + 1)]
    assert {line["kind"] for line in found} >= {"change", "read", "routing", "file"}
    sheet = rows(export(auditor, journey, "csv"))
    assert [row["digest"] for row in sheet if row["seq"]] == [line["digest"] for line in entries]
    assert tuple(sheet[0]) == COLUMNS


def test_the_items_are_in_the_order_in_which_they_were_learned(journey: Journey, auditor: Desk) -> None:
    found = lines(export(auditor, journey, "jsonl"))
    assert [line["recorded_at"] for line in found] == sorted(line["recorded_at"] for line in found)
    reads = [line for line in found if line["kind"] == "read"]
    assert {"account_id", "session_id"} & {name for line in reads for name in line["who"]} == set()
    assert {line["who"]["role"] for line in reads} >= {"caseworker"}


def test_what_happened_long_before_it_was_recorded_is_late(journey: Journey, auditor: Desk) -> None:
    found = lines(export(auditor, journey, "jsonl"))
    late = {line["what"]["action"] for line in found if line["late"]}
    assert late == {"record"}
    assert all(line["happened_at"] < line["recorded_at"] for line in found if line["late"])


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_an_export_that_broke_off_goes_on_behind_its_last_whole_line(
    journey: Journey, auditor: Desk, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "AT_A_TIME", 7)  # the case is small: many batches
    whole = export(auditor, journey, form)
    begun = whole.content.split(b"\r\n" if form == "csv" else b"\n")[:20]
    last = begun[-1].decode()
    mark = next(csv.reader([last]))[-1] if form == "csv" else json.loads(last)["mark"]
    rest = export(auditor, journey, form, after=mark)
    newline = b"\r\n" if form == "csv" else b"\n"
    assert newline.join(begun) + newline + rest.content == whole.content


def test_an_export_is_in_the_log_of_reads_before_its_first_byte_leaves(
    journey: Journey, auditor: Desk, admin: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> Iterator[list[bytes]]:
        raise ConnectionError

    monkeypatch.setattr("api.timeline_exports.lines.batches", broken)
    written = text("select count(*) from read_log where file_id = :id and subject = 'timeline_jsonl'")
    with admin.connect() as connection:
        before = connection.execute(written, {"id": journey.case["id"]}).scalar_one()
        assert export(auditor, journey, "jsonl").content == b""
        assert connection.execute(written, {"id": journey.case["id"]}).scalar_one() == before + 1


def test_an_export_needs_a_fresh_proof_and_a_role_that_answers_for_it(
    journey: Journey, module_play: Stage, client: TestClient, admin: Engine
) -> None:
    unproven = Desk.of(client, "auditor", PASSWORD)
    forgotten = text("update sessions set confirmed_at = null where id = :id")
    with admin.begin() as connection:
        connection.execute(forgotten, {"id": session_of(unproven)})
    for form in ("jsonl", "csv", "pdf"):
        assert problem(export(unproven, journey, form)) == (403, "/problems/confirmation_needed")
        assert problem(export(module_play.desk("cab-1"), journey, form)) == (
            403,
            "/problems/role_not_allowed",
        )


def test_a_right_that_ends_on_the_way_breaks_the_export_off(
    journey: Journey, client: TestClient, admin: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaver = Desk.of(client, "auditor", PASSWORD)
    leaver.confirm()
    monkeypatch.setattr(items, "AT_A_TIME", 5)
    read = items_after

    def signed_out_meanwhile(*asked: Any) -> Any:
        found = read(*asked)
        ended = "update sessions set revoked_at = now() where id = :id"
        with admin.begin() as connection:
            connection.execute(text(ended), {"id": asked[1].actor.session_id})
        return found

    monkeypatch.setattr(items, "items_after", signed_out_meanwhile)
    # the answer is never ended as it should be: a server cuts the connection
    assert len(lines(export(leaver, journey, "jsonl"))) == 5


# --- spreadsheets ---


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_a_formula(sign: str) -> None:
    assert defused(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"
    assert defused(f"a{sign}b") == f"a{sign}b"


def test_spreadsheets_are_told_that_it_is_utf_8(journey: Journey, auditor: Desk) -> None:
    sheet = export(auditor, journey, "csv", "zh-CN")
    assert sheet.content.startswith(BYTE_ORDER_MARK)
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert {"立卷", "分派"} <= {row["step"] for row in rows(sheet)}


# --- paper ---

SAID: Final = {
    "en": ("Timeline of a case", "Made for", "auditor ·", "none published yet", "Page 1 of {}", "recorded late"),
    "zh-CN": ("案件时间线", "生成给", "审计员", "尚未发布", "第 1 页，共", "{} 页", "补记"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_court_can_read_every_page(journey: Journey, auditor: Desk, language: str) -> None:
    document = pypdfium2.PdfDocument(export(auditor, journey, "pdf", language).content)
    pages = [words_of(page) for page in document]
    assert len(pages) > 3
    assert all(ink_on(page) for page in document)
    whole = "".join(pages)
    for said in SAID[language]:
        assert squeezed(said.format(len(pages))) in whole, said
    check = auditor.get(f"{journey.address}/timeline/check")
    assert check["head"] in whole
    assert all(journey.case["number"] in page for page in pages)
    document.close()


def words_of(page: pypdfium2.PdfPage) -> str:
    return squeezed(page.get_textpage().get_text_range())


def squeezed(said: str) -> str:
    return "".join(said.split())


def ink_on(page: pypdfium2.PdfPage) -> bool:
    """Dark points in the upper part, where the items are, and in the line at the foot."""
    picture = page.render(scale=1.5).to_pil().convert("L")
    width, height = picture.size
    parts = (picture.crop((0, 0, width, height // 2)), picture.crop((0, height * 9 // 10, width, height)))
    return all(part.getextrema()[0] < 150 for part in parts)


def test_without_a_font_the_refusal_says_what_to_install(
    journey: Journey, auditor: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_named: object) -> Iterator[object]:
        return iter(())

    monkeypatch.setattr(fonts, "_candidates", gone)
    answer = export(auditor, journey, "pdf")
    assert problem(answer) == (501, "/problems/font_missing")
    assert "fonts-wqy-microhei" in answer.json()["detail"]


def test_a_pdf_is_made_whole(journey: Journey, auditor: Desk) -> None:
    mark = lines(export(auditor, journey, "jsonl"))[0]["mark"]
    assert export(auditor, journey, "pdf", after=mark).json()["errors"][0]["rule"] == "not_for_pdf"


# --- a long case ---


def lengthen(admin: Engine, case_id: str, wanted: int) -> None:
    """Copy the case's own entries behind its head until it has so many; nobody checks this chain."""
    copied = """insert into timeline_entries (chain_id, seq, chain, entry_id, recorded_at, stage_id, body, digest,
        what, what_salt, who, who_salt, "values", values_salt)
        select t.chain_id, n, t.chain, gen_random_uuid(), now(), t.stage_id, t.body, t.digest,
        t.what, t.what_salt, t.who, t.who_salt, t."values", t.values_salt
        from cases c cross join generate_series((select max(seq) + 1 from timeline_entries where chain_id = c.id), :wanted) n
        join timeline_entries t on t.chain_id = c.id and t.seq = 1 + n % 40 where c.id = :id"""
    with admin.begin() as connection:
        connection.execute(text(copied), {"id": case_id, "wanted": wanted})


@dataclass(slots=True)
class Growth:
    """The resident memory of this process while something runs, looked at by another thread."""

    most: int = 0
    ends: Event = field(default_factory=Event)

    def watch(self) -> None:
        while not self.ends.wait(0.02):
            self.most = max(self.most, self.now())

    @staticmethod
    def now() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def poured(house: House, path: str, token: str) -> tuple[int, float]:
    """Take an export from the application as a server does, keeping nothing; its length, and by how many MB memory grew."""
    length = 0

    async def receive() -> dict[str, object]:
        await asyncio.sleep(0 if not length else 3600)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal length
        length += len(message.get("body", b""))

    where, _, query = path.partition("?")
    scope = {
        "type": "http", "method": "GET", "path": where, "query_string": query.encode(), "http_version": "1.1",
        "headers": [(b"authorization", f"Bearer {token}".encode())], "client": ("testclient", 1), "scheme": "http",
        "server": ("testserver", 80), "root_path": "", "raw_path": where.encode(), "asgi": {"version": "3.0"},
    }  # fmt: skip
    gc.collect()
    growth, before = Growth(), Growth.now()
    watcher = Thread(target=growth.watch)
    watcher.start()
    asyncio.run(application(house)(scope, receive, send))
    growth.ends.set()
    watcher.join()
    return length, (growth.most - before) / 2**20


@pytest.mark.parametrize("size", [500, pytest.param(10_000, marks=pytest.mark.drill)])
def test_a_long_case_leaves_in_constant_memory(
    journey: Journey, auditor: Desk, house: House, admin: Engine, size: int
) -> None:
    auditor.confirm()
    lengthen(admin, journey.case["id"], size)
    for form in ("jsonl", "csv", "pdf"):
        begun = time.monotonic()
        path = f"{journey.address}/timeline/export?format={form}"
        length, grown = poured(house, path, auditor.token)
        took = time.monotonic() - begun
        sys.stdout.write(f"{size} {form}: {length / 2**20:.1f} MB, +{grown:.1f} MB, {took:.1f} s\n")
        assert length > size * (100 if form == "pdf" else 400)
        assert grown < 64
