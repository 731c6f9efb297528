"""The only way in and out for personal values: sealed with the person's own key, each revision kept."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from services.master_keys import MasterKeys
from services.records.sealed import PersonKeyRow, SealedValueRow
from services.sealing import address, commitment, new_person_key, seal, unseal

Content = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NewValue:
    """A section of a row about to be sealed; `revision` counts from 1 for each row and section."""

    row_id: UUID
    section: str
    person_id: UUID
    content: Content
    revision: int = 1


@dataclass(frozen=True, slots=True)
class OpenValue:
    """A section as read back."""

    row_id: UUID
    section: str
    revision: int
    person_id: UUID
    content: Content


def encoded(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class KeyRing:
    """The person keys of one file that this transaction has met. Lives as long as the transaction."""

    def __init__(self, session: Session, file_id: UUID) -> None:
        self._session = session
        self._master: MasterKeys = session.info["master_keys"]
        self._file_id = file_id
        self._keys: dict[UUID, bytes] = {}

    def create(self, person_id: UUID, at: datetime) -> None:
        """A new person's key, wrapped and stored."""
        key = new_person_key()
        version, wrapped = self._master.wrap(key, self._context(person_id))
        self._session.execute(
            insert(PersonKeyRow).values(
                file_id=self._file_id,
                person_id=person_id,
                master_version=version,
                wrapped=wrapped,
                created_at=at,
            )
        )
        self._keys[person_id] = key

    def meet(self, person_id: UUID, master_version: int, wrapped: bytes) -> None:
        """Take a key that a query brought along."""
        if person_id not in self._keys:
            self._keys[person_id] = self._master.unwrap(master_version, wrapped, self._context(person_id))

    def key(self, person_id: UUID) -> bytes:
        if person_id not in self._keys:
            row = self._session.execute(
                select(PersonKeyRow.master_version, PersonKeyRow.wrapped).where(
                    PersonKeyRow.file_id == self._file_id, PersonKeyRow.person_id == person_id
                )
            ).one()
            assert row.wrapped is not None, "the person was erased"
            self.meet(person_id, row.master_version, row.wrapped)
        return self._keys[person_id]

    def commit_to(self, person_id: UUID, content: Content) -> dict[str, str]:
        """Keyed commitments of each field, for the timeline: they say that a value changed, never which."""
        key = self.key(person_id)
        return {name: commitment(key, name, encoded(value)).hex() for name, value in content.items()}

    def write(self, values: Sequence[NewValue], at: datetime) -> None:
        """Seal and store; an earlier revision of the same section stays, no longer current."""
        self._retire(value for value in values if value.revision > 1)
        rows = [
            {
                "file_id": self._file_id,
                "row_id": value.row_id,
                "section": value.section,
                "revision": value.revision,
                "person_id": value.person_id,
                "sealed": seal(self.key(value.person_id), encoded(value.content), _address(value)),
                "current": True,
                "sealed_at": at,
            }
            for value in values
        ]
        if rows:
            self._session.execute(insert(SealedValueRow), rows)

    def open(self, row: SealedValueRow) -> OpenValue:
        """Unseal a row whose key was met, or fetch the key."""
        value = OpenValue(row.row_id, row.section, row.revision, row.person_id, {})
        plain = unseal(self.key(row.person_id), row.sealed, _address(value))
        return OpenValue(row.row_id, row.section, row.revision, row.person_id, json.loads(plain))

    def read(self, row_ids: Iterable[UUID]) -> list[OpenValue]:
        """The current sections of these rows, with their keys, in one statement. An erased person's come back as nothing."""
        found = self._session.execute(
            select(SealedValueRow, PersonKeyRow.master_version, PersonKeyRow.wrapped)
            .join(
                PersonKeyRow,
                (PersonKeyRow.file_id == SealedValueRow.file_id)
                & (PersonKeyRow.person_id == SealedValueRow.person_id),
            )
            .where(
                SealedValueRow.file_id == self._file_id,
                SealedValueRow.row_id.in_(list(row_ids)),
                SealedValueRow.current,
                PersonKeyRow.wrapped.is_not(None),
            )
        ).all()
        for row in found:
            self.meet(row[0].person_id, row.master_version, row.wrapped)
        return [self.open(row[0]) for row in found]

    def destroy_all(self, at: datetime) -> bytes:
        """Destroy every key of this file and delete every value. Returns a digest over what was sealed: without the keys
        nobody learns or guesses anything from it, and a copy kept elsewhere can be told to be the same."""
        rows = self._session.execute(
            select(SealedValueRow)
            .where(SealedValueRow.file_id == self._file_id)
            .order_by(SealedValueRow.row_id, SealedValueRow.section, SealedValueRow.revision)
        ).scalars()
        digest = hashlib.sha256(b"homeward-erased-v1\x00")
        for row in rows:
            for part in (
                _address(OpenValue(row.row_id, row.section, row.revision, row.person_id, {})),
                row.sealed,
            ):
                digest.update(len(part).to_bytes(8, "big") + part)
        self._session.execute(delete(SealedValueRow).where(SealedValueRow.file_id == self._file_id))
        self._session.execute(
            update(PersonKeyRow)
            .where(PersonKeyRow.file_id == self._file_id, PersonKeyRow.wrapped.is_not(None))
            .values(wrapped=None, destroyed_at=at)
            .execution_options(synchronize_session=False)
        )
        self._keys.clear()
        return digest.digest()

    def _retire(self, values: Iterable[NewValue]) -> None:
        for value in values:
            self._session.execute(
                update(SealedValueRow)
                .where(
                    SealedValueRow.file_id == self._file_id,
                    SealedValueRow.row_id == value.row_id,
                    SealedValueRow.section == value.section,
                    SealedValueRow.current,
                )
                .values(current=False)
                .execution_options(synchronize_session=False)
            )

    def _context(self, person_id: UUID) -> bytes:
        return b"person-key|" + self._file_id.bytes + person_id.bytes


def _address(value: NewValue | OpenValue) -> bytes:
    return address(
        "sealed_values", value.row_id, value.section, revision=value.revision, person_id=value.person_id
    )
