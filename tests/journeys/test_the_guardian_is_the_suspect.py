"""Journey 8: a mother reports as missing the baby that she sold; one officer's doubt cuts her off in the same moment."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from services.demo_desk import Json, Refused
from services.demo_journeys import first_steps as first
from services.demo_journeys import guardian_is_the_suspect as story
from services.demo_journeys.play import Journey, Stage


@pytest.fixture(scope="module")
def doubted(module_play: Stage) -> tuple[Journey, Json]:
    """The baby in shelter, the mother in question."""
    journey = story.baby_reported_missing(module_play)
    first.shelter_at_the_station(module_play, journey, ["infant_care"], on=2)
    story.mother_agrees(module_play, journey, "publication", "information_sharing", "medical_care")
    return journey, story.police_doubt_her(module_play, journey)


@pytest.fixture
def journey(doubted: tuple[Journey, Json]) -> Journey:
    return doubted[0]


@pytest.fixture
def conflict(doubted: tuple[Journey, Json]) -> Json:
    return doubted[1]


def refusal(play: Stage, username: str, path: str, body: Json) -> Json:
    """What stands against it."""
    with pytest.raises(Refused) as refused:
        play.desk(username).post(path, body)
    return refused.value.problem


def codes(problem: Json) -> list[str]:
    return [row["code"] for row in problem["unmet"]]


def entries(journey: Journey) -> list[dict[str, Any]]:
    """What happened in the case, by the timeline, oldest first."""
    found, mark = [], {"limit": "100"}
    while mark:
        page = journey.owner.get(f"{journey.address}/timeline", **mark)
        found += [entry["what"] for entry in page["items"]]
        mark = dict(parse_qsl(urlsplit(page["links"].get("next", "")).query))
    return found


def test_one_officer_is_enough_and_the_reason_is_sealed(journey: Journey, conflict: Json) -> None:
    assert (conflict["kind"], conflict["state"], conflict["articles"]) == ("guardian", "open", [40, 26])
    (entry,) = [what for what in entries(journey) if what["action"] == "set_conflict"]
    assert entry["changed"] == ["reason"]
    assert conflict["reason"] not in str(entry)


def test_what_she_agreed_to_ends_at_once_and_care_goes_on(journey: Journey, play: Stage) -> None:
    consents = play.desk("cab-1").get(f"{journey.person}/consents")["items"]
    hers = {one["purpose"]: one for one in consents if one["given_by"] == "safe_guardian"}
    assert {(one["state"], one["ended_by"]) for one in hers.values()} == {("expired", "guardian_conflict")}
    assert set(hers) == {"publication", "information_sharing", "medical_care"}
    going_on = [one for one in consents if one["state"] == "given" and one["basis"] == "vital_interest"]
    assert [one["purpose"] for one in going_on] == ["medical_care"]
    assert {what["rule"] for what in entries(journey) if what["action"] == "expire_consent"} == {
        "guardian_conflict"
    }


def test_somebody_else_sits_beside_the_child_when_she_is_asked(journey: Journey, play: Stage) -> None:
    investigation = journey.stage("investigation")
    asked = {
        "victim_id": journey.victim_id,
        "recorded": True,
        "single": True,
        "appropriate_adult_present": True,
        "female_officer": True,
    }
    happened = {"happened_at": play.day(5).isoformat()}
    interviews = f"{investigation['links']['self']}/interviews"
    for beside in ("guardian", "other_relative"):
        problem = refusal(play, "psb-1", interviews, {**happened, **asked, "accompanied_by": beside})
        assert codes(problem) == ["no_guardian_conflict"]
    accompanied = {**asked, "accompanied_by": "protection_body"}
    kept = play.desk("psb-1").record(investigation, "interviews", play.day(5), **accompanied)
    assert kept["body"]["accompanied_by"] == "protection_body"


def test_her_attempts_are_written_down_and_a_refused_request_is_logged(
    journey: Journey, conflict: Json, play: Stage
) -> None:
    tried = {"happened_at": play.day(5).isoformat(), "channel": "in_person", "note": "要求当场把孩子接走"}
    attempt = play.desk("station-1").post(f"{journey.person}/guardian_attempts", tried)
    assert "guardian_attempt" in [what["action"] for what in entries(journey)]
    with pytest.raises(Refused) as refused:
        play.desk("women-1").get(journey.person)
    assert (refused.value.status, attempt["links"]["case"]) == (404, journey.address)


def test_the_mothers_word_counts_no_more_and_the_temporary_guardians_does(
    journey: Journey, play: Stage
) -> None:
    health = play.desk("health-1")
    health.accept(journey.stage("medical_care"))
    asked = health.post(
        f"{journey.person}/consents", {"purpose": "medical_care", "what": "检查", "language": "zh"}
    )
    said = {
        "given_by": "safe_guardian",
        "own_words": "同意",
        "language": "zh",
        "how_explained": "当面说明",
        "in_private": True,
    }
    give = f"/consents/{asked['id']}/give"
    with pytest.raises(Refused) as refused:
        health.post(give, said, version=int(asked["version"]))
    assert "right_person_consents" in codes(refused.value.problem)
    given = health.post(give, {**said, "given_by": "temporary_guardian"}, version=int(asked["version"]))
    assert given["state"] == "given"


def test_a_reunion_is_refused_while_she_is_in_question(journey: Journey, play: Stage) -> None:
    tracing = journey.stage("family_tracing")["links"]["self"]
    met = {"with_relation": "mother", "accompanied": True, "goes_to_live_with_them": "yes"}
    happened = {"happened_at": play.day(5).isoformat()}
    problem = refusal(play, "psb-1", f"{tracing}/reunions", {**happened, **met})
    assert "no_guardian_conflict" in codes(problem)


@pytest.mark.parametrize("destination", ["family", "own_home", "kin_care"])
def test_the_child_leaves_to_nobodys_family(journey: Journey, play: Stage, destination: str) -> None:
    shelter = journey.stage("shelter")["links"]["self"]
    leaves = {"destination": destination, "safe": "yes", "follow_up_offered": True}
    happened = {"happened_at": play.day(5).isoformat()}
    problem = refusal(play, "station-1", f"{shelter}/exits", {**happened, **leaves})
    assert codes(problem) == ["no_guardian_conflict"]
    assert problem["unmet"][0]["articles"] == [31, 40, 26]


def test_clearing_lists_everything_that_stands_against_it(
    journey: Journey, conflict: Json, play: Stage
) -> None:
    with pytest.raises(Refused) as refused:
        play.desk("cab-1").move(conflict, "clear")
    assert codes(refused.value.problem) == ["not_a_suspect", "child_heard_since", "second_person"]
    assert all(row["articles"] for row in refused.value.problem["unmet"])


@pytest.mark.parametrize(("username", "status"), [("psb-1", 403), ("station-1", 403), ("women-1", 404)])
def test_nobody_but_the_guardianship_unit_clears(
    conflict: Json, play: Stage, username: str, status: int
) -> None:
    with pytest.raises(Refused) as refused:
        play.desk(username).post(f"{conflict['links']['self']}/clear", {}, version=1)
    assert refused.value.status == status


@pytest.mark.parametrize("username", ["psb-1", "station-1", "health-1"])
def test_a_unit_whose_business_it_is_not_reads_no_conflict(
    journey: Journey, conflict: Json, play: Stage, username: str
) -> None:
    assert play.desk(username).get(f"{journey.address}/conflicts")["items"] == []
    with pytest.raises(Refused) as refused:
        play.desk(username).get(conflict["links"]["self"])
    assert refused.value.status == 404


def test_a_court_decides_and_the_mother_stays_in_question(
    journey: Journey, conflict: Json, play: Stage
) -> None:
    story.court_decides(play, journey)
    assert journey.stage("guardianship")["state"] == "completed"
    assert play.desk("cab-1").get(conflict["links"]["self"])["state"] == "open"
    tracing = journey.stage("family_tracing")["links"]["self"]
    met = {"with_relation": "mother", "accompanied": True, "goes_to_live_with_them": "yes"}
    happened = {"happened_at": play.day(122).isoformat()}
    problem = refusal(play, "psb-1", f"{tracing}/reunions", {**happened, **met})
    assert {"no_guardian_conflict", "not_revoked_by_a_court", "assessment_cleared"} <= set(codes(problem))


def test_she_goes_into_long_term_care(journey: Journey, play: Stage) -> None:
    story.into_long_term_care(play, journey)
    assert journey.states()["shelter"] == "completed"
    assert journey.states()["family_tracing"] == "completed"
