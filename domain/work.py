"""Kinds of work that the law treats apart: what nobody of 16 or 17 may be offered or given (Art. 37)."""

from enum import StrEnum
from typing import Final


class WorkKind(StrEnum):
    """Which of the kinds that the labour law names; everything else is `ordinary`."""

    ORDINARY = "ordinary"
    MINE_OR_UNDERGROUND = "mine_or_underground"
    TOXIC_OR_HARMFUL = "toxic_or_harmful"
    HEAVIEST_LABOUR = "heaviest_labour"
    BAR_OR_ENTERTAINMENT = "bar_or_entertainment"


FORBIDDEN_BELOW_ADULT_AGE: Final = frozenset(WorkKind) - {WorkKind.ORDINARY}
"""Mines, what is toxic or harmful, labour of the fourth grade; bars and places of entertainment."""

YOUNG_WORKERS: Final = "劳动法 58, 64; 未成年人保护法 61"
HEALTH_CHECKS: Final = "劳动法 65"
