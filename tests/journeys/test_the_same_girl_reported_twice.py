"""The same girl is reported by her school and by the hotline: neither learns of the other, and she is one girl in one case."""

import json
from datetime import datetime, timedelta

import pytest

from services.demo_desk import Json, Refused
from services.demo_journeys import Journey, Stage
from services.demo_journeys import girl_reported_twice as twice
from services.demo_journeys.girl_reported_twice import TwoReports


@pytest.fixture(scope="module")
def two(module_play: Stage) -> TwoReports:
    return twice.both_report(module_play)


@pytest.fixture(scope="module")
def before(two: TwoReports) -> dict[str, Json]:
    """Both reports as they came in, before anybody knew that they are about one girl."""
    return {"school": two.school, "hotline": two.hotline}


@pytest.fixture(scope="module")
def journey(module_play: Stage, two: TwoReports, before: dict[str, Json]) -> Journey:
    assert before["school"]["id"] != before["hotline"]["id"]
    return twice.girl_in_one_case(module_play, two)


def test_each_reporter_has_a_receipt_of_their_own(two: TwoReports) -> None:
    assert two.school_receipt["number"] != two.hotline_receipt["number"]
    assert two.school_receipt["secret"] != two.hotline_receipt["secret"]


def test_there_is_one_case_with_one_girl_in_it(
    journey: Journey, two: TwoReports, before: dict[str, Json], module_play: Stage
) -> None:
    """Whatever is counted later is counted from cases and their people: she stands there once."""
    assert journey.case["victims"] == [journey.victim_id]
    assert (two.school["state"], two.school["duplicate_of"]) == ("duplicate", two.hotline["id"])
    assert two.school["case_id"] is None
    opened = module_play.desk("psb-1").get("/cases", limit=100)["items"]
    since = datetime.fromisoformat(before["school"]["received_at"])
    assert [case["id"] for case in opened if datetime.fromisoformat(case["opened_at"]) >= since] == [
        journey.case["id"]
    ]


def test_the_time_of_the_first_report_governs_both(
    journey: Journey, two: TwoReports, before: dict[str, Json]
) -> None:
    first = datetime.fromisoformat(before["school"]["received_at"])
    assert first < datetime.fromisoformat(before["hotline"]["received_at"])
    assert {two.school["earliest_at"], two.hotline["earliest_at"]} == {before["school"]["received_at"]}
    assert datetime.fromisoformat(two.hotline["reply_by"]) == first + timedelta(minutes=15)
    assert datetime.fromisoformat(two.school["reply_by"]) == first + timedelta(hours=24)
    assert two.hotline["received_at"] == before["hotline"]["received_at"], "what happened is not rewritten"
    assert journey.case["opened_at"] == before["hotline"]["received_at"]


def test_neither_reporter_and_nobody_in_the_case_learns_who_else_reported(
    journey: Journey, two: TwoReports, module_play: Stage
) -> None:
    assert two.hotline["reporter"] == twice.CALLER
    for username in ("school-1", "hotline", "cab-1", "women-1"):
        for report in (two.school, two.hotline):
            with pytest.raises(Refused) as no:
                module_play.desk(username).get(report["links"]["self"])
            assert no.value.status in (403, 404), username
    told = json.dumps([twice.asked_with(module_play, r) for r in (two.school_receipt, two.hotline_receipt)])
    assert not any(word in told for word in ("duplicate", two.school["id"], two.hotline["id"]))
    case = journey.owner.get(f"{journey.address}/timeline", limit=100)
    people = journey.owner.get(f"{journey.address}/victims")
    everything = json.dumps([case, people, journey.owner.get(journey.address)], ensure_ascii=False)
    for secret in (twice.SCHOOL_SAYS, twice.CALLER_SAYS, *twice.CALLER.values()):
        assert secret not in everything


def test_each_report_is_answered_by_itself(journey: Journey, two: TwoReports, module_play: Stage) -> None:
    assert journey.case["state"] == "open"
    police = module_play.desk("psb-1")
    two.hotline = police.move(two.hotline, "answer", {"text": "已立案，女孩已找到"})
    assert twice.asked_with(module_play, two.hotline_receipt)["status"] == "answered"
    assert twice.asked_with(module_play, two.school_receipt)["status"] == "being_handled"
    two.school = police.move(two.school, "answer", {"text": "已受理，请学校保留学籍"})
    assert twice.asked_with(module_play, two.school_receipt)["status"] == "answered"


def test_it_can_be_taken_apart_again_and_each_is_governed_by_its_own_time(play: Stage) -> None:
    two = twice.both_report(play)
    first_seen = (two.school["received_at"], two.hotline["received_at"], two.hotline["reply_by"])
    journey, police = twice.girl_in_one_case(play, two), play.desk("psb-1")
    assert two.hotline["reply_by"] != first_seen[2]
    apart = police.move(two.school, "screen_again", {"reason": "核实后不是同一人"})
    hotline = police.get(two.hotline["links"]["self"])
    assert (apart["state"], apart["duplicate_of"]) == ("screening", None)
    assert (apart["earliest_at"], hotline["earliest_at"], hotline["reply_by"]) == first_seen
    accepted = police.move(apart, "accept", {"victims": [{"identity": {"sex": "female"}}]})
    assert accepted["case_id"] not in (None, journey.case["id"])
    assert len(police.get(accepted["links"]["case"])["victims"]) == 1
    assert police.get(journey.address)["victims"] == [journey.victim_id]


def test_the_whole_way_from_two_reports_to_one_girl(play: Stage) -> None:
    journey = twice.girl_reported_twice(play)
    assert journey.states()["rescue"] == "routed"
    assert twice.asked_with(play, journey.receipt)["status"] == "answered"
