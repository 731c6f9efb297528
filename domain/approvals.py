"""What another agency must approve before it is done, read from the machines' tables, with the articles behind it."""

from typing import Final

from domain.mandates import MANDATES
from domain.refusals import FieldRefused
from domain.stages import StageCode
from domain.workflow import MACHINES, Machine

CLOSING_ARTICLES: Final = (39,)
NEEDS_APPROVAL: Final = frozenset(
    (machine, row.action) for machine, rows in MACHINES.items() for row in rows if row.approved
)


def approval_articles(machine: Machine, action: str, stage: StageCode | None = None) -> tuple[int, ...]:
    """The articles of a move that needs approval; FieldRefused for one that needs none: nobody is let in for nothing."""
    if (machine, action) not in NEEDS_APPROVAL:
        raise FieldRefused(("action", "needs_no_approval"))
    if machine is Machine.CASE:
        return CLOSING_ARTICLES
    return MANDATES[stage or StageCode.REPORT].articles
