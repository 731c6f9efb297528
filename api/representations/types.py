"""Strict types for input that was already parsed from JSON: what may enter, not what only looks like it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticKnownError
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

from api.representations.rules import broken
from domain.people import civil_day

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
CLOCK_TOLERANCE: Final = timedelta(minutes=5)  # clocks of phones and servers differ a little
WIDEST_OFFSET_MINUTES: Final = 14 * 60
LARGEST_COUNT: Final = 2**31 - 1  # what an integer column holds

_NONCHARACTERS: Final = "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_REFUSED: Final = (
    ("text_nul", re.compile(r"\x00")),
    ("text_surrogate", re.compile(r"[\ud800-\udfff]")),
    ("text_control", re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f]")),
    ("text_noncharacter", re.compile(f"[\ufdd0-\ufdef{_NONCHARACTERS}]")),
)
_ASCII_OF_FULL_WIDTH: Final = {0xFF01 + step: 0x21 + step for step in range(94)} | {0x3000: 0x20}
_PHONE_SEPARATORS: Final = re.compile(r"[ ()-]")
_INVISIBLE: Final = frozenset({"Cf", "Mn", "Zl", "Zp", "Zs"})

_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?P<offset>Z|[+-](?P<hours>[0-9]{2}):(?P<minutes>[0-5][0-9]))?"
)
_YEARS: Final = r"(19[0-9]{2}|20[0-9]{2}|2100)"
_MOMENT_PATTERN: Final = (
    rf"^{_YEARS}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,9}})?)?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)$"
)
_LONGEST_MOMENT: Final = len("2026-03-12T09:30:00.123456789+08:00")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_PHONE: Final = re.compile(r"\+?[0-9]{5,20}")
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:-([A-Za-z]{4}))?(?:-([A-Za-z]{2}|[0-9]{3}))?")
_CITIZEN_NUMBER: Final = re.compile(r"[0-9]{17}[0-9X]")


def exact_text(value: object) -> str:
    """The text as sent; raises `string_type`, or which kind of character cannot be stored or shown."""
    if not isinstance(value, str):
        raise PydanticKnownError("string_type")
    for rule, pattern in _REFUSED:
        if pattern.search(value):
            raise broken(rule)
    return value


def safe_text(value: object) -> str:
    """The text in NFC, lines ended by LF, without outer blanks; text with nothing to see becomes empty."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n")
    text = unicodedata.normalize("NFC", exact_text(value)).strip()
    visible = any(unicodedata.category(sign) not in _INVISIBLE for sign in text)
    return text if visible else ""


def moment(value: object) -> datetime:
    """ISO 8601 with offset, to UTC; both the year as written and the UTC year lie within the bounds."""
    text = exact_text(value)
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise broken("moment_format")
    if found["offset"] is None:
        raise broken("moment_without_offset")
    if int(found["hours"] or 0) * 60 + int(found["minutes"] or 0) > WIDEST_OFFSET_MINUTES:
        raise broken("moment_offset_out_of_range")
    _year_within_bounds(text, "moment_out_of_range")
    try:
        utc = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise broken("moment_format") from None
    _year_within_bounds(f"{utc.year:04d}", "moment_out_of_range")
    return utc


def civil_date(value: object) -> date:
    """A calendar date written YYYY-MM-DD."""
    text = exact_text(value)
    if _DATE.fullmatch(text) is None:
        raise broken("date_format")
    _year_within_bounds(text, "date_out_of_range")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise broken("date_format") from None


def _year_within_bounds(text: str, rule: str) -> None:
    if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise broken(rule)


def _not_in_future(at: datetime) -> datetime:
    if at > datetime.now(UTC) + CLOCK_TOLERANCE:
        raise broken("moment_in_future")
    return at


def _not_after_today(day: date) -> date:
    if day > civil_day(datetime.now(UTC) + CLOCK_TOLERANCE):
        raise broken("date_in_future")
    return day


def identifier(value: object) -> UUID:
    """A UUID in its canonical 36 characters; no braces, no `urn:`, no bare digits."""
    text = exact_text(value)
    if _ID.fullmatch(text) is None:
        raise broken("id_format")
    return UUID(text)


def whole_number(value: object) -> int:
    """An integer as JSON writes it; a closed list of numbers would otherwise take `true` and `1.0` for 1."""
    if type(value) is not int:
        raise PydanticKnownError("int_type")
    return value


