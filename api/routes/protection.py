"""What the law of personal data gives: the table of terms, legal holds, erasure and export of one person."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Answered, Call, Session
from api.dependencies import PathId
from api.openapi import CHANGE, CREATE, EXPORT, ONE, SIGNED_IN, problems
from api.representations.exports import ExportAnswer, ExportBody, export_answer
from api.representations.moves import ReasonBody
from api.representations.protection import (
    DueErasures,
    ErasureAnswer,
    ErasureBody,
    HoldAnswer,
    HoldBody,
    HoldList,
    Recipient,
    RetentionAnswer,
    due_category,
    erasure_answer,
    hold_answer,
    retention_answer,
)
from api.representations.types import Moment
from api.strict_json import StrictRoute
from domain.actors import AUDIT_ROLES, PROTECTING_ROLES, Actor, Role
from domain.refusals import RequirementsUnmet
from domain.retention import WATCHING_ROLES
from services.access import record_read
from services.database import now
from services.legal_holds import list_holds, release_hold, set_hold
from services.person_erasure import enter_refusal, erase_person
from services.retention import due_files, number_of
from services.subject_export import export_person

router: Final = APIRouter(tags=["Personal data"], route_class=StrictRoute)
Protector = Annotated[Call, Depends(Gate(PROTECTING_ROLES))]
Confirmed = Annotated[Call, Depends(Gate(PROTECTING_ROLES, confirmed=True))]
HOLDS: Final = "/cases/{case_id}/legal_holds"
PERSON: Final = "/cases/{case_id}/victims/{victim_id}"


@router.get(
    "/retention",
    response_model=RetentionAnswer,
    operation_id="read_retention",
    responses=problems(*SIGNED_IN),
)
def read_retention(call: Annotated[Call, Depends(Gate(WATCHING_ROLES))]) -> Response:
    """How long each kind of thing is kept, on what ground, and what happens then."""
    return call.read(lambda _session, _actor: Answered(retention_answer(call.language)))


@router.get(
    "/retention/due",
    response_model=DueErasures,
    operation_id="read_due_erasures",
    responses=problems(*SIGNED_IN),
)
def read_due(
    call: Annotated[Call, Depends(Gate(AUDIT_ROLES))],
    by: Annotated[Moment | None, Query(description="Due by then; now, if it is not given.")] = None,
) -> Response:
    """A dry run: what would be erased by then at the caller's place. Counts end at a thousand."""
    return call.read(lambda session, actor: _due(call, session, actor, by))


def _due(call: Call, session: Session, actor: Actor, by: datetime | None) -> Answered:
    until = by or now(session)
    record_read(session, actor, subject="due_erasures", file_id=None)
    names_files = actor.role is Role.DATA_PROTECTION_OFFICER
    keys = call.house.master_keys
    items = [
        due_category(due, [number_of(keys, file.file_id) for file in due.files] if names_files else None)
        for due in due_files(session, until)
    ]
    return Answered(
        DueErasures(by=until, items=items, links={"self": "/retention/due", "terms": "/retention"})
    )


@router.get(HOLDS, response_model=HoldList, operation_id="list_legal_holds", responses=problems(*ONE))
def read_holds(call: Protector, case_id: PathId) -> Response:
    """Every hold on the case, past ones too."""
    return call.read(lambda session, actor: _list(session, actor, case_id))


def _list(session: Session, actor: Actor, case_id: UUID) -> Answered:
    found = list_holds(session, actor, case_id)
    record_read(session, actor, subject="legal_holds", file_id=case_id, subject_id=case_id)
    links = {"self": f"/cases/{case_id}/legal_holds", "case": f"/cases/{case_id}"}
    return Answered(HoldList(items=[hold_answer(one, actor) for one in found], links=links))


@router.post(
    HOLDS,
    status_code=201,
    response_model=HoldAnswer,
    operation_id="set_legal_hold",
    responses=problems(*CREATE),
)
def hold(call: Protector, case_id: PathId, body: HoldBody) -> Response:
    """From now on nothing of the case is erased. Set by a supervisor of the owner, the procuratorate or the court, or by the
    data protection officer of the place."""
    return call.write(lambda session, actor: _hold(session, actor, case_id, body), 201)


def _hold(session: Session, actor: Actor, case_id: UUID, body: HoldBody) -> Answered:
    found = set_hold(session, actor, case_id, body.reason)
    return Answered(hold_answer(found, actor), found.row.version)


@router.post(
    f"{HOLDS}/{{hold_id}}/release",
    response_model=HoldAnswer,
    operation_id="release_legal_hold",
    responses=problems(*CHANGE, "confirmation_needed"),
)
def release(call: Confirmed, case_id: PathId, hold_id: PathId, body: ReasonBody) -> Response:
    """Another person than the one who set it says that it is over, and why."""
    return call.write(lambda session, actor: _release(call, session, actor, (case_id, hold_id), body))


def _release(
    call: Call, session: Session, actor: Actor, which: tuple[UUID, UUID], body: ReasonBody
) -> Answered:
    found = release_hold(session, actor, which, body.reason, call.asked.version)
    return Answered(hold_answer(found, actor), found.row.version)


@router.post(
    f"{PERSON}/erasures",
    status_code=201,
    response_model=ErasureAnswer,
    operation_id="erase_person",
    responses=problems(*CREATE, "confirmation_needed"),
)
def erase(call: Confirmed, case_id: PathId, victim_id: PathId, body: ErasureBody) -> Response:
    """Erase one person on request, by the data protection officer of the place: values and keys are destroyed, decisions and
    digests stay. Refused with every reason against it; the refusal stands on the timeline too."""
    who, asked = (case_id, victim_id), body.model_dump(mode="json")
    try:
        return call.write(lambda session, actor: _erase(session, actor, who, asked), 201)
    except RequirementsUnmet as refused:
        codes = [unmet.code for unmet in refused.unmet]
        call.note(lambda session, actor: enter_refusal(session, actor, who, asked, codes))
        raise


def _erase(session: Session, actor: Actor, who: tuple[UUID, UUID], asked: dict[str, object]) -> Answered:
    victim = erase_person(session, actor, who, asked)
    return Answered(erasure_answer(who[0], victim), victim.row.version)


@router.post(
    f"{PERSON}/exports",
    status_code=201,
    response_model=ExportAnswer,
    operation_id="export_person",
    responses=problems(*EXPORT, "confirmation_needed"),
)
def export(call: Confirmed, case_id: PathId, victim_id: PathId, body: ExportBody) -> Response:
    """Everything that is known of one person, for them or a child's guardian, without what is about others. By the owner's
    caseworker on their request, as far as the unit reads it; whole by the data protection officer. Kept nowhere."""
    return call.write_once(
        lambda session, actor: _export(session, actor, (case_id, victim_id), body.recipient), 201
    )


def _export(session: Session, actor: Actor, who: tuple[UUID, UUID], recipient: Recipient) -> Answered:
    bundle, file = export_person(session, actor, who, for_guardian=recipient is Recipient.GUARDIAN)
    return Answered(export_answer(bundle, file, recipient, actor))
