"""A girl of 17 asks for help herself and wants to learn a trade; she is at her training when the curtain falls."""

from datetime import timedelta
from typing import Final

from services.demo_desk import Json
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import Journey, Stage, date_of

SEVENTEEN: Final = timedelta(days=17 * 365 + 100)
WHAT_SHE_WENT_THROUGH: Final = "我被人带到外地，每天做工到深夜，没有工钱"
ARRIVED: Final = 440  # sixty days ago: what she says about training must be at most thirty days old


def girl_who_wants_to_train(play: Stage) -> Journey:
    """From her own report to a training that she chose (Art. 37)."""
    journey = reports_herself(play)
    first.hand_to_civil_affairs(play, journey)
    first.begin_guardianship(play, journey, on=ARRIVED + 1)
    first.shelter_at_the_station(play, journey, ["female_staff", "quiet_room"], on=ARRIVED + 1)
    play.say(
        "Civil affairs become her temporary guardian, and the relief station shelters her (Arts. 31, 40)."
    )
    _guardian_found_safe(play, journey)
    women_federation_invited(play, journey)
    says_what_she_wants(play, journey)
    _employment_begins(play, journey)
    _offer_elsewhere(play, journey)
    return journey


def reports_herself(play: Stage) -> Journey:
    message = {"narrative": WHAT_SHE_WENT_THROUGH, "whereabouts": "师市汽车站候车室"}
    receipt = first.report(play, "complaint", ["self_report"], message)
    play.say(f"She reports it herself, without an account; receipt {receipt['number']} (Art. 44).")
    girl: Json = {
        "identity": {
            "birth_date": date_of(play.day(500) - SEVENTEEN),
            "sex": "female",
            "languages": ["zh"],
        },
        "situation": {"in_danger": "no", "safe_place_tonight": "no", "identity_known": "yes"},
        "account": {"liberty_at": play.day(ARRIVED).isoformat(), "note": WHAT_SHE_WENT_THROUGH},
    }
    journey = first.police_take_it_up(play, receipt, [girl])
    first.investigate(play, journey, "already_safe", on=ARRIVED, seen_in_private=True)
    play.say(
        f"The police accept it as case {journey.case['number']}; no rescue is needed, she is free (Art. 25)."
    )
    return journey


def _guardian_found_safe(play: Stage, journey: Journey) -> None:
    civil_affairs, guardianship = play.desk("cab-1"), journey.stage("guardianship")
    visited = {
        "relation": "grandparent",
        "outcome": "suitable",
        "home_visited": True,
        "child_seen_alone": True,
    }
    civil_affairs.record(guardianship, "family_assessments", play.day(ARRIVED + 20), **visited)
    heard = {"own_words": "我相信外婆", "language": "zh", "heard_alone": True, "keep_from_guardian": False}
    civil_affairs.record(guardianship, "child_views", play.day(ARRIVED + 20), **heard)
    safe = {"status": "safe", "relation": "grandparent"}
    civil_affairs.record(guardianship, "guardian_statuses", play.day(ARRIVED + 22), **safe)
    play.say("Her grandmother is visited, found safe, and told of the plans (Art. 40).")


def women_federation_invited(play: Stage, journey: Journey) -> None:
    justice, women = play.desk("justice-1"), play.desk("women-1")
    rights = first.explain_rights(play, journey, ["wages", "compensation", "privacy"], on=ARRIVED + 25)
    justice.post(f"{rights['links']['self']}/invitations", {"unit_id": play.unit(women)})
    play.say("The judicial bureau explains her rights and invites the women's federation (Arts. 35, 38).")


def says_what_she_wants(play: Stage, journey: Journey) -> None:
    """Heard alone by the women's federation; nobody who gains by her working may write it down."""
    will = {
        "willing": True,
        "own_words": "我想学做面点，学会了自己开店",
        "said_at": play.day(495).isoformat(),
        "in_private": True,
    }
    play.desk("women-1").post(f"{journey.person}/willingness", will)
    play.say(
        "She tells the women's federation alone that she wants to train; employment opens by rule (Art. 37)."
    )


def _employment_begins(play: Stage, journey: Journey) -> None:
    employment = journey.stage("employment")
    counsellor = play.desk("hrss-1")
    counsellor.accept(employment)
    first.ask_consent(journey, counsellor, "employment", given_by="safe_guardian")
    wish = {
        "own_words": "上午学，下午想看书",
        "support": ["skills_training"],
        "guardian_informed_on": date_of(play.day(496)),
    }
    counsellor.record(employment, "assessments", play.day(496), **wish)
    counsellor.move(employment, "begin")
    course = {
        "course": "中式面点初级班",
        "provider": "示范职业培训学校",
        "chosen_by_person": True,
        "starts_on": date_of(play.day(497)),
    }
    counsellor.record(employment, "trainings", play.day(496), **course)
    play.say("The employment counsellor begins with a course that she chose, and learns nothing of her past.")


def _offer_elsewhere(play: Stage, journey: Journey) -> None:
    counsellor, employment = play.desk("hrss-1"), journey.stage("employment")
    offer = {
        "occupation": "面点学徒",
        "work_kind": "ordinary",
        "place_elsewhere": True,
        "contract_shown": True,
        "language": "zh",
        "accepted": "unknown",
    }
    counsellor.record(employment, "job_offers", play.day(498), **offer)
    first.ask_consent(journey, counsellor, "relocation", given_by="safe_guardian")
    play.say("A place in another city is offered; going there is asked as a consent of its own.")
