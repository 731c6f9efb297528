"""What follows from a move of a stage, in the same transaction: looked at after the state changed, before openings."""

from collections.abc import Callable
from typing import Final

from services.approval_ends import end_with_stage
from services.case_files import CaseFile
from services.clock_starts import clocks_of_move
from services.contact_clocks import keep_after_move
from services.records.cases import StageRow
from services.request_answers import end_requests
from services.rounds import route_again

AfterMove = Callable[[CaseFile, StageRow, str], None]
"""Is told the stage as it is now, and the action."""

AFTER_MOVES: Final[tuple[AfterMove, ...]] = (
    clocks_of_move,
    keep_after_move,
    route_again,
    end_with_stage,
    end_requests,
)


def follow(file: CaseFile, stage: StageRow, action: str) -> None:
    """Carry out everything that follows from this move."""
    for after in AFTER_MOVES:
        after(file, stage, action)
