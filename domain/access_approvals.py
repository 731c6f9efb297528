"""Who reads people's data at all: first a responsible manager approves it, for a year at most (C-50).

The regulation speaks of minors' data. Doubt means minor, and ages are sealed: so the rule is one for everybody, and it is asked
of the account, before any file is looked at.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from domain.actors import CASE_ROLES, Role
from domain.refusals import Possible

SOURCE: Final = "未成年人网络保护条例（2024）第36、37条"
ARTICLES: Final = (22,)

APPROVED_ROLES: Final = CASE_ROLES - {Role.INTEGRATION}
"""Whose access somebody approves: people who work in cases. A machine has its own grants, purpose by purpose; auditors read no
file, and what they and officers of data protection may look at has rules of its own (`domain/disclosure_table.py`)."""

APPROVING_ROLES: Final = frozenset({Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER})

APPROVED_FOR: Final = timedelta(days=365)
"""[CFG] How long an approval counts. Unverified, beyond that the regulation wants an audit every year."""

ENDS_SOON: Final = timedelta(days=30)
"""[CFG] How long before its end it is on the list of those who approve. Unverified."""


class Approver(StrEnum):
    """Whose turn it is: the nearest who is there; never the person themselves, never an administrator."""

    SUPERVISOR_OF_THE_UNIT = "supervisor_of_the_unit"
    SUPERVISOR_ABOVE = "supervisor_above"
    DATA_PROTECTION_OFFICER = "data_protection_officer"


def approvable_by(*approvers: Approver) -> Possible:
    """What whoever has no approval is told: who can give it."""
    return Possible("approve_access", tuple(approvers or Approver), (), ARTICLES)
