"""Who asks, who writes down what was said, who reads it: the desks behind a consent, and the words for which they answer."""

from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.consents.conftest import begun, child_of, consents, refusal, withdraw

SAID: Json = {"own_words": "愿意", "language": "zh", "how_explained": "当面逐条说明", "in_private": True}


def asked(journey: Journey, desk: Desk, purpose: str, **more: Any) -> Json:
    what = {"purpose": purpose, "what": "按计划提供帮助", "language": "zh", **more}
    return desk.post(f"{journey.person}/consents", what)


def give(desk: Desk, consent: Json, given_by: str = "self", **more: Any) -> Json:
    said = {**SAID, "given_by": given_by, **more}
    return desk.post(f"/consents/{consent['id']}/give", said, version=int(consent["version"]))


def test_who_reads_the_case_for_another_reason_asks_for_nothing(woman: Journey, play: Stage) -> None:
    women = play.desk("women-1")
    approval = {"action": "close", "subject_id": woman.case["id"], "approver_unit_id": play.unit(women)}
    woman.owner.post(f"{woman.address}/approvals", {**approval, "reason": "已办结"})
    assert women.get(woman.address)["id"] == woman.case["id"]
    assert refusal(asked, woman, women, "follow_up") == (403, [])


def test_a_desk_that_did_not_ask_writes_nothing_down_while_the_one_that_did_is_there(
    woman: Journey, play: Stage
) -> None:
    health, justice = play.desk("health-1"), play.desk("justice-1")
    consent = asked(woman, health, "publication")
    assert woman.stage("rights_support")["unit_id"] == play.unit(justice)
    assert refusal(give, justice, consent) == (403, [])
    assert give(health, consent)["state"] == "given"


def test_nobody_is_held_to_a_yes_because_the_desk_at_which_it_was_said_is_gone(
    woman: Journey, play: Stage
) -> None:
    health, justice = play.desk("health-1"), play.desk("justice-1")
    of_care = begun(woman, health, "medical_care")
    published = first.ask_consent(woman, health, "publication")
    withdraw(health, of_care)
    assert refusal(health.get, woman.address) == (404, [])
    assert withdraw(justice, published)["state"] == "withdrawn"


def test_the_owner_reads_the_words_about_stages_that_it_reads_and_about_none(
    woman: Journey, play: Stage
) -> None:
    """Asked by the hospital bureau, which works for her too: of its own stage the owner reads nothing."""
    health, civil_affairs = play.desk("health-1"), play.desk("cab-1")
    for purpose in ("reintegration_support", "publication"):
        consent = give(health, asked(woman, health, purpose))
        said = civil_affairs.get(f"/consents/{consent['id']}")["said"]
        assert said["given"]["own_words"] == "愿意", purpose


def test_a_list_shows_a_unit_beside_the_case_only_what_it_asked_itself(woman: Journey, play: Stage) -> None:
    health, civil_affairs = play.desk("health-1"), play.desk("cab-1")
    own = asked(woman, health, "medical_care")
    other = asked(woman, civil_affairs, "follow_up")
    listed = health.get(f"{woman.person}/consents")["items"]
    assert [one["id"] for one in listed] == [own["id"]]
    assert {one["id"] for one in consents(woman)} == {own["id"], other["id"]}


def test_nobody_agrees_to_what_is_over(woman: Journey, play: Stage) -> None:
    civil_affairs = play.desk("cab-1")
    soon = datetime.now(UTC) + timedelta(seconds=2)
    consent = asked(woman, civil_affairs, "follow_up", expires_at=soon.isoformat())
    sleep(max(0.0, (soon - datetime.now(UTC)).total_seconds()) + 0.1)
    assert refusal(give, civil_affairs, consent) == (422, ["term_not_over"])


def test_the_relative_who_agrees_is_on_file_and_a_guardian(play: Stage) -> None:
    journey, health = child_of(play, 10, "temporary_cab"), play.desk("health-1")
    aunt = {"name": "示例姑姑", "relation": "grandparent", "role": "relative", "languages": ["zh"]}
    relative = journey.owner.post(f"{journey.person}/relatives", aunt)
    consent = asked(journey, health, "medical_care")
    for relative_id in (relative["id"], journey.victim_id):
        told = refusal(give, health, consent, "temporary_guardian", assent=True, relative_id=relative_id)
        assert told == (422, ["unknown_relative"])
    assert give(health, consent, "temporary_guardian", assent=True)["state"] == "given"


def test_a_relative_who_is_not_on_file_agrees_to_nothing(play: Stage) -> None:
    journey, health = child_of(play, 10, "safe"), play.desk("health-1")
    consent = asked(journey, health, "medical_care")
    unknown = {"assent": True, "relative_id": journey.victim_id}
    assert refusal(give, health, consent, "safe_guardian", **unknown) == (422, ["unknown_relative"])


def test_an_adult_s_no_stops_even_urgent_care(woman: Journey, play: Stage) -> None:
    health = play.desk("health-1")
    first.learn(woman, situation={"injured_or_ill": "yes"})
    given = begun(woman, health, "medical_care")
    withdraw(health, given)
    assert woman.states()["medical_care"] == "declined"


def test_taking_it_back_declines_nothing_that_has_not_begun(woman: Journey, play: Stage) -> None:
    before = woman.states()
    withdraw(play.desk("cab-1"), first.ask_consent(woman, play.desk("cab-1"), "medical_care"))
    assert woman.states() == before


def test_what_a_child_said_alone_outlives_the_doubt_about_its_guardian(play: Stage) -> None:
    journey, civil_affairs = child_of(play, 17, "safe"), play.desk("cab-1")
    first.ask_consent(journey, civil_affairs, "information_sharing")
    first.ask_consent(journey, civil_affairs, "publication", given_by="safe_guardian")
    civil_affairs.post(f"{journey.person}/guardian_conflicts", {"reason": "涉嫌参与拐卖"})
    assert {one["purpose"]: one["state"] for one in consents(journey)} == {
        "information_sharing": "given",
        "publication": "expired",
    }
