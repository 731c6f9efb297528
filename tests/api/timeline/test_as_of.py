"""The case as it stood: after every step of a journey, what the case answered then is what it is said to have been."""

from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import Engine, text

from services.demo_desk import Desk, Json
from services.demo_journeys import Journey, Stage, boy_found_begging
from services.demo_journeys import first_steps as first

CASE: Final = ("state", "round", "owner_unit_id", "owner_agency", "closing_reason", "offered_unit_id")
STAGE: Final = ("code", "victim_id", "round", "state", "unit_id", "agency", "due_at")


@dataclass(frozen=True, slots=True)
class Moment:
    """What the case, its stages and its person answered at an instant, asked by the one who owned it then."""

    at: str
    case: Json
    stages: dict[str, Json]
    sections: Json


@dataclass(slots=True)
class Witness:
    """Sees every step of a journey and asks the case, at once, how it stands."""

    stage: Stage
    admin: Engine
    seen: list[Moment] = field(default_factory=list)

    def watch(self, case_id: str) -> None:
        client = self.stage.client
        asked = client.request

        def request(method: str, url: Any, **options: Any) -> httpx.Response:
            answer: httpx.Response = asked(method, url, **options)
            if method != "GET" and answer.is_success and not str(url).startswith("/sign_in"):
                client.request = asked  # type: ignore[method-assign]  # looking is no step
                self.look(case_id)
                client.request = request  # type: ignore[method-assign]  # the next one is
            return answer

        client.request = request  # type: ignore[method-assign]  # a witness beside every request

    def look(self, case_id: str) -> None:
        with self.admin.connect() as connection:
            who = text(
                "select u.agency, clock_timestamp() from cases c join units u on u.id = c.owner_unit_id where c.id = :id"
            )
            agency, now = connection.execute(who, {"id": case_id}).one()
        owner = self.stage.desk({"PSB": "psb-1", "CAB": "cab-1"}[agency])
        case = owner.get(f"/cases/{case_id}")
        stages = owner.get(f"/cases/{case_id}/stages")["items"]
        person = owner.get(f"/cases/{case_id}/victims/{case['victims'][0]}")
        self.seen.append(
            Moment(now.isoformat(), case, {one["id"]: one for one in stages}, person["sections"])
        )


MESSAGE: Final = {"narrative": "车站门口有一个男孩独自乞讨", "whereabouts": "汽车站北出口"}


def found(play: Stage) -> Journey:
    receipt = first.report(play, "tip", ["child_alone"], MESSAGE)
    return first.police_take_it_up(play, receipt, [])


def on_the_way(play: Stage, journey: Journey) -> None:
    no = dict.fromkeys(("safe_place_tonight", "identity_known"), "no")
    first.learn(journey, identity={"lowest_age": 12, "sex": "male"}, situation=no)
    first.learn(journey, identity={"lowest_age": 11})
    first.investigate(play, journey, "rescue_needed", on=0, seen_in_private=False)
    first.rescue(play, journey, on=1)
    first.hand_to_civil_affairs(play, journey)
    first.begin_guardianship(play, journey, on=1)
    first.shelter_at_the_station(play, journey, ["child_bed"], on=1)
    shelter = journey.stage("shelter")
    later = {"reason": "等待", "review_at": play.day(520).isoformat()}
    play.desk("station-1").move(shelter, "hold", later)
    play.desk("station-1").move(shelter, "resume")


@pytest.fixture(scope="module")
def witnessed(module_play: Stage, admin: Engine) -> tuple[Journey, list[Moment]]:
    journey, witness = found(module_play), Witness(module_play, admin)
    asked = module_play.client.request
    witness.watch(journey.case["id"])
    try:
        on_the_way(module_play, journey)
    finally:
        module_play.client.request = asked  # type: ignore[method-assign]  # nobody looks on any more
    return journey, witness.seen


def as_of(desk: Desk, journey: Journey, at: str) -> Json:
    return desk.get(f"{journey.address}/as_of", at=at)


