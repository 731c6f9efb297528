"""The members of Article 3, the bodies that never read a case, and who may run which institution."""

import pytest

from domain.agencies import (
    AGENCY_NAMES,
    INSTITUTION_AGENCIES,
    INSTITUTION_NAMES,
    MEMBERS,
    NO_CASE_READING,
    PLACE_KIND_NAMES,
    Agency,
    InstitutionKind,
    PlaceKind,
    may_read_cases,
    may_run,
)
from domain.texts import Language, Text

ARTICLE_3 = """
    宣传部 政法委 统战部 网信办
    发展改革委 教育局 公安局 民政局 司法局 财政局 人力资源社会保障局 交通运输局 卫生健康委
    农业农村局 乡村振兴局 文体广电和旅游局 商务局 外办 市场监管局 住房城乡建设局
    工业和信息化局 国资委 法院 检察院 总工会 团委 妇联 残联 关工委 妇儿工委办公室
"""
MAY_READ = "EDU PSB CAB JUSTICE HRSS HEALTH FAO COURT PROC UNION YOUTH WOMEN DPF"
RUNS = [
    ("relief_station", "CAB"),
    ("minors_protection_centre", "CAB"),
    ("child_welfare_institution", "CAB"),
    ("womens_shelter", "CAB WOMEN"),
    ("hospital", "HEALTH"),
    ("school", "EDU"),
    ("legal_aid_centre", "JUSTICE"),
]


def test_the_thirty_members_stand_in_the_order_of_article_3() -> None:
    assert [AGENCY_NAMES[agency].zh.removeprefix("党委") for agency in MEMBERS] == ARTICLE_3.split()
    assert len(MEMBERS) == 30


def test_the_office_is_no_member() -> None:
    assert Agency.OFFICE not in MEMBERS
    assert set(Agency) == {*MEMBERS, Agency.OFFICE}


def test_only_agencies_with_work_on_a_person_may_ever_read_a_case() -> None:
    assert [agency.value for agency in Agency if may_read_cases(agency)] == MAY_READ.split()


def test_the_office_sees_no_case_though_it_is_not_among_the_seventeen_bodies() -> None:
    assert len(NO_CASE_READING) == 17
    assert Agency.OFFICE not in NO_CASE_READING
    assert not may_read_cases(Agency.OFFICE)


@pytest.mark.parametrize(("institution", "agencies"), RUNS)
def test_an_institution_is_run_only_by_its_agencies(institution: str, agencies: str) -> None:
    kind = InstitutionKind(institution)
    assert [agency.value for agency in Agency if may_run(agency, kind)] == agencies.split()
    assert [agency.value for agency in INSTITUTION_AGENCIES[kind]] == agencies.split()


def test_there_are_no_other_kinds_of_institution() -> None:
    assert [kind.value for kind in InstitutionKind] == [row[0] for row in RUNS]


def test_places_go_from_the_corps_down_to_the_company() -> None:
    assert [kind.value for kind in PlaceKind] == ["corps", "division", "farm", "company"]
    assert [PLACE_KIND_NAMES[kind].zh for kind in PlaceKind] == ["兵团", "师市", "团场", "连队"]


def test_every_agency_place_and_institution_has_a_name_in_both_languages() -> None:
    names = [*AGENCY_NAMES.values(), *PLACE_KIND_NAMES.values(), *INSTITUTION_NAMES.values()]
    assert len(names) == len(Agency) + len(PlaceKind) + len(InstitutionKind)
    assert len(set(names)) == len(names)
    assert all(name.zh and name.en and not name.zh.isascii() and name.en.isascii() for name in names)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (Language.ZH, "归途"),
        ("zh-Hans", "归途"),
        ("ZH", "归途"),
        (Language.EN, "way home"),
        ("ug", "way home"),
        ("", "way home"),
    ],
)
def test_a_text_answers_in_chinese_only_to_chinese_tags(language: str, expected: str) -> None:
    assert Text("归途", "way home").in_language(language) == expected
