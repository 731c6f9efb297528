"""What a division sets in place of a clock's own length: within bounds, and never where a statute fixes it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.agencies import PlaceKind
from domain.clocks import CLOCKS
from domain.refusals import FieldRefused
from services.database import now
from services.records.agencies import PlaceRow
from services.records.clocks import ClockOverrideRow
from services.registers import enter
from services.timeline import Note


@dataclass(frozen=True, slots=True)
class NewOverride:
    """`amount` in the clock's own unit; why stands on the register, and is no personal matter."""

    division_id: UUID
    clock: str
    amount: int
    reason: str


def set_override(session: Session, actor: Actor, new: NewOverride) -> ClockOverrideRow:
    """Set or change it, entered on the register's chain; FieldRefused for an unknown division, a clock that nobody sets
    otherwise, an amount out of its bounds. Clocks that run already keep their time."""
    _require_allowed(session, new)
    at = now(session)
    # the register's row is the lock: two administrators set one after the other
    note = Note(
        "set_clock", "place", new.division_id, articles=(20,), target=new.clock, reason=str(new.amount)
    )
    enter(session, actor, at, note)
    row = session.get(ClockOverrideRow, (new.division_id, new.clock), populate_existing=True)
    if row is None:
        row = ClockOverrideRow(division_id=new.division_id, clock=new.clock, version=0)
        session.add(row)
    row.amount, row.reason, row.set_by_id, row.set_at = new.amount, new.reason, actor.account_id, at
    row.version += 1
    session.flush()
    return row


def _require_allowed(session: Session, new: NewOverride) -> None:
    kind = session.execute(select(PlaceRow.kind).where(PlaceRow.id == new.division_id)).scalar_one_or_none()
    if kind != PlaceKind.DIVISION:
        raise FieldRefused(("division_id", "unknown_place"))
    clock = CLOCKS.get(new.clock)
    if clock is None or clock.most is None:
        raise FieldRefused(("clock", "clock_is_fixed"))
    if not clock.least <= new.amount <= clock.most:
        raise FieldRefused(("amount", "amount_out_of_bounds"))


def overrides_of(session: Session, division_id: UUID) -> list[ClockOverrideRow]:
    query = select(ClockOverrideRow).where(ClockOverrideRow.division_id == division_id)
    return list(session.execute(query.order_by(ClockOverrideRow.clock)).scalars())
