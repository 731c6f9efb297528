"""Emergency access: one officer opens one case that is not theirs, for an hour, because somebody's life may hang on it.

It is asked with a reason, opened at once, told to supervisors and auditors, and looked at afterwards by somebody else.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.actors import CASE_ROLES, Role
from domain.texts import Text

EMERGENCY_ROLES: Final = CASE_ROLES - {Role.INTEGRATION}
"""People only: a machine has no emergency of its own."""

ENDING_ROLES: Final = EMERGENCY_ROLES | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}
REVIEWING_ROLES: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER})

OPEN_FOR: Final = timedelta(minutes=60)
"""[CFG] How long it lasts, and what a second person may add. Unverified: no source that we read names a figure."""

REVIEWED_WITHIN: Final = timedelta(hours=24)
"""[CFG] By when somebody else has looked at it; past it, supervisors and then auditors are alarmed. It is no way around the
approval of the account itself (C-50): who has none opens nothing in an emergency either. Unverified."""

USUAL_IN_A_DAY: Final = 3
"""[CFG] Of one account. The next one is opened all the same, and the auditors are told. Unverified."""

DAY: Final = timedelta(hours=24)
ARTICLES: Final = (20, 22)
PURPOSE: Final = "emergency"
"""What the log of reads says of everything that was read in this way, whatever the caller wrote."""


class EmergencyReason(StrEnum):
    DANGER_TO_LIFE = "danger_to_life"
    MISSING_CHILD = "missing_child"
    URGENT_MEDICAL = "urgent_medical"
    DANGER_CALL = "danger_call"
    NOBODY_REACHABLE = "nobody_reachable"


REASON_NAMES: Final[Mapping[EmergencyReason, Text]] = MappingProxyType(
    {
        EmergencyReason.DANGER_TO_LIFE: Text("有生命危险", "somebody's life is in danger"),
        EmergencyReason.MISSING_CHILD: Text("孩子走失或被带走", "a child is missing or was taken"),
        EmergencyReason.URGENT_MEDICAL: Text("急需救治", "urgent medical care"),
        EmergencyReason.DANGER_CALL: Text("到安置处所出警", "a danger call from where somebody is sheltered"),
        EmergencyReason.NOBODY_REACHABLE: Text(
            "情况紧急而承办人都联系不上", "it is urgent and nobody who works on the case can be reached"
        ),
    }
)


class ReviewOutcome(StrEnum):
    APPROVED = "approved"
    NOT_JUSTIFIED = "not_justified"
    PASSED_ON = "passed_on"  # to those who look into breaches of duty


SHOWN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "identity": frozenset({"name", "other_names", "birth_date", "lowest_age", "sex", "languages"}),
        "contact": frozenset({"phone", "safe_contact", "safe_times", "safe_channels", "contact_home"}),
        "situation": frozenset(
            {
                "in_danger",
                "safe_place_tonight",
                "injured_or_ill",
                "apart_from_family",
                "nationality",
                "abroad",
            }
        ),
    }
)
"""What is read in an emergency of a person's record, beside where they sleep and whether a guardian is in question. No
clinic, no lawyer, no workplace, no notes of follow-up, no reporter."""
