"""A girl of 17 wants to learn a trade: her own word opens the stage, and nothing of her past reaches the counsellor."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from services.demo_desk import Json, Refused
from services.demo_journeys import Journey, Stage, girl_who_wants_to_train
from services.demo_journeys.girl_who_wants_to_train import (
    WHAT_SHE_WENT_THROUGH,
    reports_herself,
    says_what_she_wants,
    women_federation_invited,
)

UNDER_WAY = {"investigation", "shelter", "guardianship", "rights_support", "employment"}


@pytest.fixture(scope="module")
def journey(module_play: Stage) -> Journey:
    return girl_who_wants_to_train(module_play)


def willingness(play: Stage) -> Json:
    return {
        "willing": True,
        "own_words": "我想做工",
        "said_at": play.day(497).isoformat(),
        "in_private": True,
    }


def test_her_training_is_under_way_beside_everything_else(journey: Journey) -> None:
    active = {code for code, state in journey.states().items() if state == "active"}
    assert active == UNDER_WAY


def test_employment_opens_by_rule_only_after_the_women_s_federation_heard_her(play: Stage) -> None:
    journey = reports_herself(play)
    women_federation_invited(play, journey)
    assert "employment" not in journey.states()
    says_what_she_wants(play, journey)
    employment = journey.stage("employment")
    assert (employment["state"], employment["agency"]) == ("routed", "HRSS")
    opened = play.desk("hrss-1").get(employment["links"]["self"])
    assert (opened["opened_by"], opened["articles"]) == ("of_age_and_willing", [37])


def test_the_employment_bureau_does_not_even_find_her_before_she_said_so(play: Stage) -> None:
    journey = reports_herself(play)
    with pytest.raises(Refused) as refused:
        play.desk("hrss-1").post(f"{journey.person}/willingness", willingness(play))
    assert refused.value.status == 404


@pytest.mark.parametrize("username", ["hrss-1", "psb-1", "cab-1", "station-1", "justice-1"])
def test_nobody_who_finds_work_investigates_or_houses_her_writes_down_her_will(
    journey: Journey, module_play: Stage, username: str
) -> None:
    with pytest.raises(Refused) as refused:
        module_play.desk(username).post(f"{journey.person}/willingness", willingness(module_play))
    assert (refused.value.status, refused.value.problem["type"]) == (403, "/problems/stage_not_yours")


def test_what_was_not_said_in_private_does_not_count(journey: Journey, module_play: Stage) -> None:
    said_aloud = {**willingness(module_play), "in_private": False}
    with pytest.raises(Refused) as refused:
        module_play.desk("women-1").post(f"{journey.person}/willingness", said_aloud)
    assert refused.value.status == 422


def test_she_does_not_consent_alone_and_the_police_are_no_guardian(
    journey: Journey, module_play: Stage
) -> None:
    """Her guardian was found safe, so the temporary one no longer speaks for her, and she is 17."""
    counsellor = module_play.desk("hrss-1")
    what = {"purpose": "employment", "what": "再学一门", "language": "zh"}
    asked = counsellor.post(f"{journey.person}/consents", what)
    for voice in ("self", "temporary_guardian"):
        given = {
            "given_by": voice,
            "assent": True,
            "own_words": "好",
            "language": "zh",
            "how_explained": "口头",
            "in_private": True,
        }
        with pytest.raises(Refused) as refused:
            counsellor.post(f"/consents/{asked['id']}/give", given, version=int(asked["version"]))
        assert [row["code"] for row in refused.value.problem["unmet"]] == ["right_person_consents"]


OFFER = {"occupation": "面点学徒", "contract_shown": True, "language": "zh", "accepted": "yes"}
START = {
    "started_on": "2026-03-12",
    "employer": "示例食品店",
    "contract_in_hand": True,
    "keeps_own_papers": True,
    "pay_to_own_account": True,
    "health_check_arranged": True,
}


def refused_to(play: Stage, journey: Journey, address: str, /, **body: Any) -> list[str]:
    """The codes of everything that stands against what the counsellor wants to write down."""
    with pytest.raises(Refused) as refused:
        play.desk("hrss-1").record(journey.stage("employment"), address, play.day(498), **body)
    assert refused.value.status == 422
    return [row["code"] for row in refused.value.problem["unmet"]]


@pytest.mark.parametrize(
    "work", ["mine_or_underground", "toxic_or_harmful", "heaviest_labour", "bar_or_entertainment"]
)
def test_forbidden_work_is_neither_offered_nor_begun_at_seventeen(
    journey: Journey, module_play: Stage, work: str
) -> None:
    kind = {"work_kind": work, "place_elsewhere": False}
    assert refused_to(module_play, journey, "job_offers", **OFFER, **kind) == ["permitted_under_18"]
    assert refused_to(module_play, journey, "placements", **START, **kind) == ["permitted_under_18"]


def test_after_the_consent_to_another_city_seven_days_pass_before_anything_is_accepted(
    journey: Journey, module_play: Stage, admin: Engine
) -> None:
    there = {"work_kind": "ordinary", "place_elsewhere": True}
    assert refused_to(module_play, journey, "job_offers", **OFFER, **there) == ["relocation_thought_over"]
    assert refused_to(module_play, journey, "placements", **START, **there) == ["relocation_thought_over"]
    days_ago = text(
        "update consents set decided_at = decided_at - interval '7 days' where victim_id = :id and purpose = 'relocation'"
    )
    with admin.begin() as connection:
        connection.execute(days_ago, {"id": journey.victim_id})
    counsellor, employment = module_play.desk("hrss-1"), journey.stage("employment")
    accepted = counsellor.record(employment, "job_offers", module_play.day(499), **OFFER, **there)
    assert accepted["body"]["accepted"] == "yes"


def test_going_to_another_city_is_a_consent_of_its_own_and_taking_it_back_changes_no_stage(
    journey: Journey, module_play: Stage
) -> None:
    counsellor = module_play.desk("hrss-1")
    consents = {row["purpose"]: row for row in counsellor.get(f"{journey.person}/consents")["items"]}
    assert consents["relocation"]["id"] != consents["employment"]["id"]
    before = journey.states()
    words = {"said_by": "self", "own_words": "不想去外地"}
    withdrawn = counsellor.post(
        f"/consents/{consents['relocation']['id']}/withdraw",
        words,
        version=consents["relocation"]["version"],
    )
    assert withdrawn["state"] == "withdrawn"
    assert journey.states() == before
    there = {"work_kind": "ordinary", "place_elsewhere": True}
    against = refused_to(module_play, journey, "placements", **START, **there)
    assert against == ["relocation_agreed", "relocation_thought_over"]


def test_the_counsellor_sees_one_stage_and_nothing_of_what_she_went_through(
    journey: Journey, module_play: Stage
) -> None:
    counsellor = module_play.desk("hrss-1")
    employment = journey.stage("employment")["links"]
    stages = counsellor.get(f"{journey.address}/stages")["items"]
    assert [stage["code"] for stage in stages] == ["employment"]
    addresses = [
        journey.address,
        journey.person,
        f"{journey.address}/victims",
        f"{journey.address}/timeline",
        f"{journey.person}/consents",
        employment["self"],
        employment["records"],
    ]
    seen = json.dumps([counsellor.get(address) for address in addresses], ensure_ascii=False)
    assert "中式面点初级班" in seen
    assert WHAT_SHE_WENT_THROUGH not in seen
    assert "示范救助管理站" not in seen
    person = counsellor.get(journey.person)
    assert set(person["sections"]) <= {"identity", "will", "contact"}


@pytest.mark.parametrize("code", sorted(UNDER_WAY - {"employment"}))
def test_the_counsellor_cannot_open_another_stage_even_by_its_address(
    journey: Journey, module_play: Stage, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        module_play.desk("hrss-1").get(journey.stage(code)["links"]["self"])
    assert refused.value.status == 404


def test_whoever_found_the_work_does_not_ask_how_it_is_there(journey: Journey, module_play: Stage) -> None:
    check = {"checked_on": "2026-03-12", "free_to_leave": "yes", "paid": "yes"}
    counsellor, women = module_play.desk("hrss-1"), module_play.desk("women-1")
    employment = journey.stage("employment")
    with pytest.raises(Refused) as refused:
        counsellor.record(employment, "private_checks", module_play.day(499), **check)
    assert (refused.value.status, refused.value.problem["type"]) == (403, "/problems/record_not_yours")
    counsellor.post(f"{employment['links']['self']}/invitations", {"unit_id": module_play.unit(women)})
    asked = women.record(employment, "private_checks", module_play.day(499), **check)
    assert asked["agency"] == "WOMEN"


def test_stopping_ends_employment_at_once_and_has_no_effect_on_anything_else(
    journey: Journey, module_play: Stage
) -> None:
    counsellor, employment = module_play.desk("hrss-1"), journey.stage("employment")
    before = journey.states()
    consents = module_play.desk("cab-1").get(f"{journey.person}/consents")["items"]
    stopped = {"in_own_words": "我想先回学校读完书"}
    counsellor.record(employment, "stops", module_play.day(499), **stopped)
    assert journey.states() == {**before, "employment": "completed"}
    assert module_play.desk("cab-1").get(f"{journey.person}/consents")["items"] == consents
    entry = journey.owner.get(journey.case["links"]["timeline"], limit=100)["items"][-1]["what"]
    assert (entry["action"], entry["stage"], entry["rule"]) == (
        "complete",
        "employment",
        "stopped_by_the_person",
    )
    with pytest.raises(Refused) as refused:
        counsellor.get(employment["links"]["self"])
    assert refused.value.status == 404


def test_no_address_places_more_than_one_person_at_a_time_or_counts_towards_a_quota() -> None:
    """Job placement in batches and by target is what articles like 37 were abused for (workflow 8)."""
    document = json.loads(Path("openapi/openapi.json").read_text(encoding="utf-8"))
    paths = {path: one for path, one in document["paths"].items() if path.startswith("/employment")}
    assert len(paths) > 15
    assert all(path.startswith("/employment/{stage_id}") for path in paths)
    fields = {
        name
        for one in paths.values()
        for operation in one.values()
        if "requestBody" in operation
        for name in _fields_of(document, operation["requestBody"])
    }
    assert "occupation" in fields
    assert {name for name in fields if re.search("victim|people|persons|quota|target|number", name)} == set()


def _fields_of(document: Json, body: Json) -> set[str]:
    name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return set(document["components"]["schemas"][name].get("properties", {}))
