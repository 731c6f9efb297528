"""Two files about one person: both owners agree, conflicts and the earliest clock count in both, nothing else is shared."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, text

from domain.numbers import case_number
from services.demo_desk import Desk, Json, checked
from services.demo_journeys import Journey, Stage
from tests.api.people.conftest import NAMELESS, learn, taken_in

Refuses = Callable[..., Json]


@dataclass(slots=True)
class Pair:
    """The same child in the north, with civil affairs, and in the south, with the police."""

    north: Journey
    south: Journey

    @property
    def owners(self) -> tuple[Desk, Desk]:
        return self.north.owner, self.south.owner


def found_in_the_south(play: Stage) -> Journey:
    body = {"kind": "tip", "place_id": play.place("0201"), "message": {"narrative": "有人需要帮助"}}
    receipt, police = checked(play.client.post("/public/reports", json=body)), play.desk("south-psb-1")
    report = police.move(police.get("/reports", state="received")["items"][0], "screen")
    report = police.move(report, "accept", {"victims": [NAMELESS]})
    case = police.get(report["links"]["case"])
    return Journey(case, str(case["victims"][0]), police, receipt)


@pytest.fixture
def pair(play: Stage) -> Pair:
    return Pair(taken_in(play, NAMELESS), found_in_the_south(play))


def ask(pair: Pair) -> Json:
    number = {"other_case_number": pair.south.case["number"]}
    return pair.north.owner.post(f"{pair.north.person}/merges", number)


def approve(pair: Pair, asked: Json) -> Json:
    whom, version = {"victim_id": pair.south.victim_id}, int(asked["version"])
    return pair.south.owner.post(f"/merges/{asked['id']}/approve", whom, version=version)


def dues(journey: Journey) -> dict[str, str]:
    """When each stage of the person is due, by kind."""
    return {stage["code"]: stage["due_at"] for stage in journey.stages() if stage["victim_id"]}


def guarded_by_civil_affairs(play: Stage, journey: Journey, desk: Desk) -> None:
    guardianship = journey.stage("guardianship")
    desk.accept(guardianship)
    desk.move(guardianship, "begin")
    desk.record(guardianship, "guardian_statuses", play.day(1), status="temporary_cab")


def test_both_owners_agree_and_nobody_agrees_with_themselves(
    pair: Pair, play: Stage, refused: Refuses
) -> None:
    north, south = pair.owners
    asked = ask(pair)
    whom, version = {"victim_id": pair.south.victim_id}, int(asked["version"])
    address = f"/merges/{asked['id']}/approve"
    refused(404, north.post, address, whom, version=version)
    for stranger in ("edu-1", "south-cab-1", "corps-cab-1"):
        assert asked["id"] not in str(play.desk(stranger).get("/merges"))
        refused(404, play.desk(stranger).post, address, whom, version=version)
    assert south.get("/merges")["items"][0]["id"] == asked["id"]
    of_the_other_file = {"victim_id": pair.north.victim_id}
    refused(404, south.post, address, of_the_other_file, version=version)
    assert approve(pair, asked)["state"] == "merged"
    problem = refused(422, south.post, address, whom, version=version + 1)
    assert problem["errors"][0]["rule"] == "already_answered"
    for journey in (pair.north, pair.south):
        assert journey.owner.get(journey.person)["merged_with"] == asked["id"]
    theirs = play.desk("psb-1").get(pair.north.person)
    assert "merged_with" not in theirs
    assert "merged_with" in theirs["_redacted"]


def test_whether_a_number_is_a_case_is_not_told_and_a_request_may_be_taken_back(
    pair: Pair, refused: Refuses
) -> None:
    north, address = pair.north.owner, f"{pair.north.person}/merges"
    problem = refused(422, north.post, address, {"other_case_number": "2026-111-1111-1"})
    assert problem["errors"][0]["rule"] == "number_format"
    nowhere = north.post(address, {"other_case_number": case_number(987_654_321, 2020)})
    assert nowhere["state"] == "asked"
    problem = refused(422, ask, pair)
    assert problem["errors"][0]["rule"] == "merged_already"
    assert north.post(f"/merges/{nowhere['id']}/undo", version=nowhere["version"])["state"] == "undone"
    asked = ask(pair)
    refusing = pair.south.owner.post(f"/merges/{asked['id']}/refuse", version=asked["version"])
    assert refusing["state"] == "refused"
    assert pair.north.owner.get(pair.north.person)["merged_with"] is None


def test_nothing_of_one_file_becomes_readable_in_the_other(pair: Pair, refused: Refuses) -> None:
    north, south = pair.owners
    learn(south, pair.south, account={"note": "写给南边负责单位"}, identity={"name": "示例南"})
    consent = {"purpose": "rights_support", "what": "提供帮助", "language": "zh"}
    south.post(f"{pair.south.person}/consents", consent)
    approve(pair, ask(pair))
    refused(404, north.get, pair.south.address)
    refused(404, south.get, pair.north.address)
    assert north.get(f"{pair.north.person}/consents")["items"] == []
    assert "示例南" not in str(north.get(pair.north.person))
    own = south.get(pair.south.person)
    assert "account.note" in own["_redacted"], (
        "the strictest redaction: a note for one owner is not for the other"
    )


def test_the_earliest_clock_wins_until_the_files_are_parted_again(pair: Pair) -> None:
    north, south = dues(pair.north), dues(pair.south)
    both = {code for code in north.keys() & south.keys() if north[code] < south[code]}
    assert "rights_support" in both
    merged = approve(pair, ask(pair))
    assert {code: dues(pair.south)[code] for code in both} == {code: north[code] for code in both}
    assert dues(pair.north) == north
    pair.north.owner.post(f"/merges/{merged['id']}/undo", version=merged["version"])
    assert (dues(pair.north), dues(pair.south)) == (north, south)


def test_a_conflict_in_either_file_counts_in_both_and_ends_there_when_it_is_undone(
    pair: Pair, play: Stage, refused: Refuses
) -> None:
    guarded_by_civil_affairs(play, pair.south, play.desk("south-cab-1"))
    home: Json = {"contact_home": "yes"}
    learn(pair.south.owner, pair.south, contact=home)
    claimant = {"relation": "father", "role": "claimant", "name": "自称父亲的人"}
    pair.north.owner.post(f"{pair.north.person}/relatives", claimant)
    learn(pair.south.owner, pair.south, contact=home)
    merged = approve(pair, ask(pair))
    problem = refused(422, learn, pair.south.owner, pair.south, contact=home)
    assert problem["errors"][0]["rule"] == "guardianship_not_safe"
    pair.south.owner.post(f"/merges/{merged['id']}/undo", version=merged["version"])
    learn(pair.south.owner, pair.south, contact=home)
    entries = pair.north.owner.get(f"{pair.north.address}/timeline", limit=100)["items"]
    told = [one["what"]["action"] for one in entries if one["what"]]
    assert [action for action in told if "merge" in action] == ["ask_merge", "merge", "undo_merge"]


def doubted(desk: Desk, journey: Journey, whom: str, body: Json) -> Json:
    return desk.post(f"{journey.address}/{whom}", {**body, "reason": "与收买人有亲属关系"})


def cared_for(play: Stage, pair: Pair) -> Json:
    """Medical care in the north, with the bureau that serves the place."""
    learn(pair.north.owner, pair.north, situation={**NAMELESS["situation"], "injured_or_ill": "yes"})
    care = pair.north.stage("medical_care")
    play.desk("health-1").accept(care)
    return care


def test_a_unit_in_question_in_one_file_is_out_of_both_at_once(
    pair: Pair, play: Stage, refused: Refuses
) -> None:
    care, health, above = cared_for(play, pair), play.desk("health-1"), play.desk("corps-health-1")
    merged = approve(pair, ask(pair))
    assert health.get(care["links"]["self"])["state"] == "accepted"
    set_there = doubted(pair.south.owner, pair.south, "unit_conflicts", {"unit_id": play.unit(health)})
    refused(404, health.get, care["links"]["self"])
    refused(404, health.get, pair.north.address)
    assert above.get(care["links"]["self"])["unit_id"] == play.unit(above)
    here = next(
        one
        for one in pair.north.owner.get(f"{pair.north.address}/conflicts")["items"]
        if one["kind"] == "unit"
    )
    assert (here["rule"], here["reason"], here["unit_id"]) == ("merged", None, set_there["unit_id"])
    refused(403, pair.north.owner.post, f"/unit_conflicts/{here['id']}/clear", version=here["version"])
    pair.south.owner.post(f"/merges/{merged['id']}/undo", version=merged["version"])
    assert pair.north.owner.get(f"/unit_conflicts/{here['id']}")["state"] == "cleared"
    assert pair.south.owner.get(f"/unit_conflicts/{set_there['id']}")["state"] == "open"
    assert above.get(care["links"]["self"])["unit_id"] == play.unit(above), "what went up stays there"


def test_a_unit_in_question_before_the_files_were_one_is_out_of_both_when_they_are(
    pair: Pair, play: Stage, refused: Refuses
) -> None:
    care, health = cared_for(play, pair), play.desk("health-1")
    doubted(pair.south.owner, pair.south, "unit_conflicts", {"unit_id": play.unit(health)})
    assert health.get(care["links"]["self"])["state"] == "accepted"
    approve(pair, ask(pair))
    refused(404, health.get, care["links"]["self"])


def test_an_officer_excluded_in_one_file_reads_neither_until_both_above_cleared_it(
    pair: Pair, play: Stage, refused: Refuses
) -> None:
    care, officer = cared_for(play, pair), play.desk("health-1")
    approve(pair, ask(pair))
    excluded = doubted(pair.south.owner, pair.south, "exclusions", {"account_id": officer.me["account_id"]})
    refused(404, officer.get, care["links"]["self"])
    kept = play.desk("health-2").get(care["links"]["self"])
    assert officer.me["account_id"] not in (kept["officer_id"], kept["deputy_id"])
    own = doubted(pair.north.owner, pair.north, "exclusions", {"account_id": officer.me["account_id"]})
    for judge in ("corps-health-1", "south-proc-1"):
        excluded = clear(play.desk(judge), excluded)
    assert excluded["state"] == "cleared"
    refused(404, officer.get, care["links"]["self"])
    for judge in ("corps-health-1", "proc-1"):
        own = clear(play.desk(judge), own)
    assert own["state"] == "cleared"
    assert officer.get(care["links"]["self"])["state"] == "accepted"


def clear(desk: Desk, conflict: Json) -> Json:
    now = desk.get(conflict["links"]["self"])
    return desk.post(f"{conflict['links']['self']}/clear", version=now["version"])


def test_a_guardian_in_question_is_judged_where_it_was_said(
    pair: Pair, play: Stage, refused: Refuses
) -> None:
    guarded_by_civil_affairs(play, pair.north, play.desk("cab-1"))
    approve(pair, ask(pair))
    doubt = {"relative_id": None, "reason": "孩子说害怕回家"}
    pair.south.owner.post(f"{pair.south.person}/guardian_conflicts", doubt)
    here = pair.north.owner.get(f"{pair.north.address}/conflicts")["items"][-1]
    assert (here["kind"], here["state"], here["victim_id"]) == ("guardian", "open", pair.north.victim_id)
    address = f"/guardian_conflicts/{here['id']}/clear"
    problem = refused(422, pair.north.owner.post, address, version=here["version"])
    assert problem["errors"][0]["rule"] == "judged_in_other_file"


def test_a_conflict_is_set_though_the_other_file_is_erased_already(
    pair: Pair, play: Stage, admin: Engine, refused: Refuses
) -> None:
    care, health = cared_for(play, pair), play.desk("health-1")
    approve(pair, ask(pair))
    with admin.begin() as connection:
        erased = text("update cases set erased_at = now() where id = :id")
        connection.execute(erased, {"id": pair.south.case["id"]})
    doubted(pair.north.owner, pair.north, "unit_conflicts", {"unit_id": play.unit(health)})
    refused(404, health.get, care["links"]["self"])
    with admin.connect() as connection:
        rows = text("select 1 from conflicts where case_id = :id and kind = 'unit'")
        assert connection.execute(rows, {"id": pair.south.case["id"]}).all() == []
