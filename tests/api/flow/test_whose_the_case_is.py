"""The police have the case at first; from liberty on it is offered to civil affairs, and theirs when they accept."""

import pytest

from services.demo_desk import Json, Refused
from services.demo_journeys import Stage
from services.demo_journeys import first_steps as first


def taken_up(play: Stage, *people: Json) -> Json:
    receipt = first.report(play, "tip", [], {"narrative": "有人需要帮助"})
    return first.police_take_it_up(play, receipt, list(people)).case


def at_liberty(play: Stage) -> Json:
    return {"identity": {"birth_date": "1990-05-01"}, "account": {"liberty_at": play.day(490).isoformat()}}


NOT_YET: Json = {"identity": {"birth_date": "1992-05-01"}, "situation": {"in_danger": "yes"}}


def test_the_case_is_offered_by_rule_at_liberty_and_nobody_loses_it_before_the_other_accepts(
    play: Stage,
) -> None:
    police, civil_affairs = play.desk("psb-1"), play.desk("cab-1")
    case = taken_up(play, at_liberty(play))
    assert (case["owner_agency"], case["offered_unit_id"]) == ("PSB", play.unit(civil_affairs))
    entries = police.get(case["links"]["timeline"], limit=100)["items"]
    offered = [
        e["what"] for e in entries if (e["what"]["action"], e["what"]["subject"]) == ("hand_over", "case")
    ]
    assert [(what["rule"], what["unit_id"]) for what in offered] == [
        ("care_is_civil_affairs", play.unit(civil_affairs))
    ]
    civil_affairs.move(case, "refuse_hand_over", {"reason": "地点有误"})
    kept = police.get(case["links"]["self"])
    assert (kept["owner_agency"], kept["offered_unit_id"]) == ("PSB", None)


def test_nothing_is_offered_while_nobody_is_free(play: Stage) -> None:
    assert taken_up(play, NOT_YET)["offered_unit_id"] is None


def test_the_police_keep_whoever_is_not_yet_rescued(play: Stage) -> None:
    police, civil_affairs = play.desk("psb-1"), play.desk("cab-1")
    case = taken_up(play, at_liberty(play), NOT_YET)
    civil_affairs.move(case, "accept_hand_over")
    free, captive = (f"{case['links']['self']}/victims/{victim_id}" for victim_id in case["victims"])
    version = int(police.get(captive)["version"])
    police.patch(captive, {"situation": {"safe_place_tonight": "no"}}, version=version)
    with pytest.raises(Refused) as refused:
        police.patch(
            free, {"situation": {"safe_place_tonight": "no"}}, version=int(civil_affairs.get(free)["version"])
        )
    assert refused.value.status in (403, 404)
