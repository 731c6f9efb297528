"""The alarms that a unit was told and that are not settled."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from services.access import not_excluded, not_in_question
from services.records.clocks import AlarmRow


def unsettled_alarms(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> list[AlarmRow]:
    """Newest first; nothing of a file from which this officer or the unit is kept."""
    query = select(AlarmRow).where(
        AlarmRow.unit_id == actor.unit_id,
        AlarmRow.settled_at.is_(None),
        not_excluded(actor, AlarmRow.file_id),
        not_in_question(actor, AlarmRow.file_id),
    )
    if after is not None:
        query = query.where(AlarmRow.id < after)
    return list(session.execute(query.order_by(AlarmRow.id.desc()).limit(limit)).scalars())
