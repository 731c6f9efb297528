"""A woman says no to most of what is offered: nobody asks again, nobody is alerted, and a call of hers opens the door."""

import pytest
from sqlalchemy import Engine, select, text

from services.demo_desk import Json, Refused
from services.demo_journeys import Journey, Stage, woman_who_declines
from services.demo_journeys import first_steps as first
from services.demo_journeys.woman_who_declines import DECLINED, PHONE, declines, found_and_free
from services.records.cases import ApprovalRow
from services.records.clocks import AlarmRow, DeadlineRow
from services.records.reports import ReportRow
from services.records.requests import RequestRow


@pytest.fixture(scope="module")
def journey(module_play: Stage) -> Journey:
    return woman_who_declines(module_play)


def all_that_could_alert(admin: Engine) -> dict[str, list[str]]:
    """Every row of every table by which somebody could learn of something."""
    with admin.connect() as connection:
        return {
            table.__tablename__: sorted(map(str, connection.execute(select(table.id)).scalars()))
            for table in (AlarmRow, ReportRow, RequestRow, ApprovalRow, DeadlineRow)
        }


def entries(journey: Journey) -> list[Json]:
    found: list[Json] = journey.owner.get(journey.case["links"]["timeline"], limit=100)["items"]
    return found


@pytest.mark.parametrize("code", DECLINED)
def test_refusing_alerts_nobody_and_changes_nothing_but_the_stage(
    play: Stage, admin: Engine, code: str
) -> None:
    journey = found_and_free(play)
    police_before = play.desk("psb-1").get("/inbox")["items"]
    before, known, told = journey.states(), all_that_could_alert(admin), entries(journey)
    desk = play.desk({"rights_support": "justice-1"}.get(code, "cab-1"))
    declined = declines(play, journey, code, desk)
    assert declined["state"] == "declined"
    assert journey.states() == {**before, code: "declined"}
    after = all_that_could_alert(admin)
    assert after == known
    (added,) = [entry["what"] for entry in entries(journey)[len(told) :]]
    assert (added["action"], added["stage"], added["unit_id"]) == ("decline", code, None)
    assert [line["id"] for line in play.desk("psb-1").get("/inbox")["items"]] == [
        line["id"] for line in police_before
    ]
    assert declined["due_at"] is None


def test_what_she_declined_does_not_come_back_before_the_plan_is_reviewed(play: Stage) -> None:
    journey = found_and_free(play)
    declines(play, journey, "shelter", play.desk("cab-1"))
    first.learn(journey, situation={"safe_place_tonight": "no", "injured_or_ill": "no"})
    assert journey.states()["shelter"] == "declined"
    again = {"by": "plan_review", "reason": "复查计划"}
    with pytest.raises(Refused) as refused:
        play.desk("cab-1").move(journey.stage("shelter"), "offer_again", again)
    assert [row["code"] for row in refused.value.problem["unmet"]] == ["not_asked_too_soon"]


def test_her_own_word_brings_it_back_on_any_day(play: Stage) -> None:
    journey = found_and_free(play)
    declines(play, journey, "shelter", play.desk("cab-1"))
    asks = {"by": "person", "reason": "她来电说愿意来住"}
    offered = play.desk("cab-1").move(journey.stage("shelter"), "offer_again", asks)
    assert (offered["state"], offered["unit_id"]) == ("routed", play.unit(play.desk("cab-1")))


def test_the_plan_review_gives_it_back_to_the_unit_that_held_it(play: Stage, admin: Engine) -> None:
    """In between that unit reads nothing: its right ended with the work, and the owner holds the review."""
    journey = found_and_free(play)
    declines(play, journey, "rights_support", play.desk("justice-1"))
    with pytest.raises(Refused) as refused:
        play.desk("justice-1").get(journey.stage("rights_support")["links"]["self"])
    assert refused.value.status == 404
    with admin.begin() as connection:
        month_ago = "update stages set ended_at = ended_at - interval '30 days' where id = :id"
        connection.execute(text(month_ago), {"id": journey.stage("rights_support")["id"]})
    again = {"by": "plan_review", "reason": "复查计划"}
    offered = play.desk("cab-1").move(journey.stage("rights_support"), "offer_again", again)
    assert (offered["state"], offered["unit_id"]) == ("routed", play.unit(play.desk("justice-1")))
    assert play.desk("justice-1").get(offered["links"]["self"])["state"] == "routed"


