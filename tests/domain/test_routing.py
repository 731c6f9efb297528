"""Whom a stage goes to: the accountable lead's units from the place upward, then the other leads', nobody shut out."""

from uuid import UUID

import pytest

from domain.agencies import Agency, may_read_cases
from domain.mandates import MANDATES, may_be_responsible
from domain.routing import candidates, leads_in_order, may_be_routed_to
from domain.stages import StageCode

FARM_PSB, NORTH_PSB, CORPS_PSB, NORTH_CAB, CORPS_CAB = (UUID(int=number) for number in range(1, 6))
UPWARD = {
    Agency.PSB: (FARM_PSB, NORTH_PSB, CORPS_PSB),
    Agency.CAB: (NORTH_CAB, CORPS_CAB),
    Agency.JUSTICE: (UUID(int=8),),
}
IN_ORDER = {
    StageCode.REPORT: "PSB",
    StageCode.INVESTIGATION: "PSB",
    StageCode.RESCUE: "PSB CAB",
    StageCode.SHELTER: "CAB",
    StageCode.MEDICAL_CARE: "HEALTH DPF",
    StageCode.FAMILY_TRACING: "PSB CAB",
    StageCode.HOUSEHOLD_REGISTRATION: "PSB CAB",
    StageCode.SCHOOLING: "EDU",
    StageCode.EMPLOYMENT: "HRSS",
    StageCode.RIGHTS_SUPPORT: "JUSTICE",
    StageCode.REINTEGRATION_SUPPORT: "CAB JUSTICE HRSS",
    StageCode.GUARDIANSHIP: "CAB JUSTICE",
    StageCode.REPATRIATION: "PSB CAB",
    StageCode.FOLLOW_UP: "CAB",
}
"""The lead that is asked first, then the others; the police never follow anybody up (Art. 39)."""


@pytest.mark.parametrize("code", list(StageCode))
def test_the_accountable_lead_is_asked_first_and_the_police_only_for_their_own_stages(
    code: StageCode,
) -> None:
    assert " ".join(leads_in_order(code)) == IN_ORDER[code]
    assert leads_in_order(code)[0] is MANDATES[code].accountable


@pytest.mark.parametrize("agency", list(Agency))
@pytest.mark.parametrize("code", list(StageCode))
def test_a_stage_goes_to_a_lead_that_reads_cases_and_to_nobody_else(code: StageCode, agency: Agency) -> None:
    expected = may_be_responsible(agency, code) and may_read_cases(agency)
    assert may_be_routed_to(agency, code) is expected
    assert (agency in leads_in_order(code)) is expected


def test_the_nearest_unit_comes_first_then_the_levels_above_then_the_other_leads() -> None:
    found = candidates(StageCode.RESCUE, UPWARD, ())
    assert found == [
        (Agency.PSB, FARM_PSB),
        (Agency.PSB, NORTH_PSB),
        (Agency.PSB, CORPS_PSB),
        (Agency.CAB, NORTH_CAB),
        (Agency.CAB, CORPS_CAB),
    ]


def test_who_sent_it_back_or_is_in_question_is_never_a_candidate() -> None:
    found = candidates(StageCode.RESCUE, UPWARD, [FARM_PSB, CORPS_PSB, NORTH_CAB])
    assert [unit_id for _agency, unit_id in found] == [NORTH_PSB, CORPS_CAB]


def test_where_no_lead_has_a_unit_there_is_no_candidate() -> None:
    assert candidates(StageCode.SCHOOLING, UPWARD, ()) == []
    assert candidates(StageCode.FOLLOW_UP, UPWARD, [NORTH_CAB, CORPS_CAB]) == []
