"""One effect for one key: the claim, the effect and the stored answer are one transaction."""

import hashlib
import json
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, cast, false, func, not_, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.refusals import KeyInFlight, KeyReused, NotFound
from services import access
from services.master_keys import MasterKeys
from services.records.writes import IdempotencyKeyRow
from services.sealing import seal, unseal

LOCK_NOT_AVAILABLE: Final = "55P03"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who asked (account, or nobody), at which address, with which key, and a digest of what was asked."""

    scope_id: UUID
    route: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The first answer, byte for byte."""

    status: int
    headers: dict[str, str]
    body: bytes


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """SHA-256 over method, path and body as sent: another spelling of the same JSON counts as another request."""
    digest = hashlib.sha256()
    for part in (method.encode(), path.encode(), body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def claim(session: Session, wanted: Claim, actor: Actor | None = None) -> StoredAnswer | None:
    """Take the key, or return the first answer. KeyReused for another payload, KeyInFlight while a twin is at work; NotFound
    where the first answer is of a file that the caller may no longer see.

    `actor` None: there is no caller whose right could have ended.
    """
    try:
        taken = session.execute(
            insert(IdempotencyKeyRow)
            .values(
                scope_id=wanted.scope_id,
                route=wanted.route,
                key=wanted.key,
                fingerprint=wanted.fingerprint,
                claimed_at=func.clock_timestamp(),
            )
            .on_conflict_do_nothing()
            .returning(IdempotencyKeyRow.key)
        ).one_or_none()
    except OperationalError as error:
        if getattr(error.orig, "pgcode", None) == LOCK_NOT_AVAILABLE:
            raise KeyInFlight from None
        raise
    if taken is not None:
        return None
    return _first_answer(session, wanted, actor)


def _first_answer(session: Session, wanted: Claim, actor: Actor | None) -> StoredAnswer:
    file_id = IdempotencyKeyRow.file_id
    kept_from = (
        not_(access.not_excluded(actor, file_id) & access.not_in_question(actor, file_id))
        if actor
        else false()
    )
    seen = access.visible_to(actor, file_id) if actor else true()
    row = session.execute(
        select(
            IdempotencyKeyRow.fingerprint,
            IdempotencyKeyRow.status,
            IdempotencyKeyRow.answer,
            IdempotencyKeyRow.master_version,
            # a right that ended with this very request does not take its answer away: the second click gets the first one's
            or_(kept_from, IdempotencyKeyRow.still_visible & ~seen).label("gone"),
        ).where(*_is(wanted))
    ).one()
    if row.fingerprint != wanted.fingerprint:
        raise KeyReused
    if row.answer is None:
        raise KeyInFlight
    if row.gone:
        raise NotFound
    opened = json.loads(
        unseal(answer_key(_master(session), row.master_version), row.answer, _address(wanted))
    )
    return StoredAnswer(row.status, opened["headers"], opened["body"].encode())


def keep_answer(session: Session, wanted: Claim, answer: StoredAnswer, actor: Actor | None = None) -> None:
    """Store the answer sealed, since it holds what the caller was told; with the file that this transaction worked on, and
    whether the caller still sees it: what was shown is not shown again to whom it is closed by then."""
    file_id = cast(func.nullif(func.current_setting("homeward.file", True), ""), Uuid())
    plain = json.dumps({"headers": answer.headers, "body": answer.body.decode()}).encode()
    version = _master(session).current
    sealed = seal(answer_key(_master(session), version), plain, _address(wanted))
    session.execute(
        update(IdempotencyKeyRow)
        .where(*_is(wanted))
        .values(
            status=answer.status,
            answer=sealed,
            master_version=version,
            file_id=file_id,
            still_visible=access.visible_to(actor, file_id) if actor else False,
        )
        .execution_options(synchronize_session=False)
    )


def _is(wanted: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        IdempotencyKeyRow.scope_id == wanted.scope_id,
        IdempotencyKeyRow.route == wanted.route,
        IdempotencyKeyRow.key == wanted.key,
    )


def seal_anew(master: MasterKeys, row: IdempotencyKeyRow) -> None:
    """Bring a stored answer under the current master key."""
    assert row.answer is not None
    place = _address(Claim(row.scope_id, row.route, row.key, row.fingerprint))
    plain = unseal(answer_key(master, row.master_version), row.answer, place)
    row.master_version = master.current
    row.answer = seal(answer_key(master, row.master_version), plain, place)


def answer_key(master: MasterKeys, version: int) -> bytes:
    """The key of stored answers; each row says from which master key its own was derived."""
    return master.derive("stored answers", version)


def _master(session: Session) -> MasterKeys:
    master: MasterKeys = session.info["master_keys"]
    return master


def _address(wanted: Claim) -> bytes:
    return hashlib.sha256(f"{wanted.scope_id}\x00{wanted.route}\x00{wanted.key}".encode()).digest()
