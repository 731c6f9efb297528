"""Inputs that break other applications are refused by name here; honest input comes through unharmed."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BeforeValidator, TypeAdapter, ValidationError

from api.representations import types
from api.representations.rules import FALLBACK, OWN_RULES, RULE_TEXTS, broken, rule_text
from api.representations.types import (
    Address,
    Body,
    CivilDate,
    Code,
    Count,
    CountryCode,
    DocumentNumber,
    Id,
    IdentityNumber,
    LanguageTag,
    Level,
    LongText,
    Moment,
    Month,
    Name,
    PastDate,
    PastMoment,
    PhoneNumber,
    ShortText,
    StrictBool,
    Version,
    Years,
)
from domain.people import civil_day

CertificateMonths = Annotated[Literal[1, 12], BeforeValidator(types.whole_number)]
TEXTS = (Name, ShortText, LongText, Address, DocumentNumber, IdentityNumber)
TEXT_LIKE = (*TEXTS, Code, CountryCode, Moment, PastMoment, CivilDate, PastDate, Id, PhoneNumber, LanguageTag)
NUMBERS = (Count, Version, Years, Month, Level)


def accepted(kind: Any, value: object) -> object:
    return TypeAdapter(kind).validate_python(value)


def refused(kind: object, value: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        accepted(kind, value)
    return [error["type"] for error in caught.value.errors()]


@pytest.mark.parametrize("kind", TEXT_LIKE)
@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("示\x00例", "text_nul"),
        ("\ud800", "text_surrogate"),
        ("a\udfffb", "text_surrogate"),
        ("示\x1b例", "text_control"),
        ("示\x07例", "text_control"),
        ("示\r例", "text_control"),
        ("示\x7f例", "text_control"),
        ("示\x85例", "text_control"),
        ("示\ufdd0例", "text_noncharacter"),
        ("示\ufffe例", "text_noncharacter"),
        ("示\U0010ffff例", "text_noncharacter"),
    ],
)
def test_a_character_that_cannot_be_stored_is_refused_by_name(kind: object, value: str, rule: str) -> None:
    assert refused(kind, value) == [rule]


@pytest.mark.parametrize("kind", TEXT_LIKE)
@pytest.mark.parametrize(
    "value", [5, 1.5, True, None, b"x", ["x"], {"x": 1}, float("nan"), date(2026, 3, 12), UUID(int=1)]
)
def test_only_text_is_taken_for_text(kind: object, value: object) -> None:
    assert refused(kind, value) == ["string_type"]


@pytest.mark.parametrize(
    ("kind", "longest"),
    [
        (Name, 100),
        (ShortText, 200),
        (LongText, 5000),
        (Address, 300),
        (DocumentNumber, 60),
        (IdentityNumber, 40),
    ],
)
def test_a_text_may_be_as_long_as_it_says_and_no_longer(kind: object, longest: int) -> None:
    assert accepted(kind, "示" * longest) == "示" * longest
    assert refused(kind, "示" * (longest + 1)) == ["string_too_long"]


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("value", ["", " ", "\n\t", "\u3000", "\u200b\u200d", "\ufeff"])
def test_a_text_with_nothing_to_see_is_empty(kind: object, value: str) -> None:
    assert refused(kind, value) == ["string_too_short"]


def test_text_is_stripped_and_brought_into_one_form() -> None:
    assert accepted(ShortText, " \u3000Zoe\u0301\n") == "Zoé"
    assert accepted(LongText, "第一行\r\n第二行\t末") == "第一行\n第二行\t末"
    assert accepted(Name, "示例·居来提") == "示例·居来提"
    assert accepted(Name, "𠮷示例") == "𠮷示例"


@pytest.mark.parametrize("value", ["", "A", "a-b", "a b", " a", "a\n", "a" * 61, "代码"])
def test_a_code_is_lower_case_letters_and_underscores(value: str) -> None:
    assert refused(Code, value)[0].startswith("string_")
    assert accepted(Code, "goals_met") == "goals_met"


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("2026-03-12T09:30:00", "moment_without_offset"),
        ("2026-03-12", "moment_format"),
        ("1767225600", "moment_format"),
        ("1767225600.5", "moment_format"),
        ("2026-03-12 09:30:00Z", "moment_format"),
        ("20260312T093000Z", "moment_format"),
        ("2026-02-30T09:30:00Z", "moment_format"),
        ("2026-03-12T24:00:00Z", "moment_format"),
        ("2026-03-12T23:59:60Z", "moment_format"),
        ("2026-03-12T09:30:00+08:60", "moment_format"),
        ("２026-03-12T09:30:00Z", "moment_format"),
        ("2026-03-12T09:30:00Z\n", "moment_format"),
        ("2026-03-12T09:30:00+14:01", "moment_offset_out_of_range"),
        ("2026-03-12T09:30:00-23:59", "moment_offset_out_of_range"),
        ("0001-01-01T00:00:00+14:00", "moment_out_of_range"),
        ("9999-12-31T23:59:59-14:00", "moment_out_of_range"),
        ("1899-12-31T23:59:59Z", "moment_out_of_range"),
        ("2101-01-01T00:00:00Z", "moment_out_of_range"),
        ("1900-01-01T00:00:00+00:01", "moment_out_of_range"),
        ("2100-12-31T23:59:59-00:01", "moment_out_of_range"),
    ],
)
def test_a_moment_without_offset_or_out_of_bounds_is_refused(value: str, rule: str) -> None:
    assert refused(Moment, value) == [rule]


@pytest.mark.parametrize(
    ("value", "utc"),
    [
        ("2026-03-12T09:30+08:00", datetime(2026, 3, 12, 1, 30, tzinfo=UTC)),
        ("2026-03-12T09:30:00Z", datetime(2026, 3, 12, 9, 30, tzinfo=UTC)),
        ("2026-03-12T09:30:00.123456789+14:00", datetime(2026, 3, 11, 19, 30, 0, 123456, tzinfo=UTC)),
        ("1900-01-01T00:00:00Z", datetime(1900, 1, 1, tzinfo=UTC)),
        ("2100-12-31T23:59:59Z", datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_moment_becomes_utc(value: str, utc: datetime) -> None:
    found = accepted(Moment, value)
    assert found == utc
    assert isinstance(found, datetime)
    assert found.tzinfo is UTC


def test_what_happened_may_run_ahead_of_our_clock_by_five_minutes_only() -> None:
    now = datetime.now(UTC)
    assert accepted(PastMoment, (now + timedelta(minutes=4)).isoformat())
    assert refused(PastMoment, (now + timedelta(minutes=6)).isoformat()) == ["moment_in_future"]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("2026-02-30", "date_format"),
        ("20260312", "date_format"),
        ("2026-3-12", "date_format"),
        ("12.03.2026", "date_format"),
        ("2026-03-12T00:00:00Z", "date_format"),
        ("1773273600", "date_format"),
        (" 2026-03-12", "date_format"),
        ("２０２６-03-12", "date_format"),
        ("2026-W11-4", "date_format"),
        ("0001-01-01", "date_out_of_range"),
        ("1899-12-31", "date_out_of_range"),
        ("2101-01-01", "date_out_of_range"),
        ("9999-12-31", "date_out_of_range"),
    ],
)
def test_a_date_in_another_form_or_century_is_refused(value: str, rule: str) -> None:
    assert refused(CivilDate, value) == [rule]


def test_a_date_keeps_its_day() -> None:
    assert accepted(CivilDate, "2024-02-29") == date(2024, 2, 29)
    assert accepted(CivilDate, "1900-01-01") == date(1900, 1, 1)


def test_a_check_cannot_be_dated_after_today_in_shanghai() -> None:
    today = civil_day(datetime.now(UTC))
    assert accepted(PastDate, today.isoformat()) == today
    assert refused(PastDate, (today + timedelta(days=2)).isoformat()) == ["date_in_future"]


@pytest.mark.parametrize(
    "value",
    [
        "{0198c3a2-5b7e-7d10-9f3a-4c2b1a0e9d01}",
        "urn:uuid:0198c3a2-5b7e-7d10-9f3a-4c2b1a0e9d01",
        "0198c3a25b7e7d109f3a4c2b1a0e9d01",
        "0198c3a2-5b7e-7d10-9f3a-4c2b1a0e9d0",
        "0198c3a2-5b7e-7d10-9f3a-4c2b1a0e9d01 ",
        "0198c3a2-5b7e-7d10-9f3a-4c2b1a0e9d0g",
        "0198c3a2-5b7e-7d10-9f3a-4c2b1a0e9d0１",
        "",
    ],
)
def test_an_identifier_has_one_way_of_writing(value: str) -> None:
    assert refused(Id, value) == ["id_format"]


def test_an_identifier_may_be_lower_or_upper_case() -> None:
    text = "0198c3a2-5b7e-7d10-9f3a-4c2b1a0e9d01"
    assert accepted(Id, text) == accepted(Id, text.upper()) == UUID(text)


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("value", [True, False, "1", "", 1.0, 1.5, None, float("nan"), float("inf"), [1]])
def test_a_number_is_a_whole_number_and_nothing_like_it(kind: object, value: object) -> None:
    assert refused(kind, value) == ["int_type"]


@pytest.mark.parametrize("value", [True, "1", 1.0, None])
def test_a_closed_list_of_numbers_takes_no_true_for_one(value: object) -> None:
    assert refused(CertificateMonths, value) == ["int_type"]
    assert refused(CertificateMonths, 2) == ["literal_error"]
    assert accepted(CertificateMonths, 12) == 12


@pytest.mark.parametrize(
    ("kind", "lowest", "highest"),
    [(Count, 0, 2**31 - 1), (Version, 1, 2**31 - 1), (Years, 0, 120), (Month, 1, 24), (Level, 1, 4)],
)
def test_every_number_is_bounded_on_both_sides(kind: object, lowest: int, highest: int) -> None:
    assert accepted(kind, lowest) == lowest
    assert accepted(kind, highest) == highest
    assert refused(kind, lowest - 1) == refused(kind, -(10**400)) == ["greater_than_equal"]
    assert refused(kind, highest + 1) == refused(kind, 2**63) == refused(kind, 10**400) == ["less_than_equal"]


@pytest.mark.parametrize("value", [0, 1, "true", "yes", "on", 1.0, None])
def test_yes_and_no_are_true_and_false_only(value: object) -> None:
    assert refused(StrictBool, value) == ["bool_type"]


@pytest.mark.parametrize("value", ["1234", "1" * 21, "++8613800000000", "0991-A", "", "+", "٠٩٩١٠٠٠٠"])
def test_what_cannot_be_dialled_is_no_telephone_number(value: str) -> None:
    assert refused(PhoneNumber, value) == ["phone_format"]


def test_a_telephone_number_is_kept_without_separators() -> None:
    assert accepted(PhoneNumber, "+86 (991) 000-0000") == "+869910000000"
    assert accepted(PhoneNumber, "０９９１　０００００００") == "09910000000"


@pytest.mark.parametrize("value", ["", "z", "chinese", "zh_CN", "zh-", "zh-CN-x-private", "zh CN"])
def test_a_language_is_a_tag(value: str) -> None:
    assert refused(LanguageTag, value) == ["language_tag_format"]


@pytest.mark.parametrize(
    ("value", "tag"), [("ZH", "zh"), ("zh-hans-cn", "zh-Hans-CN"), ("csl", "csl"), ("es-419", "es-419")]
)
def test_a_language_tag_is_kept_in_its_usual_case(value: str, tag: str) -> None:
    assert accepted(LanguageTag, value) == tag


# Numbers built for this test: place 999999 exists nowhere.
@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("999999200001010010", "identity_number_check_digit"),
        ("99999920000101001X", "identity_number_check_digit"),
        ("９９９９９９２００００１０１００１０", "identity_number_check_digit"),
    ],
)
def test_a_mistyped_citizen_number_is_refused(value: str, rule: str) -> None:
    assert refused(IdentityNumber, value) == [rule]


def _citizen_number(first_17: str) -> str:
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first_17))
    return first_17 + "10X98765432"[total % 11]


@pytest.mark.parametrize("order", range(12))
def test_a_right_citizen_number_is_kept_without_separators(order: int) -> None:
    number = _citizen_number(f"99999920000101{order:03d}")
    assert accepted(IdentityNumber, f" {number[:6]} {number[6:14]}-{number[14:]} ".lower()) == number


def test_a_citizen_number_holds_a_day_that_exists() -> None:
    assert refused(IdentityNumber, _citizen_number("99999920000230001")) == ["identity_number_birth_date"]


@pytest.mark.parametrize("value", ["EX0000001", "示例证字第0001号", "12345678901234567", "T-000/0.1 (A)"])
def test_other_documents_keep_their_numbers(value: str) -> None:
    assert accepted(IdentityNumber, value) == value


class Example(Body):
    text: ShortText
    number: Count = 0


def test_a_body_refuses_what_it_does_not_know_and_stays_as_it_is() -> None:
    assert refused(Example, {"text": "示例", "colour": 1}) == ["extra_forbidden"]
    assert refused(Example, {}) == ["missing"]
    assert refused(Example, ["示例"]) == ["model_type"]
    body = Example.model_validate({"text": "示例"})
    with pytest.raises(ValidationError):
        body.text = "别的"  # type: ignore[misc]


def test_an_error_does_not_print_the_value() -> None:
    with pytest.raises(ValidationError) as caught:
        Example.model_validate({"text": "绝密示例" * 100, "number": "绝密示例"})
    assert "绝密" not in str(caught.value) + repr(caught.value)
    for error in caught.value.errors(include_input=False):
        assert "绝密" not in str(error) + rule_text(error["type"], error.get("ctx")).zh


@pytest.mark.parametrize("rule", sorted(RULE_TEXTS))
def test_every_rule_is_told_in_both_languages(rule: str) -> None:
    text = RULE_TEXTS[rule]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in text.zh)
    assert text.en.isascii()
    assert "{" not in text.zh + text.en


@pytest.mark.parametrize("rule", sorted(OWN_RULES))
def test_our_own_rules_keep_their_names(rule: str) -> None:
    assert broken(rule).type == rule


def test_a_text_names_the_declared_limit_and_nothing_that_was_sent() -> None:
    assert rule_text("string_too_long", {"max_length": 200}).zh == "文字过长（200）"
    assert rule_text("string_too_long", {"sent": "绝密"}) == RULE_TEXTS["string_too_long"]
    assert rule_text("no_such_rule", {"error": ValueError("绝密")}) == RULE_TEXTS[FALLBACK]


@pytest.mark.parametrize("kind", [*TEXT_LIKE, *NUMBERS])
def test_every_type_documents_its_bounds(kind: Any) -> None:
    schema = TypeAdapter(kind).json_schema()
    assert {"maxLength", "pattern", "maximum"} & schema.keys()
    assert schema == TypeAdapter(kind).json_schema(mode="serialization")
