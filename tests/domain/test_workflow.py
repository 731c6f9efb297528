"""The four machines: which move each state allows, who may take it, and in which order a refusal is found."""

from itertools import product
from uuid import UUID

import pytest

from domain.actors import Actor, Role
from domain.agencies import MEMBERS, Agency, PlaceKind
from domain.refusals import MoveNotPossible, RequirementsUnmet, StageNotYours, Unmet
from domain.stages import StageCode
from domain.texts import Text
from domain.workflow import ENDED, Machine, Subject, available, decide, decide_by_rule, possible
from tests.stage_moves import STAGE_MOVES

OWNER, RESPONSIBLE, OFFERED, STRANGER = (UUID(int=number) for number in range(1, 5))
UNITS = {"owner": OWNER, "responsible": RESPONSIBLE, "offered": OFFERED, "stranger": STRANGER}

# What each state allows and where it leads; "=" keeps the state. Every pair that is missing is refused.
REPORT_MOVES = {
    "received": {"screen": "screening"},
    "screening": {
        "accept": "accepted",
        "mark_duplicate": "duplicate",
        "find_unfounded": "unfounded",
        "refer_out": "=",
        "accept_referral": "referred_out",
        "refuse_referral": "=",
        "answer": "=",
    },
    "accepted": {"answer": "="},
    "referred_out": {"answer": "="},
    "unfounded": {"screen_again": "screening", "answer": "="},
    "duplicate": {"screen_again": "screening", "answer": "="},
}
CASE_MOVES = {
    "open": {
        "hand_over": "=",
        "withdraw_hand_over": "=",
        "accept_hand_over": "=",
        "refuse_hand_over": "=",
        "close": "closed",
    },
    "closed": {"reopen": "open"},
}
CONSENT_MOVES = {
    "asked": {"give": "given", "refuse": "refused"},
    "given": {"withdraw": "withdrawn"},
    "refused": {},
    "withdrawn": {},
    "expired": {},
}
MOVES: dict[str, dict[str, dict[str, str]]] = {
    "stage": STAGE_MOVES,
    "report": REPORT_MOVES,
    "case": CASE_MOVES,
    "consent": CONSENT_MOVES,
}

# Who may take each move, in the words of UNITS; a supervisor is one of the owning or the responsible unit.
# What the person decides is written down by the unit that works for them, or by the case owner unless police.
TAKERS = {
    "stage": {
        "route": "owner",
        "accept": "responsible",
        "send_back": "responsible",
        "begin": "responsible",
        "complete": "responsible",
        "extend": "responsible",
        "hold": "responsible",
        "resume": "responsible",
        "name_officers": "responsible",
        "hand_over": "responsible",
        "withdraw_hand_over": "responsible",
        "accept_hand_over": "offered",
        "refuse_hand_over": "offered",
        "decline": "owner responsible",
        "offer_again": "owner responsible",
        "rule_out": "responsible",
        "close_unmet": "responsible",
        "reopen": "owner responsible",
    },
    "report": {
        "screen": "responsible",
        "accept": "responsible",
        "mark_duplicate": "responsible",
        "find_unfounded": "responsible",
        "refer_out": "responsible",
        "accept_referral": "offered",
        "refuse_referral": "offered",
        "screen_again": "responsible",
        "answer": "responsible",
    },
    "case": {
        "hand_over": "owner",
        "withdraw_hand_over": "owner",
        "accept_hand_over": "offered",
        "refuse_hand_over": "offered",
        "close": "owner",
        "reopen": "owner responsible",
    },
    "consent": {
        "give": "owner responsible",
        "refuse": "owner responsible",
        "withdraw": "owner responsible",
    },
}
# A rule alone makes these: nobody may, whatever the state.
BY_RULE_ONLY = {"consent": ("expire",)}
# The machine's first move has no subject yet, so it can never be decided on one.
FIRST = {"stage": "plan", "report": "receive", "case": "open", "consent": "ask"}

EVERY_MOVE = [
    (machine, state, action)
    for machine, states in MOVES.items()
    for state, action in product(states, TAKERS[machine])
]
EVERY_TAKER = [
    (machine, action, who) for machine, actions in TAKERS.items() for action, who in product(actions, UNITS)
]

