"""A stage on its way from unit to unit: sent back, routed on, offered by rule, handed over; the right to read goes with it."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Engine, text

from api.calls import House
from domain.identifiers import new_id
from services.case_files import CaseFile
from services.case_loading import open_case_by_rule
from services.database import transaction, working_on
from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage
from services.records.cases import StageRow
from services.records.clocks import DeadlineRow
from services.records.conflicts import ExclusionRow
from services.stage_offers import lapse_offer, offer_to_next_candidate
from tests.api.routing.conftest import refusal


def by_rule(house: House, worker: Engine, stage: Json, act: Callable[[CaseFile, StageRow], object]) -> object:
    """What the worker does in this stage's case, in a transaction of its own."""
    case_id = UUID(stage["links"]["case"].rpartition("/")[2])
    with transaction(worker, {"master_keys": house.master_keys, "request_id": case_id}) as session:
        file = open_case_by_rule(session, case_id)
        done = act(file, file.stage(UUID(stage["id"])))
        file.save()
        return done


def entries(desk: Desk, stage: Json) -> list[Json]:
    """What the timeline tells of this stage, oldest first."""
    items = desk.get(f"{stage['links']['case']}/timeline", limit=100)["items"]
    return [entry for entry in items if entry["what"]["stage_id"] == stage["id"]]


def test_a_stage_sent_back_twice_shows_both_and_goes_on_where_its_owner_sends_it(
    journey: Journey, play: Stage, worker: Engine
) -> None:
    owner, health, south = journey.owner, play.desk("health-1"), play.desk("south-health-1")
    stage = journey.stage("medical_care")
    missing = {"reason": "information_missing", "missing": ["就诊卡"]}
    assert health.move(stage, "send_back", missing)["state"] == "returned"
    assert refusal(lambda: health.get(stage["links"]["self"])) == (404, [])
    owner.move(stage, "route", {"unit_id": play.unit(health)})
    health.move(stage, "send_back", {"reason": "wrong_place", "missing": []})
    routed = owner.move(stage, "route", {"unit_id": play.unit(south)})
    assert (routed["state"], routed["unit_id"]) == ("routed", play.unit(south))

    moves = [(entry["what"]["action"], entry["what"]["reason"]) for entry in entries(owner, stage)]
    assert [move for move in moves if move[0] == "send_back"] == [
        ("send_back", "information_missing"),
        ("send_back", "wrong_place"),
    ]
    with transaction(worker) as session:
        clocks = session.execute(
            text("select clock, state from deadlines where stage_id = :id order by id"), {"id": stage["id"]}
        ).all()
        passed = session.execute(
            text("select passed_by from stages where id = :id"), {"id": stage["id"]}
        ).scalar_one()
    assert clocks == [("stage_reply", "met"), ("stage_reply", "met"), ("stage_reply", "running")]
    assert [str(unit_id) for unit_id in passed] == [play.unit(health)] * 2


def test_a_stage_goes_to_units_of_its_leads_only(journey: Journey, play: Stage) -> None:
    stage = journey.stage("schooling")
    play.desk("edu-1").move(stage, "send_back", {"reason": "wrong_agency"})
    for username in ("cab-1", "psb-1", "women-1", "office-1"):
        unit_id = play.unit(play.desk(username))
        found = refusal(journey.owner.move, stage, "route", {"unit_id": unit_id})
        assert found == (422, ["agency_does_not_lead"])


def test_only_the_owner_routes_a_stage_on(journey: Journey, play: Stage) -> None:
    stage = journey.stage("medical_care")
    play.desk("health-1").move(stage, "send_back", {"reason": "no_capacity"})
    civil_affairs = play.desk("cab-1")
    body = {"unit_id": play.unit(play.desk("health-1"))}
    version = journey.owner.get(stage["links"]["self"])["version"]
    found = refusal(lambda: civil_affairs.post(f"{stage['links']['self']}/route", body, version=version))
    assert found == (403, [])


def test_officers_are_two_people_of_the_unit_who_move_stages_and_are_not_shut_out(
    journey: Journey, play: Stage, house: House
) -> None:
    """Art. 20: named people answer for the work; who is excluded from a case is never one of them."""
    health, stage = play.desk("health-1"), journey.stage("medical_care")
    first, second = health.colleagues()[:2]
    stranger = play.desk("edu-1").colleagues()[0]
    accepted = health.accept(stage)
    assert (accepted["officer_id"], accepted["deputy_id"]) == (first, second)
    named = health.move(stage, "name_officers", {"officer_id": second, "deputy_id": first})
    assert (named["officer_id"], named["deputy_id"], named["state"]) == (second, first, "accepted")

    def name(officer: str, deputy: str) -> Callable[[], object]:
        body = {"officer_id": officer, "deputy_id": deputy}
        return lambda: health.move(stage, "name_officers", body)

    assert refusal(name(first, first)) == (422, ["same_officer"])
    assert refusal(name(stranger, first)) == (422, ["not_in_this_unit"])
    hotline = play.desk("hotline")
    police, tracing = play.desk("psb-1"), journey.stage("family_tracing")
    body = {"officer_id": police.colleagues()[0], "deputy_id": hotline.me["account_id"]}
    assert refusal(lambda: police.move(tracing, "accept", body)) == (422, ["not_in_this_unit"])

    _shut_out(house, UUID(journey.case["id"]), UUID(second))
    assert refusal(name(second, first)) == (422, ["officer_excluded"])


