"""What a broken input rule is called, in both languages: stable codes, never the value that broke it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pydantic_core import PydanticCustomError

from domain.texts import Text

FALLBACK: Final = "default"

_OWN_RULES: Final[Mapping[str, Text]] = {
    "text_nul": Text("文字中含有空字符", "The text contains a NUL character"),
    "text_surrogate": Text("文字编码不完整", "The text contains half of a character"),
    "text_control": Text("文字中含有控制字符", "The text contains a control character"),
    "text_noncharacter": Text("文字中含有无效字符", "The text contains a code point that is no character"),
    "moment_format": Text(
        "时间格式应为：2026-03-12T09:30:00+08:00", "Write the time as 2026-03-12T09:30:00+08:00"
    ),
    "moment_without_offset": Text(
        "时间须注明时区，例如 +08:00", "The time needs its offset from UTC, such as +08:00"
    ),
    "moment_offset_out_of_range": Text(
        "时区偏移不得超过14小时", "The offset from UTC is larger than 14 hours"
    ),
    "moment_out_of_range": Text("年份须在1900至2100之间", "The year must lie between 1900 and 2100"),
    "moment_in_future": Text("时间不能晚于现在", "The time must not lie in the future"),
    "date_format": Text("日期格式应为：2026-03-12", "Write the date as 2026-03-12"),
    "date_out_of_range": Text("年份须在1900至2100之间", "The year must lie between 1900 and 2100"),
    "date_in_future": Text("日期不能晚于今天", "The date must not lie in the future"),
    "dates_in_wrong_order": Text("日期先后顺序有误", "This date lies before the date that it should follow"),
    "id_format": Text("编号须为36位标准UUID", "The identifier must be a UUID of 36 characters"),
    "phone_format": Text(
        "电话号码须为5至20位数字，可以加号开头",
        "A telephone number has 5 to 20 digits, with + in front if wanted",
    ),
    "language_tag_format": Text(
        "语言代码应如 zh、ug、zh-Hans-CN", "Write the language as a tag such as zh, ug or zh-Hans-CN"
    ),
    "identity_number_check_digit": Text(
        "公民身份号码校验位不符", "The check digit of the identity number is wrong"
    ),
    "identity_number_birth_date": Text(
        "公民身份号码中的出生日期无效", "The birth date in the identity number does not exist"
    ),
    "exactly_one": Text("须且只能填其中一项", "Give exactly one of them"),
    "needs_level_missing": Text(
        "四个层面至少写明一个", "At least one of the four levels is told, with what carries the person there"
    ),
    "needed_here": Text(
        "根据本记录中的另一项回答，此项必填", "Another answer in this record makes this one necessary"
    ),
    "months_repeated": Text("月份不能重复", "A month is named twice"),
    "items_repeated": Text("列表中有重复项", "An item is named twice"),
}

_GENERAL_RULES: Final[Mapping[str, Text]] = {
    FALLBACK: Text("此项填写有误", "This value is not accepted"),
    "missing": Text("此项必填", "This field is required"),
    "extra_forbidden": Text("不接受此项", "This field is not known here"),
    "frozen_field": Text("此项不能修改", "This field cannot be changed"),
    "frozen_instance": Text("此内容不能修改", "This cannot be changed"),
    "none_required": Text("此项须为空", "This must be null"),
    "string_type": Text("此项须为文字", "This must be text"),
    "string_sub_type": Text("此项须为文字", "This must be text"),
    "string_unicode": Text("文字编码不完整", "The text contains half of a character"),
    "string_too_long": Text("文字过长", "The text is too long"),
    "string_too_short": Text("文字过短或为空", "The text is too short or empty"),
    "string_pattern_mismatch": Text("格式不符", "The text does not have the required form"),
    "enum": Text("不在可选范围内", "This is not one of the choices"),
    "literal_error": Text("不在可选范围内", "This is not one of the choices"),
    "bool_type": Text("须为 true 或 false", "This must be true or false"),
    "bool_parsing": Text("须为 true 或 false", "This must be true or false"),
    "int_type": Text("须为整数", "This must be a whole number"),
    "int_parsing": Text("须为整数", "This must be a whole number"),
    "int_parsing_size": Text("数字过大", "The number is too large"),
    "int_from_float": Text("须为整数", "This must be a whole number"),
    "float_type": Text("须为数字", "This must be a number"),
    "float_parsing": Text("须为数字", "This must be a number"),
    "finite_number": Text("须为有限的数字", "This must be a finite number"),
    "multiple_of": Text("数字须为规定数的倍数", "The number must be a multiple of the given one"),
    "greater_than": Text("数字过小", "The number is too small"),
    "greater_than_equal": Text("数字过小", "The number is too small"),
    "less_than": Text("数字过大", "The number is too large"),
    "less_than_equal": Text("数字过大", "The number is too large"),
    "list_type": Text("须为列表", "This must be a list"),
    "tuple_type": Text("须为列表", "This must be a list"),
    "set_type": Text("须为列表", "This must be a list"),
    "frozen_set_type": Text("须为列表", "This must be a list"),
    "iterable_type": Text("须为列表", "This must be a list"),
    "too_long": Text("项目过多", "There are too many items"),
    "too_short": Text("项目过少", "There are too few items"),
    "dict_type": Text("须为对象", "This must be an object"),
    "mapping_type": Text("须为对象", "This must be an object"),
    "model_type": Text("须为对象", "This must be an object"),
    "model_attributes_type": Text("须为对象", "This must be an object"),
    "dataclass_type": Text("须为对象", "This must be an object"),
    "invalid_key": Text("名称须为文字", "Names must be text"),
    "recursion_loop": Text("嵌套过深", "The nesting is too deep"),
    "json_invalid": Text("不是有效的JSON", "This is not valid JSON"),
    "json_type": Text("不是有效的JSON", "This is not valid JSON"),
    "uuid_type": Text("编号须为36位标准UUID", "The identifier must be a UUID of 36 characters"),
    "uuid_parsing": Text("编号须为36位标准UUID", "The identifier must be a UUID of 36 characters"),
    "uuid_version": Text("编号须为规定版本的UUID", "The identifier must be a UUID of the required version"),
    "date_type": Text("须为日期", "This must be a date"),
    "date_parsing": Text("须为日期", "This must be a date"),
    "date_from_datetime_parsing": Text("须为日期", "This must be a date"),
    "date_from_datetime_inexact": Text("须为日期", "This must be a date"),
    "datetime_type": Text("须为时间", "This must be a time"),
    "datetime_parsing": Text("须为时间", "This must be a time"),
    "datetime_from_date_parsing": Text("须为时间", "This must be a time"),
    "datetime_object_invalid": Text("须为时间", "This must be a time"),
    "timezone_aware": Text(
        "时间须注明时区，例如 +08:00", "The time needs its offset from UTC, such as +08:00"
    ),
    "time_delta_type": Text("须为时长", "This must be a duration"),
    "time_delta_parsing": Text("须为时长", "This must be a duration"),
    "union_tag_invalid": Text("种类不在可选范围内", "The kind is not one of the choices"),
    "union_tag_not_found": Text("缺少种类", "The kind is missing"),
    "url_type": Text("须为网址", "This must be a web address"),
    "url_parsing": Text("须为网址", "This must be a web address"),
    "url_syntax_violation": Text("须为网址", "This must be a web address"),
    "url_scheme": Text("网址协议不允许", "This kind of web address is not allowed"),
    "url_too_long": Text("网址过长", "The web address is too long"),
    "bytes_type": Text("须为文字", "This must be text"),
    "value_error": Text("此项填写有误", "This value is not accepted"),
    "assertion_error": Text("此项填写有误", "This value is not accepted"),
}

RULE_TEXTS: Final[Mapping[str, Text]] = MappingProxyType({**_GENERAL_RULES, **_OWN_RULES})
OWN_RULES: Final = frozenset(_OWN_RULES)

_LIMITS: Final = ("max_length", "min_length", "le", "ge", "lt", "gt", "multiple_of", "expected")


def broken(rule: str) -> PydanticCustomError:
    """The error to raise when an input breaks one of our own rules; KeyError for a rule without a text."""
    return PydanticCustomError(rule, _OWN_RULES[rule].en)


def rule_text(rule: str, context: Mapping[str, object] | None = None) -> Text:
    """The text for an error's `type`, the limit from its `ctx` in brackets; the fallback for an unknown rule.

    Only limits that the schema itself declares are taken over from `ctx`, never anything that was sent.
    """
    text = RULE_TEXTS.get(rule, RULE_TEXTS[FALLBACK])
    known = context or {}
    limit = next((known[name] for name in _LIMITS if name in known), None)
    if rule in OWN_RULES or not isinstance(limit, int | str):
        return text
    return Text(f"{text.zh}（{limit}）", f"{text.en} ({limit})")
