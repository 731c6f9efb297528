"""Clocks as callers see and move them: what is due, more time for a reason, alarms, what a division sets otherwise."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.clocks import CLOCKS
from services.demo_desk import Desk, Json, Refused
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.services.clocks.ground import Clocks

LATER = "2099-06-30T23:59:59+08:00"


def refusal(act: Callable[[], object]) -> tuple[int, list[tuple[str, str]]]:
    with pytest.raises(Refused) as refused:
        act()
    errors = refused.value.problem.get("errors") or ()
    return refused.value.status, [(error["field"], error["rule"]) for error in errors]


def extend(desk: Desk, stage: Json, **changed: str) -> Json:
    return desk.move(
        stage, "extend", {"clock": "stage_begin", "until": LATER, "reason": "本人住院", **changed}
    )


def test_the_owner_sees_every_clock_and_others_what_their_stages_wait_for(
    journey: Journey, play: Stage
) -> None:
    first.shelter_at_the_station(play, journey, [], on=480)
    address = f"{journey.address}/deadlines"

    def clocks(username: str) -> set[str]:
        return {row["clock"] for row in play.desk(username).get(address)["items"]}

    everything = clocks("psb-1")
    assert {"stage_reply", "relief_stay", "stranded_period", "tracing_notice"} <= everything
    dues = [row["due_at"] for row in play.desk("psb-1").get(address)["items"]]
    assert dues == sorted(dues)
    assert clocks("station-1") == {"relief_stay", "sample_request"}
    assert clocks("edu-1") == {"stage_reply"}
    assert refusal(lambda: clocks("south-cab-1")) == (404, [])


def test_more_time_is_given_by_the_responsible_unit_with_a_reason_and_only_forward(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id, justice = str(journey.case["id"]), play.desk("justice-1")
    stage = justice.accept(journey.stage("rights_support"))
    clocks.come_due(case_id, "stage_begin")
    clocks.work(case_id)
    assert len(clocks.alarms(case_id, "stage_begin")) == 1
    assert refusal(lambda: extend(justice, stage, until="2020-01-01T00:00:00+08:00")) == (
        422, [("until", "not_later")],
    )  # fmt: skip
    assert refusal(lambda: extend(justice, stage, clock="stage_reply")) == (
        422,
        [("clock", "clock_not_running")],
    )
    assert refusal(lambda: extend(play.desk("psb-1"), stage))[0] == 403
    given = extend(justice, stage)
    assert (given["due"]["clock"], datetime.fromisoformat(given["due"]["at"])) == (
        "stage_begin", datetime.fromisoformat(LATER),
    )  # fmt: skip
    old, new = clocks.of(case_id, "stage_begin")
    assert (old["state"], new["state"], new["started_at"]) == ("stopped", "running", old["started_at"])
    assert new["moved_by"] == new["due_at"] - old["due_at"]
    assert clocks.sql("select 1 from alarms where file_id = :id and settled_at is null", id=case_id) == []
    assert clocks.work(case_id) == 0
    said = justice.get(f"{stage['links']['self']}/remarks")["items"]
    assert [r["said"]["reason"] for r in said if r["action"] == "extend"] == ["本人住院"]


def test_a_term_of_law_is_not_extended(journey: Journey, play: Stage) -> None:
    justice = play.desk("justice-1")
    stage = first.explain_rights(play, journey, ["legal_aid"], on=470)
    asked = {"reference": "示例援申字0003号", "matter": "wages", "applied_on": "2026-01-05"}
    justice.record(stage, "aid_applications", play.day(480), **asked)
    assert refusal(lambda: extend(justice, stage, clock="legal_aid_decision")) == (
        422,
        [("clock", "clock_is_fixed")],
    )


def test_the_table_of_clocks_is_public_and_says_what_was_read(play: Stage) -> None:
    rows = {row["code"]: row for row in play.client.get("/policy/clocks").json()["clocks"]}
    assert set(rows) == set(CLOCKS)
    assert (rows["annulment_year"]["verified"], rows["annulment_year"]["most"]) == (True, None)
    assert (rows["stage_reply"]["verified"], rows["stage_reply"]["source"]) == (False, "configurable default")
    assert [rung["after"] for rung in rows["report_reply_urgent"]["ladder"]] == [
        "P0D",
        "PT15M",
        "PT30M",
        "PT45M",
    ]
    assert rows["annulment_year"]["ladder"][0] == {"after": "-P30D", "action": "remind", "told": ["unit"]}


def test_an_administrator_sets_a_length_for_one_division_within_its_bounds(
    play: Stage, clocks: Clocks
) -> None:
    admin, north = play.desk("admin"), play.place("01")
    wanted = {"division_id": north, "clock": "stage_reply", "amount": 12, "reason": "本师市要求更快答复"}

    def set_otherwise(**changed: object) -> Callable[[], Json]:
        return lambda: admin.post("/clock_overrides", {**wanted, **changed})

    for clock in ("annulment_year", "legal_aid_decision", "no_such_clock"):
        assert refusal(set_otherwise(clock=clock)) == (422, [("clock", "clock_is_fixed")])
    assert refusal(set_otherwise(amount=73)) == (422, [("amount", "amount_out_of_bounds")])
    for shorter in ({"clock": "plan_review", "amount": 29}, {"clock": "relocation_cooling", "amount": 6}):
        assert refusal(set_otherwise(**shorter)) == (422, [("amount", "amount_out_of_bounds")])
    assert refusal(set_otherwise(division_id=play.place("0101"))) == (422, [("division_id", "unknown_place")])
    assert refusal(lambda: play.desk("cab-1").post("/clock_overrides", wanted))[0] == 403
    try:
        assert set_otherwise()()["version"] == 1
        assert set_otherwise()()["version"] == 2
        listed = admin.get("/clock_overrides", division_id=north)["items"]
        assert [(row["clock"], row["amount"]) for row in listed] == [("stage_reply", 12)]
        receipt = first.report(play, "tip", [], {"narrative": "有人需要帮助"})
        case_id = str(first.police_take_it_up(play, receipt, [{}]).case["id"])
        row = next(row for row in clocks.of(case_id, "stage_reply"))
        assert row["due_at"] - row["started_at"] == timedelta(hours=12)
    finally:
        clocks.sql("delete from clock_overrides")
    entered = clocks.sql(
        "select what from timeline_entries where chain = 'register' order by seq desc limit 1"
    )
    assert b'"action":"set_clock"' in bytes(entered[0]["what"])


def test_an_excluded_officer_is_told_nothing_of_the_case(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id, justice = str(journey.case["id"]), play.desk("justice-1")
    clocks.come_due(case_id, "stage_reply")
    clocks.work(case_id)
    stage_id = journey.stage("rights_support")["id"]

    def told() -> list[str]:
        return [a["subject_id"] for a in justice.get("/alarms", limit=100)["items"]]

    assert stage_id in told()
    clocks.sql(
        "insert into exclusions (file_id, account_id, conflict_id) values (:file, :account, :file)",
        file=case_id, account=justice.me["account_id"],
    )  # fmt: skip
    assert stage_id not in told()
