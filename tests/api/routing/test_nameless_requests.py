"""Agencies that read no cases are asked for one thing by name of the thing, and learn of nobody (domain A.4)."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage
from tests.api.routing.conftest import housing_bureau, refusal

WORDS = "一位成年女性带一名幼儿，需要单独居住的住房"


def ask(desk: Desk, stage: Json, unit_id: str, text: str = WORDS, *, days: int = 5) -> Json:
    by = datetime.now(UTC) + timedelta(days=days)
    body = {"unit_id": unit_id, "what": "housing_place", "text": text, "by": by.isoformat()}
    return desk.post(f"{stage['links']['self']}/requests", body)


@pytest.fixture
def shelter(journey: Journey, play: Stage) -> Json:
    stage = journey.stage("shelter")
    play.desk("cab-1").accept(stage)
    return stage


def test_the_asked_unit_reads_the_request_and_nothing_of_the_case(
    journey: Journey, play: Stage, shelter: Json
) -> None:
    civil_affairs, housing = play.desk("cab-1"), housing_bureau(play)
    asked = ask(civil_affairs, shelter, play.unit(housing))
    listed = housing.get("/requests")["items"]
    assert [(line["id"], "text" in line) for line in listed] == [(asked["id"], False)]
    seen = housing.get(asked["links"]["self"])
    assert (seen["what"], seen["text"], seen["asked_by_agency"]) == ("housing_place", WORDS, "CAB")
    told = json.dumps(seen)
    for secret in (journey.case["id"], journey.case["number"], journey.victim_id, shelter["id"], "shelter"):
        assert secret not in told
    for path in (journey.address, shelter["links"]["self"], journey.person, f"{journey.address}/timeline"):
        assert refusal(housing.get, path) == (404, [])
    assert housing.get("/inbox")["items"] == housing.get("/cases")["items"] == []

    answered = housing.move(asked, "answer", {"outcome": "done", "words": "已预留一套"})
    assert (answered["state"], answered["words"]) == ("done", "已预留一套")
    assert refusal(lambda: housing.move(asked, "answer", {"outcome": "done", "words": "再答"})) == (
        422,
        ["already_answered"],
    )
    back = civil_affairs.get(asked["links"]["self"])
    assert (back["state"], back["words"]) == ("done", "已预留一套")
    assert civil_affairs.get("/requests", box="by_us")["items"][0]["id"] == asked["id"]
    entries = journey.owner.get(f"{journey.address}/timeline", limit=100)["items"][-2:]
    assert [(entry["what"]["action"], entry["who"]["agency"]) for entry in entries] == [
        ("ask_request", "CAB"),
        ("answer_request", "HOUSING"),
    ]
    assert WORDS not in json.dumps(entries, ensure_ascii=False)
    assert journey.owner.get(f"{journey.address}/timeline/check")["whole"] is True


def test_a_request_that_names_somebody_is_refused_and_not_repeated(
    journey: Journey, play: Stage, shelter: Json
) -> None:
    civil_affairs, housing = play.desk("cab-1"), housing_bureau(play)
    number = journey.case["number"]
    for text in ("为示例丙找住房", "电话 139 0000 0021", f"案件 {number} 需要住房", "联系 13812345678"):
        refused = refusal(ask, civil_affairs, shelter, play.unit(housing), text)
        assert refused == (422, ["names_somebody"])
    assert housing.get("/requests")["items"] == []


def test_only_the_responsible_unit_asks_and_only_agencies_that_read_no_cases_are_asked(
    play: Stage, shelter: Json, journey: Journey
) -> None:
    civil_affairs, housing = play.desk("cab-1"), housing_bureau(play)
    for username in ("edu-1", "women-1", "office-1"):
        unit_id = play.unit(play.desk(username))
        assert refusal(ask, civil_affairs, shelter, unit_id) == (422, ["agency_reads_cases"])
    assert refusal(lambda: ask(journey.owner, shelter, play.unit(housing))) == (403, [])
    assert refusal(lambda: ask(civil_affairs, shelter, play.unit(housing), days=-1)) == (
        422,
        ["time_is_past"],
    )


def test_a_request_is_for_the_two_units_that_it_is_between(
    journey: Journey, play: Stage, shelter: Json
) -> None:
    civil_affairs, housing, other = play.desk("cab-1"), housing_bureau(play), housing_bureau(play)
    asked = ask(civil_affairs, shelter, play.unit(housing))
    address = asked["links"]["self"]
    for desk in (other, journey.owner, play.desk("south-cab-1")):
        assert refusal(desk.get, address) == (404, [])
        assert desk.get("/requests")["items"] == desk.get("/requests", box="by_us")["items"] == []
    assert refusal(lambda: housing.post(f"{address}/withdraw", version=1)) == (404, [])
    reply = {"outcome": "not_possible", "words": "没有"}
    assert refusal(lambda: civil_affairs.post(f"{address}/answer", reply, version=1)) == (404, [])
    assert refusal(lambda: housing.get(f"/requests/{uuid4()}")) == (404, [])
    assert civil_affairs.move(asked, "withdraw")["state"] == "withdrawn"
    assert refusal(lambda: housing.move(asked, "answer", reply)) == (422, ["already_answered"])


def test_with_the_stage_ends_what_was_asked_for_it(journey: Journey, play: Stage) -> None:
    justice, housing = play.desk("justice-1"), housing_bureau(play)
    rights = justice.accept(journey.stage("rights_support"))
    justice.move(rights, "begin")
    told = {"language": "zh", "topics": ["custody"], "understood": "yes", "given_in_writing": True}
    justice.record(rights, "rights_information", play.day(2), **told)
    asked = ask(justice, rights, play.unit(housing))
    justice.move(rights, "complete")
    assert housing.get(asked["links"]["self"])["state"] == "withdrawn"
