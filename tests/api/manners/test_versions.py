"""A change names the version that it was made from: 428 without, 412 when it moved on, one winner of two."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, Final

import httpx
import pytest

from services.demo_desk import Desk, Json
from tests.api.manners.casework import ACCOUNTABLE, PERSONAL_STAGES, Case, new_case, officers, screened_report
from tests.api.manners.disputes import Staff, Target, in_question, merging, objected, requested
from tests.api.manners.exceptions import at_the_door, in_emergency
from tests.api.manners.operations import Caller, Document
from tests.api.manners.registers import of_registers
from tests.api.manners.walk import REASON

STALE: Final = 9999
AT_ONCE: Final = 6
OFFERED: Final = ("accept_hand_over", "refuse_hand_over")


@pytest.fixture(scope="module")
def case(module_caller: Caller, staff: Staff) -> Case:
    """One person with every stage accepted and offered onwards, the case itself offered too."""
    police, caller = staff("psb-1"), module_caller
    case = new_case(caller, police)
    for code in PERSONAL_STAGES:
        if code != "rights_support":
            case.plan(code, case.victims[0])
    for code, tag in ACCOUNTABLE.items():
        stage = case.stage(code, None if code == "investigation" else case.victims[0])
        desk, at = staff(f"{tag}-1"), {"stage_id": stage["id"]}
        accepted = caller.done(f"accept_{code}", desk, officers(desk), version=stage["version"], **at)
        offer = {"unit_id": staff(f"corps-{tag}-1").me["unit_id"], **REASON}
        caller.done(f"hand_over_{code}", desk, offer, version=accepted["version"], **at)
    version = caller.done("read_case", police, case_id=case.id)["version"]
    offer = {"unit_id": staff("cab-1").me["unit_id"], **REASON}
    caller.done("hand_over_case", police, offer, version=version, case_id=case.id)
    return case


@pytest.fixture(scope="module")
def targets(module_caller: Caller, staff: Staff, case: Case) -> dict[str, Target]:
    """Who may change what, for every operation that wants a version."""
    found = {**_stages(staff, case), **_case(staff, case), **_report(module_caller, staff)}
    for between_several in (in_question, merging, requested, objected):
        found |= between_several(module_caller, staff)
    people = {"case_id": case.id, "victim_id": case.victims[0]}
    found["change_victim"] = Target(case.owner, people)
    ask = {"purpose": "medical_care", "what": "检查", "language": "zh"}
    consent = module_caller.done("ask_consent", case.owner, ask, **people)
    for move in ("give", "refuse", "withdraw"):
        found[f"{move}_consent"] = Target(case.owner, {"consent_id": consent["id"]})
    approval = _asked(module_caller, staff, case)
    for name in ("approve", "refuse_approval"):
        found[name] = Target(staff("women-1"), {"approval_id": approval["id"]})
    found["withdraw_approval"] = Target(case.owner, {"approval_id": approval["id"]})
    found["record_death"] = Target(case.owner, people)
    relative = {"name": "某人", "relation": "sibling", "role": "relative", "languages": ["zh"]}
    kin = module_caller.done("add_relative", case.owner, relative, **people)
    found["change_relative"] = Target(case.owner, {**people, "relative_id": kin["id"]})
    hold = module_caller.done("set_legal_hold", staff("data-officer"), REASON, case_id=case.id)
    held = {"case_id": case.id, "hold_id": hold["id"]}
    found["release_legal_hold"] = Target(staff("north-data-officer"), held)
    found |= in_emergency(module_caller, staff) | at_the_door(module_caller, staff)
    return found | of_registers(module_caller, staff)


def _stages(staff: Staff, case: Case) -> dict[str, Target]:
    found = {}
    for code, tag in ACCOUNTABLE.items():
        stage = case.stage(code, None if code == "investigation" else case.victims[0])
        ids = {"stage_id": stage["id"]}
        for action in _moves(case.caller.document, f"/{code}/{{stage_id}}/"):
            desk = staff(f"corps-{tag}-1") if action in OFFERED else staff(f"{tag}-1")
            owners = action in ("route", "reopen")
            found[f"{action}_{code}"] = Target(case.owner if owners else desk, ids)
    return found


def _moves(document: Document, prefix: str) -> list[str]:
    return [
        path.removeprefix(prefix)
        for _, path, operation in document.operations.values()
        if path.startswith(prefix)
        and "/" not in path.removeprefix(prefix)
        and "428" in operation["responses"]
    ]


def _case(staff: Staff, case: Case) -> dict[str, Target]:
    return {
        f"{action}_case": Target(staff("cab-1") if action in OFFERED else case.owner, {"case_id": case.id})
        for action in _moves(case.caller.document, "/cases/{case_id}/")
        if "{" not in action
    }


def _report(caller: Caller, staff: Staff) -> dict[str, Target]:
    south, police = staff("south-psb-1"), staff("psb-1")
    report = screened_report(caller, police)
    ids = {"report_id": report["id"]}
    offer = {"unit_id": south.me["unit_id"], **REASON}
    caller.done("refer_out_report", police, offer, version=report["version"], **ids)
    actions = _moves(caller.document, "/reports/{report_id}/")
    theirs = ("accept_referral", "refuse_referral")
    return {f"{action}_report": Target(south if action in theirs else police, ids) for action in actions}


def _asked(caller: Caller, staff: Staff, case: Case) -> Json:
    women = staff("women-1").me["unit_id"]
    ask = {"action": "close", "subject_id": case.id, "approver_unit_id": women, **REASON}
    return caller.done("ask_case_approval", case.owner, ask, case_id=case.id)


def _versioned(document: Document) -> set[str]:
    return {
        name for name, (_, _, operation) in document.operations.items() if "428" in operation["responses"]
    }


def test_every_operation_that_wants_a_version_is_tried_here(
    document: Document, targets: dict[str, Target]
) -> None:
    assert set(targets) == _versioned(document)
    assert len(targets) > 200


def test_without_a_version_nothing_changes_and_with_a_stale_one_neither(
    caller: Caller, case: Case, targets: dict[str, Target]
) -> None:
    before, wrong = _stage_versions(case), []
    for name, target in _some(targets).items():
        body = caller.document.example(name)
        missing = caller.send(name, target.desk, body, **target.ids)
        stale = caller.send(name, target.desk, body, version=STALE, **target.ids)
        told = stale.headers.get("ETag") == f'"{stale.json().get("current")}"'
        if (missing.status_code, stale.status_code, told) != (428, 412, True):
            wrong.append((name, missing.status_code, stale.status_code, told))
    assert wrong == []
    assert _stage_versions(case) == before


def _some(targets: dict[str, Target]) -> dict[str, Target]:
    """Everything that is no stage, and each move of a stage on three stages in turn: they share one route a move."""
    of_stages = [name for name, target in targets.items() if "stage_id" in target.ids]
    return {name: targets[name] for name in targets if name not in of_stages} | {
        name: targets[name] for name in of_stages[::5]
    }


def _stage_versions(case: Case) -> dict[str, int]:
    stages = case.caller.done("list_case_stages", case.owner, case_id=case.id)["items"]
    return {stage["code"]: stage["version"] for stage in stages}


def test_every_change_of_something_existing_wants_a_version(document: Document) -> None:
    """What has no 428 makes something new: a record, an invitation, a question, a report, a doubt, a session,
    a search, a copy; or it ends sessions and is about one's own account."""
    without = {
        path.rpartition("/")[2]
        for name, (method, path, _) in document.operations.items()
        if method != "GET" and name not in _versioned(document) and "{stage_id}" not in path
    }
    assert without == {
        "accounts", "age_decisions", "approvals", "bases", "child_reports", "clock_overrides", "complaints",
        "consents", "contact_wishes", "corrections", "door", "door_codes", "emergency_access", "erasures",
        "exclusions", "exports", "guardian_attempts", "guardian_conflicts", "identification", "legal_holds", "merges",
        "needs_assessments", "objections", "places", "relatives", "reports", "revoke", "searches", "sign_out", "stages",
        "sign_in", "refresh", "confirm", "nonces", "federated", "token", "password", "second_factor", "recovery_codes",
        "end_others", "end_sessions", "clients", "issuers", "identities", "unlink",
        "unit_conflicts", "units", "victims", "willingness",
    }  # fmt: skip


