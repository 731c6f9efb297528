"""What is known when a case is to be closed: whether the reason that is given is true (workflow 2, case)."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import or_, select

from domain.closing import Closing
from domain.people import Identification
from domain.stages import StageCode, StageState
from services.case_facts import person_of
from services.case_files import CaseFile
from services.case_loading import load_records
from services.records.agencies import UnitRow
from services.records.people import MergeRow
from services.records.reports import ReportRow
from services.routing import serving


def closing_of(file: CaseFile, reason: str) -> Closing:
    """The facts behind closing for this reason; only what the reason turns on is looked up."""
    people = [person_of(file, victim_id) for victim_id in file.victims]
    known = {reason: _LOOKED_UP[reason](file)} if reason in _LOOKED_UP else {}
    return Closing(
        reason,
        any_minor=any(person is None or person.minor for person in people),
        approved=any(a.state == "approved" for a in file.in_force("approval", file.id, "close")),
        open_stages=[stage.id for stage in file.open_stages()],
        no_victims=bool(people)
        and all(p is not None and p.identification is Identification.NOT_A_VICTIM for p in people),
        repatriated=known.get("repatriated", False),
        reports_unfounded=known.get("unfounded", False),
        merged=known.get("merged_duplicate", False),
        moved=known.get("moved_jurisdiction", False),
        deceased=known.get("deceased", False),
    )


def _repatriated(file: CaseFile) -> bool:
    """Each person of the case has returned, in whatever round."""
    returned = {
        stage.victim_id
        for stage in file.stages
        if stage.code == StageCode.REPATRIATION and stage.state == StageState.COMPLETED
    }
    return bool(file.victims) and returned >= set(file.victims)


def _reports_unfounded(file: CaseFile) -> bool:
    states = set(file.session.execute(select(ReportRow.state).where(ReportRow.case_id == file.id)).scalars())
    return states == {"unfounded"}


def _merged(file: CaseFile) -> bool:
    about = or_(MergeRow.case_id == file.id, MergeRow.other_case_id == file.id)
    found = select(MergeRow.id).where(about, MergeRow.state == "merged")
    return file.session.execute(select(found.exists())).scalar_one()


def _moved(file: CaseFile) -> bool:
    """Another division's unit accepted the case, or another authority the proceedings."""
    place_id = file.session.execute(
        select(UnitRow.place_id).where(UnitRow.id == file.case.owner_unit_id)
    ).scalar_one()
    if serving(file.session, place_id, ()).division_id != file.case.division_id:
        return True
    return any(_proceedings_transferred(file))


def _proceedings_transferred(file: CaseFile) -> list[bool]:
    told = []
    for stage in (stage for stage in file.of(None) if stage.code == StageCode.INVESTIGATION):
        load_records(file, stage)
        told += [
            record.row.kind == "proceeding_reference" and record.body.get("status") == "transferred"
            for record in file.records[stage.id]
        ]
    return told


def _deceased(file: CaseFile) -> bool:
    return bool(file.victims) and all(victim.sections.get("death") for victim in file.victims.values())


_LOOKED_UP: Final[dict[str, Callable[[CaseFile], bool]]] = {
    "repatriated": _repatriated,
    "unfounded": _reports_unfounded,
    "merged_duplicate": _merged,
    "moved_jurisdiction": _moved,
    "deceased": _deceased,
}
