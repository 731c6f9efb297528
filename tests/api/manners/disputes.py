"""One of each thing that is decided between several: a doubt of each kind, a merge, a request, an objection."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from services.demo_desk import Desk, Json
from services.demo_world import PASSWORD
from tests.api.manners.casework import farm, hand_over, new_case, officers, screened_report
from tests.api.manners.operations import Caller
from tests.newcomers import first_day, let_in

Staff = Callable[[str], Desk]
CHILD: Final[Json] = {"identity": {"lowest_age": 10}}


@dataclass(frozen=True, slots=True)
class Target:
    """A thing of this kind, and who may change it."""

    desk: Desk
    ids: Json


def in_question(caller: Caller, staff: Staff) -> dict[str, Target]:
    """A child whose guardian, a unit and an officer are in question."""
    police = staff("psb-1")
    case = new_case(caller, police, person=CHILD)
    at = {"case_id": case.id}
    why = {"reason": "与案件有牵连"}
    guardian = caller.done("set_guardian_conflict", police, why, victim_id=case.victims[0], **at)
    unit = caller.done("set_unit_conflict", police, {**why, "unit_id": staff("hrss-1").me["unit_id"]}, **at)
    account = staff("edu-2").me["account_id"]
    officer = caller.done("set_exclusion", police, {**why, "account_id": account}, **at)
    prosecutor = staff("proc-1")
    found = {"clear_guardian_conflict": Target(staff("cab-1"), {"conflict_id": guardian["id"]})}
    for name, conflict in (("unit_conflict", unit), ("exclusion", officer)):
        for action in ("confirm", "clear"):
            found[f"{action}_{name}"] = Target(prosecutor, {"conflict_id": conflict["id"]})
    return found


def merging(caller: Caller, staff: Staff) -> dict[str, Target]:
    """The police asked civil affairs whether one of their people is in both cases."""
    police, civil_affairs = staff("psb-1"), staff("cab-1")
    ours, theirs = new_case(caller, police, person=CHILD), new_case(caller, police, person=CHILD)
    hand_over(theirs, civil_affairs)
    number = caller.done("read_case", civil_affairs, case_id=theirs.id)["number"]
    whom = {"case_id": ours.id, "victim_id": ours.victims[0]}
    merge = caller.done("ask_merge", police, {"other_case_number": number}, **whom)
    ids = {"merge_id": merge["id"]}
    answers = {f"{action}_merge": Target(civil_affairs, ids) for action in ("approve", "refuse")}
    return {**answers, "undo_merge": Target(police, ids)}


def requested(caller: Caller, staff: Staff) -> dict[str, Target]:
    """Civil affairs asked a housing bureau, which reads no cases, for a place to live."""
    civil_affairs, housing = staff("cab-1"), _housing_bureau(caller, staff)
    case = new_case(caller, staff("psb-1"))
    shelter = case.plan("shelter", case.victims[0])
    at = {"stage_id": shelter["id"]}
    caller.done("accept_shelter", civil_affairs, officers(civil_affairs), version=shelter["version"], **at)
    by = (datetime.now(UTC) + timedelta(days=5)).isoformat()
    what = {"unit_id": housing.me["unit_id"], "what": "housing_place", "text": "一处单独的住房", "by": by}
    ids = {"request_id": caller.done("ask_request_in_shelter", civil_affairs, what, **at)["id"]}
    return {"answer_request": Target(housing, ids), "withdraw_request": Target(civil_affairs, ids)}


def _housing_bureau(caller: Caller, staff: Staff) -> Desk:
    admin, code = staff("admin"), uuid4().hex[:12]
    named = {"name_zh": "示范住建局", "name_en": "Demonstration Housing Bureau"}
    unit = caller.done("add_unit", admin, {"agency": "HOUSING", "place_id": farm(caller), **named})
    new = {"username": f"u-{code}", "password": PASSWORD, "unit_id": unit["id"], "role": "caseworker"}
    let_in(staff, caller.done("add_account", admin, new))
    return first_day(caller.client, new["username"], PASSWORD).desk()


def objected(caller: Caller, staff: Staff) -> dict[str, Target]:
    """The procuratorate demanded reasons for what became of a report."""
    prosecutor, at = staff("proc-1"), {"report_id": screened_report(caller, staff("psb-1"))["id"]}
    demand = {"kind": "prosecutor_demand", "narrative": "请说明理由"}
    objection = caller.done("object_to_report", prosecutor, demand, **at)
    return {"close_objection": Target(prosecutor, {**at, "objection_id": objection["id"]})}
