"""A boy of about 12 is found begging: from a passer-by's report to the closed follow-up file."""

from services.demo_journeys import first_steps as first
from services.demo_journeys.play import Journey, Stage, date_of


def boy_found_begging(play: Stage) -> Journey:
    """Every step by the agency that the articles make responsible."""
    journey = _report_and_investigation(play)
    first.rescue(play, journey, on=1)
    play.say("The police bring him to safety; civil affairs receive him (Art. 30).")
    first.hand_to_civil_affairs(play, journey)
    play.say("Civil affairs take over the case.")
    first.begin_guardianship(play, journey, on=1)
    first.shelter_at_the_station(play, journey, ["child_bed"], on=1)
    play.say("The relief station shelters him; only the station knows its address (Art. 31).")
    _medical_care(play, journey)
    _schooling(play, journey)
    rights = first.explain_rights(play, journey, ["protection", "privacy"], on=12)
    play.desk("justice-1").move(rights, "complete")
    _family_found(play, journey)
    _shelter_ends(play, journey)
    _reintegration(play, journey)
    _investigation_ends(play, journey)
    _follow_up(play, journey)
    _close(play, journey)
    return journey


def _report_and_investigation(play: Stage) -> Journey:
    message = {
        "narrative": "车站门口有一个男孩独自乞讨，旁边有成年人看着他",
        "whereabouts": "汽车站北出口",
    }
    receipt = first.report(play, "tip", ["child_alone", "danger"], message)
    play.say(f"A passer-by reports a boy begging; receipt {receipt['number']} (Art. 44).")
    journey = first.police_take_it_up(play, receipt, [])
    first.learn(
        journey,
        identity={"lowest_age": 12, "sex": "male", "languages": ["zh"]},
        situation={
            "in_danger": "yes",
            "safe_place_tonight": "no",
            "injured_or_ill": "yes",
            "apart_from_family": "yes",
            "identity_known": "no",
        },
    )
    play.say(f"The police accept it: case {journey.case['number']}, open since the report came in (Art. 25).")
    first.investigate(play, journey, "rescue_needed", on=0, seen_in_private=False)
    return journey


def _medical_care(play: Stage, journey: Journey) -> None:
    health = play.desk("health-1")
    care = journey.stage("medical_care")
    health.accept(care)
    first.ask_consent(journey, health, "medical_care", given_by="temporary_guardian")
    health.move(care, "begin")
    visit = {"facility": "示范定点医院", "care": "first_visit", "companion_arranged": True}
    health.record(care, "appointments", play.day(2), appointed_for=play.day(2).isoformat(), **visit)
    health.record(care, "attendances", play.day(2), attended=True, attended_on=date_of(play.day(2)))
    health.record(care, "psychological_support", play.day(9), offered=True, wanted="yes")
    health.record(care, "discharges", play.day(40), outcome="care_finished", offered_to_return=True)
    health.move(care, "complete")
    play.say("The hospital treats him and discharges him; its notes stay there (Art. 34).")


def _schooling(play: Stage, journey: Journey) -> None:
    education, schooling = play.desk("edu-1"), journey.stage("schooling")
    education.accept(schooling)
    education.move(schooling, "begin")
    place = {"school": "示范学校", "grade": "grade_5"}
    education.record(schooling, "placement_assessments", play.day(5), grade="grade_5", child_heard=True)
    education.record(schooling, "places_confirmed", play.day(8), starts_on=date_of(play.day(10)), **place)
    education.record(
        schooling, "enrolments", play.day(10), enrolled_on=date_of(play.day(10)), school="示范学校"
    )
    checked_on = date_of(play.day(105))
    education.record(schooling, "attendance_checks", play.day(105), checked_on=checked_on, attending=True)
    education.move(schooling, "complete")
    play.say("A school has a place before anybody knows his name; he attends after 90 days (Art. 36).")


