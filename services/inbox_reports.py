"""Reports that wait for a unit's answer: none may end without one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from domain.actors import Actor
from services import access
from services.records.reports import ReportRow


def unanswered_reports(
    session: Session, actor: Actor, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[ReportRow]:
    """Reports that wait for this unit's answer, the soonest reply-by first, in one statement."""
    ours = or_(*(column == actor.unit_id for column in _HOLDERS))
    query = (
        select(ReportRow)
        .where(access.visible_to(actor, ReportRow.id), ours, ReportRow.answered_at.is_(None))
        .order_by(ReportRow.reply_by, ReportRow.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(ReportRow.reply_by, ReportRow.id) > after)
    return list(session.execute(query).scalars())


_HOLDERS = (
    ReportRow.unit_id,
    ReportRow.second_unit_id,
    ReportRow.offered_unit_id,
    ReportRow.above_unit_id,
)
