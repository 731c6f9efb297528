"""What the OpenAPI document says of problems: each route names those it can answer with."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import ConfigDict, Field

from api.examples.problems import FACTS
from api.problems import CATALOGUE, MEDIA_TYPE, Problem
from api.representations.actions import BlockerAnswer
from api.representations.answers import Answer
from domain.labels import PUBLIC
from domain.texts import Language

Json = dict[str, Any]
Responses = dict[int | str, Json]


class FieldError(Answer):
    """One field that breaks a rule; `rule` is a stable code, the value is never repeated."""

    LABEL = PUBLIC

    field: str
    rule: str
    text: str


class PossibleAnswer(Answer):
    """What may be done instead, by whom, under which articles."""

    LABEL = PUBLIC

    action: str
    by: list[str]
    agencies: list[str]
    articles: list[int]


class ProblemAnswer(Answer):
    """RFC 9457. The members after `instance` are the problem's facts: each type has its own, as its example shows."""

    LABEL = PUBLIC

    model_config = ConfigDict(extra="allow")
    type: str = Field(description="An address of this API that explains it: /problems/{code}.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request's id; the same stands in our log.")
    errors: list[FieldError] | None = None
    unmet: list[BlockerAnswer] | None = Field(None, description="Every open requirement, with its ground.")
    possible: list[PossibleAnswer] | None = None
    action: str | None = None
    state: str | None = None
    lead: str | None = Field(None, description="The agency that answers for the stage.")
    articles: list[int] | None = None
    roles: list[str] | None = None
    error: str | None = Field(None, description="The code of RFC 6749, 5.2, at the token endpoint.")
    steps: list[str] | None = Field(None, description="What is to be set up first.")
    granted: list[str] | None = Field(None, description="The purposes for which the caller may read.")
    record_kinds: list[str] | None = None
    current: int | None = Field(None, description="The present version.")


ALWAYS: Final = ("bad_request", "body_too_large", "invalid_input", "defect", "busy")
SIGNED_IN: Final = (
    *ALWAYS,
    "not_signed_in",
    "set_up_first",
    "role_not_allowed",
    "purpose_not_granted",
    "too_many",
)
ONE: Final = (*SIGNED_IN, "not_found")
REPEATABLE: Final = ("key_in_flight", "key_reused", "conflict")
SEARCH: Final = (*SIGNED_IN, "media_type", "too_many")
EXPORT: Final = (*ONE, "media_type")
CREATE: Final = (
    *ONE,
    *REPEATABLE,
    "stage_not_yours",
    "move_not_possible",
    "case_closed",
    "requirements_unmet",
    "media_type",
)
CHANGE: Final = (*CREATE, "version_missing", "version_stale")


def problems(*codes: str) -> Responses:
    """The `responses` of a route: each status with the problems behind it, in the order of the catalogue."""
    unknown = set(codes) - {problem.code for problem in CATALOGUE}
    if unknown:
        raise LookupError(", ".join(sorted(unknown)))
    found: Responses = {}
    for problem in CATALOGUE:
        if problem.code in codes:
            response = found.setdefault(problem.status, {"description": problem.title.en, _CODES: []})
            response[_CODES].append(problem.code)
    return found


_CODES: Final = "x-problems"  # taken out again when the document is completed
_BY_CODE: Final = {problem.code: problem for problem in CATALOGUE}
OWN_SCHEMAS: Final = (FieldError, PossibleAnswer, ProblemAnswer)


_OF_STATUS: Final[Mapping[str, tuple[str, ...]]] = {
    "401": ("WWW-Authenticate",),
    "409": ("Retry-After",),
    "412": ("ETag",),
    "429": ("Retry-After", "RateLimit", "RateLimit-Policy"),
    "503": ("Retry-After",),
}


def file_problems(operation: Json, filed: Json, *, repeatable: bool) -> None:
    """Let each status of an operation refer to one response among `filed`, named by its problems."""
    responses = operation["responses"]
    own: Iterable[str] = [code for response in responses.values() for code in response.get(_CODES, ())]
    for status, found in problems(*ALWAYS, *own, *(REPEATABLE if repeatable else ())).items():
        codes = found[_CODES]
        name = ".".join((str(status), *codes))
        filed.setdefault(name, _response(str(status), codes))
        responses[str(status)] = {"$ref": f"#/components/responses/{name}"}


def _response(status: str, codes: list[str]) -> Json:
    return {
        "description": "; ".join(_BY_CODE[code].title.en for code in codes) + ".",
        "headers": {
            name: {"$ref": f"#/components/headers/{name}"}
            for name in ("X-Request-Id", "Content-Language", *_OF_STATUS.get(status, ()))
        },
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/ProblemAnswer"},
                "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
            }
        },
    }


def _example(problem: Problem) -> Json:
    return {
        "type": f"/problems/{problem.code}",
        "title": problem.title.in_language(Language.EN),
        "status": problem.status,
        "detail": problem.detail.in_language(Language.EN),
        "instance": "urn:uuid:0198c0de-0000-7000-8000-00000000000a",
        **FACTS.get(problem.code, {}),
    }


def examples() -> Json:
    """One example of every problem, by its code."""
    return {problem.code: {"value": _example(problem)} for problem in CATALOGUE}
