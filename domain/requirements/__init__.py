"""What a move or a record needs before it may happen: named requirements, each with its article or standard."""

from typing import Final

from domain.facts import (
    SAFE_GUARDIANS,
    SETTLED_GUARDIANS,
    SHARED_KINDS,
    Facts,
    Record,
    Requirement,
)
from domain.refusals import Unmet
from domain.requirements import (
    employment,
    family_tracing,
    follow_up,
    guardianship,
    household_registration,
    investigation,
    medical_care,
    of_every_stage,
    reintegration_support,
    repatriation,
    rescue,
    rights_support,
    schooling,
    shelter,
)
from domain.stages import ENDED_STATES, StageState

__all__ = [
    "REQUIREMENTS", "SAFE_GUARDIANS", "SETTLED_GUARDIANS", "SHARED_KINDS", "Facts", "Record",
    "Requirement", "blockers", "unmet",
]  # fmt: skip

REQUIREMENTS: Final = (
    *of_every_stage.ROWS,
    *investigation.ROWS,
    *rescue.ROWS,
    *shelter.ROWS,
    *medical_care.ROWS,
    *family_tracing.ROWS,
    *household_registration.ROWS,
    *schooling.ROWS,
    *employment.ROWS,
    *rights_support.ROWS,
    *reintegration_support.ROWS,
    *guardianship.ROWS,
    *repatriation.ROWS,
    *follow_up.ROWS,
)


def unmet(facts: Facts, action: str) -> list[Unmet]:
    """Every requirement of this action on this stage that is open, in the table's order; never only the first."""
    asked = (row for row in REQUIREMENTS if row.action == action and row.stage in (None, facts.stage))
    return [row.unmet() for row in asked if not row.met(facts)]


def blockers(facts: Facts, state: StageState) -> list[Unmet]:
    """What still stands between this stage and its next step: `begin` once accepted, `complete` once begun."""
    if state in ENDED_STATES:
        return []
    return unmet(facts, "begin" if state not in (StageState.ACTIVE, StageState.ON_HOLD) else "complete")
