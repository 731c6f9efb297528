"""Who writes which part of a person's record, where it is not simply the unit that owns the case."""

from typing import Final

from domain.actors import Actor, Role
from domain.agencies import Agency
from domain.mandates import WILLINGNESS_RECORDERS

NEVER_ADVOCATES: Final = frozenset({Agency.PSB})
"""An advocate stands beside the person; the police stand on the other side of the file."""

NEVER_HEAR_ABOUT_WORK: Final = frozenset({Agency.HRSS, Agency.PSB, Agency.OFFICE})
"""Who gains by somebody's working, or frightens, never writes down that they want to (rule 7)."""

AGE_DECIDERS: Final = frozenset({Agency.CAB})
"""Civil affairs decide an age, with a second agency's approval (workflow 1)."""

SUSPICION_WRITERS: Final = frozenset({Agency.PSB})
"""Whether a relative is a suspect is said by the police's unit in the case, or by the case's owner."""


def may_hear_about_work(actor: Actor, *, houses_the_person: bool) -> bool:
    """Union, women's federation or an advocate; never whoever houses the person, whatever their role."""
    if houses_the_person or actor.agency in NEVER_HEAR_ABOUT_WORK:
        return False
    return actor.agency in WILLINGNESS_RECORDERS or actor.role is Role.ADVOCATE


def may_be_advocate(agency: Agency, role: Role) -> bool:
    return role is Role.ADVOCATE and agency not in NEVER_ADVOCATES
