"""What all stages share: reading, the moves of the table, records, invitations. One function, one router a stage."""

from collections.abc import Mapping
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.dependencies import Explain, PathId
from api.openapi import CHANGE, CREATE, ONE, problems
from api.representations.moves import STAGE_MOVE_BODIES, move_of
from api.representations.records import RecordBody
from api.representations.requests import RequestAnswer, RequestBody, request_answer
from api.representations.stages import (
    InviteBody,
    RecordAnswer,
    RecordList,
    RemarkList,
    StageAnswer,
    record_answer,
    remark_answer,
    stage_answer,
    standing_of,
)
from api.representations.types import Body
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, MOVING_ROLES, Actor
from domain.disclosure import sees_stage
from domain.mandates import MANDATES
from domain.refusals import NotFound
from domain.stages import STAGE_NAMES, StageCode
from domain.workflow import STAGE_MOVES, By
from services.access import record_read
from services.case_files import CaseFile
from services.case_loading import load_records, open_stage
from services.invitations import Invitation, end_invitation, invite
from services.records.cases import StageRow
from services.remarks import remarks_on
from services.requests import NewRequest, Request, ask_request
from services.stage_records import NewRecord, add_record, records_of
from services.stages import move_stage

READER: Final = Depends(Gate(CASE_ROLES))
MOVER: Final = Depends(Gate(MOVING_ROLES))
RECORDER: Final = Depends(Gate(CASE_ROLES))
MOVES: Final = tuple(dict.fromkeys(row.action for row in STAGE_MOVES if row.sources and row.by != (By.RULE,)))


def stage_router(code: StageCode, records: Mapping[str, tuple[str, type[RecordBody]]]) -> APIRouter:
    """The router of one stage; `records` maps the address of each kind (a plural) to kind and body."""
    name = STAGE_NAMES[code].en
    articles = ", ".join(str(number) for number in MANDATES[code].articles)
    router = APIRouter(prefix=f"/{code}", tags=[f"{name} (Art. {articles})"], route_class=StrictRoute)
    _add_reading(router, code)
    _add_remarks(router, code)
    for action in MOVES:
        _add_move(router, code, action, STAGE_MOVE_BODIES[action])
    _add_invitation(router, code)
    _add_request(router, code)
    for address, (kind, body) in records.items():
        _add_record(router, code, address, (kind, body))
    return router


def _add_reading(router: APIRouter, code: StageCode) -> None:
    @router.get(
        "/{stage_id}", response_model=StageAnswer, operation_id=f"read_{code}", responses=problems(*ONE)
    )
    def read_stage(call: Annotated[Call, READER], stage_id: PathId, explain: Explain = False) -> Response:
        """The stage: where it stands, what stands in its way, and who may do what next, under which article."""
        return call.read(lambda session, actor: _read(call, session, actor, code, stage_id), explain=explain)

    @router.get(
        "/{stage_id}/records",
        response_model=RecordList,
        operation_id=f"list_{code}_records",
        responses=problems(*ONE),
    )
    def read_records(call: Annotated[Call, READER], stage_id: PathId, explain: Explain = False) -> Response:
        """What was done in the stage, oldest first; bodies as far as they are for this reader."""
        return call.read(
            lambda session, actor: _read_records(call, session, actor, code, stage_id), explain=explain
        )


def _add_remarks(router: APIRouter, code: StageCode) -> None:
    @router.get(
        "/{stage_id}/remarks",
        response_model=RemarkList,
        operation_id=f"list_{code}_remarks",
        responses=problems(*ONE),
    )
    def read_remarks(call: Annotated[Call, READER], stage_id: PathId) -> Response:
        """What was said with the stage's moves: why it was sent back, what is missing, why it waits."""
        return call.read(lambda session, actor: _read_remarks(session, actor, code, stage_id))


def _add_move(router: APIRouter, code: StageCode, action: str, model: type[Body]) -> None:
    @router.post(
        f"/{{stage_id}}/{action}",
        response_model=StageAnswer,
        operation_id=f"{action}_{code}",
        responses=problems(*CHANGE),
        summary=f"{action.replace('_', ' ').capitalize()}",
    )
    def move(call: Annotated[Call, MOVER], stage_id: PathId, body: model) -> Response:  # type: ignore[valid-type]  # one route for each row of the table
        return call.write(
            lambda session, actor: _move(call, session, actor, (code, stage_id), (action, body))
        )


