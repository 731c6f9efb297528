"""Relatives and guardians: what is kept of them, who reads it, and when one of them puts the guardianship in question."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.actors import AUDIT_ROLES, Actor
from domain.agencies import Agency
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


RELATIVE_FIELDS: Final = frozenset(
    {
        *("name", "relation", "role", "phone", "contact", "languages", "proven", "suspect"),
        *("contact_allowed", "wishes", "wishes_heard_alone"),
    }
)
"""All that is kept. No paper of a claimant has a field here, and nothing of what a relative did or believed before."""

_WISHES: Final = frozenset({"wishes", "wishes_heard_alone"})
RELATIVE_READS: Final[Mapping[Agency, frozenset[str]]] = MappingProxyType(
    {
        Agency.CAB: RELATIVE_FIELDS,
        Agency.PSB: RELATIVE_FIELDS - _WISHES,
        Agency.JUSTICE: frozenset({"name", "relation", "role", "languages", "contact_allowed"}),
    }
)
AT_THE_DOOR: Final = frozenset({"name", "relation", "role", "languages", "contact_allowed"})
"""What the staff of a house learn: who may come to visit, not why somebody may not."""

KINSHIP_ORDERS: Final = frozenset({"guardian_appointed", "guardianship_restored"})
"""What a court decides of a guardian that settles who they are."""

CALLED_IN_QUESTION: Final = frozenset({RelativeRole.GUARDIAN, RelativeRole.CLAIMANT})


def relative_fields(actor: Actor) -> frozenset[str]:
    """The fields of a relative that this reader gets; an agency that is not listed gets none."""
    if actor.role in AUDIT_ROLES:
        return frozenset()
    fields = RELATIVE_READS.get(actor.agency, frozenset())
    return fields if actor.institution is None else fields & AT_THE_DOOR


def question(content: Mapping[str, object]) -> str | None:
    """The rule by which this relative puts the guardianship in question; None when they do not (workflow 4, rule 3)."""
    if content.get("role") not in CALLED_IN_QUESTION:
        return None
    if content.get("suspect") == Known.YES:
        return "guardian_suspect"
    return None if content.get("proven") == Known.YES else "guardian_unproven"
