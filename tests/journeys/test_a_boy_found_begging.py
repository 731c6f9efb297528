"""The first journey to its end: every step by the agency that the articles make responsible, over HTTP."""

import pytest

from services.demo_desk import Refused
from services.demo_journeys import Journey, Stage, boy_found_begging

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
