"""The person's record over HTTP: who is reached how, who stands beside them, whose child is whose, and over rounds."""

from collections.abc import Callable

from services.demo_desk import Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.people.conftest import NAMELESS, learn, taken_in

Refuses = Callable[..., Json]
EXPLOITED: Json = {
    "act": ["transport", "harbouring"],
    "means": ["deception"],
    "purpose": ["forced_labour"],
    "domestic_offence_reference": "刑法第二百四十四条",
    "types": ["forced_labour"],
    "methods_of_control": ["takes_earnings", "restricts_movement", "uses_children"],
    "end_of_exploitation": "escape",
}


def test_act_means_and_purpose_stand_beside_the_domestic_offence_for_those_who_may_read_them(
    child: Journey, module_play: Stage
) -> None:
    learn(child.owner, child, exploitation=EXPLOITED, civil_status={"number_of_children": 0})
    person = child.owner.get(child.person)
    assert person["sections"]["exploitation"] == EXPLOITED
    lawyer = module_play.desk("justice-1").get(child.person)
    assert "exploitation" in lawyer["_redacted"]
    assert "forced_labour" not in str(lawyer)


def test_nobody_at_home_is_contacted_before_guardianship_is_safe(play: Stage, refused: Refuses) -> None:
    journey = taken_in(play, NAMELESS)
    problem = refused(422, learn, journey.owner, journey, contact={"contact_home": "yes"})
    assert problem["errors"][0]["rule"] == "guardianship_not_safe"
    learn(journey.owner, journey, contact={"contact_home": "no", "safe_channels": ["meeting"]})
    first.begin_guardianship(play, journey, on=1)
    learn(journey.owner, journey, contact={"contact_home": "yes"})
    journey.owner.post(
        f"{journey.person}/relatives", {"relation": "father", "role": "guardian", "name": "示例父亲"}
    )
    problem = refused(422, learn, journey.owner, journey, contact={"contact_home": "yes"})
    assert problem["errors"][0]["rule"] == "guardianship_not_safe"


def test_an_advocate_is_named_by_their_account_and_is_never_an_officer(
    child: Journey, module_play: Stage, refused: Refuses
) -> None:
    advocate = str(module_play.desk("advocate").me["account_id"])
    learn(child.owner, child, support={"advocate_account_id": advocate, "advocate": "示例援助员"})
    for other in ("psb-1", "cab-1"):
        named = {"advocate_account_id": str(module_play.desk(other).me["account_id"])}
        problem = refused(422, learn, child.owner, child, support=named)
        assert problem["errors"][0]["rule"] == "not_an_advocate"


def test_a_child_of_the_household_is_somebody_of_their_own_and_protected_without_being_a_victim(
    play: Stage, refused: Refuses
) -> None:
    mother = taken_in(play, {"identity": {"birth_date": "1998-05-01"}})
    small: Json = {
        "identity": {"birth_date": "2018-05-01"},
        "situation": {"in_danger": "yes", "safe_place_tonight": "no"},
        "account": {"dependant_of": mother.victim_id},
    }
    unknown = {**small, "account": {"dependant_of": str(mother.case["id"])}}
    problem = refused(422, mother.owner.post, f"{mother.address}/victims", unknown)
    assert problem["errors"][0]["field"] == "account.dependant_of"
    child = mother.owner.post(f"{mother.address}/victims", small)
    journey = Journey(mother.case, str(child["id"]), mother.owner)
    protected = {"investigation", "rescue", "shelter", "schooling", "guardianship"}
    assert set(journey.states()) == protected
    assert "rights_support" in mother.states()
    assert "shelter" not in mother.states(), "two people of one case are in different stages"


def test_a_case_in_which_nobody_is_named_yet_has_an_investigation_only(play: Stage) -> None:
    message = {"narrative": "听说那里关着人", "whereabouts": "示范北一团"}
    police, receipt = play.desk("psb-1"), first.report(play, "tip", [], message)
    assert receipt["number"]
    found = police.move(police.get("/reports", state="received")["items"][0], "screen")
    found = police.move(found, "accept", {"victims": []})
    case = police.get(found["links"]["case"])
    assert case["victims"] == []
    assert [(stage["code"], stage["victim_id"]) for stage in case["stages"]] == [("investigation", None)]