def _family_found(play: Stage, journey: Journey) -> None:
    police, civil_affairs = play.desk("psb-1"), play.desk("cab-1")
    tracing, guardianship = journey.stage("family_tracing"), journey.stage("guardianship")
    police.accept(tracing)
    police.move(tracing, "begin")
    first.ask_consent(journey, civil_affairs, "family_tracing", given_by="temporary_guardian")
    asked = {"outcome": "not_identified", "sources": ["missing_persons_register"]}
    police.record(tracing, "identity_checks", play.day(3), **asked)
    dates = {"requested_on": date_of(play.day(4)), "sampled": True, "sampled_on": date_of(play.day(6))}
    police.record(tracing, "sample_requests", play.day(6), **dates)
    match = {"matched": True, "number": "示匹配1号", "relation": "both_parents"}
    police.record(tracing, "match_reports", play.day(30), **match)
    cleared = {
        "relation": "both_parents",
        "outcome": "cleared",
        "relatives_not_suspects": "yes",
        "child_heard": True,
        "home_visited": True,
    }
    civil_affairs.record(tracing, "reunion_assessments", play.day(45), **cleared)
    words = {"own_words": "我想回家", "language": "zh", "heard_alone": True, "keep_from_guardian": False}
    civil_affairs.record(guardianship, "child_views", play.day(45), **words)
    first.assess_family(play, journey, "both_parents", on=46)
    safe = {"status": "safe", "relation": "both_parents"}
    civil_affairs.record(guardianship, "guardian_statuses", play.day(50), **safe)
    met = {"with_relation": "both_parents", "accompanied": True, "goes_to_live_with_them": "yes"}
    police.record(tracing, "reunions", play.day(110), **met)
    police.move(tracing, "complete")
    civil_affairs.move(guardianship, "complete")
    play.say("His parents are found, cleared, and meet him with somebody at his side (Arts. 32, 40).")


def _shelter_ends(play: Stage, journey: Journey) -> None:
    station, shelter = play.desk("station-1"), journey.stage("shelter")
    home = {"destination": "family", "safe": "yes", "follow_up_offered": True}
    station.record(shelter, "exits", play.day(112), **home)
    station.move(shelter, "complete")
    play.say("He goes home; with that a stage of help for daily life opens by itself (Art. 38).")


def _reintegration(play: Stage, journey: Journey) -> None:
    civil_affairs, support = play.desk("cab-1"), journey.stage("reintegration_support")
    civil_affairs.accept(support)
    first.ask_consent(journey, civil_affairs, "reintegration_support", given_by="safe_guardian")
    civil_affairs.move(support, "begin")
    civil_affairs.record(support, "goals", play.day(115), goals=["和同学一起升学"], areas=["school"])
    civil_affairs.record(support, "reviews", play.day(200), outcome="goals_met", person_heard=True)
    civil_affairs.move(support, "complete")


def _investigation_ends(play: Stage, journey: Journey) -> None:
    police, investigation = play.desk("psb-1"), journey.stage("investigation")
    ended = {"system": "court", "number": "示刑1号", "status": "ended"}
    police.record(investigation, "proceeding_references", play.day(210), **ended)
    police.move(investigation, "complete")


def _follow_up(play: Stage, journey: Journey) -> None:
    civil_affairs, file = play.desk("cab-1"), journey.stage("follow_up")
    civil_affairs.accept(file)
    first.ask_consent(journey, civil_affairs, "follow_up", given_by="safe_guardian")
    civil_affairs.move(file, "begin")
    civil_affairs.record(file, "contact_plans", play.day(112), months=[1, 3, 6, 12], channel="phone")
    for month in (1, 3, 6, 12):
        contact = {"channel": "phone", "reached": True, "month": month, "own_words": "都好"}
        civil_affairs.record(file, "contacts", play.day(112 + 30 * month), **contact)
    civil_affairs.move(file, "complete")
    play.say("A year of agreed calls, at 1, 3, 6 and 12 months (Art. 39).")


def _close(play: Stage, journey: Journey) -> None:
    civil_affairs, women = play.desk("cab-1"), play.desk("women-1")
    request = {
        "action": "close",
        "subject_id": journey.case["id"],
        "approver_unit_id": play.unit(women),
        "reason": "各阶段均已结束，孩子在家、在校",
    }
    asked = civil_affairs.post(f"{journey.address}/approvals", request)
    women.post(f"/approvals/{asked['id']}/approve", version=int(asked["version"]))
    journey.case = civil_affairs.move(journey.case, "close", {"reason": "goals_met"})
    play.say(f"The women's federation approves, civil affairs close case {journey.case['number']}.")
