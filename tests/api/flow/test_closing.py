"""Reasons that something must have made true: each closes a case once, and none does before."""

from typing import Final

import pytest

from services.demo_desk import Refused
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.demo_journeys import two_women_from_abroad as abroad
from services.demo_journeys.woman_who_declines import FREE, declines, found_and_free
from tests.api.people.test_merges import found_in_the_south


def returned(play: Stage, journey: Journey) -> None:
    """She chooses to go home, and the receiving house signs for her."""
    abroad.status_explained(play, journey)
    stage = abroad.agrees_to_return(play, journey)
    first.ask_consent(journey, play.desk("cab-1"), "transfer_abroad")
    abroad.returns(play, stage)


def merged(play: Stage, journey: Journey) -> None:
    """The south has a file about the same person, and agrees."""
    south = found_in_the_south(play)
    asked = journey.owner.post(f"{journey.person}/merges", {"other_case_number": south.case["number"]})
    whom = {"victim_id": south.victim_id}
    south.owner.post(f"/merges/{asked['id']}/approve", whom, version=int(asked["version"]))


def moved(play: Stage, journey: Journey) -> None:
    """The south's civil affairs accept the case."""
    south = play.desk("south-cab-1")
    journey.owner.move(journey.case, "hand_over", {"unit_id": play.unit(south), "reason": "她搬到南师市"})
    journey.owner = south
    south.move(journey.case, "accept_hand_over")


TRUE: Final = {
    "repatriated": ("repatriation_completed", returned),
    "merged_duplicate": ("merged", merged),
    "moved_jurisdiction": ("move_accepted", moved),
}


def with_every_stage_ended(play: Stage) -> Journey:
    """A grown woman from abroad, free for long, who wants nothing of what was offered; the proceedings are over."""
    journey, police = found_and_free(play), play.desk("psb-1")
    foreign = {"nationality": "foreign", "identity_known": "yes", "injured_or_ill": "no"}
    first.learn(journey, situation=foreign, account={"liberty_at": play.day(0).isoformat()})
    for stage in journey.stages():
        if stage["code"] != "investigation" and stage["state"] != "declined":
            declines(play, journey, stage["code"], play.desk("cab-1"))
    ended = {"system": "court", "number": "示刑8号", "status": "ended"}
    police.record(journey.stage("investigation"), "proceeding_references", play.day(FREE + 4), **ended)
    police.move(journey.stage("investigation"), "complete")
    return journey


def approved(play: Stage, journey: Journey) -> None:
    women = play.desk("women-1")
    ask = {"action": "close", "subject_id": journey.case["id"], "reason": "已核实"}
    asked = journey.owner.post(f"{journey.address}/approvals", {**ask, "approver_unit_id": play.unit(women)})
    women.post(f"/approvals/{asked['id']}/approve", version=int(asked["version"]))


@pytest.mark.parametrize("reason", TRUE)
def test_a_reason_closes_the_case_once_it_is_true_and_not_before(play: Stage, reason: str) -> None:
    journey = with_every_stage_ended(play)
    code, makes_true = TRUE[reason]
    approved(play, journey)
    with pytest.raises(Refused) as refused:
        journey.owner.move(journey.case, "close", {"reason": reason})
    assert [row["code"] for row in refused.value.problem["unmet"]] == [code]
    makes_true(play, journey)
    closed = journey.owner.move(journey.case, "close", {"reason": reason})
    assert (closed["state"], closed["closing_reason"]) == ("closed", reason)
