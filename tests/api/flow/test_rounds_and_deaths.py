"""Starting again, being told, and dying: what each touches, and what it leaves alone."""

from datetime import UTC, datetime, timedelta

import pytest

from services.demo_desk import Desk, Json, Refused
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.demo_journeys.woman_who_declines import FREE, declines, found_and_free, woman_who_declines


def test_reopening_the_investigation_alone_contacts_nobody(play: Stage) -> None:
    journey = woman_who_declines(play)
    investigation, owner, police = journey.stage("investigation"), play.desk("cab-1"), play.desk("psb-1")
    consents = owner.get(f"{journey.person}/consents")["items"]
    anew = owner.move(investigation, "reopen", {"reason": "有新的线索"})
    assert (anew["round"], anew["state"], anew["agency"]) == (2, "routed", "PSB")
    police.accept(anew)
    police.move(anew, "begin")
    assert {stage["code"] for stage in journey.stages() if stage["round"] == 2} == {"investigation"}
    assert owner.get(f"{journey.person}/consents")["items"] == consents
    assert owner.get(investigation["links"]["self"])["state"] == "completed"


def test_consents_of_the_round_before_do_not_revive(play: Stage) -> None:
    journey = woman_who_declines(play)
    play.desk("cab-1").move(journey.stage("medical_care"), "reopen", {"reason": "她想继续治疗"})
    health = play.desk("health-1")
    care = next(s for s in journey.stages() if (s["code"], s["round"]) == ("medical_care", 2))
    health.accept(care)
    first.learn(journey, situation={"injured_or_ill": "no"})
    with pytest.raises(Refused) as refused:
        health.move(care, "begin")
    assert [row["code"] for row in refused.value.problem["unmet"]] == ["consent"]


def test_a_hold_is_reviewed_within_ninety_days(play: Stage) -> None:
    journey, health = found_and_free(play), play.desk("health-1")
    care = journey.stage("medical_care")
    health.accept(care)
    first.ask_consent(journey, health, "medical_care")
    health.move(care, "begin")
    now = datetime.now(UTC)
    for days, field in ((91, "review_too_far"), (-1, "review_not_ahead")):
        wait = {"reason": "等待检查结果", "review_at": (now + timedelta(days=days)).isoformat()}
        with pytest.raises(Refused) as refused:
            health.move(care, "hold", wait)
        assert refused.value.problem["errors"][0]["rule"] == field
    wait = {"reason": "等待检查结果", "review_at": (now + timedelta(days=89)).isoformat()}
    assert health.move(care, "hold", wait)["state"] == "on_hold"


def approve(
    play: Stage, asker: Desk, journey: Journey, action: str, subject: str, by: str = "women-1"
) -> None:
    approver = play.desk(by)
    ask = {
        "action": action,
        "subject_id": subject,
        "approver_unit_id": play.unit(approver),
        "reason": "已核实",
    }
    asked = asker.post(f"{journey.address}/approvals", ask)
    approver.post(f"/approvals/{asked['id']}/approve", version=int(asked["version"]))


def test_a_need_stays_unmet_only_when_another_agency_agreed_and_the_person_was_told(play: Stage) -> None:
    journey, health = found_and_free(play), play.desk("health-1")
    care = journey.stage("medical_care")
    health.accept(care)
    health.move(care, "begin")
    why: Json = {"reason": "附近没有能做这项检查的医院"}
    with pytest.raises(Refused) as refused:
        health.move(care, "close_unmet", why)
    assert [row["code"] for row in refused.value.problem["unmet"]] == [
        "approved_by_another_agency",
        "person_told",
    ]
    approve(play, health, journey, "close_unmet", care["id"])
    told = {**why, "told_at": datetime.now(UTC).isoformat(), "told_how": "当面说明"}
    assert health.move(care, "close_unmet", told)["state"] == "closed_unmet"


