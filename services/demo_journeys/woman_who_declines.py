"""A woman wants no shelter and no visits: she takes the clinic, leaves a number, and the door stays open."""

from datetime import timedelta
from typing import Final

from services.demo_desk import Desk, Json
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import Journey, Stage, date_of

THIRTY: Final = timedelta(days=30 * 366)
FREE: Final = 490  # ten days ago: nobody asks again before the plan is reviewed
PHONE: Final = "09910000006"
DECLINED: Final = ("shelter", "rights_support", "follow_up")


def woman_who_declines(play: Stage) -> Journey:
    """From a passer-by's report to a case that is closed because she said so."""
    journey = found_and_free(play)
    declines(play, journey, "shelter", play.desk("cab-1"))
    play.say("She wants no shelter. Nobody holds it against her, and nothing else changes (Art. 31).")
    _clinic_and_a_number(play, journey)
    declines(play, journey, "rights_support", play.desk("justice-1"))
    declines(play, journey, "follow_up", play.desk("cab-1"))
    _investigation_ends(play, journey)
    closed_at_her_word(play, journey)
    return journey


def found_and_free(play: Stage) -> Journey:
    """She got away by herself; the police see her safe, and civil affairs take the case over."""
    message = {"narrative": "一名女子在车站过夜，像是逃出来的", "whereabouts": "汽车站候车室"}
    receipt = first.report(play, "tip", [], message)
    woman: Json = {
        "identity": {"birth_date": date_of(play.day(500) - THIRTY), "sex": "female", "languages": ["zh"]},
        "situation": {"in_danger": "no", "safe_place_tonight": "no", "injured_or_ill": "yes"},
        "account": {"liberty_at": play.day(FREE).isoformat()},
    }
    journey = first.police_take_it_up(play, receipt, [woman])
    first.investigate(play, journey, "already_safe", on=FREE, seen_in_private=True)
    first.hand_to_civil_affairs(play, journey)
    play.say(f"A woman who got away is free and presumed a victim: case {journey.case['number']} (Art. 25).")
    return journey


def declines(play: Stage, journey: Journey, code: str, desk: Desk) -> Json:
    """She says no, alone with the one who asked; it is written down and the stage is over."""
    said = {
        "said_by": "self",
        "said_at": play.day(FREE + 1).isoformat(),
        "in_private": True,
        "own_words": "我现在不想要，谢谢",
    }
    return desk.move(journey.stage(code), "decline", said)


def _clinic_and_a_number(play: Stage, journey: Journey) -> None:
    health, care = play.desk("health-1"), journey.stage("medical_care")
    health.accept(care)
    first.ask_consent(journey, health, "medical_care")
    health.move(care, "begin")
    visit = {"facility": "示范定点医院", "care": "first_visit", "companion_arranged": False}
    health.record(
        care, "appointments", play.day(FREE + 1), appointed_for=play.day(FREE + 2).isoformat(), **visit
    )
    came = {"attended": True, "attended_on": date_of(play.day(FREE + 2))}
    health.record(care, "attendances", play.day(FREE + 2), **came)
    health.record(care, "discharges", play.day(FREE + 3), outcome="care_finished", offered_to_return=True)
    health.move(care, "complete")
    first.learn(journey, contact={"phone": PHONE})
    play.say("She goes to the clinic and leaves a number under which she may be called (Art. 34).")


def _investigation_ends(play: Stage, journey: Journey) -> None:
    police, investigation = play.desk("psb-1"), journey.stage("investigation")
    ended = {"system": "court", "number": "示刑6号", "status": "ended"}
    police.record(investigation, "proceeding_references", play.day(FREE + 4), **ended)
    police.move(investigation, "complete")


def closed_at_her_word(play: Stage, journey: Journey) -> None:
    """Another agency hears that it was her own word, and the case is closed; a call opens it again."""
    owner, women = play.desk("cab-1"), play.desk("women-1")
    request = {
        "action": "close",
        "subject_id": journey.case["id"],
        "approver_unit_id": play.unit(women),
        "reason": "本人不需要其他帮助，已告知随时可以再来",
    }
    asked = owner.post(f"{journey.address}/approvals", request)
    women.post(f"/approvals/{asked['id']}/approve", version=int(asked["version"]))
    journey.case = owner.move(journey.case, "close", {"reason": "declined_by_victim"})
    play.say("The case is closed at her word; a call of hers opens it again.")
