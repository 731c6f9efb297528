"""Where those who check begin: a case by its number."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.dependencies import typed_case_number
from api.openapi import ONE, problems
from api.representations.timeline import AuditedCaseAnswer, audited_case_answer
from api.strict_json import StrictRoute
from domain.actors import AUDIT_ROLES, Actor
from services.access import record_read
from services.audited_cases import audited_case

router: Final = APIRouter(tags=["Timeline"], route_class=StrictRoute)
Auditor = Annotated[Call, Depends(Gate(AUDIT_ROLES))]
Number = Annotated[
    str, Query(min_length=1, max_length=40, description="As written on the file, check digit and all.")
]


@router.get(
    "/audited_cases",
    response_model=AuditedCaseAnswer,
    operation_id="find_audited_case",
    responses=problems(*ONE),
)
def find_case(call: Auditor, number: Number) -> Response:
    """The case of this number, for auditors and data protection officers. 404 is the same for a number that was never given
    and for a case that is kept from the asker."""
    return call.read(lambda session, actor: _find(session, actor, number))


def _find(session: Session, actor: Actor, number: str) -> Answered:
    case = audited_case(session, actor, typed_case_number(number, "number"))
    record_read(session, actor, subject="audited_case", file_id=case.id, subject_id=case.id)
    return Answered(audited_case_answer(case))
