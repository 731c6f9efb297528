"""The moves of a stage, written by hand from the workflow and from no code: what the machine is measured against."""

from typing import Final

# state -> action -> where it leads; "=" keeps the state. What is missing is impossible.
STAGE_MOVES: Final[dict[str, dict[str, str]]] = {
    "planned": {"route": "routed", "decline": "declined", "rule_out": "not_applicable"},
    "routed": {
        "accept": "accepted",
        "send_back": "returned",
        "withdraw_hand_over": "=",
        "accept_hand_over": "accepted",
        "refuse_hand_over": "=",
        "decline": "declined",
        "rule_out": "not_applicable",
    },
    "returned": {"route": "routed", "decline": "declined"},
    "accepted": {
        "begin": "active",
        "extend": "=",
        "name_officers": "=",
        "hand_over": "=",
        "withdraw_hand_over": "=",
        "accept_hand_over": "=",
        "refuse_hand_over": "=",
        "decline": "declined",
        "rule_out": "not_applicable",
    },
    "active": {
        "complete": "completed",
        "extend": "=",
        "hold": "on_hold",
        "name_officers": "=",
        "hand_over": "=",
        "withdraw_hand_over": "=",
        "accept_hand_over": "=",
        "refuse_hand_over": "=",
        "decline": "declined",
        "close_unmet": "closed_unmet",
    },
    "on_hold": {
        "resume": "active",
        "name_officers": "=",
        "hand_over": "=",
        "withdraw_hand_over": "=",
        "accept_hand_over": "=",
        "refuse_hand_over": "=",
        "decline": "declined",
        "close_unmet": "closed_unmet",
    },
    "completed": {"reopen": "planned"},
    "declined": {"offer_again": "planned", "reopen": "planned"},
    "not_applicable": {"reopen": "planned"},
    "closed_unmet": {"reopen": "planned"},
}
