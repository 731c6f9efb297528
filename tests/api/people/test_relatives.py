"""Relatives of a child: persons of their own, proven by the police's match or a court and by nothing that they bring."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.people import civil_day
from services.demo_desk import Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.people.conftest import NAMELESS, taken_in

Refuses = Callable[..., Json]
UNCLE: Json = {"name": "自称叔叔的人", "relation": "other_relative", "role": "claimant", "languages": ["zh"]}
AUNT: Json = {"name": "示例姨母", "relation": "other_relative", "role": "relative", "phone": "13900000008"}


def tracing_under_way(play: Stage) -> Journey:
    """A child of unknown origin, with guardianship and tracing under way."""
    journey = taken_in(play, NAMELESS)
    first.begin_guardianship(play, journey, on=1)
    police, tracing = play.desk("psb-1"), journey.stage("family_tracing")
    police.accept(tracing)
    first.ask_consent(journey, play.desk("cab-1"), "family_tracing", given_by="temporary_guardian")
    police.move(tracing, "begin")
    return journey


@pytest.fixture(scope="module")
def journey(module_play: Stage) -> Journey:
    return tracing_under_way(module_play)


def conflicts(journey: Journey) -> list[Json]:
    items: list[Json] = journey.owner.get(f"{journey.address}/conflicts")["items"]
    return [one for one in items if one["kind"] == "guardian" and one["state"] != "cleared"]


def test_a_claimant_is_in_question_until_the_police_match_whatever_else_is_said(
    journey: Journey, module_play: Stage, refused: Refuses
) -> None:
    relatives = f"{journey.person}/relatives"
    uncle = journey.owner.post(relatives, UNCLE)
    assert uncle["fields"] | {"proven": "unknown", "suspect": "unknown"} == uncle["fields"]
    assert [one["rule"] for one in conflicts(journey)] == ["guardian_unproven"]
    address = uncle["links"]["self"]
    problem = refused(422, journey.owner.patch, address, {"proven": "yes"}, version=1)
    assert problem["errors"][0]["rule"] == "proven_by_match_or_court"
    for paper in ("paternity_test", "birth_certificate", "paper", "political_history"):
        problem = refused(422, journey.owner.patch, address, {paper: "yes"}, version=1)
        assert problem["errors"][0]["rule"] == "extra_forbidden"
    police, tracing = module_play.desk("psb-1"), journey.stage("family_tracing")
    at = module_play.began_at + timedelta(days=3)
    matched = {"matched": True, "number": "示公鉴1号", "relation": "other_relative"}
    police.record(tracing, "match_reports", at, relative_id=uncle["id"], **matched)
    proven = journey.owner.get(address)
    assert (proven["fields"]["proven"], proven["version"]) == ("yes", 2)
    entries = journey.owner.get(f"{journey.address}/timeline", limit=100)["items"]
    settled = [one["what"] for one in entries if one["what"] and one["what"]["action"] == "settle_kinship"]
    assert [one["rule"] for one in settled] == ["police_match"]
    stranger = {**matched, "relative_id": journey.victim_id}
    problem = refused(422, lambda: police.record(tracing, "match_reports", at, **stranger))
    assert problem["errors"][0]["rule"] == "unknown_relative"


def test_only_the_police_or_the_owner_say_who_is_a_suspect(
    journey: Journey, module_play: Stage, refused: Refuses
) -> None:
    relatives, before = f"{journey.person}/relatives", len(conflicts(journey))
    aunt = journey.owner.post(relatives, AUNT)
    assert len(conflicts(journey)) == before, "a relative who claims nothing puts nothing in question"
    address, justice = aunt["links"]["self"], module_play.desk("justice-1")
    problem = refused(422, justice.patch, address, {"suspect": "no"}, version=1)
    assert problem["errors"][0]["rule"] == "police_or_owner_says_suspect"
    module_play.desk("psb-1").patch(address, {"suspect": "yes"}, version=1)
    assert len(conflicts(journey)) == before
    journey.owner.patch(address, {"role": "guardian"}, version=2)
    assert "guardian_suspect" in [one["rule"] for one in conflicts(journey)]


def test_each_reader_gets_of_a_relative_what_is_theirs(
    journey: Journey, module_play: Stage, refused: Refuses
) -> None:
    wish = {"wishes": "想给姨妈打电话", "wishes_heard_alone": True, "contact_allowed": "yes"}
    aunt = journey.owner.post(f"{journey.person}/relatives", {**AUNT, **wish})
    police = module_play.desk("psb-1").get(aunt["links"]["self"])
    assert {"wishes", "wishes_heard_alone"} <= set(police["_redacted"])
    assert "wishes" not in police["fields"]
    lawyer = module_play.desk("justice-1").get(aunt["links"]["self"])
    assert set(lawyer["fields"]) == {"name", "relation", "role", "contact_allowed"}
    refused(404, module_play.desk("hrss-1").get, aunt["links"]["self"])


def test_of_an_adult_nobody_is_the_guardian(play: Stage) -> None:
    adult = taken_in(play, {"identity": {"birth_date": "1990-05-01"}})
    adult.owner.post(f"{adult.person}/relatives", UNCLE)
    assert conflicts(adult) == []


def test_while_any_relative_is_suspect_nothing_is_published_and_nobody_meets(
    play: Stage, refused: Refuses
) -> None:
    """An aunt claims nothing and puts no guardian in question; a notice would reach her all the same (rule 6)."""
    journey = tracing_under_way(play)
    police, tracing, at = (
        play.desk("psb-1"),
        journey.stage("family_tracing"),
        play.began_at + timedelta(days=3),
    )
    aunt = journey.owner.post(f"{journey.person}/relatives", AUNT)["links"]["self"]
    police.patch(aunt, {"suspect": "yes"}, version=1)
    assert conflicts(journey) == []
    day = civil_day(at).isoformat()
    notice = {"published": True, "channel": "newspaper", "published_on": day, "relatives_not_suspects": "yes"}
    problem = refused(422, lambda: police.record(tracing, "tracing_notices", at, **notice))
    assert [one["code"] for one in problem["unmet"]] == ["no_relative_suspect"]
    cleared = {"relation": "other_relative", "outcome": "cleared", "relatives_not_suspects": "yes"}
    seen = {"child_heard": True, "home_visited": True, "person_agrees": "yes"}
    journey.owner.record(tracing, "reunion_assessments", at, **cleared, **seen)
    police.record(tracing, "match_reports", at, matched=True, number="示公鉴2号", relation="other_relative")
    meeting = {"with_relation": "other_relative", "accompanied": True, "goes_to_live_with_them": "unknown"}
    problem = refused(422, lambda: police.record(tracing, "reunions", at, **meeting))
    assert [one["code"] for one in problem["unmet"]] == ["relatives_not_suspects"]
    police.record(tracing, "tracing_notices", at, published=False, reason="亲属涉嫌，暂不公告")
    police.patch(aunt, {"suspect": "no"}, version=2)
    police.record(tracing, "tracing_notices", at, **notice)
    police.record(tracing, "reunions", at, **meeting)
