"""By what a name is found: a part of it, another spelling, the sound; and by nothing that it does not hold."""

import pytest

from services.name_tokens import Fit, anchors_of, fit_of, is_too_short, tokens_of

FOUND = [
    ("王小明", "王小明", Fit.WRITTEN),
    ("王小明", "小明", Fit.WRITTEN),
    ("王小明", "王小", Fit.WRITTEN),
    ("王明", "王明", Fit.WRITTEN),
    ("王小明", "王晓明", Fit.SOUNDS_ALIKE),
    ("王小明", "wang xiaoming", Fit.SOUNDS_ALIKE),
    ("王小明", "Wáng Xiǎomíng", Fit.SOUNDS_ALIKE),
    ("王小明", "xiaoming", Fit.SOUNDS_ALIKE),
    ("陈龙", "陳龍", Fit.SOUNDS_ALIKE),
    ("单田芳", "shan tianfang", Fit.SOUNDS_ALIKE),
    ("单田芳", "dan tianfang", Fit.SOUNDS_ALIKE),
    ("曾小贤", "zeng xiaoxian", Fit.SOUNDS_ALIKE),
    ("曾小贤", "增小贤", Fit.SOUNDS_ALIKE),
    ("吕布", "lv bu", Fit.SOUNDS_ALIKE),
    ("吕布", "lü bu", Fit.SOUNDS_ALIKE),
    ("吕布", "lu bu", Fit.SOUNDS_ALIKE),
    ("吕布", "LYU BU", Fit.SOUNDS_ALIKE),
    ("欧阳娜娜", "欧阳", Fit.WRITTEN),
    ("欧阳娜娜", "ouyang nana", Fit.SOUNDS_ALIKE),
    ("阿不都热合曼·买买提", "买买提", Fit.WRITTEN),
    ("阿不都热合曼·买买提", "阿不都热合曼", Fit.WRITTEN),
    ("阿不都热合曼·买买提", "阿不都热合曼买买提", Fit.WRITTEN),
    ("Wang Xiaoming", "王小明", Fit.SOUNDS_ALIKE),
    ("Nguyễn Thị Hoa", "nguyen hoa", Fit.WRITTEN),
    ("Nguyễn Thị Hoa", "Hoa", Fit.WRITTEN),
    ("Nguyen Thi Hoa", "nguyenthihoa", Fit.WRITTEN),
    ("Айгуль", "айгуль", Fit.WRITTEN),
    ("王David", "王david", Fit.WRITTEN),
    ("王 小明", "王小明", Fit.WRITTEN),
]
NOT_FOUND = [
    ("王小明", "李小明"),
    ("王小明", "明小王"),
    ("王小明", "wang daming"),
    ("王小明", "wang"),
    ("Nguyen Thi Hoa", "Hoang"),
    ("Nguyen Thi Hoa", "nguyen mai"),
    ("阿不都热合曼·买买提", "阿不都克里木"),
    ("王明", "王小明"),
]


@pytest.mark.parametrize(("name", "asked", "how"), FOUND)
def test_a_name_is_found_by_what_somebody_remembers_of_it(name: str, asked: str, how: Fit) -> None:
    assert fit_of(asked, name) is how
    assert anchors_of(asked) & tokens_of(name), "the index brings whoever fits"


@pytest.mark.parametrize(("name", "asked"), NOT_FOUND)
def test_a_name_is_not_found_by_what_it_does_not_hold(name: str, asked: str) -> None:
    assert fit_of(asked, name) is None


@pytest.mark.parametrize(
    ("asked", "short"), [("明", True), ("a", True), ("王 ", True), ("王明", False), ("··", True)]
)
def test_one_character_is_too_little(asked: str, short: bool) -> None:
    assert is_too_short(asked) is short


def test_a_name_has_few_tokens_and_a_question_fewer() -> None:
    assert len(tokens_of("王小明")) <= 30
    assert len(tokens_of("阿不都热合曼·买买提")) <= 200
    assert len(anchors_of("单田芳")) <= 20
