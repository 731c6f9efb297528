"""Passwords: the rules, argon2id hashes, and a gate so that checking them cannot starve the rest."""

import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from threading import BoundedSemaphore, Semaphore
from typing import Final

from domain.refusals import Busy, Refusal

with warnings.catch_warnings():
    # Two known warnings of passlib 1.7.4, which sees no more releases; any other one stays visible.
    warnings.filterwarnings(
        "ignore", r"'crypt' is deprecated and slated for removal in Python 3\.13$", DeprecationWarning
    )
    warnings.filterwarnings("ignore", r"Accessing argon2\.__version__ is deprecated", DeprecationWarning)
    from passlib.context import CryptContext
    from passlib.hash import argon2

    # Loading the backend here raises its warning here, not at somebody's first sign-in.
    argon2.set_backend("argon2_cffi")

PASSLIB_IS_QUIET: Final = True
"""For other modules that load parts of passlib: they import this first."""

# ASVS 6.2.1 and 6.2.9: length counts, composition does not.
SHORTEST: Final = 15
LONGEST: Final = 128
# One on two cores: argon2 leaves the other one to those who work. More than two at once would only cost memory.
_CONCURRENT: Final = max(1, min(2, (os.cpu_count() or 2) // 2))
_WAITING: Final = 4

# OWASP password storage and ASVS 11.4.2: argon2id, 19 MiB, two passes, one lane.
_context: Final = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
_admitted: Final = BoundedSemaphore(_CONCURRENT + _WAITING)
_working: Final = Semaphore(_CONCURRENT)
_place: Final = threading.local()


class PasswordRule(StrEnum):
    """What a new password must satisfy."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    FORBIDDEN_CHARACTER = "forbidden_character"


class PasswordRefused(Refusal):
    """A new password breaks a rule; names the rule, never carries the password."""

    def __init__(self, rule: PasswordRule) -> None:
        super().__init__(rule)
        self.rule = rule


class PasswordCheckBusy(Busy):
    """As many passwords as may be are being checked, and four wait: come back in a second."""


def hash_password(password: str) -> str:
    """Return the argon2id hash of a new password, taken as it is: not trimmed, not cut, not normalised.

    PasswordRefused for a length outside 15 to 128 code points, a NUL or a surrogate; then PasswordCheckBusy.
    """
    rule = _broken_rule(password)
    if rule is not None:
        raise PasswordRefused(rule)
    with _turn():
        return str(_context.hash(password))


def verify_password(password: str, stored_hash: str | None) -> bool:
    """Say whether the password is the one behind the hash; PasswordCheckBusy if too many wait already.

    Without a hash (no such account), or with a password that no account can have, it takes the same time and
    says no (ASVS 6.3.8). A stored hash that is none says no as well.
    """
    possible = stored_hash is not None and _broken_rule(password) is None
    with _turn():
        against = stored_hash if possible else _nobody()
        try:
            matches = bool(_context.verify(password if possible else "", against))
        except (ValueError, TypeError):  # the library has both for a hash that cannot be read
            return False
    return matches and possible


@contextmanager
def place_in_the_queue() -> Iterator[None]:
    """A place among those whose password is checked or waits for it; PasswordCheckBusy at once where there is none.

    Whoever takes it before anything else costs nothing while there is a flood.
    """
    if not _admitted.acquire(blocking=False):
        raise PasswordCheckBusy
    _place.taken = True
    try:
        yield
    finally:
        _place.taken = False
        _admitted.release()


@contextmanager
def _turn() -> Iterator[None]:
    if getattr(_place, "taken", False):
        with _working:
            yield
        return
    with place_in_the_queue(), _working:
        yield


def _broken_rule(password: str) -> PasswordRule | None:
    if len(password) < SHORTEST:
        return PasswordRule.TOO_SHORT
    if len(password) > LONGEST:
        return PasswordRule.TOO_LONG
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in password):
        return PasswordRule.FORBIDDEN_CHARACTER
    return None


@cache
def _nobody() -> str:
    return str(_context.hash(""))
