"""Nameless requests: to agencies that read no cases only, and in words that name nobody."""

import pytest

from domain.agencies import Agency, may_read_cases
from domain.requests import may_be_requested, names_somebody, naming_words

KNOWN = ("示例丙", "Wang Xiaoming", "+8613900000021", "110101199003070037", "甲")


@pytest.mark.parametrize("agency", list(Agency))
def test_who_reads_cases_is_invited_and_who_reads_none_is_asked(agency: Agency) -> None:
    assert may_be_requested(agency) is (not may_read_cases(agency) and agency is not Agency.OFFICE)


@pytest.mark.parametrize(
    "text",
    [
        "为示例丙安排住房",
        "为示例 丙安排住房",
        "a bed for WANG  XIAO-MING, please",
        "联系 139-0000-0021",
        "电话１３９００００００２１",
        "证件 110101 19900307 0037",
        "请打另一个电话 13812345678",
    ],
)
def test_a_name_or_number_is_found_however_it_is_written(text: str) -> None:
    assert names_somebody(text, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "一位成年女性带一名幼儿，需要一套住房",
        "2026-12-31 10:00 之前，3间房，2026年内",
        "甲类住房一套",
        "transport for two people, 40 km",
    ],
)
def test_what_names_nobody_passes(text: str) -> None:
    assert not names_somebody(text, KNOWN)


def test_naming_words_are_those_of_naming_fields_however_deep() -> None:
    person = {
        "identity": {"name": "示例丙", "other_names": ["小丙"], "sex": "male", "languages": ["zh"]},
        "contact": {"safe_contact": {"phone": "123", "best_time": "晚上"}},
        "documents": [{"identity_number": "110", "kind": "passport"}],
        "situation": {"in_danger": "yes"},
    }
    assert sorted(naming_words(person)) == ["110", "123", "小丙", "晚上", "示例丙"]
