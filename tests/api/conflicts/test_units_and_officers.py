"""A unit or an officer in question: what goes up and what stays as it was, who confirms and clears, what a reporter may say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from api.calls import House
from services.clockwork import DueFile, raise_due
from services.database import engine_for
from services.demo_desk import Desk, Json, Refused
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import Journey, Stage
from services.settings import Settings
from tests.api.conflicts.conftest import clock_of, refused

MESSAGE = {"narrative": "有个孩子被人带走了", "whereabouts": "汽车站"}
SITUATION = {"safe_place_tonight": "no", "injured_or_ill": "yes", "apart_from_family": "yes"}


@pytest.fixture
def journey(play: Stage) -> Journey:
    """A boy of twelve whose case lies with civil affairs; the police hold the tracing, the hospital bureau the care."""
    receipt = first.report(play, "tip", ["child_alone"], MESSAGE)
    found = first.police_take_it_up(play, receipt, [])
    first.learn(found, identity={"lowest_age": 12, "sex": "male"}, situation=SITUATION)
    first.hand_to_civil_affairs(play, found)
    return found


def doubt(play: Stage, journey: Journey, by: str, unit: Desk) -> Json:
    body = {"unit_id": play.unit(unit), "reason": "该单位有人与案件有牵连"}
    return play.desk(by).post(f"{journey.address}/unit_conflicts", body)


def test_work_under_way_goes_up_as_it_stands_and_waits_for_officers(journey: Journey, play: Stage) -> None:
    health, above = play.desk("health-1"), play.desk("corps-health-1")
    care = journey.stage("medical_care")
    health.accept(care)
    health.move(care, "begin")
    review_at = (datetime.now(UTC) + timedelta(days=60)).isoformat()
    held = health.move(care, "hold", {"reason": "等待床位", "review_at": review_at})
    doubt(play, journey, "cab-1", health)
    moved = above.get(care["links"]["self"])
    assert (moved["state"], moved["unit_id"]) == ("on_hold", play.unit(above))
    assert (moved["officer_id"], moved["deputy_id"], moved["due"]["clock"]) == (None, None, "name_officers")
    named = above.accept(care, "name_officers")
    assert named["due"]["clock"] == "hold_review"
    assert datetime.fromisoformat(named["due"]["at"]) == datetime.fromisoformat(held["due"]["at"])


def test_a_house_is_followed_by_the_bureau_of_its_own_place(journey: Journey, play: Stage) -> None:
    first.shelter_at_the_station(play, journey, ["child_bed"], on=1)
    station = play.desk("station-1")
    doubt(play, journey, "psb-1", station)
    moved = play.desk("cab-1").get(journey.stage("shelter")["links"]["self"])
    assert (moved["state"], moved["unit_id"]) == ("active", play.unit(play.desk("cab-1")))


def test_what_was_asked_of_it_or_by_it_counts_no_more(journey: Journey, play: Stage) -> None:
    women, health = play.desk("women-1"), play.desk("health-1")
    wanted = {
        "action": "close",
        "subject_id": journey.case["id"],
        "approver_unit_id": play.unit(women),
        "reason": "已办结",
    }
    asked = journey.owner.post(f"{journey.address}/approvals", wanted)
    consent = {"purpose": "medical_care", "what": "检查", "language": "zh"}
    consent = health.post(f"{journey.person}/consents", consent)
    doubt(play, journey, "psb-1", women)
    doubt(play, journey, "psb-1", health)
    status, _problem = refused(women, f"/approvals/{asked['id']}/approve")
    assert status == 404
    assert journey.owner.get(f"/approvals/{asked['id']}")["state"] == "refused"
    consents = play.desk("cab-1").get(f"{journey.person}/consents")["items"]
    assert [one["unit_id"] for one in consents] == [play.unit(play.desk("corps-health-1"))]
    assert journey.case["id"] not in str(health.get("/cases"))
    assert consent["unit_id"] == play.unit(health)


def test_one_confirms_and_only_both_clear_and_the_work_stays_where_it_is(
    journey: Journey, play: Stage, house: House
) -> None:
    health, above, prosecutor = play.desk("health-1"), play.desk("corps-health-1"), play.desk("proc-1")
    conflict = doubt(play, journey, "cab-1", health)
    address = conflict["links"]["self"]
    assert clock_of(house, conflict) == (timedelta(hours=72), "running")
    assert refused(health, f"{address}/confirm")[0] == 404
    status, problem = refused(play.desk("cab-1"), f"{address}/confirm")
    assert (status, problem["articles"]) == (403, [20, 26])
    assert problem["possible"][0]["by"] == ["level_above", "prosecutor"]
    assert refused(prosecutor, f"{address}/confirm", version=None)[0] == 428
    assert refused(prosecutor, f"{address}/confirm", version=7)[0] == 412

    confirmed = prosecutor.move(conflict, "confirm")
    assert (confirmed["state"], clock_of(house, conflict)[1]) == ("confirmed", "met")
    assert refused(above, f"{address}/confirm", version=confirmed["version"])[0] == 409
    once = above.move(conflict, "clear")
    assert (once["state"], once["cleared_at"]) == ("confirmed", None)
    assert refused(above, f"{address}/clear", version=once["version"])[0] == 422
    assert prosecutor.move(conflict, "clear")["state"] == "cleared"

    moved = above.get(journey.stage("medical_care")["links"]["self"])
    assert (moved["unit_id"], moved["invited_units"]) == (play.unit(above), [play.unit(prosecutor)])
    with pytest.raises(Refused):
        health.get(journey.address)
    cleared = journey.owner.get(f"{journey.address}/conflicts")["items"]
    assert [one["state"] for one in cleared] == ["cleared"]


def test_an_excluded_officer_may_read_again_once_both_have_cleared(journey: Journey, play: Stage) -> None:
    health = play.desk("health-1")
    body = {"account_id": health.me["account_id"], "reason": "与家属往来"}
    conflict = play.desk("health-2").post(f"{journey.address}/exclusions", body)
    care = journey.stage("medical_care")["links"]["self"]
    with pytest.raises(Refused):
        health.get(care)
    play.desk("corps-health-1").move(conflict, "clear")
    with pytest.raises(Refused):
        health.get(care)
    play.desk("proc-1").move(conflict, "clear")
    assert health.get(care)["state"] == "routed"


def test_at_the_top_another_lead_takes_it_and_without_one_it_is_refused(
    journey: Journey, play: Stage
) -> None:
    """A division's bureau and then the corps' own: family tracing goes to civil affairs, schooling has no other lead."""
    police = play.desk("psb-1")
    doubt(play, journey, "cab-1", police)
    status, problem = refused(
        play.desk("cab-1"),
        f"{journey.address}/unit_conflicts",
        {"unit_id": play.unit(play.desk("corps-psb-1")), "reason": "同上"},
    )
    assert (status, [error["rule"] for error in problem["errors"]]) == (422, ["no_unit_above"])
    assert play.desk("corps-psb-1").get(journey.address)["id"] == journey.case["id"]


def test_a_unit_that_is_not_there_yet_gets_no_work_later(journey: Journey, play: Stage) -> None:
    counsellor = play.desk("hrss-1")
    conflict = doubt(play, journey, "cab-1", counsellor)
    assert conflict["unit_id"] == play.unit(counsellor)
    body = {"code": "employment", "victim_id": journey.victim_id}
    planned = play.desk("cab-1").post(f"{journey.address}/stages", body)
    assert planned["unit_id"] == play.unit(play.desk("corps-hrss-1"))
    status, problem = refused(
        play.desk("cab-1"),
        f"{journey.address}/unit_conflicts",
        {"unit_id": play.unit(counsellor), "reason": "再次"},
    )
    assert (status, problem["errors"][0]["rule"]) == (422, "already_in_question")


def test_the_reporter_says_so_at_the_receipt_and_learns_nothing_more(journey: Journey, play: Stage) -> None:
    number, secret = journey.receipt["number"], {"Receipt-Secret": journey.receipt["secret"]}
    before = play.client.get(f"/receipts/{number}", headers=secret).json()
    told = play.client.post(
        f"/receipts/{number}/unit_conflicts", json={"reason": "接待我的人认识那家人"}, headers=secret
    )
    assert (told.status_code, told.json()) == (200, before)
    (conflict,) = journey.owner.get(f"{journey.address}/conflicts")["items"]
    assert (conflict["set_by_unit_id"], conflict["unit_id"]) == (None, play.unit(play.desk("psb-1")))
    with pytest.raises(Refused):
        play.desk("psb-1").get(journey.address)
    again = play.client.post(f"/receipts/{number}/unit_conflicts", json={"reason": "还是他"}, headers=secret)
    assert (again.status_code, again.json()) == (200, before)
    wrong = play.client.post(
        f"/receipts/{number}/unit_conflicts", json={"reason": "x"}, headers={"Receipt-Secret": "x" * 24}
    )
    assert wrong.status_code == 404


def test_everything_is_on_the_timeline_with_its_rule_and_its_articles(journey: Journey, play: Stage) -> None:
    doubt(play, journey, "psb-1", play.desk("cab-1"))
    entries = play.desk("psb-1").get(f"{journey.address}/timeline", limit=100)["items"]
    moved = [entry["what"] for entry in entries if entry["what"]["rule"] == "unit_conflict"]
    assert {what["action"] for what in moved} >= {"move_up", "end_invitation"}
    assert all(what["articles"] for what in moved)
    (set_at,) = [entry["what"] for entry in entries if entry["what"]["action"] == "set_conflict"]
    assert (set_at["articles"], set_at["changed"], set_at["reason"]) == ([20, 26], ["reason"], "unit")


@pytest.fixture
def worker(settings: Settings) -> Iterator[Engine]:
    assert settings.worker_database_url is not None
    engine = engine_for(settings.worker_database_url, 1)
    yield engine
    engine.dispose()


def comes_due(settings: Settings, house: House, worker: Engine, case_id: str, clock: str) -> None:
    """The clock's deadline is moved into the past, and a worker looks at the case."""
    assert settings.admin_database_url is not None
    admin = create_engine(settings.admin_database_url, poolclass=NullPool)
    past = text(
        "update deadlines set due_at = now() - interval '90 minutes', next_at = now() - interval '1 minute'"
        " where file_id = :file and clock = :clock and state = 'running'"
    )
    with admin.begin() as connection:
        assert connection.execute(past, {"file": case_id, "clock": clock}).rowcount > 0
    raise_due(worker, {"master_keys": house.master_keys}, DueFile("case", UUID(case_id)))


