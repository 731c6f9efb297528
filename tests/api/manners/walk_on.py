"""The walk through everything that is no stage: reports, people, cases, consents, registers, signing in."""

from typing import Final
from uuid import uuid4

from services.demo_world import PASSWORD
from tests.api.manners.casework import (
    ADULT,
    Case,
    farm,
    new_case,
    officers,
    report_body,
    screened_report,
)
from tests.api.manners.walk import DECLINED, REASON, Walk

WITHOUT_DATABASE: Final = (
    "read_public_keys",
    "read_policy",
    "read_workflow_picture",
    "list_problems",
    "read_liveness",
)


def walk_reports(walk: Walk) -> None:
    """A report of each way that a report can go."""
    police, body = walk.staff("psb-1"), report_body(walk.caller)
    walk.count("report_publicly", None, body)
    walk.count("file_report", police, body)
    walk.count("list_reports", police)
    report = walk.caller.done("list_reports", police)["items"][0]
    at = {"report_id": report["id"]}
    walk.count("read_report", police, **at)
    walk.count("screen_report", police, version=report["version"], **at)
    _found_unfounded(walk, at)
    _refer(walk, at)
    walk.count("answer_report", police, {"text": "已处理"}, version=_version(walk, at), **at)
    walk.count("accept_report", police, {"victims": [ADULT]}, version=_version(walk, at), **at)


def _version(walk: Walk, at: dict[str, object]) -> int:
    return int(walk.caller.done("read_report", walk.staff("psb-1"), **at)["version"])


def _found_unfounded(walk: Walk, at: dict[str, object]) -> None:
    police, women = walk.staff("psb-1"), walk.staff("women-1")
    ask = {"action": "find_unfounded", "approver_unit_id": women.me["unit_id"], **REASON}
    asked = walk.count("ask_report_approval", police, ask, **at)
    walk.caller.done("approve", women, version=asked["version"], approval_id=asked["id"])
    walk.count("find_unfounded_report", police, REASON, version=_version(walk, at), **at)
    walk.count("screen_again_report", police, REASON, version=_version(walk, at), **at)
    other = {"duplicate_of": screened_report(walk.caller, police)["id"]}
    walk.count("mark_duplicate_report", police, other, version=_version(walk, at), **at)
    walk.count("screen_again_report", police, REASON, version=_version(walk, at), **at)


def _refer(walk: Walk, at: dict[str, object]) -> None:
    police, south = walk.staff("psb-1"), walk.staff("south-psb-1")
    offer = {"unit_id": south.me["unit_id"], **REASON}
    walk.count("refer_out_report", police, offer, version=_version(walk, at), **at)
    walk.count("refuse_referral_report", south, REASON, version=_version(walk, at), **at)
    other = screened_report(walk.caller, police)
    there = {"report_id": other["id"]}
    offered = walk.caller.done("refer_out_report", police, offer, version=other["version"], **there)
    walk.count("accept_referral_report", south, version=offered["version"], **there)


def walk_case(walk: Walk) -> None:
    """One person's case, read in every way, handed over, closed and reopened."""
    police, civil_affairs = walk.staff("psb-1"), walk.staff("cab-1")
    case = new_case(walk.caller, police)
    walk_reads(walk, case)
    _people(walk, case)
    _consents(walk, case)
    _to_civil_affairs(walk, case)
    assert case.owner is civil_affairs
    _close(walk, case)


def walk_reads(walk: Walk, case: Case) -> None:
    """All that can be read of a case; the numbers must not depend on how much is in it."""
    at, person = {"case_id": case.id}, {"case_id": case.id, "victim_id": case.victims[0]}
    for operation_id in ("list_cases", "read_inbox", "list_reports"):
        walk.count(operation_id, case.owner)
    for operation_id in ("read_case", "list_case_stages", "list_victims", "read_timeline", "check_timeline"):
        walk.count(operation_id, case.owner, **at)
    walk.count("read_victim", case.owner, **person)
    walk.count("list_consents", case.owner, **person)
    stage = {"stage_id": case.stage("investigation", None)["id"]}
    walk.count("read_investigation", case.owner, **stage)
    walk.count("list_investigation_records", case.owner, **stage)


def _people(walk: Walk, case: Case) -> None:
    person = {"case_id": case.id, "victim_id": case.victims[0]}
    version = walk.caller.done("read_victim", case.owner, **person)["version"]
    learned = {"documents": {"identity_number": "示例0001"}}
    walk.count("change_victim", case.owner, learned, version=version, **person)
    named = walk.count("add_victim", case.owner, ADULT, case_id=case.id)
    case.victims.append(named["id"])


