"""What follows at once from a fact that was written down about a person, besides the stages that open."""

from collections.abc import Callable
from typing import Final

from services.case_files import CaseFile, Victim
from services.case_ownership import offer_at_liberty
from services.clock_starts import clocks_of_person
from services.contact_clocks import learn_liberty
from services.majority import decided_adult

LearnedEffect = Callable[[CaseFile, Victim, frozenset[str]], None]
"""Is told which fields changed, as `section.field`."""

LEARNED_EFFECTS: Final[tuple[LearnedEffect, ...]] = (
    clocks_of_person,
    learn_liberty,
    offer_at_liberty,
    decided_adult,
)


def take_effect(file: CaseFile, victim: Victim, changed: frozenset[str]) -> None:
    """Carry out everything that follows from what was learned."""
    for effect in LEARNED_EFFECTS:
        effect(file, victim, changed)
