"""Taking checkpoints out of the house, at once: to witnesses over HTTP, and to a file that is only ever appended to.

A witness is asked as C2SP tlog-witness says: POST of the size it knows, the proof from there, and the note; it answers with
its cosignature. Nothing is sent inside a transaction, and a place that is away holds up nobody.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

import httpx
import structlog
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from domain.checkpoints import (
    Note,
    NotInForm,
    VerifierKey,
    is_signed,
    key_from,
    note_from,
    submission,
    whole_number,
)
from domain.identifiers import new_id
from services.database import now, transaction
from services.log_keys import verifies
from services.records.tree import CheckpointRow, DeliveryRow
from services.settings import Settings, SettingsRefused
from services.tree import consistency_proof

SECONDS: Final = 10.0
LONGEST_ANSWER: Final = 64 * 1024
PAUSE_SECONDS: Final = 1.0
FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=5)
FILE: Final = "file"
log: Final = structlog.get_logger("homeward.sealer")


@dataclass(frozen=True, slots=True)
class Sending:
    """A checkpoint on its way: the size that the place knows, the proof from there, the note."""

    size: int
    old_size: int
    path: Sequence[bytes]
    note: Note


@dataclass(frozen=True, slots=True)
class Taken:
    """How a place answered. `knows`: the size that it says it knows, where that is another."""

    outcome: str
    cosignatures: str = ""
    knows: int | None = None


class Place(Protocol):
    """Somewhere outside."""

    @property
    def name(self) -> str: ...

    def take(self, sending: Sending) -> Taken: ...


@dataclass(frozen=True, slots=True)
class AppendedFile:
    """Each note, and an empty line behind it; on disk when this returns."""

    path: Path
    name: str = FILE

    def take(self, sending: Sending) -> Taken:
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                # one write, so that what two workers append does not mix
                os.write(descriptor, f"{sending.note.written}\n".encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError:
            return Taken("away")
        return Taken("delivered")


@dataclass(frozen=True, slots=True)
class Witness:
    """One witness by its address. Cosignatures are kept only where its key is known, and only if they are good."""

    name: str
    key: VerifierKey | None = None
    client: httpx.Client = field(
        default_factory=lambda: httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False)
    )

    def take(self, sending: Sending) -> Taken:
        body = submission(sending.old_size, sending.path, sending.note)
        try:
            status, answer = self._post(body)
        except (httpx.HTTPError, OSError):
            return Taken("away")
        if status == httpx.codes.CONFLICT:
            return Taken("knows_another", knows=_size_in(answer))
        if status != httpx.codes.OK:
            return Taken("refused" if status < httpx.codes.INTERNAL_SERVER_ERROR else "away")
        return Taken("delivered", self._cosignatures(sending.note, answer))

    def _post(self, body: str) -> tuple[int, str]:
        until, answer = time.monotonic() + SECONDS, b""
        with self.client.stream("POST", f"{self.name}/add-checkpoint", content=body.encode()) as response:
            for part in response.iter_bytes():
                answer += part
                if len(answer) > LONGEST_ANSWER or time.monotonic() > until:
                    raise httpx.ReadTimeout("an answer without an end")
            return response.status_code, answer.decode("utf-8", "replace")

    def _cosignatures(self, note: Note, answer: str) -> str:
        """The lines of the known key, if they are good: no others count."""
        if self.key is None:
            return ""
        try:
            found = note_from(f"{note.text}\n{answer}")
        except NotInForm:
            return ""
        own = [
            line for line in found.signatures if (line.name, line.key_id) == (self.key.name, self.key.key_id)
        ]
        return "".join(line.line for line in own) if is_signed(found, self.key, verifies) else ""


def _size_in(answer: str) -> int | None:
    try:
        return whole_number(answer.removesuffix("\n"))
    except (NotInForm, IndexError):
        return None


def places_of(settings: Settings) -> tuple[Place, ...]:
    """Where checkpoints go by these settings, the file first; SettingsRefused for a witness's key that is none."""
    found: list[Place] = [AppendedFile(settings.log.checkpoint_file)] if settings.log.checkpoint_file else []
    for entry in settings.log.witnesses:
        address, _, key = entry.partition(" ")
        try:
            found.append(Witness(address.rstrip("/"), key_from(key) if key else None))
        except NotInForm as refused:
            raise SettingsRefused(f"HOMEWARD_WITNESSES holds a key that is none: {refused}") from None
    return tuple(found)


def deliver(engine: Engine, place: Place) -> str | None:
    """Take the newest checkpoint there, unless it is there already or the place is being given time; the outcome."""
    with transaction(engine) as session:
        sending = _waiting(session, place.name)
    if sending is None:
        return None
    taken = place.take(sending)
    if taken.knows is not None and taken.knows <= sending.size:
        # it was asked before by somebody who did not live to write it down
        with transaction(engine) as session:
            path = consistency_proof(session, taken.knows, sending.size)
        taken = place.take(Sending(sending.size, taken.knows, path, sending.note))
    with transaction(engine) as session:
        session.add(
            DeliveryRow(
                id=new_id(),
                place=place.name,
                size=sending.size,
                tried_at=now(session),
                outcome=taken.outcome,
                cosignatures=taken.cosignatures,
            )
        )
        session.flush()
    return taken.outcome


def _waiting(session: Session, place: str) -> Sending | None:
    newest = session.execute(select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1)).scalar()
    if newest is None:
        return None
    own = select(DeliveryRow).where(DeliveryRow.place == place).order_by(DeliveryRow.id.desc())
    there = session.execute(own.where(DeliveryRow.outcome == "delivered").limit(1)).scalar()
    if there is not None and there.size >= newest.size:
        return None
    failed = [
        row.tried_at for row in session.execute(own.limit(8)).scalars() if there is None or row.id > there.id
    ]
    if failed and now(session) < failed[0] + _wait(len(failed)):
        return None
    old_size = there.size if there else 0
    return Sending(
        newest.size, old_size, consistency_proof(session, old_size, newest.size), note_from(newest.note)
    )


def _wait(failures: int) -> timedelta:
    return min(FIRST_WAIT * (1 << failures - 1), LONGEST_WAIT)


def run_deliveries(engine: Engine, places: Sequence[Place], stopping: Callable[[], bool]) -> None:
    """Every second, each place gets what is new, until told to stop."""
    while not stopping():
        for place in places:
            try:
                outcome = deliver(engine, place)
                if outcome not in (None, "delivered"):
                    log.warning("checkpoint not delivered", place=place.name, outcome=outcome)
            except Exception as error:  # noqa: BLE001  # one place's failure is not the others'
                log.warning("delivery failed", place=place.name, error=type(error).__name__)
        until = time.monotonic() + PAUSE_SECONDS
        while not stopping() and time.monotonic() < until:
            time.sleep(0.1)
