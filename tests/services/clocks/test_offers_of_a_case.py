"""A whole case that is offered to another unit: who was offered it is reminded, and past the time the sender keeps it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.demo_desk import Json, Refused
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.services.clocks.ground import Clocks

OFFER = "case_hand_over_reply"


@pytest.fixture
def offered(play: Stage) -> Journey:
    """A woman is free, so that a rule offered her case to civil affairs (workflow 2, case)."""
    receipt = first.report(play, "tip", [], {"narrative": "有人需要帮助"})
    free = {"identity": {"birth_date": "1990-05-01"}, "account": {"liberty_at": play.day(490).isoformat()}}
    return first.police_take_it_up(play, receipt, [free])


def states(clocks: Clocks, journey: Journey) -> list[str]:
    return [row["state"] for row in clocks.of(str(journey.case["id"]), OFFER)]


def entered(play: Stage, journey: Journey) -> list[tuple[str, str, str | None]]:
    items: list[Json] = play.desk("psb-1").get(f"{journey.address}/timeline", limit=100)["items"]
    whats = [item["what"] for item in items if item["what"] and item["what"]["subject"] == "case"]
    return [(what["action"], what["rule"], what["unit_id"]) for what in whats]


def test_who_was_offered_a_case_is_reminded_a_day_before_and_past_the_time_the_sender_keeps_it(
    offered: Journey, play: Stage, clocks: Clocks
) -> None:
    case_id, police, civil_affairs = str(offered.case["id"]), play.desk("psb-1"), play.desk("cab-1")
    (row,) = clocks.of(case_id, OFFER)
    assert (row["subject"], row["due_at"] - row["started_at"]) == ("case", timedelta(hours=72))
    clocks.pass_time(case_id, OFFER, timedelta(hours=49))
    assert clocks.work(case_id) == 1
    assert [(told, str(unit)) for _, told, unit in clocks.alarms(case_id, OFFER)] == [
        ("offered", play.unit(civil_affairs)),
        ("unit", play.unit(police)),
    ]
    heard = [one for one in civil_affairs.get("/alarms")["items"] if one["clock"] == OFFER]
    assert {"case": f"/cases/{case_id}"} in [one["links"] for one in heard]
    clocks.come_due(case_id, OFFER)
    assert clocks.work(case_id) == 1
    kept = police.get(offered.address)
    assert (kept["owner_unit_id"], kept["offered_unit_id"]) == (play.unit(police), None)
    assert entered(play, offered)[-3:] == [
        ("remind", OFFER, play.unit(civil_affairs)),
        ("due", OFFER, play.unit(police)),
        ("withdraw_hand_over", "hand_over_lapsed", play.unit(civil_affairs)),
    ]
    with pytest.raises(Refused) as refused:
        civil_affairs.move(offered.case, "accept_hand_over")
    assert refused.value.status == 403
    assert states(clocks, offered) == ["met"]
    assert clocks.work(case_id) == 0


@pytest.mark.parametrize(
    "answer",
    [
        lambda play, case: play.desk("cab-1").move(case, "accept_hand_over"),
        lambda play, case: play.desk("cab-1").move(case, "refuse_hand_over", {"reason": "地点有误"}),
        lambda play, case: play.desk("psb-1").move(case, "withdraw_hand_over"),
        lambda play, case: play.desk("psb-1").post(
            f"{case['links']['self']}/unit_conflicts",
            {"unit_id": play.unit(play.desk("cab-1")), "reason": "有人与嫌疑人相识"},
        ),
    ],
    ids=["accepted", "refused", "taken back", "the unit is in question"],
)
def test_an_answered_offer_does_not_lapse(
    offered: Journey, play: Stage, clocks: Clocks, answer: Callable[[Stage, Json], Json]
) -> None:
    assert states(clocks, offered) == ["running"]
    answer(play, offered.case)
    assert states(clocks, offered) == ["met"]


def test_an_offer_to_somebody_else_has_time_of_its_own(offered: Journey, play: Stage, clocks: Clocks) -> None:
    case_id, police, corps = str(offered.case["id"]), play.desk("psb-1"), play.desk("corps-psb-1")
    clocks.pass_time(case_id, OFFER, timedelta(hours=71))
    other = {"unit_id": play.unit(corps), "reason": "移交上级公安"}
    police.move(offered.case, "hand_over", other)
    assert states(clocks, offered) == ["stopped", "running"]
    row = clocks.of(case_id, OFFER)[1]
    assert row["due_at"] - row["started_at"] == timedelta(hours=72)
    assert clocks.work(case_id) == 0
    assert corps.get(offered.address)["owner_unit_id"] == play.unit(police)
    clocks.come_due(case_id, OFFER)
    assert clocks.work(case_id) == 1
    with pytest.raises(Refused) as refused:
        corps.get(offered.address)
    assert refused.value.status == 404
