"""A mother reports her baby missing, and it was she who sold it: from her report to a court's order and long-term care."""

from services.demo_desk import Json
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import Journey, Stage, date_of


def baby_reported_missing(play: Stage) -> Journey:
    """The mother reports; the police find the baby and bring it to safety; civil affairs take the case and trust her."""
    message = {"narrative": "我的孩子在医院门口不见了，三个月大", "whereabouts": "定点医院门口"}
    receipt = first.report(play, "complaint", ["missing_minor", "danger"], message)
    journey = first.police_take_it_up(play, receipt, [])
    first.learn(
        journey,
        identity={"birth_date": date_of(play.day(-90)), "sex": "female"},
        situation={"safe_place_tonight": "no", "apart_from_family": "yes", "identity_known": "yes"},
    )
    first.investigate(play, journey, "rescue_needed", on=0, seen_in_private=False)
    first.rescue(play, journey, on=2)
    first.hand_to_civil_affairs(play, journey)
    _guardianship_begins(play, journey)
    play.say("The baby is found and safe; her mother asks for her back (Arts. 23, 30).")
    return journey


def _guardianship_begins(play: Stage, journey: Journey) -> None:
    civil_affairs, guardianship = play.desk("cab-1"), journey.stage("guardianship")
    civil_affairs.accept(guardianship)
    civil_affairs.move(guardianship, "begin")
    first.assess_family(play, journey, "mother", on=3)
    mother = {"status": "safe", "relation": "mother"}
    civil_affairs.record(guardianship, "guardian_statuses", play.day(3), **mother)


def mother_agrees(play: Stage, journey: Journey, *purposes: str) -> None:
    """While nobody doubts her she speaks for the child."""
    for purpose in purposes:
        first.ask_consent(journey, play.desk("cab-1"), purpose, given_by="safe_guardian")


def police_doubt_her(play: Stage, journey: Journey) -> Json:
    """One officer of a unit that works for the child is enough."""
    police = play.desk("psb-1")
    tracing = journey.stage("family_tracing")
    police.accept(tracing)
    police.move(tracing, "begin")
    doubt = {"reason": "交易记录显示，孩子是由其母亲交出的"}
    conflict = police.post(f"{journey.person}/guardian_conflicts", doubt)
    play.say(
        "The police put the mother in question; civil affairs speak for the child at once (Arts. 26, 40)."
    )
    return conflict


def court_decides(play: Stage, journey: Journey) -> None:
    """The father is assessed, a court takes guardianship from the mother, the child stays in long-term care."""
    civil_affairs, guardianship = play.desk("cab-1"), journey.stage("guardianship")
    decided = {"status": "temporary_cab", "reason": "监护人涉嫌犯罪，由民政部门临时监护"}
    civil_affairs.record(guardianship, "guardian_statuses", play.day(4), **decided)
    father = {"relation": "father", "home_visited": True, "child_seen_alone": True}
    civil_affairs.record(guardianship, "family_assessments", play.day(40), outcome="not_suitable", **father)
    order = {
        "number": "示民特1号",
        "decision": "guardianship_revoked",
        "ordered_on": date_of(play.day(120)),
        "harmed_the_ward": "yes",
        "relation": "mother",
    }
    civil_affairs.record(guardianship, "court_orders", play.day(120), **order)
    civil_affairs.record(guardianship, "guardian_statuses", play.day(121), status="long_term_cab")
    civil_affairs.move(guardianship, "complete")
    play.say("A court revokes guardianship; civil affairs care for her from now on (Art. 40).")


def into_long_term_care(play: Stage, journey: Journey) -> None:
    """The tracing ends with a reunion that is refused, the shelter with an exit to a child welfare institution."""
    police, civil_affairs = play.desk("psb-1"), play.desk("cab-1")
    station, shelter, tracing = (
        play.desk("station-1"),
        journey.stage("shelter"),
        journey.stage("family_tracing"),
    )
    refused = {"relation": "mother", "outcome": "refused", "reason": "监护资格已被撤销"}
    asked = {"relatives_not_suspects": "no", "child_heard": False, "home_visited": True}
    civil_affairs.record(tracing, "reunion_assessments", play.day(125), **refused, **asked)
    police.move(tracing, "complete")
    leaves = {"destination": "long_term_institution", "safe": "yes", "follow_up_offered": True}
    station.record(shelter, "exits", play.day(130), **leaves)
    station.move(shelter, "complete")
    play.say("She moves to a child welfare institution (Arts. 31, 32).")
