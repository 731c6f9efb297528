"""Numbers that people read out on the telephone: a case's number and a reporter's receipt number."""

from typing import Final

from domain.refusals import Refusal

_CASE_NUMBERS: Final = 10**7
# Neither 2 nor 5 divides the factor, so that every remainder occurs once; it is large, so that cases opened
# one after the other differ in more than the last digits.
_FACTOR: Final = 6_180_339
_OFFSET: Final = 4_142_135
_CASE_DIGITS: Final = 12
_RECEIPT_DIGITS: Final = 11
_LONGEST_TEXT: Final = 64

_ASCII: Final = "0123456789"
_FULL_WIDTH: Final = "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"
_SPOKEN: Final = "零一二三四五六七八九"
_ALSO_SAID: Final = {"〇": "0", "\u25cb": "0", "幺": "1", "么": "1"}
_DIGITS: Final = str.maketrans(
    dict(zip(_FULL_WIDTH, _ASCII, strict=True)) | dict(zip(_SPOKEN, _ASCII, strict=True)) | _ALSO_SAID
)
# Hyphen-minus, the hyphens and dashes of U+2010 to U+2015, minus sign, small and full-width hyphen-minus.
_DASHES: Final = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d")
_RECEIPT_LETTERS: Final = frozenset("Rr\uff32\uff52")


class NumberMistyped(Refusal):
    """The text is no number of this kind, or a digit was misheard; never carries the text."""


def check_digit(digits: str) -> str:
    """Return the ISO 7064 MOD 11,10 check digit for ASCII digits: it shows every single wrong digit."""
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((1 - product) % 10)


def case_number(sequence: int, year: int) -> str:
    """Return the number of a case, such as `2026-483-9207-5`, from a database sequence value and a year.

    Two values give two numbers in the same year as long as they lie less than 10 million apart, so that the
    sequence alone keeps numbers unique and no lock is needed. The permutation hides nothing.
    ValueError for a negative value or a year that has not four digits.
    """
    if sequence < 0 or not 1000 <= year <= 9999:
        raise ValueError("a sequence value from 0 and a year of four digits are needed")
    permuted = (_FACTOR * sequence + _OFFSET) % _CASE_NUMBERS
    digits = f"{year}{permuted:07d}"
    return _case_layout(digits + check_digit(digits))


def parse_case_number(text: str) -> str:
    """Return a case number as it is stored, from what somebody typed or was told; else NumberMistyped.

    Spaces and dashes do not matter; full-width and Chinese digits count as digits, with 幺 and 么 for 1.
    """
    return _case_layout(_checked(text, _CASE_DIGITS))


def receipt_number(random_digits: str) -> str:
    """Return a receipt number, such as `R-48392-07561-4`; ValueError unless given ten ASCII digits."""
    if len(random_digits) != _RECEIPT_DIGITS - 1 or not set(random_digits) <= set(_ASCII):
        raise ValueError("ten digits are needed")
    return _receipt_layout(random_digits + check_digit(random_digits))


def parse_receipt_number(text: str) -> str:
    """Return a receipt number as it is stored, read like a case number; the leading R may be left out."""
    stripped = text.strip()
    if stripped[:1] in _RECEIPT_LETTERS:
        stripped = stripped[1:]
    return _receipt_layout(_checked(stripped, _RECEIPT_DIGITS))


def _checked(text: str, length: int) -> str:
    if len(text) > _LONGEST_TEXT:
        raise NumberMistyped
    kept = "".join(sign for sign in text if not (sign.isspace() or sign in _DASHES)).translate(_DIGITS)
    if len(kept) != length or not set(kept) <= set(_ASCII):
        raise NumberMistyped
    if check_digit(kept[:-1]) != kept[-1]:
        raise NumberMistyped
    return kept


def _case_layout(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:7]}-{digits[7:11]}-{digits[11]}"


def _receipt_layout(digits: str) -> str:
    return f"R-{digits[:5]}-{digits[5:10]}-{digits[10]}"
