"""Looking for somebody by name, number or telephone, within the cases that the asker's unit works on and nowhere else."""

import hmac
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, or_, select, true, tuple_
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.compartments import PERSON_FIELDS
from domain.disclosure import presence, reads, sees_whole_case
from domain.refusals import FieldRefused
from services import access
from services.blind_index import SECTION_OF, digest_of, names_in, plain_number, plain_phone
from services.database import now
from services.master_keys import MasterKeys
from services.name_tokens import Fit, anchors_of, fit_of, is_too_short
from services.rate_limits import SEARCHES, count_here
from services.records.access import CaseAccessRow
from services.records.cases import CaseRow, StageRow, StageUnitRow
from services.records.sealed import PersonKeyRow, SealedValueRow, SearchTokenRow, key_of
from services.sealed_values import Content, KeyRing

SUBJECT: Final = "search"
Place = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: one field and its text; in open or closed cases, or both."""

    field: str
    text: str
    case_state: str | None = None

    @property
    def plain(self) -> str:
        """The text in the spelling that is compared."""
        return {"identity_number": plain_number, "phone": plain_phone}.get(self.field, str)(self.text)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who fits. `name` as far as this reader reads names."""

    case_id: UUID
    victim_id: UUID
    case_state: str
    fit: Fit
    name: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Those of one page who fit, and where the next one begins. A page may be short, or empty, and not be the last: what the
    index brought is compared before it is told. `left`: how many more searches the account has in this window."""

    found: list[Found]
    next_after: Place | None
    left: int


def search(session: Session, actor: Actor, sought: Sought, *, after: Place | None, limit: int) -> Page:
    """Find, and write down who looked for what and whom they found, also when it was nobody. TooMany beyond the quota of the
    account; FieldRefused for what this reader would not get to read of anybody, and for less than two characters."""
    if not reads(actor, {presence(actor)}, PERSON_FIELDS[SECTION_OF[sought.field]][sought.field]):
        raise FieldRefused((sought.field, "not_read_by_you"))
    if sought.field == "name" and is_too_short(sought.text):
        raise FieldRefused((sought.field, "name_too_short"))
    left = count_here(session, SEARCHES, str(actor.account_id), now(session))
    rows = session.execute(_query(session, actor, sought, after, limit + 1)).all()
    found = [one for row in rows[:limit] if (one := _found(session, sought, row)) is not None]
    ids = [(one.case_id, one.victim_id) for one in found]
    access.record_search(session, actor, digest_of_search(session, sought), ids)
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(found, (last.file_id, last.person_id) if last is not None else None, left)


def _found(session: Session, sought: Sought, row: Row[Any]) -> Found | None:
    """Whoever the index brought, opened and compared; None: they do not fit, or were erased meanwhile."""
    file_id, person_id, state, sealed, version, wrapped = tuple(row)
    if sealed is None or wrapped is None:
        return None
    ring = KeyRing(session, file_id)
    ring.meet(person_id, version, wrapped)
    content = ring.open(sealed).content
    fit = _fit(sought, content)
    if fit is None:
        return None
    name = next(iter(names_in({"identity": content})), None) if sought.field == "name" else None
    return Found(file_id, person_id, state, fit, name)


def digest_of_search(session: Session, sought: Sought) -> bytes:
    """What the log of reads keeps of it: two searches for the same can be told to be, as long as the master key is there."""
    keys: MasterKeys = session.info["master_keys"]
    version = keys.current
    said = f"{sought.field}\x00{sought.plain}\x00{sought.case_state}".encode()
    return version.to_bytes(4, "big") + hmac.digest(keys.derive("search log", version), said, "sha256")


def _query(session: Session, actor: Actor, sought: Sought, after: Place | None, limit: int) -> Select[Any]:
    """One statement: the index brings who may fit, the work of the unit says whom of them it may find, and their values
    come along."""
    who = tuple_(SearchTokenRow.file_id, SearchTokenRow.person_id)
    candidates = (
        select(SearchTokenRow.file_id, SearchTokenRow.person_id, CaseRow.state)
        .distinct()
        .join(CaseAccessRow, CaseAccessRow.file_id == SearchTokenRow.file_id)
        .join(CaseRow, CaseRow.id == SearchTokenRow.file_id)
        .where(
            SearchTokenRow.field == sought.field,
            SearchTokenRow.token.in_(_tokens(session, sought)),
            CaseAccessRow.kind == "case",
            access.works_on(actor),
            access.not_excluded(actor, SearchTokenRow.file_id),
            CaseRow.state == sought.case_state if sought.case_state else true(),
            _works_for(actor),
            who > after if after else true(),
        )
        .order_by(SearchTokenRow.file_id, SearchTokenRow.person_id)
        .limit(limit)
        .subquery()
    )
    values = (
        (SealedValueRow.file_id == candidates.c.file_id)
        & (SealedValueRow.row_id == candidates.c.person_id)
        & (SealedValueRow.section == SECTION_OF[sought.field])
        & SealedValueRow.current
    )
    return (
        select(candidates, SealedValueRow, PersonKeyRow.master_version, PersonKeyRow.wrapped)
        .outerjoin(SealedValueRow, values)
        .outerjoin(PersonKeyRow, key_of(SealedValueRow.file_id, SealedValueRow.person_id))
        .order_by(candidates.c.file_id, candidates.c.person_id)
    )


def _tokens(session: Session, sought: Sought) -> list[bytes]:
    """Under every master key: while a rotation is under way some people are in the index of the old one."""
    keys: MasterKeys = session.info["master_keys"]
    texts = anchors_of(sought.text) if sought.field == "name" else {sought.plain}
    return sorted(
        {digest_of(keys, version, sought.field, text) for version in keys.versions for text in texts}
    )


def _works_for(actor: Actor) -> ColumnElement[bool]:
    """Whoever sees the whole case finds everybody in it; others find those in whose stages they have a part."""
    if sees_whole_case(actor):
        return true()
    beside = exists().where(
        StageUnitRow.case_id == StageRow.case_id,
        StageUnitRow.stage_id == StageRow.id,
        StageUnitRow.unit_id == actor.unit_id,
    )
    part = or_(StageRow.unit_id == actor.unit_id, StageRow.offered_unit_id == actor.unit_id, beside)
    return exists().where(
        StageRow.case_id == SearchTokenRow.file_id, StageRow.victim_id == SearchTokenRow.person_id, part
    )


def _fit(sought: Sought, content: Content) -> Fit | None:
    if sought.field == "name":
        fits = [fit_of(sought.text, name) for name in names_in({"identity": content})]
        return min((fit for fit in fits if fit), key=list(Fit).index, default=None)
    there = content.get(sought.field)
    same = there is not None and Sought(sought.field, str(there)).plain == sought.plain
    return Fit.WRITTEN if same else None
