"""What the worker does with clocks that came due: each rung once, told to whom the ladder says, entered with its rule."""

from datetime import timedelta

from services.clockwork import due_files
from services.demo_desk import Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.services.clocks.ground import Clocks, review

DAY = timedelta(days=1)


def entries(journey: Journey, rule: str) -> list[tuple[str, str | None]]:
    """What the timeline tells of a rule: action and who was told."""
    items: list[Json] = journey.owner.get(f"{journey.address}/timeline", limit=100)["items"]
    return [(e["what"]["action"], e["what"]["reason"]) for e in items if e["what"]["rule"] == rule]


def test_a_stage_that_nobody_answers_climbs_rung_by_rung(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    """Reminder, supervisor, next candidate unit, case owner, corps unit, and the corps again until it is answered."""
    case_id = str(journey.case["id"])
    psb, corps = play.desk("psb-1").me["unit_id"], play.desk("corps-psb-1").me["unit_id"]
    assert clocks.work(case_id) == 0
    clocks.come_due(case_id, "stage_reply")
    assert {due.id.hex for due in due_files(clocks.worker)} >= {case_id.replace("-", "")}
    tracing = journey.stage("family_tracing")["id"]

    def told() -> list[tuple[str, str]]:
        rows = clocks.sql(
            "select told, unit_id from alarms where subject_id = :stage and clock = 'stage_reply' order by rung",
            stage=tracing,
        )
        return [(row["told"], str(row["unit_id"])) for row in rows]

    assert clocks.work(case_id) > 0
    assert told() == [("unit", psb)]
    assert clocks.work(case_id) == 0, "what was raised is not raised again"
    for _ in range(3):
        clocks.pass_time(case_id, "stage_reply", DAY)
        assert clocks.work(case_id) > 0
    assert told() == [("unit", psb), ("supervisor", psb), ("candidate", corps), ("owner", psb)]
    assert journey.stage("family_tracing")["unit_id"] == psb, "who was not answered yet stays responsible"
    clocks.pass_time(case_id, "stage_reply", DAY)
    clocks.work(case_id)
    clocks.pass_time(case_id, "stage_reply", 7 * DAY)
    clocks.work(case_id)
    assert told()[4:] == [("corps", corps), ("corps", corps)]
    actions = [action for action, _ in entries(journey, "stage_reply")]
    assert actions[0] == "remind"
    assert set(actions[1:]) == {"remind", "escalate"}
    assert ("hand_over", None) in entries(journey, "not_answered_or_begun")


def test_alarms_are_settled_when_the_clock_is_met_and_the_ladder_ends(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id, justice = str(journey.case["id"]), play.desk("justice-1")
    clocks.come_due(case_id, "stage_reply")
    clocks.work(case_id)
    stage = journey.stage("rights_support")

    def alarms() -> list[bool]:
        rows = clocks.sql("select settled_at from alarms where subject_id = :stage", stage=stage["id"])
        return [row["settled_at"] is not None for row in rows]

    assert alarms() == [False]
    assert [a["clock"] for a in justice.get("/alarms")["items"] if a["subject_id"] == stage["id"]] == [
        "stage_reply"
    ]
    justice.accept(stage)
    assert alarms() == [True]
    assert [a for a in justice.get("/alarms")["items"] if a["subject_id"] == stage["id"]] == []
    clocks.pass_time(case_id, "stage_reply", 5 * DAY)
    clocks.work(case_id)
    assert alarms() == [True]


def test_a_hold_resumes_by_itself_when_its_review_is_past(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id, justice = str(journey.case["id"]), play.desk("justice-1")
    stage = first.explain_rights(play, journey, ["legal_aid"], on=20)
    held = justice.move(stage, "hold", {"reason": "等待本人决定", "review_at": review()})
    assert (held["state"], held["due"]["clock"]) == ("on_hold", "hold_review")
    assert clocks.work(case_id) == 0
    clocks.come_due(case_id, "hold_review")
    assert clocks.work(case_id) == 1
    assert journey.stage("rights_support")["state"] == "active"
    assert [action for action, _ in entries(journey, "hold_review")] == ["due", "resume"]
    assert {row["state"] for row in clocks.of(case_id, "hold_review")} == {"met"}


def test_a_report_that_nobody_answers_goes_up_level_by_level_which_may_then_act(
    play: Stage, clocks: Clocks
) -> None:
    """Within 15 minutes, then the level above, up to the corps, day and night (C-9)."""
    police, corps = play.desk("psb-1"), play.desk("corps-psb-1")
    first.report(play, "crime", ["danger"], {"narrative": "有人被关在厂房里"})
    report = police.get("/reports", state="received")["items"][0]
    address, report_id = report["links"]["self"], str(report["id"])
    assert corps.client.get(address, headers={"Authorization": f"Bearer {corps.token}"}).status_code == 404
    assert clocks.work(report_id, "report") == 0
    clocks.come_due(report_id, "report_reply_urgent")
    assert clocks.work(report_id, "report") == 1
    told = clocks.alarms(report_id, "report_reply_urgent")
    units = {
        "psb": police.me["unit_id"],
        "cab": play.desk("cab-1").me["unit_id"],
        "corps": corps.me["unit_id"],
    }
    assert {(rung, who, str(unit)) for rung, who, unit in told} == {
        (0, "unit", units["psb"]), (0, "unit", units["cab"]), (0, "above", units["corps"]),
    }  # fmt: skip
    assert corps.get(address)["state"] == "received"
    corps.move(report, "screen")
    clocks.pass_time(report_id, "report_reply_urgent", timedelta(minutes=15))
    assert clocks.work(report_id, "report") == 1
    corps.move(report, "answer", {"text": "已派人前往。"})
    clocks.pass_time(report_id, "report_reply_urgent", timedelta(hours=9))
    assert clocks.work(report_id, "report") == 0
    assert clocks.sql("select 1 from alarms where file_id = :id and settled_at is null", id=report_id) == []


def test_a_stay_that_is_too_long_is_told_to_the_level_above(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id, station = str(journey.case["id"]), play.desk("station-1")
    first.shelter_at_the_station(play, journey, [], on=490)
    assert journey.stage("shelter")["due_at"] is not None
    clocks.come_due(case_id, "relief_stay", late=timedelta(hours=2))
    clocks.work(case_id)
    units = {who: str(unit) for _, who, unit in clocks.alarms(case_id, "relief_stay")}
    assert units == {
        "unit": station.me["unit_id"],
        "supervisor": station.me["unit_id"],
        "above": play.desk("cab-1").me["unit_id"],
    }


def test_after_the_stranded_period_registration_opens_for_whoever_is_still_unidentified(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id = str(journey.case["id"])
    first.shelter_at_the_station(play, journey, [], on=490)
    assert "household_registration" not in journey.states()
    clocks.come_due(case_id, "stranded_period")
    clocks.work(case_id)
    assert journey.states()["household_registration"] == "routed"
    assert journey.stage("household_registration")["unit_id"] is not None
    opened = [action for action, _ in entries(journey, "stranded_without_identity")]
    assert opened == ["plan", "route"]
    told = {who for _, who, _ in clocks.alarms(case_id, "stranded_period")}
    assert told == {"unit", "supervisor", "owner", "above"}


def test_a_warning_that_is_overtaken_is_left_out(journey: Journey, play: Stage, clocks: Clocks) -> None:
    """A worker that was away for a month does not warn of what is already due."""
    case_id = str(journey.case["id"])
    first.shelter_at_the_station(play, journey, [], on=490)
    clocks.come_due(case_id, "stranded_period")
    clocks.work(case_id)
    assert {rung for rung, _, _ in clocks.alarms(case_id, "stranded_period")} == {3}


def test_a_critical_clock_warns_before_it_is_due(journey: Journey, play: Stage, clocks: Clocks) -> None:
    case_id = str(journey.case["id"])
    first.shelter_at_the_station(play, journey, [], on=490)
    for days_left, rung in ((20, 0), (5, 1), (0.5, 2)):
        clocks.come_due(case_id, "stranded_period", late=-timedelta(days=days_left))
        clocks.work(case_id)
        assert max(r for r, _, _ in clocks.alarms(case_id, "stranded_period")) == rung
