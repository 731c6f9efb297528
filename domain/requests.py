"""Nameless requests: what may be asked of an agency that never reads a case, and what must not stand in them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.agencies import NO_CASE_READING, Agency
from domain.texts import Text


class Need(StrEnum):
    HOUSING_PLACE = "housing_place"
    HOUSEHOLD_GOODS = "household_goods"
    TRANSPORT = "transport"
    CASH_HELP = "cash_help"
    TRAINING_PLACE = "training_place"
    JOB_FAIR = "job_fair"
    PREMISES = "premises"
    OTHER = "other"


NEED_NAMES: Final[Mapping[Need, Text]] = MappingProxyType(
    {
        Need.HOUSING_PLACE: Text("住房", "A place to live"),
        Need.HOUSEHOLD_GOODS: Text("生活用品", "Household goods"),
        Need.TRANSPORT: Text("交通", "Transport"),
        Need.CASH_HELP: Text("资金", "Cash help"),
        Need.TRAINING_PLACE: Text("培训名额", "A place in training"),
        Need.JOB_FAIR: Text("招聘会名额", "A place at a job fair"),
        Need.PREMISES: Text("场地", "Premises"),
        Need.OTHER: Text("其他", "Something else"),
    }
)

NAMING_FIELDS: Final = frozenset(
    {"name", "other_names", "identity_number", "phone", "safe_contact", "address"}
)
"""Members of a person's sections by which somebody could be told or found."""

_SHORTEST: Final = 2  # a single character is in every sentence
_SPACED: Final = re.compile(r"(?<=\d)[ -]+(?=\d)")
_LONG_NUMBER: Final = re.compile(r"\d{11}")  # mobile phones have 11 digits, identity numbers 15 or 18


def may_be_requested(agency: Agency) -> bool:
    """Whether a nameless request is the way to this agency: those that read cases are invited or routed to instead."""
    return agency in NO_CASE_READING


def naming_words(content: object, *, named: bool = False) -> Iterator[str]:
    """Every text by which a person could be told, however deep it lies in what is known of them."""
    if isinstance(content, str):
        if named:
            yield content
    elif isinstance(content, Mapping):
        for field, inner in content.items():
            yield from naming_words(inner, named=named or field in NAMING_FIELDS)
    elif isinstance(content, Iterable):
        for inner in content:
            yield from naming_words(inner, named=named)


def names_somebody(text: str, known: Iterable[str]) -> bool:
    """Whether the text holds one of these names or numbers, however spaced or written, or any number as long as a phone's."""
    plain = _plain(text)
    if _LONG_NUMBER.search(_SPACED.sub("", unicodedata.normalize("NFKC", text))):
        return True
    return any(len(word) >= _SHORTEST and word in plain for word in map(_plain, known))


def _plain(text: str) -> str:
    """Letters and digits alone: case, width, blanks and hyphens tell nothing apart."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())
