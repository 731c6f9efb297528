"""The only way in and out for personal values: sealed with the person's own key, each revision kept."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.identifiers import new_id
from services.master_keys import MasterKeys
from services.records.sealed import ErasureRow, PersonKeyRow, SealedValueRow, SearchTokenRow
from services.sealing import PersonKey, SealBroken, address, new_person_key, seal, unseal

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


@dataclass(frozen=True, slots=True)
class _Met:
    """A person's key as this transaction met it."""

    version: int
    wrapped: bytes
    key: PersonKey


class KeyRing:
    """The person keys of one file that this transaction has met. Lives as long as the transaction."""

    def __init__(self, session: Session, file_id: UUID) -> None:
        self._session = session
        self._master: MasterKeys = session.info["master_keys"]
        self._file_id = file_id
        self._met: dict[UUID, _Met] = {}

    def create(self, person_id: UUID, at: datetime) -> None:
        """A new person's key, wrapped and stored."""
        key = PersonKey.of(new_person_key())
        version, wrapped = self._master.wrap(key.kept, key_context(self._file_id, person_id))
        self._session.execute(
            insert(PersonKeyRow).values(
                file_id=self._file_id,
                person_id=person_id,
                master_version=version,
                wrapped=wrapped,
                created_at=at,
            )
        )
        self._met[person_id] = _Met(version, wrapped, key)

    def meet(self, person_id: UUID, master_version: int, wrapped: bytes) -> None:
        """Take a key that a query brought along; it may have been renewed since this transaction met it first."""
        met = self._met.get(person_id)
        if met is None or met.wrapped != wrapped:
            kept = self._master.unwrap(master_version, wrapped, key_context(self._file_id, person_id))
            self._met[person_id] = _Met(master_version, bytes(wrapped), PersonKey.of(kept))

    def key(self, person_id: UUID) -> PersonKey:
        if person_id not in self._met:
            row = self._session.execute(
                select(PersonKeyRow.master_version, PersonKeyRow.wrapped).where(*self._is(person_id))
            ).one()
            assert row.wrapped is not None, "the person was erased"
            self.meet(person_id, row.master_version, row.wrapped)
        return self._met[person_id].key

    def commit_to(self, person_id: UUID, content: Content) -> dict[str, str]:
        """Keyed commitments of each field, for the timeline: they say that a value changed, never which."""
        key = self.key(person_id)
        return {name: key.commit(name, encoded(value)).hex() for name, value in content.items()}

    def write(self, values: Sequence[NewValue], at: datetime) -> None:
        """Seal and store; an earlier revision of the same section stays, no longer current."""
        self._retire(value for value in values if value.revision > 1)
        for person_id in {value.person_id for value in values}:
            self.wrap_anew(person_id)
        rows = [
            {
                "file_id": self._file_id,
                "row_id": value.row_id,
                "section": value.section,
                "revision": value.revision,
                "person_id": value.person_id,
                "sealed": seal(self.key(value.person_id).sealing, encoded(value.content), _address(value)),
                "current": True,
                "sealed_at": at,
            }
            for value in values
        ]
        if rows:
            self._session.execute(insert(SealedValueRow), rows)

    def open(self, row: SealedValueRow) -> OpenValue:
        """Unseal a row whose key was met, or fetch the key; again, where it was renewed meanwhile."""
        value = OpenValue(row.row_id, row.section, row.revision, row.person_id, {})
        known = row.person_id in self._met
        try:
            plain = unseal(self.key(row.person_id).sealing, row.sealed, _address(value))
        except SealBroken:
            if not known:
                raise
            del self._met[row.person_id]
            plain = unseal(self.key(row.person_id).sealing, row.sealed, _address(value))
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

    def wrap_anew(self, person_id: UUID) -> bool:
        """Bring a key that was wrapped by an old master key under the current one; whether there was need to."""
        self.key(person_id)
        met = self._met[person_id]
        if met.version == self._master.current:
            return False
        self._keep(person_id, met.key)
        return True

    def renew(self, person_id: UUID, at: datetime) -> int:
        """Seal everything of a person with a new key, every revision; the number of values. Commitments stay checkable.

        The caller holds the lock of the file.
        """
        old = self.key(person_id)
        new = old.renewed()
        rows = self._session.execute(
            select(SealedValueRow).where(
                SealedValueRow.file_id == self._file_id, SealedValueRow.person_id == person_id
            )
        ).scalars()
        done = 0
        for row in rows:
            place = _address_of(row)
            row.sealed = seal(new.sealing, unseal(old.sealing, row.sealed, place), place)
            done += 1
        self._session.flush()
        self._keep(person_id, new, renewed_at=at)
        return done

    def destroy_all(self, kind: str, at: datetime) -> bytes:
        """Destroy every key of this file and delete every value. Returns a digest over what was sealed: without the keys
        nobody learns or guesses anything from it, and a copy kept elsewhere can be told to be the same."""
        return self._destroy(kind, None, at)

    def destroy(self, person_id: UUID, at: datetime) -> bytes:
        """The same for one person of a case."""
        return self._destroy("case", person_id, at)

    def _destroy(self, kind: str, person_id: UUID | None, at: datetime) -> bytes:
        rows = self._session.execute(
            select(SealedValueRow)
            .where(*_of(SealedValueRow, self._file_id, person_id))
            .order_by(SealedValueRow.row_id, SealedValueRow.section, SealedValueRow.revision)
        ).scalars()
        digest = hashlib.sha256(b"homeward-erased-v1\x00")
        for row in rows:
            for part in (_address_of(row), row.sealed):
                digest.update(len(part).to_bytes(8, "big") + part)
        for table in (SealedValueRow, SearchTokenRow):
            self._session.execute(
                delete(table)
                .where(*_of(table, self._file_id, person_id))
                .execution_options(synchronize_session=False)
            )
        self._session.execute(
            update(PersonKeyRow)
            .where(*_of(PersonKeyRow, self._file_id, person_id), PersonKeyRow.wrapped.is_not(None))
            .values(wrapped=None, destroyed_at=at)
            .execution_options(synchronize_session=False)
        )
        self._session.execute(
            insert(ErasureRow).values(
                id=new_id(), kind=kind, file_id=self._file_id, person_id=person_id, erased_at=at
            )
        )
        self._met.clear()
        return digest.digest()

    def _keep(self, person_id: UUID, key: PersonKey, renewed_at: datetime | None = None) -> None:
        version, wrapped = self._master.wrap(key.kept, key_context(self._file_id, person_id))
        fresh = {} if renewed_at is None else {"renewed_at": renewed_at}
        self._session.execute(
            update(PersonKeyRow)
            .where(*self._is(person_id), PersonKeyRow.wrapped.is_not(None))
            .values(master_version=version, wrapped=wrapped, **fresh)
            .execution_options(synchronize_session=False)
        )
        self._met[person_id] = _Met(version, wrapped, key)

    def _is(self, person_id: UUID) -> tuple[ColumnElement[bool], ...]:
        return PersonKeyRow.file_id == self._file_id, PersonKeyRow.person_id == person_id

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


Sealed = type[SealedValueRow] | type[PersonKeyRow] | type[SearchTokenRow]


def key_context(file_id: UUID, person_id: UUID) -> bytes:
    """What the wrapping of a person's key is bound to."""
    return b"person-key|" + file_id.bytes + person_id.bytes


def _of(table: Sealed, file_id: UUID, person_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    if person_id is None:
        return (table.file_id == file_id,)
    return table.file_id == file_id, table.person_id == person_id


def _address(value: NewValue | OpenValue) -> bytes:
    return address(
        "sealed_values", value.row_id, value.section, revision=value.revision, person_id=value.person_id
    )


def _address_of(row: SealedValueRow) -> bytes:
    return _address(OpenValue(row.row_id, row.section, row.revision, row.person_id, {}))