def _shut_out(house: House, case_id: UUID, account_id: UUID) -> None:
    """The row that an exclusion leaves; who may set one is told elsewhere."""
    with transaction(house.engine) as session:
        working_on(session, case_id)
        session.add(ExclusionRow(file_id=case_id, account_id=account_id, conflict_id=new_id()))


def test_who_does_not_answer_keeps_the_stage_until_the_next_candidate_takes_it(
    journey: Journey, play: Stage, house: House, worker: Engine
) -> None:
    """Farm and division police are one unit here, so that the corps' comes next, then civil affairs of the division."""
    police, corps, tracing = play.desk("psb-1"), play.desk("corps-psb-1"), journey.stage("family_tracing")

    def offer(file: CaseFile, stage: StageRow) -> object:
        return offer_to_next_candidate(file, stage, "unanswered")

    assert refusal(lambda: corps.get(tracing["links"]["self"])) == (404, [])
    assert str(by_rule(house, worker, tracing, offer)) == play.unit(corps)
    offered = corps.get(tracing["links"]["self"])
    assert (offered["state"], offered["unit_id"]) == ("routed", play.unit(police))
    assert offered["offered_unit_id"] == play.unit(corps)
    told = entries(police, tracing)[-1]
    assert (told["what"]["action"], told["what"]["rule"]) == ("hand_over", "unanswered")
    assert told["who"]["account_id"] is None

    refused = corps.move(tracing, "refuse_hand_over", {"reason": "本级不直接办理"})
    assert (refused["unit_id"], refused["offered_unit_id"]) == (play.unit(police), None)
    assert refusal(lambda: corps.get(tracing["links"]["self"])) == (404, [])
    civil_affairs = play.desk("cab-1")
    assert str(by_rule(house, worker, tracing, offer)) == play.unit(civil_affairs)
    taken = civil_affairs.accept(tracing, "accept_hand_over")
    assert (taken["state"], taken["unit_id"], taken["agency"]) == (
        "accepted",
        play.unit(civil_affairs),
        "CAB",
    )
    assert taken["due"]["clock"] == "stage_begin"
    assert play.unit(police) in taken["attached_units"]


def test_an_offer_that_lapses_leaves_the_stage_with_its_unit(
    journey: Journey, play: Stage, house: House, worker: Engine
) -> None:
    stage, south = journey.stage("medical_care"), play.desk("south-health-1")
    health = play.desk("health-1")
    health.accept(stage)
    health.move(stage, "hand_over", {"unit_id": play.unit(south), "reason": "本人迁居"})
    assert south.get(stage["links"]["self"])["offered_unit_id"] == play.unit(south)

    def lapse(file: CaseFile, offered: StageRow) -> None:
        lapse_offer(file, DeadlineRow(file_id=file.id, subject_id=offered.id, clock="hand_over_reply"))

    by_rule(house, worker, stage, lapse)
    assert refusal(lambda: south.get(stage["links"]["self"])) == (404, [])
    kept = health.get(stage["links"]["self"])
    assert (kept["state"], kept["unit_id"], kept["offered_unit_id"]) == ("accepted", play.unit(health), None)
    assert entries(journey.owner, stage)[-1]["what"]["rule"] == "hand_over_lapsed"


def test_a_stage_changes_hands_only_on_acceptance_and_the_right_to_read_with_it(
    journey: Journey, play: Stage
) -> None:
    stage, health, south = journey.stage("medical_care"), play.desk("health-1"), play.desk("south-health-1")
    address = stage["links"]["self"]
    health.accept(stage)
    offer = {"unit_id": play.unit(south), "reason": "本人迁往另一师市"}
    offered = health.move(stage, "hand_over", offer)
    assert offered["unit_id"] == play.unit(health)
    assert health.move(stage, "withdraw_hand_over")["offered_unit_id"] is None
    assert refusal(lambda: south.get(address)) == (404, [])
    assert refusal(lambda: health.move(stage, "withdraw_hand_over")) == (422, ["nothing_offered"])

    health.move(stage, "hand_over", offer)
    assert health.move(stage, "begin")["state"] == "active"  # until the other accepts, the sender works on
    taken = south.accept(stage, "accept_hand_over")
    assert (taken["state"], taken["unit_id"]) == ("active", play.unit(south))
    for path in (
        address,
        stage["links"]["records"],
        stage["links"]["case"],
        f"{stage['links']['case']}/timeline",
    ):
        assert refusal(health.get, path) == (404, [])


def test_a_case_changes_hands_only_on_acceptance(journey: Journey, play: Stage) -> None:
    police, south = journey.owner, play.desk("south-cab-1")
    offer = {"unit_id": play.unit(south), "reason": "本人已到南师市"}
    police.move(journey.case, "hand_over", offer)
    assert police.move(journey.case, "withdraw_hand_over")["owner_unit_id"] == play.unit(police)
    assert refusal(lambda: south.get(journey.address)) == (404, [])
    assert refusal(lambda: police.move(journey.case, "withdraw_hand_over")) == (422, ["nothing_offered"])
    police.move(journey.case, "hand_over", offer)
    assert south.get(journey.address)["owner_unit_id"] == play.unit(police)
    assert south.move(journey.case, "accept_hand_over")["owner_unit_id"] == play.unit(south)
    assert refusal(lambda: police.move(journey.case, "hand_over", offer)) == (403, [])
