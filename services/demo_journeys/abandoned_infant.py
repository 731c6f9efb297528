"""A newborn is left at a hospital at night: temporary guardian, a search of a year that finds nobody, a name, a family."""

from datetime import timedelta
from typing import Final

from services.demo_desk import Json
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import Journey, Stage, date_of

CERTIFIED: Final = 32
CERTIFIED_AGAIN: Final = 380
ANNOUNCED: Final = 385


def reported_by_the_hospital(play: Stage) -> Journey:
    """The duty to report, at ten past two: nobody waits for the morning (Art. 17)."""
    message = {"narrative": "凌晨02:10，急诊门口发现一名被遗弃的新生儿", "whereabouts": "示范定点医院急诊"}
    body = {
        "kind": "mandatory_report",
        "place_id": play.place(first.FARM),
        "concerns": ["child_alone"],
        "message": message,
    }
    receipt = play.desk("hospital-1").post("/reports", body)
    play.say(f"A hospital reports an abandoned newborn at 02:10; receipt {receipt['number']} (Arts. 17, 44).")
    return first.police_take_it_up(play, receipt, [])


def into_care(play: Stage, journey: Journey) -> None:
    """Seen safe in the ward, handed to civil affairs, who speak for the child and take it in."""
    first.learn(
        journey,
        identity={"lowest_age": 0, "sex": "female"},
        situation={
            "in_danger": "no",
            "safe_place_tonight": "no",
            "apart_from_family": "yes",
            "identity_known": "no",
        },
    )
    first.investigate(play, journey, "already_safe", on=0, seen_in_private=True)
    first.hand_to_civil_affairs(play, journey)
    first.begin_guardianship(play, journey, on=0)
    first.shelter_at_the_station(
        play, journey, ["infant_care"], on=1, institution="child_welfare_institution"
    )
    play.say("Civil affairs are her temporary guardian; a welfare institution takes her in (Arts. 31, 40).")
    _checked_by_a_doctor(play, journey)


def _checked_by_a_doctor(play: Stage, journey: Journey) -> None:
    health, care = play.desk("health-1"), journey.stage("medical_care")
    health.accept(care)
    first.ask_consent(journey, health, "medical_care", given_by="temporary_guardian")
    health.move(care, "begin")
    health.record(care, "attendances", play.day(1), attended=True, attended_on=date_of(play.day(1)))
    health.record(care, "discharges", play.day(3), outcome="care_finished", offered_to_return=True)
    health.move(care, "complete")


def search_begins(play: Stage, journey: Journey) -> Json:
    """A notice within the day, a sample, and after a month the police certify that nobody was found for now."""
    police, civil_affairs, tracing = play.desk("psb-1"), play.desk("cab-1"), journey.stage("family_tracing")
    police.accept(tracing)
    police.move(tracing, "begin")
    police.record(
        tracing,
        "identity_checks",
        play.day(0),
        outcome="not_identified",
        sources=["missing_persons_register"],
    )
    first.ask_consent(journey, police, "family_tracing", given_by="temporary_guardian")
    civil_affairs.record(tracing, "tracing_notices", play.day(1), **_notice(play, 1))
    dates = {"requested_on": date_of(play.day(4)), "sampled": True, "sampled_on": date_of(play.day(20))}
    police.record(tracing, "sample_requests", play.day(20), **dates)
    _certified(play, tracing, months=1, on=CERTIFIED)
    civil_affairs.record(tracing, "tracing_notices", play.day(CERTIFIED), **_notice(play, CERTIFIED))
    play.say("A notice within 24 hours, a certificate after a month, a second notice; the search goes on.")
    return tracing


def _notice(play: Stage, on: int) -> Json:
    return {
        "published": True,
        "channel": "national_tracing_site",
        "published_on": date_of(play.day(on)),
        "ends_on": date_of(play.day(on) + timedelta(days=30)),
    }


def _certified(play: Stage, tracing: Json, *, months: int, on: int) -> None:
    paper = {"months": months, "number": f"示查无{months}号", "certified_on": date_of(play.day(on))}
    play.desk("psb-1").record(tracing, "not_found_certificates", play.day(on), **paper)


def registered(play: Stage, journey: Journey) -> None:
    """A name, a household and social security, while the search goes on (Art. 33)."""
    police, civil_affairs = play.desk("psb-1"), play.desk("cab-1")
    registering = journey.stage("household_registration")
    police.accept(registering)
    police.move(registering, "begin")
    papers = {"papers": ["foundling_certificate", "care_certificate"], "missing": ["birth_certificate"]}
    civil_affairs.record(registering, "dossiers", play.day(93), **papers)
    day = date_of(play.day(95))
    police.record(registering, "submissions", play.day(95), submitted_to="示范派出所", submitted_on=day)
    home = {"registered_on": date_of(play.day(110)), "household": "collective_household"}
    police.record(registering, "registrations", play.day(110), **home)
    granted = {"benefit": "child_allowance", "outcome": "granted", "told_to_person": True}
    civil_affairs.record(registering, "benefit_decisions", play.day(115), **granted)
    police.move(registering, "complete")
    play.say("She is registered in the institution's collective household; nobody waits for the search.")


def search_ends(play: Stage, tracing: Json) -> None:
    """Twelve months without a trace: the police certify it, and only this ends the search."""
    _certified(play, tracing, months=12, on=CERTIFIED_AGAIN)
    play.desk("psb-1").move(tracing, "complete")
    play.say("After a year the police certify that nobody was found (Art. 32).")


def adoption(play: Stage, *, announced_on: int = ANNOUNCED) -> Json:
    """An adoption as it is about to be recorded."""
    return {
        "status": "adoption",
        "number": "示收养1号",
        "announced_on": date_of(play.day(announced_on)),
        "child_consents": False,
    }


def goes_to_her_family(play: Stage, journey: Journey) -> None:
    """Guardianship ends in an adoption, shelter in a home."""
    civil_affairs, station = play.desk("cab-1"), play.desk("station-1")
    guardianship, shelter = journey.stage("guardianship"), journey.stage("shelter")
    civil_affairs.record(guardianship, "guardian_statuses", play.day(ANNOUNCED + 70), **adoption(play))
    civil_affairs.move(guardianship, "complete")
    home = {"destination": "family", "safe": "yes", "follow_up_offered": True}
    station.record(shelter, "exits", play.day(ANNOUNCED + 75), **home)
    station.move(shelter, "complete")
    play.say("She goes to the family that adopts her, after 60 days of announcement (Art. 18).")
