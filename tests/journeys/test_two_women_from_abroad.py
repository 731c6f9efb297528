"""Journey 5: nobody is returned who did not ask for it, had no time to think, or would be in danger; who stays is cared for."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from services.demo_desk import Json, Refused
from services.demo_journeys import first_steps as first
from services.demo_journeys import two_women_from_abroad as story
from services.demo_journeys.play import Stage


@pytest.fixture(scope="module")
def women(module_play: Stage) -> story.Travellers:
    return story.they_escape(module_play)


@pytest.fixture(scope="module")
def stage(women: story.Travellers, module_play: Stage) -> Json:
    """Her return, under way since she agreed to it."""
    first.ask_consent(women.returning, module_play.desk("cab-1"), "repatriation")
    assert "repatriation" not in women.returning.states()
    story.status_explained(module_play, women.returning)
    return story.agrees_to_return(module_play, women.returning)


def refused_codes(play: Stage, stage: Json, address: str, day: int, body: Json) -> list[str]:
    with pytest.raises(Refused) as refused:
        play.desk("psb-1").record(stage, address, play.day(day), **body)
    return [row["code"] for row in refused.value.problem["unmet"]]


def test_consent_before_the_choices_were_explained_opens_nothing_and_after_it_does(
    stage: Json, module_play: Stage
) -> None:
    seen = module_play.desk("psb-1").get(stage["links"]["self"])
    assert (seen["opened_by"], seen["articles"]) == ("free_consent_to_return", [47])


def test_whoever_is_pregnant_is_in_a_house_of_care_and_the_police_do_not_read_why(
    women: story.Travellers, module_play: Stage
) -> None:
    shelter = women.staying.stage("shelter")["links"]["records"]
    bodies = {one["kind"]: one["body"] for one in module_play.desk("station-1").get(shelter)["items"]}
    assert bodies["placement"]["care"] == "relief_station"
    assert women.staying.owner.get(women.staying.person)["sections"]["stay"]["pregnant"] == "yes"
    seen_by_the_police = module_play.desk("psb-1").get(women.staying.person)["sections"]
    assert "pregnant" not in json.dumps(seen_by_the_police)


def test_the_embassy_hears_of_her_only_when_she_agreed_to_it(
    women: story.Travellers, stage: Json, module_play: Stage
) -> None:
    told = refused_codes(module_play, stage, "embassy_contacts", 10, story.embassy())
    assert told == ["embassy_contact_agreed", "sharing_abroad_agreed"]
    first.ask_consent(women.returning, module_play.desk("cab-1"), "embassy_contact")
    told = refused_codes(module_play, stage, "embassy_contacts", 10, story.embassy())
    assert told == ["sharing_abroad_agreed"]
    first.ask_consent(women.returning, module_play.desk("cab-1"), "transfer_abroad")
    police = module_play.desk("psb-1")
    unassessed = {**story.embassy(), "export_assessment_reference": None}
    with pytest.raises(Refused) as refused:
        police.record(stage, "embassy_contacts", module_play.day(11), **unassessed)
    assert "export_assessment_reference" in str(refused.value.problem["errors"])
    police.record(stage, "embassy_contacts", module_play.day(12), **story.embassy())


def test_an_asylum_seeker_s_embassy_is_not_contacted_whatever_was_agreed(
    women: story.Travellers, stage: Json, module_play: Stage
) -> None:
    first.learn(women.returning, stay={"asylum_seeker": "yes"})
    told = refused_codes(module_play, stage, "embassy_contacts", 13, story.embassy())
    assert told == ["not_an_asylum_seeker"]
    first.learn(women.returning, stay={"asylum_seeker": "no"})


def test_she_is_not_sent_before_the_risk_is_cleared_and_somebody_waits(
    stage: Json, module_play: Stage
) -> None:
    told = refused_codes(module_play, stage, "voluntary_returns", 30, story.departure(module_play, 30))
    assert told == ["return_risk_cleared", "fit_to_travel", "carer_confirmed"]


def test_she_is_not_sent_before_she_had_a_month_to_think(
    women: story.Travellers, stage: Json, module_play: Stage
) -> None:
    """The month runs from the day on which she learned her choices, however long she is free already."""
    explained = women.returning.owner.get(women.returning.person)["sections"]["stay"]["status_explained_at"]
    lately = datetime.now(UTC) - timedelta(days=29)
    first.learn(women.returning, stay={"status_explained_at": lately.isoformat()})
    told = refused_codes(module_play, stage, "voluntary_returns", 31, story.departure(module_play, 31))
    assert "time_to_reflect" in told
    first.learn(women.returning, stay={"status_explained_at": explained})
    told = refused_codes(module_play, stage, "voluntary_returns", 31, story.departure(module_play, 31))
    assert "time_to_reflect" not in told


def test_without_a_receipt_nobody_says_that_she_arrived(stage: Json, module_play: Stage) -> None:
    with pytest.raises(Refused) as refused:
        module_play.desk("psb-1").move(stage, "complete")
    assert [row["code"] for row in refused.value.problem["unmet"]] == ["received_or_alternative"]


def test_she_returns_and_the_stage_ends_with_the_signed_receipt(
    women: story.Travellers, stage: Json, module_play: Stage
) -> None:
    story.returns(module_play, stage)
    assert women.returning.states()["repatriation"] == "completed"


def test_there_is_no_word_for_somebody_who_was_removed(module_play: Stage) -> None:
    document = json.dumps(module_play.client.get("/openapi.json").json())
    assert "voluntary_return" in document
    for word in ("removed", "deported", "expelled", "surrendered"):
        assert f'"{word}"' not in document


def test_a_high_risk_ends_in_another_footing_and_changes_nothing_of_her_care(
    women: story.Travellers, module_play: Stage
) -> None:
    her, police = women.staying, module_play.desk("psb-1")
    story.status_explained(module_play, her)
    assert "repatriation" not in her.states(), "to know one's choices is not to have chosen"
    hers = story.agrees_to_return(module_play, her)
    before = {code: state for code, state in her.states().items() if code != "repatriation"}
    police.record(hers, "return_risk_assessments", module_play.day(40), **story.risk(outcome="high_risk"))
    told = refused_codes(module_play, hers, "voluntary_returns", 41, story.departure(module_play, 41))
    assert told == ["return_risk_cleared", "sharing_abroad_agreed"]
    first.ask_consent(her, module_play.desk("cab-1"), "transfer_abroad")
    unassessed = {**story.departure(module_play, 41), "export_assessment_reference": None}
    with pytest.raises(Refused) as refused:
        police.record(hers, "voluntary_returns", module_play.day(41), **unassessed)
    assert "export_assessment_reference" in str(refused.value.problem["errors"])
    told = refused_codes(module_play, hers, "voluntary_returns", 41, story.departure(module_play, 41))
    assert told == ["return_risk_cleared"]
    story.stays(module_play, hers)
    after = her.states()
    assert after.pop("repatriation") == "completed"
    assert after == before
