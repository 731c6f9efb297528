"""A woman of 24 was forced into a marriage and has a child: two people in one case, each with stages of their own."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.demo_desk import Json
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import Journey, Stage, date_of

TWENTY_FOUR: Final = timedelta(days=24 * 366)
SIX: Final = timedelta(days=6 * 366 + 30)
FOUND: Final = 400  # a hundred days ago: the year in which the marriage can be annulled still runs
CLAIM: Final = "示民初1号"


@dataclass(frozen=True, slots=True)
class Family:
    """The mother and her child, in one case; and the alarm of the year in which the marriage can be annulled, as it ran
    before she went to court."""

    mother: Journey
    child: Journey
    alarm: Json


def woman_forced_into_marriage(play: Stage) -> Family:
    """From a neighbour's report to an annulment claim before the court, mother and child in shelter together."""
    mother = _report_and_private_talk(play)
    child = _child_named(play, mother)
    _both_brought_to_safety(play, mother, child)
    first.hand_to_civil_affairs(play, mother, child)
    _shelter_together(play, mother, child)
    _safety_plans(play, mother, child)
    _mother_speaks_for_the_child(play, child)
    alarm = annulment_alarm(mother)
    _rights_and_annulment(play, mother)
    _child_registered_and_at_school(play, child)
    _follow_up_agreed(play, mother)
    return Family(mother, child, alarm)


def _report_and_private_talk(play: Stage) -> Journey:
    message = {"narrative": "邻家的女子说她是被卖来的，不许出门", "whereabouts": "示范北一团"}
    receipt = first.report(play, "tip", ["danger"], message)
    play.say(f"A neighbour reports it; receipt {receipt['number']} (Art. 44).")
    woman: Json = {
        "identity": {
            "birth_date": date_of(play.day(500) - TWENTY_FOUR),
            "sex": "female",
            "languages": ["zh"],
        },
        "situation": {"in_danger": "yes", "safe_place_tonight": "no", "identity_known": "yes"},
    }
    journey = first.police_take_it_up(play, receipt, [woman])
    first.investigate(play, journey, "rescue_needed", on=FOUND, seen_in_private=True)
    talk = {
        "victim_id": journey.victim_id,
        "recorded": True,
        "single": True,
        "female_officer": True,
    }
    play.desk("psb-1").record(journey.stage("investigation"), "interviews", play.day(FOUND), **talk)
    play.say(
        "A policewoman sees her alone and asks whether she wants to stay or to leave: she wants to leave."
    )
    return journey


def _child_named(play: Stage, mother: Journey) -> Journey:
    child = mother.owner.post(
        f"{mother.address}/victims",
        {
            "identity": {"birth_date": date_of(play.day(500) - SIX), "sex": "female", "languages": ["zh"]},
            "situation": {
                "in_danger": "yes",
                "safe_place_tonight": "no",
                "identity_known": "yes",
                "household_registered": "no",
            },
        },
    )
    play.say("Her daughter of six is a person of her own in the case, with stages of her own.")
    return Journey(mother.case, str(child["id"]), mother.owner, mother.receipt)


def _both_brought_to_safety(play: Stage, mother: Journey, child: Journey) -> None:
    first.rescue(play, mother, on=FOUND + 1)
    first.rescue(play, child, on=FOUND + 1)
    play.say("The police bring both to safety; civil affairs receive them (Arts. 20, 30).")


def _shelter_together(play: Stage, mother: Journey, child: Journey) -> None:
    first.ask_consent(mother, play.desk("cab-1"), "shelter")
    first.shelter_at_the_station(play, mother, ["stays_with_sibling_or_child", "female_staff"], on=FOUND + 1)
    first.shelter_at_the_station(play, child, ["stays_with_sibling_or_child", "child_bed"], on=FOUND + 1)
    play.say("She agrees to shelter for herself; mother and child stay together (Art. 31).")


