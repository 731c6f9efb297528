"""The person's own door: who comes in by it, for how long, and what is read there by whom."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.stages import StageCode

ARTICLES: Final = (39, 40)
FIRST_USE_WITHIN: Final = timedelta(days=7)
"""[CFG] A code that nobody used by then was lost on the way. Unverified."""

CODE_RESTS: Final = timedelta(days=200)
"""[CFG] A code in use counts until it is ended, and stops by itself when it rested this long: somebody without a telephone
who comes to the agreed contacts only, half a year apart, still gets in; a code forgotten in a drawer at the wrong house
does not open for ever. Unverified."""

IDLE: Final = timedelta(minutes=30)
VISIT: Final = timedelta(hours=12)
"""[CFG] How long a visit waits for its next step, and how long it lasts at most. Unverified."""

CODE_SIGNS: Final = 20  # of 32 signs each: 100 random bits


class Voice(StrEnum):
    """Who holds the code: the person, or a child's guardian who is safe or temporary."""

    PERSON = "person"
    GUARDIAN = "guardian"


class LetterKind(StrEnum):
    """What is written at the door for an answer."""

    CORRECTION = "correction"
    COMPLAINT = "complaint"
    CONTACT_WISH = "contact_wish"


NOT_FOR_GUARDIANS: Final = frozenset({StageCode.RESCUE, StageCode.FAMILY_TRACING, StageCode.GUARDIANSHIP})
"""Stages that may be about the guardian, or lead to whom the child is kept from."""

RECORD: Final[Mapping[Voice, Mapping[str, frozenset[str]]]] = MappingProxyType(
    {
        Voice.PERSON: MappingProxyType(
            {
                "identity": frozenset(
                    {"name", "other_names", "birth_date", "lowest_age", "sex", "languages", "education"}
                ),
                "civil_status": frozenset({"gender", "marital_status", "number_of_children"}),
                "documents": frozenset({"identity_number", "citizenship", "papers"}),
                "contact": frozenset(
                    {"phone", "safe_contact", "safe_times", "safe_channels", "contact_home"}
                ),
                "situation": frozenset(
                    {
                        *("in_danger", "safe_place_tonight", "injured_or_ill", "apart_from_family"),
                        *("identity_known", "household_registered", "nationality", "abroad"),
                    }
                ),
                "stay": frozenset(
                    {
                        *("status_explained_at", "status_explained_in", "request", "own_words", "in_private"),
                        *("asylum_seeker", "pregnant"),
                    }
                ),
                "account": frozenset({"liberty_at"}),
                "exploitation": frozenset(
                    {
                        *("act", "means", "purpose", "types", "methods_of_control", "method_of_recruitment"),
                        *("age_when_trafficked", "freedom_of_movement", "end_of_exploitation"),
                    }
                ),
                "identification": frozenset({"status", "decided_at"}),
                "age": frozenset({"outcome", "doubt", "decided_at"}),
                "needs": frozenset({"assessed_at", "language", "areas", "own_words"}),
                "will": frozenset({"willing", "own_words", "said_at", "recorded_by"}),
            }
        ),
        Voice.GUARDIAN: MappingProxyType(
            {
                "identity": frozenset({"name", "birth_date", "lowest_age", "sex", "languages", "education"}),
                "documents": frozenset({"identity_number", "citizenship"}),
                "situation": frozenset({"injured_or_ill", "identity_known", "household_registered"}),
                "age": frozenset({"outcome", "decided_at"}),
            }
        ),
    }
)
"""What each reads of the record. Free notes of officers, people of trust and whoever did it are third parties, or the
investigation's: they stay out. A guardian reads nothing of what was done to the child, nor how the child is reached."""


def kept_from_guardian(view: Mapping[str, object]) -> bool:
    """Whether what a child said stays with the child: always, unless the child was asked and did not mind. The mark counts
    below 14 too, since nobody is told on a doubt about somebody's age."""
    return view.get("keep_from_guardian") is not False
