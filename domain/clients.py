"""Machines of police, civil affairs and others: what they may ask a token for, and how long their keys count."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

ASSERTION_LIFE: Final = timedelta(seconds=60)
"""The longest life of the assertion with which a machine asks for a token (RFC 7523)."""

KEY_LIFE: Final = timedelta(days=400)
WARNED_BEFORE: Final = timedelta(days=30)
MOST_KEYS: Final = 2
"""Keys in use at a time: one, and its successor while it is exchanged."""

_PURPOSE: Final = re.compile(r"purpose:([a-z_]{1,60})")
_PLACE: Final = re.compile(r"place:([0-9A-Za-z-]{1,20})")


class ScopeRefused(Exception):
    """What was asked for is not granted, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Grant:
    """For which purposes a machine may read at one place."""

    place: str
    purposes: frozenset[str]


def granted(scope: str, grants: Collection[Grant]) -> Grant:
    """What of its grants a machine asks for: `place:` once, which may be left out where there is only one, and any of the
    purposes granted there; without any, all of them. ScopeRefused for more than is granted."""
    words = scope.split(" ") if scope else []
    purposes = {found[1] for word in words if (found := _PURPOSE.fullmatch(word))}
    places = {found[1] for word in words if (found := _PLACE.fullmatch(word))}
    if len(purposes) + len(places) != len(words) or len(places) > 1:
        raise ScopeRefused
    fitting = [grant for grant in grants if not places or grant.place in places]
    if len(fitting) != 1 or not purposes <= fitting[0].purposes:
        raise ScopeRefused
    return Grant(fitting[0].place, frozenset(purposes) or fitting[0].purposes)


def written(grant: Grant) -> str:
    """A grant as the scope of a token."""
    return " ".join((f"place:{grant.place}", *(f"purpose:{name}" for name in sorted(grant.purposes))))
