"""How long a sign-in lasts, what it takes, and how guessing is slowed down: the figures, and the functions that read them."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

SESSION_LIFE: Final = timedelta(hours=12)
"""However busy: after this everybody signs in again (ASVS 10.4.8)."""

IDLE_LIFE: Final = timedelta(minutes=30)
"""How long a refresh token waits to be used; whoever was idle for longer signs in again."""

CONFIRMED_FOR: Final = timedelta(minutes=5)
"""How long somebody who just proved once more that it is they may take a step that needs it (ASVS 7.5.3)."""

REPEATED_WITHIN: Final = timedelta(seconds=10)
"""A refresh whose answer was lost may be repeated this long, from the same place; later, or from elsewhere, it is theft."""

CLIENT_SESSION_LIFE: Final = timedelta(minutes=5)
"""A machine's token; there is no refresh, it asks again."""

GIVEN_PASSWORD_LIFE: Final = timedelta(days=7)
"""A password that somebody else gave is good for its first use only, and not for longer than this."""

FREE_FAILURES: Final = 5
LONGEST_WAIT: Final = timedelta(minutes=15)
MOST_FAILURES: Final = 100
"""Consecutive failures after which only an administrator opens the account again (NIST SP 800-63B, 5.2.2)."""

RECOVERY_CODES: Final = 10


class SetUpStep(StrEnum):
    """What somebody does at their first sign-in, before anything else."""

    PASSWORD = "password"  # noqa: S105  # the name of a step
    SECOND_FACTOR = "second_factor"


def wait_after(failures: int) -> timedelta | None:
    """How long after this many consecutive failures nothing is tried: none at first, then doubling from a second to a
    quarter of an hour; None for good."""
    if failures >= MOST_FAILURES:
        return None
    if failures <= FREE_FAILURES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_FAILURES - 1, 20)), LONGEST_WAIT)


def steps_left(*, password_given: bool, second_factor: bool, demonstration: bool) -> tuple[SetUpStep, ...]:
    """What is still to be set up. Accounts of the demonstration need nothing: their password is public, and production
    does not start where there are any."""
    if demonstration:
        return ()
    wanted = ((SetUpStep.PASSWORD, password_given), (SetUpStep.SECOND_FACTOR, not second_factor))
    return tuple(step for step, is_open in wanted if is_open)