def alarms(desk: Desk, clock: str) -> list[Json]:
    return [alarm for alarm in desk.get("/alarms", limit=100)["items"] if alarm["clock"] == clock]


def test_it_is_told_nothing_more_and_unconfirmed_the_matter_stays_and_goes_up(
    journey: Journey, play: Stage, settings: Settings, house: House, worker: Engine
) -> None:
    health, above, prosecutor = play.desk("health-1"), play.desk("corps-health-1"), play.desk("proc-1")
    case_id, before = journey.case["id"], len(alarms(health, "stage_reply"))
    comes_due(settings, house, worker, case_id, "stage_reply")
    assert len(alarms(health, "stage_reply")) > before
    conflict = doubt(play, journey, "cab-1", health)
    assert len(alarms(health, "stage_reply")) == before

    heard = [len(alarms(desk, "unit_conflict_confirm")) for desk in (above, prosecutor)]
    comes_due(settings, house, worker, case_id, "unit_conflict_confirm")
    now = [len(alarms(desk, "unit_conflict_confirm")) for desk in (above, prosecutor)]
    assert now[0] > heard[0]
    assert now[1] > heard[1]
    assert alarms(health, "unit_conflict_confirm") == []
    assert above.get(conflict["links"]["self"])["state"] == "open"
    with pytest.raises(Refused):
        health.get(journey.address)


