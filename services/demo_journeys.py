"""Three people's ways, played over HTTP by the agencies' own accounts. Nobody in them is real."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import httpx

from services.demo_desk import Desk, Json, checked

Say = Callable[[str], None]
YEAR_AND_MORE: Final = timedelta(days=500)


@dataclass(slots=True)
class Stage:
    """Where the journeys are played: the client, the desks as they sign in, and the day on which it all began."""

    client: httpx.Client
    password: str
    began_at: datetime
    say: Say
    desks: dict[str, Desk] = field(default_factory=dict)

    def desk(self, username: str) -> Desk:
        if username not in self.desks:
            self.desks[username] = Desk.of(self.client, username, self.password)
        return self.desks[username]

    def day(self, number: int) -> datetime:
        return self.began_at + timedelta(days=number)

    def place(self, code: str) -> str:
        """The id of a place by its code, looked for from the top."""
        below = checked(self.client.get("/places"))["items"]
        while below:
            for place in below:
                if place["code"] == code:
                    return str(place["id"])
            inner = [checked(self.client.get(place["links"]["below"]))["items"] for place in below]
            below = [place for places in inner for place in places]
        raise LookupError(code)

    def unit(self, desk: Desk) -> str:
        return str(desk.me["unit_id"])


@dataclass(slots=True)
class Journey:
    """One person's case as the journey knows it."""

    case: Json
    victim_id: str
    owner: Desk

    @property
    def person(self) -> str:
        return f"{self.case['links']['self']}/victims/{self.victim_id}"

    def stage(self, code: str) -> Json:
        """The stage of this person as the owner sees it now."""
        items = self.owner.get(f"{self.case['links']['self']}/stages")["items"]
        return next(s for s in items if s["code"] == code and s["victim_id"] in (self.victim_id, None))

    def states(self) -> dict[str, str]:
        return {
            s["code"]: s["state"] for s in self.owner.get(f"{self.case['links']['self']}/stages")["items"]
        }


def boy_found_begging(play: Stage) -> Journey:
    """A boy of about 12 is found begging; from a passer-by's report to the closed follow-up file."""
    journey = _report_and_investigation(play)
    _rescue(play, journey)
    _handed_to_civil_affairs(play, journey)
    _guardianship_begins(play, journey)
    _shelter_begins(play, journey)
    _medical_care(play, journey)
    _schooling(play, journey)
    _rights(play, journey)
    _family_found(play, journey)
    _shelter_ends(play, journey)
    _reintegration(play, journey)
    _investigation_ends(play, journey)
    _follow_up(play, journey)
    _close(play, journey)
    return journey


def _report_and_investigation(play: Stage) -> Journey:
    receipt = checked(
        play.client.post(
            "/public/reports",
            json={
                "kind": "tip",
                "place_id": play.place("0101"),
                "concerns": ["child_alone", "danger"],
                "message": {
                    "narrative": "车站门口有一个男孩独自乞讨，旁边有成年人看着他",
                    "whereabouts": "汽车站北出口",
                },
            },
        )
    )
    play.say(f"A passer-by reports a boy begging; receipt {receipt['number']}.")
    police = play.desk("psb-1")
    report = police.get("/reports", state="received")["items"][0]
    police.move(report, "screen")
    report = police.move(report, "accept", {})
    police.move(report, "answer", {"text": "已找到孩子并开始处理。"})
    case = police.get(report["links"]["case"])
    journey = Journey(case, str(case["victims"][0]), police)
    victim = police.get(journey.person)
    police.patch(
        journey.person,
        {
            "identity": {"lowest_age": 12, "sex": "male", "languages": ["zh"]},
            "situation": {
                "in_danger": "yes",
                "safe_place_tonight": "no",
                "injured_or_ill": "yes",
                "apart_from_family": "yes",
                "identity_known": "no",
            },
        },
        version=victim["version"],
    )
    play.say(f"The police screen and accept it: case {case['number']}, open since the report came in.")
    investigation = journey.stage("investigation")
    police.accept(investigation)
    police.move(investigation, "begin")
    police.record(investigation, "acceptances", play.day(0), number="受〔示〕1号")
    police.record(investigation, "filing_decisions", play.day(0), decision="filed", number="立〔示〕1号")
    finding = {"victim_id": journey.victim_id, "outcome": "rescue_needed", "seen_in_private": False}
    police.record(investigation, "findings", play.day(0), **finding)
    return journey


