"""What the law of personal data gives: terms, holds, an erasure, an export."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.types import Answer, Body, LongText
from domain.agencies import Agency
from domain.retention import RETENTION, Category, Kept
from domain.subject_access import FORMAT
from domain.texts import Language
from services.case_files import CaseFile, Victim
from services.legal_holds import Hold
from services.retention import Due
from services.subject_export import Bundle


class HoldBody(Body):
    """Why nothing of the case may be erased: what court, procuratorate or claim may yet need it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "刑事案件二审尚未审结"}]})
    reason: LongText


class HoldAnswer(Answer):
    id: UUID
    version: int
    case_id: UUID
    set_at: datetime
    set_by_unit_id: UUID
    reason: str | None
    released_at: datetime | None
    released_because: str | None
    links: dict[str, str]


class HoldList(Answer):
    items: list[HoldAnswer]
    links: dict[str, str]


def hold_answer(hold: Hold) -> HoldAnswer:
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
    )


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


class ExportBody(Body):
    """For whom it is: the person, or a child's guardian, who gets less."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"recipient": "person"}]})
    recipient: Recipient


class Sharing(Answer):
    agency: Agency
    role: str
    since: datetime
    reads: list[str]


class ExportedConsent(Answer):
    purpose: str
    basis: str
    state: str
    round: int
    asked_at: datetime
    decided_at: datetime | None
    given_by: str | None
    ended_at: datetime | None
    shared: list[Sharing]
    content: dict[str, object]


class ExportedStage(Answer):
    code: str
    state: str
    round: int
    agency: Agency | None
    opened_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None


class ExportedRecord(Answer):
    stage: str
    kind: str
    agency: Agency
    happened_at: datetime
    recorded_at: datetime
    content: dict[str, object]


class ExportedDeadline(Answer):
    clock: str
    state: str
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None


class ExportedReader(Answer):
    """Who read it: a role of an agency on a day, never a name."""

    role: str
    agency: Agency
    day: date
    subject: str


class ExportedSource(Answer):
    kind: str
    at: datetime


class Revision(Answer):
    content: dict[str, object]


class WithheldPart(Answer):
    what: str
    why: str = Field(
        description="third_party, investigation, not_read_by_this_unit (ask the data protection officer), kept_from_guardian."
    )


class ExportAnswer(Answer):
    """Everything that is known of one person. `sections`: each with its revisions, the newest first."""

    format: str
    case_number: str
    victim_id: UUID
    made_at: datetime
    recipient: Recipient
    sections: dict[str, list[Revision]]
    consents: list[ExportedConsent]
    stages: list[ExportedStage]
    records: list[ExportedRecord]
    deadlines: list[ExportedDeadline]
    readers: list[ExportedReader]
    sources: list[ExportedSource]
    withheld: list[WithheldPart]
    links: dict[str, str]


def export_answer(bundle: Bundle, file: CaseFile, recipient: Recipient) -> ExportAnswer:
    base = f"/cases/{file.id}"
    names = ("sections", "consents", "stages", "records", "deadlines", "readers", "sources")
    return ExportAnswer.model_validate(
        {
            "format": FORMAT,
            "case_number": bundle.case_number,
            "victim_id": bundle.victim_id,
            "made_at": file.at,
            "recipient": recipient,
            **{name: getattr(bundle, name) for name in names},
            "withheld": [
                {"what": what, "why": why}
                for what, why in dict.fromkeys((one.what, one.why) for one in bundle.withheld)
            ],
            "links": {"victim": f"{base}/victims/{bundle.victim_id}", "timeline": f"{base}/timeline"},
        }
    )


class KeptAnswer(Answer):
    """`term` as an ISO 8601 duration; null: as long as the installation. `verified` false: to be confirmed by a lawyer."""

    category: Category
    term: str | None
    counted_from: str
    ground: str
    verified: bool
    then: str
    by_rule: bool = Field(description="The worker does it by itself.")


class RetentionAnswer(Answer):
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

    number: str
    due_at: datetime
    held: bool


class DueCategory(Answer):
    category: Category
    count: int
    more: bool
    held: int
    files: list[DueLine]


class DueErasures(Answer):
    """What would be erased by then, and is not erased by asking. `files`: for the data protection officer alone."""

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