def phone_number(value: object) -> str:
    """Digits with an optional leading +; blanks, hyphens and brackets go, full-width digits count."""
    text = _PHONE_SEPARATORS.sub("", safe_text(value).translate(_ASCII_OF_FULL_WIDTH))
    if _PHONE.fullmatch(text) is None:
        raise broken("phone_format")
    return text


def language_tag(value: object) -> str:
    """A BCP 47 tag of language, script and region, in its usual case (zh-Hans-CN)."""
    found = _LANGUAGE.fullmatch(exact_text(value))
    if found is None:
        raise broken("language_tag_format")
    language, script, region = found.groups()
    parts = (language.lower(), script.title() if script else None, region.upper() if region else None)
    return "-".join(part for part in parts if part)


def identity_number(value: object) -> str:
    """A document's number; 18 digits (GB 11643-1999) are checked and kept without separators.

    The place code is not looked up: no table of it is complete, and the place of issue must not matter.
    """
    text = safe_text(value).translate(_ASCII_OF_FULL_WIDTH).strip()
    compact = re.sub(r"[ -]", "", text).upper()
    if _CITIZEN_NUMBER.fullmatch(compact) is None:
        return text
    if ric.calc_check_digit(compact) != compact[-1]:
        raise broken("identity_number_check_digit")
    try:
        ric.get_birth_date(compact)
    except InvalidComponent:
        raise broken("identity_number_birth_date") from None
    return compact


@dataclass(frozen=True, slots=True)
class Secret:
    """Marks a field that is read more narrowly than its record, such as where a sheltered person sleeps."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "x-secret": True}


SECRET: Final = Secret()

Name = Annotated[str, StringConstraints(min_length=1, max_length=100), BeforeValidator(safe_text)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(safe_text)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=5000), BeforeValidator(safe_text)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=300), BeforeValidator(safe_text), SECRET]
DocumentNumber = Annotated[str, StringConstraints(min_length=1, max_length=60), BeforeValidator(safe_text)]
Code = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z_]{1,60}$"),
    BeforeValidator(exact_text),
]
CountryCode = Annotated[
    str, StringConstraints(min_length=2, max_length=2, pattern=r"^[A-Z]{2}$"), BeforeValidator(exact_text)
]
IdentityNumber = Annotated[
    str, StringConstraints(min_length=1, max_length=40), BeforeValidator(identity_number)
]

Moment = Annotated[
    datetime,
    BeforeValidator(moment),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "maxLength": _LONGEST_MOMENT,
            "pattern": _MOMENT_PATTERN,
            "description": "ISO 8601 with an offset of at most 14 hours; years 1900 to 2100.",
        }
    ),
]
PastMoment = Annotated[Moment, AfterValidator(_not_in_future)]
CivilDate = Annotated[
    date,
    BeforeValidator(civil_date),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "minLength": 10,
            "maxLength": 10,
            "pattern": rf"^{_YEARS}-[0-9]{{2}}-[0-9]{{2}}$",
            "description": "YYYY-MM-DD; years 1900 to 2100.",
        }
    ),
]
PastDate = Annotated[CivilDate, AfterValidator(_not_after_today)]
Id = Annotated[
    UUID,
    BeforeValidator(identifier),
    WithJsonSchema(
        {
            "type": "string",
            "format": "uuid",
            "minLength": 36,
            "maxLength": 36,
            "pattern": r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
        }
    ),
]
PhoneNumber = Annotated[
    str,
    BeforeValidator(phone_number),
    WithJsonSchema({"type": "string", "minLength": 5, "maxLength": 21, "pattern": r"^\+?[0-9]{5,20}$"}),
]
LanguageTag = Annotated[
    str,
    BeforeValidator(language_tag),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 2,
            "maxLength": 11,
            "pattern": r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$",
        }
    ),
]

StrictBool = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0, le=LARGEST_COUNT)]
Version = Annotated[int, Strict(), Field(ge=1, le=LARGEST_COUNT)]
Years = Annotated[int, Strict(), Field(ge=0, le=120)]
Month = Annotated[int, Strict(), Field(ge=1, le=24)]
Level = Annotated[int, Strict(), Field(ge=1, le=4)]


class Body(BaseModel):
    """What a caller sends. Fields use the types above: they take only what JSON itself can tell apart."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=False,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        validate_default=True,
    )
