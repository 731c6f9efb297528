"""Relatives and guardians: what they are in a case, and when one of them puts the guardianship in question."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.people import Known


class RelativeRole(StrEnum):
    """What somebody is in this case; a claimant says that the child is theirs."""

    RELATIVE = "relative"
    GUARDIAN = "guardian"
    CLAIMANT = "claimant"
    HOUSEHOLD_MEMBER = "household_member"


class Kinship(StrEnum):
    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER_RELATIVE = "other_relative"
    NOT_RELATED = "not_related"
    UNKNOWN = "unknown"


KINSHIP_ORDERS: Final = frozenset({"guardian_appointed", "guardianship_restored"})
"""What a court decides of a guardian that settles who they are."""

CALLED_IN_QUESTION: Final = frozenset({RelativeRole.GUARDIAN, RelativeRole.CLAIMANT})


def question(content: Mapping[str, object]) -> str | None:
    """The rule by which this relative puts the guardianship in question; None when they do not (workflow 4, rule 3)."""
    if content.get("role") not in CALLED_IN_QUESTION:
        return None
    if content.get("suspect") == Known.YES:
        return "guardian_suspect"
    return None if content.get("proven") == Known.YES else "guardian_unproven"
