"""The first journey to its end: every step by the agency that the articles make responsible, over HTTP."""

import json
from datetime import datetime, timedelta
from typing import Final

import pytest

from services.demo_desk import Json, Refused
from services.demo_journeys import Journey, Stage, boy_found_begging
from services.demo_journeys import first_steps as first

WHOSE = {
    "investigation": "PSB",
    "rescue": "PSB",
    "shelter": "CAB",
    "medical_care": "HEALTH",
    "family_tracing": "PSB",
    "schooling": "EDU",
    "rights_support": "JUSTICE",
    "reintegration_support": "CAB",
    "guardianship": "CAB",
    "follow_up": "CAB",
}


@pytest.fixture(scope="module")
def journey(module_play: Stage) -> Journey:
    return boy_found_begging(module_play)


def test_every_stage_ends_completed_by_the_agency_of_its_article(journey: Journey) -> None:
    stages = journey.owner.get(f"{journey.case['links']['self']}/stages")["items"]
    assert {stage["code"]: stage["agency"] for stage in stages} == WHOSE
    assert {stage["state"] for stage in stages} == {"completed"}


def test_the_case_is_closed_with_its_goals_met(journey: Journey) -> None:
    case = journey.owner.get(journey.case["links"]["self"])
    assert (case["state"], case["closing_reason"], case["phase"]) == ("closed", "goals_met", None)


def test_the_chain_is_whole_and_every_article_is_on_it(journey: Journey) -> None:
    address = journey.case["links"]["timeline"]
    check = journey.owner.get(f"{address}/check")
    entries = journey.owner.get(address, limit=100)["items"]
    assert check["whole"] is True
    assert check["entries"] >= len(entries) > 50
    articles = {article for entry in entries for article in entry["what"]["articles"]}
    assert {20, 25, 30, 31, 32, 34, 36, 40} <= articles


def test_nobody_without_work_in_it_sees_the_case_any_more(journey: Journey, module_play: Stage) -> None:
    for username in ("psb-1", "station-1", "health-1", "edu-1", "justice-1", "women-1"):
        with pytest.raises(Refused) as refused:
            module_play.desk(username).get(journey.case["links"]["self"])
        assert refused.value.status == 404


# --- on the way: what holds while nobody knows who he is ---

MESSAGE: Final = {"narrative": "车站门口有一个男孩独自乞讨", "whereabouts": "汽车站北出口"}
NOBODY_KNOWS_HIM: Final[dict[str, Json]] = {
    "identity": {"lowest_age": 12, "sex": "male"},
    "situation": {
        "safe_place_tonight": "no",
        "apart_from_family": "yes",
        "injured_or_ill": "yes",
        "identity_known": "no",
    },
}


@pytest.fixture(scope="module")
def found(module_play: Stage) -> Journey:
    """The boy as the police have accepted his report: nameless, about twelve."""
    receipt = first.report(module_play, "tip", ["child_alone"], MESSAGE)
    journey = first.police_take_it_up(module_play, receipt, [])
    first.learn(journey, **NOBODY_KNOWS_HIM)
    return journey


def test_the_investigation_is_open_at_once_before_anybody_screens_the_report(play: Stage) -> None:
    first.report(play, "tip", ["child_alone"], MESSAGE)
    police = play.desk("psb-1")
    report = police.get("/reports", state="received")["items"][0]
    case = police.get(report["links"]["case"])
    assert case["opened_at"] == report["received_at"]
    stages = {stage["code"]: stage for stage in police.get(f"{case['links']['self']}/stages")["items"]}
    assert {code: stage["state"] for code, stage in stages.items()}.items() >= {
        ("investigation", "routed"),
        ("guardianship", "routed"),
    }
    investigation = police.get(stages["investigation"]["links"]["self"])
    assert investigation["opened_by"] == "on_receipt_in_emergency"
    assert investigation["opened_at"] == report["received_at"]
    assert investigation["blockers"] == []


def test_a_missing_child_is_investigated_on_receipt_and_nothing_waits_a_day(play: Stage) -> None:
    """The day or two that people are told to wait is folklore: the first answer is due within the hour."""
    first.report(play, "tip", ["missing_minor"], MESSAGE)
    police = play.desk("psb-1")
    report = police.get("/reports", state="received")["items"][0]
    stages = police.get(f"{report['links']['case']}/stages")["items"]
    due = {stage["code"]: datetime.fromisoformat(stage["due_at"]) for stage in stages}
    received_at = datetime.fromisoformat(report["received_at"])
    assert {"investigation", "guardianship"} <= set(due)
    assert max(due["investigation"], due["guardianship"]) - received_at <= timedelta(hours=1)
    assert datetime.fromisoformat(report["reply_by"]) - received_at == timedelta(minutes=15)