def _rescue(play: Stage, journey: Journey) -> None:
    police, civil_affairs = play.desk("psb-1"), play.desk("cab-1")
    rescue = journey.stage("rescue")
    police.accept(rescue)
    police.move(rescue, "begin")
    police.record(
        rescue, "rescue_plans", play.day(0), female_officer=True, interpreter=False, child_carer=True
    )
    police.record(rescue, "rescues_carried_out", play.day(1), liberty_at=play.day(1).isoformat())
    police.record(rescue, "handovers", play.day(1), part="given", needs_screen_done=False)
    civil_affairs.record(rescue, "handovers", play.day(1), part="received", needs_screen_done=True)
    police.move(rescue, "complete")
    play.say("The police bring him to safety; civil affairs receive him.")


def _handed_to_civil_affairs(play: Stage, journey: Journey) -> None:
    police, civil_affairs = play.desk("psb-1"), play.desk("cab-1")
    offer = {"unit_id": play.unit(civil_affairs), "reason": "已解救并移交"}
    police.move(journey.case, "hand_over", offer)
    civil_affairs.move(journey.case, "accept_hand_over")
    journey.owner = civil_affairs
    play.say("Civil affairs take over the case.")


def _guardianship_begins(play: Stage, journey: Journey) -> None:
    civil_affairs, guardianship = play.desk("cab-1"), journey.stage("guardianship")
    civil_affairs.accept(guardianship)
    civil_affairs.move(guardianship, "begin")
    civil_affairs.record(guardianship, "guardian_statuses", play.day(1), status="temporary_cab")


def _shelter_begins(play: Stage, journey: Journey) -> None:
    civil_affairs, station = play.desk("cab-1"), play.desk("station-1")
    shelter = journey.stage("shelter")
    civil_affairs.accept(shelter)
    offer = {"unit_id": play.unit(station), "reason": "由救助站接收"}
    civil_affairs.move(shelter, "hand_over", offer)
    station.accept(shelter, "accept_hand_over")
    station.move(shelter, "begin")
    station.record(
        shelter,
        "admissions",
        play.day(1),
        institution_kind="relief_station",
        needs=["child_bed"],
        rules_explained_in="zh",
        free_to_leave_explained=True,
    )
    station.record(
        shelter,
        "placements",
        play.day(1),
        care="relief_station",
        address="示范救助管理站儿童区",
        starts_on=_date(play.day(1)),
    )
    play.say("The relief station shelters him; only the station knows its address.")


def _date(at: datetime) -> str:
    return at.date().isoformat()


def _consent(play: Stage, journey: Journey, desk: Desk, purpose: str, *, given_by: str) -> None:
    """Ask the person for one purpose and write down what was said."""
    what = {"purpose": purpose, "what": "按计划提供帮助", "language": "zh"}
    asked = desk.post(f"{journey.person}/consents", what)
    said = {
        "given_by": given_by,
        "own_words": "愿意",
        "language": "zh",
        "how_explained": "用孩子听得懂的话当面说明" if given_by != "self" else "当面逐条说明",
        "in_private": True,
    }
    desk.post(f"/consents/{asked['id']}/give", said, version=int(asked["version"]))


def _medical_care(play: Stage, journey: Journey) -> None:
    health = play.desk("health-1")
    care = journey.stage("medical_care")
    health.accept(care)
    _consent(play, journey, health, "medical_care", given_by="temporary_guardian")
    health.move(care, "begin")
    visit = {"facility": "示范定点医院", "care": "first_visit", "companion_arranged": True}
    health.record(care, "appointments", play.day(2), appointed_for=play.day(2).isoformat(), **visit)
    health.record(care, "attendances", play.day(2), attended=True, attended_on=_date(play.day(2)))
    health.record(care, "psychological_support", play.day(9), offered=True, wanted="yes")
    health.record(care, "discharges", play.day(40), outcome="care_finished", offered_to_return=True)
    health.move(care, "complete")
    play.say("The hospital treats him and discharges him; its notes stay there.")


def _schooling(play: Stage, journey: Journey) -> None:
    education, schooling = play.desk("edu-1"), journey.stage("schooling")
    education.accept(schooling)
    education.move(schooling, "begin")
    place = {"school": "示范学校", "grade": "grade_5"}
    education.record(schooling, "placement_assessments", play.day(5), grade="grade_5", child_heard=True)
    education.record(schooling, "places_confirmed", play.day(8), starts_on=_date(play.day(10)), **place)
    education.record(
        schooling, "enrolments", play.day(10), enrolled_on=_date(play.day(10)), school="示范学校"
    )
    checked_on = _date(play.day(105))
    education.record(schooling, "attendance_checks", play.day(105), checked_on=checked_on, attending=True)
    education.move(schooling, "complete")
    play.say("The school has a place before anybody knows his name; he still attends after 90 days.")


