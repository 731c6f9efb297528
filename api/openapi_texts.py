"""The words of the OpenAPI document: what it says of itself, of its tags, of its headers."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.agencies import AGENCY_NAMES, Agency
from domain.mandates import MANDATES
from domain.purposes import PurposeOfUse
from domain.stages import STAGE_NAMES, StageCode
from domain.texts import Language, Text
from domain.workflow import MACHINES, Machine, Transition

DESCRIPTION: Final = """
Case management that brings trafficked people home. Each stage is moved by the agency that the articles make
responsible; every step is on the case's timeline.

* **Signing in**: people at `POST /sign_in`, machines at `POST /token`, then `Authorization: Bearer ...`. Reports,
  receipts, places, the policy and the list of problems are open to everybody.
* **Changing**: a change names in `If-Match` the version that it was made from, as its `ETag` said (428 without, 412
  when it moved on).
* **Repeating**: `Idempotency-Key` makes a POST, PUT or PATCH safe to send again: the first answer comes back with
  `Idempotent-Replayed: true`, and nothing happens twice.
* **Reading**: what is not for a reader is absent, never null, and named in `_redacted`; what a reader may not know of
  at all answers 404, exactly as if it did not exist. `x-label` says how narrowly a field is read; `explain=true` adds
  which rule gave or withheld each compartment. A machine says in `X-Purpose-Of-Use` why it reads.
* **Lists**: follow `links.next` (also in the `Link` header) until it is absent. There are no counts.
* **Problems**: every error is `application/problem+json` (RFC 9457). `type` is an address that explains it, `instance`
  the request's id, as in `X-Request-Id`; what was sent is never repeated.
* **Language**: `Accept-Language: zh-CN` or `en`; codes are the same in both.

帮助被拐卖的人回家的个案管理系统。每一阶段由有关条款规定的责任机构办理，每一步都记入案件时间线。

* **登录**：人员用 `POST /sign_in`，系统用 `POST /token`，之后使用 `Authorization: Bearer ...`。
  报告、回执、地点、政策和问题目录无须登录。
* **修改**：在 `If-Match` 中写明所读的版本（即 `ETag`）；未写答428，版本已变答412。
* **重试**：POST 或 PATCH 带 `Idempotency-Key` 即可安全重发：返回第一次的答复，不会重复办理。
* **阅读**：不属于读者的内容不出现（绝不以 null 代替），其名称列在 `_redacted` 中；读者无权知晓其存在的，一律答404。
  `x-label` 表明每一项的阅读范围；`explain=true` 另附每一部分依哪条规则可读或不可读。程序须以 `X-Purpose-Of-Use` 注明用途。
