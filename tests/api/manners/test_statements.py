"""How often each operation asks the database, by hand in one table; and that it does not depend on how much is there."""

import sys
from collections.abc import Callable
from typing import Final

import pytest

from api.calls import House
from domain.stages import RECORD_KINDS, StageCode
from services.demo_desk import Desk
from tests.api.manners.casework import Case, new_case, officers
from tests.api.manners.operations import Caller, statements_of
from tests.api.manners.walk import Walk, in_a_month, walk_stages
from tests.api.manners.walk_on import walk_case, walk_doors, walk_reads, walk_registers, walk_reports

STAGES: Final = tuple(code for code in StageCode if RECORD_KINDS[code])

# Every call of somebody who is signed in begins with one statement: session, account, row-level context. A case is
# read in four (case, stages, agreements, people), a stage's records in one more. A move writes entry, case and stage.
OF_EACH_STAGE: Final = {
    "read_{}": 7,
    "list_{}_records": 7,
    "list_{}_remarks": 7,
    "route_{}": 11,
    "accept_{}": 11,
    "send_back_{}": 10,
    "begin_{}": 9,
    "complete_{}": 9,
    "hold_{}": 10,
    "resume_{}": 9,
    "hand_over_{}": 12,
    "accept_hand_over_{}": 11,
    "refuse_hand_over_{}": 11,
    "decline_{}": 10,
    "offer_again_{}": 10,
    "rule_out_{}": 11,
    "close_unmet_{}": 11,
    "reopen_{}": 10,
    "invite_to_{}": 11,
}
RECORD: Final = 11

OTHERS: Final = {
    # reports
    "report_publicly": 12,
    "read_receipt": 4,
    "file_report": 11,
    "list_reports": 3,
    "read_report": 4,
    "screen_report": 6,
    "screen_again_report": 6,
    "mark_duplicate_report": 7,
    "ask_report_approval": 9,
    "find_unfounded_report": 9,
    "refer_out_report": 9,
    "refuse_referral_report": 7,
    "accept_referral_report": 15,
    "answer_report": 7,
    "accept_report": 24,  # opens a case with a person and their first stages
    # cases
    "list_cases": 3,
    "read_inbox": 4,
    "read_case": 6,
    "list_case_stages": 6,
    "read_timeline": 4,
    "check_timeline": 5,
    "plan_stage": 10,
    "hand_over_case": 10,
    "refuse_hand_over_case": 9,
    "accept_hand_over_case": 7,
    "close_case": 8,
    "reopen_case": 12,
    # people and what they agree to
    "list_victims": 6,
    "read_victim": 6,
    "add_victim": 13,
    "change_victim": 9,
    "record_willingness": 9,
    "list_consents": 7,
    "ask_consent": 9,
    "give_consent": 12,
    "refuse_consent": 11,
    "withdraw_consent": 11,
    # approvals
    "ask_case_approval": 10,
    "list_approvals": 3,
    "read_approval": 4,
    "approve": 11,
    "refuse_approval": 12,
    # places, units, people; three of them go to a savepoint
    "list_places": 2,
    "list_units": 2,
    "list_accounts": 2,
    "read_me": 1,
    "add_place": 9,
    "add_unit": 9,
    "add_account": 9,
    "disable_account": 9,
    # doors
    "sign_in": 5,
    "sign_out": 3,
    "read_readiness": 2,
    "read_public_keys": 0,
    "read_policy": 0,
    "read_workflow_picture": 0,
    "list_problems": 0,
    "read_problem": 0,
    "read_liveness": 0,
    # a record that frees the person writes down since when
    "add_rescue_rescue_carried_out": 15,
}

NEVER_DONE: Final = {
    "close_unmet_rescue": "somebody not yet found stays looked for",
    "decline_investigation": "an investigation is nobody's to decline",
    "offer_again_investigation": "an investigation is nobody's to decline",
    "invite_to_rescue": "no agency cooperates in the article",
    "invite_to_family_tracing": "no agency cooperates in the article",
    "invite_to_household_registration": "no agency cooperates in the article",
}
KEY: Final = 2
"""What an Idempotency-Key adds: the claim, and the answer kept."""


def _table() -> dict[str, int]:
    moves = {row.format(code): count for code in STAGES for row, count in OF_EACH_STAGE.items()}
    records = {f"add_{code}_{kind}": RECORD for code in STAGES for kind in RECORD_KINDS[code]}
    whole = {**moves, **records, **OTHERS}
    return {name: count for name, count in whole.items() if name not in NEVER_DONE}