def _rights(play: Stage, journey: Journey) -> None:
    justice, rights = play.desk("justice-1"), journey.stage("rights_support")
    justice.accept(rights)
    justice.move(rights, "begin")
    told = {
        "language": "zh",
        "topics": ["protection", "privacy"],
        "understood": "yes",
        "given_in_writing": True,
    }
    justice.record(rights, "rights_information", play.day(12), **told)
    justice.move(rights, "complete")


def _family_found(play: Stage, journey: Journey) -> None:
    police, civil_affairs = play.desk("psb-1"), play.desk("cab-1")
    tracing, guardianship = journey.stage("family_tracing"), journey.stage("guardianship")
    police.accept(tracing)
    police.move(tracing, "begin")
    police.record(
        tracing,
        "identity_checks",
        play.day(3),
        outcome="not_identified",
        sources=["missing_persons_register"],
    )
    dates = {"requested_on": _date(play.day(4)), "sampled": True, "sampled_on": _date(play.day(6))}
    police.record(tracing, "sample_requests", play.day(6), **dates)
    police.record(
        tracing, "match_reports", play.day(30), matched=True, number="示匹配1号", relation="both_parents"
    )
    assessment = {"relation": "both_parents", "outcome": "cleared", "relatives_not_suspects": "yes"}
    civil_affairs.record(
        tracing, "reunion_assessments", play.day(45), **assessment, child_heard=True, home_visited=True
    )
    words = {"own_words": "我想回家", "language": "zh", "heard_alone": True, "keep_from_guardian": False}
    civil_affairs.record(guardianship, "child_views", play.day(45), **words)
    civil_affairs.record(
        guardianship, "guardian_statuses", play.day(50), status="safe", relation="both_parents"
    )
    met = {"with_relation": "both_parents", "accompanied": True, "goes_to_live_with_them": "yes"}
    police.record(tracing, "reunions", play.day(110), **met)
    police.move(tracing, "complete")
    civil_affairs.move(guardianship, "complete")
    play.say("His parents are found, cleared, and meet him with somebody at his side.")


def _shelter_ends(play: Stage, journey: Journey) -> None:
    station, shelter = play.desk("station-1"), journey.stage("shelter")
    home = {"destination": "family", "safe": "yes", "follow_up_offered": True}
    station.record(shelter, "exits", play.day(112), **home)
    station.move(shelter, "complete")
    play.say("He goes home; with that a stage of help for daily life opens by itself.")


def _reintegration(play: Stage, journey: Journey) -> None:
    civil_affairs, support = play.desk("cab-1"), journey.stage("reintegration_support")
    civil_affairs.accept(support)
    _consent(play, journey, civil_affairs, "reintegration_support", given_by="safe_guardian")
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
    _consent(play, journey, civil_affairs, "follow_up", given_by="safe_guardian")
    civil_affairs.move(file, "begin")
    civil_affairs.record(file, "contact_plans", play.day(112), months=[1, 3, 6, 12], channel="phone")
    for month in (1, 3, 6, 12):
        contact = {"channel": "phone", "reached": True, "month": month, "own_words": "都好"}
        civil_affairs.record(file, "contacts", play.day(112 + 30 * month), **contact)
    civil_affairs.move(file, "complete")
    play.say("A year of agreed calls, at 1, 3, 6 and 12 months.")


def _close(play: Stage, journey: Journey) -> None:
    civil_affairs, women = play.desk("cab-1"), play.desk("women-1")
    address = journey.case["links"]["self"]
    asked = civil_affairs.post(
        f"{address}/approvals",
        {
            "action": "close",
            "subject_id": journey.case["id"],
            "approver_unit_id": play.unit(women),
            "reason": "各阶段均已结束，孩子在家、在校",
        },
    )
    women.post(f"/approvals/{asked['id']}/approve", version=int(asked["version"]))
    journey.case = civil_affairs.move(journey.case, "close", {"reason": "goals_met"})
    play.say(f"The women's federation approves, civil affairs close case {journey.case['number']}.")