def test_after_every_step_it_stood_as_it_answered_then(witnessed: tuple[Journey, list[Moment]]) -> None:
    journey, moments = witnessed
    assert len(moments) > 25
    for moment in moments:
        past = as_of(journey.owner, journey, moment.at)
        assert {name: past["case"][name] for name in CASE} == {name: moment.case[name] for name in CASE}
        stood = {one["id"]: {name: one[name] for name in STAGE} for one in past["stages"]}
        assert stood == {id_: {name: one[name] for name in STAGE} for id_, one in moment.stages.items()}, (
            moment.at
        )


def test_values_are_those_sealed_by_then(witnessed: tuple[Journey, list[Moment]]) -> None:
    journey, moments = witnessed
    ages = []
    for moment in moments:
        past = as_of(journey.owner, journey, moment.at)["people"][0]
        mine = {name: section for name, section in moment.sections.items() if name in past["sections"]}
        assert past["sections"] == mine
        ages.append(past["sections"].get("identity", {}).get("lowest_age"))
    assert {12, 11} <= set(ages)


def test_a_correction_says_which_entry_it_corrects(witnessed: tuple[Journey, list[Moment]]) -> None:
    journey, _ = witnessed
    entries = journey.owner.get(f"{journey.address}/timeline", limit=100)["items"]
    changes = [one for one in entries if one["what"]["action"] == "change_victim"]
    assert [one["corrects"] for one in changes[:2]] == [None, changes[0]["seq"]]


def test_before_it_was_opened_there_was_no_case(witnessed: tuple[Journey, list[Moment]]) -> None:
    journey, _ = witnessed
    past = as_of(journey.owner, journey, "2020-01-01T00:00:00Z")
    assert (past["entries"], past["case"], past["stages"], past["people"]) == (0, None, [], [])


def test_who_checks_reads_states_and_holders_and_no_value(
    witnessed: tuple[Journey, list[Moment]], module_play: Stage
) -> None:
    journey, moments = witnessed
    past = as_of(module_play.desk("auditor"), journey, moments[-1].at)
    assert {one["code"]: one["state"] for one in past["stages"]}["shelter"] == "active"
    assert past["people"][0]["sections"] == {}


def test_who_leads_two_stages_learns_of_no_other(
    witnessed: tuple[Journey, list[Moment]], module_play: Stage
) -> None:
    journey, moments = witnessed
    past = as_of(module_play.desk("justice-1"), journey, moments[-1].at)
    assert {one["code"] for one in past["stages"]} == {"guardianship", "rights_support"}
    assert ("case" in past, past["_redacted"]) == (False, ["case"])


def test_what_was_erased_since_is_shown_as_erased(
    witnessed: tuple[Journey, list[Moment]], admin: Engine
) -> None:
    """Last in its file: the person is erased as the rules of erasure leave them."""
    journey, moments = witnessed
    erase = (
        "delete from sealed_values where person_id = :id",
        "update person_keys set wrapped = null, destroyed_at = now() where person_id = :id",
        "update victims set erased_at = now() where id = :id",
    )
    with admin.begin() as connection:
        for statement in erase:
            connection.execute(text(statement), {"id": journey.victim_id})
    past = as_of(journey.owner, journey, moments[-1].at)["people"][0]
    assert (past["erased"], past["sections"]) == (True, {})


@pytest.mark.drill
def test_a_whole_way_home_stood_as_it_answered_then(
    module_play: Stage, admin: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step of the first journey from the acceptance of the report to its end."""
    witness, asked = Witness(module_play, admin), module_play.client.request
    taken_up = first.police_take_it_up

    def watched(*arguments: Any) -> Journey:
        journey = taken_up(*arguments)
        witness.watch(journey.case["id"])
        return journey

    monkeypatch.setattr(first, "police_take_it_up", watched)
    try:
        journey = boy_found_begging(module_play)
    finally:
        module_play.client.request = asked  # type: ignore[method-assign]  # nobody looks on any more
    assert len(witness.seen) > 80
    auditor = module_play.desk("auditor")
    for moment in witness.seen:
        past = as_of(auditor, journey, moment.at)
        assert {name: past["case"][name] for name in CASE} == {name: moment.case[name] for name in CASE}
        stood = {one["id"]: {name: one[name] for name in STAGE} for one in past["stages"]}
        assert stood == {id_: {name: one[name] for name in STAGE} for id_, one in moment.stages.items()}
