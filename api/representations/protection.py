"""What the law of personal data gives: terms, holds, an erasure, an export."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer, Guarded
from api.representations.types import Body, LongText
from domain.actors import Actor
from domain.compartments import Compartment
from domain.disclosure import standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, sealed
from domain.retention import RETENTION, Category, Kept
from domain.texts import Language
from services.case_files import Victim
from services.legal_holds import Hold
from services.retention import Due


class HoldBody(Body):
    """Why nothing of the case may be erased: what court, procuratorate or claim may yet need it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "刑事案件二审尚未审结"}]})
    reason: LongText


class HoldAnswer(Guarded):
    LABEL = INTERNAL
    id: UUID
    version: int
    case_id: UUID
    set_at: datetime
    set_by_unit_id: UUID
    reason: Annotated[str | None, sealed(Compartment.LEGAL_HOLDS)]
    released_at: datetime | None
    released_because: Annotated[str | None, sealed(Compartment.LEGAL_HOLDS)]
    links: dict[str, str]


class HoldList(Answer):
    LABEL = INTERNAL
    items: list[HoldAnswer]
    links: dict[str, str]


def hold_answer(hold: Hold, actor: Actor) -> HoldAnswer:
    row = hold.row
    base = f"/cases/{row.case_id}"
    release = {} if row.released_at else {"release": f"{base}/legal_holds/{row.id}/release"}
    return HoldAnswer(
        id=row.id,
        version=row.version,
        case_id=row.case_id,
        set_at=row.set_at,
        set_by_unit_id=row.set_by_unit_id,
        reason=hold.reason,
        released_at=row.released_at,
        released_because=hold.released_because,
        links={"case": base, "list": f"{base}/legal_holds", **release},
    ).seen_with(standing(actor, {Relation.DECIDES: True}))


class Recipient(StrEnum):
    PERSON = "person"
    GUARDIAN = "guardian"


class ErasureBody(Body):
    """Who asked for it, and in what words."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"asked_by": "person", "own_words": "请删除我的资料"}]}
    )
    asked_by: Recipient
    own_words: LongText


class ErasureAnswer(Answer):
    """Done for good. The decision, the entries and a digest of what was sealed stay."""

    LABEL = INTERNAL
    victim_id: UUID
    erased_at: datetime
    erased_digest: str
    links: dict[str, str]


def erasure_answer(file_id: UUID, victim: Victim) -> ErasureAnswer:
    row, base = victim.row, f"/cases/{file_id}"
    assert row.erased_at is not None
    assert row.erased_digest is not None
    return ErasureAnswer(
        victim_id=row.id,
        erased_at=row.erased_at,
        erased_digest=row.erased_digest.hex(),
        links={"case": base, "timeline": f"{base}/timeline"},
    )


class KeptAnswer(Answer):
    """`term` as an ISO 8601 duration; null: as long as the installation. `verified` false: to be confirmed by a lawyer."""

    LABEL = INTERNAL
    category: Category
    term: str | None
    counted_from: str
    ground: str
    verified: bool
    then: str
    by_rule: bool = Field(description="The worker does it by itself.")


class RetentionAnswer(Answer):
    LABEL = INTERNAL
    items: list[KeptAnswer]
    links: dict[str, str]


def retention_answer(language: Language) -> RetentionAnswer:
    return RetentionAnswer(
        items=[_kept(row, language) for row in RETENTION],
        links={"self": "/retention", "due": "/retention/due"},
    )


def _kept(row: Kept, language: Language) -> KeptAnswer:
    return KeptAnswer(
        category=row.category,
        term=row.term,
        counted_from=row.counted_from.in_language(language),
        ground=row.ground.in_language(language),
        verified=row.verified,
        then=row.then.in_language(language),
        by_rule=row.by_rule,
    )


class DueLine(Answer):
    """A file under a number of its own."""

    LABEL = INTERNAL
    number: str
    due_at: datetime
    held: bool


class DueCategory(Answer):
    LABEL = INTERNAL
    category: Category
    count: int
    more: bool
    held: int
    files: list[DueLine]


class DueErasures(Answer):
    """What would be erased by then, and is not erased by asking. `files`: for the data protection officer alone."""

    LABEL = INTERNAL
    by: datetime
    items: list[DueCategory]
    links: dict[str, str]


def due_category(due: Due, numbers: list[str] | None) -> DueCategory:
    """`numbers` None: the counts alone."""
    files = [
        DueLine(number=number, due_at=file.due_at, held=file.held)
        for number, file in zip(numbers or (), due.files, strict=False)
    ]
    return DueCategory(
        category=due.category,
        count=due.count,
        more=due.more,
        held=sum(file.held for file in due.files),
        files=files,
    )