# The leads of each stage's main article; the police only where they may be responsible, never in follow_up.
WORKS_ON = {
    "report": "PSB",
    "investigation": "PSB",
    "rescue": "PSB CAB",
    "shelter": "CAB",
    "medical_care": "HEALTH DPF",
    "family_tracing": "PSB CAB",
    "household_registration": "PSB CAB",
    "schooling": "EDU",
    "employment": "HRSS",
    "rights_support": "JUSTICE",
    "reintegration_support": "CAB JUSTICE HRSS",
    "guardianship": "CAB JUSTICE",
    "repatriation": "PSB CAB",
    "follow_up": "CAB",
}
NEEDED = Unmet("needed", Text("尚缺", "still missing"), (31,))
ALSO_NEEDED = Unmet("also_needed", Text("也尚缺", "also missing"), (31,))


def actor(unit: UUID, agency: Agency = Agency.CAB, role: Role = Role.CASEWORKER) -> Actor:
    return Actor(
        account_id=UUID(int=100),
        session_id=UUID(int=101),
        unit_id=unit,
        agency=agency,
        role=role,
        place_id=UUID(int=102),
        place_kind=PlaceKind.DIVISION,
        institution=None,
    )


def subject(machine: str, state: str, stage: StageCode = StageCode.SHELTER) -> Subject:
    return Subject(
        machine=Machine(machine),
        state=state,
        owner=OWNER,
        owner_agency=Agency.CAB,
        responsible=RESPONSIBLE,
        offered=OFFERED,
        stage=stage if machine == "stage" else None,
    )


def taker_of(machine: str, action: str) -> Actor:
    return actor(UNITS[TAKERS[machine][action].split()[0]])


def a_state_for(machine: str, action: str) -> str:
    return next(state for state, moves in MOVES[machine].items() if action in moves)


@pytest.mark.parametrize(("machine", "state", "action"), EVERY_MOVE)
def test_each_state_allows_its_own_moves_and_no_other(machine: str, state: str, action: str) -> None:
    target = MOVES[machine][state].get(action)
    if target is None:
        with pytest.raises(MoveNotPossible) as refusal:
            decide(subject(machine, state), action, taker_of(machine, action))
        assert {found.action for found in refusal.value.possible} - {"expire"} == set(MOVES[machine][state])
        return
    decided = decide(subject(machine, state), action, taker_of(machine, action))
    assert decided.target == (None if target == "=" else target)


@pytest.mark.parametrize(("machine", "action", "who"), EVERY_TAKER)
def test_a_move_is_open_to_those_who_may_take_it_and_to_nobody_else(
    machine: str, action: str, who: str
) -> None:
    about = subject(machine, a_state_for(machine, action))
    if who in TAKERS[machine][action].split():
        assert decide(about, action, actor(UNITS[who])).action == action
        return
    with pytest.raises(StageNotYours):
        decide(about, action, actor(UNITS[who]))


@pytest.mark.parametrize("machine", MOVES)
def test_a_stranger_may_take_no_move_at_all_not_even_as_a_supervisor(machine: str) -> None:
    for state, action in product(MOVES[machine], TAKERS[machine]):
        for role in (Role.CASEWORKER, Role.SUPERVISOR):
            with pytest.raises(StageNotYours):
                decide(subject(machine, state), action, actor(STRANGER, role=role))


@pytest.mark.parametrize(
    ("machine", "action"), [(m, a) for m, actions in BY_RULE_ONLY.items() for a in actions]
)
def test_nobody_takes_a_move_that_only_a_rule_makes(machine: str, action: str) -> None:
    for state, unit in product(MOVES[machine], UNITS.values()):
        with pytest.raises(StageNotYours):
            decide(subject(machine, state), action, actor(unit))


@pytest.mark.parametrize(("machine", "action"), FIRST.items())
def test_what_exists_cannot_come_into_being_again(machine: str, action: str) -> None:
    for state, unit in product(MOVES[machine], UNITS.values()):
        with pytest.raises((StageNotYours, MoveNotPossible)):
            decide(subject(machine, state), action, actor(unit))


@pytest.mark.parametrize("machine", MOVES)
def test_an_unknown_action_is_nobodys(machine: str) -> None:
    for state, unit in product(MOVES[machine], UNITS.values()):
        with pytest.raises(StageNotYours):
            decide(subject(machine, state), "delete", actor(unit))


