"""A child is heard, a guardian speaks for it, and a guardian in question no longer does."""

import pytest

from services.demo_desk import Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.consents.conftest import begun, child_of, consents, refusal


@pytest.fixture(scope="module")
def child(module_play: Stage) -> Journey:
    return child_of(module_play, 10, "temporary_cab")


def give(journey: Journey, play: Stage, **said: object) -> tuple[int, list[str]]:
    """What stands against this word on medical care."""
    health = play.desk("health-1")
    what = {"purpose": "medical_care", "what": "检查", "language": "zh"}
    asked = health.post(f"{journey.person}/consents", what)
    body = {"language": "zh", "how_explained": "用孩子听得懂的话", "in_private": True, **said}
    return refusal(health.post, f"/consents/{asked['id']}/give", body, version=1)


def test_a_child_of_ten_who_says_no_is_not_overridden(child: Journey, module_play: Stage) -> None:
    module_play.desk("health-1").accept(child.stage("medical_care"))
    no = give(child, module_play, given_by="temporary_guardian", assent=False, own_words="我怕")
    assert no == (422, ["child_agrees"])


def test_a_child_of_ten_is_heard_before_anybody_agrees_for_it(child: Journey, module_play: Stage) -> None:
    assert give(child, module_play, given_by="temporary_guardian") == (422, ["child_heard"])
    everything = ["right_person_consents", "child_heard"]
    assert give(child, module_play, given_by="safe_guardian") == (422, everything)


def purposes(journey: Journey) -> dict[tuple[str, str], tuple[str, str | None]]:
    """By purpose and basis: the state, and what ended it."""
    return {(one["purpose"], one["basis"]): (one["state"], one["ended_by"]) for one in consents(journey)}


def test_when_a_guardian_is_in_question_their_word_ends_and_care_goes_on(play: Stage) -> None:
    """Sharing, contact and publication end at once; care rests on vital interest until civil affairs decide (rule 3)."""
    journey = child_of(play, 10, "safe")
    health, civil_affairs = play.desk("health-1"), play.desk("cab-1")
    begun(journey, health, "medical_care", given_by="safe_guardian")
    begun(journey, civil_affairs, "follow_up", given_by="safe_guardian")
    for purpose in ("information_sharing", "publication", "repatriation", "family_tracing"):
        first.ask_consent(journey, civil_affairs, purpose, given_by="safe_guardian")

    civil_affairs.post(f"{journey.person}/guardian_conflicts", {"reason": "涉嫌参与拐卖"})

    ended = ("expired", "guardian_conflict")
    assert purposes(journey) == {
        ("medical_care", "consent"): ended,
        ("medical_care", "vital_interest"): ("given", None),
        ("follow_up", "consent"): ended,
        ("information_sharing", "consent"): ended,
        ("publication", "consent"): ended,
        ("repatriation", "consent"): ended,
        ("family_tracing", "consent"): ended,
    }
    assert journey.states()["medical_care"] == "active"
    assert journey.states()["follow_up"] == "declined"
    _temporary_guardian_agrees(journey, play)
    assert purposes(journey)["medical_care", "consent"] == ("given", None)
    assert purposes(journey)["medical_care", "vital_interest"] == ("expired", "guardian_decided")
    assert journey.states()["medical_care"] == "active"


def _temporary_guardian_agrees(journey: Journey, play: Stage) -> Json:
    return first.ask_consent(journey, play.desk("health-1"), "medical_care", given_by="temporary_guardian")


def test_care_that_the_temporary_guardian_refuses_stops(play: Stage) -> None:
    journey = child_of(play, 10, "safe")
    health = play.desk("health-1")
    begun(journey, health, "medical_care", given_by="safe_guardian")
    play.desk("cab-1").post(f"{journey.person}/guardian_conflicts", {"reason": "涉嫌参与拐卖"})
    asked = health.post(
        f"{journey.person}/consents", {"purpose": "medical_care", "what": "检查", "language": "zh"}
    )
    health.post(f"/consents/{asked['id']}/refuse", {"said_by": "temporary_guardian"}, version=1)
    assert purposes(journey)["medical_care", "vital_interest"] == ("expired", "guardian_decided")
    assert journey.states()["medical_care"] == "declined"


def test_a_child_s_protection_never_ends_with_a_consent(play: Stage) -> None:
    """Tracing goes on for a child although its consent was withdrawn; the adult's would be declined."""
    journey = child_of(play, 10, "temporary_cab")
    first.learn(journey, situation={"apart_from_family": "yes"})
    police = play.desk("psb-1")
    tracing = journey.stage("family_tracing")
    police.accept(tracing)
    police.move(tracing, "begin")
    given = first.ask_consent(journey, police, "family_tracing", given_by="temporary_guardian")
    words = {"said_by": "self", "own_words": "不想找了"}
    police.post(f"/consents/{given['id']}/withdraw", words, version=int(given["version"]))
    assert journey.states()["family_tracing"] == "active"


def age_decided(journey: Journey, play: Stage, outcome: str) -> None:
    """By civil affairs, after the women's federation approved."""
    civil_affairs, women = play.desk("cab-1"), play.desk("women-1")
    request = {
        "action": "age_decision",
        "subject_id": journey.victim_id,
        "approver_unit_id": play.unit(women),
        "reason": "出生证明已核对",
    }
    women.move(civil_affairs.post(f"{journey.address}/approvals", request), "approve")
    decided = {"outcome": outcome, "evidence": ["document"], "doubt": False, "reasons": "出生证明经核对"}
    at = {"decided_at": play.day(450).isoformat()}
    civil_affairs.post(f"{journey.person}/age_decisions", {**decided, **at})


def test_who_was_found_to_be_an_adult_is_asked_in_person(play: Stage) -> None:
    journey = child_of(play, 17, "temporary_cab")
    begun(journey, play.desk("cab-1"), "reintegration_support", given_by="temporary_guardian")
    age_decided(journey, play, "adult")
    found = {(one["purpose"], one["state"], one["ended_by"]) for one in consents(journey)}
    assert found == {
        ("reintegration_support", "expired", "age_decision"),
        ("reintegration_support", "asked", None),
    }
    assert journey.states()["reintegration_support"] == "active"


def test_for_who_was_found_to_be_a_child_the_guardian_speaks_on(play: Stage) -> None:
    journey = child_of(play, 17, "temporary_cab")
    begun(journey, play.desk("cab-1"), "reintegration_support", given_by="temporary_guardian")
    age_decided(journey, play, "minor")
    assert [(one["state"], one["ended_by"]) for one in consents(journey)] == [("given", None)]