@pytest.fixture
def walk(house: House, caller: Caller, staff: Callable[[str], Desk]) -> Walk:
    return Walk(caller, house.engine, staff)


def test_every_operation_asks_the_database_as_often_as_the_table_says(walk: Walk) -> None:
    for part in (walk_reports, walk_case, walk_registers, walk_doors, walk_stages):
        part(walk)
    seen = {name: sorted(counts) for name, counts in walk.counts.items()}
    _print(seen)
    expected = {name: [count] for name, count in _table().items()}
    names = sorted(seen.keys() | expected.keys())
    wrong = [
        (name, seen.get(name), expected.get(name)) for name in names if seen.get(name) != expected.get(name)
    ]
    assert wrong == []


def _print(seen: dict[str, list[int]]) -> None:
    for name, counts in sorted(seen.items(), key=lambda row: (row[1], row[0])):
        sys.stdout.write(f"{'/'.join(map(str, counts)):>6}  {name}\n")


def test_every_operation_of_the_document_is_in_the_table(caller: Caller) -> None:
    assert set(caller.document.operations) == set(_table()) | set(NEVER_DONE)


def test_reading_and_changing_a_case_costs_the_same_whether_it_is_small_or_large(walk: Walk) -> None:
    small, large = _filled_case(walk, people=1, records=1), _filled_case(walk, people=5, records=50)
    assert len(walk.caller.done("list_case_stages", large.owner, case_id=large.id)["items"]) >= 10
    counts = []
    for case in (small, large):
        once = Walk(walk.caller, walk.engine, walk.staff)
        walk_reads(once, case)
        _change(once, case)
        counts.append(once.counts)
    assert counts[0] == counts[1]
    assert all(len(numbers) == 1 for numbers in counts[0].values())


def _filled_case(walk: Walk, *, people: int, records: int) -> Case:
    police, done = walk.staff("psb-1"), walk.caller.done
    case = new_case(walk.caller, police, people)
    for victim_id in case.victims[1:]:
        case.plan("rescue", victim_id)
    stage = case.stage("investigation", None)
    at = {"stage_id": stage["id"]}
    accepted = done("accept_investigation", police, officers(police), version=stage["version"], **at)
    done("begin_investigation", police, version=accepted["version"], **at)
    body = walk.caller.document.example("add_investigation_acceptance")
    for _ in range(records):
        done("add_investigation_acceptance", police, body, **at)
    return case


def _change(walk: Walk, case: Case) -> None:
    done, at = walk.caller.done, {"stage_id": case.stage("investigation", None)["id"]}
    walk.count("add_investigation_finding", case.owner, _finding(case), **at)
    version = done("read_investigation", case.owner, **at)["version"]
    later = {"reason": "等待结果", "review_at": in_a_month()}
    held = walk.count("hold_investigation", case.owner, later, version=version, **at)
    walk.count("resume_investigation", case.owner, version=held["version"], **at)
    person = {"case_id": case.id, "victim_id": case.victims[-1]}
    named = {"identity": {"name": "某人"}}
    walk.count("change_victim", case.owner, named, version=1, **person)


def _finding(case: Case) -> dict[str, object]:
    example = case.caller.document.example("add_investigation_finding")
    return {**example, "victim_id": case.victims[0]}


@pytest.mark.parametrize(
    "operation_id",
    ["list_cases", "list_reports", "read_inbox", "list_units", "list_accounts", "list_approvals"],
)
def test_a_page_of_a_hundred_costs_as_much_as_a_page_of_one(walk: Walk, operation_id: str) -> None:
    desk = walk.staff("psb-1")
    for _ in range(3):
        new_case(walk.caller, desk)
    counts = []
    for limit in (1, 100):
        with statements_of(walk.engine) as seen:
            walk.caller.done(operation_id, desk, query={"limit": limit})
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_key_adds_the_claim_and_the_kept_answer(walk: Walk) -> None:
    desk = walk.staff("psb-1")
    case = new_case(walk.caller, desk)
    stage = case.stage("investigation", None)
    accepted = walk.caller.done(
        "accept_investigation", desk, officers(desk), version=stage["version"], stage_id=stage["id"]
    )
    with statements_of(walk.engine) as seen:
        walk.caller.done(
            "begin_investigation",
            desk,
            version=accepted["version"],
            key="begin-this-once",
            stage_id=stage["id"],
        )
    assert len(seen) == OF_EACH_STAGE["begin_{}"] + KEY
