"""Emergencies that nobody reviewed and letters that nobody answered: whose supervisors are told, and when the auditors are."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select

from domain.identifiers import new_id
from services.case_files import CaseFile
from services.records.emergency import EmergencyNoticeRow
from services.records.own_door import LetterRow


def _who_reviews(file: CaseFile, grant_id: UUID) -> list[UUID]:
    """The units whose supervisors were told when it was opened: the asker's and the owner's of then."""
    told = select(EmergencyNoticeRow.unit_id).where(
        EmergencyNoticeRow.case_id == file.id,
        EmergencyNoticeRow.grant_id == grant_id,
        EmergencyNoticeRow.kind == "opened",
        EmergencyNoticeRow.unit_id.is_not(None),
    )
    return [
        unit_id for unit_id in file.session.execute(told.order_by(EmergencyNoticeRow.id)).scalars() if unit_id
    ]


def _who_answers(file: CaseFile, letter_id: UUID) -> list[UUID]:
    """Whoever hears a complaint, never whom it is about; of other letters the case's owner."""
    unit_id = file.session.execute(
        select(LetterRow.unit_id).where(LetterRow.case_id == file.id, LetterRow.id == letter_id)
    ).scalar_one()
    return [unit_id or file.case.owner_unit_id]


WAITING_ON: Final[Mapping[str, Callable[[CaseFile, UUID], list[UUID]]]] = MappingProxyType(
    {"emergency_access": _who_reviews, "letter": _who_answers}
)
"""By what a clock is about: the units that have not done it."""


def tell_auditors(file: CaseFile, grant_id: UUID) -> None:
    """Those who were told of the emergency hear that nobody looked at it; no name and no reason stands in a notice."""
    told = select(EmergencyNoticeRow.division_id).where(
        EmergencyNoticeRow.case_id == file.id,
        EmergencyNoticeRow.grant_id == grant_id,
        EmergencyNoticeRow.kind == "opened",
        EmergencyNoticeRow.told == "auditor",
    )
    about = {
        "case_id": file.id,
        "grant_id": grant_id,
        "kind": "unreviewed",
        "told": "auditor",
        "raised_at": file.at,
    }
    rows = [
        {**about, "id": new_id(), "unit_id": None, "division_id": division_id}
        for division_id in file.session.execute(told).scalars().all()
    ]
    if rows:
        file.session.execute(insert(EmergencyNoticeRow), rows)
