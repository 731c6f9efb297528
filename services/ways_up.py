"""Where the work of a unit in question goes, and who looks at it: the level above and the procuratorate (rule 4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.agencies import Agency, may_read_cases
from domain.conflicts import PROSECUTOR
from domain.mandates import CASE_OWNERS, MANDATES
from domain.refusals import FieldRefused
from domain.routing import candidates
from domain.stages import StageCode
from services.case_files import CaseFile
from services.records.agencies import UnitRow
from services.routing import serving


@dataclass(frozen=True, slots=True)
class Holder:
    """A unit that takes work, and whose it is."""

    agency: Agency
    unit_id: UUID


@dataclass(frozen=True, slots=True)
class WaysUp:
    """The units above one unit, by agency, nearest first, without those that are in question themselves."""

    agency: Agency
    upward: Mapping[Agency, Sequence[UUID]]
    prosecutor: UUID | None

    @property
    def same_agency(self) -> UUID | None:
        """The same agency one level up; None at the top."""
        return next(iter(self.upward.get(self.agency, ())), None)

    @property
    def above(self) -> UUID:
        """Who confirms and clears: the level above; at the top the other agency that may own cases. FieldRefused if none."""
        return self.owner().unit_id

    def owner(self) -> Holder:
        """Who owns the case from now on; FieldRefused (`no_unit_above`) when there is nobody."""
        order = (self.agency, *sorted(CASE_OWNERS - {self.agency}))
        return _first((agency, unit_id) for agency in order for unit_id in self.upward.get(agency, ()))

    def lead(self, code: StageCode) -> Holder:
        """Who answers for a stage from now on: the level above; at the top another lead of its article. FieldRefused if none."""
        if self.same_agency is not None:
            return Holder(self.agency, self.same_agency)
        return _first(candidates(code, self.upward, ()))


def _first(found: Iterable[tuple[Agency, UUID]]) -> Holder:
    holder = next((Holder(agency, unit_id) for agency, unit_id in found), None)
    if holder is None:
        raise FieldRefused(("unit_id", "no_unit_above"))
    return holder


def ways_up(file: CaseFile, unit_id: UUID) -> WaysUp:
    """The ways up from a unit that is named in `unit_id`. FieldRefused when there is no such unit, or it reads no cases."""
    agency, place_id = _where(file.session, unit_id)
    if not may_read_cases(agency):
        raise FieldRefused(("unit_id", "agency_reads_no_cases"))
    shut_out = file.units_in_conflict() | {unit_id}
    leads = {lead for stage in file.open_stages() for lead in MANDATES[StageCode(stage.code)].leads}
    served = serving(file.session, place_id, leads | CASE_OWNERS | {agency})
    upward = {
        found: tuple(one for one in unit_ids if one not in shut_out)
        for found, unit_ids in served.upward.items()
    }
    return WaysUp(agency, upward, _prosecutor(file, {*shut_out, *upward.get(agency, ())[:1]}))


def _prosecutor(file: CaseFile, shut_out: set[UUID]) -> UUID | None:
    """The procuratorate that serves the place of the case; None where no other is left than the one in question."""
    served = serving(file.session, file.case.place_id, (PROSECUTOR,)).upward.get(PROSECUTOR, ())
    return next((unit_id for unit_id in served if unit_id not in shut_out), None)


def _where(session: Session, unit_id: UUID) -> tuple[Agency, UUID]:
    found = session.execute(
        select(UnitRow.agency, UnitRow.place_id).where(UnitRow.id == unit_id)
    ).one_or_none()
    if found is None:
        raise FieldRefused(("unit_id", "unknown_unit"))
    return Agency(found.agency), found.place_id
