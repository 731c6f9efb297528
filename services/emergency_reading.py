"""What somebody reads of a case in an emergency: who and where the people are, how to reach them, what threatens them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.emergency import PURPOSE, SHOWN
from domain.refusals import NotFound
from domain.stages import StageCode
from services import access
from services.access import record_read
from services.case_facts import person_of
from services.case_files import CaseFile, OpenRecord
from services.case_loading import load_records, open_in_emergency
from services.records.cases import CaseRow
from services.records.emergency import EmergencyGrantRow


@dataclass(frozen=True, slots=True)
class InDanger:
    """One person of the case as an emergency shows them. `sleeps_at`: the last placement that is known."""

    victim_id: UUID
    minor: bool
    sections: Mapping[str, Mapping[str, object]]
    guardian_in_question: bool
    sleeps_at: Mapping[str, object] | None


def read_in_emergency(
    session: Session, actor: Actor, grant_id: UUID
) -> tuple[EmergencyGrantRow, list[InDanger]]:
    """The people of the case that this very grant opened. NotFound once the hour is over, or for anybody else."""
    row = session.execute(
        select(EmergencyGrantRow).where(
            EmergencyGrantRow.id == grant_id,
            EmergencyGrantRow.account_id == actor.account_id,
            access.open_in_emergency(actor, EmergencyGrantRow.case_id),
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    file = open_in_emergency(session, actor, row.case_id)
    if _kept_from(session, actor, file):
        raise NotFound
    session.info["purpose"] = PURPOSE
    record_read(session, actor, subject="case", file_id=file.id, subject_id=file.id)
    return row, [_shown(file, victim_id) for victim_id in file.victims]


def _kept_from(session: Session, actor: Actor, file: CaseFile) -> bool:
    spared = select(CaseRow.id).where(CaseRow.id == file.id, CaseRow.kept_from.contains([actor.unit_id]))
    return session.execute(spared).first() is not None


def _shown(file: CaseFile, victim_id: UUID) -> InDanger:
    person = person_of(file, victim_id)
    known = file.victims[victim_id].sections
    sections = {
        name: {field: value for field, value in known[name].items() if field in fields}
        for name, fields in SHOWN.items()
        if name in known
    }
    return InDanger(
        victim_id,
        person is None or person.minor,
        sections,
        file.guardian_in_conflict(victim_id),
        _last_placement(file, victim_id),
    )


def _last_placement(file: CaseFile, victim_id: UUID) -> Mapping[str, object] | None:
    """Of every round: who was placed and did not leave sleeps there still."""
    placements: list[OpenRecord] = []
    for stage in (s for s in file.stages if (s.victim_id, s.code) == (victim_id, StageCode.SHELTER)):
        load_records(file, stage)
        placements += [one for one in file.records.get(stage.id, []) if one.row.kind == "placement"]
    last = max(placements, key=lambda one: (one.row.happened_at, one.row.id), default=None)
    return None if last is None else {name: last.body.get(name) for name in ("care", "address", "starts_on")}
