"""Guardians, units and officers in question (rules 3 and 4): set at once, looked at from above, cleared by several."""

from collections.abc import Callable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.dependencies import PathId
from api.openapi import CHANGE, CREATE, ONE, problems
from api.representations.cases import ApprovalLine, approval_line
from api.representations.conflicts import (
    ADDRESSES,
    ConflictAnswer,
    ConflictList,
    ExclusionBody,
    GuardianAttemptAnswer,
    GuardianAttemptBody,
    GuardianConflictBody,
    NotASuspectBody,
    UnitConflictBody,
    attempt_answer,
    conflict_answer,
)
from api.strict_json import StrictRoute
from domain.actors import CASE_ROLES, MOVING_ROLES, Actor
from domain.conflicts import ConflictKind
from services.access import record_read
from services.case_files import CaseFile
from services.case_loading import open_case
from services.conflict_decisions import clear_conflict, confirm_conflict
from services.conflicts import conflicts_of, read_conflict, reasons_of
from services.exclusions import OfficerDoubted, set_exclusion
from services.guardian_attempts import Attempt, write_down_attempt
from services.guardianship import (
    GuardianDoubted,
    ask_not_a_suspect,
    clear_guardian_conflict,
    set_guardian_conflict,
)
from services.records.conflicts import ConflictRow
from services.unit_conflicts import UnitDoubted, set_unit_conflict

router: Final = APIRouter(tags=["Conflicts"], route_class=StrictRoute)
Reader = Annotated[Call, Depends(Gate(CASE_ROLES))]
Mover = Annotated[Call, Depends(Gate(MOVING_ROLES))]
GUARDIAN: Final = f"/{ADDRESSES[ConflictKind.GUARDIAN]}/{{conflict_id}}"


@router.get(
    "/cases/{case_id}/conflicts",
    response_model=ConflictList,
    operation_id="list_conflicts",
    responses=problems(*ONE),
)
def read_conflicts(call: Reader, case_id: PathId) -> Response:
    """The conflicts of a case, those cleared among them: for its owner, the guardianship unit, the level above, PROC."""
    return call.read(lambda session, actor: _list(call, session, actor, case_id))


def _list(call: Call, session: Session, actor: Actor, case_id: UUID) -> Answered:
    file = open_case(session, actor, case_id)
    record_read(session, actor, subject="conflict_list", file_id=case_id, subject_id=case_id)
    rows = conflicts_of(file, actor)
    reasons = reasons_of(session, case_id, rows)
    items = [conflict_answer(file, row, reasons.get(row.id), (actor, call.language)) for row in rows]
    base = f"/cases/{case_id}"
    return Answered(
        ConflictList(items=items, links={"self": f"{base}/conflicts", "case": base}), file.case.version
    )


def _conflict(call: Call, session: Session, actor: Actor, found: tuple[CaseFile, ConflictRow]) -> Answered:
    file, row = found
    reason = reasons_of(session, row.case_id, [row]).get(row.id)
    return Answered(conflict_answer(file, row, reason, (actor, call.language)), row.version)


def _made(call: Call, session: Session, actor: Actor, found: tuple[CaseFile, ConflictRow]) -> Answered:
    made, row = _conflict(call, session, actor, found), found[1]
    address = f"/{ADDRESSES[ConflictKind(row.kind)]}/{row.id}"
    return Answered(made.content, made.version, {"Location": address})


def _add_reading(kind: ConflictKind) -> None:
    @router.get(
        f"/{ADDRESSES[kind]}/{{conflict_id}}",
        response_model=ConflictAnswer,
        operation_id=f"read_{ADDRESSES[kind][:-1]}",
        responses=problems(*ONE),
    )
    def read(call: Reader, conflict_id: PathId) -> Response:
        """One conflict, with what was said when it was set."""
        return call.read(lambda session, actor: _read(call, session, actor, kind, conflict_id))


def _read(call: Call, session: Session, actor: Actor, kind: ConflictKind, conflict_id: UUID) -> Answered:
    file, row = read_conflict(session, actor, kind, conflict_id)
    record_read(session, actor, subject="conflict", file_id=row.case_id, subject_id=row.id)
    return _conflict(call, session, actor, (file, row))


for _kind in ConflictKind:
    _add_reading(_kind)


@router.post(
    "/cases/{case_id}/victims/{victim_id}/guardian_conflicts",
    status_code=201,
    response_model=ConflictAnswer,
    operation_id="set_guardian_conflict",
    responses=problems(*CREATE),
)
def question_guardian(
    call: Reader, case_id: PathId, victim_id: PathId, body: GuardianConflictBody
) -> Response:
    """Any one officer who works for the child may; in the same moment the guardian has no access, no notices and no say."""
    doubt = GuardianDoubted(body.relative_id, body.reason)
    return call.write(
        lambda session, actor: _made(
            call, session, actor, set_guardian_conflict(session, actor, case_id, victim_id, doubt)
        ),
        201,
    )


