"""Numbers for the telephone: unique, easy to say, and a slip of the tongue shows."""

import random

import pytest
from stdnum.iso7064 import mod_11_10

from domain.numbers import (
    NumberMistyped,
    case_number,
    check_digit,
    parse_case_number,
    parse_receipt_number,
    receipt_number,
)

CASE = case_number(20_731, 2026)
RECEIPT = receipt_number("4839207561")


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit())


def _is_taken(text: str) -> bool:
    try:
        parse_case_number(text)
    except NumberMistyped:
        return False
    return True


def test_the_check_digit_is_the_standard_one() -> None:
    seeded = random.Random(7064)
    for _ in range(10_000):
        digits = "".join(seeded.choices("0123456789", k=seeded.randint(1, 15)))
        assert check_digit(digits) == mod_11_10.calc_check_digit(digits)


def test_a_case_number_reads_in_groups_and_ends_in_its_check_digit() -> None:
    year, first, second, check = CASE.split("-")
    assert (year, len(first), len(second), len(check)) == ("2026", 3, 4, 1)
    assert check_digit(year + first + second) == check


def test_a_receipt_number_reads_in_groups_and_ends_in_its_check_digit() -> None:
    assert f"R-48392-07561-{check_digit('4839207561')}" == RECEIPT


def test_a_hundred_thousand_cases_have_a_hundred_thousand_numbers() -> None:
    assert len({case_number(sequence, 2026) for sequence in range(100_000)}) == 100_000


def test_numbers_repeat_only_after_ten_million_cases_of_one_year() -> None:
    seeded = random.Random(1)
    for sequence in seeded.sample(range(10**7), 1000):
        assert case_number(sequence + 10**7, 2026) == case_number(sequence, 2026)
    assert len({case_number(sequence, 2026) for sequence in seeded.sample(range(10**7), 100_000)}) == 100_000


def test_neighbouring_cases_do_not_look_alike() -> None:
    for sequence in range(1000):
        one, next_one = _digits(case_number(sequence, 2026)), _digits(case_number(sequence + 1, 2026))
        assert sum(a != b for a, b in zip(one[4:11], next_one[4:11], strict=True)) >= 4


@pytest.mark.parametrize(("sequence", "year"), [(-1, 2026), (1, 999), (1, 10_000)])
def test_no_case_number_is_made_from_nonsense(sequence: int, year: int) -> None:
    with pytest.raises(ValueError, match="four digits"):
        case_number(sequence, year)


@pytest.mark.parametrize("digits", ["", "123456789", "12345678901", "12345678a0", "１２３４５６７８９０"])
def test_no_receipt_number_is_made_from_anything_but_ten_digits(digits: str) -> None:
    with pytest.raises(ValueError, match="ten digits"):
        receipt_number(digits)


def test_every_single_wrong_digit_is_noticed() -> None:
    seeded = random.Random(2)
    for _ in range(500):
        digits = _digits(case_number(seeded.randrange(10**7), 2026))
        for place, right in enumerate(digits):
            for wrong in set("0123456789") - {right}:
                assert not _is_taken(digits[:place] + wrong + digits[place + 1 :])


def test_nearly_every_swap_of_two_neighbouring_digits_is_noticed() -> None:
    seeded = random.Random(3)
    swaps = noticed = 0
    for _ in range(2000):
        digits = _digits(case_number(seeded.randrange(10**7), 2026))
        for place in range(len(digits) - 1):
            swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
            if swapped != digits:
                swaps += 1
                noticed += not _is_taken(swapped)
    assert noticed / swaps >= 0.97


@pytest.mark.parametrize(
    "said",
    [
        _digits(CASE),
        f"  {CASE}\n",
        CASE.replace("-", " "),
        CASE.replace("-", " － "),
        CASE.replace("-", "\u3000\u2013\u2014"),
        _digits(CASE).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        _digits(CASE).translate(str.maketrans("0123456789", "〇一二三四五六七八九")),
        _digits(CASE).translate(str.maketrans("0123456789", "零幺二三四五六七八九")),
        _digits(CASE).translate(str.maketrans("0123456789", "零么二三四五六七八九")),
    ],
)
def test_a_case_number_is_understood_however_it_was_written_down(said: str) -> None:
    assert parse_case_number(said) == CASE


@pytest.mark.parametrize("sequence", range(0, 10**7, 77_777))
def test_a_case_number_survives_being_said_and_written_down(sequence: int) -> None:
    number = case_number(sequence, 2027)
    spoken = _digits(number).translate(str.maketrans("0123456789", "零幺二三四五六七八九"))
    assert parse_case_number(spoken) == parse_case_number(number) == number


@pytest.mark.parametrize(
    "said",
    [
        RECEIPT,
        RECEIPT.lower(),
        RECEIPT[2:],
        _digits(RECEIPT),
        f" Ｒ {_digits(RECEIPT)} ",
        f"ｒ－{_digits(RECEIPT)}",
    ],
)
def test_a_receipt_number_is_understood_with_and_without_its_letter(said: str) -> None:
    assert parse_receipt_number(said) == RECEIPT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "R",
        "\ud800",
        "\0" * 12,
        CASE[:-2],
        CASE + "0",
        "R" + CASE,
        RECEIPT,
        CASE.replace("2", "二二"),
        _digits(CASE).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        _digits(CASE).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")),
        CASE + " " * 60,
    ],
)
def test_what_is_no_case_number_is_refused(text: str) -> None:
    with pytest.raises(NumberMistyped):
        parse_case_number(text)


@pytest.mark.parametrize("text", ["", "R", CASE, "RR" + RECEIPT[1:], RECEIPT + "R", RECEIPT[:-1] + "x"])
def test_what_is_no_receipt_number_is_refused(text: str) -> None:
    with pytest.raises(NumberMistyped):
        parse_receipt_number(text)


def test_a_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(NumberMistyped) as caught:
        parse_case_number("2026-000-0000-9")
    assert "2026" not in str(caught.value)