def test_a_read_thing_carries_its_version_as_etag_and_in_the_body(caller: Caller, case: Case) -> None:
    stage = case.stage("shelter", case.victims[0])
    person = {"case_id": case.id, "victim_id": case.victims[0]}
    for name, ids in (
        ("read_case", {"case_id": case.id}),
        ("read_victim", person),
        ("read_shelter", {"stage_id": stage["id"]}),
    ):
        answer = caller.send(name, case.owner, **ids)
        assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'


def test_a_record_may_name_the_version_of_its_stage_and_need_not(caller: Caller, case: Case) -> None:
    stage = case.stage("investigation", None)
    at, body = {"stage_id": stage["id"]}, caller.document.example("add_investigation_acceptance")
    stale = caller.send("add_investigation_acceptance", case.owner, body, version=STALE, **at)
    assert stale.status_code == 412
    fresh = caller.send("add_investigation_acceptance", case.owner, body, version=stage["version"], **at)
    assert (fresh.status_code, fresh.headers["Stage-Version"]) == (201, str(stage["version"] + 1))
    assert caller.send("add_investigation_acceptance", case.owner, body, **at).status_code == 201


Sending = tuple[str, Json, Desk]


def _at_once(server: httpx.Client, sendings: list[Sending], version: int) -> Counter[int]:
    start = Barrier(len(sendings))

    def send(sending: Sending) -> int:
        path, body, desk = sending
        headers = {"Authorization": f"Bearer {desk.token}", "If-Match": f'"{version}"'}
        method = "PATCH" if "/victims/" in path else "POST"
        start.wait()
        return server.request(method, path, json=body, headers=headers).status_code

    with ThreadPoolExecutor(len(sendings)) as pool:
        return Counter(pool.map(send, sendings))


