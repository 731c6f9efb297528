"""A small model of one case, written by hand from the workflow and from no code: what may happen to a stage, by whom."""

from dataclasses import dataclass, field
from typing import Final

from tests.stage_moves import STAGE_MOVES

OPEN: Final = frozenset({"planned", "routed", "returned", "accepted", "active", "on_hold"})
ENDED: Final = frozenset({"completed", "declined", "not_applicable", "closed_unmet"})

NOT_TAKEN: Final = frozenset({"extend", "name_officers", "withdraw_hand_over"})
"""Moves that change nothing which the model knows of."""

MOVES: Final[dict[str, dict[str, str]]] = {
    "": {"reopen": "planned"},  # one of an earlier round begins anew, beside the old one
} | {
    state: {action: target for action, target in moves.items() if action not in NOT_TAKEN}
    for state, moves in STAGE_MOVES.items()
}
ACTIONS: Final = tuple(sorted({action for moves in MOVES.values() for action in moves}))

# What a rule may do on top, by itself: state -> action -> where it leads.
BY_RULE: Final[dict[str, dict[str, str]]] = {
    "": {"plan": "planned"},
    "planned": {"route": "routed", "close_unmet": "closed_unmet"},
    "returned": {"route": "routed", "close_unmet": "closed_unmet"},
    "routed": {"hand_over": "=", "move_up": "=", "close_unmet": "closed_unmet"},
    "accepted": {
        "hand_over": "=",
        "move_up": "=",
        "complete": "completed",
        "decline": "declined",
        "close_unmet": "closed_unmet",
    },
    "active": {"move_up": "=", "complete": "completed", "decline": "declined", "close_unmet": "closed_unmet"},
    "on_hold": {
        "resume": "active",
        "move_up": "=",
        "complete": "completed",
        "decline": "declined",
        "close_unmet": "closed_unmet",
    },
} | {ended: {"reopen": "planned"} for ended in ENDED}

OF_THE_RESPONSIBLE: Final = frozenset(
    {"accept", "send_back", "begin", "complete", "hold", "resume", "hand_over", "rule_out", "close_unmet"}
)
OF_THE_OFFERED: Final = frozenset({"accept_hand_over", "refuse_hand_over"})
OF_THE_PERSON: Final = frozenset({"decline", "offer_again"})


@dataclass(slots=True)
class Stage:
    """One stage as the model knows it."""

    id: str
    code: str
    victim_id: str | None
    state: str
    unit: str | None = None
    offered: str | None = None


@dataclass(slots=True)
class Matter:
    """One case as the model knows it; `units` of agencies by unit, so that the model can say who is police."""

    owner: str = ""
    owner_is_police: bool = True
    open: bool = True
    stages: dict[str, Stage] = field(default_factory=dict)

    def may(self, stage: Stage, action: str, unit: str) -> bool:
        """Whether the workflow lets this unit take this action in some state."""
        if action in OF_THE_RESPONSIBLE:
            return unit == stage.unit
        if action in OF_THE_OFFERED:
            return unit == stage.offered
        if action in OF_THE_PERSON:
            return unit == stage.unit or (unit == self.owner and not self.owner_is_police)
        if action == "route":
            return unit == self.owner
        return action == "reopen" and unit in (self.owner, stage.unit)

    def leads_to(self, stage: Stage, action: str) -> str | None:
        """The state after the action; None where this state has no such move."""
        target = MOVES[stage.state].get(action)
        return stage.state if target == "=" else target
