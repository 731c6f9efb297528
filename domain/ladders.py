"""What happens while nobody answers: who is told, at what distance from the due time, rung by rung."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_QUARTER: Final = timedelta(minutes=15)


class Ladder(StrEnum):
    SILENT = (
        "silent"  # nobody is told: what is due happens by itself, or its end only makes something possible
    )
    PLAIN = "plain"
    OFFER = "offer"  # lapses when it is due: whoever was offered something is reminded before
    ABOVE = "above"
    CRITICAL = "critical"
    STAGE = "stage"
    STAGE_URGENT = "stage_urgent"
    REPORT = "report"
    REPORT_URGENT = "report_urgent"
    REVIEW = "review"  # somebody has to look at what was done
    LETTER = "letter"


class Told(StrEnum):
    """Who is told on a rung. Supervisors are told as such, in their unit."""

    UNIT = "unit"
    SUPERVISOR = "supervisor"
    CANDIDATE = "candidate"  # the next unit that could do it is offered the work
    OWNER = "owner"
    OFFERED = "offered"  # the unit that is to say whether it takes something over
    ABOVE = "above"
    CORPS = "corps"
    AUDITORS = "auditors"  # of the places that it concerns; no unit of theirs, so it is in their own list


class RungAction(StrEnum):
    """What a rung is called on the timeline."""

    REMIND = "remind"
    DUE = "due"
    OVERDUE = "overdue"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step. `after` counts from the due time; negative: a warning before it."""

    after: timedelta
    action: RungAction
    told: tuple[Told, ...]

    @property
    def is_warning(self) -> bool:
        return self.after < timedelta(0)


@dataclass(frozen=True, slots=True)
class Steps:
    """The rungs of a ladder in order; the last one is repeated at this distance until the clock is over (None: not)."""

    rungs: tuple[Rung, ...]
    again: timedelta | None = None

    def rung(self, number: int) -> Rung | None:
        """Counted from 0; None behind the end."""
        if number < len(self.rungs):
            return self.rungs[number]
        if self.again is None or not self.rungs:
            return None
        last = self.rungs[-1]
        return Rung(last.after + self.again * (number + 1 - len(self.rungs)), last.action, last.told)

    def first(self, due: datetime, at: datetime) -> int:
        """The first rung for a clock that starts at `at`: a warning within a day of that says nothing new and is left out."""
        return next(
            (n for n, rung in enumerate(self.rungs) if not rung.is_warning or due + rung.after > at + _DAY),
            len(self.rungs),
        )

    def next_at(self, number: int, due: datetime) -> datetime | None:
        """When this rung is due; None behind the end."""
        rung = self.rung(number)
        return due + rung.after if rung else None


_EVERYBODY: Final = (Told.UNIT, Told.SUPERVISOR, Told.OWNER, Told.ABOVE)


def _climb(step: timedelta, *told: Told) -> Iterator[Rung]:
    """One rung a step, the first a step after the due time."""
    for number, whom in enumerate(told, start=1):
        yield Rung(step * number, RungAction.ESCALATE, (whom,))


def _stage(step: timedelta) -> tuple[Rung, ...]:
    """Not answered by reply-by, or accepted and not begun: reminder, supervisor, next candidate, owner, corps (workflow 2)."""
    reminder = Rung(timedelta(0), RungAction.REMIND, (Told.UNIT,))
    return (reminder, *_climb(step, Told.SUPERVISOR, Told.CANDIDATE, Told.OWNER, Told.CORPS))


def _report(step: timedelta) -> tuple[Rung, ...]:
    """The level above at the due time, and one level more each step, day and night, up to the corps (C-9)."""
    due = Rung(timedelta(0), RungAction.ESCALATE, (Told.UNIT, Told.ABOVE))
    return (due, *_climb(step, Told.ABOVE, Told.ABOVE, Told.CORPS))


_OVERDUE: Final = Rung(_DAY, RungAction.OVERDUE, (Told.UNIT, Told.SUPERVISOR))

LADDERS: Final[Mapping[Ladder, Steps]] = MappingProxyType(
    {
        # the one rung is silent too: it is when the effect happens
        Ladder.SILENT: Steps((Rung(timedelta(0), RungAction.DUE, ()),)),
        Ladder.PLAIN: Steps((Rung(timedelta(0), RungAction.DUE, (Told.UNIT,)), _OVERDUE)),
        Ladder.OFFER: Steps(
            (
                Rung(-_DAY, RungAction.REMIND, (Told.OFFERED, Told.UNIT)),
                Rung(timedelta(0), RungAction.DUE, (Told.UNIT,)),
            )
        ),
        Ladder.ABOVE: Steps(
            (
                Rung(timedelta(0), RungAction.DUE, (Told.UNIT,)),
                Rung(_HOUR, RungAction.OVERDUE, (Told.UNIT, Told.SUPERVISOR, Told.ABOVE)),
            )
        ),
        Ladder.CRITICAL: Steps(
            (
                Rung(-30 * _DAY, RungAction.REMIND, (Told.UNIT,)),
                Rung(-7 * _DAY, RungAction.REMIND, (Told.UNIT, Told.SUPERVISOR)),
                Rung(-_DAY, RungAction.REMIND, (Told.UNIT, Told.SUPERVISOR)),
                Rung(timedelta(0), RungAction.DUE, _EVERYBODY),
                Rung(_DAY, RungAction.OVERDUE, (*_EVERYBODY, Told.CORPS)),
            ),
            again=7 * _DAY,
        ),
        Ladder.STAGE: Steps(_stage(_DAY), again=7 * _DAY),
        Ladder.STAGE_URGENT: Steps(_stage(_HOUR), again=_DAY),
        Ladder.REVIEW: Steps(
            (
                Rung(timedelta(0), RungAction.DUE, (Told.SUPERVISOR,)),
                Rung(_HOUR, RungAction.ESCALATE, (Told.SUPERVISOR, Told.AUDITORS)),
            ),
            again=_DAY,
        ),
        Ladder.LETTER: Steps(
            (
                Rung(timedelta(0), RungAction.DUE, (Told.UNIT, Told.SUPERVISOR)),
                Rung(_DAY, RungAction.OVERDUE, (Told.SUPERVISOR,)),
            ),
            again=7 * _DAY,
        ),
        Ladder.REPORT: Steps(_report(_DAY), again=_DAY),
        Ladder.REPORT_URGENT: Steps(_report(_QUARTER), again=_HOUR),
    }
)