def test_of_moves_from_one_version_exactly_one_wins(
    served: httpx.Client, caller: Caller, staff: Staff
) -> None:
    desk = staff("psb-1")
    stage = new_case(caller, desk).stage("investigation", None)
    sending = (f"/investigation/{stage['id']}/accept", officers(desk), desk)
    won = _at_once(served, [sending] * AT_ONCE, stage["version"])
    assert won == {200: 1, 412: AT_ONCE - 1}


def test_of_two_who_write_down_what_they_learned_one_reads_again(
    served: httpx.Client, caller: Caller, staff: Staff
) -> None:
    desk = staff("psb-1")
    case = new_case(caller, desk)
    path = f"/cases/{case.id}/victims/{case.victims[0]}"
    sendings: list[Sending] = [(path, {"identity": {"name": f"第{n}"}}, desk) for n in range(AT_ONCE)]
    assert _at_once(served, sendings, 1) == {200: 1, 412: AT_ONCE - 1}


def _give_other_work(case: Case, lead: Desk, unit: Desk) -> None:
    """Somebody invited reads the case even after they answered, so that only the version holds the second answer."""
    stage = case.stage("rights_support", case.victims[0])
    body = {"unit_id": unit.me["unit_id"]}
    case.caller.done("invite_to_rights_support", lead, body, stage_id=stage["id"])


@pytest.mark.parametrize("about", ["case", "report"])
def test_an_approval_is_answered_once_whoever_is_first(
    served: httpx.Client, caller: Caller, staff: Staff, about: str
) -> None:
    police, women = staff("psb-1"), staff("women-1")
    if about == "case":
        case = new_case(caller, police)
        _give_other_work(case, staff("justice-1"), women)
        approval = _asked(caller, staff, case)
    else:
        ask: dict[str, Any] = {"action": "find_unfounded", "approver_unit_id": women.me["unit_id"], **REASON}
        report_id = screened_report(caller, police)["id"]
        approval = caller.done("ask_report_approval", police, ask, report_id=report_id)
    sendings: list[Sending] = [
        (f"/approvals/{approval['id']}/{said}", {}, staff(f"women-{number}"))
        for said in ("approve", "refuse")
        for number in (1, 2)
    ]
    told = _at_once(served, sendings, approval["version"])
    assert told[200] == 1
    assert told[404] + told[412] == len(sendings) - 1
