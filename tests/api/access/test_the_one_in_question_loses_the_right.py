"""Whoever is put in question is refused with the very next request: whole, and with either layer of access switched off."""

from collections.abc import Iterator

import pytest

from services.demo_desk import Json
from tests.api.access.world import Matter, World, new_case, nowhere, same

GONE = 404


@pytest.fixture
def fresh(world: World, layer: str) -> Matter:
    """A case of its own for every layer: the police own it, every stage lies with the unit that serves the place."""
    return new_case(world, "0101", "psb-1")


def addresses(matter: Matter) -> Iterator[str]:
    """Everything that could be read of the case."""
    case = f"/cases/{matter.case_id}"
    yield from (case, f"{case}/stages", f"{case}/victims", f"{case}/timeline", f"{case}/conflicts")
    yield f"{case}/victims/{matter.victim_id}"
    yield f"/reports/{matter.report_id}"
    for code, stage_id in matter.stages.items():
        yield from (f"/{code}/{stage_id}", f"/{code}/{stage_id}/records")


def shown(world: World, username: str, matter: Matter) -> list[str]:
    """What this account still gets; and nothing may tell the case from one that is not there."""
    found = []
    for address, nothing in zip(addresses(matter), addresses(nowhere()), strict=True):
        answer = world.ask(username, "GET", address)
        if answer.status_code != GONE or not same(answer, world.ask(username, "GET", nothing)):
            found.append(address)
    lists = ("/cases?limit=100", "/reports?limit=100", "/inbox?limit=100", "/approvals")
    return found + [path for path in lists if matter.case_id in world.ask(username, "GET", path).text]


def refused_reads(world: World, username: str, asked: str) -> int:
    rows = world.sql(
        "select 1 from read_log where subject = 'refused' and subject_id = :asked and account_id = :account",
        asked=asked,
        account=world.desk(username).me["account_id"],
    )
    return len(rows)


def test_a_unit_in_question_is_out_at_once_and_its_work_is_one_level_up(world: World, fresh: Matter) -> None:
    case, schooling = f"/cases/{fresh.case_id}", f"/schooling/{fresh.stages['schooling']}"
    assert world.ask("edu-1", "GET", schooling).status_code == 200
    doubt = {"unit_id": world.unit("psb-1"), "reason": "办案人员与收买人有亲属关系"}
    answer = world.ask("edu-1", "POST", f"{case}/unit_conflicts", doubt)
    assert (answer.status_code, answer.json()["state"]) == (201, "open")

    assert shown(world, "psb-1", fresh) == []
    assert shown(world, "psb-2", fresh) == []
    assert refused_reads(world, "psb-1", fresh.case_id) > 0
    accepted = {
        "officer_id": world.desk("psb-1").me["account_id"],
        "deputy_id": world.desk("psb-2").me["account_id"],
    }
    address = f"/rescue/{fresh.stages['rescue']}/accept"
    assert world.ask("psb-1", "POST", address, accepted, version=1).status_code == GONE

    above = world.desk("corps-psb-1")
    owned = above.get(case)
    assert (owned["owner_unit_id"], owned["owner_agency"]) == (world.unit("corps-psb-1"), "PSB")
    assert above.get(f"/reports/{fresh.report_id}")["unit_id"] == world.unit("corps-psb-1")
    rescue = above.get(f"/rescue/{fresh.stages['rescue']}")
    assert (rescue["state"], rescue["unit_id"]) == ("routed", world.unit("corps-psb-1"))
    assert world.unit("proc-1") in rescue["invited_units"]
    assert world.unit("proc-1") not in above.get(f"/shelter/{fresh.stages['shelter']}")["invited_units"]
    follow_up = above.get(f"/follow_up/{fresh.stages['follow_up']}")
    assert world.unit("psb-1") not in follow_up["attached_units"]
    assert world.ask("proc-1", "GET", case).status_code == 200
    routed = {"unit_id": world.unit("psb-1"), "reason": "交回"}
    back = world.ask("corps-psb-1", "POST", f"{case}/hand_over", routed, version=owned["version"])
    assert [error["rule"] for error in back.json()["errors"]] == ["unit_in_conflict"]


def test_an_excluded_officer_is_out_at_once_and_the_colleague_is_not(world: World, fresh: Matter) -> None:
    case, medical = f"/cases/{fresh.case_id}", f"/medical_care/{fresh.stages['medical_care']}"
    health = world.desk("health-1")
    health.accept(health.get(medical))
    doubt = {"account_id": health.me["account_id"], "reason": "与当事人家属往来"}
    assert world.ask("psb-1", "POST", f"{case}/exclusions", doubt).status_code == 201

    assert shown(world, "health-1", fresh) == []
    assert refused_reads(world, "health-1", fresh.case_id) > 0
    stage = world.desk("health-2").get(medical)
    assert health.me["account_id"] not in (stage["officer_id"], stage["deputy_id"])
    assert stage["due"]["clock"] == "name_officers"
    named = {"officer_id": health.me["account_id"], "deputy_id": world.desk("health-2").me["account_id"]}
    again = world.ask("health-2", "POST", f"{medical}/name_officers", named, version=stage["version"])
    assert [error["rule"] for error in again.json()["errors"]] == ["officer_excluded"]

    police = world.desk("psb-1")
    doubt = {"account_id": police.me["account_id"], "reason": "与收买人有亲属关系"}
    assert world.ask("health-2", "POST", f"{case}/exclusions", doubt).status_code == 201
    assert shown(world, "psb-1", fresh) == []
    assert world.ask("psb-2", "GET", f"/reports/{fresh.report_id}").status_code == 200


def consent(world: World, fresh: Matter, purpose: str) -> Json:
    person = f"/cases/{fresh.case_id}/victims/{fresh.victim_id}"
    wanted = {"purpose": purpose, "what": "检查", "language": "zh"}
    return world.desk("health-1").post(f"{person}/consents", wanted)


def give(world: World, asked: Json, given_by: str) -> Json:
    said = {
        "given_by": given_by,
        "assent": True,
        "own_words": "同意",
        "language": "zh",
        "how_explained": "当面说明",
        "in_private": True,
    }
    answer = world.ask("health-1", "POST", f"/consents/{asked['id']}/give", said, version=asked["version"])
    return {"status": answer.status_code, **answer.json()}


def test_a_guardian_in_question_says_nothing_from_then_on(world: World, fresh: Matter) -> None:
    bureau = world.desk("cab-1")
    guardianship = bureau.get(f"/guardianship/{fresh.stages['guardianship']}")
    bureau.accept(guardianship)
    happened = {"happened_at": "2026-03-12T09:30:00+08:00", "relation": "mother"}
    assessed = {**happened, "outcome": "suitable", "home_visited": True, "child_seen_alone": True}
    bureau.post(f"{guardianship['links']['self']}/family_assessments", assessed)
    safe = {**happened, "status": "safe"}
    bureau.post(f"{guardianship['links']['self']}/guardian_statuses", safe)
    first, second = consent(world, fresh, "medical_care"), consent(world, fresh, "medical_care")
    assert give(world, first, "safe_guardian")["status"] == 200
    person = f"/cases/{fresh.case_id}/victims/{fresh.victim_id}"
    doubt = {"reason": "孩子害怕回家"}
    assert world.ask("edu-1", "POST", f"{person}/guardian_conflicts", doubt).status_code == 201
    refused = give(world, second, "safe_guardian")
    assert (refused["status"], refused["unmet"][0]["code"]) == (422, "right_person_consents")
    assert give(world, second, "temporary_guardian")["status"] == 200
