"""A person keeps their id and their record when their case is closed and opened again."""

from datetime import UTC, datetime, timedelta

from services.demo_desk import Json
from services.demo_journeys import Journey, Stage
from tests.api.people.conftest import taken_in

GROWN: Json = {"identity": {"birth_date": "1990-05-01", "name": "示例女士"}}
DECLINED: Json = {"said_by": "self", "said_at": "2026-03-12T09:30:00+08:00", "in_private": True}


def closed(play: Stage, journey: Journey) -> None:
    """Everything ended as she wanted it, and another agency agreed to close."""
    police, investigation = play.desk("psb-1"), journey.stage("investigation")
    police.accept(investigation)
    police.move(investigation, "begin")
    over = {"system": "court", "number": "示刑1号", "status": "ended"}
    police.record(investigation, "proceeding_references", datetime.now(UTC) - timedelta(days=1), **over)
    police.move(investigation, "complete")
    play.desk("justice-1").move(journey.stage("rights_support"), "decline", DECLINED)
    women = play.desk("women-1")
    request = {
        "action": "close",
        "subject_id": journey.case["id"],
        "approver_unit_id": play.unit(women),
        "reason": "本人不再需要帮助",
    }
    asked = journey.owner.post(f"{journey.address}/approvals", request)
    women.post(f"/approvals/{asked['id']}/approve", version=int(asked["version"]))
    journey.owner.move(journey.case, "close", {"reason": "declined_by_victim"})


def test_somebody_who_comes_back_is_the_same_person_with_help_anew(play: Stage) -> None:
    journey = taken_in(play, GROWN)
    closed(play, journey)
    before = journey.owner.get(journey.person)
    reopened = journey.owner.move(journey.case, "reopen", {"reason": "本人来电求助"})
    assert (reopened["round"], reopened["victims"]) == (2, [journey.victim_id])
    after = journey.owner.get(journey.person)
    assert (after["id"], after["sections"]) == (before["id"], before["sections"])
    journey.owner.move(journey.stage("rights_support"), "reopen", {"reason": "本人希望重新得到帮助"})
    rounds = {(stage["code"], stage["round"]) for stage in journey.stages()}
    assert {("rights_support", 1), ("rights_support", 2)} <= rounds
