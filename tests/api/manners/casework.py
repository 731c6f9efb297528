"""Cases made for these tests: reports accepted, people named, stages planned, over HTTP like everything else."""

from dataclasses import dataclass
from typing import Any, Final

from services.demo_desk import Desk, Json
from tests.api.manners.operations import Caller

ADULT: Final[Json] = {"identity": {"birth_date": "1990-05-01"}}
PERSONAL_STAGES: Final = (
    "rescue",
    "shelter",
    "medical_care",
    "family_tracing",
    "household_registration",
    "schooling",
    "employment",
    "rights_support",
    "reintegration_support",
    "guardianship",
    "repatriation",
    "follow_up",
)
ACCOUNTABLE: Final = {
    "investigation": "psb",
    "rescue": "psb",
    "shelter": "cab",
    "medical_care": "health",
    "family_tracing": "psb",
    "household_registration": "psb",
    "schooling": "edu",
    "employment": "hrss",
    "rights_support": "justice",
    "reintegration_support": "cab",
    "guardianship": "cab",
    "repatriation": "psb",
    "follow_up": "cab",
}


def farm(caller: Caller) -> str:
    """The farm of the northern division, which that division's units serve."""
    corps = caller.done("list_places")["items"][0]
    divisions = caller.client.get(corps["links"]["below"]).json()["items"]
    north = next(place for place in divisions if place["code"] == "01")
    return str(caller.client.get(north["links"]["below"]).json()["items"][0]["id"])


def report_body(caller: Caller, **more: Any) -> Json:
    return {"kind": "tip", "place_id": farm(caller), "message": {"narrative": "有人需要帮助"}, **more}


@dataclass(slots=True)
class Case:
    """One case, its owner's desk, and the ids of its people in the order in which they were named."""

    caller: Caller
    id: str
    owner: Desk
    victims: list[str]

    def stage(self, code: str, victim_id: str | None) -> Json:
        items = self.caller.done("list_case_stages", self.owner, case_id=self.id)["items"]
        return next(s for s in items if s["code"] == code and s["victim_id"] == victim_id)

    def plan(self, code: str, victim_id: str) -> Json:
        body = {"code": code, "victim_id": victim_id}
        return self.caller.done("plan_stage", self.owner, body, case_id=self.id)


def screened_report(caller: Caller, police: Desk) -> Json:
    """A report that lies screened with the police; found by being the newest."""
    caller.done("file_report", police, report_body(caller))
    report = caller.done("list_reports", police)["items"][0]
    return caller.done("screen_report", police, version=report["version"], report_id=report["id"])


def new_case(caller: Caller, police: Desk, people: int = 1, *, person: Json = ADULT) -> Case:
    """A case of the police with so many people in it, grown-up ones unless it says otherwise."""
    report = screened_report(caller, police)
    body = {"victims": [person] * people}
    accepted = caller.done("accept_report", police, body, version=report["version"], report_id=report["id"])
    case = caller.done("read_case", police, case_id=accepted["case_id"])
    return Case(caller, case["id"], police, list(case["victims"]))


def hand_over(case: Case, to: Desk) -> None:
    """The case changes hands."""
    caller, offer = case.caller, {"unit_id": to.me["unit_id"], "reason": "由其接续办理"}
    version = caller.done("read_case", case.owner, case_id=case.id)["version"]
    offered = caller.done("hand_over_case", case.owner, offer, version=version, case_id=case.id)
    caller.done("accept_hand_over_case", to, version=offered["version"], case_id=case.id)
    case.owner = to


def officers(desk: Desk) -> Json:
    first, second = desk.colleagues()[:2]
    return {"officer_id": first, "deputy_id": second}
