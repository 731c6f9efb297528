"""The policy as the program carries it out, and the catalogue of problems."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import JSONResponse

from api.access import Anyone
from api.calls import Call
from api.openapi import ALWAYS, problems
from api.problems import CATALOGUE
from api.representations.answers import Answer
from api.representations.policy import PolicyAnswer
from domain.articles import EDITION
from domain.labels import PUBLIC
from domain.pictures import workflow_svg
from domain.policy import policy
from domain.refusals import NotFound

router: Final = APIRouter(tags=["Policy"])
Public = Annotated[Call, Depends(Anyone())]
_PICTURE: Final = {
    "schema": {"type": "string"},
    "example": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1240 1822" role="img" lang="zh-CN">...</svg>',
}


class ProblemText(Answer):
    LABEL = PUBLIC
    type: str
    status: int
    title: str
    detail: str


@router.get("/policy", response_model=PolicyAnswer, operation_id="read_policy", responses=problems(*ALWAYS))
async def read_policy(call: Public) -> Response:
    """The edition: articles with leads and cooperating agencies, stages with their mandates, every transition."""
    return JSONResponse(
        policy(call.language), headers={"Content-Language": call.language, "ETag": f'"{EDITION}"'}
    )


@router.get(
    "/policy/workflow.svg",
    operation_id="read_workflow_picture",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": _PICTURE}}, **problems(*ALWAYS)},
)
async def read_picture(call: Public) -> Response:
    """The workflow as a picture, drawn from the same rows."""
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(workflow_svg(call.language), media_type="image/svg+xml", headers=headers)


@router.get("/problems", operation_id="list_problems", responses=problems(*ALWAYS))
async def read_problems(call: Public) -> list[ProblemText]:
    """Every kind of problem that this API answers with."""
    return [_text(call, code) for code in _KNOWN]


@router.get("/problems/{code}", operation_id="read_problem", responses=problems(*ALWAYS, "not_found"))
async def read_problem(call: Public, code: Annotated[str, Path(max_length=60)]) -> ProblemText:
    """What a problem's `type` means."""
    if code not in _KNOWN:
        raise NotFound
    return _text(call, code)


_KNOWN: Final = {problem.code: problem for problem in CATALOGUE}


def _text(call: Call, code: str) -> ProblemText:
    found = _KNOWN[code]
    return ProblemText(
        type=f"/problems/{code}",
        status=found.status,
        title=found.title.in_language(call.language),
        detail=found.detail.in_language(call.language),
    )
