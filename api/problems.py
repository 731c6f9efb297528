"""Every refusal as an RFC 9457 problem, in two languages, never repeating what was sent."""

import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.access import request_id
from api.languages import language_of
from api.problem_texts import FIELD_TEXTS
from api.representations.rules import FALLBACK, RULE_TEXTS
from domain import refusals
from domain.numbers import NumberMistyped
from domain.refusals import Possible, Refusal, Unmet
from domain.texts import Language, Text
from services.client_sign_in import ClientRefused, ScopeNotGranted
from services.passwords import PasswordRefused

log: Final = logging.getLogger("homeward.problems")
MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem before its language is chosen. `facts` become members of their own."""

    status: int
    code: str
    title: Text
    detail: Text
    facts: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def _problem(status: int, code: str, title: tuple[str, str], detail: tuple[str, str]) -> Problem:
    return Problem(status, code, Text(*title), Text(*detail))


CATALOGUE: Final = (
    _problem(400, "bad_request", ("请求无法理解", "The request is not understood"), ("请求的格式有误。", "The form of the request is wrong.")),
    _problem(401, "not_signed_in", ("请先登录", "Not signed in"), ("需要有效的访问令牌，请重新登录。", "A valid access token is needed: sign in at POST /sign_in.")),
    _problem(401, "client_refused", ("客户端认证失败", "Client refused"), ("断言无效、已用过，或没有这个客户端。", "The assertion does not count, was used before, or there is no such client.")),
    _problem(400, "scope_refused", ("申请的范围未获授权", "Scope not granted"), ("所申请的地点或用途不在授权之内。", "The place or a purpose asked for is not among what this client was granted.")),
    _problem(401, "sign_in_refused", ("登录失败", "Sign-in refused"), ("所示凭据不符或已失效，或账号已停用。", "What was shown does not fit or counts no longer, or the account is closed.")),
    _problem(403, "set_up_first", ("请先完成账号设置", "Set up your account first"), ("请先完成 `steps` 所列步骤，见 /me/password 与 /me/second_factor。", "Take the `steps` first: POST /me/password, POST /me/second_factor.")),
    _problem(403, "access_not_approved", ("尚未获准查阅个人资料", "Access not approved yet"), ("须先由负责人批准，有效期最长一年；`possible` 说明由谁批准。", "Somebody responsible approves it first, for a year at most; `possible` says who.")),
    _problem(403, "confirmation_needed", ("请再次验证身份", "Prove once more that it is you"), ("此操作须在5分钟内再次验证：POST /sign_in/confirm。", "This step needs a proof not older than 5 minutes: POST /sign_in/confirm.")),
    _problem(403, "role_not_allowed", ("此角色无权操作", "Not for this role"), ("您的角色不做这件事；`roles` 列出可以做的角色。", "Your role does not do this; `roles` names those that do.")),
    _problem(403, "purpose_not_granted", ("不得为此用途查阅", "Not for this purpose"), ("`granted` 列出您可以注明的用途。", "`granted` names the purposes for which you may read.")),
    _problem(403, "stage_not_yours", ("不由您的单位负责", "Not your unit's to move"), ("此操作由 `lead` 等依有关条款负责；`possible` 说明由谁进行。", "Another unit takes this step; `lead` and `articles` say whose it is, `possible` who may take it.")),
    _problem(403, "record_not_yours", ("不能添加此类记录", "Not your unit's record"), ("您的单位在本阶段可添加的记录见 `record_kinds`。", "`record_kinds` names the records that your unit may add to this stage.")),
    _problem(404, "not_found", ("未找到", "Not found"), ("没有这一资源，或您无权知晓。", "There is no such thing, or not for you.")),
    _problem(405, "method_not_allowed", ("方法不支持", "Method not allowed"), ("该地址不支持此方法。", "This address does not take this method.")),
    _problem(409, "move_not_possible", ("当前状态不能这样操作", "Not possible from this state"), ("`state` 是当前状态，`possible` 列出可以进行的操作。", "`state` is where it stands, `possible` what may be done from there.")),
    _problem(409, "case_closed", ("案件已结案", "The case is closed"), ("先重新打开案件。", "Reopen the case first.")),
    _problem(409, "already_exists", ("已经存在", "Exists already"), ("同名的已经存在。", "One of this name exists.")),
    _problem(409, "key_in_flight", ("同一请求正在处理", "The same request is under way"), ("请稍候用同一个键重试。", "Try again with the same key in a moment.")),
    _problem(409, "conflict", ("与同时进行的操作冲突", "In conflict with another change"), ("请重新读取后再试。", "Read again, then try again.")),
    _problem(412, "version_stale", ("内容已被更新", "Changed since you read it"), ("请重新读取；`current` 是现在的版本。", "Read it again; `current` is the present version.")),
    _problem(413, "body_too_large", ("内容过大", "Too large"), ("请求内容不得超过256 KiB。", "A request holds at most 256 KiB.")),
    _problem(415, "media_type", ("内容类型不支持", "Media type not supported"), ("请发送 application/json（/token 为表单）。", "Send application/json, and a form at /token.")),
    _problem(422, "requirements_unmet", ("条件尚未满足", "Requirements are open"), ("`unmet` 列出全部未满足的条件及依据。", "`unmet` lists every open requirement with its ground.")),
    _problem(422, "invalid_input", ("填写有误", "Invalid input"), ("`errors` 指出每一项及其规则。", "`errors` names each field and its rule.")),
    _problem(422, "key_reused", ("键已用于另一请求", "The key stands for another request"), ("请为新请求换一个键。", "Take a new key for a new request.")),
    _problem(428, "version_missing", ("缺少版本", "Version needed"), ("修改时请在 If-Match 中给出所读的版本。", "A change names in If-Match the version that was read.")),
    _problem(429, "too_many", ("请求过于频繁", "Too many requests"), ("请在 Retry-After 秒后再试。", "Try again after Retry-After seconds.")),
    _problem(500, "defect", ("系统出错", "A defect on our side"), ("没有任何内容被更改；请把 instance 告诉管理员。", "Nothing was changed; tell the administrator the `instance`.")),
    _problem(501, "font_missing", ("缺少打印所需的字体", "No font to print with"), ("请安装 Python 包 paperang-p2-fonts-cjk 或 Debian 包 fonts-wqy-microhei，或在 HOMEWARD_FONT_FILE 中指定 TrueType 字体。", "Install the Python package paperang-p2-fonts-cjk or Debian's fonts-wqy-microhei, or name a TrueType font in HOMEWARD_FONT_FILE.")),
    _problem(503, "busy", ("系统繁忙", "Cannot take this now"), ("请稍后用同一个键重试，不会重复。", "Try again with the same key; nothing happens twice.")),
)  # fmt: skip
_BY_CODE: Final = {problem.code: problem for problem in CATALOGUE}


def problem(
    code: str, facts: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None
) -> Problem:
    found = _BY_CODE[code]
    return Problem(found.status, code, found.title, found.detail, facts or {}, headers or {})


def rule_text(code: str) -> Text:
    """What a rule of a field is called; unknown codes fall back to a general sentence."""
    return FIELD_TEXTS.get(code) or RULE_TEXTS.get(code) or RULE_TEXTS[FALLBACK]


def _errors(errors: Sequence[tuple[str, str]]) -> dict[str, object]:
    return {"errors": [{"field": name, "rule": rule, "text": rule_text(rule)} for name, rule in errors]}


def _possible(possible: Sequence[Possible]) -> list[dict[str, object]]:
    return [
        {"action": p.action, "by": list(p.by), "agencies": list(p.agencies), "articles": list(p.articles)}
        for p in possible
    ]


def _unmet(unmet: Sequence[Unmet]) -> list[dict[str, object]]:
    return [
        {"code": u.code, "text": u.text, "articles": list(u.articles), "source": u.source or None}
        for u in unmet
    ]


@singledispatch
def problem_of(refusal: Refusal) -> Problem:
    """The problem that a refusal becomes."""
    raise LookupError(type(refusal).__name__)


@problem_of.register
def _(_refusal: refusals.NotFound) -> Problem:
    return problem("not_found")


@problem_of.register
def _(_refusal: refusals.NotSignedIn) -> Problem:
    return problem("not_signed_in", headers={"WWW-Authenticate": "Bearer"})


@problem_of.register
def _(_refusal: refusals.SignInRefused) -> Problem:
    return problem("sign_in_refused", headers={"WWW-Authenticate": "Bearer"})


@problem_of.register
def _(_refusal: ClientRefused) -> Problem:
    return problem("client_refused", {"error": "invalid_client"}, {"WWW-Authenticate": "Bearer"})


@problem_of.register
def _(_refusal: ScopeNotGranted) -> Problem:
    return problem("scope_refused", {"error": "invalid_scope"})


@problem_of.register
def _(refusal: refusals.SetUpFirst) -> Problem:
    return problem("set_up_first", {"steps": list(refusal.steps)})


@problem_of.register
def _(refusal: refusals.AccessNotApproved) -> Problem:
    return problem("access_not_approved", {"possible": _possible([refusal.possible])})


@problem_of.register
def _(_refusal: refusals.ConfirmationNeeded) -> Problem:
    return problem("confirmation_needed")


@problem_of.register
def _(refusal: refusals.RoleNotAllowed) -> Problem:
    return problem("role_not_allowed", {"roles": list(refusal.allowed)})


@problem_of.register
def _(refusal: refusals.PurposeNotGranted) -> Problem:
    return problem("purpose_not_granted", {"granted": list(refusal.granted)})


@problem_of.register
def _(refusal: refusals.StageNotYours) -> Problem:
    facts = {
        "action": refusal.action,
        "lead": refusal.accountable,
        "articles": list(refusal.possible.articles),
        "possible": _possible([refusal.possible]),
    }
    return problem("stage_not_yours", facts)


@problem_of.register
def _(refusal: refusals.RecordNotYours) -> Problem:
    return problem(
        "record_not_yours", {"record_kinds": list(refusal.allowed), "articles": list(refusal.articles)}
    )


@problem_of.register
def _(refusal: refusals.MoveNotPossible) -> Problem:
    facts = {"action": refusal.action, "state": refusal.state, "possible": _possible(refusal.possible)}
    return problem("move_not_possible", facts)


@problem_of.register
def _(refusal: refusals.RequirementsUnmet) -> Problem:
    return problem("requirements_unmet", {"action": refusal.action, "unmet": _unmet(refusal.unmet)})


@problem_of.register
def _(refusal: refusals.FieldRefused) -> Problem:
    return problem("invalid_input", _errors(refusal.errors))


@problem_of.register
def _(_refusal: PasswordRefused) -> Problem:
    return problem("invalid_input", _errors([("password", "password_rule")]))


@problem_of.register
def _(_refusal: NumberMistyped) -> Problem:
    return problem("invalid_input", _errors([("number", "number_format")]))


@problem_of.register
def _(_refusal: refusals.VersionMissing) -> Problem:
    return problem("version_missing")


@problem_of.register
def _(refusal: refusals.VersionStale) -> Problem:
    return problem("version_stale", {"current": refusal.current}, {"ETag": f'"{refusal.current}"'})


@problem_of.register
def _(_refusal: refusals.KeyReused) -> Problem:
    return problem("key_reused")


@problem_of.register
def _(_refusal: refusals.KeyInFlight) -> Problem:
    return problem("key_in_flight", headers={"Retry-After": "1"})


@problem_of.register
def _(refusal: refusals.TooMany) -> Problem:
    return problem(
        "too_many",
        headers={
            "Retry-After": str(refusal.retry_after),
            "RateLimit-Policy": f'"default";q={refusal.limit};w={refusal.seconds}',
            "RateLimit": f'"default";r=0;t={refusal.retry_after}',
        },
    )


@problem_of.register
def _(refusal: refusals.Busy) -> Problem:
    return problem("busy", headers={"Retry-After": str(refusal.retry_after)})


@problem_of.register
def _(_refusal: refusals.FontMissing) -> Problem:
    return problem("font_missing")


@problem_of.register
def _(_refusal: refusals.MediaTypeRefused) -> Problem:
    return problem("media_type")


@problem_of.register
def _(refusal: refusals.AlreadyExists) -> Problem:
    return problem("already_exists", {"field": refusal.field})


@problem_of.register
def _(_refusal: refusals.CaseClosed) -> Problem:
    return problem(
        "case_closed", {"possible": _possible([Possible("reopen", ("owner", "supervisor", "person"))])}
    )


_CONFLICTS: Final = ("23505", "23503", "40001", "40P01")
_BUSY_CLASSES: Final = ("08", "53", "57", "55")
_BUSY: Final = ("25P03", "25006")  # a transaction that rested too long; a standby, for the moment of a switch


def problem_of_database(error: DBAPIError | PoolTimeout) -> Problem:
    """The last net: what the database refused. Values in its message go nowhere; a class-22 or 23 hit is a defect to mend."""
    code = getattr(getattr(error, "orig", None), "pgcode", None) or ""
    if isinstance(error, PoolTimeout) or not code or code in _BUSY or code[:2] in _BUSY_CLASSES:
        return problem("busy", headers={"Retry-After": "1"})
    if code in _CONFLICTS:
        return problem("conflict", headers={"Retry-After": "1"})
    return problem("invalid_input", _errors([])) if code[:2] in ("22", "23") else problem("defect")


_BY_STATUS: Final = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "media_type",
}


def problem_of_http(error: HTTPException) -> Problem:
    """What the framework itself refuses."""
    code = _BY_STATUS.get(error.status_code, "bad_request" if error.status_code < 500 else "defect")
    return problem(code, headers=error.headers or {})


def problem_of_validation(error: RequestValidationError) -> Problem:
    """The field and the rule of each error; the value, and names that the caller made up, stay out."""
    return problem("invalid_input", _errors([_field_and_rule(found) for found in error.errors()[:50]]))


def _field_and_rule(found: Mapping[str, object]) -> tuple[str, str]:
    where = found["loc"]
    assert isinstance(where, tuple)
    rule = str(found["type"])
    parts = [str(part) for part in where if part != "body"]
    if rule == "extra_forbidden":
        parts = parts[:-1]
    return ".".join(parts) if rule != "json_invalid" else "body", rule


def answer(request: Request, found: Problem) -> JSONResponse:
    """The problem in the caller's language, with the request's id as its instance."""
    language = language_of(request.headers.get("accept-language"))
    content = {
        "type": f"/problems/{found.code}",
        "title": found.title.in_language(language),
        "status": found.status,
        "detail": found.detail.in_language(language),
        "instance": f"urn:uuid:{request_id(request)}",
        **{name: _said(value, language) for name, value in found.facts.items()},
    }
    headers = {"Cache-Control": "no-store", "Content-Language": str(language), **found.headers}
    return JSONResponse(content, found.status, headers, MEDIA_TYPE)


def _said(value: object, language: Language) -> object:
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, Mapping):
        return {name: _said(inner, language) for name, inner in value.items()}
    if isinstance(value, list):
        return [_said(inner, language) for inner in value]
    return value


async def on_refusal(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    return answer(request, problem_of(error))


async def on_validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return answer(request, problem_of_validation(error))


async def on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return answer(request, problem_of_http(error))


async def on_database(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DBAPIError | PoolTimeout)
    found = problem_of_database(error)
    code = getattr(getattr(error, "orig", None), "pgcode", None)
    log.warning("database refused: %s, request %s", code, request_id(request))
    return answer(request, found)


async def on_defect(request: Request, error: Exception) -> JSONResponse:
    # the class and the place, never the message: it may hold what somebody wrote about themselves
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-8:]))
    log.error("defect %s at %s, request %s", type(error).__name__, where, request_id(request))
    return answer(request, problem("defect"))
