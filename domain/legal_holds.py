"""Who may say that nothing of a case is erased, and who that it may be again.

The page of the workflow names nobody for it. It is given to those who answer for what a court or the procuratorate may yet
ask for: supervisors of the unit that owns the case (section 2: who closes and reopens), supervisors of the procuratorate or
the court where they work on it (section 4, rule 4), and the data protection officer of the place (section 7).
"""

from typing import Final

from domain.actors import Actor, Role
from domain.agencies import Agency

_ASKING_AGENCIES: Final = frozenset({Agency.PROC, Agency.COURT})


def may_hold(actor: Actor, *, owns_case: bool) -> bool:
    """Of those who already see the case. Releasing takes the same right, in another person."""
    if actor.role is Role.DATA_PROTECTION_OFFICER:
        return True
    return actor.role is Role.SUPERVISOR and (owns_case or actor.agency in _ASKING_AGENCIES)