def test_a_stage_is_ruled_out_on_the_opposite_of_what_opened_it(play: Stage) -> None:
    journey, owner = found_and_free(play), play.desk("cab-1")
    shelter = journey.stage("shelter")
    approve(play, owner, journey, "rule_out", shelter["id"])
    with pytest.raises(Refused) as refused:
        owner.move(shelter, "rule_out", {"reason": "她有住处"})
    assert [row["code"] for row in refused.value.problem["unmet"]] == ["opening_fact_disproved"]
    first.learn(journey, situation={"safe_place_tonight": "yes"})
    assert owner.move(shelter, "rule_out", {"reason": "她有住处"})["state"] == "not_applicable"


CERTIFICATE = {"document_number": "示例死证0001号", "died_on": "2026-03-12"}


def test_a_death_ends_the_person_s_stages_and_leaves_claims_and_the_investigation(play: Stage) -> None:
    journey, owner, justice = found_and_free(play), play.desk("cab-1"), play.desk("justice-1")
    rights = first.explain_rights(play, journey, ["wages"], on=FREE + 1)
    justice.record(rights, "claims", play.day(FREE + 2), claim="wage", reference="示民初9号")
    with pytest.raises(Refused) as refused:
        _died(journey)
    assert [row["code"] for row in refused.value.problem["unmet"]] == ["approved_by_an_agency_without_care"]
    with pytest.raises(Refused) as refused:
        approve(play, owner, journey, "record_death", journey.victim_id, by="justice-1")
    assert refused.value.problem["errors"][0]["rule"] == "agency_had_care"
    approve(play, owner, journey, "record_death", journey.victim_id)
    person = _died(journey)
    assert person["sections"]["death"] == CERTIFICATE
    assert journey.states() == {
        "investigation": "active",
        "shelter": "closed_unmet",
        "medical_care": "closed_unmet",
        "follow_up": "closed_unmet",
        "rights_support": "active",
    }
    ends = [e["what"] for e in owner.get(journey.case["links"]["timeline"], limit=100)["items"]][-3:]
    assert {(what["action"], what["rule"]) for what in ends} == {("close_unmet", "deceased")}
    _nothing_opens_for_the_dead(journey)
    justice.record(rights, "claims_closed", play.day(FREE + 5), reference="示民初9号", outcome="won")
    assert justice.move(rights, "complete")["state"] == "completed"


def _died(journey: Journey) -> Json:
    version = int(journey.owner.get(journey.person)["version"])
    return journey.owner.post(f"{journey.person}/death", CERTIFICATE, version=version)


def _nothing_opens_for_the_dead(journey: Journey) -> None:
    before = journey.states()
    first.learn(journey, situation={"household_registered": "no", "identity_known": "yes"})
    assert journey.states() == before


def test_only_the_owner_records_a_death(play: Stage) -> None:
    journey = found_and_free(play)
    for username, status in (("psb-1", 403), ("health-1", 403), ("women-1", 404)):
        with pytest.raises(Refused) as refused:
            play.desk(username).post(f"{journey.person}/death", CERTIFICATE, version=1)
        assert refused.value.status == status


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("repatriated", "repatriation_completed"),
        ("merged_duplicate", "merged"),
        ("moved_jurisdiction", "move_accepted"),
        ("unfounded", "found_unfounded"),
        ("deceased", "death_recorded"),
    ],
)
def test_a_case_is_not_closed_for_a_reason_that_is_not_true(play: Stage, reason: str, code: str) -> None:
    journey = found_and_free(play)
    with pytest.raises(Refused) as refused:
        play.desk("cab-1").move(journey.case, "close", {"reason": reason})
    assert [row["code"] for row in refused.value.problem["unmet"]] == [
        "stages_ended",
        "approved_by_another_agency",
        code,
    ]


def test_declining_one_stage_moves_no_other(play: Stage) -> None:
    journey = found_and_free(play)
    before = journey.states()
    declines(play, journey, "follow_up", play.desk("cab-1"))
    assert journey.states() == {**before, "follow_up": "declined"}
