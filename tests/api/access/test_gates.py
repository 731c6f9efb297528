"""Every route has its gate: who may knock is written in its signature, and once more here by hand."""

from collections.abc import Iterator
from typing import Final

import pytest
from fastapi.routing import APIRoute

from api.access import Anyone, AtTheDoor, Gate
from api.main import application
from api.routes import ROUTERS
from domain.actors import Role

OPEN_TO_ANYONE: Final = {
    "report_publicly",
    "report_as_a_child",
    "read_receipt",
    "complain_about_report",
    "question_office",
    "read_clocks",
    "list_places",
    "read_policy",
    "read_workflow_picture",
    "list_problems",
    "read_problem",
    "sign_in",
    "refresh_session",
    "new_nonce",
    "sign_in_from_elsewhere",
    "sign_client_in",
    "read_server_metadata",
    "read_public_keys",
    "read_liveness",
    "read_readiness",
    "enter_door",
    "list_checkpoints",
    "read_latest_checkpoint",
    "read_latest_note",
    "list_log_keys",
    "prove_consistency",
}

AT_THE_DOOR: Final = {
    "read_own_plan",
    "read_own_record",
    "read_own_readers",
    "list_own_consents",
    "give_own_consent",
    "refuse_own_consent",
    "withdraw_own_consent",
    "assent_to_own_consent",
    "say_own_willingness",
    "list_own_letters",
    "correct_own_record",
    "complain_at_own_door",
    "wish_for_contact",
    "leave_door",
}
"""For whoever holds the token of a person's own door, and for no account."""

EVERYBODY: Final = frozenset(Role)
READERS: Final = frozenset({
    Role.INTAKE, Role.CASEWORKER, Role.SUPERVISOR, Role.LIAISON, Role.INSTITUTION_STAFF, Role.LAWYER,
    Role.ADVOCATE, Role.INTEGRATION,
})  # fmt: skip
MOVERS: Final = frozenset({
    Role.INTAKE, Role.CASEWORKER, Role.SUPERVISOR, Role.INSTITUTION_STAFF, Role.LAWYER, Role.INTEGRATION,
})  # fmt: skip
INTAKE: Final = frozenset({Role.INTAKE, Role.CASEWORKER, Role.SUPERVISOR, Role.INTEGRATION})
AUDITORS: Final = frozenset({Role.AUDITOR, Role.DATA_PROTECTION_OFFICER})
REVIEWERS: Final = AUDITORS | {Role.SUPERVISOR}
ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR})
PEOPLE: Final = EVERYBODY - {Role.INTEGRATION}
REPORTERS: Final = EVERYBODY - {Role.ADMINISTRATOR, Role.COORDINATOR}

