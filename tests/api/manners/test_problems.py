"""Every no is a problem (RFC 9457) in the caller's language, resolvable, and never repeats what was sent."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

import httpx
import pytest
from starlette.requests import Request

import api
import domain
import services
from api.problems import CATALOGUE, MEDIA_TYPE, answer, problem_of
from domain import refusals
from domain.agencies import Agency
from domain.numbers import NumberMistyped
from domain.refusals import Possible, Refusal, Unmet
from domain.texts import Text
from services.client_sign_in import ClientRefused, ScopeNotGranted
from services.demo_desk import Desk
from services.passwords import PasswordRefused, PasswordRule
from tests.api.manners.casework import Case, new_case, report_body
from tests.api.manners.operations import Caller

Staff = Callable[[str], Desk]
CANARY: Final = "zhangsan-canary-13800000000"
SOMEBODY: Final = "0198c0de-0000-7000-8000-000000000001"
MEMBERS: Final = {"type", "title", "status", "detail", "instance"}
Sending = tuple[str, str, dict[str, str], bytes | None]
"""Method, address, headers, body."""


def _is_problem(found: httpx.Response, code: str | None = None) -> bool:
    content = found.json()
    told = found.headers["Content-Type"] == MEDIA_TYPE and content["status"] == found.status_code
    named = content["type"] == f"/problems/{code}" if code else content["type"].startswith("/problems/")
    traced = content["instance"] == f"urn:uuid:{found.headers['X-Request-Id']}"
    return told and named and traced and set(content) >= MEMBERS and all(content[name] for name in MEMBERS)


@pytest.fixture(scope="module")
def case(module_caller: Caller, staff: Staff) -> Case:
    return new_case(module_caller, staff("psb-1"))


def _json(method: str, path: str, body: str, **headers: str) -> Sending:
    return method, path, {"Content-Type": "application/json", **headers}, body.encode()


def _bodies(place: str, victim: str) -> Iterator[Sending]:
    message = '"message":{"narrative":"x"}'
    for path in ("/reports", "/public/reports"):
        for body in (
            f'{{"place_id":"{CANARY}",{message}}}',
            f'{{"place_id":"{place}","kind":"{CANARY}",{message}}}',
            f'{{"place_id":"{place}","concerns":["{CANARY}"],{message}}}',
            f'{{"place_id":"{place}","{CANARY}":1,{message}}}',
            f'{{"place_id":"{place}","message":{{"narrative":"x","{CANARY}":"x"}}}}',
            f'{{"place_id":"{place}","message":{{"narrative":"{CANARY * 300}"}}}}',
            f'{{"place_id":"{place}","message":{{"narrative":"{CANARY}\\u0000"}}}}',
            f'{{"place_id":"{place}","message":{{"narrative":"{CANARY}\\ud800"}}}}',
            f'{{"place_id":"{place}","message":"{CANARY}"}}',
            f'{{"place_id":"{place}","message":{{"narrative":"x","people":[{{"{CANARY}":1}}]}}}}',
            f'{{"place_id":"{place}",{message},"reporter":{{"phone":"{CANARY}"}}}}',
            f'{{"place_id":"{SOMEBODY}","message":{{"narrative":"{CANARY}"}}}}',
            f'{{"place_id":"{place}","message":{{"narrative":"{CANARY}"}}',
            f'{{"{CANARY}":1,"{CANARY}":2}}',
            f'{{"message": {CANARY}}}',
            f'"{CANARY}"',
            f'["{CANARY}"]',
            CANARY,
        ):
            yield _json("POST", path, body)
    for body in (
        f'{{"identity":{{"name":"x","{CANARY}":"x"}}}}',
        f'{{"{CANARY}":{{"name":"x"}}}}',
        f'{{"identity":{{"lowest_age":"{CANARY}"}}}}',
        f'{{"identity":{{"languages":["{CANARY}"]}}}}',
        f'{{"documents":{{"identity_number":"{CANARY * 4}"}}}}',
    ):
        yield _json("PATCH", victim, body, **{"If-Match": '"1"'})
    yield _json("POST", "/sign_in", f'{{"username":"{CANARY}","password":"{CANARY}"}}')
    yield _json("POST", "/sign_in", f'{{"username":"{CANARY * 9}","password":"{CANARY * 9}"}}')
    yield _json("POST", "/sign_in", f'{{"username":"x","password":"{CANARY}","{CANARY}":1}}')
    yield "POST", "/reports", {"Content-Type": f"text/{CANARY}"}, b"{}"
    yield "POST", "/reports", {"Content-Type": "application/json"}, CANARY.encode() * 12_000


def _addresses(case_id: str) -> Iterator[Sending]:
    for method, path in (
        ("GET", f"/{CANARY}"),
        ("DELETE", f"/{CANARY}"),
        ("GET", f"/cases/{CANARY}"),
        ("GET", f"/cases/{case_id}/{CANARY}"),
        ("GET", f"/cases/{case_id}/victims/{CANARY}"),
        ("DELETE", f"/cases/{CANARY}"),
        ("GET", f"/shelter/{CANARY}/records"),
        ("GET", f"/problems/{CANARY}"),
        ("GET", f"/problems/{CANARY * 9}"),
        ("GET", f"/receipts/{CANARY}"),
        ("GET", f"/reports/?{CANARY}"),
        ("GET", f"/cases?state={CANARY}"),
        ("GET", f"/cases?stage={CANARY}"),
        ("GET", f"/cases?unit_id={CANARY}"),
        ("GET", f"/cases?due_before={CANARY}"),
        ("GET", f"/cases?after={CANARY}"),
        ("GET", f"/cases?limit={CANARY}"),
        ("GET", f"/inbox?tray={CANARY}"),
        ("GET", f"/units?agency={CANARY}"),
        ("GET", f"/places?parent_id={CANARY}"),
    ):
        yield method, path, {"Receipt-Secret": CANARY}, None


def _headers(case_id: str) -> Iterator[Sending]:
    for name, value in (
        ("If-Match", CANARY),
        ("Idempotency-Key", f"{CANARY} {CANARY}"),
        ("X-Purpose-Of-Use", CANARY),
        ("Authorization", f"Bearer {CANARY}"),
        ("Authorization", CANARY),
        ("Accept-Language", CANARY),
        ("X-Request-Id", CANARY),
    ):
        yield _json("POST", f"/cases/{case_id}/close", '{"reason":"?"}', **{name: value})


def test_no_problem_repeats_what_was_sent(caller: Caller, staff: Staff, case: Case) -> None:
    place = report_body(caller)["place_id"]
    victim = f"/cases/{case.id}/victims/{case.victims[0]}"
    signed_in = {"Authorization": f"Bearer {staff('psb-1').token}"}
    wrong = []
    for method, path, headers, body in (*_bodies(place, victim), *_addresses(case.id), *_headers(case.id)):
        told = caller.client.request(method, path, headers={**signed_in, **headers}, content=body)
        repeated = CANARY in told.text or CANARY in str(told.headers)
        if repeated or not 400 <= told.status_code < 500 or not _is_problem(told):
            wrong.append((method, path[:60], (body or b"")[:60], told.status_code, told.text[:200]))
    assert wrong == []


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/nowhere", "not_found"),
        ("POST", "/nowhere", "not_found"),
        ("GET", "/", "not_found"),
        ("GET", "/cases/", "not_found"),
        ("GET", "//cases", "not_found"),
        ("DELETE", "/cases", "method_not_allowed"),
        ("PUT", f"/cases/{SOMEBODY}", "method_not_allowed"),
        ("POST", "/inbox", "method_not_allowed"),
        ("OPTIONS", "/cases", "method_not_allowed"),
        ("TRACE", "/cases", "method_not_allowed"),
        ("GET", "/sign_in", "method_not_allowed"),
        ("GET", "/me", "not_signed_in"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_too(
    caller: Caller, method: str, path: str, code: str
) -> None:
    told = caller.client.request(method, path, follow_redirects=False)
    assert _is_problem(told, code), (told.status_code, told.text)
    assert ("Allow" in told.headers) is (code == "method_not_allowed")
    assert ("WWW-Authenticate" in told.headers) is (code == "not_signed_in")


def test_another_media_type_is_refused_as_the_document_says(caller: Caller, staff: Staff) -> None:
    headers = {"Authorization": f"Bearer {staff('psb-1').token}", "Content-Type": "text/plain"}
    told = caller.client.post("/reports", content=b"{}", headers=headers)
    assert told.status_code in (415, 422)
    assert str(told.status_code) in caller.document.operations["file_report"][2]["responses"]
    assert _is_problem(told)


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, "zh-CN"), ("zh-CN", "zh-CN"), ("zh", "zh-CN"), ("zh-TW", "zh-CN"), ("en", "en"), ("EN-us", "en"),
        ("en-GB,en;q=0.9", "en"), ("en;q=0.1, zh;q=0.9", "zh-CN"), ("fr, en;q=0.5", "en"), ("fr", "zh-CN"), ("*", "zh-CN"),
        ("ug,zh;q=0.5,en;q=0.4", "zh-CN"), ("en;q=nan", "zh-CN"), ("en;q=2", "zh-CN"), ("en;q=0", "zh-CN"), ("en;q=x", "zh-CN"),
        ("", "zh-CN"), (",,,;;;===", "zh-CN"), ("x" * 9000, "zh-CN"), ("fr," * 500 + "en", "zh-CN"), ("enx", "zh-CN"),
    ],
)  # fmt: skip
def test_a_problem_speaks_the_language_that_was_asked_for(
    caller: Caller, asked: str | None, language: str
) -> None:
    headers = {} if asked is None else {"Accept-Language": asked}
    told = caller.client.get("/me", headers=headers)
    text = next(problem for problem in CATALOGUE if problem.code == "not_signed_in").title
    assert told.headers["Content-Language"] == language
    assert told.json()["title"] == (text.en if language == "en" else text.zh)


@pytest.mark.parametrize("known", CATALOGUE, ids=lambda known: known.code)
def test_every_type_can_be_looked_up_in_both_languages(caller: Caller, known: object) -> None:
    assert known in CATALOGUE
    for problem in (one for one in CATALOGUE if one is known):
        for language, title in (("zh-CN", problem.title.zh), ("en", problem.title.en)):
            told = caller.client.get(f"/problems/{problem.code}", headers={"Accept-Language": language})
            assert (told.status_code, told.json()["title"]) == (200, title)
            assert told.json()["status"] == problem.status


def _every_module() -> None:
    for package in (api, domain, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)


_STEP: Final = Possible("accept", ("responsible_unit",), (Agency.PSB,), (25,))
SAMPLES: Final = (
    refusals.NotFound(),
    refusals.NotSignedIn(),
    refusals.SignInRefused(),
    refusals.RoleNotAllowed("hotline", ["caseworker"]),
    refusals.PurposeNotGranted(["case_work"]),
    refusals.StageNotYours("accept", _STEP, Agency.PSB),
    refusals.MoveNotPossible("stage", "accept", "planned", [_STEP]),
    refusals.RequirementsUnmet("begin", [Unmet("consent", Text("同意", "consent"), (40,))]),
    refusals.SetUpFirst(["password"]),
    refusals.AccessNotApproved(Possible("approve_access", ("supervisor_of_the_unit",))),
    refusals.ConfirmationNeeded(),
    refusals.MediaTypeRefused(),
    refusals.FontMissing(),
    ClientRefused(),
    ScopeNotGranted(),
    refusals.RecordNotYours("interview", ["handover"], (30,)),
    refusals.VersionMissing(),
    refusals.VersionStale(3),
    refusals.FieldRefused(("unit_id", "unknown_unit")),
    refusals.KeyReused(),
    refusals.KeyInFlight(),
    refusals.TooMany(30, 600, 17),
    refusals.Busy(2),
    refusals.AlreadyExists("code"),
    refusals.CaseClosed(UUID(SOMEBODY)),
    PasswordRefused(PasswordRule.TOO_SHORT),
    NumberMistyped(),
)


ON_THE_COMMAND_LINE_ONLY: Final = {"HouseNotEmpty"}


def test_every_refusal_wherever_it_is_declared_has_a_problem() -> None:
    _every_module()
    tried = tuple(type(sample) for sample in SAMPLES)
    untried = {kind.__name__ for kind in _kinds(Refusal) if not issubclass(kind, tried)}
    assert untried == ON_THE_COMMAND_LINE_ONLY


@pytest.mark.parametrize("refusal", SAMPLES, ids=lambda refusal: type(refusal).__name__)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_refusal_becomes_a_problem_of_the_catalogue(refusal: Refusal, language: str) -> None:
    found = problem_of(refusal)
    request = Request({"type": "http", "headers": [(b"accept-language", language.encode())]})
    told = answer(request, found)
    assert found.code in {known.code for known in CATALOGUE}
    assert (told.status_code, told.media_type) == (found.status, MEDIA_TYPE)
    assert found.status not in (409, 429, 503) or found.code in NO_WAITING or "Retry-After" in told.headers
    assert b"Text(" not in bytes(told.body)


NO_WAITING: Final = ("move_not_possible", "case_closed", "already_exists")
"""Conflicts that waiting does not mend."""
