"""Whether somebody is a victim, how old they are and what they need: decided in the open, kept whole, gating no help."""

from collections.abc import Callable

import pytest

from services.demo_desk import Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.people.conftest import NAMELESS, learn, taken_in

Refuses = Callable[..., Json]
ADULT: Json = {
    "outcome": "adult",
    "evidence": ["document"],
    "doubt": False,
    "reasons": "出生证明经核对",
    "decided_at": "2026-03-12T09:30:00+08:00",
}
DECIDED: Json = {
    "status": "identified",
    "decided_by": "police",
    "reasons": "与调查所见一致",
    "decided_at": "2026-03-12T09:30:00+08:00",
}
ASSESSED: Json = {
    "assessed_at": "2026-03-12T09:30:00+08:00",
    "language": "zh",
    "areas": ["learning"],
    "individual": {"risks": "夜里常惊醒", "protective_factors": "爱画画"},
}


def approval(play: Stage, journey: Journey, *, by: str = "psb-1") -> None:
    """A second agency agrees to decide this person's age."""
    asked = journey.owner.post(f"{journey.address}/approvals", wanted(play, journey, by=by))
    play.desk(by).post(f"/approvals/{asked['id']}/approve", version=int(asked["version"]))


def wanted(play: Stage, journey: Journey, *, by: str) -> Json:
    return {
        "action": "age_decision",
        "subject_id": journey.victim_id,
        "approver_unit_id": play.unit(play.desk(by)),
        "reason": "出生证明已核对",
    }


def codes(problem: Json) -> set[str]:
    return {row["code"] for row in problem["unmet"]}


# --- identification ---


def test_care_is_under_way_before_anybody_decided_whether_they_are_a_victim(module_play: Stage) -> None:
    journey = taken_in(module_play, NAMELESS)
    first.begin_guardianship(module_play, journey, on=1)
    first.shelter_at_the_station(module_play, journey, ["quiet_room"], on=1)
    assert "identification" not in journey.owner.get(journey.person)["sections"]
    assert {journey.states()["shelter"], journey.states()["guardianship"]} == {"active"}


def test_each_decision_is_kept_with_who_decided_and_why(
    child: Journey, module_play: Stage, refused: Refuses
) -> None:
    address = f"{child.person}/identification"
    problem = refused(403, module_play.desk("psb-1").post, address, DECIDED)
    assert problem["possible"][0]["by"] == ["owner"]
    child.owner.post(address, DECIDED)
    states = child.states()
    person = child.owner.post(address, {**DECIDED, "status": "not_a_victim", "decided_by": "ngo"})
    assert person["sections"]["identification"]["status"] == "not_a_victim"
    kept = child.owner.get(address)["items"]
    assert [(one["status"], one["decided_by"]) for one in kept] == [
        ("not_a_victim", "ngo"),
        ("identified", "police"),
    ]
    assert all(one["reasons"] == DECIDED["reasons"] for one in kept)
    assert child.states() == states, "deciding ends nothing"
    learn(child.owner, child, situation={"injured_or_ill": "yes"})
    assert "medical_care" not in child.states(), "nothing further opens by rule"
    child.owner.post(address, {**DECIDED, "status": "presumed"})
    assert child.states()["medical_care"] == "routed"


def test_the_timeline_names_the_decision_and_keeps_its_reasons_to_itself(child: Journey) -> None:
    child.owner.post(f"{child.person}/identification", DECIDED)
    entries = child.owner.get(f"{child.address}/timeline", limit=100)["items"]
    (*_, entry) = [one for one in entries if one["what"] and one["what"]["action"] == "identification"]
    assert entry["what"]["articles"] == [39]
    assert {"identification.reasons", "identification.status"} <= set(entry["what"]["changed"])
    assert DECIDED["reasons"] not in str(entries)


def test_identification_is_no_field_that_anybody_may_set_in_passing(child: Journey, refused: Refuses) -> None:
    problem = refused(422, learn, child.owner, child, account={"identification": "not_a_victim"})
    assert problem["errors"][0]["rule"] == "extra_forbidden"


# --- age ---


@pytest.fixture
def youth(play: Stage) -> Journey:
    return taken_in(play, NAMELESS)


