"""Cases: the list of what a unit works on, one case, its ownership, its end."""

from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Explain, Limit, Mark, PathId, QueryId, typed_case_number
from api.openapi import CHANGE, CREATE, ONE, SIGNED_IN, problems
from api.representations.answers import Answer
from api.representations.cases import (
    ApprovalBody,
    ApprovalLine,
    CaseAnswer,
    CaseList,
    approval_line,
    case_answer,
    case_line,
)
from api.representations.moves import CASE_MOVE_BODIES, move_of
from api.representations.stages import (
    PlanBody,
    StageAnswer,
    StageSummary,
    seen_stages,
    stage_answer,
    stage_summary,
)
from api.representations.types import Body, Moment
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, MOVING_ROLES, Actor
from domain.labels import INTERNAL
from domain.stages import StageCode
from services.access import record_read
from services.approvals import Ask
from services.case_approvals import ask_case_approval
from services.case_files import CaseFile
from services.case_lists import CaseFilter, list_cases
from services.case_loading import open_case
from services.cases import move_case
from services.stages import plan_stage

router: Final = APIRouter(prefix="/cases", tags=["Cases"], route_class=StrictRoute)
Reader = Annotated[Call, Depends(Gate(CASE_ROLES))]
Mover = Annotated[Call, Depends(Gate(MOVING_ROLES))]


class StageList(Answer):
    LABEL = INTERNAL
    items: list[StageSummary]
    links: dict[str, str]


@router.get("", response_model=CaseList, operation_id="list_cases", responses=problems(*SIGNED_IN))
def read_cases(
    call: Reader,
    state: Annotated[str | None, Query(pattern="^(open|closed)$")] = None,
    number: Annotated[
        str | None, Query(max_length=60, description="The case's number, as written or as said.")
    ] = None,
    stage: Annotated[StageCode | None, Query(description="Cases with an open stage of this kind.")] = None,
    unit_id: Annotated[
        QueryId | None, Query(description="Cases with an open stage that lies with this unit.")
    ] = None,
    due_before: Annotated[
        Moment | None, Query(description="Cases with an open stage due before this time.")
    ] = None,
    after: Mark = None,
    limit: Limit = 50,
) -> Response:
    """The cases on which the caller's unit works, newest first."""
    wanted = CaseFilter(
        state,
        None if number is None else typed_case_number(number, "number"),
        stage,
        unit_id,
        due_before,
        None,
        limit,
    )
    return call.read(lambda session, actor: _list(call, session, actor, wanted, after))


def _list(call: Call, session: Session, actor: Actor, wanted: CaseFilter, mark: str | None) -> Answered:
    filters = {
        "state": wanted.state,
        "number": wanted.number,
        "stage": wanted.stage,
        "unit_id": wanted.stage_unit_id,
        "due_before": wanted.due_before.isoformat() if wanted.due_before else None,
    }
    listing = Listing(f"cases {actor.unit_id} {filters}", wanted.limit, filters)
    position = position_of(call, listing.scope, mark)
    page = replace(wanted, after=UUID(position[0]) if position else None, limit=wanted.limit + 1)
    record_read(session, actor, subject="case_list", file_id=None)
    rows, links, headers = paged(call, listing, list_cases(session, actor, page), lambda row: [str(row.id)])
    return Answered(CaseList(items=[case_line(row, actor) for row in rows], links=links), headers=headers)


@router.get("/{case_id}", response_model=CaseAnswer, operation_id="read_case", responses=problems(*ONE))
def read_case(call: Reader, case_id: PathId, explain: Explain = False) -> Response:
    """One case: its people, its stages, and what may be done next."""
    return call.read(lambda session, actor: _read(call, session, actor, case_id), explain=explain)


def _read(call: Call, session: Session, actor: Actor, case_id: UUID) -> Answered:
    file = open_case(session, actor, case_id)
    record_read(session, actor, subject="case", file_id=case_id, subject_id=case_id)
    return _case(call, actor, file)


def _case(call: Call, actor: Actor, file: CaseFile) -> Answered:
    return Answered(case_answer(file, actor, call.language), file.case.version)


@router.get(
    "/{case_id}/stages", response_model=StageList, operation_id="list_case_stages", responses=problems(*ONE)
)
def read_stages(call: Reader, case_id: PathId) -> Response:
    """The stages of a case that the caller may know of."""
    return call.read(lambda session, actor: _stages(call, session, actor, case_id))


def _stages(call: Call, session: Session, actor: Actor, case_id: UUID) -> Answered:
    file = open_case(session, actor, case_id)
    record_read(session, actor, subject="stage_list", file_id=case_id, subject_id=case_id)
    items = [stage_summary(stage, call.language) for stage in seen_stages(file, actor)]
    base = f"/cases/{case_id}"
    return Answered(StageList(items=items, links={"self": f"{base}/stages", "case": base}), file.case.version)


@router.post(
    "/{case_id}/stages",
    status_code=201,
    response_model=StageAnswer,
    operation_id="plan_stage",
    responses=problems(*CREATE),
)
def plan(call: Mover, case_id: PathId, body: PlanBody) -> Response:
    """The owner plans a stage that no rule opened; it goes at once to the unit that serves the place."""
    return call.write(lambda session, actor: _plan(call, session, actor, case_id, body), 201)


def _plan(call: Call, session: Session, actor: Actor, case_id: UUID, body: PlanBody) -> Answered:
    file, stage = plan_stage(session, actor, case_id, body.code, body.victim_id)
    headers = {"Location": f"/{stage.code}/{stage.id}"}
    return Answered(stage_answer(file, stage, actor, call.language), stage.version, headers)


@router.post(
    "/{case_id}/approvals",
    status_code=201,
    response_model=ApprovalLine,
    operation_id="ask_case_approval",
    responses=problems(*CREATE),
)
def ask_approval(call: Mover, case_id: PathId, body: ApprovalBody) -> Response:
    """Ask another agency's unit to approve a move of the case or of one of its stages."""
    wanted = Ask("", body.subject_id, body.action, body.approver_unit_id, body.reason)
    return call.write(lambda session, actor: _asked(session, actor, case_id, wanted), 201)


def _asked(session: Session, actor: Actor, case_id: UUID, wanted: Ask) -> Answered:
    _file, row = ask_case_approval(session, actor, case_id, wanted)
    return Answered(approval_line(row), row.version, {"Location": f"/approvals/{row.id}"})


def _add_move(action: str, model: type[Body]) -> None:
    @router.post(
        f"/{{case_id}}/{action}",
        response_model=CaseAnswer,
        operation_id=f"{action}_case",
        responses=problems(*CHANGE),
        summary=action.replace("_", " ").capitalize(),
    )
    def move(call: Mover, case_id: PathId, body: model) -> Response:  # type: ignore[valid-type]  # one route for each row of the table
        wanted = move_of(action, body, call.asked.version)
        return call.write(
            lambda session, actor: _case(call, actor, move_case(session, actor, case_id, wanted))
        )


for _action, _model in CASE_MOVE_BODIES.items():
    _add_move(_action, _model)
