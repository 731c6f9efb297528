"""A child who is gone is missing at once; an adult who is gone has left; and nobody waits outside while offices disagree."""

from datetime import datetime, timedelta

import pytest

from services.demo_desk import Json, Refused
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import Journey, Stage

GONE: Json = {"destination": "absent", "safe": "unknown", "follow_up_offered": False}


def sheltered(play: Stage, *others: Json, **identity: object) -> Journey:
    """Somebody in the station's care; the case is offered to another division and nobody has answered yet."""
    message = {"narrative": "有人需要帮助", "whereabouts": "师市汽车站"}
    person: Json = {"identity": identity, "situation": {"in_danger": "no", "safe_place_tonight": "no"}}
    journey = first.police_take_it_up(play, first.report(play, "tip", [], message), [person, *others])
    first.hand_to_civil_affairs(play, journey)
    elsewhere = {"unit_id": play.unit(play.desk("south-cab-1")), "reason": "户籍地在南师市，管辖有争议"}
    journey.owner.move(journey.case, "hand_over", elsewhere)
    if "birth_date" in identity:
        first.ask_consent(journey, play.desk("cab-1"), "shelter")
    first.shelter_at_the_station(play, journey, ["quiet_room"], on=1)
    return journey


@pytest.fixture(scope="module")
def child(module_play: Stage) -> Journey:
    return sheltered(module_play, lowest_age=12)


def missing_reports(play: Stage, journey: Journey) -> list[Json]:
    found = play.desk("psb-1").get("/reports", limit=100)["items"]
    return [
        one for one in found if one["case_id"] == journey.case["id"] and "missing_minor" in one["concerns"]
    ]


def test_shelter_waits_for_no_dispute_about_who_is_responsible(child: Journey) -> None:
    assert child.owner.get(child.address)["offered_unit_id"] is not None
    assert child.states()["shelter"] == "active"


def test_a_child_who_is_gone_is_reported_and_looked_for_in_the_same_moment(
    child: Journey, module_play: Stage
) -> None:
    station, shelter = module_play.desk("station-1"), child.stage("shelter")
    assert missing_reports(module_play, child) == []
    assert "rescue" not in child.states()
    written = station.record(shelter, "exits", module_play.day(20), **GONE)
    (report,) = missing_reports(module_play, child)
    received_at = datetime.fromisoformat(report["received_at"])
    assert datetime.fromisoformat(report["reply_by"]) - received_at == timedelta(minutes=15)
    assert received_at - datetime.fromisoformat(written["recorded_at"]) < timedelta(seconds=5)
    rescue = module_play.desk("psb-1").get(child.stage("rescue")["links"]["self"])
    assert (rescue["state"], rescue["opened_by"]) == ("routed", "child_missing")
    told = child.owner.get(f"{child.address}/timeline", limit=100)["items"]
    (joined,) = [entry["what"] for entry in told if entry["what"]["reason"] == report["id"]]
    assert (joined["action"], joined["rule"], joined["articles"]) == (
        "join_report",
        "child_missing",
        [23, 31],
    )


def test_shelter_goes_on_until_the_child_is_found_and_is_reported_once(
    child: Journey, module_play: Stage
) -> None:
    station, shelter = module_play.desk("station-1"), child.stage("shelter")
    with pytest.raises(Refused) as refused:
        station.move(shelter, "complete")
    assert "safe_exit" in [row["code"] for row in refused.value.problem["unmet"]]
    station.record(shelter, "exits", module_play.day(21), **GONE)
    assert len(missing_reports(module_play, child)) == 1


def test_a_child_who_came_back_and_is_gone_again_is_missing_again(child: Journey, module_play: Stage) -> None:
    station, shelter = module_play.desk("station-1"), child.stage("shelter")
    back = {"institution_kind": "relief_station", "rules_explained_in": "zh", "free_to_leave_explained": True}
    station.record(shelter, "admissions", module_play.day(22), **back)
    station.record(shelter, "exits", module_play.day(23), **GONE)
    assert len(missing_reports(module_play, child)) == 2


def test_the_police_take_the_report_into_the_case_that_it_is_about(
    child: Journey, module_play: Stage
) -> None:
    police = module_play.desk("psb-1")
    report = missing_reports(module_play, child)[0]
    police.move(report, "screen")
    accepted = police.move(report, "accept", {})
    assert accepted["case_id"] == child.case["id"]


def test_an_adult_who_is_gone_has_left_and_nobody_is_told(module_play: Stage) -> None:
    adult = sheltered(module_play, birth_date="1990-05-01")
    station, shelter = module_play.desk("station-1"), adult.stage("shelter")
    station.record(shelter, "exits", module_play.day(20), **GONE)
    station.move(shelter, "complete")
    assert missing_reports(module_play, adult) == []
    assert "rescue" not in adult.states()
    assert adult.states()["shelter"] == "completed"


def test_a_child_who_went_home_is_missing_nowhere(play: Stage) -> None:
    child = sheltered(play, lowest_age=12)
    home: Json = {"destination": "family", "safe": "yes", "follow_up_offered": True}
    play.desk("station-1").record(child.stage("shelter"), "exits", play.day(20), **home)
    assert missing_reports(play, child) == []
    assert "rescue" not in child.states()


def test_somebody_whose_age_nobody_knows_is_missing_as_a_child_is(play: Stage) -> None:
    somebody = sheltered(play)
    play.desk("station-1").record(somebody.stage("shelter"), "exits", play.day(20), **GONE)
    assert len(missing_reports(play, somebody)) == 1


def test_each_child_is_looked_for_on_its_own_and_a_rescue_that_had_ended_begins_anew(play: Stage) -> None:
    """Her brother is in danger elsewhere, and the police are on their way to him already."""
    brother: Json = {"identity": {"lowest_age": 9}, "situation": {"in_danger": "yes"}}
    child = sheltered(play, brother, lowest_age=12)
    station, police, shelter = play.desk("station-1"), play.desk("psb-1"), child.stage("shelter")
    assert rescues(child)[child.victim_id] == []
    station.record(shelter, "exits", play.day(20), **GONE)
    assert rescues(child)[child.victim_id] == ["routed"]
    first.rescue(play, child, on=22)
    assert rescues(child)[child.victim_id] == ["completed"]
    back = {"institution_kind": "relief_station", "rules_explained_in": "zh", "free_to_leave_explained": True}
    station.record(shelter, "admissions", play.day(22), **back)
    station.record(shelter, "exits", play.day(23), **GONE)
    rescue = child.stage("rescue")
    assert rescues(child)[child.victim_id] == ["routed"]
    assert police.get(rescue["links"]["self"])["unit_id"] == play.unit(police)


def rescues(journey: Journey) -> dict[str, list[str]]:
    """By person: the states of their rescue."""
    case = journey.owner.get(journey.address)
    found: dict[str, list[str]] = {victim_id: [] for victim_id in case["victims"]}
    for stage in journey.owner.get(f"{journey.address}/stages")["items"]:
        if stage["code"] == "rescue":
            found[stage["victim_id"]].append(stage["state"])
    return found
