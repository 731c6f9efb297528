"""A girl of 17 wants to learn a trade: her own word opens the stage, and nothing of her past reaches the counsellor."""

import json

import pytest

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
