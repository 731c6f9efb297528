"""Checkpoints of the log for everybody, proofs of what stands in it for those who follow the case, its state for auditors."""

import json
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BeforeValidator

from api.access import Anyone, Gate
from api.calls import Answered, Call, Session
from api.cursors import Listing, paged, position_of
from api.dependencies import Limit, Mark, PathId, plain_digits
from api.openapi import ALWAYS, ONE, SIGNED_IN, problems
from api.representations.checkpoints import (
    CheckpointAnswer,
    CheckpointList,
    ConsistencyAnswer,
    EntryProofAnswer,
    LogKeyList,
    SealerStateAnswer,
    checkpoint_answer,
    entry_proof_answer,
    key_answer,
    state_answer,
    written,
)
from api.strict_json import StrictRoute
from domain.actors import AUDIT_ROLES, CASE_ROLES, Actor
from services.access import record_read
from services.checkpoints import (
    consistency,
    entry_proof,
    key_history,
    newest,
    published,
    sealer_state,
)
from services.rate_limits import CHECKPOINTS

router: Final = APIRouter(tags=["Checkpoints"], route_class=StrictRoute)
Public = Annotated[Call, Depends(Anyone(CHECKPOINTS))]
Follower = Annotated[Call, Depends(Gate(CASE_ROLES | AUDIT_ROLES))]
Auditor = Annotated[Call, Depends(Gate(AUDIT_ROLES))]
_LARGEST: Final = 2**53
Size = Annotated[int, BeforeValidator(plain_digits), Query(ge=0, le=_LARGEST)]
FromSize = Annotated[int, BeforeValidator(plain_digits), Query(alias="from", ge=0, le=_LARGEST)]
MaybeSize = Annotated[
    int | None,
    BeforeValidator(plain_digits),
    Query(ge=1, le=_LARGEST, description="The size of a checkpoint; without it, the newest."),
]
Seq = Annotated[
    int | None,
    BeforeValidator(plain_digits),
    Query(ge=1, le=_LARGEST, description="The number of the entry; without it, the last of the case."),
]
_OPEN: Final = (*ALWAYS, "too_many")
_NOTE: Final = {
    "schema": {"type": "string"},
    "example": "homeward.invalid/log\n12\n"
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n\u2014 homeward.invalid/log ...\n",
}


@router.get(
    "/checkpoints", response_model=CheckpointList, operation_id="list_checkpoints", responses=problems(*_OPEN)
)
def read_checkpoints(call: Public, after: Mark = None, limit: Limit = 50) -> Response:
    """Signed checkpoints of the one log over everything written down, the newest first. They hold nothing about anybody."""
    return call.read_publicly(lambda session: _page(call, session, (after, limit)))


def _page(call: Call, session: Session, asked: tuple[str | None, int]) -> Answered:
    mark, limit = asked
    listing = Listing("checkpoints", limit, {})
    position = position_of(call, listing.scope, mark)
    found = published(session, below=int(position[0]) if position else None, limit=limit + 1)
    rows, links, headers = paged(call, listing, found, lambda one: [str(one.size)])
    links |= {"keys": "/checkpoints/keys", "latest": "/checkpoints/latest"}
    return Answered(
        CheckpointList(items=[checkpoint_answer(row) for row in rows], links=links), headers=headers
    )


@router.get(
    "/checkpoints/latest",
    response_model=CheckpointAnswer,
    operation_id="read_latest_checkpoint",
    responses=problems(*_OPEN, "not_found"),
)
def read_latest(call: Public) -> Response:
    """The newest checkpoint. Who keeps it can say later whether the log still begins as it did."""
    return call.read_publicly(lambda session: Answered(checkpoint_answer(newest(session))))


@router.get(
    "/checkpoints/latest/note",
    operation_id="read_latest_note",
    response_class=Response,
    responses={200: {"content": {"text/plain": _NOTE}}, **problems(*_OPEN, "not_found")},
)
def read_note(call: Public) -> Response:
    """The same as the signed note alone, as witnesses take it."""
    answer = call.read_publicly(lambda session: Answered(checkpoint_answer(newest(session))))
    # only what has left by the one exit
    note = json.loads(bytes(answer.body))["note"]
    kept = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("content-length", "content-type")
    }
    return Response(note, media_type="text/plain", headers=kept)


@router.get(
    "/checkpoints/keys", response_model=LogKeyList, operation_id="list_log_keys", responses=problems(*_OPEN)
)
def read_keys(call: Public) -> Response:
    """Every public key that ever signed the log, and from which size to which."""
    return call.read_publicly(_keys)


def _keys(session: Session) -> Answered:
    items = [key_answer(key) for key in key_history(session)]
    return Answered(LogKeyList(items=items, links={"self": "/checkpoints/keys"}))


@router.get(
    "/checkpoints/consistency",
    response_model=ConsistencyAnswer,
    operation_id="prove_consistency",
    responses=problems(*_OPEN, "not_found"),
)
def read_consistency(call: Public, from_size: FromSize, to: Size) -> Response:
    """The proof that the log of one size is the beginning of that of another: nothing was taken away or put in between."""
    return call.read_publicly(lambda session: _consistency(session, from_size, to))


def _consistency(session: Session, old: int, new: int) -> Answered:
    path = [written(one) for one in consistency(session, old, new)]
    return Answered(ConsistencyAnswer(from_size=old, to=new, proof=path))


@router.get(
    "/checkpoints/state",
    response_model=SealerStateAnswer,
    operation_id="read_sealer_state",
    responses=problems(*SIGNED_IN),
)
def read_state(call: Auditor) -> Response:
    """How far sealing is behind, and how each place outside stands; `late` past two minutes."""
    return call.read(_state)


def _state(session: Session, actor: Actor) -> Answered:
    answer = state_answer(sealer_state(session))
    record_read(session, actor, subject="sealer_state", file_id=None)
    return Answered(answer)


@router.get(
    "/cases/{case_id}/timeline/proof",
    response_model=EntryProofAnswer,
    operation_id="prove_entry",
    responses=problems(*ONE),
)
def read_proof(call: Follower, case_id: PathId, seq: Seq = None, size: MaybeSize = None) -> Response:
    """The proof that an entry of the case stands in the log under a signed checkpoint."""
    return call.read(lambda session, actor: _proof(session, actor, case_id, (seq, size)))


def _proof(session: Session, actor: Actor, case_id: UUID, asked: tuple[int | None, int | None]) -> Answered:
    seq, found = entry_proof(session, actor, case_id, seq=asked[0], size=asked[1])
    record_read(session, actor, subject="timeline_proof", file_id=case_id, subject_id=case_id)
    links = {"timeline": f"/cases/{case_id}/timeline", "keys": "/checkpoints/keys"}
    return Answered(entry_proof_answer(seq, found, links))