def _consents(walk: Walk, case: Case) -> None:
    person = {"case_id": case.id, "victim_id": case.victims[0]}
    ask = {"purpose": "information_sharing", "what": "与医院共享", "language": "zh"}
    first, second = (walk.caller.done("ask_consent", case.owner, ask, **person) for _ in range(2))
    words = {"said_by": "self", "own_words": "不愿意"}
    walk.count("refuse_consent", case.owner, words, version=1, consent_id=first["id"])
    given = walk.caller.document.example("give_consent") | {"given_by": "self"}
    walk.caller.done("give_consent", case.owner, given, version=1, consent_id=second["id"])
    walk.count("withdraw_consent", case.owner, words, version=2, consent_id=second["id"])


def _case_version(walk: Walk, case: Case) -> int:
    return int(walk.caller.done("read_case", case.owner, case_id=case.id)["version"])


def _to_civil_affairs(walk: Walk, case: Case) -> None:
    to, at = walk.staff("cab-1"), {"case_id": case.id}
    offer = {"unit_id": to.me["unit_id"], **REASON}
    offered = walk.count("hand_over_case", case.owner, offer, version=_case_version(walk, case), **at)
    walk.count("refuse_hand_over_case", to, REASON, version=offered["version"], **at)
    offered = walk.count("hand_over_case", case.owner, offer, version=_case_version(walk, case), **at)
    walk.count("accept_hand_over_case", to, version=offered["version"], **at)
    case.owner = to


def _close(walk: Walk, case: Case) -> None:
    _end_investigation(walk, case)
    for stage in walk.caller.done("list_case_stages", case.owner, case_id=case.id)["items"]:
        if stage["state"] != "completed":
            version, stage_id = stage["version"], stage["id"]
            desk = walk.staff("justice-1")
            walk.caller.done("decline_rights_support", desk, DECLINED, version=version, stage_id=stage_id)
    women, at = walk.staff("women-1"), {"case_id": case.id}
    ask = {"action": "close", "subject_id": case.id, "approver_unit_id": women.me["unit_id"], **REASON}
    asked = walk.caller.done("ask_case_approval", case.owner, ask, **at)
    walk.count("refuse_approval", women, version=1, approval_id=asked["id"])
    asked = walk.caller.done("ask_case_approval", case.owner, ask, **at)
    walk.caller.done("approve", women, version=1, approval_id=asked["id"])
    reason = {"reason": "goals_met"}
    walk.count("close_case", case.owner, reason, version=_case_version(walk, case), **at)
    walk.count("reopen_case", case.owner, REASON, version=_case_version(walk, case), **at)


def _end_investigation(walk: Walk, case: Case) -> None:
    police, stage = walk.staff("psb-1"), case.stage("investigation", None)
    at, done = {"stage_id": stage["id"]}, walk.caller.done
    accepted = done("accept_investigation", police, officers(police), version=stage["version"], **at)
    done("begin_investigation", police, version=accepted["version"], **at)
    done("add_investigation_withdrawn", police, {"happened_at": "2026-03-12T09:30:00+08:00", **REASON}, **at)
    version = done("read_investigation", police, **at)["version"]
    done("complete_investigation", police, version=version, **at)


def walk_registers(walk: Walk) -> None:
    """Places, units, accounts, and the doors."""
    admin, caller = walk.staff("admin"), walk.caller
    for operation_id in ("list_units", "list_accounts", "read_me"):
        walk.count(operation_id, admin)
    walk.count("list_places")
    code = uuid4().hex[:12]
    named = {"name_zh": "新增地点", "name_en": "Another place"}
    company = walk.count(
        "add_place", admin, {"parent_id": farm(caller), "kind": "company", "code": code, **named}
    )
    unit = walk.count("add_unit", admin, {"agency": "YOUTH", "place_id": company["id"], **named})
    new = {"username": f"u-{code}", "password": PASSWORD, "unit_id": unit["id"], "role": "caseworker"}
    account = walk.count("add_account", admin, new)
    signing_in = {"username": new["username"], "password": PASSWORD}
    walk.count("sign_in", None, signing_in)
    walk.count("disable_account", admin, version=1, account_id=account["id"])
    _sign_out(walk)


def _sign_out(walk: Walk) -> None:
    desk = type(walk.staff("auditor")).of(walk.caller.client, "auditor", PASSWORD)
    walk.count("sign_out", desk)


def walk_doors(walk: Walk) -> None:
    """What needs no account."""
    receipt = walk.caller.done("report_publicly", None, report_body(walk.caller))
    walk.count("read_readiness")
    walk.count("read_problem", code="not_found")
    for operation_id in WITHOUT_DATABASE:
        walk.count_raw(operation_id, {})
    walk.count_raw("read_receipt", {"Receipt-Secret": receipt["secret"]}, number=receipt["number"])