def test_an_estimate_and_a_new_birth_date_never_make_an_adult_of_a_minor(
    youth: Journey, refused: Refuses
) -> None:
    assert learn(youth.owner, youth, identity={"lowest_age": 40})["minor"] is True
    problem = refused(422, learn, youth.owner, youth, identity={"birth_date": "1990-05-01"})
    assert problem["errors"][0] == {
        "field": "identity.birth_date",
        "rule": "age_decision_needed",
        "text": "曾按未成年人对待，须先作年龄认定",
    }


def test_an_age_is_decided_by_civil_affairs_after_another_agency_agreed(
    youth: Journey, play: Stage, refused: Refuses
) -> None:
    address = f"{youth.person}/age_decisions"
    assert refused(403, play.desk("psb-1").post, address, ADULT)["lead"] == "CAB"
    assert codes(refused(422, youth.owner.post, address, ADULT)) == {"second_agency_agrees"}
    for own in ("cab-1", "corps-cab-1"):
        body = wanted(play, youth, by=own)
        problem = refused(422, youth.owner.post, f"{youth.address}/approvals", body)
        assert problem["errors"][0]["rule"] == "same_agency"
    approval(play, youth)
    assert youth.owner.post(address, ADULT)["minor"] is False
    assert learn(youth.owner, youth, identity={"birth_date": "1990-05-01"})["minor"] is False
    assert codes(refused(422, youth.owner.post, address, ADULT)) == {"second_agency_agrees"}


def test_doubt_means_minor_and_every_open_requirement_is_named(
    youth: Journey, play: Stage, refused: Refuses
) -> None:
    address = f"{youth.person}/age_decisions"
    approval(play, youth)
    in_doubt = {**ADULT, "doubt": True, "evidence": ["medical_opinion"]}
    found = codes(refused(422, youth.owner.post, address, in_doubt))
    assert found == {"doubt_means_minor", "evidence_of_age", "medical_consent"}
    assert youth.owner.post(address, {**in_doubt, "outcome": "minor", "evidence": ["own_statement"]})["minor"]


def test_a_paper_that_the_decision_did_not_believe_counts_no_more(play: Stage) -> None:
    journey = taken_in(play, {"identity": {"birth_date": "1990-05-01"}})
    assert "guardianship" not in journey.states()
    approval(play, journey)
    person = journey.owner.post(f"{journey.person}/age_decisions", {**ADULT, "outcome": "minor"})
    assert (person["minor"], person["sections"]["identity"]["birth_date"]) == (True, None)
    assert journey.states()["guardianship"] == "routed"


def test_a_later_document_that_shows_a_minor_undoes_the_decision(youth: Journey, play: Stage) -> None:
    approval(play, youth)
    address = f"{youth.person}/age_decisions"
    youth.owner.post(address, ADULT)
    assert learn(youth.owner, youth, identity={"birth_date": "2012-05-01"})["minor"] is True
    assert [one["outcome"] for one in youth.owner.get(address)["items"]] == ["minor", "adult"]


# --- needs ---


def test_needs_are_told_by_who_works_for_the_person_and_every_talk_is_kept(
    child: Journey, module_play: Stage, refused: Refuses
) -> None:
    address = f"{child.person}/needs_assessments"
    child.owner.post(address, ASSESSED)
    police = module_play.desk("psb-1")
    police.post(address, {**ASSESSED, "areas": ["safety"]})  # tracing lies with them
    refused(404, module_play.desk("hrss-1").post, address, ASSESSED)
    kept = child.owner.get(address)["items"]
    assert [(one["by_agency"], one["areas"]) for one in kept] == [("PSB", ["safety"]), ("CAB", ["learning"])]
    theirs = police.get(address)
    assert [one["by_agency"] for one in theirs["items"]] == ["PSB"]
    assert theirs["_redacted"] == ["needs"]


def test_an_assessment_without_what_carries_the_person_is_none(child: Journey, refused: Refuses) -> None:
    address = f"{child.person}/needs_assessments"
    only_risks = {**ASSESSED, "individual": {"risks": "夜里常惊醒"}}
    assert refused(422, child.owner.post, address, only_risks)["errors"][0]["rule"] == "missing"
    nothing = {name: value for name, value in ASSESSED.items() if name != "individual"}
    assert refused(422, child.owner.post, address, nothing)["errors"][0]["rule"] == "needs_level_missing"
