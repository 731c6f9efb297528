"""Answering a nameless request, taking it back, and its end with the stage: each entered on the case's timeline."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.refusals import FieldRefused
from domain.stages import ENDED_STATES
from services.case_files import CaseFile
from services.case_loading import open_case
from services.database import working_on
from services.deadlines import RunningClocks
from services.records.cases import CaseRow, StageRow
from services.records.requests import RequestRow
from services.requests import CLOCK, Request, find_request, note_of, read_request, seal_answer
from services.standings import with_clocks
from services.timeline import Note, append
from services.versions import require_version


@dataclass(frozen=True, slots=True)
class Reply:
    """`done` or `not_possible`, in words for the unit that asked."""

    outcome: str
    words: str


def answer_request(
    session: Session, actor: Actor, request_id: UUID, reply: Reply, version: int | None
) -> Request:
    """The unit that was asked answers. It gets no case: only the head of the case's chain is locked, for the entry."""
    row = find_request(session, actor, request_id, to_us=True)
    case, stage, at = _lock(session, row)
    row = find_request(session, actor, request_id, to_us=True)
    require_version(version, row.version)
    _require_open(row)
    row.state, row.answered_at, row.version = reply.outcome, at, row.version + 1
    commitments = seal_answer(session, row, {"words": reply.words}, at)
    case.version += 1
    clocks = RunningClocks()
    clocks.stop(row.id, at, CLOCK, met=True)
    answered = note_of(row, stage, "answer_request", "asked", commitments)
    append(session, case, actor, at, with_clocks([answered], case.id, clocks.write(session, "case", case.id)))
    return read_request(session, row)


def _lock(session: Session, row: RequestRow) -> tuple[CaseRow, StageRow, datetime]:
    working_on(session, row.case_id)
    case, at = session.execute(
        select(CaseRow, func.clock_timestamp())
        .where(CaseRow.id == row.case_id)
        .with_for_update(of=CaseRow)
        .execution_options(populate_existing=True)
    ).one()
    stage = session.execute(
        select(StageRow).where(StageRow.case_id == row.case_id, StageRow.id == row.stage_id)
    ).scalar_one()
    return case, stage, at


def withdraw_request(session: Session, actor: Actor, request_id: UUID, version: int | None) -> Request:
    """The unit that asked takes it back. NotFound for everybody else, the unit that was asked among them."""
    row = find_request(session, actor, request_id, to_us=False)
    file = open_case(session, actor, row.case_id, lock=True)
    row = find_request(session, actor, request_id, to_us=False)
    require_version(version, row.version)
    _require_open(row)
    file.note(_withdrawn(file, row))
    file.save()
    return read_request(session, row)


def _require_open(row: RequestRow) -> None:
    if row.state != "asked":
        raise FieldRefused(("state", "already_answered"))


def _withdrawn(file: CaseFile, row: RequestRow) -> Note:
    row.state, row.answered_at, row.version = "withdrawn", file.at, row.version + 1
    file.clocks.stop(row.id, file.at, CLOCK)
    return note_of(row, file.stage(row.stage_id), "withdraw_request", "asked", {})


def end_requests(file: CaseFile, stage: StageRow, _action: str) -> None:
    """After a move: with the stage ends what was asked of others for it."""
    if stage.state not in ENDED_STATES:
        return
    asked = select(RequestRow).where(
        RequestRow.case_id == file.id, RequestRow.stage_id == stage.id, RequestRow.state == "asked"
    )
    for row in file.session.execute(asked).scalars():
        file.note(replace(_withdrawn(file, row), rule="stage_ended"))