@pytest.mark.parametrize(
    ("machine", "unit", "role", "allowed"),
    [
        ("stage", RESPONSIBLE, Role.SUPERVISOR, True),
        ("stage", OWNER, Role.CASEWORKER, True),
        ("stage", OFFERED, Role.SUPERVISOR, False),
        ("stage", STRANGER, Role.SUPERVISOR, False),
        ("case", OWNER, Role.SUPERVISOR, True),
        ("case", OFFERED, Role.SUPERVISOR, False),
    ],
)
def test_reopening_is_for_the_owner_a_supervisor_and_the_person(
    machine: str, unit: UUID, role: Role, allowed: bool
) -> None:
    state = "completed" if machine == "stage" else "closed"
    if allowed:
        assert decide(subject(machine, state), "reopen", actor(unit, role=role)).action == "reopen"
        return
    with pytest.raises(StageNotYours):
        decide(subject(machine, state), "reopen", actor(unit, role=role))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
def test_no_role_but_the_supervisor_adds_a_right_to_the_unit(role: Role) -> None:
    for action, moves in (("accept", "routed"), ("reopen", "completed")):
        with pytest.raises(StageNotYours):
            decide(subject("stage", moves), action, actor(STRANGER, role=role))


@pytest.mark.parametrize(
    ("machine", "action"),
    [
        ("stage", "decline"),
        ("stage", "offer_again"),
        ("consent", "give"),
        ("consent", "refuse"),
        ("consent", "withdraw"),
    ],
)
def test_a_police_owner_never_writes_down_what_the_person_decided(machine: str, action: str) -> None:
    about = subject(machine, a_state_for(machine, action))
    assert decide(about, action, actor(OWNER, Agency.CAB)).action == action
    with pytest.raises(StageNotYours):
        decide(about, action, actor(OWNER, Agency.PSB))


def test_the_police_write_down_that_somebody_declines_their_own_rescue() -> None:
    about = subject("stage", "routed", StageCode.RESCUE)
    assert decide(about, "decline", actor(RESPONSIBLE, Agency.PSB)).target == "declined"


@pytest.mark.parametrize("stage", WORKS_ON)
@pytest.mark.parametrize("agency", [*MEMBERS, Agency.OFFICE])
@pytest.mark.parametrize(
    ("action", "state"), [("accept", "routed"), ("begin", "accepted"), ("complete", "active")]
)
def test_only_a_lead_works_on_a_stage_even_where_its_unit_was_made_responsible(
    stage: str, agency: Agency, action: str, state: str
) -> None:
    about = subject("stage", state, StageCode(stage))
    if agency in WORKS_ON[stage].split():
        assert decide(about, action, actor(RESPONSIBLE, agency)).action == action
        return
    with pytest.raises(StageNotYours):
        decide(about, action, actor(RESPONSIBLE, agency))


@pytest.mark.parametrize(("stage", "agencies"), WORKS_ON.items())
def test_a_unit_of_a_lead_that_is_not_the_responsible_one_works_on_nothing(stage: str, agencies: str) -> None:
    for agency in agencies.split():
        with pytest.raises(StageNotYours):
            decide(subject("stage", "routed", StageCode(stage)), "accept", actor(STRANGER, Agency(agency)))


def test_whose_it_is_comes_before_whether_it_is_possible() -> None:
    with pytest.raises(StageNotYours):
        decide(subject("stage", "completed"), "accept", actor(STRANGER), [NEEDED])


def test_whether_it_is_possible_comes_before_what_is_missing() -> None:
    with pytest.raises(MoveNotPossible):
        decide(subject("stage", "planned"), "begin", actor(RESPONSIBLE), [NEEDED])


def test_what_is_missing_is_told_whole_and_only_to_whom_it_concerns() -> None:
    with pytest.raises(RequirementsUnmet) as refusal:
        decide(subject("stage", "accepted"), "begin", actor(RESPONSIBLE), [NEEDED, ALSO_NEEDED])
    assert refusal.value.unmet == (NEEDED, ALSO_NEEDED)
    assert refusal.value.action == "begin"