ROLES: Final = {
    **dict.fromkeys(
        ("sign_out", "list_units", "list_accounts", "read_me", "confirm_session", "list_sessions", "end_other_sessions"),
        EVERYBODY,
    ),
    **dict.fromkeys(
        ("change_password", "begin_second_factor", "confirm_second_factor", "renew_recovery_codes"), PEOPLE
    ),
    **dict.fromkeys(
        (
            "add_place", "add_unit", "add_account", "read_account", "change_account", "suspend_account",
            "reinstate_account", "disable_account", "end_sessions", "give_password", "add_client", "list_clients",
            "read_client", "change_client_grants", "add_client_key", "revoke_client_key", "add_issuer", "list_issuers",
            "replace_issuer_keys", "disable_issuer", "link_identity", "unlink_identities",
        ),
        ADMINISTRATORS,
    ),
    **dict.fromkeys(
        ("list_access_approvals", "read_access_approval", "approve_access", "end_access_approval"),
        frozenset({Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER}),
    ),
    **dict.fromkeys(("list_clock_overrides", "set_clock_override"), ADMINISTRATORS),
    "file_report": REPORTERS,
    **dict.fromkeys(
        (
            "list_reports", "read_report", "ask_report_approval", "screen_report", "accept_report",
            "mark_duplicate_report", "find_unfounded_report", "refer_out_report", "accept_referral_report",
            "refuse_referral_report", "screen_again_report", "answer_report", "object_to_report", "list_objections",
            "close_objection",
        ),
        INTAKE,
    ),
    **dict.fromkeys(("list_requests", "read_request"), READERS),
    **dict.fromkeys(("read_workload", "read_late_list"), frozenset({Role.COORDINATOR})),
    "list_unanswered_reports": INTAKE,
    "search_people": MOVERS,
    "read_retention": AUDITORS | ADMINISTRATORS,
    **dict.fromkeys(("read_due_erasures", "find_audited_case"), AUDITORS),
    # which of them, each says once the case was found: a stranger is told that there is none
    **dict.fromkeys(
        ("list_legal_holds", "set_legal_hold", "release_legal_hold", "erase_person", "export_person"),
        MOVERS | {Role.DATA_PROTECTION_OFFICER},
    ),
    "answer_request": MOVERS | {Role.LIAISON},
    "withdraw_request": MOVERS,
    **dict.fromkeys(("read_timeline", "check_timeline", "read_case_as_of", "prove_entry"), READERS | AUDITORS),
    **dict.fromkeys(("export_timeline", "export_bundle"), AUDITORS | {Role.SUPERVISOR}),
    "read_sealer_state": AUDITORS,
    **dict.fromkeys(("open_in_emergency", "read_people_in_emergency"), READERS - {Role.INTEGRATION}),
    **dict.fromkeys(("read_emergency_access", "end_emergency_access"), (READERS - {Role.INTEGRATION}) | AUDITORS),
    **dict.fromkeys(("list_emergency_access", "review_emergency_access"), REVIEWERS),
    **dict.fromkeys(("list_letters", "read_letter"), READERS - {Role.INTEGRATION}),
    **dict.fromkeys(("give_door_code", "revoke_door_codes", "answer_letter"), MOVERS - {Role.INTEGRATION}),
    "renew_emergency_access": frozenset({Role.SUPERVISOR}),
    **dict.fromkeys(
        (
            "read_inbox", "list_cases", "read_case", "list_case_stages", "list_victims", "read_victim",
            "list_consents", "record_willingness", "list_approvals", "read_approval", "list_deadlines", "list_alarms",
            "list_identification", "list_age_decisions", "list_needs_assessments", "list_relatives", "read_relative",
            "list_merges", "read_consent", "list_conflicts", "read_guardian_conflict", "read_unit_conflict",
            "read_exclusion", "list_follow_up_difficulties",
            # anybody who works for somebody may put a guardian, a unit or an officer in question
            "set_guardian_conflict", "write_down_guardian_attempt", "set_unit_conflict", "set_exclusion",
        ),
        READERS,
    ),
    **dict.fromkeys(
        (
            "plan_stage", "ask_case_approval", "hand_over_case", "withdraw_hand_over_case", "accept_hand_over_case",
            "refuse_hand_over_case", "close_case", "reopen_case", "add_victim", "change_victim", "ask_consent",
            "give_consent", "refuse_consent", "withdraw_consent", "approve", "refuse_approval", "decide_identification",
            "decide_age", "assess_needs", "add_relative", "change_relative", "ask_merge", "approve_merge",
            "refuse_merge", "undo_merge", "rest_on_basis", "record_death", "ask_not_a_suspect",
            "clear_guardian_conflict", "confirm_unit_conflict", "clear_unit_conflict", "confirm_exclusion",
            "clear_exclusion", "withdraw_approval",
        ),
        MOVERS,
    ),
}  # fmt: skip
"""Which roles each operation lets in; the operations of the stages follow below."""

CONFIRMED: Final = {
    "approve_access", "end_access_approval",
    "add_account", "change_account", "reinstate_account", "give_password", "renew_recovery_codes", "add_client",
    "release_legal_hold", "erase_person", "export_person", "open_in_emergency", "renew_emergency_access",
    "export_timeline", "export_bundle",
    "change_client_grants", "add_client_key", "revoke_client_key", "add_issuer", "replace_issuer_keys", "link_identity",
}  # fmt: skip
"""What only somebody does who proved within the last minutes that it is they."""

DURING_SET_UP: Final = {
    "sign_out", "read_me", "list_sessions", "end_other_sessions", "change_password", "begin_second_factor",
    "confirm_second_factor",
}  # fmt: skip
"""What somebody may do before they have a password and a second factor of their own."""

STAGE_RECORDS: Final = {
    "investigation": "acceptance filing_decision finding interview rapid_search reconsideration higher_review"
    " prosecutor_demand withdrawn proceeding_reference",
    "rescue": "rescue_plan rescue_carried_out handover",
    "shelter": "admission escort placement review exit_plan exit",
    "medical_care": "appointment attendance accommodation_need psychological_support disability_grading discharge",
    "family_tracing": "identity_check tracing_notice sample_request match_report reunion_assessment reunion"
    " support_duty not_found_certificate",
    "household_registration": "dossier submission registration benefit_decision appeal",
    "schooling": "placement_assessment place_confirmed enrolment attendance_check school_transfer",
    "employment": "assessment training job_offer placement private_check stopped",
    "rights_support": "rights_information aid_application aid_decision lawyer_assigned claim protection_order"
    " claim_closed",
    "reintegration_support": "goals review help_given",
    "guardianship": "guardian_status family_assessment child_view court_order family_education",
    "repatriation": "interpreter status_explained own_request embassy_contact return_risk_assessment"
    " travel_document voluntary_return reception handover alternative_status",
    "follow_up": "contact_plan contact difficulty ended",
}
STAGE_MOVES: Final = (
    "route accept send_back name_officers begin complete hold resume hand_over withdraw_hand_over accept_hand_over"
    " refuse_hand_over decline offer_again rule_out close_unmet reopen extend"
)


