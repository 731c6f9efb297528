"""What the worker does: terms run out, other bases end, and on the 18th birthday a guardian's word is over."""

from datetime import UTC, datetime, timedelta

from domain.people import civil_day
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.consents.conftest import Time, begun, child_of, consents, entries, refusal, somebody


def test_a_consent_ends_with_its_term_and_the_stage_with_it(woman: Journey, play: Stage, time: Time) -> None:
    health = play.desk("health-1")
    care = woman.stage("medical_care")
    health.accept(care)
    until = (datetime.now(UTC) + timedelta(days=20)).isoformat()
    what = {"purpose": "medical_care", "what": "检查", "language": "zh", "expires_at": until}
    asked = health.post(f"{woman.person}/consents", what)
    said = {
        "given_by": "self",
        "own_words": "好",
        "language": "zh",
        "how_explained": "口头",
        "in_private": True,
    }
    health.post(f"/consents/{asked['id']}/give", said, version=1)
    health.move(care, "begin")

    time.comes(woman, "consent_term", asked["id"])

    (consent,) = consents(woman)
    assert (consent["state"], consent["ended_by"]) == ("expired", "consent_term")
    assert woman.states()["medical_care"] == "declined"
    assert refusal(health.get, care["links"]["self"]) == (404, [])
    assert ("expire_consent", "consent_term") in {(what["action"], what["rule"]) for what in entries(woman)}


def test_on_the_18th_birthday_the_person_is_asked_anew_and_services_stay(play: Stage, time: Time) -> None:
    journey = child_of(play, 17, "temporary_cab")
    health, civil_affairs = play.desk("health-1"), play.desk("cab-1")
    begun(journey, health, "medical_care", given_by="temporary_guardian")
    begun(journey, civil_affairs, "reintegration_support", given_by="temporary_guardian")
    first.ask_consent(journey, civil_affairs, "information_sharing")  # at 17 she decides that alone
    before = journey.states()

    time.comes(journey, "eighteenth_birthday", journey.victim_id)

    found = {(one["purpose"], one["state"], one["ended_by"]) for one in consents(journey)}
    assert found == {
        ("medical_care", "expired", "majority"),
        ("medical_care", "asked", None),
        ("reintegration_support", "expired", "majority"),
        ("reintegration_support", "asked", None),
        ("information_sharing", "given", None),
    }
    assert journey.states() == {**before, "guardianship": "completed"}
    (anew,) = [
        one for one in consents(journey) if (one["purpose"], one["state"]) == ("medical_care", "asked")
    ]
    assert health.get(f"/consents/{anew['id']}")["said"]["asked"]["what"] == "按计划提供帮助"
    rules = {(what["action"], what["rule"]) for what in entries(journey) if what["rule"] == "majority"}
    assert rules == {("expire_consent", "majority"), ("ask_consent", "majority"), ("complete", "majority")}


def test_the_birthday_is_waited_for_from_its_first_instant_and_moves_with_the_birth_date(
    play: Stage, time: Time
) -> None:
    journey = child_of(play, 10, "temporary_cab")
    born = play.day(500).year - 10
    first.learn(journey, identity={"birth_date": f"{born}-03-05"})
    assert time.due_at(journey.victim_id, "eighteenth_birthday") == [f"{born + 18}-03-05 00:00"]
    first.learn(journey, identity={"birth_date": f"{born}-02-28"})
    assert time.due_at(journey.victim_id, "eighteenth_birthday") == [f"{born + 18}-02-28 00:00"]


def test_an_adult_waits_for_no_birthday(woman: Journey, time: Time) -> None:
    assert time.due_at(woman.victim_id, "eighteenth_birthday") == []


def test_at_18_a_safe_guardian_s_word_is_over_too_and_each_question_is_asked_once(
    play: Stage, time: Time
) -> None:
    journey, civil_affairs = child_of(play, 17, "safe"), play.desk("cab-1")
    for _twice in range(2):
        first.ask_consent(journey, civil_affairs, "publication", given_by="safe_guardian")
    guardianship = journey.stage("guardianship")
    civil_affairs.move(guardianship, "complete")
    time.comes(journey, "eighteenth_birthday", journey.victim_id)
    assert sorted(one["state"] for one in consents(journey)) == ["asked", "expired", "expired"]
    assert journey.states()["guardianship"] == "completed"


def test_guardianship_that_nobody_took_up_is_closed_at_18(play: Stage, time: Time) -> None:
    born = civil_day(play.day(500))
    journey = somebody(play, born.replace(year=born.year - 17, day=min(born.day, 28)).isoformat())
    assert journey.states()["guardianship"] == "routed"
    time.comes(journey, "eighteenth_birthday", journey.victim_id)
    assert journey.states()["guardianship"] == "closed_unmet"


def test_who_would_learn_of_it_is_part_of_the_question_asked_anew(play: Stage, time: Time) -> None:
    journey, civil_affairs = child_of(play, 10, "temporary_cab"), play.desk("cab-1")
    school = play.unit(play.desk("edu-1"))
    what = {"purpose": "information_sharing", "what": "与学校共享", "language": "zh"}
    asked = civil_affairs.post(f"{journey.person}/consents", {**what, "recipient_unit_ids": [school]})
    said = {"given_by": "temporary_guardian", "assent": True, "language": "zh", "how_explained": "口头"}
    civil_affairs.post(f"/consents/{asked['id']}/give", {**said, "in_private": True}, version=1)
    time.comes(journey, "eighteenth_birthday", journey.victim_id)
    (anew,) = [one for one in consents(journey) if one["state"] == "asked"]
    assert anew["recipient_unit_ids"] == [school]
