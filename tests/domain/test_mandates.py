"""Which agency may be given which stage: 14 stages against the 30 members and the office."""

import dataclasses

import pytest

from domain.agencies import MEMBERS, Agency
from domain.articles import ARTICLES, ArticleUse
from domain.mandates import MANDATES, Mandate, may_be_responsible
from domain.stages import Scope, StageCode

# Only these agencies may be responsible; the first is the accountable one, to whose unit the stage goes.
RESPONSIBLE = {
    "report": "PSB",
    "investigation": "PSB",
    "rescue": "PSB CAB",
    "shelter": "CAB",
    "medical_care": "HEALTH DPF",
    "family_tracing": "PSB CAB",
    "household_registration": "PSB CAB",
    "schooling": "EDU",
    "employment": "HRSS",
    "rights_support": "JUSTICE",
    "reintegration_support": "CAB JUSTICE HRSS",
    "guardianship": "CAB JUSTICE",
    "repatriation": "PSB CAB",
    "follow_up": "CAB",
}
# Stage, articles with the main one first, leads, cooperating agencies. "*" stands for every member.
FOOTING = [
    ("report", (44, 11, 16, 45), "PSB", "*"),
    ("investigation", (25, 23, 24, 26), "PSB", "PROC"),
    ("rescue", (30, 20), "PSB CAB", ""),
    ("shelter", (31,), "CAB", "DRC PSB EDU HEALTH DPF"),
    ("medical_care", (34,), "HEALTH DPF", "CAB"),
    ("family_tracing", (32, 30, 24), "PSB CAB", ""),
    ("household_registration", (33,), "PSB CAB", ""),
    ("schooling", (36,), "EDU", "CAB"),
    ("employment", (37,), "HRSS", "CAB UNION WOMEN"),
    ("rights_support", (35, 38, 29), "JUSTICE", "PSB CAB UNION YOUTH WOMEN"),
    ("reintegration_support", (38,), "CAB JUSTICE HRSS", "YOUTH WOMEN"),
    ("guardianship", (40, 26), "CAB JUSTICE", "EDU PSB COURT PROC YOUTH WOMEN"),
    ("repatriation", (47,), "PSB CAB", "FAO JUSTICE"),
    ("follow_up", (39,), "PSB CAB", "WOMEN"),
]


def agencies(codes: str) -> tuple[Agency, ...]:
    return MEMBERS if codes == "*" else tuple(Agency(code) for code in codes.split())


@pytest.mark.parametrize("agency", MEMBERS)
@pytest.mark.parametrize("stage", RESPONSIBLE)
def test_a_stage_goes_only_to_the_agencies_that_the_articles_make_responsible(
    stage: str, agency: Agency
) -> None:
    assert may_be_responsible(agency, StageCode(stage)) is (agency.value in RESPONSIBLE[stage].split())


@pytest.mark.parametrize("stage", StageCode)
def test_the_office_is_responsible_for_nothing(stage: StageCode) -> None:
    assert not may_be_responsible(Agency.OFFICE, stage)


def test_police_lead_the_article_on_follow_up_and_still_never_follow_anybody_up() -> None:
    assert Agency.PSB in MANDATES[StageCode.FOLLOW_UP].leads
    assert MANDATES[StageCode.FOLLOW_UP].accountable is Agency.CAB
    assert not may_be_responsible(Agency.PSB, StageCode.FOLLOW_UP)


@pytest.mark.parametrize("stage", RESPONSIBLE)
def test_the_accountable_lead_is_the_decided_one_and_may_be_responsible(stage: str) -> None:
    code = StageCode(stage)
    assert MANDATES[code].accountable.value == RESPONSIBLE[stage].split()[0]
    assert may_be_responsible(MANDATES[code].accountable, code)


@pytest.mark.parametrize(("stage", "articles", "leads", "cooperating"), FOOTING)
def test_a_stage_rests_on_its_articles(
    *, stage: str, articles: tuple[int, ...], leads: str, cooperating: str
) -> None:
    mandate = MANDATES[StageCode(stage)]
    assert mandate.stage == stage
    assert mandate.articles == articles
    assert mandate.leads == agencies(leads)
    assert mandate.cooperating == agencies(cooperating)


def test_every_stage_has_one_mandate_in_the_order_of_the_way_home() -> None:
    assert list(MANDATES) == list(StageCode) == [row[0] for row in FOOTING] == list(RESPONSIBLE)


def test_only_the_report_and_the_investigation_belong_to_the_whole_case() -> None:
    of_the_case = [stage.value for stage, mandate in MANDATES.items() if mandate.scope is Scope.CASE]
    assert of_the_case == ["report", "investigation"]


def test_no_stage_rests_on_an_article_that_is_not_built_or_outside() -> None:
    uses = {ARTICLES[number].use for mandate in MANDATES.values() for number in mandate.articles}
    assert uses == {ArticleUse.CASE_WORK, ArticleUse.REPORT_SOURCE}


def test_an_accountable_agency_that_does_not_lead_is_refused() -> None:
    with pytest.raises(ValueError, match="WOMEN does not lead Article 36"):
        dataclasses.replace(MANDATES[StageCode.SCHOOLING], accountable=Agency.WOMEN)


@pytest.mark.parametrize("mandate", MANDATES.values(), ids=lambda mandate: mandate.stage)
def test_every_opening_is_told_in_both_languages(mandate: Mandate) -> None:
    assert mandate.opens.zh
    assert not mandate.opens.zh.isascii()
    assert mandate.opens.en.isascii()