def _safety_plans(play: Stage, mother: Journey, child: Journey) -> None:
    """One for each of them: what makes her safe does not make her daughter safe."""
    station, day = play.desk("station-1"), play.day(FOUND + 3)
    hers = {"support": ["protection_order", "housing"], "own_words": "不要让他们知道我住哪里"}
    station.record(mother.stage("shelter"), "exit_plans", day, destination="own_home", **hers)
    daughters = {"support": ["school", "protection_order"], "own_words": "放学要妈妈来接"}
    station.record(child.stage("shelter"), "exit_plans", day, destination="family", **daughters)


def annulment_alarm(woman: Journey) -> Json:
    """The clock of the year in which a coerced marriage can be annulled, which runs from her liberty (Civil Code 1052)."""
    running = woman.owner.get(f"{woman.address}/deadlines")["items"]
    return next(
        one for one in running if (one["clock"], one["victim_id"]) == ("annulment_year", woman.victim_id)
    )


def _mother_speaks_for_the_child(play: Stage, child: Journey) -> None:
    civil_affairs = play.desk("cab-1")
    first.begin_guardianship(play, child, on=FOUND + 1)
    guardianship = child.stage("guardianship")
    seen = {"relation": "mother", "outcome": "suitable", "home_visited": False, "child_seen_alone": True}
    civil_affairs.record(guardianship, "family_assessments", play.day(FOUND + 5), **seen)
    safe = {"status": "safe", "relation": "mother"}
    civil_affairs.record(guardianship, "guardian_statuses", play.day(FOUND + 6), **safe)
    play.say("Her mother is found safe to speak for the child; nobody of the buyer's family may (Art. 40).")


def _rights_and_annulment(play: Stage, mother: Journey) -> None:
    justice, women = play.desk("justice-1"), play.desk("women-1")
    rights = first.explain_rights(
        play, mother, ["marriage", "custody", "legal_aid", "protection"], on=FOUND + 7
    )
    justice.post(f"{rights['links']['self']}/invitations", {"unit_id": play.unit(women)})
    day = play.day(FOUND + 10)
    aid = {"reference": "示援1号", "matter": "marriage", "applied_on": date_of(day)}
    justice.record(rights, "aid_applications", day, **aid)
    justice.record(rights, "aid_decisions", day, outcome="granted", decided_on=date_of(day))
    lodged = date_of(play.day(FOUND + 20))
    justice.record(
        rights, "claims", play.day(FOUND + 20), claim="annulment", reference=CLAIM, lodged_on=lodged
    )
    justice.record(
        rights, "claims", play.day(FOUND + 20), claim="custody", reference="示民初2号", lodged_on=lodged
    )
    play.say("With legal aid she asks the court to annul the marriage, and for custody (Arts. 35, 38).")


def _child_registered_and_at_school(play: Stage, child: Journey) -> None:
    police, civil_affairs, education = play.desk("psb-1"), play.desk("cab-1"), play.desk("edu-1")
    registering = child.stage("household_registration")
    police.accept(registering)
    police.move(registering, "begin")
    papers = {"papers": ["guardianship_paper"], "missing": ["birth_certificate"]}
    civil_affairs.record(registering, "dossiers", play.day(FOUND + 30), **papers)
    schooling = child.stage("schooling")
    education.accept(schooling)
    education.move(schooling, "begin")
    place = {"school": "示范学校", "grade": "grade_1", "starts_on": date_of(play.day(FOUND + 32))}
    education.record(schooling, "places_confirmed", play.day(FOUND + 31), **place)
    play.say("The child's registration is under way; her school does not wait for it (Arts. 33, 36).")


def _follow_up_agreed(play: Stage, mother: Journey) -> None:
    civil_affairs, file = play.desk("cab-1"), mother.stage("follow_up")
    civil_affairs.accept(file)
    first.ask_consent(mother, civil_affairs, "follow_up")
    civil_affairs.move(file, "begin")
    plan = {"months": [1, 3, 6, 12], "channel": "message"}
    civil_affairs.record(file, "contact_plans", play.day(FOUND + 35), **plan)
    play.say("She says how she wants to be reached, and may end it at any time (Art. 39).")
