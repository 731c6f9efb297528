"""Erasures that outlast a backup: their list is kept in a file outside the database, and applied to what was put back.

A backup holds the wrapped keys of everybody who was there when it was made. So each erasure is written to a file beside the
master keys' own place, ids and times alone, and `homeward erase-again` destroys in a restored database what was destroyed
since; until then the API refuses to serve it. Who keeps a backup longer than that file, or opens it elsewhere with the
master keys, can still read it: that ends with the retirement of the master key, which is why keys are rotated.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from domain.identifiers import new_id
from services.case_erasure import erase_now
from services.case_loading import open_case_by_rule
from services.database import transaction
from services.master_keys import MasterKeys
from services.person_erasure import erase_in
from services.records.cases import CaseRow
from services.records.reports import ReportRow
from services.records.sealed import ErasureRow, PersonKeyRow
from services.records.writes import IdempotencyKeyRow
from services.report_erasure import erase_report_now
from services.report_files import open_report_by_rule

RULE: Final = "erased_before_the_backup_was_put_back"
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Erasure:
    """One line of the list. `person_id` None: everything of the file."""

    id: UUID
    kind: str
    file_id: UUID
    person_id: UUID | None


def write_erasures(engine: Engine, path: Path) -> int:
    """Copy what was erased to the list, and note that it was copied: a line may come twice, and is never missing."""
    with transaction(engine) as session:
        query = select(ErasureRow).where(ErasureRow.written_at.is_(None)).order_by(ErasureRow.id)
        rows = session.execute(query.limit(BATCH).with_for_update(skip_locked=True)).scalars().all()
        if not rows:
            return 0
        _append(path, [_line(row) for row in rows])
        session.execute(
            update(ErasureRow)
            .where(ErasureRow.id.in_([row.id for row in rows]))
            .values(written_at=func.clock_timestamp())
            .execution_options(synchronize_session=False)
        )
        return len(rows)


def not_erased_here(engine: Engine, path: Path) -> list[Erasure]:
    """Lines of the list that this database knows nothing of: it was put back from a backup that is older."""
    missing = []
    with transaction(engine) as session:
        session.execute(select(func.set_config("homeward.erasures", "known", True)))
        for batch in _batches(path):
            wanted = [one.id for one in batch]
            known = set(session.execute(select(ErasureRow.id).where(ErasureRow.id.in_(wanted))).scalars())
            missing += [one for one in batch if one.id not in known]
    return missing


def erase_again(engine: Engine, keys: MasterKeys, path: Path) -> int:
    """Destroy in this database what the list says was destroyed, each in a transaction of its own; safe to repeat."""
    done = 0
    for erasure in not_erased_here(engine, path):
        info = {"master_keys": keys, "request_id": new_id(), "role": "operator"}
        with transaction(engine, info) as session:
            done += _again(session, erasure)
    if done:
        # answers that were kept for a second click hold what people were told, and nobody clicks again after a restore
        with transaction(engine) as session:
            session.execute(delete(IdempotencyKeyRow).execution_options(synchronize_session=False))
    return done


def _again(session: Session, erasure: Erasure) -> bool:
    """The line gets its row, whether or not something was left to erase; a file that is not there has nothing."""
    keyed = select(PersonKeyRow.person_id).where(
        PersonKeyRow.file_id == erasure.file_id,
        PersonKeyRow.wrapped.is_not(None),
        *([PersonKeyRow.person_id == erasure.person_id] if erasure.person_id else []),
    )
    left = session.execute(keyed.limit(1)).first() is not None
    table = CaseRow if erasure.kind == "case" else ReportRow
    there = session.execute(select(table.id).where(table.id == erasure.file_id)).first() is not None
    if left and there:
        _erase(session, erasure)
    known = {"id": erasure.id, "kind": erasure.kind, "file_id": erasure.file_id}
    row = ErasureRow(**known, person_id=erasure.person_id, erased_at=func.clock_timestamp())
    row.written_at = func.clock_timestamp()
    session.add(row)
    session.flush()
    return left and there


def _erase(session: Session, erasure: Erasure) -> None:
    if erasure.kind == "report":
        report = open_report_by_rule(session, erasure.file_id)
        erase_report_now(report, RULE)
        report.save()
        return
    file = open_case_by_rule(session, erasure.file_id)
    if erasure.person_id is None:
        erase_now(file, RULE)
    elif erasure.person_id in file.victims:
        erase_in(file, file.victims[erasure.person_id], {}, rule=RULE)
    else:
        file.keys.destroy(erasure.person_id, file.at)
    file.save()


def _line(row: ErasureRow) -> str:
    person = None if row.person_id is None else str(row.person_id)
    return json.dumps({"id": str(row.id), "kind": row.kind, "file_id": str(row.file_id), "person_id": person})


def _append(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(descriptor)


def _batches(path: Path) -> Iterator[list[Erasure]]:
    if not path.exists():
        return
    batch: list[Erasure] = []
    with path.open(encoding="ascii") as file:
        for line in file:
            said = json.loads(line)
            person = UUID(said["person_id"]) if said["person_id"] else None
            batch.append(Erasure(UUID(said["id"]), said["kind"], UUID(said["file_id"]), person))
            if len(batch) == BATCH:
                yield batch
                batch = []
    yield batch
