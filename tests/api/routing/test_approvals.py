"""What another agency approves: asked by one, answered by another, and reading the case ends with the answer."""

from uuid import uuid4

import pytest

from api.calls import House
from services.database import transaction
from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.records.accounts import AccountRow
from tests.api.routing.conftest import PASSWORD, refusal
from tests.newcomers import first_day, let_in


def ask(desk: Desk, journey: Journey, stage: Json, approver_unit_id: str, action: str = "rule_out") -> Json:
    body = {
        "action": action,
        "subject_id": stage["id"],
        "approver_unit_id": approver_unit_id,
        "reason": "已在私下会见中确认安全",
    }
    return desk.post(f"{journey.address}/approvals", body)


@pytest.fixture
def medical(journey: Journey, play: Stage) -> Json:
    stage = journey.stage("medical_care")
    play.desk("health-1").accept(stage)
    return stage


def test_only_another_agency_is_asked_where_one_serves_the_place_and_only_for_what_needs_it(
    journey: Journey, play: Stage, medical: Json
) -> None:
    health = play.desk("health-1")
    for username, rule in {
        "health-2": "same_agency",
        "hospital-1": "same_agency",
        "south-health-1": "same_agency",
        "office-1": "agency_reads_no_cases",
        "corps-health-1": "another_agency_serves",
    }.items():
        unit_id = play.unit(play.desk(username))
        assert refusal(ask, health, journey, medical, unit_id) == (422, [rule])
    needless = refusal(lambda: ask(health, journey, medical, play.unit(play.desk("women-1")), "begin"))
    assert needless == (422, ["needs_no_approval"])


def test_reading_ends_with_the_answer_and_with_taking_the_question_back(
    journey: Journey, play: Stage, medical: Json
) -> None:
    health, women = play.desk("health-1"), play.desk("women-1")
    assert refusal(lambda: women.get(journey.address)) == (404, [])
    asked = ask(health, journey, medical, play.unit(women))
    assert women.get(journey.address)["id"] == journey.case["id"]
    assert women.move(asked, "refuse")["state"] == "refused"
    assert refusal(lambda: women.get(journey.address)) == (404, [])
    assert refusal(lambda: health.move(asked, "withdraw")) == (422, ["already_answered"])

    second = ask(health, journey, medical, play.unit(women))
    assert refusal(lambda: women.post(f"{second['links']['self']}/withdraw", version=1)) == (404, [])
    assert health.move(second, "withdraw")["state"] == "withdrawn"
    assert refusal(lambda: women.get(journey.address)) == (404, [])
    assert refusal(lambda: women.get(second["links"]["self"])) == (404, [])


def test_with_the_stage_ends_what_is_still_asked_about_it(
    journey: Journey, play: Stage, medical: Json
) -> None:
    health, women, advocate = play.desk("health-1"), play.desk("women-1"), play.desk("union-1")
    granted = ask(health, journey, medical, play.unit(women))
    waiting = ask(health, journey, medical, play.unit(advocate))
    women.move(granted, "approve")
    assert advocate.get(journey.address)["id"] == journey.case["id"]
    first.learn(journey, situation={"injured_or_ill": "no"})
    ended = health.move(medical, "rule_out", {"reason": "没有受伤或患病"})
    assert ended["state"] == "not_applicable"
    assert refusal(lambda: advocate.get(journey.address)) == (404, [])
    told = [
        (entry["what"]["action"], entry["what"]["rule"])
        for entry in journey.owner.get(f"{journey.address}/timeline", limit=100)["items"]
    ]
    assert told.count(("withdraw_approval", "subject_ended")) == 1
    assert refusal(lambda: advocate.get(waiting["links"]["self"])) == (404, [])


def test_nobody_approves_what_they_asked_themselves_whatever_unit_they_sit_in_by_now(
    journey: Journey, play: Stage, medical: Json, house: House
) -> None:
    health, women, admin = play.desk("health-1"), play.desk("women-1"), play.desk("admin")
    name = f"mover-{uuid4().hex[:8]}"
    account = {"username": name, "password": PASSWORD, "unit_id": play.unit(health), "role": "caseworker"}
    added = admin.post("/accounts", account)
    let_in(play.desk, added)
    mover = first_day(play.client, name, PASSWORD).desk()
    asked = ask(mover, journey, medical, play.unit(women))
    with transaction(house.engine) as session:
        session.get_one(AccountRow, added["id"]).unit_id = women.me["unit_id"]
    assert refusal(lambda: mover.move(asked, "approve")) == (422, ["own_request"])
    assert women.move(asked, "approve")["state"] == "approved"
