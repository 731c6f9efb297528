"""The steps with which every journey begins: a report, the police, the handover to civil affairs; and asking consent."""

from services.demo_desk import Desk, Json, checked
from services.demo_journeys.play import Journey, Stage, date_of

FARM = "0101"


def report(play: Stage, kind: str, concerns: list[str], message: Json) -> Json:
    """Report through the door that needs no account; returns the receipt with its secret."""
    body = {"kind": kind, "place_id": play.place(FARM), "concerns": concerns, "message": message}
    return checked(play.client.post("/public/reports", json=body))


def police_take_it_up(play: Stage, receipt: Json, people: list[Json]) -> Journey:
    """Screen, accept and answer the newest report; the journey is that of the first person in the case.

    Whom an emergency put into the case on receipt is there already: what is known of the first person is added to them.
    """
    police = play.desk("psb-1")
    found = police.get("/reports", state="received")["items"][0]
    police.move(found, "screen")
    on_receipt = police.get(found["links"]["case"])["victims"] if found["case_id"] else []
    found = police.move(found, "accept", {"victims": people[1:] if on_receipt else people})
    police.move(found, "answer", {"text": "已受理，正在处理。"})
    case = police.get(found["links"]["case"])
    journey = Journey(case, str(case["victims"][0]), police, receipt)
    if on_receipt and people:
        learn(journey, **people[0])
    return journey


def learn(journey: Journey, **sections: Json) -> None:
    """The owner writes down what was learned about the person."""
    person = journey.owner.get(journey.person)
    journey.owner.patch(journey.person, sections, version=int(person["version"]))


def investigate(play: Stage, journey: Journey, outcome: str, *, on: int, seen_in_private: bool) -> None:
    """Begin the investigation, file it, and find what this person's situation is."""
    police, investigation = play.desk("psb-1"), journey.stage("investigation")
    police.accept(investigation)
    police.move(investigation, "begin")
    number = journey.case["number"][-6:]
    police.record(investigation, "acceptances", play.day(on), number=f"受〔示〕{number}号")
    police.record(
        investigation, "filing_decisions", play.day(on), decision="filed", number=f"立〔示〕{number}号"
    )
    finding = {"victim_id": journey.victim_id, "outcome": outcome, "seen_in_private": seen_in_private}
    police.record(investigation, "findings", play.day(on), **finding)


def rescue(play: Stage, journey: Journey, *, on: int, child_carer: bool = True) -> None:
    """The police bring the person to safety; civil affairs confirm that they received them."""
    police, civil_affairs = play.desk("psb-1"), play.desk("cab-1")
    stage = journey.stage("rescue")
    police.accept(stage)
    police.move(stage, "begin")
    company = {"female_officer": True, "interpreter": False, "child_carer": child_carer}
    police.record(stage, "rescue_plans", play.day(on - 1), **company)
    police.record(stage, "rescues_carried_out", play.day(on), liberty_at=play.day(on).isoformat())
    police.record(stage, "handovers", play.day(on), part="given", needs_screen_done=False)
    civil_affairs.record(stage, "handovers", play.day(on), part="received", needs_screen_done=True)
    police.move(stage, "complete")


def hand_to_civil_affairs(play: Stage, *people: Journey) -> None:
    """The case goes to civil affairs on their acceptance; a rule offered it to them once somebody is free."""
    police, civil_affairs = play.desk("psb-1"), play.desk("cab-1")
    if police.get(people[0].address)["offered_unit_id"] is None:
        offer = {"unit_id": play.unit(civil_affairs), "reason": "移交民政部门"}
        police.move(people[0].case, "hand_over", offer)
    civil_affairs.move(people[0].case, "accept_hand_over")
    for journey in people:
        journey.owner = civil_affairs


def begin_guardianship(play: Stage, journey: Journey, *, on: int) -> None:
    """Civil affairs speak for the child until a guardian is known to be safe."""
    civil_affairs, guardianship = play.desk("cab-1"), journey.stage("guardianship")
    civil_affairs.accept(guardianship)
    civil_affairs.move(guardianship, "begin")
    civil_affairs.record(guardianship, "guardian_statuses", play.day(on), status="temporary_cab")


def assess_family(play: Stage, journey: Journey, relation: str, *, on: int) -> None:
    """Civil affairs visit a relative, see the child alone, and hear from the police that nobody is suspect."""
    seen = {
        "relation": relation,
        "outcome": "suitable",
        "home_visited": True,
        "child_seen_alone": True,
        "not_a_suspect": "yes",
    }
    play.desk("cab-1").record(journey.stage("guardianship"), "family_assessments", play.day(on), **seen)


def shelter_at_the_station(
    play: Stage, journey: Journey, needs: list[str], *, on: int, institution: str = "relief_station"
) -> None:
    """Civil affairs hand the stage to the relief station, which takes the person in."""
    civil_affairs, station, shelter = play.desk("cab-1"), play.desk("station-1"), journey.stage("shelter")
    civil_affairs.accept(shelter)
    offer = {"unit_id": play.unit(station), "reason": "由救助站接收"}
    civil_affairs.move(shelter, "hand_over", offer)
    station.accept(shelter, "accept_hand_over")
    station.move(shelter, "begin")
    taken_in = {
        "institution_kind": institution,
        "needs": needs,
        "rules_explained_in": "zh",
        "free_to_leave_explained": True,
    }
    station.record(shelter, "admissions", play.day(on), **taken_in)
    where = {
        "care": institution,
        "address": "示范救助管理站",
        "starts_on": date_of(play.day(on)),
    }
    station.record(shelter, "placements", play.day(on), **where)


def ask_consent(journey: Journey, desk: Desk, purpose: str, *, given_by: str = "self") -> Json:
    """Ask the person for one purpose and write down what was said."""
    what = {"purpose": purpose, "what": "按计划提供帮助", "language": "zh"}
    asked = desk.post(f"{journey.person}/consents", what)
    said = {
        "given_by": given_by,
        "assent": None if given_by == "self" else True,
        "own_words": "愿意",
        "language": "zh",
        "how_explained": "当面逐条说明" if given_by == "self" else "用孩子听得懂的话当面说明",
        "in_private": True,
    }
    return desk.post(f"/consents/{asked['id']}/give", said, version=int(asked["version"]))


def explain_rights(play: Stage, journey: Journey, topics: list[str], *, on: int) -> Json:
    """The judicial bureau takes the stage and explains the person's rights; returns the stage, still open."""
    justice, rights = play.desk("justice-1"), journey.stage("rights_support")
    justice.accept(rights)
    justice.move(rights, "begin")
    told = {"language": "zh", "topics": topics, "understood": "yes", "given_in_writing": True}
    justice.record(rights, "rights_information", play.day(on), **told)
    return rights