* **列表**：沿 `links.next` 翻页，直至没有为止；不提供总数。
* **问题**：一切错误均为 `application/problem+json`；`type` 是说明的地址，`instance` 是请求编号；从不回显所填内容。
* **语言**：`Accept-Language: zh-CN` 或 `en`；代码两种语言相同。
"""

REDACTED: Final = (
    "Names of what is withheld: it is not for this reader, whether or not anything is written there, and is absent above. "
    "Empty when nothing is withheld."
)

_FIRST: Final = {
    "Signing in": Text("登录、退出，以及核对令牌的公钥", "Signing in and out, and the keys that tokens are checked with"),
    "Machines": Text(
        "各机构的系统以自己的密钥登录，限定地点与用途，令牌五分钟有效",
        "Systems of agencies sign in with keys of their own, for one place and some purposes, five minutes at a time",
    ),
    "Reports (Arts. 44, 11, 16, 45)": Text(
        "任何人都可报告；报告到达即由当地公安值班单位处理，并必有答复",
        "Anybody may report; a report lies at once with the police duty unit there and never ends unanswered",
    ),
    "Inbox": Text("本单位的待办，最急的在前", "What lies with the caller's unit, most urgent first"),
    "Clocks and alarms": Text(
        "时限与提醒：何时到期，谁被告知", "Clocks and alarms: what is due when, and who is told"
    ),
    "Cases": Text("案件：所涉的人、各阶段、主办单位、结案", "Cases: their people, their stages, their owner, their end"),
    "Conflicts": Text(
        "监护人、单位或人员须回避的情形：立即生效，由多方共同解除",
        "Guardians, units and officers in question: in force at once, cleared by several together",
    ),
    "People and their consent": Text(
        "案件中的人，以及本人对每一用途的同意", "The people in a case, and what each of them agreed to"
    ),
    "Emergency access": Text(
        "紧急查阅：一人一案一小时，当即告知双方主管和审计人员，事后由他人复核",
        "Emergency access: one case for one officer for an hour, told at once and reviewed by somebody else",
    ),
    "The person's own door": Text(
        "本人自己的入口：不用账号，凭工作人员当面交给的代码；看办理情况、知情同意、自己的记录和谁看过，更正、投诉、约定联系",
        "The person's own door: no account, a code handed over; their plan, consents and record, who looked, and their say",
    ),
    "Merges": Text(
        "两个案件中的同一个人：双方负责单位都同意才合并，可完整撤销",
        "One person in two cases: both owners agree, nothing is pooled, and it can be undone whole",
    ),
}  # fmt: skip
_LAST: Final = {
    "Checkpoints": Text(
        "全部记录构成同一日志，定时签名；任何人都可取得检查点，并核对日志未被改动",
        "One log of everything written down, signed as it grows: anybody may take a checkpoint and prove that nothing changed",
    ),
    "Timeline": Text(
        "案件的每一步，按顺序，可核对是否完整",
        "Every step of a case in order, and whether the chain is whole",
    ),
    "Approvals": Text("须由另一机构批准的事项", "What another agency must approve before it is done"),
    "Nameless requests": Text(
        "向不接触个案的机构提出的请求：只写需要什么、何时之前，不写任何人",
        "Help asked of agencies that read no cases: what is needed and by when, and nobody's name",
    ),
    "Personal data": Text(
        "个人资料：保存期限、法定保留、应请求删除、本人查阅的副本",
        "Terms of keeping, legal holds, erasure on request, and everything that is known of one person, for them",
    ),
    "Coordination": Text(
        "反拐办所见：各单位在办与逾期数量、逾期清单；没有姓名、案件，也无从追查到个案",
        "What OFFICE sees: how much lies where and what is late; no name, no case, no way down to one",
    ),
    "Places, units, people": Text(
        "地点、单位和工作人员账号", "Places, the units at them, and the accounts in these"
    ),
    "Policy": Text(
        "程序所执行的政策原文结构、流程图和问题目录",
        "The policy as the program carries it out, its picture, the catalogue of problems",
    ),
    "Health": Text("服务是否运行、能否工作", "Whether the process lives, and whether it can do its work"),
}


def tags(stage_tags: Mapping[StageCode, str]) -> list[dict[str, str]]:
    """The tags in the order in which they are read, each described in both languages."""
    found = {**_FIRST, **{tag: _of_stage(code) for code, tag in stage_tags.items()}, **_LAST}
    return [{"name": name, "description": f"{text.zh}。\n\n{text.en}."} for name, text in found.items()]


def _of_stage(code: StageCode) -> Text:
    mandate, name = MANDATES[code], STAGE_NAMES[code]
    numbers = [str(number) for number in mandate.articles]
    chinese = f"{name.zh}（第{'、'.join(numbers)}条）：{_names(mandate.leads, Language.ZH)}牵头"
    english = f"{name.en} (Art. {', '.join(numbers)}): led by {_names(mandate.leads, Language.EN)}"
    if mandate.cooperating:
        chinese += f"，{_names(mandate.cooperating, Language.ZH)}配合"
        english += f"; {_names(mandate.cooperating, Language.EN)} cooperate"
    return Text(f"{chinese}。开启：{mandate.opens.zh}", f"{english}. Opens: {mandate.opens.en}")


def _names(agencies: Iterable[Agency], language: Language) -> str:
    mark = "、" if language is Language.ZH else ", "
    return mark.join(AGENCY_NAMES[agency].in_language(language) for agency in agencies)


def stories() -> dict[str, str]:
    """What each move does, by its operation's id, told from the machines' tables."""
    found = {f"{row.action}_{machine}": _story(row) for machine in MACHINES for row in MACHINES[machine]}
    of_stages = {f"{row.action}_{code}": _story(row) for code in StageCode for row in MACHINES[Machine.STAGE]}
    return {**found, **of_stages}


def _story(row: Transition) -> str:
    sources = " or ".join(f"`{state}`" for state in row.sources)
    way = f"From {sources} to `{row.target}`." if row.target else f"In {sources}; the state stays."
    takers = ", ".join(f"`{by}`" for by in row.by)
    approval = " Another agency approves first." if row.approved else ""
    return f"{way} Taken by: {takers}.{approval}"


def _header(description: str, example: str, *, always: bool = False, **schema: object) -> dict[str, Any]:
    found = {"description": description, "schema": {"type": "string", **schema}, "example": example}
    return {**found, "required": True} if always else found


_AN_ID: Final = "0198c0de-0000-7000-8000-00000000000a"
HEADERS: Final[Mapping[str, dict[str, Any]]] = {
    "X-Request-Id": _header("The request's id; our log and the timeline name it.", _AN_ID, always=True, format="uuid"),
    "Content-Language": _header("The language of the answer.", "zh-CN", enum=["zh-CN", "en"]),
    "ETag": _header("The version, in quotes: the If-Match of the next change.", '"3"', always=True),
    "Location": _header("Where the new thing is read.", "/receipts/R-48392-07561-4", always=True),
    "Link": _header("The next page (RFC 8288); absent on the last.", '</inbox?limit=50&after=bWFyaw>; rel="next"'),
    "Stage-Version": _header("The stage's version after this record.", "4", always=True),
    "Idempotent-Replayed": _header("This is the first answer to the same key; nothing happened again.", "true", const="true"),
    "Retry-After": _header("Seconds to wait.", "1", pattern="^[0-9]+$"),
    "RateLimit": _header("Requests left in this window, and its length in seconds.", '"default";r=29;t=600', always=True),
    "RateLimit-Policy": _header("Requests in a window, and its length in seconds.", '"default";q=30;w=600', always=True),
    "WWW-Authenticate": _header("The scheme to sign in with (RFC 6750).", "Bearer", always=True),
}  # fmt: skip


def _parameter(name: str, description: str, example: str, **schema: object) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
        "example": example,
    }


_VERSION: Final = '^"[1-9][0-9]{0,17}"$'
_VISIBLE: Final = "^[\\x21-\\x7e]{8,255}$"
_IF_MATCH: Final = _parameter("If-Match", "The version that was read, in quotes.", '"3"', pattern=_VERSION)
_MAY_MATCH: Final = "The stage's version, in quotes, if it must not have moved on."
_KEY: Final = "Makes the request safe to repeat: one key, one effect."
_LONG_KEY: Final = f"{_KEY} Without an account it has at least 32 characters, such as a random UUID."
_LONG: Final = "^[\\x21-\\x7e]{32,255}$"
_PURPOSE: Final = (
    "Why this is read or done; the read log and the timeline keep it. Without it people read for their case work; a machine "
    "names one that it was granted on every read of something restricted."
)
PARAMETERS: Final[Mapping[str, dict[str, Any]]] = {
    "Accept-Language": _parameter("Accept-Language", "zh-CN or en.", "zh-CN", maxLength=200),
    "X-Purpose-Of-Use": _parameter("X-Purpose-Of-Use", _PURPOSE, "case_work", enum=list(PurposeOfUse)),
    "Idempotency-Key": _parameter(
        "Idempotency-Key", _KEY, _AN_ID, pattern=_VISIBLE, minLength=8, maxLength=255
    ),
    "Idempotency-Key-Public": _parameter(
        "Idempotency-Key", _LONG_KEY, _AN_ID, pattern=_LONG, minLength=32, maxLength=255
    ),
    "If-Match": {**_IF_MATCH, "required": True},
    "If-Match-Optional": {**_IF_MATCH, "description": _MAY_MATCH},
}