def test_a_report_that_joins_the_case_later_shuts_the_same_officer_out(journey: Journey, play: Stage) -> None:
    police, colleague = play.desk("psb-1"), play.desk("psb-2")
    body = {"account_id": police.me["account_id"], "reason": "与收买人有亲属关系"}
    colleague.post(f"{journey.address}/exclusions", body)
    first.report(play, "tip", [], MESSAGE)
    found = police.get("/reports", state="received")["items"][0]
    colleague.move(found, "screen")
    assert police.get(found["links"]["self"])["state"] == "screening"
    colleague.move(found, "accept", {"case_id": journey.case["id"]})
    with pytest.raises(Refused):
        police.get(found["links"]["self"])
    assert colleague.get(found["links"]["self"])["state"] == "accepted"


def test_a_report_is_not_referred_to_a_unit_in_question(play: Stage) -> None:
    first.report(play, "tip", ["child_alone"], MESSAGE)
    police, south = play.desk("psb-1"), play.desk("south-psb-1")
    found = police.move(police.get("/reports", state="received")["items"][0], "screen")
    body = {"unit_id": play.unit(south), "reason": "该局有人涉案"}
    police.post(f"{found['links']['case']}/unit_conflicts", body)
    referral = {"unit_id": play.unit(south), "reason": "人在南师市"}
    address = f"{found['links']['self']}/refer_out"
    status, problem = refused(police, address, referral, version=found["version"])
    assert (status, [error["rule"] for error in problem["errors"]]) == (422, ["unit_in_conflict"])


def test_the_procuratorate_of_the_place_may_say_it_without_work_in_the_case_and_no_other_may(
    journey: Journey, play: Stage
) -> None:
    body = {"unit_id": play.unit(play.desk("health-1")), "reason": "接到控告"}
    address = f"{journey.address}/unit_conflicts"
    for stranger in ("south-proc-1", "women-1"):
        assert refused(play.desk(stranger), address, body, version=None)[0] == 404
    prosecutor = play.desk("proc-1")
    assert refused_read(prosecutor, journey.address) == 404
    assert prosecutor.post(address, body)["state"] == "open"
    assert prosecutor.get(journey.address)["id"] == journey.case["id"]
    last = [one["what"] for one in play.desk("psb-1").get(f"{journey.address}/timeline", limit=100)["items"]]
    assert ("set_conflict", "unit") in [(what["action"], what["reason"]) for what in last if what]
    assert refused_read(play.desk("health-1"), journey.address) == 404
    doubt(play, journey, "psb-1", prosecutor)
    again = {"unit_id": play.unit(play.desk("edu-1")), "reason": "接到控告"}
    assert refused(prosecutor, address, again, version=None)[0] == 404


def refused_read(desk: Desk, path: str) -> int:
    with pytest.raises(Refused) as refusal:
        desk.get(path)
    return refusal.value.status