def test_school_opens_and_begins_while_his_identity_is_unknown(found: Journey, play: Stage) -> None:
    schooling = found.stage("schooling")
    assert (schooling["state"], schooling["agency"]) == ("routed", "EDU")
    education = play.desk("edu-1")
    education.accept(schooling)
    begun = education.move(schooling, "begin")
    assert (begun["state"], begun["opened_by"]) == ("active", "compulsory_school_age")
    assert found.owner.get(found.person)["sections"]["situation"]["identity_known"] == "no"


def test_work_for_a_boy_of_twelve_is_refused_with_everything_that_stands_against_it(
    found: Journey, play: Stage
) -> None:
    planned = found.owner.post(
        f"{found.address}/stages", {"code": "employment", "victim_id": found.victim_id}
    )
    counsellor = play.desk("hrss-1")
    counsellor.accept(planned)
    with pytest.raises(Refused) as refused:
        counsellor.move(planned, "begin")
    assert refused.value.status == 422
    unmet = refused.value.problem["unmet"]
    assert [row["code"] for row in unmet] == ["consent", "of_working_age", "willing", "guardian_informed"]
    assert all(row["articles"] or row["source"] for row in unmet)
    assert found.states()["employment"] == "accepted"


@pytest.mark.parametrize("username", ["school-1", "hospital-1", "court-1", "south-psb-1", "south-cab-1"])
def test_a_unit_without_work_in_the_case_gets_nothing(found: Journey, play: Stage, username: str) -> None:
    stranger = play.desk(username)
    addresses = [found.address, f"{found.address}/stages", f"{found.address}/timeline", found.person]
    for address in (*addresses, *(stage["links"]["self"] for stage in found.stages())):
        with pytest.raises(Refused) as refused:
            stranger.get(address)
        assert (refused.value.status, refused.value.problem["type"]) == (404, "/problems/not_found")
    assert stranger.get("/inbox")["items"] == []


def test_who_claims_to_be_his_uncle_consents_to_nothing(found: Journey, play: Stage) -> None:
    """Nobody has shown that he is a guardian, let alone a safe one: what he says is written down and refused."""
    health = play.desk("health-1")
    health.accept(found.stage("medical_care"))
    what = {"purpose": "medical_care", "what": "检查", "language": "zh"}
    asked = health.post(f"{found.person}/consents", what)
    said = {
        "given_by": "safe_guardian",
        "own_words": "我是他叔叔，我同意",
        "language": "zh",
        "how_explained": "口头",
        "in_private": False,
    }
    with pytest.raises(Refused) as refused:
        health.post(f"/consents/{asked['id']}/give", said, version=int(asked["version"]))
    assert [row["code"] for row in refused.value.problem["unmet"]] == [
        "right_person_consents",
        "child_heard",
    ]


def test_who_claims_to_be_his_uncle_learns_nothing_from_having_reported(found: Journey, play: Stage) -> None:
    """He reports the boy as his nephew, and asks: the receipt tells him that it is being handled, and no more."""
    claim = {"narrative": "我是他叔叔，请告诉我他在哪里", "whereabouts": "汽车站"}
    receipt = first.report(play, "tip", [], claim)
    secret = {"Receipt-Secret": receipt["secret"]}
    told = play.client.get(f"/receipts/{receipt['number']}", headers=secret).json()
    assert told["status"] == "received"
    assert not {"case_id", "address", "place_id", "victims"} & set(told)
    for address in (found.address, found.person, found.stage("medical_care")["links"]["self"]):
        assert play.client.get(address, headers=secret).status_code == 401


def test_no_paper_of_the_uncle_s_makes_a_reunion(found: Journey, play: Stage) -> None:
    """Only the police match proves a relation, and nobody here has one."""
    police, tracing = play.desk("psb-1"), found.stage("family_tracing")
    police.accept(tracing)
    police.move(tracing, "begin")
    met = {"with_relation": "other_relative", "accompanied": True, "goes_to_live_with_them": "yes"}
    with pytest.raises(Refused) as refused:
        police.record(tracing, "reunions", play.day(2), **met)
    codes = [row["code"] for row in refused.value.problem["unmet"]]
    assert {"matched_by_the_police", "assessment_cleared", "relatives_not_suspects", "child_heard"} <= set(
        codes
    )


@pytest.fixture(scope="module")
def sheltered(found: Journey, module_play: Stage) -> Json:
    """The links of his shelter, once the station has taken him in."""
    first.hand_to_civil_affairs(module_play, found)
    first.shelter_at_the_station(module_play, found, ["child_bed"], on=1)
    links: Json = found.stage("shelter")["links"]
    return links


@pytest.mark.parametrize("username", ["psb-1", "cab-1", "health-1", "edu-1", "justice-1"])
def test_where_he_sleeps_is_known_to_the_station_alone(sheltered: Json, play: Stage, username: str) -> None:
    records = play.desk("station-1").get(sheltered["records"])
    assert "示范救助管理站" in json.dumps(records, ensure_ascii=False)
    try:
        seen = play.desk(username).get(sheltered["records"])
    except Refused as refused:
        seen = refused.problem
    assert "示范救助管理站" not in json.dumps(seen, ensure_ascii=False)
