"""A woman of 24 and her child: two people in one case, each in stages of their own, out of reach of the buyer's family."""

from datetime import datetime

import pytest

from domain.people import civil_day
from services.demo_desk import Desk, Json, Refused
from services.demo_journeys import Family, Stage, woman_forced_into_marriage
from services.demo_journeys.woman_forced_into_marriage import annulment_alarm

SHARED = {"investigation"}
CHILD_ONLY = {"guardianship", "schooling", "household_registration"}


@pytest.fixture(scope="module")
def family(module_play: Stage) -> Family:
    return woman_forced_into_marriage(module_play)


def test_the_child_is_a_victim_of_her_own_with_stages_of_her_own(family: Family) -> None:
    mother, child = family.mother, family.child
    assert mother.victim_id != child.victim_id
    assert mother.address == child.address
    own = {stage["id"] for stage in child.stages()} & {stage["id"] for stage in mother.stages()}
    assert {stage["code"] for stage in child.stages() if stage["id"] in own} == SHARED
    assert set(child.states()) - set(mother.states()) == CHILD_ONLY


def test_mother_and_child_are_in_different_stages_of_one_case(family: Family) -> None:
    mother, child = family.mother.states(), family.child.states()
    assert (mother["rights_support"], child["rights_support"]) == ("active", "routed")
    assert (mother["follow_up"], child["follow_up"]) == ("active", "routed")
    assert child["schooling"] == child["guardianship"] == "active"


def test_school_does_not_wait_for_the_child_s_registration(family: Family, module_play: Stage) -> None:
    states = family.child.states()
    assert (states["household_registration"], states["schooling"]) == ("active", "active")
    schooling = family.child.stage("schooling")
    assert module_play.desk("edu-1").get(schooling["links"]["self"])["opened_by"] == "compulsory_school_age"


def test_the_police_saw_her_alone_before_anybody_moved(family: Family, module_play: Stage) -> None:
    police = module_play.desk("psb-1")
    records = police.get(family.mother.stage("investigation")["links"]["records"])["items"]
    bodies = {record["kind"]: record["body"] for record in records}
    assert bodies["finding"]["seen_in_private"] is True
    assert bodies["interview"]["female_officer"] is True
    entries = police.get(f"{family.mother.address}/timeline", limit=100)["items"]
    told = [(entry["what"]["action"], entry["what"]["reason"], entry["what"]["stage"]) for entry in entries]
    begun = ("begin", None, "rescue")
    assert told.index(("record", "interview", "investigation")) < told.index(begun)


def test_the_alarm_of_the_annulment_is_a_year_after_her_liberty(family: Family, module_play: Stage) -> None:
    free = datetime.fromisoformat(
        family.mother.owner.get(family.mother.person)["sections"]["account"]["liberty_at"]
    )
    due = datetime.fromisoformat(family.alarm["due_at"])
    assert civil_day(due) == civil_day(free).replace(year=civil_day(free).year + 1)
    assert family.alarm["critical"] is True


def test_the_alarm_is_silent_once_she_has_gone_to_court(family: Family) -> None:
    with pytest.raises(StopIteration):
        annulment_alarm(family.mother)


def test_nobody_of_the_buyer_s_family_becomes_the_child_s_guardian(
    family: Family, module_play: Stage
) -> None:
    """Neither unseen, nor assessed and found unsuitable, nor suspect."""
    guardianship, civil_affairs = (
        family.child.stage("guardianship")["links"]["self"],
        module_play.desk("cab-1"),
    )
    day = module_play.day(440).isoformat()
    asked = {"happened_at": day, "status": "safe", "relation": "father"}
    assert unmet_of(civil_affairs, f"{guardianship}/guardian_statuses", asked) == ["family_assessed"]
    seen = {
        "relation": "father",
        "outcome": "not_suitable",
        "home_visited": True,
        "child_seen_alone": True,
        "not_a_suspect": "no",
    }
    civil_affairs.post(f"{guardianship}/family_assessments", {"happened_at": day, **seen})
    assert unmet_of(civil_affairs, f"{guardianship}/guardian_statuses", asked) == [
        "family_assessed",
        "guardian_not_a_suspect",
    ]


def unmet_of(desk: Desk, address: str, body: Json) -> list[str]:
    with pytest.raises(Refused) as refused:
        desk.post(address, body)
    return [row["code"] for row in refused.value.problem["unmet"]]


def test_mother_and_child_have_a_safety_plan_each(family: Family, module_play: Stage) -> None:
    station = module_play.desk("station-1")
    plans = [
        record["body"]["own_words"]
        for person in (family.mother, family.child)
        for record in station.get(person.stage("shelter")["links"]["records"])["items"]
        if record["kind"] == "exit_plan"
    ]
    assert plans == ["不要让他们知道我住哪里", "放学要妈妈来接"]


def test_nobody_consents_for_a_grown_woman(family: Family, module_play: Stage) -> None:
    """Whoever says to be her husband's family speaks for nobody here; only she does."""
    owner = module_play.desk("cab-1")
    what = {"purpose": "reintegration_support", "what": "回归社会帮助", "language": "zh"}
    asked = owner.post(f"{family.mother.person}/consents", what)
    for voice in ("safe_guardian", "temporary_guardian"):
        said = {
            "given_by": voice,
            "own_words": "她愿意",
            "language": "zh",
            "how_explained": "由家人转述",
            "in_private": True,
        }
        with pytest.raises(Refused) as refused:
            owner.post(f"/consents/{asked['id']}/give", said, version=int(asked["version"]))
        assert [row["code"] for row in refused.value.problem["unmet"]] == ["right_person_consents"]


def test_the_buyer_s_family_reads_nothing_with_or_without_a_receipt(
    family: Family, module_play: Stage
) -> None:
    claim = {
        "kind": "complaint",
        "place_id": module_play.place("0101"),
        "message": {"narrative": "我家媳妇和孩子不见了"},
    }
    receipt = module_play.client.post("/public/reports", json=claim).json()
    status = module_play.client.get(
        f"/receipts/{receipt['number']}", headers={"Receipt-Secret": receipt["secret"]}
    )
    assert set(status.json()) == {"number", "status", "status_name", "received_at"}
    for address in (family.mother.address, family.mother.person, family.child.person):
        assert module_play.client.get(address).status_code == 401


def test_her_lawyers_papers_stay_with_them(family: Family, module_play: Stage) -> None:
    records = family.mother.stage("rights_support")["links"]["records"]
    claims = [
        record["body"]["claim"]
        for record in module_play.desk("justice-1").get(records)["items"]
        if record["kind"] == "claim"
    ]
    assert claims == ["annulment", "custody"]
    as_the_owner_sees_it = module_play.desk("cab-1").get(records)["items"]
    assert {record["kind"]: record.get("body") for record in as_the_owner_sees_it}["claim"] is None


def test_the_school_learns_of_the_child_and_not_of_her_mother(family: Family, module_play: Stage) -> None:
    school = module_play.desk("edu-1")
    assert set(school.get(family.child.person)["sections"]) == {"identity"}
    with pytest.raises(Refused) as refused:
        school.get(family.mother.person)
    assert refused.value.status == 404
