"""Whom a stage may go to, in order: the accountable lead's units from the place upward, then those of the other leads."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from domain.agencies import Agency, may_read_cases
from domain.mandates import MANDATES, may_be_responsible
from domain.stages import StageCode


def may_be_routed_to(agency: Agency, code: StageCode) -> bool:
    """Whether a unit of this agency may hold the stage: it leads, and it is one that reads cases."""
    return may_be_responsible(agency, code) and may_read_cases(agency)


def leads_in_order(code: StageCode) -> tuple[Agency, ...]:
    """The accountable lead, then the other leads that may be responsible, in the document's order."""
    mandate = MANDATES[code]
    others = (agency for agency in mandate.leads if agency is not mandate.accountable)
    return tuple(agency for agency in (mandate.accountable, *others) if may_be_routed_to(agency, code))


def candidates(
    code: StageCode, upward: Mapping[Agency, Sequence[UUID]], shut_out: Collection[UUID]
) -> list[tuple[Agency, UUID]]:
    """The units that a rule may give the stage to, the first one first; empty where no lead has a unit left.

    `upward` holds each agency's default units from the place to the corps. `shut_out` are units that sent the stage
    back or did not answer, and those that are themselves in question in this case.
    """
    return [
        (agency, unit_id)
        for agency in leads_in_order(code)
        for unit_id in upward.get(agency, ())
        if unit_id not in shut_out
    ]
