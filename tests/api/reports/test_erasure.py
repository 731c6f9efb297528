"""An unfounded report is erased six months after the answer, never while somebody objects; a digest and the decision stay."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import select

from domain.clocks import CLOCKS
from services.database import transaction
from services.demo_desk import Json, Refused
from services.records.reports import ReportRow
from services.timeline import check_chain
from tests.api.reports.conftest import Doors


@pytest.fixture
def unfounded(doors: Doors) -> Json:
    """Answered; the receipt lies in it."""
    receipt = doors.report()
    police = doors.desk("psb-1")
    report = doors.unfounded(police.move(doors.newest(), "screen"))
    return {**police.move(report, "answer", {"text": "未发现问题"}), "receipt": receipt}


def sealed(doors: Doors, report: Json) -> tuple[int, int]:
    """How many values of the report are kept, and how many of its keys still open them."""
    values = doors.sql("select 1 from sealed_values where file_id = :id", id=report["id"])
    keys = doors.sql("select 1 from person_keys where file_id = :id and wrapped is not null", id=report["id"])
    return len(values), len(keys)


def test_the_six_months_run_from_the_answer(doors: Doors) -> None:
    report, police = doors.unfounded(doors.screened()), doors.desk("psb-1")
    assert not doors.sql(
        "select 1 from deadlines where file_id = :id and clock = 'report_erasure'", id=report["id"]
    )
    answered = police.move(report, "answer", {"text": "未发现问题"})
    clock = doors.clock(report, "report_erasure")
    assert clock.state == "running"
    assert clock.due_at == CLOCKS["report_erasure"].due(clock.started_at).at
    assert timedelta(days=181) < clock.due_at - clock.started_at < timedelta(days=186)
    assert clock.started_at.isoformat()[:19] == answered["answered_at"][:19]


def test_nothing_readable_stays_and_the_chain_is_whole(doors: Doors, unfounded: Json) -> None:
    assert sealed(doors, unfounded)[1] == 1
    doors.comes_due(unfounded, "report_erasure")
    assert sealed(doors, unfounded) == (0, 0)
    read = doors.desk("psb-1").get(unfounded["links"]["self"])
    assert (read["state"], read["message"], read["reporter"], read["available_actions"]) == (
        "unfounded",
        {},
        {},
        [],
    )
    assert read["erased_at"] is not None
    digest, entries = doors.sql("select erased_digest, seq from reports where id = :id", id=unfounded["id"])[
        0
    ]
    assert len(bytes(digest)) == 32
    assert doors.status(unfounded["receipt"]) == "answered"
    with transaction(doors.worker) as session:
        report = session.execute(select(ReportRow).where(ReportRow.id == unfounded["id"])).scalar_one()
        state = check_chain(session, report)
    assert (state.first_bad, state.entries) == (None, entries)
    last = doors.sql(
        "select convert_from(what, 'UTF8')::json from timeline_entries where chain_id = :id order by seq desc limit 1",
        id=unfounded["id"],
    )[0][0]
    assert (last["action"], last["rule"]) == ("erase", "six_months_after_the_answer")
    assert doors.clock(unfounded, "report_erasure").state == "met"


def test_the_digest_is_over_sealed_bytes_so_that_nobody_can_guess_at_it(
    doors: Doors, unfounded: Json
) -> None:
    kept = doors.sql(
        "select row_id::text, section, revision, person_id::text, sealed from sealed_values where file_id = :id"
        " order by row_id, section, revision",
        id=unfounded["id"],
    )
    digest = hashlib.sha256(b"homeward-erased-v1\x00")
    for *place, value in kept:
        for part in (json.dumps(["sealed_values", *place], separators=(",", ":")).encode(), bytes(value)):
            digest.update(len(part).to_bytes(8, "big") + part)
    doors.comes_due(unfounded, "report_erasure")
    left = doors.sql("select erased_digest from reports where id = :id", id=unfounded["id"])[0][0]
    assert bytes(left) == digest.digest()
    assert len(kept) >= 4


def test_an_erased_report_is_moved_no_more(
    doors: Doors, unfounded: Json, refused: Callable[..., httpx.Response]
) -> None:
    doors.comes_due(unfounded, "report_erasure")
    police, address = doors.desk("psb-1"), unfounded["links"]["self"]
    version = police.get(address)["version"]
    for action, body in (("screen_again", {"reason": "有新情况"}), ("answer", {"text": "好"})):
        answer = refused(police, f"{address}/{action}", body, version)
        assert (answer.status_code, answer.json()["state"]) == (409, "erased")


def test_screened_again_it_is_not_erased(doors: Doors, unfounded: Json) -> None:
    doors.desk("psb-1").move(unfounded, "screen_again", {"reason": "有新情况"})
    assert doors.clock(unfounded, "report_erasure").state == "stopped"


# --- objections ---


def objection(doors: Doors, report: Json, username: str, kind: str) -> Json:
    body = {"kind": kind, "narrative": "请说明理由"}
    return doors.desk(username).post(f"{report['links']['self']}/objections", body)


def close(doors: Doors, report: Json, username: str, row: Json) -> Json:
    address = f"{report['links']['self']}/objections/{row['id']}/close"
    return doors.desk(username).post(address, {"reason": "理由成立"}, version=int(row["version"]))


@pytest.mark.parametrize(
    ("username", "kind"),
    [("corps-psb-1", "review"), ("proc-1", "prosecutor_demand"), ("corps-proc-1", "prosecutor_demand")],
)
def test_while_an_objection_is_open_nothing_is_erased_and_afterwards_it_is(
    doors: Doors, unfounded: Json, username: str, kind: str
) -> None:
    row = objection(doors, unfounded, username, kind)
    read = doors.desk(username).get(unfounded["links"]["self"])
    assert (read["message"], "reporter" in read) == (unfounded["message"], False)
    doors.comes_due(unfounded, "report_erasure")
    assert sealed(doors, unfounded)[0] > 0
    later = doors.clock(unfounded, "report_erasure")
    assert later.state == "running", "it is put off, never given up"
    closed = close(doors, unfounded, username, row)
    assert (closed["closed_at"] is not None, closed["decided"]) == (True, {"reason": "理由成立"})
    with pytest.raises(Refused) as no:
        doors.desk(username).get(unfounded["links"]["self"])
    assert no.value.status == 404
    again = doors.clock(unfounded, "report_erasure")
    answered = datetime.fromisoformat(unfounded["answered_at"])
    assert (again.started_at, again.due_at) == (answered, CLOCKS["report_erasure"].due(answered).at)
    doors.comes_due(unfounded, "report_erasure")
    assert sealed(doors, unfounded) == (0, 0)


def test_a_complaint_is_heard_above_the_unit_that_it_is_about(doors: Doors, unfounded: Json) -> None:
    assert doors.complain(unfounded["receipt"]).status_code == 201
    doors.comes_due(unfounded, "report_erasure")
    assert sealed(doors, unfounded)[0] > 0
    assert doors.newest("corps-psb-1")["id"] == unfounded["id"]
    address = f"{unfounded['links']['self']}/objections"
    heard = doors.desk("corps-psb-1").get(address)["items"][0]
    assert (heard["kind"], heard["opened_by_unit_id"]) == ("complaint", None)
    assert heard["said"] == {"narrative": "没有人来过"}
    told = doors.desk("psb-1").get(address)["items"][0]
    assert told["_redacted"] == ["decided", "said"]
    assert {"decided", "said"} & set(told) == set()
    close(doors, unfounded, "corps-psb-1", heard)
    doors.comes_due(unfounded, "report_erasure")
    assert sealed(doors, unfounded) == (0, 0)
    assert doors.complain(unfounded["receipt"]).status_code == 201


def test_the_unit_that_answers_reads_what_it_must_act_on(doors: Doors, unfounded: Json) -> None:
    row = objection(doors, unfounded, "proc-1", "prosecutor_demand")
    seen = doors.desk("psb-1").get(f"{unfounded['links']['self']}/objections")["items"]
    assert [one["said"] for one in seen if one["id"] == row["id"]] == [{"narrative": "请说明理由"}]


def test_who_neither_works_on_a_report_nor_stands_above_it_objects_to_nothing(
    doors: Doors, unfounded: Json, refused: Callable[..., httpx.Response]
) -> None:
    address, body = f"{unfounded['links']['self']}/objections", {"kind": "review", "narrative": "请复核"}
    for username in ("south-psb-1", "south-proc-1", "cab-1", "women-1", "corps-cab-1"):
        for kind in ("review", "prosecutor_demand"):
            answer = refused(doors.desk(username), address, {**body, "kind": kind})
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not_found"), username
    for username, kind, lead in (
        ("psb-1", "review", "PSB"),
        ("psb-1", "prosecutor_demand", "PROC"),
        ("corps-psb-1", "prosecutor_demand", "PROC"),
        ("proc-1", "review", "PSB"),
    ):
        answer = refused(doors.desk(username), address, {**body, "kind": kind})
        assert (answer.status_code, answer.json()["lead"]) == (403, lead), username
    assert refused(doors.desk("proc-1"), address, {**body, "kind": "complaint"}).status_code == 422


def test_only_the_unit_that_decides_closes_an_objection_once_from_its_version(
    doors: Doors, unfounded: Json, refused: Callable[..., httpx.Response]
) -> None:
    row = objection(doors, unfounded, "proc-1", "prosecutor_demand")
    address, body = f"{unfounded['links']['self']}/objections/{row['id']}/close", {"reason": "好"}
    assert refused(doors.desk("psb-1"), address, body, 1).status_code == 403
    assert refused(doors.desk("corps-psb-1"), address, body, 1).status_code == 404
    assert refused(doors.desk("proc-1"), address, body).status_code == 428
    assert refused(doors.desk("proc-1"), address, body, 9).status_code == 412
    close(doors, unfounded, "proc-1", row)
    assert refused(doors.desk("proc-1"), address, body, 2).status_code == 404


def test_what_another_office_still_holds_of_it_goes_with_it(doors: Doors) -> None:
    """A report that was referred out left a copy with its sender."""
    doors.report()
    police, south = doors.desk("psb-1"), doors.desk("south-psb-1")
    sent = police.move(doors.newest(), "screen")
    sent = police.move(sent, "refer_out", {"unit_id": doors.unit("south-psb-1"), "reason": "属南师市"})
    south.move(sent, "accept_referral")
    onward = south.move(doors.newest("south-psb-1"), "screen")
    onward = doors.unfounded(onward, "south-psb-1", "south-women-1")
    onward = south.move(onward, "answer", {"text": "未发现问题"})
    assert sealed(doors, sent)[0] > 0
    doors.comes_due(onward, "report_erasure")
    assert sealed(doors, onward) == sealed(doors, sent) == (0, 0)
    assert police.get(sent["links"]["self"])["erased_at"] is not None


def test_answered_before_it_was_found_unfounded_the_six_months_run_from_then(doors: Doors) -> None:
    answered = doors.desk("psb-1").move(doors.screened(), "answer", {"text": "正在核实"})
    doors.unfounded(answered)
    assert doors.clock(answered, "report_erasure").state == "running"


def test_of_two_objections_each_is_decided_and_only_then_the_report_may_go(
    doors: Doors, unfounded: Json, refused: Callable[..., httpx.Response]
) -> None:
    doors.complain(unfounded["receipt"])
    review, above = objection(doors, unfounded, "corps-psb-1", "review"), doors.desk("corps-psb-1")
    assert doors.clock(unfounded, "complaint").state == "running"
    running = doors.clock(unfounded, "report_erasure")
    close(doors, unfounded, "corps-psb-1", review)
    address = f"{unfounded['links']['self']}/objections"
    answer = refused(above, f"{address}/{review['id']}/close", {"reason": "再次"}, 2)
    assert (answer.status_code, doors.clock(unfounded, "complaint").state) == (403, "met")
    assert doors.clock(unfounded, "report_erasure").id == running.id, "the other one is still open"
    complaint = next(one for one in above.get(address)["items"] if one["kind"] == "complaint")
    close(doors, unfounded, "corps-psb-1", complaint)
    assert doors.clock(unfounded, "report_erasure").id != running.id