@pytest.mark.parametrize("days_since", [59, 60])
def test_a_division_may_leave_her_in_peace_for_longer(play: Stage, admin: Engine, days_since: int) -> None:
    """Where it set 60 days, the review is on the sixtieth day and not on the day before."""
    journey = found_and_free(play)
    longer = {"clock": "plan_review", "amount": 60, "reason": "本师市两个月复查一次"}
    play.desk("admin").post("/clock_overrides", {"division_id": play.place("01"), **longer})
    declines(play, journey, "rights_support", play.desk("justice-1"))
    noon_of_that_day = (
        "update stages set ended_at = (date_trunc('day', now() at time zone 'Asia/Shanghai')"
        " - make_interval(days => :days, hours => -12)) at time zone 'Asia/Shanghai' where id = :id"
    )
    with admin.begin() as connection:
        stage_id = journey.stage("rights_support")["id"]
        connection.execute(text(noon_of_that_day), {"id": stage_id, "days": days_since})
    desk, again = play.desk("cab-1"), {"by": "plan_review", "reason": "复查计划"}
    try:
        if days_since == 60:
            assert desk.move(journey.stage("rights_support"), "offer_again", again)["state"] == "routed"
            return
        with pytest.raises(Refused) as refused:
            desk.move(journey.stage("rights_support"), "offer_again", again)
        assert [row["code"] for row in refused.value.problem["unmet"]] == ["not_asked_too_soon"]
    finally:
        with admin.begin() as connection:
            connection.execute(text("delete from clock_overrides"))


def test_the_day_that_she_named_is_the_day_on_which_she_is_asked(play: Stage) -> None:
    journey = found_and_free(play)
    said = {
        "said_by": "self",
        "said_at": play.day(491).isoformat(),
        "in_private": True,
        "ask_again_on": "2099-04-12",
    }
    declined = play.desk("cab-1").move(journey.stage("follow_up"), "decline", said)
    assert declined["due_at"] == "2099-04-11T16:00:00Z"


def test_the_case_is_closed_at_her_word_while_she_is_presumed_a_victim(journey: Journey) -> None:
    case = journey.owner.get(journey.address)
    assert (case["state"], case["closing_reason"]) == ("closed", "declined_by_victim")
    assert {code for code, state in journey.states().items() if state == "declined"} == set(DECLINED)
    person = journey.owner.get(journey.person)["sections"]
    assert person.get("identification", {"status": "presumed"})["status"] == "presumed"
    assert person["contact"] == {"phone": PHONE}


def test_a_closed_case_is_read_by_its_owner_alone(journey: Journey, module_play: Stage) -> None:
    """Its data go at the end of its term; until then no unit's work leads to it."""
    for username in ("psb-1", "health-1", "justice-1", "women-1", "station-1"):
        with pytest.raises(Refused) as refused:
            module_play.desk(username).get(journey.address)
        assert refused.value.status == 404


def test_her_call_opens_the_case_again_without_a_report(
    journey: Journey, module_play: Stage, admin: Engine
) -> None:
    reports = all_that_could_alert(admin)["reports"]
    rounds = {stage["id"]: (stage["round"], stage["state"]) for stage in journey.stages()}
    case = journey.owner.move(journey.case, "reopen", {"reason": "她来电，想继续看病"})
    assert (case["state"], case["round"]) == ("open", 2)
    assert all_that_could_alert(admin)["reports"] == reports
    now = journey.stages()
    assert {s["id"]: (s["round"], s["state"]) for s in now if s["round"] == 1} == rounds
    assert {s["code"] for s in now if s["round"] == 2} == {"medical_care"}
    shelter = next(s for s in now if s["code"] == "shelter")
    anew = module_play.desk("cab-1").move(shelter, "reopen", {"reason": "她想来住几天"})
    assert (anew["round"], anew["state"]) == (2, "routed")
    assert anew["id"] != shelter["id"]
    kept = module_play.desk("cab-1").get(shelter["links"]["self"])
    assert (kept["round"], kept["state"]) == (1, "declined")