@router.post(
    f"{GUARDIAN}/approvals",
    status_code=201,
    response_model=ApprovalLine,
    operation_id="ask_not_a_suspect",
    responses=problems(*CREATE),
)
def ask_the_police(call: Mover, conflict_id: PathId, body: NotASuspectBody) -> Response:
    """The guardianship unit asks a police unit to say that the guardian is not a suspect; answered at /approvals."""
    return call.write(lambda session, actor: _asked(session, actor, conflict_id, body), 201)


def _asked(session: Session, actor: Actor, conflict_id: UUID, body: NotASuspectBody) -> Answered:
    _file, row = ask_not_a_suspect(session, actor, conflict_id, body.approver_unit_id, body.reason)
    return Answered(approval_line(row), row.version, {"Location": f"/approvals/{row.id}"})


@router.post(
    f"{GUARDIAN}/clear",
    response_model=ConflictAnswer,
    operation_id="clear_guardian_conflict",
    responses=problems(*CHANGE),
)
def clear_guardian(call: Mover, conflict_id: PathId) -> Response:
    """Only the guardianship unit, with the police's word, the child heard since, and a second person; history stays."""
    return call.write(
        lambda session, actor: _conflict(
            call, session, actor, clear_guardian_conflict(session, actor, conflict_id, call.asked.version)
        )
    )


@router.post(
    "/cases/{case_id}/victims/{victim_id}/guardian_attempts",
    status_code=201,
    response_model=GuardianAttemptAnswer,
    operation_id="write_down_guardian_attempt",
    responses=problems(*CREATE),
)
def attempted(call: Reader, case_id: PathId, victim_id: PathId, body: GuardianAttemptBody) -> Response:
    """Whoever the family turned to writes it down; who answers for the child reads it with the guardianship's remarks."""
    return call.write(lambda session, actor: _attempted(session, actor, (case_id, victim_id), body), 201)


def _attempted(session: Session, actor: Actor, who: tuple[UUID, UUID], body: GuardianAttemptBody) -> Answered:
    said = {"channel": str(body.channel), "note": body.note}
    file, note = write_down_attempt(session, actor, *who, Attempt(body.happened_at, said))
    return Answered(attempt_answer(who[0], note.entry_id, file.at))


# --- units and officers (rule 4) ---


@router.post(
    "/cases/{case_id}/unit_conflicts",
    status_code=201,
    response_model=ConflictAnswer,
    operation_id="set_unit_conflict",
    responses=problems(*CREATE),
)
def question_unit(call: Reader, case_id: PathId, body: UnitConflictBody) -> Response:
    """Any unit in the case may, and the procuratorate there: the unit named loses everything at once, its work goes up."""
    doubt = UnitDoubted(body.unit_id, body.reason)
    return call.write(
        lambda session, actor: _made(call, session, actor, set_unit_conflict(session, actor, case_id, doubt)),
        201,
    )


@router.post(
    "/cases/{case_id}/exclusions",
    status_code=201,
    response_model=ConflictAnswer,
    operation_id="set_exclusion",
    responses=problems(*CREATE),
)
def exclude(call: Reader, case_id: PathId, body: ExclusionBody) -> Response:
    """The same for one officer: from the next request on the case does not exist for them."""
    doubt = OfficerDoubted(body.account_id, body.reason)
    return call.write(
        lambda session, actor: _made(call, session, actor, set_exclusion(session, actor, case_id, doubt)), 201
    )


Decide = Callable[[Session, Actor, ConflictKind, UUID, int | None], tuple[CaseFile, ConflictRow]]


def _add_decision(kind: ConflictKind, action: str, decide: Decide, told: str) -> None:
    @router.post(
        f"/{ADDRESSES[kind]}/{{conflict_id}}/{action}",
        response_model=ConflictAnswer,
        operation_id=f"{action}_{ADDRESSES[kind][:-1]}",
        responses=problems(*CHANGE),
        description=told,
    )
    def say(call: Mover, conflict_id: PathId) -> Response:
        return call.write(
            lambda session, actor: _conflict(
                call, session, actor, decide(session, actor, kind, conflict_id, call.asked.version)
            )
        )


for _kind in (ConflictKind.UNIT, ConflictKind.OFFICER):
    _add_decision(
        _kind, "confirm", confirm_conflict, "The level above or the procuratorate has looked and confirms it."
    )
    _add_decision(
        _kind,
        "clear",
        clear_conflict,
        "The level above or the procuratorate clears it; it is over only when both have.",
    )