def rows() -> dict[str, frozenset[Role]]:
    """The whole table."""
    found = dict(ROLES)
    for stage, kinds in STAGE_RECORDS.items():
        found[f"read_{stage}"] = found[f"list_{stage}_records"] = found[f"list_{stage}_remarks"] = READERS
        found[f"ask_request_in_{stage}"] = MOVERS
        found[f"invite_to_{stage}"] = found[f"end_invitation_to_{stage}"] = MOVERS
        found |= {f"{move}_{stage}": MOVERS for move in STAGE_MOVES.split()}
        found |= {f"add_{stage}_{kind}": READERS for kind in kinds.split()}
    return found


def routes() -> Iterator[APIRoute]:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield route


def gates_of(route: APIRoute) -> list[Gate]:
    """Every gate among the route's dependencies, however deep."""
    found, waiting = [], [route.dependant]
    while waiting:
        dependant = waiting.pop()
        if isinstance(dependant.call, Gate):
            found.append(dependant.call)
        waiting += dependant.dependencies
    return found


BY_NAME: Final = {str(route.operation_id): route for route in routes()}


def test_no_two_operations_share_a_name() -> None:
    assert len(BY_NAME) == len(list(routes()))
    assert None not in {route.operation_id for route in routes()}


def test_the_description_names_exactly_the_routes_that_there_are() -> None:
    described = {
        (method.upper(), path, operation["operationId"])
        for path, methods in application(None).openapi()["paths"].items()
        for method, operation in methods.items()
    }
    built = {
        (method, route.path, route.operation_id) for route in routes() for method in route.methods or set()
    }
    assert described == built


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_route_has_one_gate_with_the_roles_of_its_row(name: str) -> None:
    (gate,) = gates_of(BY_NAME[name])
    if name in OPEN_TO_ANYONE:
        assert isinstance(gate, Anyone)
        assert gate.condition.roles is None
        return
    if name in AT_THE_DOOR:
        assert isinstance(gate, AtTheDoor)
        assert gate.condition.roles is None
        return
    assert type(gate) is Gate
    assert gate.condition.roles == rows()[name]
    assert gate.condition.confirmed is (name in CONFIRMED)
    assert gate.condition.during_set_up is (name in DURING_SET_UP)


UNLIMITED: Final = {
    "read_clocks", "list_places", "read_policy", "read_workflow_picture", "list_problems", "read_problem",
    "read_public_keys", "read_server_metadata", "read_liveness", "read_readiness",
}  # fmt: skip
"""Doors that everybody may knock at as often as they like: nothing behind them is about anybody, and nothing is slow."""


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_route_declares_how_often_it_is_asked_and_whether_its_reads_are_recorded(name: str) -> None:
    (gate,) = gates_of(BY_NAME[name])
    if name in OPEN_TO_ANYONE:
        assert (gate.condition.limit is None) is (name in UNLIMITED)
        assert not gate.condition.restricted
        return
    if name in AT_THE_DOOR:
        # every read at somebody's own door is recorded by the door itself
        assert gate.condition.limit is None
        return
    # the limit of those who are signed in counts by account, at every door
    assert (gate.condition.limit is None) is (name != "search_people")
    about_somebody = not {Role.HOTLINE, Role.ADMINISTRATOR, Role.COORDINATOR} & rows()[name]
    assert gate.condition.restricted is about_somebody


def test_the_doors_open_to_anyone_are_those_written_down() -> None:
    found = {name for name, route in BY_NAME.items() if isinstance(gates_of(route)[0], Anyone)}
    assert found == OPEN_TO_ANYONE
    doors = {name for name, route in BY_NAME.items() if isinstance(gates_of(route)[0], AtTheDoor)}
    assert doors == AT_THE_DOOR


def test_the_table_has_a_row_for_every_route_and_no_other() -> None:
    assert set(rows()) | OPEN_TO_ANYONE | AT_THE_DOOR == set(BY_NAME)
    assert not set(rows()) & (OPEN_TO_ANYONE | AT_THE_DOOR)


def test_hotline_administrators_and_coordinators_have_no_gate_to_anybodys_case() -> None:
    for name, roles in rows().items():
        if {Role.HOTLINE, Role.ADMINISTRATOR, Role.COORDINATOR} & roles and roles != EVERYBODY:
            # what a coordinator reads is counts and a late list without a way down
            own_account = name in DURING_SET_UP | CONFIRMED
            apart = roles in (ADMINISTRATORS, frozenset({Role.COORDINATOR}))
            assert own_account or apart or name in ("file_report", "read_retention")