def _add_invitation(router: APIRouter, code: StageCode) -> None:
    @router.post(
        "/{stage_id}/invitations",
        status_code=201,
        response_model=StageAnswer,
        operation_id=f"invite_to_{code}",
        responses=problems(*CREATE),
    )
    def invite_unit(call: Annotated[Call, MOVER], stage_id: PathId, body: InviteBody) -> Response:
        """Invite a unit of a cooperating agency, or of another by the person's consent: it reads what the stage shares
        and adds the records that it may."""
        wanted = Invitation(body.unit_id, body.consent_id)
        return call.write(
            lambda session, actor: _stage(call, actor, *invite(session, actor, code, stage_id, wanted)), 201
        )

    @router.post(
        "/{stage_id}/invitations/{unit_id}/end",
        response_model=StageAnswer,
        operation_id=f"end_invitation_to_{code}",
        responses=problems(*CREATE),
    )
    def end(call: Annotated[Call, MOVER], stage_id: PathId, unit_id: PathId) -> Response:
        """The unit is no longer invited; its right to read what it had only from here ends at once."""
        return call.write(
            lambda session, actor: _stage(
                call, actor, *end_invitation(session, actor, code, stage_id, unit_id)
            )
        )


def _add_request(router: APIRouter, code: StageCode) -> None:
    @router.post(
        "/{stage_id}/requests",
        status_code=201,
        response_model=RequestAnswer,
        operation_id=f"ask_request_in_{code}",
        responses=problems(*CREATE),
    )
    def ask(call: Annotated[Call, MOVER], stage_id: PathId, body: RequestBody) -> Response:
        """Ask a unit of an agency that reads no cases for one kind of help, naming nobody."""
        new = NewRequest(body.unit_id, body.what, body.text, body.by)
        return call.write(
            lambda session, actor: _asked(call, actor, ask_request(session, actor, code, stage_id, new)), 201
        )


def _asked(call: Call, actor: Actor, request: Request) -> Answered:
    answer = request_answer(request, actor, call.language)
    return Answered(answer, request.row.version, {"Location": answer.links["self"]})


def _add_record(router: APIRouter, code: StageCode, address: str, what: tuple[str, type[RecordBody]]) -> None:
    kind, model = what

    @router.post(
        f"/{{stage_id}}/{address}",
        status_code=201,
        response_model=RecordAnswer,
        operation_id=f"add_{code}_{kind}",
        responses=problems(*CREATE, "record_not_yours", "version_stale"),
        summary=f"Record: {kind.replace('_', ' ')}",
    )
    def add(call: Annotated[Call, RECORDER], stage_id: PathId, body: model) -> Response:  # type: ignore[valid-type]  # one route for each kind of record
        return call.write(
            lambda session, actor: _add(call, session, actor, (code, stage_id), (kind, body)), 201
        )


def _stage(call: Call, actor: Actor, file: CaseFile, stage: StageRow) -> Answered:
    return Answered(stage_answer(file, stage, actor, call.language), stage.version)


def _read(call: Call, session: Session, actor: Actor, code: StageCode, stage_id: UUID) -> Answered:
    file, stage = open_stage(session, actor, code, stage_id)
    if not sees_stage(actor, standing_of(file, stage, actor)):
        raise NotFound
    record_read(session, actor, subject="stage", file_id=file.id, subject_id=stage.id)
    return _stage(call, actor, file, stage)


def _read_records(call: Call, session: Session, actor: Actor, code: StageCode, stage_id: UUID) -> Answered:
    file, stage = open_stage(session, actor, code, stage_id)
    standing = standing_of(file, stage, actor)
    if not sees_stage(actor, standing):
        raise NotFound
    load_records(file, stage)
    record_read(session, actor, subject="stage_records", file_id=file.id, subject_id=stage.id)
    items = [record_answer(file, stage, record, actor, call.language) for record in records_of(file, stage)]
    base = f"/{code}/{stage.id}"
    answer = RecordList(items=items, links={"self": f"{base}/records", "stage": base})
    return Answered(answer.seen_with(standing), stage.version)


def _read_remarks(session: Session, actor: Actor, code: StageCode, stage_id: UUID) -> Answered:
    file, stage = open_stage(session, actor, code, stage_id)
    standing = standing_of(file, stage, actor)
    if not sees_stage(actor, standing):
        raise NotFound
    record_read(session, actor, subject="stage_remarks", file_id=file.id, subject_id=stage.id)
    items = [remark_answer(remark, stage, standing) for remark in remarks_on(file, stage)]
    base = f"/{code}/{stage.id}"
    return Answered(RemarkList(items=items, links={"self": f"{base}/remarks", "stage": base}), stage.version)


def _move(
    call: Call, session: Session, actor: Actor, where: tuple[StageCode, UUID], asked: tuple[str, Body]
) -> Answered:
    action, body = asked
    move = move_of(action, body, call.asked.version)
    return _stage(call, actor, *move_stage(session, actor, *where, move))


def _add(
    call: Call, session: Session, actor: Actor, where: tuple[StageCode, UUID], asked: tuple[str, RecordBody]
) -> Answered:
    kind, body = asked
    content = body.model_dump(mode="json")
    new = NewRecord(kind, body.happened_at, content, call.asked.version)
    file, stage, record = add_record(session, actor, *where, new)
    answer = record_answer(file, stage, record, actor, call.language)
    base = f"/{stage.code}/{stage.id}"
    return Answered(answer, headers={"Location": f"{base}/records", "Stage-Version": str(stage.version)})