def test_a_refusal_names_the_article_and_the_leads() -> None:
    with pytest.raises(StageNotYours) as refusal:
        decide(subject("stage", "routed", StageCode.MEDICAL_CARE), "accept", actor(STRANGER, Agency.PSB))
    assert refusal.value.accountable is Agency.HEALTH
    assert refusal.value.possible.agencies == (Agency.HEALTH, Agency.DPF)
    assert refusal.value.possible.articles == (34,)


def test_a_refusal_of_a_move_of_the_case_names_the_owners_agency() -> None:
    with pytest.raises(StageNotYours) as refusal:
        decide(subject("case", "open"), "close", actor(STRANGER))
    assert refusal.value.possible.agencies == (Agency.CAB,)


def test_an_impossible_move_tells_what_is_possible_and_by_whom() -> None:
    with pytest.raises(MoveNotPossible) as refusal:
        decide(subject("stage", "on_hold"), "complete", actor(RESPONSIBLE))
    assert (refusal.value.machine, refusal.value.state) == ("stage", "on_hold")
    resume = next(found for found in refusal.value.possible if found.action == "resume")
    assert resume.by == ("responsible_unit", "rule")
    assert resume.agencies == (Agency.CAB,)


@pytest.mark.parametrize(
    ("machine", "state", "action", "target"),
    [
        ("stage", "planned", "route", "routed"),
        ("stage", "returned", "route", "routed"),
        ("stage", "on_hold", "resume", "active"),
        ("stage", "active", "decline", "declined"),
        ("stage", "on_hold", "complete", "completed"),
        ("stage", "routed", "close_unmet", "closed_unmet"),
        ("stage", "completed", "reopen", "planned"),
        ("stage", "", "plan", "planned"),
        ("case", "", "open", "open"),
        ("consent", "given", "expire", "expired"),
    ],
)
def test_a_rule_makes_its_moves_without_an_actor(machine: str, state: str, action: str, target: str) -> None:
    assert decide_by_rule(subject(machine, state), action).target == target


@pytest.mark.parametrize(
    ("machine", "state", "action"),
    [
        ("stage", "routed", "accept"),
        ("stage", "routed", "complete"),
        ("stage", "planned", "decline"),
        ("stage", "accepted", "begin"),
        ("stage", "accepted", "rule_out"),
        ("stage", "active", "resume"),
        ("case", "open", "close"),
        ("consent", "asked", "give"),
        ("consent", "asked", "expire"),
        ("report", "screening", "find_unfounded"),
    ],
)
def test_no_rule_accepts_begins_closes_or_agrees(machine: str, state: str, action: str) -> None:
    with pytest.raises(LookupError):
        decide_by_rule(subject(machine, state), action)


@pytest.mark.parametrize(("machine", "state"), [(m, s) for m, states in MOVES.items() for s in states])
def test_what_is_available_is_what_would_be_decided(machine: str, state: str) -> None:
    about = subject(machine, state)
    assert [found.action for found, _ in available(about, actor(OWNER))] == [
        p.action for p in possible(about)
    ]
    for unit in UNITS.values():
        for found, mine in available(about, actor(unit)):
            assert mine is _decided(about, found.action, actor(unit))


def _decided(about: Subject, action: str, who: Actor) -> bool:
    try:
        decide(about, action, who)
    except StageNotYours:
        return False
    return True


@pytest.mark.parametrize(
    ("machine", "actions"),
    [
        ("report", {"find_unfounded"}),
        ("case", {"close"}),
        ("stage", {"rule_out", "close_unmet"}),
        ("consent", set()),
    ],
)
def test_another_agency_approves_what_ends_help_against_the_need(machine: str, actions: set[str]) -> None:
    decided = {
        action: decide(subject(machine, state), action, taker_of(machine, action)).approved
        for state, moves in MOVES[machine].items()
        for action in moves
    }
    assert {action for action, approved in decided.items() if approved} == actions


def test_what_counts_as_ended_is_what_the_policy_says() -> None:
    assert {str(machine): " ".join(states) for machine, states in ENDED.items()} == {
        "report": "accepted referred_out unfounded duplicate",
        "case": "closed",
        "stage": "completed declined not_applicable closed_unmet",
        "consent": "refused withdrawn expired",
    }
